"""Ending a server that another one takes over from, so that nobody reads from it what is no longer so.

That it acknowledges nothing more needs no reach: its commits wait for a standby that follows it no longer, and go on waiting
after it was frozen, cut off or started again, since ``synchronous_standby_names`` is in its own files. What is done here keeps
readers from it, and lets it come back as the standby of the new primary: on this machine the process is killed and its data
marked, elsewhere a command of the installation's own does it.
"""

import logging
import os
import shlex
import signal
import subprocess
import time
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path

from apps.primary.generations import Place

#: In a data directory that is not to be started as it is: ``stack/pair.py`` and ``ops/postgres/start.sh`` copy the other's.
MARK = "fenced"
COMMAND_S = 5.0
GONE_S = 5.0

log = logging.getLogger(__name__)


class Fenced(StrEnum):
    """By what a server was ended. The values are words for people."""

    PROCESS = "its process was killed, and its data marked"
    COMMAND = "the command of the installation said that it is ended"
    NOBODY = "nobody could end it; its commits wait for a standby that is none"


def fence(place: Place, data: Path | None, command: str) -> Fenced:
    """End the server at ``place``. ``data`` is its directory on this machine, if it has one here. Never raises."""
    if data is not None and (data / "PG_VERSION").exists():
        try:
            _end_here(data)
            return Fenced.PROCESS
        except OSError as error:
            log.error("database: %s cannot be ended here: %s", place.host, error)
    if command:
        try:
            words = [*shlex.split(command), place.host, place.port]
            subprocess.run(words, check=True, timeout=COMMAND_S, capture_output=True)  # noqa: S603 - the installation's own
            return Fenced.COMMAND
        except (OSError, ValueError, subprocess.SubprocessError) as error:
            log.error("database: the command that ends %s failed: %s", place.host, error)
    return Fenced.NOBODY


def _end_here(data: Path) -> None:
    """Mark first: whoever keeps the server running starts it again at once. Raises OSError, TimeoutError among them."""
    (data / MARK).touch()
    pid = _pid(data)
    if pid is None:
        return
    family = [pid, *_children(pid)]
    for member in family:
        try:
            os.kill(member, signal.SIGKILL)
        except ProcessLookupError:
            continue
    # Sockets and shared memory go with the processes, a stopped one's as well.
    _until(lambda: not any(_is_alive(member) for member in family), GONE_S)


def _pid(data: Path) -> int | None:
    """The postmaster of exactly this directory; None when none runs."""
    try:
        pid = int((data / "postmaster.pid").read_text().splitlines()[0])
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except (FileNotFoundError, ProcessLookupError, IndexError, ValueError):
        return None
    return pid if str(data).encode() in words else None


def _children(parent: int) -> list[int]:
    """Its sessions: each is in a session of the system's of its own, so no signal to a group reaches them."""
    found = []
    for directory in Path("/proc").glob("[0-9]*"):
        try:
            fields = (directory / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == parent:
            found.append(int(directory.name))
    return found


def _is_alive(pid: int) -> bool:
    try:
        return bool(Path(f"/proc/{pid}/cmdline").read_bytes())
    except OSError:
        return False


def _until(is_so: Callable[[], bool], within_s: float) -> None:
    deadline = time.monotonic() + within_s
    while not is_so():
        if time.monotonic() > deadline:
            raise TimeoutError("its processes are still there")
        time.sleep(0.01)

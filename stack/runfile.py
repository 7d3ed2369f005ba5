"""Knows whether this project is running already, and clears away what a killed run may have left.

A lock that the kernel drops with its holder says whether a run is alive; the file beside it says where, and with which
processes. Pids alone would lie after a reboot or a reuse, so each is kept with its start time.
"""

import fcntl
import json
import os
import signal
import time
from pathlib import Path
from typing import Any

from stack.child import Child
from stack.errors import StackError
from stack.settings import Settings

LEFTOVERS_S = 10.0


class RunFile:
    """The lock of one running stack. A context manager; raises StackError when another run holds it."""

    def __init__(self, settings: Settings) -> None:
        self._path = settings.run / "stack.json"
        self._lock_path = settings.run / "stack.lock"
        self._address = f"http://localhost:{settings.ports['web']}"

    def __enter__(self) -> "RunFile":
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = self._lock_path.open("a")
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            self._lock.close()
            raise self._running_already() from None
        end_leftovers(self._read().get("children", []))
        self.write([])
        return self

    def __exit__(self, *_: object) -> None:
        self._path.unlink(missing_ok=True)
        self._lock.close()

    def _running_already(self) -> StackError:
        state = self._read()
        pid, address = state.get("pid", "unknown"), state.get("address", "an unknown address")
        return StackError(
            f"Tredye is already running here (pid {pid}) at {address}",
            "Stop it with Ctrl-C in its terminal, or run a second one with VAR_DIR and ports of its own.",
        )

    def write(self, children: list[Child]) -> None:
        """Note the processes of now. Losing the note (a full disk) must not end the watch over them."""
        rows = [[c.name, c.process.pid, start_time(c.process.pid)] for c in children if c.process]
        state = {"pid": os.getpid(), "address": self._address, "children": rows}
        unfinished = self._path.with_suffix(".new")
        try:
            unfinished.write_text(json.dumps(state))
            os.replace(unfinished, self._path)
        except OSError:
            # Only the tidying after a kill -9 depends on it, and the kernel's parent-death signal comes first.
            pass

    def _read(self) -> dict[str, Any]:
        try:
            state = json.loads(self._path.read_text())
        except (OSError, ValueError):
            return {}
        return state if isinstance(state, dict) else {}


def start_time(pid: int) -> int:
    """When a live process started, in clock ticks since boot; 0 when it is gone or only waits to be reaped."""
    state, started = _stat(pid)
    return 0 if state == "Z" else started


def _stat(pid: int) -> tuple[str, int]:
    try:
        text = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return "", 0
    fields = text.rpartition(")")[2].split()
    return fields[0], int(fields[19])


def end_leftovers(rows: list[list[Any]]) -> None:
    """Wait until the processes of a killed run are gone; the kernel has told them. Kill what is still there at last, and
    what they themselves had started, which nobody has told."""
    deadline = time.monotonic() + LEFTOVERS_S
    while left := [row for row in rows if start_time(row[1]) == row[2] != 0]:
        if time.monotonic() > deadline:
            for _, pid, _ in left:
                os.killpg(pid, signal.SIGKILL)
            deadline += LEFTOVERS_S
        time.sleep(0.05)
    for _, pid, started in rows:
        # The kernel does not give a pid away while it still names a group, so a group without its leader is ours.
        if _stat(pid)[1] in (0, started):
            try:
                os.killpg(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue

"""A port that is taken gets an error that names the port, who holds it, and the setting that moves it."""

import errno
import os
import socket
from collections.abc import Mapping
from pathlib import Path

from stack.errors import StackError
from stack.settings import PORTS, setting_of

_LISTENING = "0A"


def check_free(ports: Mapping[str, int]) -> None:
    """Raises StackError about every port that something else listens on."""
    taken = [(name, port) for name, port in ports.items() if not is_free(port)]
    if not taken:
        return
    reasons = "; ".join(f"port {port} ({purpose(name)}) is in use{_by_whom(port)}" for name, port in taken)
    settings = list(dict.fromkeys(setting_of(name) for name, _ in taken))
    example = " ".join(f"{setting}={_another(setting, ports)}" for setting in settings)
    raise StackError(reasons, f"Stop what holds it, or move Tredye with {' and '.join(settings)}: make run {example}")


def purpose(name: str) -> str:
    if name.startswith("metrics-"):
        return f"metrics of {name.removeprefix('metrics-')}"
    return PORTS[name][2]


def is_free(port: int) -> bool:
    with socket.socket() as probe:
        # As the servers do: a port whose last connections still wait out their time is free.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            if error.errno == errno.EACCES:
                raise StackError(
                    f"this user may not listen on port {port}", "Take a port above 1023: make run WEB_PORT=8100"
                ) from error
            return False
        # A listener on every address does not always refuse the bind, but it does refuse a second listener.
        try:
            probe.listen(1)
        except OSError:
            return False
    return True


def _another(setting: str, ports: Mapping[str, int]) -> int:
    used = set(ports.values())
    start = next(port for name, port in ports.items() if setting_of(name) == setting) + 100
    return next(port for port in range(start, start + 1_000) if port not in used and is_free(port))


def _by_whom(port: int) -> str:
    holder = holder_of(port)
    if holder is None:
        return ""
    pid, command = holder
    return f" by {command} (pid {pid})"


def holder_of(port: int) -> tuple[int, str] | None:
    """Pid and command of the listener on a port, where the kernel lets us see them."""
    wanted = {f"socket:[{inode}]" for inode in _listening_inodes(port)}
    if not wanted:
        return None
    for directory in Path("/proc").glob("[0-9]*"):
        try:
            targets = {os.readlink(entry.path) for entry in os.scandir(directory / "fd")}
            if targets & wanted:
                words = (directory / "cmdline").read_bytes().decode(errors="replace").split("\0")
                return int(directory.name), " ".join(words).strip()[:80]
        except OSError:
            # Another user's process, or one that has just ended.
            continue
    return None


def _listening_inodes(port: int) -> set[str]:
    found = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        try:
            rows = Path(table).read_text().splitlines()[1:]
        except OSError:
            continue
        for row in rows:
            columns = row.split()
            if columns[3] == _LISTENING and int(columns[1].rsplit(":", 1)[1], 16) == port:
                found.add(columns[9])
    return found

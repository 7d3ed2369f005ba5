"""The processes of the prices benchmark: where they run, what they cost, and that none is left behind."""

import json
import os
import resource
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from bench.database import ROOT

START_S = 60.0
ANSWER_S = 60.0


class Cores(NamedTuple):
    """The server has one core to itself; all else shares the others. On a machine with one core they share it."""

    server: set[int]
    rest: set[int]


def share_out() -> Cores:
    """Choose the cores, and move this process (so what it starts) off the server's."""
    mine = sorted(os.sched_getaffinity(0))
    cores = Cores({mine[0]}, set(mine[1:]) or {mine[0]})
    os.sched_setaffinity(0, cores.rest)
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, min(hard, 65536) if hard > 0 else 65536), hard))
    return cores


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Child:
    """A process that ends with the benchmark, its output in a file."""

    def __init__(self, name: str, arguments: Sequence[str], directory: Path, environment: Mapping[str, str] | None = None,
                 cores: set[int] | None = None, pipe: bool = False) -> None:  # fmt: skip
        self.name = name
        self._log = directory / f"{name}-{time.monotonic_ns()}.log"
        with self._log.open("wb") as log:
            self.popen = subprocess.Popen(
                list(arguments),
                cwd=ROOT,
                env={**os.environ, "PYTHONPATH": str(ROOT), **(environment or {})},
                stdin=subprocess.PIPE if pipe else subprocess.DEVNULL,
                stdout=subprocess.PIPE if pipe else log,
                stderr=log,
            )
        if cores:
            os.sched_setaffinity(self.popen.pid, cores)
        self._read = b""
        self._tree: list[int] = []

    @property
    def pid(self) -> int:
        return self.popen.pid

    @property
    def tree(self) -> list[int]:
        """It and its children, looked up once: asking costs as much as a short window."""
        if not self._tree:
            self._tree = _tree(self.pid)
        return self._tree

    def log(self) -> str:
        return self._log.read_text(errors="replace")[-3000:]

    def check(self) -> None:
        if self.popen.poll() is not None:
            raise RuntimeError(f"{self.name} ended with {self.popen.returncode}: {self.log()}")

    def wait_for_port(self, port: int) -> None:
        deadline = time.monotonic() + START_S
        while True:
            self.check()
            if _listener(port) & _open_sockets(self.pid):  # not another's, who took the port that was free a moment ago
                return
            if time.monotonic() > deadline:
                raise RuntimeError(f"{self.name} did not open its port: {self.log()}")
            time.sleep(0.05)

    def say(self, line: str) -> None:
        if self.popen.stdin is None:
            raise RuntimeError(f"{self.name} takes no commands")
        self.popen.stdin.write(line.encode() + b"\n")
        self.popen.stdin.flush()

    def line(self, within_s: float = ANSWER_S) -> str:
        """The next line of its output."""
        if self.popen.stdout is None:
            raise RuntimeError(f"{self.name} gives no answers")
        deadline = time.monotonic() + within_s
        while b"\n" not in self._read:
            readable, _, _ = select.select([self.popen.stdout], [], [], max(0.0, deadline - time.monotonic()))
            got = os.read(self.popen.stdout.fileno(), 1 << 16) if readable else b""
            if not got:
                raise RuntimeError(f"{self.name} said nothing within {within_s} s: {self.log()}")
            self._read += got
        line, _, self._read = self._read.partition(b"\n")
        return line.decode()

    def cpu_s(self) -> float:
        """Seconds of CPU of all its threads and of its children, as the scheduler counts them in nanoseconds."""
        return sum(_thread_ns(task) for pid in self.tree for task in Path(f"/proc/{pid}/task").glob("*")) / 1e9

    def resident_kib(self) -> int:
        return sum(_resident_kib(pid) for pid in self.tree)

    def end(self) -> None:
        if self.popen.stdin is not None:
            self.popen.stdin.close()  # which is what ends it
        elif self.popen.poll() is None:
            self.popen.send_signal(signal.SIGTERM)
        try:
            self.popen.wait(10)
        except subprocess.TimeoutExpired:
            self.popen.kill()
            self.popen.wait(5)
        if self.popen.stdout is not None:
            self.popen.stdout.close()


def _tree(pid: int) -> list[int]:
    """``pid`` and all that descends from it."""
    parents = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            parents[int(stat.parent.name)] = int(stat.read_text().rpartition(")")[2].split()[1])
        except (FileNotFoundError, ProcessLookupError):
            continue  # it ended between the listing and the reading
    found = [pid]
    for each in found:
        found += [child for child, parent in parents.items() if parent == each]
    return found


def _listener(port: int) -> set[str]:
    """The inode of the socket that listens on ``port``, if there is one."""
    rows = [row.split() for row in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return {row[9] for row in rows if row[3] == "0A" and int(row[1].rpartition(":")[2], 16) == port}


def _open_sockets(pid: int) -> set[str]:
    found = set()
    for link in Path(f"/proc/{pid}/fd").glob("*"):
        try:
            found.add(str(link.readlink()).removeprefix("socket:[").removesuffix("]"))
        except FileNotFoundError:
            continue  # closed between the listing and the reading
    return found


def _thread_ns(task: Path) -> int:
    try:
        return int((task / "schedstat").read_text().split()[0])
    except (FileNotFoundError, ProcessLookupError):
        return 0  # it ended between the listing and the reading


def _resident_kib(pid: int) -> int:
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    return 0


@contextmanager
def child(name: str, arguments: Sequence[str], directory: Path, **options: Any) -> Iterator[Child]:
    started = Child(name, arguments, directory, **options)
    try:
        yield started
    finally:
        started.end()


class Feed:
    """``python -m bench.prices.feed``."""

    def __init__(self, process: Child) -> None:
        self._process = process
        if process.line() != "ready":
            raise RuntimeError(f"the feed did not start: {process.log()}")

    def rate(self, per_second: float, kind: str = "q") -> None:
        self._process.say(f"{per_second} {kind}")
        if self._process.line() != "holds":
            raise RuntimeError(f"the feed did not obey: {self._process.log()}")

    def stop(self) -> None:
        self.rate(0)

    def cpu_s(self) -> float:
        return self._process.cpu_s()


@contextmanager
def feed(kind: str, table: Path, directory: Path, environment: Mapping[str, str]) -> Iterator[Feed]:
    arguments = [sys.executable, "-m", "bench.prices.feed", kind, str(table)]
    with child(f"feed-{kind}", arguments, directory, environment=environment, pipe=True) as process:
        yield Feed(process)


class Sockets:
    """``wsload``: many sockets in one process, and what they saw."""

    def __init__(self, process: Child) -> None:
        self._process = process

    def wait_ready(self, within_s: float) -> None:
        if self._event("ready", within_s) is None:
            raise RuntimeError("the sockets were not ready")

    def cpu_s(self) -> float:
        return self._process.cpu_s()

    def _event(self, name: str, within_s: float = ANSWER_S) -> dict[str, Any]:
        answer: dict[str, Any] = json.loads(self._process.line(within_s))
        if answer["event"] != name:
            raise RuntimeError(f"wsload said {answer} where {name} was to come")
        return answer

    def begin(self) -> None:
        self._process.say("begin")

    def end(self) -> None:
        self._process.say("end")

    def ask(self, name: str) -> dict[str, Any]:
        """``report``, ``check`` or ``newest``."""
        self._process.say(name)
        return self._event(name)

    def stall(self, count: int) -> None:
        self._process.say(f"stall {count}")
        self._event("done")

    def resume(self, count: int) -> None:
        self._process.say(f"resume {count}")
        self._event("done")


@contextmanager
def sockets(binary: Path, port: int, origin: str, count: int, plan: Path, directory: Path, *, kind: str = "q", stamp: str = "us",
            table: Path | None = None, pace: float = 80.0) -> Iterator[Sockets]:  # fmt: skip
    arguments = [str(binary), str(port), "/stream", origin, str(count), str(pace), str(plan), kind, stamp, str(table or "-")]
    with child("wsload", arguments, directory, pipe=True) as process:
        opened = Sockets(process)
        opened.wait_ready(count / pace + 30)
        yield opened

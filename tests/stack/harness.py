"""A run of the front door as a program, the way a person starts it, and what is left of it afterwards."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from stack.runfile import start_time

STANDINS = Path(__file__).with_name("standins.py")


def path_without(directory: Path, *programs: str) -> str:
    """This PATH without `programs`: a place that has one of them is replaced by links, in `directory`, to all else in it."""
    places = []
    for number, place in enumerate(map(Path, os.get_exec_path())):
        if not any((place / name).exists() for name in programs):
            places.append(place)
            continue
        links = directory / str(number)
        links.mkdir(parents=True)
        for entry in place.iterdir():
            if entry.name not in programs:
                (links / entry.name).symlink_to(entry)
        places.append(links)
    return os.pathsep.join(map(str, places))


class Run:
    """One ``make run`` with stand-in processes."""

    def __init__(self, scenario: str, env: Mapping[str, str], var: Path, **popen: object) -> None:
        self.var = var
        self.output = var.parent / f"output-{time.monotonic_ns()}"
        self.started = time.monotonic()
        command = popen.pop("command", [sys.executable, str(STANDINS), scenario])
        with self.output.open("wb") as file:
            self.process = subprocess.Popen(command, env=dict(env), stdout=file, stderr=file, **popen)  # type: ignore[call-overload]

    @property
    def text(self) -> str:
        return self.output.read_text(errors="replace")

    def wait_for(self, pattern: str, timeout_s: float = 60.0) -> re.Match[str]:
        deadline = time.monotonic() + timeout_s
        while True:
            ended = self.process.poll() is not None
            if found := re.search(pattern, self.text):
                return found
            assert not ended, f"it ended before {pattern!r} appeared:\n{self.text}"
            assert time.monotonic() < deadline, f"no {pattern!r} after {timeout_s} s:\n{self.text}"
            time.sleep(0.05)

    def wait_ready(self) -> float:
        """Wait until it says that it is ready; seconds since its start."""
        self.wait_for(r"Ready after")
        return time.monotonic() - self.started

    def pids(self) -> dict[str, int]:
        return {name: pid for name, pid, _ in json.loads((self.var / "run" / "stack.json").read_text())["children"]}

    def stop(self, number: int = signal.SIGINT) -> int:
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.process.wait(timeout=60)


def processes_mentioning(text: str) -> list[str]:
    """Command lines and environments of live processes that mention a path: what a run has left behind."""
    found = []
    for directory in Path("/proc").glob("[0-9]*"):
        if int(directory.name) == os.getpid():
            continue
        try:
            words = (directory / "cmdline").read_bytes() + b"\0" + (directory / "environ").read_bytes()
        except OSError:
            continue
        if text.encode() in words:
            found.append(f"{directory.name} {words[:200]!r}")
    return found


def wait_until_gone(text: str, timeout_s: float = 60.0) -> None:
    deadline = time.monotonic() + timeout_s
    while left := processes_mentioning(text):
        assert time.monotonic() < deadline, f"still running: {left}"
        time.sleep(0.1)


def wait_until_ended(pid: int, timeout_s: float = 60.0) -> None:
    deadline = time.monotonic() + timeout_s
    while start_time(pid):
        assert time.monotonic() < deadline, f"pid {pid} is still running"
        time.sleep(0.05)


def group_is_gone(leader: int) -> bool:
    try:
        os.killpg(leader, 0)
    except ProcessLookupError:
        return True
    return False

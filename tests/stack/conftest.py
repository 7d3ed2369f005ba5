"""A run of the front door as a program, the way a person starts it, and what is left of it afterwards."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from stack.cluster import Cluster
from stack.runfile import start_time
from stack.settings import ROOT, free_ports

STANDINS = Path(__file__).with_name("standins.py")
SERVER_VARIABLES = ("DATABASE_URL", "REDIS_URL", "KAFKA_BOOTSTRAP")
PORT_SETTINGS = ["WEB_PORT", "STREAM_PORT", "POSTGRES_PORT", "REDIS_PORT", "KAFKA_PORT", "KAFKA_CONTROLLER_PORT"]


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


def wait_until_gone(text: str, timeout_s: float = 20.0) -> None:
    deadline = time.monotonic() + timeout_s
    while left := processes_mentioning(text):
        assert time.monotonic() < deadline, f"still running: {left}"
        time.sleep(0.1)


def wait_until_ended(pid: int, timeout_s: float = 20.0) -> None:
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


@pytest.fixture
def var(tmp_path: Path) -> Path:
    """A var directory that the servers' user can reach: pytest's own lies below a private one."""
    for directory in (tmp_path, *tmp_path.parents[:2]):
        directory.chmod(directory.stat().st_mode | 0o011)
    return tmp_path / "var"


@pytest.fixture
def bare_env(var: Path) -> dict[str, str]:
    """The environment of a person with nothing set but places and ports: every server is to be started."""
    ports = free_ports([*PORT_SETTINGS, "METRICS_PORT_BASE"])
    env = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG", "TERM")}
    return (
        env
        | {name: str(port) for name, port in ports.items()}
        | {
            "VAR_DIR": str(var),
            "TREDYE_VENV": sys.prefix,
            "TREDYE_DOWNLOADS": os.environ.get("TREDYE_DOWNLOADS", str(ROOT / "var" / "downloads")),
        }
    )


@pytest.fixture(scope="module")
def server_urls() -> Iterator[dict[str, str]]:
    """Servers that are there already, for the tests that are not about starting servers."""
    given = {name: os.environ[name] for name in SERVER_VARIABLES if os.environ.get(name)}
    if len(given) == len(SERVER_VARIABLES):
        yield given
        return
    cluster = Cluster([])
    try:
        cluster.up_servers()
        yield {name: cluster.env[name] for name in SERVER_VARIABLES}
    finally:
        cluster.down()


@pytest.fixture
def given_env(bare_env: dict[str, str], server_urls: dict[str, str]) -> dict[str, str]:
    return bare_env | server_urls


@pytest.fixture
def start(var: Path) -> Iterator[Callable[..., Run]]:
    """Starts runs, and ends what a failing test has left running."""
    runs: list[Run] = []

    def start_run(scenario: str, env: Mapping[str, str], **popen: object) -> Run:
        var.parent.mkdir(exist_ok=True)
        runs.append(Run(scenario, env, var, **popen))
        return runs[-1]

    yield start_run
    for run in runs:
        run.stop()

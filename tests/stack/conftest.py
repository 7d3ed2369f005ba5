"""Places, environments and runs for the tests of the front door."""

import os
import random
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from stack.cluster import Cluster
from stack.eventlog import EMBEDDED, choose
from stack.ports import is_free
from stack.processes import TREDYE
from stack.settings import ROOT, Settings, free_ports
from tests.stack.harness import Run

SERVER_VARIABLES = ("DATABASE_URL", "REDIS_URL", "KAFKA_BOOTSTRAP", "EVENT_LOG")
PORT_SETTINGS = ["WEB_PORT", "STREAM_PORT", "POSTGRES_PORT", "REDIS_PORT", "KAFKA_PORT", "KAFKA_CONTROLLER_PORT"]


@pytest.fixture
def var() -> Iterator[Path]:
    """A var directory that the servers' user can reach: pytest's own lies below a private one."""
    directory = Path(tempfile.mkdtemp(prefix="tredye-test-"))
    directory.chmod(0o711)
    yield directory / "var"
    shutil.rmtree(directory)


def free_row(count: int) -> int:
    """The first of so many free ports in a row, below those that the kernel gives to connections."""
    start = random.randrange(10_000, 30_000)
    return next(base for base in range(start, 32_000) if all(is_free(base + number) for number in range(count)))


@pytest.fixture
def bare_env(var: Path) -> dict[str, str]:
    """The environment of a person with nothing set but places and ports: every server is to be started."""
    ports = free_ports(PORT_SETTINGS) | {"METRICS_PORT_BASE": free_row(len(TREDYE.names))}
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


@pytest.fixture
def servers_here(bare_env: dict[str, str]) -> set[str]:
    """The servers that a run with nothing given starts on this machine: Kafka is one of them where it can be."""
    return {"postgres", "redis"} | ({"kafka"} if choose(Settings.from_environment(bare_env)).is_kafka else set())


@pytest.fixture(scope="module")
def server_urls() -> Iterator[dict[str, str]]:
    """Servers that are there already, for the tests that are not about starting servers; without Kafka where there is none."""
    given = {name: os.environ[name] for name in SERVER_VARIABLES if os.environ.get(name)}
    needed = {"DATABASE_URL", "REDIS_URL"} | (set() if given.get("EVENT_LOG") == EMBEDDED else {"KAFKA_BOOTSTRAP"})
    if needed <= given.keys():
        yield given
        return
    cluster = Cluster([])
    try:
        cluster.up_servers()
        yield {name: cluster.env[name] for name in SERVER_VARIABLES if name in cluster.env}
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

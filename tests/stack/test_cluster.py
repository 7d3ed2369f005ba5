"""The stack as an object, as tests and benchmarks use it."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

from stack import postgres, redis, servers
from stack.cluster import Cluster
from stack.context import make_context
from stack.errors import StackError
from stack.processes import TREDYE, Process, Product, Ready
from stack.settings import ROOT, Settings
from tests.stack.harness import STANDINS, processes_mentioning

pytestmark = pytest.mark.processes

PRODUCT = Product(
    (
        Process("engine", ("python", str(STANDINS), "--engine"), Ready.ENGINE),
        Process("web", ("python", str(STANDINS), "--web"), Ready.WEB),
        Process("stream", ("python", str(STANDINS), "--falling"), Ready.STREAM),
    ),
    prepare=("python", "-c", "print('prepared')"),
)


@pytest.fixture(scope="module")
def shared(server_urls: dict[str, str]) -> Iterator[dict[str, str]]:
    """The module's servers, given by the environment as in the test run."""
    before = dict(os.environ)
    os.environ.update(server_urls)
    yield server_urls
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture(scope="module")
def cluster(shared: dict[str, str]) -> Iterator[Cluster]:
    with Cluster(["engine", "web"], product=PRODUCT) as cluster:
        yield cluster


def ask(url: str, statement: str) -> str:
    script = "import psycopg, sys; print(psycopg.connect(sys.argv[1]).execute(sys.argv[2]).fetchone())"
    return subprocess.run(
        [sys.executable, "-c", script, url, statement], check=True, capture_output=True, text=True
    ).stdout


def test_it_has_a_database_and_topics_of_its_own_on_given_servers(cluster: Cluster, shared: dict[str, str]) -> None:
    assert cluster.database_url != shared["DATABASE_URL"]
    assert cluster.env.get("KAFKA_BOOTSTRAP") == shared.get("KAFKA_BOOTSTRAP")
    assert cluster.env["KAFKA_TOPIC_PREFIX"] not in ("", os.environ.get("KAFKA_TOPIC_PREFIX"))
    assert cluster.database_url.rsplit("/", 1)[1] in ask(cluster.database_url, "SELECT current_database()")


def test_what_is_killed_comes_back(cluster: Cluster) -> None:
    before, restarts = cluster.pid("engine"), cluster.restart_count("engine")
    assert cluster.kill("engine", signal.SIGKILL) == before
    cluster.wait_ready(timeout_s=20)
    # Ready may have been asked before the death was noticed; the count tells when the next one lives.
    while cluster.restart_count("engine") == restarts:
        cluster.wait_ready(timeout_s=20)
    assert cluster.pid("engine") != before
    assert "engine listens" in cluster.log_tail("engine")


def test_a_process_that_does_not_become_ready_says_why(cluster: Cluster) -> None:
    with pytest.raises(StackError, match="stream cannot be started") as caught:
        cluster.start("stream")
    cluster.stop("stream")
    assert "cannot read the tea leaves" in str(caught.value)


def test_an_unknown_process_is_refused() -> None:
    with pytest.raises(StackError, match="there is no process oracle; there are engine, web, stream"):
        Cluster(["oracle"], product=PRODUCT)


def test_two_run_beside_each_other_and_leave_nothing(shared: dict[str, str], cluster: Cluster) -> None:
    with Cluster(["web"], product=PRODUCT) as other:
        assert other.web_url != cluster.web_url
        assert other.database_url != cluster.database_url
        var, name = other.settings.var, other.database_url.rsplit("/", 1)[1]
    assert processes_mentioning(str(var)) == []
    assert [entry.name for entry in var.iterdir()] == ["log"]
    assert ask(shared["DATABASE_URL"], f"SELECT count(*) FROM pg_database WHERE datname = '{name}'") == "(0,)\n"


def test_a_command_runs_beside_servers_and_has_stdout_for_itself() -> None:
    script = "import os, sys; print(os.environ['DATABASE_URL'], os.environ['EVENT_LOG']); sys.exit(7)"
    argv = [sys.executable, "-m", "stack", "exec", "--", "python", "-c", script]
    env = dict(os.environ) | {"TREDYE_VENV": sys.prefix}
    result = subprocess.run(argv, cwd=ROOT, env=env, capture_output=True, text=True, timeout=100)
    assert result.returncode == 7, result.stderr
    assert re.fullmatch(r"postgres://tredye@127.0.0.1:\d+/tredye (kafka|embedded)\n", result.stdout)
    assert "PostgreSQL" in result.stderr


@pytest.mark.long
def test_the_wheels_servers_serve_where_the_machine_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = Settings.from_environment(processes=TREDYE.names).throwaway(f"test-{os.getpid()}-wheels")
    if not (postgres.wheel_bin(settings.venv) / "postgres").exists():
        pytest.skip("this machine has both servers, so their wheels are not installed")
    monkeypatch.setattr(postgres, "machine_bins", lambda: iter(()))
    monkeypatch.setattr(redis, "machine_program", lambda: None)
    # Kafka is no wheel's business: an address that nobody is asked to answer at keeps it out.
    monkeypatch.setattr(servers, "CLASSES", (postgres.Postgres, redis.Redis))
    assert servers.needs_wheels(settings.environ)
    cluster = Cluster([], context=make_context(settings, None))
    try:
        cluster.up_servers()
        assert "PostgreSQL 18" in ask(cluster.database_url, "SELECT version()")
        assert ask(cluster.database_url, "SHOW fsync") == "('on',)\n"
        script = "import redis, sys; print(redis.Redis.from_url(sys.argv[1]).info('server')['redis_version'])"
        argv = [sys.executable, "-c", script, cluster.env["REDIS_URL"]]
        assert subprocess.run(argv, check=True, capture_output=True, text=True).stdout.startswith("6.2.")
    finally:
        cluster.down()
        cluster.remove_data()

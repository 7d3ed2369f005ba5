"""Which event log a stack runs on, and that it runs where Kafka is not to be had."""

import os
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from stack import eventlog, kafka
from stack.environment import product_environment
from stack.errors import StackError
from stack.servers import given_urls, ports_needed
from stack.settings import Settings
from tests.stack.harness import Run, path_without, wait_until_gone

Start = Callable[..., Run]
KAFKA_PORTS = {"kafka", "kafka-controller"}


@pytest.fixture
def no_java(monkeypatch: pytest.MonkeyPatch, var: Path) -> str:
    """A machine without Java and Maven, as far as PATH goes."""
    path = path_without(var.parent / "bin", "java", "mvn")
    monkeypatch.setenv("PATH", path)
    return path


def settings_of(tmp_path: Path, **environ: str) -> Settings:
    return Settings.from_environment({"VAR_DIR": str(tmp_path / "var"), **environ})


def program(directory: Path, name: str, text: str) -> None:
    directory.mkdir(exist_ok=True)
    (directory / name).write_text(f"#!/bin/sh\n{text}\n")
    (directory / name).chmod(0o755)


def test_what_somebody_asks_for_wins(tmp_path: Path, no_java: str) -> None:
    given = settings_of(tmp_path, EVENT_LOG="embedded", KAFKA_BOOTSTRAP="broker:9092")
    assert eventlog.choose(given).name == "embedded"
    assert given_urls(given.environ) == {}, "a broker that is not to be used is not asked whether it answers"
    assert eventlog.choose(settings_of(tmp_path, EVENT_LOG="kafka")).name == "kafka"
    assert eventlog.choose(given).line() == eventlog.choose(settings_of(tmp_path, EVENT_LOG="kafka")).line() == ""


def test_a_log_that_there_is_not_is_named(tmp_path: Path) -> None:
    with pytest.raises(StackError, match="EVENT_LOG must be kafka or embedded, was 'rabbit'"):
        eventlog.choose(settings_of(tmp_path, EVENT_LOG="rabbit"))


def test_a_given_broker_is_used_where_there_is_no_java(tmp_path: Path, no_java: str) -> None:
    assert eventlog.choose(settings_of(tmp_path, KAFKA_BOOTSTRAP="broker:9092")).is_kafka


def test_without_java_and_maven_the_log_is_in_postgres_and_one_line_says_so(tmp_path: Path, no_java: str) -> None:
    settings = settings_of(tmp_path)
    log = eventlog.choose(settings)
    assert log.name == "embedded"
    assert log.line() == (
        "Event log: in PostgreSQL, because Java 17 and Maven are not on this machine. Prices and orders work; for a log of "
        "its own (replay at scale, many consumers) install Java 17 and Maven, or set KAFKA_BOOTSTRAP."
    )
    assert KAFKA_PORTS.isdisjoint(ports_needed(settings, log))


def test_a_java_that_is_too_old_is_named(tmp_path: Path, no_java: str, monkeypatch: pytest.MonkeyPatch) -> None:
    program(tmp_path / "old", "java", "echo 'openjdk version \"11.0.2\"' >&2")
    monkeypatch.setenv("PATH", f"{tmp_path / 'old'}:{no_java}")
    assert f"because {tmp_path / 'old' / 'java'} is Java 11, not 17 or newer." in eventlog.choose(settings_of(tmp_path)).line()


def test_what_maven_once_fetched_needs_no_maven(tmp_path: Path, no_java: str, monkeypatch: pytest.MonkeyPatch) -> None:
    program(tmp_path / "new", "java", "echo 'openjdk version \"17.0.9\"' >&2")
    ours = Path(tempfile.gettempdir())
    for directory in (tmp_path, *(parent for parent in tmp_path.parents if ours in parent.parents)):
        directory.chmod(0o755)  # as root the servers run as another user, who must get at Java
    monkeypatch.setenv("PATH", f"{tmp_path / 'new'}:{no_java}")
    settings = settings_of(tmp_path)
    assert "because Maven, which fetches Kafka, is not on this machine." in eventlog.choose(settings).line()
    stamp = settings.downloads / "kafka" / "stamp"
    stamp.parent.mkdir(parents=True)
    stamp.write_text("of another version")
    assert not eventlog.choose(settings).is_kafka
    stamp.write_text(kafka._fingerprint(settings))
    assert eventlog.choose(settings).is_kafka


def test_a_product_on_the_embedded_log_hears_of_no_broker(tmp_path: Path) -> None:
    settings = settings_of(tmp_path, EVENT_LOG="embedded", KAFKA_BOOTSTRAP="broker:9092")
    assert "KAFKA_BOOTSTRAP" not in product_environment(settings, {"EVENT_LOG": "embedded"})


@pytest.mark.processes
def test_a_run_without_java_comes_up_without_kafka(start: Start, bare_env: dict[str, str], var: Path, no_java: str) -> None:
    run = start("plain", bare_env | {"PATH": no_java, "TREDYE_DOWNLOADS": str(var / "downloads")})
    run.wait_ready()
    assert set(run.pids()) == {"postgres", "redis", "engine", "feed", "web"}
    assert run.text.count("Event log: in PostgreSQL, because Java 17 and Maven are not on this machine.") == 1
    assert b"EVENT_LOG=embedded" in Path(f"/proc/{run.pids()['web']}/environ").read_bytes()
    assert not (var / "kafka").exists()
    assert run.stop() == 0
    wait_until_gone(str(var), timeout_s=1)


@pytest.fixture
def nowhere_to_fetch(var: Path) -> dict[str, str]:
    """Maven itself, with a home of its own whose repository nobody serves, and nothing fetched before."""
    if missing := kafka.what_is_missing(settings_of(var)):
        pytest.skip(missing)
    mirror = "<mirror><id>none</id><mirrorOf>*</mirrorOf><url>http://127.0.0.1:1/</url></mirror>"
    settings = var.parent / ".m2" / "settings.xml"
    settings.parent.mkdir(parents=True)
    settings.write_text(f"<settings><mirrors>{mirror}</mirrors></settings>")
    return {"MAVEN_OPTS": f"-Duser.home={var.parent}", "TREDYE_DOWNLOADS": str(var / "downloads")}


@pytest.mark.processes
def test_a_run_that_cannot_fetch_kafka_goes_on_without_it(
    start: Start, bare_env: dict[str, str], var: Path, nowhere_to_fetch: dict[str, str]
) -> None:
    run = start("plain", bare_env | nowhere_to_fetch)
    run.wait_ready()
    log = var / "log" / "setup-kafka.log"
    assert f"Event log: in PostgreSQL, because Maven could not fetch Apache Kafka ({log})." in run.text
    assert "127.0.0.1:1" in log.read_text()
    assert "kafka" not in run.pids()
    assert run.stop() == 0


@pytest.mark.processes
def test_a_run_that_was_told_to_use_kafka_does_not_go_on_without_it(
    start: Start, bare_env: dict[str, str], var: Path, nowhere_to_fetch: dict[str, str]
) -> None:
    run = start("plain", bare_env | nowhere_to_fetch | {"EVENT_LOG": "kafka"})
    assert run.process.wait(timeout=60) == 1
    assert "Error: Maven could not fetch Apache Kafka" in run.text
    assert "Traceback" not in run.text
    assert os.listdir(var / "downloads" / "kafka") == []

"""The parts that decide from values, and the terminal that must never be waited for."""

import os
import re
import shutil
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from stack.context import make_context
from stack.environment import engine_socket, product_environment, secret_key
from stack.errors import StackError
from stack.eventlog import choose
from stack.identity import server_identity
from stack.logs import BoundedLog
from stack.places import Places
from stack.processes import TREDYE
from stack.servers import _one_by_one, _without_password, given_urls, ports_needed
from stack.settings import ROOT, Settings
from stack.terminal import LINES_WAITING_MAX, Terminal


def settings_of(**environ: str) -> Settings:
    return Settings.from_environment(environ, processes=TREDYE.names)


def test_two_settings_for_one_port_are_both_named() -> None:
    with pytest.raises(StackError, match="WEB_PORT and STREAM_PORT both ask for port 9000"):
        settings_of(WEB_PORT="9000", STREAM_PORT="9000")


def test_a_given_server_needs_no_port() -> None:
    settings = settings_of(KAFKA_BOOTSTRAP="kafka.example:9092", REDIS_URL="")
    assert given_urls(settings.environ) == {"KAFKA_BOOTSTRAP": "kafka.example:9092"}
    needed = ports_needed(settings, choose(settings))
    assert {"kafka", "kafka-controller"}.isdisjoint(needed)
    assert {"postgres", "redis", "web", "metrics-engine"} <= set(needed)


def test_every_process_has_a_metrics_port_of_its_own() -> None:
    ports = settings_of(METRICS_PORT_BASE="9500").ports
    assert [ports[f"metrics-{name}"] for name in TREDYE.names] == list(range(9500, 9500 + len(TREDYE.names)))


def test_a_throwaway_stack_hears_nothing_of_the_one_around_it(tmp_path: Path) -> None:
    around = settings_of(
        VAR_DIR=str(tmp_path),
        DATABASE_URL="postgres://x/y",
        ENGINE_URL="unix:///z",
        SECRET_KEY="s" * 40,
        WEB_PORT="8100",
    )
    own = around.throwaway("test-1")
    env = product_environment(own, {"DATABASE_URL": "postgres://own/own"})
    assert env["DATABASE_URL"] == "postgres://own/own"
    assert env["ENGINE_URL"] == f"unix://{engine_socket(own)}"
    assert env["SECRET_KEY"] != "s" * 40
    assert env["WEB_PORT"] == str(own.ports["web"]) != "8100"


def test_the_secret_is_made_once_and_readable_by_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "run" / "secret"
    secret = secret_key(path)
    assert len(secret) > 50
    assert secret_key(path) == secret
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_path_too_long_for_a_socket_gets_a_short_private_one(tmp_path: Path) -> None:
    settings = settings_of(VAR_DIR=str(tmp_path / ("long" * 30)))
    path = engine_socket(settings)
    try:
        assert len(os.fsencode(path)) < 100
        assert path.parent.stat().st_mode & 0o777 == 0o700
        path.parent.chmod(0o755)
        with pytest.raises(StackError, match="is not a private directory"):
            engine_socket(settings)
    finally:
        path.parent.rmdir()


def test_a_directory_that_others_can_write_is_not_used_for_servers(tmp_path: Path) -> None:
    places = Places(make_context(settings_of(VAR_DIR=str(tmp_path)), None))
    elsewhere = places.elsewhere()
    try:
        elsewhere.chmod(0o777)
        with pytest.raises(StackError, match="is not a directory that only this user can write"):
            places.elsewhere()
    finally:
        elsewhere.rmdir()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs servers as another user, who may be kept out")
def test_a_copied_program_finds_its_libraries_where_they_were(tmp_path: Path) -> None:
    wheel = tmp_path / "private" / "site-packages"
    program = wheel / "server" / "install" / "bin" / "hello"
    program.parent.mkdir(parents=True)
    program.write_text('#!/bin/sh\ncat "$(dirname "$0")/../../../server.libs/word"\n')
    program.chmod(0o700)
    (wheel / "server.libs").mkdir()
    (wheel / "server.libs" / "word").write_text("found")
    wheel.parent.chmod(0o700)
    places, nobody = Places(make_context(settings_of(VAR_DIR=str(tmp_path / "var")), None)), server_identity("nobody")
    assert nobody is not None
    copy = places.reachable_tree(program.parents[1], "bin/hello", nobody, libraries=wheel / "server.libs")
    try:
        ran = subprocess.run([copy / "bin" / "hello"], user=nobody.uid, group=nobody.gid, capture_output=True, text=True, cwd="/")
        assert ran.stdout == "found"
    finally:
        shutil.rmtree(copy.parents[1])


def test_a_log_is_bounded_and_keeps_one_former_file(tmp_path: Path) -> None:
    path = tmp_path / "feed.log"
    with BoundedLog(path, bytes_max=1_000) as log:
        for number in range(200):
            log.write(f"line {number}")
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["feed.log", "feed.log.1"]
    assert all(entry.stat().st_size <= 1_000 for entry in tmp_path.iterdir())
    assert path.read_text().endswith("line 199\n")


def test_a_paused_terminal_costs_lines_and_nobody_waits() -> None:
    reading, writing = os.pipe()
    stream = os.fdopen(writing, "w")
    terminal = Terminal(stream)
    shown = threading.Thread(target=lambda: [terminal.show("engine", "x" * 200) for _ in range(LINES_WAITING_MAX * 3)])
    shown.start()
    shown.join(timeout=10)
    assert not shown.is_alive(), "nobody reads the pipe, and yet nobody waits for it"
    received = []
    reader = threading.Thread(target=lambda: received.extend(iter(lambda: os.read(reading, 65_536), b"")))
    reader.start()
    terminal.close()
    stream.close()
    reader.join(timeout=10)
    os.close(reading)
    text = b"".join(received).decode()
    dropped = sum(map(int, re.findall(r"(\d+) lines not shown here; they are in the logs", text)))
    assert dropped > 0
    assert text.count("engine") + dropped == LINES_WAITING_MAX * 3, "what is not shown is counted"


def test_the_front_door_runs_before_anything_is_installed() -> None:
    """``scratch`` runs with the virtual environment's Python; the rest must import on a bare interpreter."""
    names = [f"stack.{file.stem}" for file in (ROOT / "stack").glob("*.py") if file.stem not in ("scratch", "__main__")]
    program = "import sys, importlib; sys.path.insert(0, sys.argv[1]); [importlib.import_module(name) for name in sys.argv[2:]]"
    command = [sys.executable, "-I", "-S", "-c", program, str(ROOT), *names]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgres://alice:c4n4ry@db:5432/tredye", "postgres://alice:***@db:5432/tredye"),
        ("redis://:c4n4ry@cache:6379/0", "redis://:***@cache:6379/0"),
        ("postgres://alice@db/tredye", "postgres://alice@db/tredye"),
        ("kafka.example:9092", "kafka.example:9092"),
        ("redis://127.0.0.1:6379/0", "redis://127.0.0.1:6379/0"),
        ("postgres://alice:c4n4ry", "something else than an address"),
        ("postgres://alice:c4n@4ry@db/tredye", "something else than an address"),
        ("redis:/:c4n4ry", "something else than an address"),
    ],
)
def test_the_address_of_a_given_server_is_told_without_its_password(url: str, shown: str) -> None:
    assert _without_password(url) == shown


def test_of_two_servers_that_are_given_each_is_asked() -> None:
    assert _one_by_one("postgres://u:p@a:1,b:2/n?x=y") == ["postgres://u:p@a:1/n?x=y", "postgres://u:p@b:2/n?x=y"]
    assert _one_by_one("postgres://a:1,b:2/n") == ["postgres://a:1/n", "postgres://b:2/n"]
    assert _one_by_one("postgres://u@a/n") == ["postgres://u@a/n"]

"""Processes under supervision: restarts, the order of the end, one run at a time, and ports that are taken."""

import os
import re
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from stack.child import Spec
from stack.supervisor import Supervisor
from tests.stack.harness import Run, wait_until_gone
from tests.waiting import wait_until

pytestmark = pytest.mark.processes
Start = Callable[..., Run]


def test_a_process_that_dies_is_started_again_with_growing_waits(start: Start, given_env: dict[str, str]) -> None:
    run = start("plain", given_env)
    run.wait_ready()
    for expected in ("0.2 s", "0.4 s", "0.8 s"):
        before = run.pids()["engine"]
        os.kill(before, signal.SIGKILL)
        run.wait_for(f"engine .*was ended by signal 9; starts again in {re.escape(expected)}")
        deadline = time.monotonic() + 10
        while run.pids().get("engine") in (None, before):
            assert time.monotonic() < deadline
            time.sleep(0.02)
    assert run.process.poll() is None, "the others go on"
    assert run.stop() == 0


def test_what_a_process_started_goes_with_it(start: Start, given_env: dict[str, str], var: Path) -> None:
    run = start("plain", given_env)
    run.wait_ready()
    run.wait_for("worker feed at work")
    assert run.stop() == 0
    wait_until_gone(str(var), timeout_s=1)


def test_lines_are_prefixed_and_also_in_the_log(start: Start, given_env: dict[str, str], var: Path) -> None:
    run = start("plain", given_env)
    run.wait_ready()
    run.wait_for(r"(?m)^feed +\| worker feed at work$")
    assert run.stop() == 0
    assert "worker feed at work" in (var / "log" / "feed.log").read_text()


def test_a_process_that_only_falls_ends_the_bring_up_with_its_reason(
    start: Start, given_env: dict[str, str], var: Path
) -> None:
    run = start("falling", given_env)
    assert run.process.wait(timeout=60) == 1
    assert "engine cannot be started: it exited with code 3" in run.text
    assert "cannot read the tea leaves" in run.text
    assert f"Its log: {var / 'log' / 'engine.log'}" in run.text
    assert "Traceback" not in run.text
    wait_until_gone(str(var), timeout_s=1)


def test_a_second_ctrl_c_hurries(start: Start, given_env: dict[str, str], var: Path) -> None:
    run = start("stubborn", given_env)
    run.wait_ready()
    run.wait_for("not listening")
    asked = time.monotonic()
    run.process.send_signal(signal.SIGINT)
    run.wait_for("once more Ctrl-C hurries")
    run.process.send_signal(signal.SIGINT)
    assert run.process.wait(timeout=60) == 0
    assert time.monotonic() - asked < 5
    assert "feed       | does not stop; sending it SIGKILL" in run.text
    wait_until_gone(str(var), timeout_s=1)


def test_a_port_in_use_names_the_port_its_holder_and_the_setting(start: Start, given_env: dict[str, str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        run = start("plain", given_env | {"WEB_PORT": str(port)})
        assert run.process.wait(timeout=60) == 1
    assert f"port {port} (the pages) is in use by" in run.text
    assert f"(pid {os.getpid()})" in run.text
    assert re.search(r"make run WEB_PORT=\d+", run.text)
    assert "Traceback" not in run.text


def test_a_second_run_says_where_the_first_one_is(start: Start, given_env: dict[str, str]) -> None:
    first = start("plain", given_env)
    first.wait_ready()
    second = start("plain", given_env)
    assert second.process.wait(timeout=60) == 1
    assert f"already running here (pid {first.process.pid}) at http://localhost:{given_env['WEB_PORT']}" in second.text
    assert first.process.poll() is None
    assert first.stop() == 0


def test_a_given_server_that_does_not_answer_is_named_without_its_password(
    start: Start, given_env: dict[str, str]
) -> None:
    run = start("plain", given_env | {"DATABASE_URL": "postgres://alice:sesame@127.0.0.1:1/tredye"})
    assert run.process.wait(timeout=60) == 1
    assert "DATABASE_URL is set to postgres://alice:***@127.0.0.1:1/tredye, but nothing answers there" in run.text
    assert "sesame" not in run.text


@pytest.mark.parametrize("value", ["eighty", "0", "70000", "-1", "８０"])
def test_a_port_setting_that_is_no_port_is_named_with_its_value(
    start: Start, given_env: dict[str, str], value: str
) -> None:
    run = start("plain", given_env | {"WEB_PORT": value})
    assert run.process.wait(timeout=60) == 1
    assert f"WEB_PORT must be a port number from 1 to 65000, was {value!r}" in run.text


def test_those_that_are_asked_end_before_those_that_do_it(tmp_path: Path) -> None:
    """What a door has taken in while it was told to end is still done by the others."""
    program = (
        "import pathlib, signal, sys, time\n"
        "name, slow = sys.argv[1], float(sys.argv[2])\n"
        "def end(*_):\n"
        "    pathlib.Path(name + '.told').write_text(str(time.monotonic()))\n"
        "    time.sleep(slow)\n"
        "    pathlib.Path(name + '.ended').write_text(str(time.monotonic()))\n"
        "    sys.exit(0)\n"
        "signal.signal(signal.SIGTERM, end)\n"
        "pathlib.Path(name + '.ready').touch()\n"
        "while True:\n"
        "    time.sleep(1)\n"
    )
    supervisor = Supervisor(lambda name, line: None)
    for name, slow, is_door in (("engine", "0", False), ("web", "0.3", True)):
        argv = [sys.executable, "-c", program, name, slow]
        supervisor.start(Spec(name, argv, dict(os.environ), tmp_path, tmp_path / f"{name}.log", is_door=is_door))
    wait_until(lambda: all((tmp_path / f"{name}.ready").exists() for name in ("engine", "web")), 60, "both run")
    supervisor.stop(threading.Event())
    ended, told = (float((tmp_path / name).read_text()) for name in ("web.ended", "engine.told"))
    assert ended <= told

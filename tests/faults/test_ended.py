"""Processes are told to end, are killed, run out of files and of time, while programs trade through every process on the way."""

import os
import resource
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from urllib.parse import urlsplit

import pytest

from tests.faults.figures import note, recovered
from tests.faults.lanes import seeds, times
from tests.faults.traders import Traders
from tests.faults.world import PATIENCE_S, World
from tests.waiting import wait_until

pytestmark = [pytest.mark.processes, pytest.mark.long]

#: Whoever is between a program and what its order becomes.
ALL = ("engine", "standby", "relay", "feed", "feed-standby", "portfolio", "web", "stream")
#: From the end of an engine that was told to end to the first order that its standby accepts.
ENGINE_BACK_WITHIN_S = 5.0
#: The standby of a feed that was killed publishes.
FEED_BACK_WITHIN_S = 2.0
FILES = 256


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with World(*ALL, seed=seeds(1)[0]) as made:
        yield made


def ended_well(world: World, name: str) -> tuple[float, float]:
    """Tell a process to end, and wait until it has: with 0. Returns when it was told and when it had; the supervisor starts it
    again."""
    if name in ("engine", "standby"):
        wait_until(lambda: standby_waits(world), PATIENCE_S, "an engine that waits for the lease")
    child, restarts, began = world.cluster._supervisor.child(name), world.cluster.restart_count(name), time.monotonic()
    process = child.process
    assert process is not None
    process.send_signal(signal.SIGTERM)
    wait_until(lambda: child.process is not process, PATIENCE_S, f"the end of {name}")
    ended = time.monotonic()
    assert child.exit_code == 0, f"{name} ended with {child.exit_code}: {world.cluster.log_tail(name)}"
    world.wait_restarted(name, restarts)
    world.wait_ready()
    return began, ended


def standby_waits(world: World) -> bool:
    """As whoever deploys looks before the engine is told to end: docs/deploying.md."""
    return bool(world.ask("SELECT 1 FROM pg_stat_activity WHERE application_name = 'engine:0:waiting'"))


@pytest.mark.fault("F17")
@pytest.mark.timeout(900)
def test_every_process_is_told_to_end_in_turn_and_no_program_is_failed(world: World) -> None:
    ends: dict[str, tuple[float, float]] = {}
    with Traders(world, door="web") as traders:
        for name in ALL:
            ends[name] = ended_well(world, name)
            if name in ("engine", "standby"):
                back_s = traders.wait_accepted_after(ends[name][1])
                recovered(back_s)
                assert back_s <= ENGINE_BACK_WITHIN_S, f"load of the machine: {os.getloadavg()}"
            traders.wait_accepted(5)
        world.quiesce(traders)
        failed = [line for line in traders.failed(0.0, float("inf")) if line.status]
        assert not failed, "what was taken in was answered, and not by a failure, whoever ended"
        figures = ", ".join(f"{name} {last - first:.1f} s" for name, (first, last) in ends.items())
        note("F17", f"told to end, ended with 0 after: {figures}; {traders.summary()}; load {os.getloadavg()[0]:.0f}")


@pytest.mark.fault("F16")
@pytest.mark.timeout(900)
@pytest.mark.parametrize("door", ["web", "stream"])
def test_a_server_is_killed_under_orders_and_each_is_done_once(world: World, door: str) -> None:
    count = times(20, 3)
    with Traders(world, door=door) as traders:
        for _ in range(count):
            time.sleep(world.chance.uniform(0.0, 0.5))  # the moment is the point
            restarts, killed = world.cluster.restart_count(door), time.monotonic()
            world.kill(door)
            world.wait_restarted(door, restarts)
            world.wait_ready()
            recovered(traders.wait_accepted_after(time.monotonic()) + time.monotonic() - killed)
        world.quiesce(traders)
        note("F16", f"{door} killed {count} times: {traders.summary()}; seed {world.seed}")


@pytest.mark.fault("F15")
@pytest.mark.timeout(900)
def test_a_killed_feed_s_standby_publishes_within_two_seconds(world: World) -> None:
    count, took = times(20, 3), []
    for _ in range(count):
        wait_until(lambda: is_waited_for(world), PATIENCE_S, "a standby")
        [(epoch, holder)] = world.ask("SELECT epoch, holder FROM marketdata_feedstate WHERE source = 'sim'")
        began = time.monotonic()
        os.kill(int(holder.split(":")[1]), signal.SIGKILL)
        wait_until(lambda then=epoch: newest_epoch(world) > then, PATIENCE_S, "the successor's quotes")
        took.append(time.monotonic() - began)
        recovered(took[-1])
        world.wait_ready()
    note("F15", f"killed {count} times: the standby's quotes after {max(took):.1f} s at most")
    assert max(took) <= FEED_BACK_WITHIN_S, f"load of the machine: {os.getloadavg()}"


def is_waited_for(world: World) -> bool:
    question = "SELECT standby_at >= greatest(taken_at, now() - interval '5 s') FROM marketdata_feedstate WHERE source = 'sim'"
    return bool(world.ask(question)[0][0])


def newest_epoch(world: World) -> int:
    """Of the newest quotes on the log, to which the feed gives them after the engine."""
    [(epoch,)] = world.ask(
        """SELECT max((convert_from(newest.value, 'UTF8')::json ->> 'epoch')::bigint) FROM (
               SELECT DISTINCT ON (record.partition_id) record.value
               FROM eventlog_logrecord AS record JOIN eventlog_logpartition AS part ON part.id = record.partition_id
               WHERE part.topic LIKE %s ORDER BY record.partition_id, record."offset" DESC) AS newest""",
        "%marketdata.quotes",
    )
    return int(epoch or 0)


@pytest.mark.fault("F38")
@pytest.mark.timeout(600)
def test_without_files_the_connections_that_there_are_go_on_and_the_others_come_later(world: World) -> None:
    """Somebody opens more connections than a process may have, at each door, and leaves them open."""
    names = ("engine", "web", "stream")
    with Traders(world, door="web") as traders, ExitStack() as opened:
        for name in names:
            resource.prlimit(world.cluster.pid(name), resource.RLIMIT_NOFILE, (FILES, FILES))
        restarts = {name: world.cluster.restart_count(name) for name in names}
        for address in addresses(world):
            for _ in range(FILES + 50):
                opened.enter_context(connected(address))
        # They are let in one after another, and what the alert FilesRunOut looks at is reached at each.
        wait_until(lambda: all(files_of(world, name) > 0.85 * FILES for name in names), PATIENCE_S, "files run out")
        files = {name: files_of(world, name) for name in names}
        traders.wait_accepted(20)
        opened.close()
        world.wait_ready()
        traders.wait_accepted(20)
        assert {name: world.cluster.restart_count(name) for name in names} == restarts, "nobody ended for it"
        world.quiesce(traders)
        note("F38", f"{FILES} files each, {files} open: orders go on; {traders.summary()}")


def files_of(world: World, name: str) -> int:
    return len(os.listdir(f"/proc/{world.cluster.pid(name)}/fd"))


def addresses(world: World) -> list[str | tuple[str, int]]:
    ports = world.cluster.settings.ports
    return [urlsplit(world.cluster.env["ENGINE_URL"]).path, ("127.0.0.1", ports["web"]), ("127.0.0.1", ports["stream"])]


@contextmanager
def connected(address: str | tuple[str, int]) -> Iterator[None]:
    with socket.socket(socket.AF_UNIX if isinstance(address, str) else socket.AF_INET) as caller:
        caller.setblocking(False)
        try:
            caller.connect(address)
        except BlockingIOError:
            pass  # it waits at the door, whose queue is full
        yield


@pytest.mark.fault("F38")
@pytest.mark.timeout(600)
@pytest.mark.parametrize("pulse_s", [0.2])
def test_an_engine_that_gets_a_third_of_its_time_is_not_taken_over(world: World, pulse_s: float) -> None:
    with Traders(world, door="stream") as traders:
        [(before,)] = world.ask("SELECT epoch FROM engine_lease")
        pulses = pulsing(world.cluster.pid("engine"), pulse_s, 0.1)
        try:
            began = time.monotonic()
            while time.monotonic() - began < 20:
                traders.wait_accepted(5)
        finally:
            pulses()
        [(after,)] = world.ask("SELECT epoch FROM engine_lease")
        assert after == before, "its standby has heard it all the while"
        slowest = traders.latencies_s(began, time.monotonic())[-1]
        world.quiesce(traders)
        note("F38", f"stopped for {pulse_s} s of each {pulse_s + 0.1:.1f}: same epoch, slowest answer {slowest:.1f} s")


def pulsing(pid: int, stopped_s: float, running_s: float) -> Callable[[], None]:
    """Stop and go on, again and again, until what is returned is called."""
    over = threading.Event()

    def pulse() -> None:
        while not over.is_set():
            os.kill(pid, signal.SIGSTOP)
            over.wait(stopped_s)
            os.kill(pid, signal.SIGCONT)
            over.wait(running_s)

    thread = threading.Thread(target=pulse, daemon=True)
    thread.start()

    def end() -> None:
        over.set()
        thread.join()

    return end

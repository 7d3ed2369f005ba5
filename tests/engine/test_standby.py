"""A warm standby: takes over from an engine that dies and from one that is frozen, and from no other."""

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from subprocess import Popen

import pytest

from apps.engine.management.commands.run_engine import EXIT_DATABASE, EXIT_FENCED
from apps.engine.recovery import SHARD
from apps.engine.standby import LOADING_S, HolderWatch
from stack.settings import free_ports
from tests.engine.callers import Feed, Load, accepted, an_order, check_answers, finish, stored_orders
from tests.engine.processes import Cluster
from tests.faults import figures

pytestmark = pytest.mark.processes

#: What a standby waits for in these tests, and how soon after a freeze it must serve: the silence, a probe and the load.
SILENCE_S = 2
TAKE_OVER = {"ENGINE_TAKE_OVER_S": str(SILENCE_S)}
SERVES_WITHIN_S = SILENCE_S + 6.0


@contextmanager
def frozen(engine: "Popen[bytes]") -> Iterator[float]:
    """The engine stands still in here, and runs again afterwards. Gives the moment, of the monotonic clock."""
    engine.send_signal(signal.SIGSTOP)
    try:
        yield time.monotonic()
    finally:
        if engine.poll() is None:
            engine.send_signal(signal.SIGCONT)


def epoch(engines: Cluster) -> int:
    with engines.connection() as connection:
        row = connection.execute("SELECT epoch FROM engine_lease").fetchone()
    assert row is not None
    return int(row[0])


def start_both(engines: Cluster) -> "tuple[Popen[bytes], Popen[bytes]]":
    """One that serves, for long enough that nobody thinks it loads, and a standby."""
    first = engines.start()
    with engines.connection() as connection:
        connection.execute("UPDATE engine_lease SET taken_at = taken_at - make_interval(secs => %s)", [LOADING_S])
    return first, engines.start_standby(**TAKE_OVER)


def holders(engines: Cluster) -> int:
    with engines.connection() as connection:
        row = connection.execute(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted AND objid = %s"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())",
            [SHARD],
        ).fetchone()
    assert row is not None
    return int(row[0])


@pytest.mark.fault("F12", "F14")
def test_a_standby_waits_and_serves_when_the_holder_dies(engines: Cluster) -> None:
    with Feed(engines.url):
        first = engines.start()
        assert accepted(engines, "first").status == "ACCEPTED"  # type: ignore[union-attr]
        second = engines.start_standby()
        assert engines.client.send(an_order(engines, "second-1")).status == "ACCEPTED"  # type: ignore[union-attr]
        assert second.poll() is None
        engines.kill(first)
        assert accepted(engines, "third").status == "ACCEPTED"  # type: ignore[union-attr]
        assert second.poll() is None


@pytest.mark.fault("F13")
def test_a_frozen_engine_is_taken_over_and_says_nothing_when_it_wakes(engines: Cluster) -> None:
    first, _ = start_both(engines)
    with Feed(engines.url):
        assert accepted(engines, "frozen").status == "ACCEPTED"  # type: ignore[union-attr]
        before = epoch(engines)
        with frozen(first) as since:
            assert accepted_within(engines, "after-freeze", SERVES_WITHIN_S)
            took_s = time.monotonic() - since
            assert took_s >= SILENCE_S, "it was not given its time"
        figures.recovered(took_s)
        assert epoch(engines) == before + 1
        assert first.wait(60) in (EXIT_DATABASE, EXIT_FENCED), "it asks for its lease before anything else"
        assert accepted(engines, "goes-on").status == "ACCEPTED"  # type: ignore[union-attr]
    assert epoch(engines) == before + 1
    engines.check_books()


@pytest.mark.fault("F13")
@pytest.mark.long
def test_over_tcp_the_port_of_a_frozen_engine_is_taken_with_its_life(engines: Cluster) -> None:
    unix = engines.url
    engines.serve_on(f"tcp://127.0.0.1:{free_ports(['engine'])['engine']}", "a-token-of-the-tests")
    try:
        first, second = start_both(engines)
        with Feed(engines.url, engines.token):
            assert accepted(engines, "tcp").status == "ACCEPTED"  # type: ignore[union-attr]
            with frozen(first):
                assert accepted_within(engines, "tcp-after", SERVES_WITHIN_S)
                assert first.wait(60) == -signal.SIGKILL
            third = engines.start_standby(**TAKE_OVER)
            engines.kill(second)
            assert accepted(engines, "tcp-third").status == "ACCEPTED"  # type: ignore[union-attr]
            assert third.poll() is None
    finally:
        engines.client.close()
        engines.serve_on(unix)


def test_an_engine_that_lives_keeps_its_lease_however_long_nobody_asks_it(engines: Cluster) -> None:
    start_both(engines)
    before = epoch(engines)
    until = time.monotonic() + 2 * SILENCE_S + 1
    while time.monotonic() < until:
        assert epoch(engines) == before
        time.sleep(0.2)
    assert holders(engines) == 1


@pytest.mark.long
def test_a_standby_that_was_frozen_itself_asks_anew_before_it_believes(engines: Cluster) -> None:
    _, second = start_both(engines)
    before = epoch(engines)
    with frozen(second):
        time.sleep(SILENCE_S + 1)  # the time that it loses is the point
    time.sleep(1.5)  # its first look, and one more
    assert epoch(engines) == before


def test_take_over_by_hand_does_not_wait(engines: Cluster) -> None:
    first = engines.start()
    with frozen(first):
        engines.start(arguments=("--take-over",))
        with Feed(engines.url):
            assert accepted(engines, "by-hand").status == "ACCEPTED"  # type: ignore[union-attr]
    assert first.wait(60) in (EXIT_DATABASE, EXIT_FENCED)


@pytest.mark.fault("F13")
@pytest.mark.long
def test_frozen_and_woken_under_load_loses_nothing_and_does_nothing_twice(engines: Cluster) -> None:
    callers = [Load(engines, f"freeze{number}", deadline_s=20) for number in range(4)]
    with Feed(engines.url):
        serving = engines.start()
        for caller in callers:
            caller.start()
        for _ in range(3):
            standby = engines.start_standby(**TAKE_OVER)
            answered = count(callers)
            engines.until(lambda sum_before=answered: count(callers) > sum_before + 20, "orders go on")
            before = epoch(engines)
            with engines.connection() as connection:
                connection.execute("UPDATE engine_lease SET taken_at = taken_at - make_interval(secs => %s)", [LOADING_S])
            with frozen(serving):
                engines.until(lambda epoch_before=before: epoch(engines) > epoch_before, "the standby takes over")
            assert serving.wait(60) in (EXIT_DATABASE, EXIT_FENCED)
            serving = standby
        finish(engines, callers)
    check_answers(engines, callers, "freeze")


@pytest.mark.fault("F14")
@pytest.mark.long
@pytest.mark.parametrize("round_", range(3))
def test_of_three_that_start_at_once_one_serves_and_two_wait(engines: Cluster, round_: int) -> None:
    before = epoch(engines)
    served = engines.log.stat().st_size if engines.log.exists() else 0
    started = [engines.start(wait=False, **TAKE_OVER) for _ in range(3)]
    engines.until(lambda: engines.log.read_bytes()[served:].count(b"waiting for the lease") == 3, "all are there")
    with Feed(engines.url):
        assert accepted(engines, f"three{round_}").status == "ACCEPTED"  # type: ignore[union-attr]
    assert engines.log.read_bytes()[served:].count(b" serves ") == 1
    assert epoch(engines) == before + 1
    assert holders(engines) == 1
    assert all(engine.poll() is None for engine in started)


@pytest.mark.fault("F13", "F14")
@pytest.mark.long
def test_of_two_standbys_one_takes_over_from_a_frozen_engine(engines: Cluster) -> None:
    first, second = start_both(engines)
    third = engines.start_standby(**TAKE_OVER)
    before = epoch(engines)
    with Feed(engines.url), frozen(first):
        assert accepted_within(engines, "one-of-two", SERVES_WITHIN_S)
        until = time.monotonic() + 2 * SILENCE_S
        while time.monotonic() < until:  # the other has judged the same silence, and must not end the new one for it
            assert epoch(engines) == before + 1
            time.sleep(0.2)
    assert second.poll() is None and third.poll() is None
    assert stored_orders(engines, "one-of-two") >= 1


def test_an_engine_that_loads_is_given_longer(engines: Cluster) -> None:
    """A holder that has the lease and has not answered yet, as one that loads a large book."""
    clock = [1000.0]
    with engines.connection() as loading, engines.connection() as watching:
        loading.execute("UPDATE engine_lease SET epoch = epoch + 1, holder = 'loading', taken_at = now()")
        loading.execute("SELECT set_config('application_name', 'engine:0:' || epoch, false) FROM engine_lease")
        watch = HolderWatch(engines.url, "", SILENCE_S, lambda: clock[0])
        for _ in range(10):
            assert watch.look(watching) is None
            clock[0] += 1
        watching.execute("UPDATE engine_lease SET taken_at = taken_at - make_interval(secs => %s)", [LOADING_S])
        holder = watch.look(watching)
        assert holder is not None and holder.name == "loading"
        loading.execute("SELECT 1")  # a sign of life after all
        clock[0] += 1
        assert watch.look(watching) is None


def accepted_within(engines: Cluster, command_id: str, limit_s: float) -> bool:
    """Whether an order is accepted that soon, sent again and again with ids of its own while there is no price yet."""
    deadline = time.monotonic() + limit_s
    engines.client.send(an_order(engines, f"{command_id}-wait"), deadline_s=limit_s)
    assert time.monotonic() < deadline
    return accepted(engines, command_id).status == "ACCEPTED"  # type: ignore[union-attr]


def count(callers: list[Load]) -> int:
    return sum(len(caller.answers) for caller in callers)

"""Somebody holds what the engine must write: it gives up, and the next one decides again what was not written."""

import time
from collections.abc import Callable, Iterator

import pytest

from tests.faults.figures import note, recovered
from tests.faults.lanes import seeds, times
from tests.faults.traders import Traders
from tests.faults.world import PATIENCE_S, STEADY_S, World
from tests.waiting import wait_until

pytestmark = [pytest.mark.processes, pytest.mark.long, pytest.mark.timeout(900), pytest.mark.fault("F34")]

TABLES = ("orders_order", "ledger_ledgeraccount", "orders_accountevent", "engine_journal", "eventlog_outboxbatch")
_WAITS = """SELECT count(*) FROM pg_stat_activity
            WHERE datname = current_database() AND application_name ~ '^engine:0:[0-9]+$' AND wait_event_type = 'Lock'"""


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with World("engine", "relay", "feed", "portfolio", "stream", seed=seeds(1)[0]) as made:
        yield made


def engine_waits(world: World) -> None:
    wait_until(lambda: world.ask(_WAITS)[0][0], PATIENCE_S, "the engine waits for a lock")


def a_table_is_locked(world: World) -> None:
    """For as long as the engine may wait, or longer."""
    with world.connection() as other, other.transaction():
        table = world.chance.choice(TABLES)
        other.execute(f"LOCK TABLE {table} IN ACCESS EXCLUSIVE MODE")  # type: ignore[call-overload]
        time.sleep(world.chance.uniform(0.5, 4.0))  # how long is the point


def a_deadlock(world: World) -> None:
    """The engine has its lease and waits for a balance; who has the balances wants the lease, and has the longer breath."""
    with world.connection() as other:
        other.execute("SET deadlock_timeout = '30s'")
        with other.transaction():
            other.execute("SELECT FROM ledger_ledgeraccount FOR UPDATE")
            engine_waits(world)
            other.execute("UPDATE engine_lease SET holder = holder")


def an_end_in_the_middle(world: World) -> None:
    """Its transaction is canceled by hand while it waits."""
    with world.connection() as other, other.transaction():
        other.execute("SELECT FROM ledger_ledgeraccount FOR UPDATE")
        engine_waits(world)
        world.ask(
            "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE datname = current_database()"
            " AND application_name ~ '^engine:0:[0-9]+$'"
        )


WAYS: tuple[Callable[[World], None], ...] = (a_table_is_locked, a_deadlock, an_end_in_the_middle)


def test_what_the_engine_could_not_write_is_decided_again_and_nothing_twice(world: World) -> None:
    ways = [*WAYS, *(world.chance.choice(WAYS) for _ in range(times(17, 0)))]
    with Traders(world) as traders:
        for way in ways:
            time.sleep(STEADY_S)
            way(world)
            recovered(traders.wait_accepted_after(time.monotonic()))  # no promise: mostly an engine's start
        log = world.cluster.settings.log("engine").read_text()
        world.quiesce(traders)
    assert "40P01" in log or "deadlock detected" in log, "the engine was the one that lost"
    note("F34", f"{len(ways)} locks, deadlocks and cancellations, {traders.summary()}; seed {world.seed}")

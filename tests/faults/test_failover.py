"""The primary is lost under load, again and again, and its standby takes over: nothing that was acknowledged is lost.

And the same without what keeps it so, which must be seen.
"""

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from stack import pair
from tests.faults.figures import note, recovered
from tests.faults.lanes import seeds, times
from tests.faults.traders import Traders
from tests.faults.world import PATIENCE_S, World
from tests.waiting import wait_until

pytestmark = [pytest.mark.processes, pytest.mark.long]

#: From the moment that the primary is lost to the first order that is accepted.
RESUMED_WITHIN_S = 15.0
PROCESSES = ("engine", "standby", "relay", "feed", "portfolio", "stream", "guard")
_IS_SAFE = "every commit waits for the standby"


@pytest.fixture(scope="module")
def world() -> Iterator[World]:
    with World(*PROCESSES, seed=seeds(1)[0], standby=True) as made:
        yield made


def data_of(world: World, name: str) -> Path:
    paths = world.cluster.env["DATABASE_DATA_DIRS"].split(",")
    return dict(zip((pair.PRIMARY, pair.STANDBY), map(Path, paths), strict=True))[name]


def other(name: str) -> str:
    return pair.STANDBY if name == pair.PRIMARY else pair.PRIMARY


def leads(world: World, name: str) -> bool:
    try:
        return world.leader() == name
    except psycopg.OperationalError:
        return False


def wait_leads(world: World, name: str) -> None:
    wait_until(lambda: leads(world, name), PATIENCE_S, f"{name} leads")


def wait_safe(world: World) -> None:
    wait_until(lambda: _IS_SAFE in world.cluster.manage("failover"), PATIENCE_S, _IS_SAFE)


def freeze(world: World, primary: str) -> None:
    """It takes connections and answers nothing."""
    world.freeze(primary)


def lose_the_machine(world: World, primary: str) -> None:
    """Killed, and not there again before it can follow whoever leads then."""
    (data_of(world, primary) / pair.FENCED).touch()
    world.kill(primary)


def promote_by_command(world: World, primary: str) -> None:
    """The primary is well, and a person wants the other one."""
    assert f"{world.ports[other(primary)]} is the primary" in world.cluster.manage("failover", "--now")


WAYS: tuple[Callable[[World, str], None], ...] = (freeze, lose_the_machine, promote_by_command)


def epoch(world: World) -> int:
    return int(world.ask("SELECT epoch FROM engine_lease")[0][0])


@pytest.mark.fault("F6")
@pytest.mark.timeout(3000)
def test_failovers_under_load_lose_nothing_and_need_no_hand(world: World) -> None:
    made: list[str] = []
    with Traders(world) as traders:
        for number in range(times(20, 3)):
            wait_safe(world)
            time.sleep(world.chance.uniform(1.0, 4.0))  # the moment is the point
            primary, before = world.leader(), epoch(world)
            how = WAYS[number] if number < len(WAYS) else world.chance.choice(WAYS)
            began = time.monotonic()
            how(world, primary)
            wait_leads(world, other(primary))
            took_s = traders.pause_s(began)
            made.append(f"{how.__name__.replace('_', ' ')} {took_s:.1f} s")
            recovered(took_s)
            assert epoch(world) > before
            assert took_s <= RESUMED_WITHIN_S, f"{made}, load of the machine {os.getloadavg()}"
        wait_safe(world)
        world.quiesce(traders)
        told = traders.summary()
    note("F6", f"without an order accepted: {', '.join(made)}; {told}; seed {world.seed}, load {os.getloadavg()[0]:.0f}")


@pytest.mark.fault("F6")
@pytest.mark.timeout(600)
def test_without_synchronous_commits_the_same_loses_orders_and_that_is_found(world: World) -> None:
    """The control: whoever looks for what was lost finds it."""
    wait_safe(world)
    primary = world.leader()
    world.stop("guard")
    with world.connection() as opened:
        opened.execute("ALTER SYSTEM SET synchronous_standby_names = ''")
        opened.execute("SELECT pg_reload_conf()")
    with Traders(world) as traders:
        world.stop(other(primary))
        traders.wait_accepted(20)
        lose_the_machine(world, primary)
        world.start(other(primary))
        said = world.cluster.manage("failover", "--now", "--accept-loss")
        assert f"{world.ports[other(primary)]} is the primary" in said
        traders.wait_accepted_after(time.monotonic())
        traders.finish()
        with pytest.raises(AssertionError, match=r"'lost': [1-9]"):
            traders.check()
    note("F6", "control, commits that do not wait for the standby: orders that were acknowledged are gone, and that is found")


@pytest.fixture
def apart() -> Iterator[World]:
    """The guard cannot end anything, as if each server were on a machine of its own."""
    with World(*PROCESSES, seed=seeds(1)[0], standby=True, env={"DATABASE_DATA_DIRS": ""}) as made:
        yield made


@pytest.mark.fault("F8")
@pytest.mark.timeout(900)
def test_a_former_primary_that_wakes_confirms_nothing_and_serves_nobody(apart: World) -> None:
    wait_safe(apart)
    old = apart.leader()
    with Traders(apart) as traders:
        traders.wait_accepted(20)
        began = time.monotonic()
        apart.freeze(old)
        wait_leads(apart, other(old))
        took_s = traders.pause_s(began)
        recovered(took_s)
        apart.thaw()
        here = f"host=127.0.0.1 port={apart.ports[old]} user=tredye dbname=tredye connect_timeout=2"
        wait_until(lambda: _answers(here), PATIENCE_S, "the former primary is awake")
        began = time.monotonic()
        traders.wait_accepted(100)
        with psycopg.connect(here, autocommit=True) as opened:
            assert opened.execute("SELECT pg_is_in_recovery()").fetchone() == (False,), "it thinks that it leads"
            told = _orders(opened)
            # Sessions of before may lie idle in a pool; nobody says anything in them any more, or in new ones.
            before = _said(opened)
            traders.wait_accepted(60)
            assert _orders(opened) == told and _said(opened) <= before
        beside_s = time.monotonic() - began
        # Whoever asks by libpq alone, as the test does, still reads there. Once it is ended it comes back as the standby: it asks
        # the other one, before it starts, whether that was promoted.
        apart.kill(old)
        wait_leads(apart, other(old))
        wait_safe(apart)
        apart.quiesce(traders)
        summary = traders.summary()
    note("F8", f"resumed after {took_s:.1f} s; beside the awake one for {beside_s:.0f} s nobody used it: {summary}")
    assert took_s <= RESUMED_WITHIN_S


def _answers(conninfo: str) -> bool:
    try:
        psycopg.connect(conninfo).close()
    except psycopg.OperationalError:
        return False
    return True


def _orders(opened: "psycopg.Connection[tuple[object, ...]]") -> object:
    return opened.execute("SELECT count(*), max(id) FROM orders_order").fetchone()


def _said(opened: "psycopg.Connection[tuple[object, ...]]") -> set[object]:
    """Each session but this one's and the guard's, with the moment of its last word."""
    return set(
        opened.execute(
            "SELECT application_name, pid, state_change FROM pg_stat_activity"
            " WHERE backend_type = 'client backend' AND pid <> pg_backend_pid() AND application_name <> 'tredye-guard'"
        ).fetchall()
    )

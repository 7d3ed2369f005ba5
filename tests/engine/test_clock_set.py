"""The machine's clock is set while the product runs: by a second, a minute and a second, an hour, either way. Nobody's order ends
for it, no price ages for it, nothing changes its place; and it is told."""

import logging
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from apps.commands.types import Actor, PauseInstrument, SetDeadMansSwitch
from apps.core.clock import JUMP_NS_MAX, ManualClock, SteadyClock
from apps.core.enums import Role, TimeInForce
from apps.engine.models import Journal
from apps.engine.pace import Pace
from apps.engine.server import Server
from apps.engine.watchdog import Watchdog
from apps.instruments.models import Instrument
from apps.orders.models import Order
from tests.engine.test_clock import sessions
from tests.engine.test_clock_server import send_quote
from tests.engine.test_server import Caller, step_until
from tests.engine.world import SYMBOL, SYSTEM, World
from tests.faults.figures import note

pytestmark = pytest.mark.fault("F20")

SECOND = 1_000_000_000
JUMPS_S = (-3600, -61, -1, 1, 61, 3600)


def a_clock() -> tuple[ManualClock, SteadyClock]:
    """A machine's clock, and that of a process on it."""
    machine = ManualClock()
    return machine, SteadyClock(machine.now_ns, machine.monotonic_ns)


@pytest.mark.parametrize("jump_s", JUMPS_S)
def test_time_passes_as_it_does_however_the_clock_is_set(jump_s: int, caplog: pytest.LogCaptureFixture) -> None:
    machine, clock = a_clock()
    began = clock.now_ns()
    seen = [began]
    with caplog.at_level(logging.CRITICAL, "apps.core.clock"):
        for step in range(30):
            if step == 10:
                machine.set_by_ns(jump_s * SECOND)
            machine.advance_ns(SECOND // 10)
            seen.append(clock.now_ns())
    assert [after - before for before, after in pairwise(seen)] == [SECOND // 10] * 30
    assert clock.away_ns == jump_s * SECOND
    assert [record.message for record in caplog.records] == [
        f"the machine's clock was set by {jump_s * 1000:+d} ms; this process goes on as if it had not"
    ], "once, not with each look"
    machine.set_by_ns(-jump_s * SECOND)
    assert clock.now_ns() == began + 3 * SECOND and clock.away_ns == 0, "it is right again, and followed"


def test_a_clock_that_is_steered_is_followed() -> None:
    machine, clock = a_clock()
    for _ in range(100):
        machine.advance_ns(SECOND)
        machine.set_by_ns(JUMP_NS_MAX // 10)
        assert clock.now_ns() == machine.now_ns()
    assert clock.away_ns == 0


def test_a_leap_second_is_a_second_less_and_no_time_comes_twice() -> None:
    machine, clock = a_clock()
    seen = []
    for step in range(20):
        if step == 10:
            machine.set_by_ns(-SECOND)
        seen.append(clock.now_ns())
        machine.advance_ns(SECOND // 4)
    assert seen == sorted(set(seen))


@pytest.fixture
def steady(world: World, tmp_path: Path) -> Iterator[Server]:
    """The engine's loop as it runs in its process: on the steady clock, above the world's, which a test may set."""
    clock = SteadyClock(world.clock.now_ns, world.clock.monotonic_ns)
    made = Server(world.session, f"unix://{tmp_path}/engine.sock", "", world.epoch, clock, Watchdog())
    yield made
    made._stopping = True
    made.run()


@pytest.mark.parametrize("jump_s", [-3600, -61, 61, 3600])
def test_no_order_ends_and_no_price_ages_for_a_clock_that_is_set(
    world: World, steady: Server, tmp_path: Path, jump_s: int
) -> None:
    sessions(world, (-1, -1, 1), (2, 3, 25))
    until_ns = world.clock.now_ns() + 60 * SECOND
    gtd = world.submit(world.alice, "BUY", "1", "99.00", time_in_force=TimeInForce.GTD, expires_at_ns=until_ns).order_id
    day = world.submit(world.alice, "BUY", "1", "98.00", time_in_force=TimeInForce.DAY).order_id
    switch = SetDeadMansSwitch(
        command_id=world.new_id(), actor=Actor(world.bob.user_id, Role.CUSTOMER), account_id=world.bob.pk, seconds=60
    )
    kept = world.submit(world.bob, "BUY", "1", "97.00").order_id
    world.do(switch)
    caller = Caller(steady, tmp_path)
    send_quote(world, caller, 50, "99.50", "101.00")
    step_until(steady, lambda: not steady._inbox)

    world.clock.set_by_ns(jump_s * SECOND)
    steady.step(0)
    assert set(Order.objects.filter(pk__in=(gtd, day, kept)).values_list("status", flat=True)) == {"ACCEPTED"}
    caller.send(world.order(world.bob, "BUY", "0.1", None))
    assert caller.answers(1)[0]["status"] == "FILLED", "the price is as old as it was"
    world.clock.advance_ns(4 * SECOND)
    caller.send(world.order(world.bob, "BUY", "0.1", None))
    assert caller.answers(1)[0]["reason"] == "STALE_PRICE", "and grows old as it did"
    world.clock.advance_ns(57 * SECOND)
    step_until(steady, lambda: Order.objects.get(pk=gtd).status == "EXPIRED")
    step_until(steady, lambda: Order.objects.get(pk=kept).reason == "CANCELED_BY_DEAD_MANS_SWITCH")
    assert Order.objects.get(pk=day).status == "ACCEPTED"
    decided = [row.now_ns for row in Journal.objects.order_by("last_sequence")]
    assert decided == sorted(decided)
    assert world.violations() == [] and world.replay() == []
    note("F20", f"set by {jump_s:+d} s: expiry after the 60 s that were asked for, price stale after its 3 s, journal in order")


def test_a_pause_is_as_long_as_it_was_to_be(world: World, steady: Server) -> None:
    world.do(PauseInstrument(command_id=world.new_id(), actor=SYSTEM, symbol=SYMBOL, seconds=60, reason="a wild price"))
    world.clock.set_by_ns(3600 * SECOND)
    steady.step(0)
    assert Instrument.objects.get(symbol=SYMBOL).trading_state == "HALTED"
    world.clock.advance_ns(60 * SECOND)
    step_until(steady, lambda: Instrument.objects.get(symbol=SYMBOL).trading_state == "OPEN")


@pytest.mark.parametrize("jump_s", JUMPS_S)
def test_nobody_may_send_more_for_a_clock_that_is_set(jump_s: int) -> None:
    machine, clock = a_clock()
    pace = Pace(seconds_at_once=1)
    waits = [pace.wait_ms(1, 10, clock.now_ns()) for _ in range(12)]
    assert waits == [0] * 10 + [100] * 2
    machine.set_by_ns(jump_s * SECOND)
    assert pace.wait_ms(1, 10, clock.now_ns()) == 100, "neither a bucket that is full again, nor one that waits for an hour"

"""The loop by time: it wakes for what is due without any command, and pauses an instrument before it takes a wild quote."""

from pathlib import Path

import pytest

from apps.commands import framing
from apps.commands.types import HaltInstrument, KillVenue, ResumeInstrument
from apps.core.enums import OrderType, TimeInForce
from apps.engine.matching import clock
from apps.engine.models import Journal
from apps.engine.server import ClockWentBackError, Server
from apps.instruments.models import Instrument
from apps.orders.models import Order
from tests.engine.test_server import Caller, quotes, server, step_until
from tests.engine.world import SYMBOL, SYSTEM, World

__all__ = ["server"]  # the fixture

SECOND = 1_000_000_000


def instrument() -> Instrument:
    return Instrument.objects.get(symbol=SYMBOL)


def test_the_loop_waits_no_longer_than_for_the_next_thing_that_is_due(world: World, server: Server) -> None:
    assert server._patience_s(1.0) == 1.0
    at_ns = world.clock.now_ns() + SECOND // 2
    order = world.submit(world.alice, "BUY", "1", "99.00", time_in_force=TimeInForce.GTD, expires_at_ns=at_ns)
    left_ns = at_ns // 1000 * 1000 - world.clock.now_ns()
    assert server._patience_s(1.0) == pytest.approx(left_ns / SECOND)
    assert server._patience_s(0.1) == 0.1
    server.step(0)
    assert Order.objects.get(pk=order.order_id).status == "ACCEPTED"
    world.clock.advance_ns(left_ns)
    assert server._patience_s(1.0) == 0
    server.step(1.0)
    assert Order.objects.get(pk=order.order_id).status == "EXPIRED"
    assert server._patience_s(1.0) == 1.0
    assert world.replay() == []


def test_a_sweep_goes_on_by_itself_and_leaves_room_for_commands(
    world: World, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "ENDINGS_MAX", 2)
    world.batch(*(world.order(world.alice, "BUY", "0.001", "90.00") for _ in range(9)))
    caller = Caller(server, tmp_path)
    world.do(KillVenue(command_id=world.new_id(), actor=SYSTEM, reason="a wrong price"))
    caller.send(world.order(world.bob, "BUY", "0.001", "90.00"))
    [answer] = caller.answers(1)
    assert (answer["status"], answer["reason"]) == ("REJECTED", "VENUE_KILLED")
    assert Order.objects.filter(status="ACCEPTED").count() > 0  # it was answered in between
    step_until(server, lambda: not Order.objects.filter(status="ACCEPTED").exists())
    before = Journal.objects.count()
    server.step(0)
    assert Journal.objects.count() == before
    assert world.violations() == [] and world.replay() == []


def send_quote(world: World, caller: Caller, sequence: int, bid: str, ask: str) -> None:
    caller.socket.sendall(framing.frame(framing.QUOTES, quotes(world, (SYMBOL, sequence, bid, ask))))


@pytest.mark.fault("F31")
def test_a_tick_outside_its_band_pauses_before_anybody_can_trade_on_it(world: World, server: Server, tmp_path: Path) -> None:
    resting = world.submit(world.bob, "BUY", "0.5", "100.00")
    caller = Caller(server, tmp_path)
    send_quote(world, caller, 50, "79.00", "81.00")  # a fifth below: the band is a tenth
    step_until(server, lambda: instrument().trading_state == "HALTED")
    assert instrument().state_reason == "The price moved more than 10 % at once."
    step_until(server, lambda: not server._inbox)
    house = world.session.venue.houses[instrument().pk].quote
    assert house is not None and house.bid_ticks == 7900  # it is the reference now
    send_quote(world, caller, 51, "60.00", "61.00")  # what does not trade is not paused again
    caller.send(world.order(world.bob, "BUY", "0.1", None))
    assert caller.answers(1)[0]["reason"] == "INSTRUMENT_HALTED"
    assert Order.objects.get(pk=resting.order_id).status == "ACCEPTED"

    world.clock.advance_ns(60 * SECOND)
    server.step(0)
    assert instrument().trading_state == "OPEN"
    send_quote(world, caller, 52, "60.00", "61.00")
    step_until(server, lambda: Order.objects.get(pk=resting.order_id).status == "FILLED")
    assert world.violations() == [] and world.replay() == []


def stopped(world: World) -> list[int]:
    """A bid at 100.00 and a stop at 98.00, while nothing trades."""
    resting = world.submit(world.bob, "BUY", "0.5", "100.00")
    stop = world.submit(world.alice, "SELL", "0.5", None, order_type=OrderType.STOP, trigger_price="98.00")
    world.do(HaltInstrument(command_id=world.new_id(), actor=SYSTEM, symbol=SYMBOL, reason="news"))
    return [resting.order_id, stop.order_id]


def resume(world: World) -> ResumeInstrument:
    return ResumeInstrument(command_id=world.new_id(), actor=SYSTEM, symbol=SYMBOL, reason="calm")


@pytest.mark.parametrize("is_same_batch", [False, True])
def test_a_quote_taken_before_its_instrument_opens_acts_when_it_does(
    world: World, server: Server, tmp_path: Path, is_same_batch: bool
) -> None:
    """Regression: it acted with the next quote only, so on a feed that had fallen silent never."""
    orders = stopped(world)
    caller = Caller(server, tmp_path)
    send_quote(world, caller, 50, "96.00", "97.00")
    if not is_same_batch:
        step_until(server, lambda: not server._inbox)
    assert not Order.objects.filter(pk__in=orders, status="FILLED").exists()
    caller.send(resume(world))
    assert caller.answers(1)[0]["reason"] == ""
    step_until(server, lambda: Order.objects.filter(pk__in=orders, status="FILLED").count() == 2)
    before = Journal.objects.count()
    server.step(0)
    assert Journal.objects.count() == before and not server._inbox
    assert world.violations() == [] and world.replay() == []


def test_a_quote_that_is_old_when_its_instrument_opens_does_nothing(world: World, server: Server, tmp_path: Path) -> None:
    orders = stopped(world)
    caller = Caller(server, tmp_path)
    send_quote(world, caller, 50, "96.00", "97.00")
    step_until(server, lambda: not server._inbox)
    world.clock.advance_ns(3 * SECOND + 1)
    caller.send(resume(world))
    assert caller.answers(1)[0]["reason"] == ""
    step_until(server, lambda: not server._inbox)
    assert not Order.objects.filter(pk__in=orders, status="FILLED").exists()
    send_quote(world, caller, 51, "96.00", "97.00")
    step_until(server, lambda: Order.objects.filter(pk__in=orders, status="FILLED").count() == 2)
    assert world.violations() == [] and world.replay() == []


@pytest.mark.parametrize(
    ("bid", "ask", "age_s", "is_paused"),
    [
        ("89.00", "91.00", 0, False),  # a tenth to the cent
        ("88.99", "90.99", 0, True),
        ("109.00", "111.00", 0, False),
        ("109.01", "111.01", 0, True),
        ("50.00", "51.00", 10, True),
        ("50.00", "51.00", 11, False),  # nobody knows what happened meanwhile
    ],
)
def test_the_band_is_measured_from_the_quote_before_if_it_is_of_now(
    world: World, server: Server, tmp_path: Path, bid: str, ask: str, age_s: int, is_paused: bool
) -> None:
    world.clock.advance_ns(age_s * SECOND)
    caller = Caller(server, tmp_path)
    send_quote(world, caller, 50, bid, ask)
    taken = instrument().pk
    step_until(server, lambda: world.session.venue.houses[taken].quote.ask_ticks == int(ask.replace(".", "")))  # type: ignore[union-attr]
    assert instrument().trading_state == ("HALTED" if is_paused else "OPEN")


def test_old_news_do_not_pause(world: World, server: Server, tmp_path: Path) -> None:
    caller = Caller(server, tmp_path)
    send_quote(world, caller, 1, "50.00", "51.00")  # the world's own quote has this sequence
    caller.send(world.order(world.bob, "BUY", "0.1", None))
    assert caller.answers(1)[0]["status"] == "FILLED"
    assert instrument().trading_state == "OPEN"


@pytest.mark.fault("F20")
def test_a_clock_that_is_set_back_ends_the_engine_before_anybody_trades_on_a_price_that_never_ages(
    world: World, server: Server, tmp_path: Path
) -> None:
    """Regression: its own clock stood still for an hour, every new tick was late by then, and the last one was fresh."""
    caller = Caller(server, tmp_path)
    world.clock.advance_ns(3600 * SECOND)
    send_quote(world, caller, 50, "99.00", "101.00")
    caller.send(world.order(world.bob, "BUY", "0.1", None))
    assert caller.answers(1)[0]["status"] == "FILLED"
    world.clock.advance_ns(-SECOND)  # a second is slept over
    server.step(0)
    world.clock.advance_ns(-3599 * SECOND + 10 * SECOND)
    caller.send(world.order(world.bob, "BUY", "0.1", None))
    with pytest.raises(ClockWentBackError):
        step_until(server, lambda: False)
    world.restart()
    assert world.submit(world.bob, "BUY", "0.1", None).reason == "STALE_PRICE"
    assert world.violations() == [] and world.replay() == []
    server._backlog.clear()  # of an engine that has ended

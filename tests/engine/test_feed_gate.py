"""From what a source says, through the gate of the feeds, to what the engine trades on: a stray tick, and a real jump."""

from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest

from apps.commands import framing
from apps.engine.server import Server
from apps.eventlog.schemas.marketdata import QuoteTick, QuoteTicks
from apps.instruments.models import Instrument
from apps.instruments.selectors import get_instrument
from apps.marketdata.feeds.gate import Gate
from apps.orders.models import Order
from tests.engine.test_server import Caller, server, step_until
from tests.engine.world import SYMBOL, World

__all__ = ["server"]  # the fixture

Say = Callable[[int, str, str], None]


@pytest.fixture
def say(world: World, server: Server, tmp_path: Path) -> Say:
    """A source of which the engine hears what the gate lets through."""
    caller, gate = Caller(server, tmp_path), Gate(world.clock.now_ns(), lambda kept: None)
    gate.know({SYMBOL: get_instrument(SYMBOL).grid})

    def said(number: int, bid: str, ask: str) -> None:
        now_ns = world.clock.now_ns()
        for epoch, ticks in gate.quotes([QuoteTick(SYMBOL, number, now_ns, bid, ask, "5", "5")], now_ns):
            body = msgspec.json.encode(QuoteTicks("test", epoch, ticks))
            caller.socket.sendall(framing.frame(framing.QUOTES, body))

    return said


def house_bid(world: World) -> int:
    quote = world.session.venue.houses[Instrument.objects.get(symbol=SYMBOL).pk].quote
    return 0 if quote is None or quote.source != "test" else quote.bid_ticks


def state() -> str:
    return str(Instrument.objects.get(symbol=SYMBOL).trading_state)


def begin(world: World, server: Server, say: Say) -> None:
    world.clock.advance_ns(4_000_000_000)  # the source before this one has been silent long enough
    say(1, "100.00", "100.02")
    step_until(server, lambda: house_bid(world) == 10_000)


@pytest.mark.fault("F31")
def test_a_stray_tick_reaches_no_order_and_pauses_nothing(world: World, server: Server, say: Say) -> None:
    begin(world, server, say)
    resting = world.submit(world.bob, "BUY", "0.5", "95.00")
    say(2, "70.00", "70.02")  # would fill it
    say(3, "100.10", "100.12")
    step_until(server, lambda: house_bid(world) == 10_010)
    assert (state(), Order.objects.get(pk=resting.order_id).status) == ("OPEN", "ACCEPTED")


@pytest.mark.fault("F31")
def test_a_jump_that_a_second_tick_confirms_pauses_before_anybody_trades_on_it(world: World, server: Server, say: Say) -> None:
    begin(world, server, say)
    resting = world.submit(world.bob, "BUY", "0.5", "95.00")
    say(2, "70.00", "70.02")
    say(3, "70.10", "70.12")
    step_until(server, lambda: state() == "HALTED")
    step_until(server, lambda: house_bid(world) == 7_010)
    assert Order.objects.get(pk=resting.order_id).status == "ACCEPTED"
    assert world.violations() == [] and world.replay() == []

"""The kill switch: of the venue, an instrument, an account. Refused from the next command on, canceled some hundred a batch."""

from typing import Any

import pytest

from apps.commands.types import HaltInstrument, KillVenue, RestoreVenue, ResumeInstrument, SuspendAccount
from apps.core.enums import TradingState
from apps.engine.matching.clock import ENDINGS_MAX
from tests.engine.matching.kit import ALICE, BOB, CHARLIE, SUPPORT, Market, actor

PEOPLE = (ALICE, BOB, CHARLIE)


@pytest.fixture
def market() -> Market:
    market = Market()
    for account_id in PEOPLE:
        market.fund(account_id, "10000000")
        for symbol in ("ACME", "BETA"):
            market.fund(account_id, "10000", symbol)
    market.quote(9_990, 10_010)
    market.quote(9_990, 10_010, symbol="BETA")
    market.take()
    return market


def rest(market: Market, count: int, symbol: str = "ACME") -> list[int]:
    """Resting buys of all three, one after the other; an account may have 200."""
    return [market.submit(PEOPLE[i % 3], "BUY", "1", f"9{i % 9}", symbol=symbol).order_id for i in range(count)]


def canceled(market: Market) -> list[int]:
    events = market.take().events
    assert {event.kind for event in events} <= {"ORDER_CANCELED"}
    assert {event.fields["reason"] for event in events} <= {"CANCELED_BY_KILL_SWITCH"}
    assert {event.command_id for event in events} <= {""}  # the customers learn of no command of staff
    return [event.order.order_id for event in events]


def test_a_killed_venue_refuses_every_order_at_once_and_cancels_all_in_batches(market: Market) -> None:
    orders = rest(market, ENDINGS_MAX) + rest(market, 80, "BETA")
    market.take()
    assert market.ask(KillVenue, reason="a wrong price").reason == ""
    assert market.take().venue == (True, "a wrong price")
    answer = market.submit(ALICE, "BUY", "1", "99")
    assert (answer.status, answer.reason) == ("REJECTED", "VENUE_KILLED")
    assert [e.kind for e in market.take().events] == [
        *["ORDER_CANCELED"] * ENDINGS_MAX, "ORDER_REJECTED"
    ]  # the batch of that order began with a share of the cancellations  # fmt: skip
    market.begin()
    assert canceled(market) == orders[ENDINGS_MAX:]
    assert not market.venue.orders
    assert all(market.money(account)[1] == 0 for account in PEOPLE)
    before = market.venue.sequence
    market.begin(60)
    assert market.venue.sequence == before and market.venue.timers.next_ns is None


def test_nothing_trades_in_a_killed_venue_and_everything_can_be_canceled(market: Market) -> None:
    rest(market, ENDINGS_MAX + 3)
    market.ask(KillVenue)
    assert not market.quote(9_000, 9_010)  # it would have filled all of them
    last = max(market.venue.orders)
    assert market.canceled(market.venue.orders[last].account_id, last).status == "CANCELED"
    assert not market.take().trades


def test_it_is_restored_when_the_last_order_is_gone(market: Market) -> None:
    rest(market, ENDINGS_MAX + 50)
    market.ask(KillVenue)
    assert market.venue.is_killed
    market.take()
    assert market.ask(RestoreVenue).reason == "OPEN_ORDERS_EXIST"  # all but 50 went with its batch
    assert market.ask(RestoreVenue, reason="mended").reason == ""
    assert market.take().venue == (False, "")
    assert market.submit(ALICE, "BUY", "1", "99").status == "ACCEPTED"


def test_killing_what_is_killed_and_restoring_what_is_not_is_done(market: Market) -> None:
    assert market.ask(RestoreVenue).reason == ""
    market.ask(KillVenue, reason="first")
    market.take()
    assert market.ask(KillVenue, reason="second").reason == ""
    assert market.take().venue is None and market.venue.kill_reason == "first"


@pytest.mark.parametrize("who", [actor(ALICE), SUPPORT])
@pytest.mark.parametrize("kind", [KillVenue, RestoreVenue])
def test_only_admins_and_the_system_kill(market: Market, kind: Any, who: Any) -> None:
    assert market.ask(kind, by=who).reason == "NOT_ALLOWED"
    assert not market.venue.is_killed


@pytest.mark.parametrize("kind", [KillVenue, RestoreVenue])
@pytest.mark.parametrize("reason", ["", "ab", "x" * 201, "a\x00bc"])
def test_both_need_a_reason(market: Market, kind: Any, reason: str) -> None:
    assert market.ask(kind, reason=reason).field == "reason"


def test_one_instrument_is_swept_and_the_others_go_on(market: Market) -> None:
    orders, others = rest(market, ENDINGS_MAX + 20), rest(market, 20, "BETA")
    market.take()
    market.ask(HaltInstrument, symbol="ACME", cancel_orders=True)
    assert [event.kind for event in market.take().events] == ["INSTRUMENT_HALTED"]
    market.begin()
    assert canceled(market) == orders[:ENDINGS_MAX]
    assert market.venue.instruments[1].is_sweeping
    market.begin()
    assert canceled(market) == orders[ENDINGS_MAX:]
    assert not market.venue.instruments[1].is_sweeping
    assert list(market.venue.orders) == others
    assert market.submit(ALICE, "BUY", "1", "99", symbol="BETA").status == "ACCEPTED"


def test_it_stays_halted_until_the_sweep_is_over(market: Market) -> None:
    rest(market, ENDINGS_MAX + 20)
    market.ask(HaltInstrument, symbol="ACME", cancel_orders=True)
    assert market.ask(ResumeInstrument, symbol="ACME").reason == "OPEN_ORDERS_EXIST"
    assert market.ask(ResumeInstrument, symbol="ACME").reason == ""
    assert market.venue.instruments[1].trading_state is TradingState.OPEN


def test_a_halt_without_the_switch_keeps_the_orders_and_the_switch_works_on_what_is_halted(market: Market) -> None:
    orders = rest(market, 3)
    market.halt()
    market.begin(60)
    assert sorted(market.venue.orders) == orders
    market.take()
    market.ask(HaltInstrument, symbol="ACME", cancel_orders=True)
    market.begin()
    assert canceled(market) == orders


def test_a_sweep_of_nothing_is_over_with_the_next_batch(market: Market) -> None:
    market.ask(HaltInstrument, symbol="ACME", cancel_orders=True)
    market.begin()
    assert not market.venue.instruments[1].is_sweeping


@pytest.mark.parametrize("is_suspended", [False, True])
def test_an_account_is_suspended_and_its_orders_canceled_in_one_step(market: Market, is_suspended: bool) -> None:
    rest(market, 30)
    if is_suspended:
        market.suspend(ALICE)
    market.take()
    market.ask(SuspendAccount, account_id=ALICE, cancel_orders=True)
    kinds = [event.kind for event in market.take().events]
    assert kinds == [*(["ACCOUNT_SUSPENDED"] if not is_suspended else []), *["ORDER_CANCELED"] * 10]
    assert market.venue.accounts[ALICE].open_orders == 0 and market.money(ALICE)[1] == 0
    assert {order.account_id for order in market.venue.orders.values()} == {BOB, CHARLIE}


def test_a_suspension_without_the_switch_keeps_the_orders(market: Market) -> None:
    rest(market, 3)
    market.suspend(ALICE)
    assert market.venue.accounts[ALICE].open_orders == 1

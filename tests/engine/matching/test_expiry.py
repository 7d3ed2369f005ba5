"""Orders that end by themselves: GTD at an instant, DAY with the session; and the dead man's switch."""

from typing import Any

import pytest

from apps.commands.types import Session, SetDeadMansSwitch, SetSessions, SuspendAccount
from apps.core.enums import TradingState
from apps.engine.matching import clock
from apps.engine.matching.clock import ENDINGS_MAX
from tests.engine.matching.kit import ALICE, BOB, CHARLIE, SECOND, SUPPORT, Market, actor
from tests.engine.matching.recorder import reloaded

DAY_S = 86_400


@pytest.fixture
def market() -> Market:
    market = Market()
    for account_id in (ALICE, BOB, CHARLIE):
        market.fund(account_id, "1000000")
        market.fund(account_id, "10000", "ACME")
    market.quote(9_990, 10_010)
    market.take()
    return market


def gtd(market: Market, account_id: int, seconds: int, side: str = "BUY", price: str = "99", **more: Any) -> Any:
    return market.order(account_id, side, "1", price, "GTD", expires_at_ns=market.now_ns + seconds * SECOND, **more)


def open_a_session(market: Market, *hours: tuple[int, int], around_the_clock: bool = True, symbol: str = "ACME") -> None:
    """Sessions from and to so many hours from now; their pre-open is their beginning."""
    sessions = [[market.now_ns + h * 3600 * SECOND for h in (start, start, end)] for start, end in hours]
    asked = [Session(*instants) for instants in sessions]
    answer = market.ask(SetSessions, symbol=symbol, sessions=asked, around_the_clock=around_the_clock)
    assert answer.reason == ""


def kinds(market: Market) -> list[str]:
    return [event.kind for event in market.take().events]


def test_a_gtd_order_rests_until_its_instant_and_then_expires(market: Market) -> None:
    order = gtd(market, ALICE, 60)
    assert order.status == "ACCEPTED"
    before = market.money(ALICE)
    market.begin(59)
    assert market.venue.knows_order(order.order_id) and market.money(ALICE) == before
    market.take()
    market.begin(1)
    changes = market.take()
    assert [(e.kind, e.fields["reason"], e.command_id) for e in changes.events] == [("ORDER_EXPIRED", "EXPIRED_AT_ITS_TIME", "")]
    assert not market.venue.knows_order(order.order_id)
    assert market.money(ALICE) == (before[0], 0)
    assert market.venue.accounts[ALICE].open_orders == 0
    assert market.venue.best(1) == (None, None)


def test_what_filled_before_it_expired_stays_filled(market: Market) -> None:
    order = market.submit(ALICE, "BUY", "5", "99.95", "GTD", expires_at_ns=market.now_ns + SECOND)
    market.submit(BOB, "SELL", "2", "99.95", "IOC")
    market.take()
    market.begin(1)
    [event] = market.take().events
    assert (event.order.order_id, event.order.status, event.fields["filled_lots"]) == (order.order_id, "EXPIRED", 2)


def test_a_gtd_order_that_trades_at_once_or_is_canceled_leaves_no_timer(market: Market) -> None:
    gtd(market, ALICE, 60, price="101")
    canceled = gtd(market, ALICE, 60)
    market.canceled(ALICE, canceled.order_id)
    market.take()
    market.begin(120)
    assert kinds(market) == []


@pytest.mark.parametrize("seconds", [0, -1])
def test_an_end_that_has_passed_is_rejected(market: Market, seconds: int) -> None:
    answer = gtd(market, ALICE, seconds)
    assert (answer.status, answer.reason) == ("REJECTED", "EXPIRES_TOO_SOON")
    assert market.money(ALICE)[1] == 0


@pytest.mark.parametrize("expires", [None, 0, -5, 10**30])
def test_an_end_that_cannot_be_is_refused(market: Market, expires: int | None) -> None:
    answer = market.order(ALICE, "BUY", "1", "99", "GTD", expires_at_ns=expires)
    assert (answer.reason, answer.field) == ("INVALID_FIELD", "expires_at_ns")


def test_ninety_days_is_the_longest(market: Market) -> None:
    assert gtd(market, ALICE, 90 * DAY_S).status == "ACCEPTED"
    assert gtd(market, ALICE, 90 * DAY_S + 1).reason == "INVALID_FIELD"


@pytest.mark.parametrize("tif", ["GTC", "DAY", "IOC", "FOK"])
def test_only_gtd_names_its_end(market: Market, tif: str) -> None:
    answer = market.order(ALICE, "BUY", "1", "99", tif, expires_at_ns=market.now_ns + SECOND)
    assert (answer.reason, answer.field) == ("INVALID_FIELD", "expires_at_ns")


@pytest.mark.parametrize("tif", ["DAY", "GTD"])
def test_a_market_order_has_nothing_that_could_last(market: Market, tif: str) -> None:
    more: Any = {"expires_at_ns": market.now_ns + SECOND} if tif == "GTD" else {}
    answer = market.order(ALICE, "BUY", "1", None, tif, **more)
    assert (answer.reason, answer.field) == ("INVALID_FIELD", "time_in_force")


def test_an_end_within_a_microsecond_is_stored_as_the_microsecond(market: Market) -> None:
    order = market.submit(ALICE, "BUY", "1", "99", "GTD", expires_at_ns=market.now_ns + SECOND + 999)
    assert market.venue.orders[order.order_id].terms.expires_ns == market.now_ns + SECOND


def test_orders_that_end_together_end_some_hundred_a_batch_the_oldest_first(market: Market) -> None:
    accounts = (ALICE, BOB, CHARLIE)
    orders = [gtd(market, accounts[i % 3], 60, price=f"9{i % 9}").order_id for i in range(ENDINGS_MAX + 70)]
    market.take()
    market.begin(60)
    ended = [event.order.order_id for event in market.take().events]
    assert ended == orders[:ENDINGS_MAX]
    assert market.venue.timers.next_ns == market.now_ns  # the rest is due still
    market.begin()
    assert [event.order.order_id for event in market.take().events] == orders[ENDINGS_MAX:]
    market.begin()
    assert kinds(market) == []


@pytest.fixture
def behind(market: Market, monkeypatch: pytest.MonkeyPatch) -> Market:
    """One order ends a batch: of those at 100.05 that are over, Alice is out of the book and Bob is not. Charlie stays."""
    monkeypatch.setattr(clock, "ENDINGS_MAX", 1)
    for account_id in (ALICE, BOB):
        gtd(market, account_id, 1, side="SELL", price="100.05")
    market.submit(CHARLIE, "SELL", "1", "100.06")
    gtd(market, ALICE, 1, price="90")
    market.stop(BOB, "SELL", "1", "98.00", tif="GTD", expires_at_ns=market.now_ns + SECOND)
    market.pass_seconds(1)
    return market


def statuses(market: Market, account_id: int) -> list[str]:
    return [order.status for order in market.venue.orders.values() if order.account_id == account_id]


@pytest.mark.fault("F20")
def test_what_is_over_meets_nobody_though_the_clock_is_behind(behind: Market) -> None:
    """Regression: of more that ended at one instant than one batch ends, the rest were filled after their time."""
    answer = behind.submit(ALICE, "BUY", "1", "100.08", "IOC")
    assert (answer.status, answer.average_price) == ("FILLED", "100.06")
    assert statuses(behind, BOB)[0] == "EXPIRED"
    expired = [event for event in behind.take().events if event.kind == "ORDER_EXPIRED"]
    assert {event.fields["reason"] for event in expired} == {"EXPIRED_AT_ITS_TIME"}


def test_what_is_over_counts_for_no_fill_or_kill(behind: Market) -> None:
    assert behind.submit(ALICE, "BUY", "2", "100.06", "FOK").reason == "FOK_NOT_FILLABLE"
    assert behind.submit(ALICE, "BUY", "1", "100.06", "FOK").status == "FILLED"


def test_what_is_over_bars_no_post_only_order(behind: Market) -> None:
    assert behind.submit(ALICE, "BUY", "1", "100.05", post_only=True).status == "ACCEPTED"


def test_the_house_fills_nobody_who_is_over_and_sets_nobody_off(behind: Market) -> None:
    behind.begin()
    behind.quote(10_050, 10_060)
    assert statuses(behind, BOB)[0] == "EXPIRED"
    behind.quote(9_780, 9_790)
    assert statuses(behind, BOB) == ["EXPIRED", "EXPIRED"]
    assert behind.money(BOB, "ACME") == (10_000 * 10**8, 0)


def test_what_is_over_cannot_be_amended(behind: Market) -> None:
    order_id = next(order.order_id for order in behind.venue.orders.values() if order.account_id == BOB)
    answer = behind.amended(BOB, order_id, price="100.00")
    assert (answer.status, answer.reason) == ("EXPIRED", "ORDER_NOT_OPEN")


def test_a_day_order_is_over_when_its_session_is(market: Market, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "ENDINGS_MAX", 1)
    open_a_session(market, (-1, 1), (1, 25))
    for account_id in (ALICE, ALICE, ALICE, BOB):
        market.submit(account_id, "SELL", "1", "100.05", "DAY")
    market.pass_seconds(3600)
    market.quote(9_990, 10_010)
    next_day = market.submit(BOB, "SELL", "1", "100.07", "DAY")
    assert market.submit(CHARLIE, "BUY", "1", "100.08", "IOC").average_price == "100.07"
    assert market.venue.orders[next_day.order_id].status == "FILLED"
    assert statuses(market, BOB) == ["EXPIRED", "FILLED"]


def test_a_day_order_needs_a_session_that_can_end(market: Market) -> None:
    answer = market.submit(ALICE, "BUY", "1", "99", "DAY")
    assert (answer.status, answer.reason) == ("REJECTED", "NO_SESSION")
    open_a_session(market, (-1, 5))
    assert market.submit(ALICE, "BUY", "1", "99", "DAY").status == "ACCEPTED"


def test_a_day_order_ends_with_the_session_and_the_market_around_the_clock_goes_on(market: Market) -> None:
    open_a_session(market, (-1, 5), (5, 29))
    day, gtc = market.submit(ALICE, "BUY", "1", "99", "DAY"), market.submit(BOB, "BUY", "1", "98")
    other = market.submit(BOB, "BUY", "1", "97", "DAY")
    market.take()
    market.begin(5 * 3600 - 1)
    assert kinds(market) == []
    market.begin(1)
    events = market.take().events
    assert [(e.kind, e.order.order_id) for e in events] == [("ORDER_EXPIRED", day.order_id), ("ORDER_EXPIRED", other.order_id)]
    assert {e.fields["reason"] for e in events} == {"EXPIRED_WITH_THE_SESSION"}
    assert market.venue.knows_order(gtc.order_id)
    instrument = market.venue.instruments[1]
    assert instrument.trading_state is TradingState.OPEN and len(instrument.sessions) == 1


def test_a_day_order_of_the_next_session_does_not_end_with_this_one_though_this_one_is_still_ending(market: Market) -> None:
    open_a_session(market, (-1, 1), (1, 25))
    for i in range(ENDINGS_MAX + 1):
        market.submit((ALICE, BOB, CHARLIE)[i % 3], "BUY", "1", "99", "DAY")
    market.take()
    market.begin(3600)
    market.quote(9_990, 10_010)
    late = market.submit(ALICE, "BUY", "1", "98", "DAY")
    market.begin()
    market.take()
    assert [o.order_id for o in market.venue.orders.values()] == [late.order_id]
    market.begin(24 * 3600)
    market.take()
    assert not market.venue.orders


@pytest.mark.fault("F20")
def test_the_clock_stands_and_jumps_without_harm(market: Market) -> None:
    """Days in which nobody looked are made good for in one go."""
    open_a_session(market, (0, 8), (24, 32), (48, 56), around_the_clock=False)
    day = market.submit(ALICE, "BUY", "1", "99", "DAY")
    market.take()
    market.begin(50 * 3600)
    assert not market.venue.knows_order(day.order_id) or market.venue.orders[day.order_id].status == "EXPIRED"
    instrument = market.venue.instruments[1]
    assert instrument.trading_state is TradingState.OPEN and len(instrument.sessions) == 1
    before = market.venue.sequence
    market.now_ns -= 10 * 3600 * SECOND
    market.begin()
    assert market.venue.sequence == before


# The dead man's switch


def arm(market: Market, seconds: int, account_id: int = ALICE, **more: Any) -> Any:
    return market.ask(SetDeadMansSwitch, by=more.pop("by", actor(account_id)), account_id=account_id, seconds=seconds)


def test_the_switch_cancels_everything_of_the_account_unless_it_is_renewed(market: Market) -> None:
    mine = [market.submit(ALICE, "BUY", "1", "99").order_id, market.submit(ALICE, "SELL", "1", "101").order_id]
    beta = market.order(BOB, "BUY", "1", "98").order_id
    assert arm(market, 10).reason == ""
    market.begin(9)
    arm(market, 10)
    market.take()
    market.begin(9)
    assert kinds(market) == []
    market.begin(1)
    events = market.take().events
    assert [(e.kind, e.order and e.order.order_id) for e in events] == [
        ("ORDER_CANCELED", mine[0]),
        ("ORDER_CANCELED", mine[1]),
        ("DEAD_MANS_SWITCH_FIRED", None),
    ]
    assert {e.fields["reason"] for e in events[:2]} == {"CANCELED_BY_DEAD_MANS_SWITCH"}
    assert events[2].fields == {"canceled": 2}
    assert market.venue.accounts[ALICE].dead_man_ns == 0
    assert list(market.venue.orders) == [beta]
    assert market.money(ALICE)[1] == 0
    market.begin(100)
    assert kinds(market) == []  # it fires once


def test_it_fires_with_nothing_open_too_so_that_its_owner_knows_that_it_is_off(market: Market) -> None:
    arm(market, 2)
    market.take()
    market.begin(2)
    [event] = market.take().events
    assert (event.kind, event.fields) == ("DEAD_MANS_SWITCH_FIRED", {"canceled": 0})


def test_zero_seconds_switch_it_off(market: Market) -> None:
    market.submit(ALICE, "BUY", "1", "99")
    arm(market, 10)
    arm(market, 0)
    market.take()
    market.begin(100)
    assert kinds(market) == []
    assert len(market.venue.orders) == 1


@pytest.mark.parametrize("restarts", [False, True])
def test_a_renewed_switch_fires_in_its_turn_also_when_it_was_armed_for_earlier(market: Market, restarts: bool) -> None:
    """What comes first is that of the earlier instant, whatever an engine remembers of switches that were put off."""
    arm(market, 3)
    market.pass_seconds(2)
    arm(market, 2)
    order_id = gtd(market, ALICE, 2).order_id
    market.take()
    if restarts:
        market.venue = reloaded(market.venue, 8)
    market.begin(2)
    events = [(e.kind, e.fields.get("canceled"), e.order and e.order.order_id) for e in market.take().events]
    assert events == [("ORDER_EXPIRED", None, order_id), ("DEAD_MANS_SWITCH_FIRED", 0, None)]


def test_looking_at_a_switch_that_was_put_off_takes_nobodys_place_in_the_batch(
    market: Market, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "ENDINGS_MAX", 2)
    arm(market, 3)
    market.pass_seconds(2)
    arm(market, 5)
    for _ in range(2):
        gtd(market, BOB, 1)
    market.take()
    market.begin(1)
    assert kinds(market) == ["ORDER_EXPIRED"] * 2


def test_renewals_do_not_pile_up(market: Market) -> None:
    for _ in range(5000):
        arm(market, 3600)
        market.now_ns += SECOND // 10
    assert len(market.venue.timers.endings) == 1


@pytest.mark.parametrize("seconds", [1, 3601, -1, 10**20])
def test_seconds_are_bounded(market: Market, seconds: int) -> None:
    answer = arm(market, seconds)
    assert (answer.reason, answer.field) == ("INVALID_FIELD", "seconds")


def test_nobody_sets_somebody_elses(market: Market) -> None:
    assert arm(market, 10, BOB, by=actor(ALICE)).reason == "UNKNOWN_ACCOUNT"
    assert arm(market, 10, ALICE, by=SUPPORT).reason == "NOT_ALLOWED"


def test_a_suspended_account_may_still_set_it_for_it_can_only_cancel(market: Market) -> None:
    market.ask(SuspendAccount, account_id=ALICE)
    assert arm(market, 10).reason == ""


def test_it_works_while_the_instrument_is_halted(market: Market) -> None:
    order = market.submit(ALICE, "BUY", "1", "99")
    arm(market, 10)
    market.halt()
    market.begin(10)
    assert market.cancel(ALICE, order.order_id).reason == "ORDER_NOT_OPEN"

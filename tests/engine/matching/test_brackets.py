"""An entry with its exits: made when it fills, as large as what it filled, cancelling each other."""

import pytest

from apps.commands.answers import RefusedAnswer
from apps.commands.types import Bracket, Leg
from apps.core.enums import OrderType, Side
from apps.engine.matching.state import Order
from tests.engine.matching.kit import ALICE, BOB, CHARLIE, ONE, Market
from tests.engine.matching.test_triggers import kinds

TARGET = Leg(order_type=OrderType.LIMIT, price="110.00")
STOP = Leg(order_type=OrderType.STOP, trigger_price="95.00")
BOTH = Bracket(target=TARGET, stop=STOP)


@pytest.fixture
def market() -> Market:
    """The reference is 100.00. Alice has money and nothing to sell."""
    market = Market()
    for account in (ALICE, BOB, CHARLIE):
        market.fund(account, "100000")
    market.fund(BOB, "500", "ACME")
    market.quote(9_990, 10_010)
    market.take()
    return market


def exits(market: Market) -> list[Order]:
    return sorted(
        (o for o in market.venue.orders.values() if o.terms is not None and o.terms.parent_id and o.held),
        key=lambda order: order.order_id,
    )


def test_a_market_entry_gets_its_exits_in_the_same_step(market: Market) -> None:
    entry = market.submit(ALICE, "BUY", "10", bracket=BOTH)
    assert (entry.status, entry.filled_quantity) == ("FILLED", "10")
    assert kinds(market.take()) == ["ORDER_ACCEPTED", "ORDER_FILLED", "ORDER_ACCEPTED", "ORDER_ACCEPTED"]
    target, stop = exits(market)
    assert (target.order_type, target.status, target.ticks, target.lots) == ("LIMIT", "ACCEPTED", 11_000, 10)
    assert (stop.order_type, stop.status, stop.lots, stop.side) == ("STOP", "WAITING", 10, Side.SELL)
    assert (target.client_order_id, stop.client_order_id) == (f"{target.order_id}.1", f"{target.order_id}.2")
    for order in (target, stop):
        assert order.terms is not None
        assert (order.terms.link_id, order.terms.parent_id) == (target.order_id, entry.order_id)
    assert market.money(ALICE, "ACME") == (10 * ONE, 10 * ONE)
    assert market.venue.accounts[ALICE].open_orders == 2


def test_exits_grow_with_the_entry_and_a_resting_one_takes_a_new_place(market: Market) -> None:
    entry = market.submit(ALICE, "BUY", "10", "100.00", bracket=BOTH)
    assert not exits(market), "nothing is bought yet"
    market.submit(BOB, "SELL", "4", "100.00")
    target, stop = exits(market)
    assert (target.lots, stop.lots) == (4, 4)
    market.submit(BOB, "SELL", "5", "110.00")
    market.take()
    market.submit(BOB, "SELL", "3", "100.00")
    changes = market.take()
    amended = [event.fields for event in changes.events if event.kind == "ORDER_AMENDED"]
    assert [(fields["lots"], fields["kept_priority"], fields["reason"]) for fields in amended] == [
        (7, False, "ENTRY_FILLED"),
        (7, True, "ENTRY_FILLED"),
    ]
    level = market.venue.books[1].asks.level(11_000)
    assert level is not None and level.first().account_id == BOB, "the target stands behind who came between"
    assert market.money(ALICE, "ACME") == (7 * ONE, 7 * ONE)
    market.canceled(ALICE, entry.order_id)
    assert [order.lots for order in exits(market)] == [7, 7], "they live on when the entry ends"


def test_an_entry_filled_by_the_house_as_it_rests_gets_its_exits(market: Market) -> None:
    market.submit(ALICE, "BUY", "10", "99.00", bracket=BOTH)
    market.take()
    market.quote(9_880, 9_900)
    assert kinds(market.take()) == ["ORDER_FILLED", "ORDER_ACCEPTED", "ORDER_ACCEPTED"]
    assert [order.lots for order in exits(market)] == [10, 10]


def test_the_target_takes_its_lots_off_the_stop(market: Market) -> None:
    market.submit(ALICE, "BUY", "10", bracket=BOTH)
    target, stop = exits(market)
    market.quote(10_980, 11_020)
    market.submit(BOB, "BUY", "4", "110.00")
    assert (target.filled_lots, stop.lots, stop.status) == (4, 6, "WAITING")
    market.quote(11_010, 11_020)
    assert (target.status, stop.status, stop.reason) == ("FILLED", "CANCELED", "LINKED_ORDER_FILLED")
    assert market.money(ALICE, "ACME") == (0, 0)
    market.take()
    assert not market.venue.links and not market.venue.exits


def test_the_stop_sells_and_cancels_the_target_and_the_rest_of_the_entry(market: Market) -> None:
    entry = market.submit(ALICE, "BUY", "10", "100.00", bracket=BOTH)
    market.submit(BOB, "SELL", "4", "100.00")
    target, stop = exits(market)
    resting = market.venue.orders[entry.order_id]
    market.take()
    market.quote(8_990, 10_010)  # the mid is 95.00, and the house does not reach the entry
    assert (resting.status, resting.reason) == ("CANCELED", "LINKED_ORDER_TRIGGERED"), "or the stop would meet its own entry"
    assert (target.status, target.reason) == ("CANCELED", "LINKED_ORDER_TRIGGERED")
    assert (stop.status, stop.filled_lots, [trade.ticks for trade in market.take().trades]) == ("FILLED", 4, [8_990])
    assert market.money(ALICE, "ACME") == (0, 0) and market.venue.accounts[ALICE].open_orders == 0


def test_a_single_exit_stands_alone(market: Market) -> None:
    market.submit(ALICE, "BUY", "10", bracket=Bracket(stop=Leg(order_type=OrderType.TRAILING_STOP, trail_bps=100)))
    [stop] = exits(market)
    assert stop.terms is not None and stop.terms.trigger_ticks == 9_900
    market.take()
    market.quote(10_290, 10_310)
    assert stop.terms.trigger_ticks == 10_197
    market.quote(10_100, 10_120)
    assert stop.status == "FILLED"
    market.take()
    assert not market.venue.links and not market.venue.exits


def test_a_trailing_exit_begins_at_what_was_paid_when_the_house_is_gone(market: Market) -> None:
    market.submit(ALICE, "BUY", "10", "100.00", bracket=Bracket(stop=Leg(order_type=OrderType.TRAILING_STOP, trail_amount="2")))
    entry = next(iter(market.venue.orders.values()))
    market.venue.houses[1].withdraw()
    from apps.engine.matching.brackets import _reference

    entry.filled_lots, entry.notional = 4, 4 * 10_000 * entry.instrument.grid.tick_lot_value
    assert _reference(market.venue, entry) == 20_000
    entry.filled_lots = entry.notional = 0


def test_an_exit_that_is_reached_already_acts_at_once(market: Market) -> None:
    """The entry rests above its stop while the market falls past both in one quote."""
    market.submit(ALICE, "BUY", "10", "98.00", bracket=BOTH)
    market.take()
    market.quote(9_300, 9_320)
    changes = market.take()
    assert kinds(changes) == [
        "ORDER_FILLED", "ORDER_ACCEPTED", "ORDER_ACCEPTED", "ORDER_TRIGGERED", "ORDER_CANCELED", "ORDER_FILLED",
    ]  # fmt: skip
    assert market.money(ALICE, "ACME") == (0, 0) and market.venue.accounts[ALICE].open_orders == 0


def test_a_stop_entry_gets_its_exits_when_it_was_set_off(market: Market) -> None:
    answer = market.stop(ALICE, "BUY", "10", "105.00", bracket=BOTH)
    assert answer.status == "WAITING"
    market.quote(10_490, 10_510)
    assert [order.lots for order in exits(market)] == [10, 10]


def test_an_exit_that_fills_another_entry_makes_its_exits_too(market: Market) -> None:
    market.submit(CHARLIE, "BUY", "10", "94.95", bracket=Bracket(stop=Leg(order_type=OrderType.STOP, trigger_price="80.00")))
    market.submit(ALICE, "BUY", "10", bracket=BOTH)
    market.quote(9_470, 9_530, lots=0)
    assert [(order.account_id, order.lots) for order in exits(market)] == [(CHARLIE, 10)]


@pytest.mark.parametrize(
    ("side", "price", "bracket", "field"),
    [
        ("SELL", "100.00", BOTH, "bracket"),
        ("BUY", "100.00", Bracket(), "bracket"),
        ("BUY", "110.00", BOTH, "target"),
        ("BUY", "95.00", BOTH, "stop"),
        ("BUY", "100.00", Bracket(target=STOP), "target"),
        ("BUY", "100.00", Bracket(stop=TARGET), "stop"),
        ("BUY", "100.00", Bracket(stop=Leg(order_type=OrderType.STOP)), "trigger_price"),
    ],
)
def test_a_bracket_that_does_not_fit_is_refused(market: Market, side: str, price: str, bracket: Bracket, field: str) -> None:
    answer = market.order(BOB, side, "1", price, bracket=bracket)
    assert isinstance(answer, RefusedAnswer)
    assert answer.field == field


@pytest.mark.parametrize(
    ("bracket", "reason"),
    [
        (Bracket(target=Leg(order_type=OrderType.LIMIT, price="100.00")), "TRIGGER_REACHED"),
        (Bracket(stop=Leg(order_type=OrderType.STOP, trigger_price="100.00")), "TRIGGER_REACHED"),
        (Bracket(stop=Leg(order_type=OrderType.TRAILING_STOP, trail_amount="100")), "PRICE_COLLAR"),
        (Bracket(stop=Leg(order_type=OrderType.STOP_LIMIT, trigger_price="95", price="80")), "PRICE_COLLAR"),
    ],
)
def test_exits_of_a_market_entry_are_judged_by_the_reference(market: Market, bracket: Bracket, reason: str) -> None:
    answer = market.submit(ALICE, "BUY", "1", bracket=bracket)
    assert (answer.reason, answer.filled_quantity) == (reason, "0")


def test_a_bracket_needs_places_for_its_exits(market: Market) -> None:
    market.limit(ALICE, 2)
    assert market.submit(ALICE, "BUY", "1", "100.00", bracket=BOTH).reason == "TOO_MANY_OPEN_ORDERS"
    assert market.submit(ALICE, "BUY", "1", bracket=BOTH).status == "FILLED"
    market.limit(ALICE, 5)
    assert market.submit(ALICE, "BUY", "1", "100.00", bracket=BOTH).status == "ACCEPTED"

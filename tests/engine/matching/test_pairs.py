"""Two orders that cancel each other: they share a hold, shrink together, and one ends when the other is set off or ends."""

import pytest

from apps.commands.answers import PairAnswer, RefusedAnswer
from apps.commands.types import Leg
from apps.core.enums import OrderType, TimeInForce
from tests.engine.matching.kit import ALICE, BOB, CHARLIE, ONE, Market
from tests.engine.matching.test_triggers import kinds


@pytest.fixture
def market() -> Market:
    """The reference is 100.00."""
    market = Market()
    for account in (ALICE, BOB, CHARLIE):
        market.fund(account, "100000")
        market.fund(account, "50", "ACME")
    market.quote(9_990, 10_010)
    market.take()
    return market


def limit(price: str) -> Leg:
    return Leg(order_type=OrderType.LIMIT, price=price)


def stop(trigger: str, kind: str = "STOP", **more: str) -> Leg:
    return Leg(order_type=OrderType(kind), trigger_price=trigger, **more)  # type: ignore[arg-type]


def ids(answer: PairAnswer) -> tuple[int, int]:
    first, second = answer.orders
    return first.order_id, second.order_id


def reasons(market: Market) -> dict[int, str]:
    return {
        event.order.order_id: str(event.fields["reason"])
        for event in market.take().events
        if event.order is not None and event.kind in ("ORDER_CANCELED", "ORDER_AMENDED")
    }


def test_both_are_accepted_and_hold_once(market: Market) -> None:
    answer = market.paired(ALICE, "SELL", "50", limit("105.00"), stop("95.00"))
    first, second = answer.orders
    assert (first.status, second.status, answer.reason) == ("ACCEPTED", "WAITING", "")
    assert (first.command_id, second.command_id) == (f"{first.order_id}.1", f"{first.order_id}.2")
    assert (first.held, second.held) == ("50", "50")
    assert market.money(ALICE, "ACME") == (50 * ONE, 50 * ONE), "fifty shares, not a hundred"
    assert market.venue.accounts[ALICE].open_orders == 2


def test_a_pair_that_buys_holds_the_dearer_one(market: Market) -> None:
    market.paired(ALICE, "BUY", "10", limit("99.95"), stop("105.00"))
    assert market.money(ALICE)[1] == 10 * 11_550 * ONE // 100 * 1002 // 1000
    market.submit(BOB, "SELL", "4", "99.95")
    assert market.money(ALICE)[1] == 6 * 11_550 * ONE // 100 * 1002 // 1000


def test_what_fills_one_takes_the_same_off_the_other(market: Market) -> None:
    first, second = ids(market.paired(ALICE, "SELL", "50", limit("100.05"), stop("95.00")))
    market.take()
    market.submit(BOB, "BUY", "20", "100.05")
    order = market.venue.orders[second]
    assert (order.lots, order.filled_lots, order.status, order.held) == (30, 0, "WAITING", 30 * ONE)
    assert reasons(market) == {second: "LINKED_ORDER_FILLED"}
    assert market.money(ALICE, "ACME") == (30 * ONE, 30 * ONE)
    market.submit(BOB, "BUY", "30", "100.05")
    assert market.venue.orders[first].status == "FILLED"
    assert reasons(market) == {second: "LINKED_ORDER_FILLED"}
    assert (order.status, order.reason) == ("CANCELED", "LINKED_ORDER_FILLED")
    assert market.money(ALICE, "ACME") == (0, 0) and not market.venue.links


def test_one_that_trades_at_once_takes_it_off_the_other_in_the_same_step(market: Market) -> None:
    market.submit(BOB, "BUY", "20", "100.00")
    answer = market.paired(ALICE, "SELL", "50", limit("100.00"), stop("95.00"))
    first, second = answer.orders
    assert (first.status, first.filled_quantity, len(first.fills)) == ("PARTIALLY_FILLED", "20", 1)
    assert (second.status, second.quantity, second.held) == ("WAITING", "30", "30")
    market.submit(BOB, "BUY", "20", "99.00")
    whole = market.paired(CHARLIE, "SELL", "20", limit("99.00"), stop("95.00"))
    assert [order.status for order in whole.orders] == ["FILLED", "CANCELED"]
    assert whole.orders[1].reason == "LINKED_ORDER_FILLED"


def test_one_that_is_set_off_cancels_the_other_before_it_trades(market: Market) -> None:
    first, second = ids(market.paired(ALICE, "SELL", "50", limit("105.00"), stop("95.00")))
    market.take()
    market.quote(9_480, 9_490)
    changes = market.take()
    assert kinds(changes)[:2] == ["ORDER_TRIGGERED", "ORDER_CANCELED"]
    assert changes.changed_orders[first].reason == "LINKED_ORDER_TRIGGERED"
    assert changes.changed_orders[second].status == "FILLED"
    assert market.venue.best(1) == (None, None)
    assert market.money(ALICE, "ACME") == (0, 0)


def test_both_may_wait(market: Market) -> None:
    first, second = ids(market.paired(ALICE, "SELL", "50", stop("105.00", "TAKE_PROFIT"), stop("95.00")))
    market.take()
    market.quote(10_510, 10_520)
    changes = market.take()
    assert changes.changed_orders[first].status == "FILLED"
    assert changes.changed_orders[second].reason == "LINKED_ORDER_TRIGGERED"


def test_a_stop_limit_that_was_set_off_rests_alone(market: Market) -> None:
    first, second = ids(market.paired(ALICE, "SELL", "50", limit("105.00"), stop("95.00", "STOP_LIMIT", price="94.90")))
    market.quote(9_470, 9_530)
    assert market.venue.orders[first].status == "CANCELED"
    assert market.venue.orders[second].status == "ACCEPTED"
    market.take()
    market.submit(BOB, "BUY", "50", "94.90")
    assert market.money(ALICE, "ACME") == (0, 0) and not market.venue.links


@pytest.mark.parametrize("which", [0, 1])
def test_canceling_one_cancels_the_other(market: Market, which: int) -> None:
    both = ids(market.paired(ALICE, "SELL", "50", limit("105.00"), stop("95.00")))
    market.take()
    market.canceled(ALICE, both[which])
    assert reasons(market) == {both[which]: "CANCELED_BY_CUSTOMER", both[1 - which]: "LINKED_ORDER_ENDED"}
    assert market.money(ALICE, "ACME") == (50 * ONE, 0) and market.venue.accounts[ALICE].open_orders == 0


def test_neither_is_accepted_when_one_is_not(market: Market) -> None:
    answer = market.paired(ALICE, "SELL", "50", limit("105.00"), stop("100.00"))
    assert answer.reason == "TRIGGER_REACHED"
    assert [(order.status, order.reason, order.held) for order in answer.orders] == [("REJECTED", "TRIGGER_REACHED", "0")] * 2
    assert market.money(ALICE, "ACME") == (50 * ONE, 0) and not market.venue.links
    assert kinds(market.take()) == ["ORDER_REJECTED"] * 2


def test_a_pair_needs_two_places(market: Market) -> None:
    market.limit(ALICE, 1)
    assert market.paired(ALICE, "SELL", "5", limit("105.00"), stop("95.00")).reason == "TOO_MANY_OPEN_ORDERS"
    market.limit(ALICE, 2)
    assert market.paired(ALICE, "SELL", "5", limit("105.00"), stop("95.00")).reason == ""


@pytest.mark.parametrize(
    ("first", "second", "more", "field"),
    [
        (limit("105"), limit("106"), {}, "second"),
        (Leg(order_type=OrderType.MARKET), stop("95"), {}, "second"),
        (limit("105"), stop("95"), {"time_in_force": TimeInForce.IOC}, "time_in_force"),
        (limit("105"), stop("95"), {"time_in_force": TimeInForce.GTD}, "expires_at_ns"),
        (limit("105"), Leg(order_type=OrderType.STOP), {}, "trigger_price"),
        (limit("105"), stop("95"), {"quantity": "0.5"}, "quantity"),
        (limit("105"), stop("95"), {"symbol": "NONE"}, "symbol"),
    ],
)
def test_what_is_no_pair_is_refused_by_its_field(
    market: Market, first: Leg, second: Leg, more: dict[str, object], field: str
) -> None:
    quantity = str(more.get("quantity", "5"))
    rest = {name: value for name, value in more.items() if name != "quantity"}
    answer = market.pair(ALICE, "SELL", quantity, first, second, **rest)
    assert isinstance(answer, RefusedAnswer)
    assert answer.field == field


def test_the_prices_of_one_can_be_amended(market: Market) -> None:
    first, second = ids(market.paired(ALICE, "SELL", "5", limit("105.00"), stop("95.00")))
    assert market.amended(ALICE, first, price="104.00").status == "ACCEPTED"
    assert market.amended(ALICE, second, trigger_price="96.00").status == "WAITING"
    assert market.money(ALICE, "ACME") == (50 * ONE, 5 * ONE)

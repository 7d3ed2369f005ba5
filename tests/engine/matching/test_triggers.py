"""Orders that wait for the reference, and what happens when it reaches them: stop, stop-limit, take-profit."""

import pytest

from apps.commands.answers import OrderAnswer, RefusedAnswer
from apps.core.enums import OrderType
from apps.engine.matching.changes import Changes
from apps.engine.matching.triggers import TRIGGERS_MAX
from tests.engine.matching.kit import ALICE, BOB, CHARLIE, ONE, Market, acme


@pytest.fixture
def market() -> Market:
    """The reference is 100.00."""
    market = Market()
    for account in (ALICE, BOB, CHARLIE):
        market.fund(account, "100000")
        market.fund(account, "500", "ACME")
    market.quote(9_990, 10_010)
    market.take()
    return market


def kinds(changes: Changes) -> list[str]:
    return [event.kind for event in changes.events]


WAITS = [
    # kind, side, trigger, the quote that is one tick short of it, the quote that reaches it
    ("STOP", "SELL", "95.00", (9_491, 9_510), (9_490, 9_510)),
    ("STOP", "BUY", "105.00", (10_489, 10_510), (10_490, 10_510)),
    ("TAKE_PROFIT", "SELL", "105.00", (10_489, 10_510), (10_490, 10_510)),
    ("TAKE_PROFIT", "BUY", "95.00", (9_491, 9_510), (9_490, 9_510)),
]


@pytest.mark.parametrize(("kind", "side", "trigger", "short", "reaching"), WAITS)
def test_it_waits_in_no_book_until_the_reference_is_there_and_then_trades_at_the_market(
    market: Market, kind: str, side: str, trigger: str, short: tuple[int, int], reaching: tuple[int, int]
) -> None:
    answer = market.stop(ALICE, side, "5", trigger, kind)
    assert (answer.status, answer.reason, answer.price, answer.leaves_quantity) == ("WAITING", "", None, "5")
    assert market.venue.best(1) == (None, None)
    assert market.venue.accounts[ALICE].open_orders == 1
    changes = market.take()
    assert kinds(changes) == ["ORDER_ACCEPTED"] and list(changes.changed_terms) == [answer.order_id]

    assert not market.quote(*short)
    assert market.venue.orders[answer.order_id].status == "WAITING"
    assert market.quote(*reaching)
    changes = market.take()
    assert kinds(changes) == ["ORDER_TRIGGERED", "ORDER_FILLED"]
    [trade] = changes.trades
    assert (trade.ticks, trade.lots) == (reaching[1] if side == "BUY" else reaching[0], 5)
    [order] = changes.changed_orders.values()
    assert (order.status, order.held, order.filled_lots) == ("FILLED", 0, 5)
    assert changes.quotes_read[1].bid_ticks == reaching[0], "the quote is journaled"
    assert market.venue.accounts[ALICE].open_orders == 0


def test_what_customers_trade_among_themselves_sets_nothing_off(market: Market) -> None:
    stop = market.stop(ALICE, "SELL", "5", "99.95")
    market.submit(BOB, "BUY", "1", "99.91")
    assert market.submit(CHARLIE, "SELL", "1", "99.91").status == "FILLED", "a trade below the trigger"
    assert market.venue.orders[stop.order_id].status == "WAITING"


def test_a_stop_holds_what_it_could_cost_at_the_edge_around_its_trigger(market: Market) -> None:
    """105.00 and the collar of 10 % make 115.50; with the fee of 0.2 % that is 115.731 a share."""
    market.stop(ALICE, "BUY", "10", "105.00")
    assert market.money(ALICE) == (100_000 * ONE, 115_731 * ONE // 100)
    market.stop(BOB, "SELL", "10", "95.00")
    assert market.money(BOB, "ACME") == (500 * ONE, 10 * ONE)


def test_a_triggered_buy_pays_no_more_than_it_holds(market: Market) -> None:
    """The market jumps past the edge that was held for: nothing is bought beyond it."""
    answer = market.stop(ALICE, "BUY", "10", "105.00")
    market.take()
    market.quote(11_600, 11_610)
    changes = market.take()
    assert kinds(changes) == ["ORDER_TRIGGERED", "ORDER_CANCELED"]
    [order] = changes.changed_orders.values()
    assert (order.order_id, order.status, order.reason) == (answer.order_id, "CANCELED", "NO_LIQUIDITY")
    assert market.money(ALICE) == (100_000 * ONE, 0)
    market.stop(ALICE, "BUY", "10", "117.00")
    market.take()
    market.quote(12_860, 12_870)  # just within 117.00 and its collar
    assert [trade.ticks for trade in market.take().trades] == [12_870]


def test_what_a_triggered_order_does_not_get_is_canceled(market: Market) -> None:
    market.stop(ALICE, "SELL", "400", "95.00")
    market.take()
    market.quote(9_480, 9_500, lots=5)
    changes = market.take()
    order = next(iter(changes.changed_orders.values()))
    assert (order.status, order.reason) == ("CANCELED", "UNFILLED_REMAINDER")
    assert 0 < order.filled_lots < 400 and market.money(ALICE, "ACME")[1] == 0


def test_a_stop_limit_rests_at_its_limit_behind_those_that_were_there(market: Market) -> None:
    limit = market.stop(ALICE, "SELL", "5", "95.00", "STOP_LIMIT", price="94.90")
    assert (limit.status, limit.price, limit.held) == ("WAITING", "94.9", "5")
    market.take()
    market.quote(9_470, 9_490)
    assert kinds(market.take()) == ["ORDER_TRIGGERED"]
    order = market.venue.orders[limit.order_id]
    assert (order.status, order.priority > order.order_id) == ("ACCEPTED", True)
    earlier = market.submit(BOB, "SELL", "5", "94.90")
    assert market.venue.best(1) == (None, 9_490)
    market.submit(CHARLIE, "BUY", "5", "94.90", "IOC")
    assert order.status == "FILLED" and earlier.order_id in market.venue.orders


def test_orders_are_set_off_in_the_order_in_which_they_came(market: Market) -> None:
    first = market.stop(BOB, "SELL", "60", "94.00")
    second = market.stop(ALICE, "SELL", "60", "95.00")
    market.take()
    market.quote(9_390, 9_400, lots=50)
    triggered = [event.order.order_id for event in market.take().events if event.kind == "ORDER_TRIGGERED" and event.order]
    assert triggered == [first.order_id, second.order_id]


def test_nothing_is_set_off_while_the_instrument_is_halted_but_by_the_next_quote_after(market: Market) -> None:
    stop = market.stop(ALICE, "SELL", "5", "95.00")
    market.halt()
    assert not market.quote(9_000, 9_010)
    market.match()
    assert market.venue.orders[stop.order_id].status == "WAITING"
    market.resume()
    assert market.venue.orders[stop.order_id].status == "WAITING"
    assert market.quote(9_000, 9_010)
    assert market.venue.orders[stop.order_id].status == "FILLED"


def test_an_old_quote_sets_nothing_off(market: Market) -> None:
    stop = market.stop(ALICE, "SELL", "5", "95.00")
    assert market.quote(9_000, 9_010, match=False)
    market.pass_seconds(4)
    market.match()
    assert market.venue.orders[stop.order_id].status == "WAITING"


def test_more_than_one_batch_sets_off_come_in_the_next_by_the_same_quote() -> None:
    market = Market(acme(max_quantity="100000"))
    market.fund(ALICE, "100000")
    market.fund(ALICE, str(TRIGGERS_MAX + 60), "ACME")
    market.quote(9_990, 10_010)
    market.limit(ALICE, 200)
    for account in (ALICE, BOB, CHARLIE):
        market.fund(account, "1000", "ACME")
    market.checked = False
    ids = [market.stop(account, "SELL", "1", "95.00").order_id for account in (ALICE, BOB, CHARLIE) for _ in range(200)]
    market.take()
    market.quote(9_000, 9_010, lots=10_000)
    triggered = [event.order.order_id for event in market.take().events if event.kind == "ORDER_TRIGGERED" and event.order]
    assert triggered == ids[:TRIGGERS_MAX] and list(market.venue.unfinished) == [1]
    market.match()
    triggered = [event.order.order_id for event in market.take().events if event.kind == "ORDER_TRIGGERED" and event.order]
    assert triggered == ids[TRIGGERS_MAX:] and not market.venue.unfinished
    market.venue.check_invariants(complete=True)


@pytest.mark.parametrize(
    ("kind", "side", "trigger", "more", "status", "reason"),
    [
        ("STOP", "SELL", "100.00", {}, "REJECTED", "TRIGGER_REACHED"),
        ("STOP", "BUY", "99.00", {}, "REJECTED", "TRIGGER_REACHED"),
        ("TAKE_PROFIT", "SELL", "99.00", {}, "REJECTED", "TRIGGER_REACHED"),
        ("TAKE_PROFIT", "BUY", "100.00", {}, "REJECTED", "TRIGGER_REACHED"),
        ("STOP_LIMIT", "SELL", "95.00", {"price": "85.00"}, "DENIED", "PRICE_COLLAR"),
        ("STOP", "SELL", "95.00", {"quantity": "501"}, "DENIED", "INSUFFICIENT_POSITION"),
        ("STOP", "BUY", "105.00", {"quantity": "865"}, "DENIED", "INSUFFICIENT_FUNDS"),
        ("TAKE_PROFIT", "SELL", "999999999999.99", {}, "DENIED", "MAX_NOTIONAL"),
        ("STOP", "BUY", "999999999999.99", {}, "DENIED", "MAX_NOTIONAL"),
    ],
)
def test_what_may_not_wait_is_stored_with_its_reason(
    market: Market, kind: str, side: str, trigger: str, more: dict[str, object], status: str, reason: str
) -> None:
    more = dict(more)
    quantity = more.pop("quantity", "5")
    answer = market.order(ALICE, side, quantity, order_type=OrderType(kind), trigger_price=trigger, **more)
    assert isinstance(answer, OrderAnswer)
    assert (answer.status, answer.reason, answer.held) == (status, reason, "0")
    assert market.venue.accounts[ALICE].open_orders == 0 and not market.venue.watches[1].orders


def test_without_a_reference_nobody_waits(market: Market) -> None:
    market.pass_seconds(31)
    assert market.stop(ALICE, "SELL", "5", "95.00").reason == "STALE_PRICE"
    assert market.stop(ALICE, "SELL", "5", "95.00", symbol="BETA").reason == "STALE_PRICE"


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"order_type": "STOP"}, "trigger_price"),
        ({"order_type": "STOP", "trigger_price": "95.005"}, "trigger_price"),
        ({"order_type": "STOP", "trigger_price": "0"}, "trigger_price"),
        ({"order_type": "STOP", "trigger_price": "95", "price": "95"}, "price"),
        ({"order_type": "STOP_LIMIT", "trigger_price": "95"}, "price"),
        ({"order_type": "LIMIT", "price": "95", "trigger_price": "95"}, "trigger_price"),
        ({"order_type": "MARKET", "trigger_price": "95"}, "trigger_price"),
        ({"order_type": "STOP", "trigger_price": "95", "tif": "IOC"}, "time_in_force"),
        ({"order_type": "TAKE_PROFIT", "trigger_price": "95", "tif": "FOK"}, "time_in_force"),
        ({"order_type": "MARKET", "tif": "DAY"}, "time_in_force"),
        ({"order_type": "LIMIT", "price": "95", "tif": "GTD"}, "expires_at_ns"),
        ({"order_type": "LIMIT", "price": "95", "expires_at_ns": 5}, "expires_at_ns"),
        ({"order_type": "LIMIT", "price": "95", "tif": "GTD", "expires_at_ns": 2**63}, "expires_at_ns"),
        ({"order_type": "STOP", "trigger_price": "95", "trail_bps": 10}, "trail_bps"),
        ({"order_type": "TRAILING_STOP"}, "trail_amount"),
        ({"order_type": "TRAILING_STOP", "trail_amount": "1", "trail_bps": 10}, "trail_amount"),
        ({"order_type": "TRAILING_STOP", "trail_bps": 10_000}, "trail_bps"),
        ({"order_type": "TRAILING_STOP", "trail_bps": 0}, "trail_bps"),
        ({"order_type": "TRAILING_STOP", "trail_amount": "0.001"}, "trail_amount"),
    ],
)
def test_a_field_that_the_type_does_not_have_or_lacks_is_named(
    market: Market, fields: dict[str, object], field: str
) -> None:
    sequence = market.venue.sequence
    asked = {**fields, "order_type": OrderType(str(fields["order_type"]))}
    answer = market.order(ALICE, "SELL", "5", **asked)  # type: ignore[arg-type]
    assert isinstance(answer, RefusedAnswer)
    assert answer.field == field
    assert market.venue.sequence == sequence, "nothing is stored"


def test_a_canceled_stop_gives_its_hold_back_and_is_set_off_no_more(market: Market) -> None:
    stop = market.stop(ALICE, "BUY", "10", "105.00")
    assert market.canceled(ALICE, stop.order_id).status == "CANCELED"
    assert market.money(ALICE) == (100_000 * ONE, 0)
    assert not market.quote(10_600, 10_610)


def test_waiting_orders_count_among_the_open_ones(market: Market) -> None:
    market.limit(ALICE, 1)
    market.stop(ALICE, "SELL", "1", "95.00")
    assert market.stop(ALICE, "SELL", "1", "95.00").reason == "TOO_MANY_OPEN_ORDERS"
    assert market.submit(ALICE, "SELL", "1", "101.00").reason == "TOO_MANY_OPEN_ORDERS"


def test_fees_do_not_change_while_somebody_waits(market: Market) -> None:
    market.stop(ALICE, "BUY", "1", "105.00")
    answer = market.apply(acme(command_id="again", taker_fee_ppm=5000))
    assert answer.reason == "OPEN_ORDERS_EXIST"  # type: ignore[union-attr]


def test_a_wider_collar_does_not_let_a_waiting_buy_spend_what_it_does_not_hold(market: Market) -> None:
    market.stop(ALICE, "BUY", "10", "105.00")
    market.limit_instrument(collar_bps=5000)
    market.take()
    market.quote(11_550, 11_560)  # within the collar of now, beyond 115.50, for which money was set aside
    changes = market.take()
    assert kinds(changes) == ["ORDER_TRIGGERED", "ORDER_CANCELED"] and not changes.trades
    assert market.money(ALICE) == (100_000 * ONE, 0)


def test_a_waiting_order_is_amended(market: Market) -> None:
    from apps.commands.types import AmendOrder
    from tests.engine.matching.kit import actor

    stop = market.stop(ALICE, "BUY", "10", "105.00")

    def amend(**what: str) -> object:
        return market.apply(
            AmendOrder(command_id=market.next_id(), actor=actor(ALICE), account_id=ALICE, order_id=stop.order_id, **what)  # type: ignore[arg-type]
        )

    assert amend(trigger_price="99.00").reason == "TRIGGER_REACHED"  # type: ignore[attr-defined]
    moved = amend(trigger_price="110.00", quantity="5")
    assert (moved.trigger_price, moved.kept_priority, moved.status) == ("110", False, "WAITING")  # type: ignore[attr-defined]
    assert market.money(ALICE)[1] == 5 * 121 * ONE * 1002 // 1000
    assert not market.quote(10_500, 10_510), "the former trigger is forgotten"
    smaller = amend(quantity="2")
    assert (smaller.kept_priority, smaller.quantity) == (True, "2")  # type: ignore[attr-defined]
    market.quote(11_000, 11_010)
    assert market.venue.orders[stop.order_id].filled_lots == 2

"""Orders that only make a position smaller, and closing it whole."""

import pytest

from apps.commands.answers import DoneAnswer, OrderAnswer
from tests.engine.matching.kit import ALICE, BOB, ONE, Market
from tests.engine.matching.test_triggers import kinds


@pytest.fixture
def market() -> Market:
    market = Market()
    for account in (ALICE, BOB):
        market.fund(account, "100000")
    market.fund(ALICE, "50", "ACME")
    market.quote(9_990, 10_010)
    market.take()
    return market


def test_it_is_cut_to_what_there_is_to_sell(market: Market) -> None:
    market.submit(ALICE, "SELL", "20", "105.00")
    market.take()
    answer = market.submit(ALICE, "SELL", "100", "101.00", reduce_only=True)
    assert (answer.status, answer.quantity, answer.held) == ("ACCEPTED", "30", "30")
    [event] = market.take().events
    terms = event.fields["terms"]
    assert (terms.reduce_only, terms.asked_lots) == (True, 100)  # type: ignore[attr-defined]


def test_what_fits_is_not_cut(market: Market) -> None:
    answer = market.submit(ALICE, "SELL", "50", None, reduce_only=True)
    assert (answer.status, answer.quantity) == ("FILLED", "50")


def test_it_may_wait_for_a_trigger(market: Market) -> None:
    answer = market.stop(ALICE, "SELL", "80", "95.00", reduce_only=True)
    assert (answer.status, answer.quantity) == ("WAITING", "50")


@pytest.mark.parametrize(
    ("account", "side", "reason"),
    [(ALICE, "BUY", "REDUCE_ONLY_WOULD_INCREASE"), (BOB, "BUY", "REDUCE_ONLY_WOULD_INCREASE"), (BOB, "SELL", "NOTHING_TO_CLOSE")],
)
def test_what_would_not_reduce_is_denied(market: Market, account: int, side: str, reason: str) -> None:
    answer = market.submit(account, side, "1", "100.00", reduce_only=True)
    assert (answer.status, answer.reason, answer.quantity) == ("DENIED", reason, "1")


def test_closing_cancels_the_sells_and_sells_all_in_one_step(market: Market) -> None:
    sell = market.submit(ALICE, "SELL", "20", "105.00")
    stop = market.stop(ALICE, "SELL", "20", "95.00")
    buy = market.submit(ALICE, "BUY", "1", "99.00")
    market.take()
    answer = market.close(ALICE)
    assert isinstance(answer, OrderAnswer)
    assert (answer.status, answer.quantity, answer.filled_quantity, answer.side) == ("FILLED", "50", "50", "SELL")
    changes = market.take()
    assert kinds(changes)[:3] == ["ORDER_CANCELED", "ORDER_CANCELED", "ORDER_ACCEPTED"]
    canceled = {event.order.order_id: event.fields["reason"] for event in changes.events[:2] if event.order}
    assert canceled == {sell.order_id: "POSITION_CLOSED", stop.order_id: "POSITION_CLOSED"}
    assert market.money(ALICE, "ACME") == (0, 0)
    assert market.venue.orders[buy.order_id].status == "ACCEPTED", "what buys is left alone"
    assert market.venue.accounts[ALICE].open_orders == 1


def test_a_linked_pair_frees_what_it_holds_once(market: Market) -> None:
    from apps.commands.types import Leg
    from apps.core.enums import OrderType

    market.paired(
        ALICE, "SELL", "50", Leg(order_type=OrderType.LIMIT, price="105"), Leg(order_type=OrderType.STOP, trigger_price="95")
    )
    answer = market.close(ALICE)
    assert isinstance(answer, OrderAnswer) and (answer.status, answer.quantity) == ("FILLED", "50")
    assert market.money(ALICE, "ACME") == (0, 0)


def test_a_remainder_smaller_than_a_lot_stays(market: Market) -> None:
    market.fund(BOB, "3.5", "ACME")
    answer = market.close(BOB)
    assert isinstance(answer, OrderAnswer) and answer.quantity == "3"
    assert market.money(BOB, "ACME") == (ONE // 2, 0)
    again = market.close(BOB)
    assert isinstance(again, DoneAnswer) and again.reason == "NOTHING_TO_CLOSE"


def test_what_cannot_be_sold_now_cancels_nothing(market: Market) -> None:
    sell = market.submit(ALICE, "SELL", "20", "105.00")
    market.pass_seconds(4)
    answer = market.close(ALICE)
    assert isinstance(answer, OrderAnswer) and (answer.status, answer.reason) == ("DENIED", "STALE_PRICE")
    assert market.venue.orders[sell.order_id].status == "ACCEPTED"
    market.quote(9_990, 10_010)
    market.halt()
    answer = market.close(ALICE)
    assert isinstance(answer, OrderAnswer) and (answer.status, answer.reason) == ("REJECTED", "INSTRUMENT_HALTED")
    assert market.venue.orders[sell.order_id].status == "ACCEPTED"


def test_what_nobody_would_buy_keeps_the_sells_that_protect_it(market: Market) -> None:
    """Regression: the stop was canceled, and then the own bid, which was the best, stopped the market order."""
    stop = market.stop(ALICE, "SELL", "20", "95.00")
    bid = market.submit(ALICE, "BUY", "1", "100.00")
    answer = market.close(ALICE)
    assert isinstance(answer, DoneAnswer) and answer.reason == "SELF_TRADE"
    assert market.venue.orders[stop.order_id].status == "WAITING"
    market.canceled(ALICE, bid.order_id)
    market.fund(BOB, "5000", "ACME")
    market.submit(BOB, "SELL", "5000", "90.00", tif="IOC")  # all that the house would buy
    answer = market.close(ALICE)
    assert isinstance(answer, DoneAnswer) and answer.reason == "NO_LIQUIDITY"
    assert market.venue.orders[stop.order_id].status == "WAITING"


def test_a_position_of_another_account_is_not_closed(market: Market) -> None:
    from apps.commands.answers import RefusedAnswer
    from apps.commands.types import ClosePosition
    from tests.engine.matching.kit import actor

    answer = market.apply(ClosePosition(command_id="x", actor=actor(BOB), account_id=ALICE, symbol="ACME"))
    assert isinstance(answer, RefusedAnswer) and answer.reason == "UNKNOWN_ACCOUNT"

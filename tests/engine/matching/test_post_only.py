"""An order that only gives liquidity: it rests, or it is not taken."""

from typing import Any

import pytest

from apps.commands.answers import RefusedAnswer
from apps.core.enums import OrderType
from tests.engine.matching.kit import ALICE, BOB, Market
from tests.engine.matching.test_brackets import BOTH, exits
from tests.engine.matching.test_pairs import ids, limit, stop


@pytest.fixture
def market() -> Market:
    market = Market()
    for account in (ALICE, BOB):
        market.fund(account, "100000")
        market.fund(account, "500", "ACME")
    market.quote(9_990, 10_010)
    market.take()
    return market


def test_it_rests_where_nobody_is_met(market: Market) -> None:
    answer = market.submit(ALICE, "BUY", "5", "100.09", post_only=True)
    assert (answer.status, answer.reason) == ("ACCEPTED", "")
    order = market.venue.orders[answer.order_id]
    assert order.terms is not None and order.terms.post_only and order.priority == order.order_id
    changes = market.take()
    assert list(changes.changed_terms) == [order.order_id]
    assert changes.events[0].fields["terms"] == order.terms


@pytest.mark.parametrize(("side", "price"), [("BUY", "100.10"), ("SELL", "99.90"), ("BUY", "101.00")])
def test_it_does_not_trade_with_the_house(market: Market, side: str, price: str) -> None:
    answer = market.submit(ALICE, side, "5", price, post_only=True)
    assert (answer.status, answer.reason, answer.fills, answer.held) == ("REJECTED", "POST_ONLY_WOULD_TRADE", [], "0")
    assert not market.take().trades


@pytest.mark.parametrize("owner", [ALICE, BOB])
def test_it_does_not_trade_with_customers_nor_meet_an_own_order(market: Market, owner: int) -> None:
    market.submit(owner, "SELL", "5", "100.00")
    assert market.submit(ALICE, "BUY", "5", "99.99", post_only=True).status == "ACCEPTED"
    assert market.submit(ALICE, "BUY", "5", "100.00", post_only=True).reason == "POST_ONLY_WOULD_TRADE"
    assert market.submit(ALICE, "BUY", "5", "100.00").status in ("FILLED", "CANCELED")


def test_house_that_is_stale_or_used_up_is_nobody(market: Market) -> None:
    market.pass_seconds(4)
    assert market.submit(ALICE, "BUY", "5", "100.10", post_only=True).status == "ACCEPTED"


def test_present_ladder_counts_not_the_quote(market: Market) -> None:
    market.quote(9_990, 10_010, lots=1)
    market.submit(BOB, "BUY", "1", "100.10", "IOC")
    assert market.submit(ALICE, "BUY", "5", "100.10", post_only=True).status == "ACCEPTED"


def test_it_makes_trades_like_any_resting_order(market: Market) -> None:
    resting = market.submit(ALICE, "BUY", "5", "100.00", post_only=True)
    market.submit(BOB, "SELL", "5", "100.00")
    assert market.venue.orders[resting.order_id].status == "FILLED"


def test_amendment_holds_to_it(market: Market) -> None:
    order_id = market.submit(ALICE, "BUY", "5", "100.00", post_only=True).order_id
    market.take()
    answer = market.amended(ALICE, order_id, price="100.10")
    assert (answer.reason, answer.price, answer.kept_priority) == ("POST_ONLY_WOULD_TRADE", "100", True)
    assert market.amended(ALICE, order_id, price="100.09").reason == ""


@pytest.mark.parametrize("tif", ["IOC", "FOK"])
def test_what_never_rests_cannot_be_post_only(market: Market, tif: str) -> None:
    assert market.order(ALICE, "BUY", "5", "99.00", tif, post_only=True).field == "post_only"
    assert market.order(ALICE, "BUY", "5", post_only=True, order_type=OrderType.MARKET).field == "post_only"


@pytest.mark.parametrize(
    "wanted",
    [
        {"order_type": OrderType.STOP_LIMIT, "price": "105.00", "trigger_price": "105.00"},
        {"order_type": OrderType.STOP, "trigger_price": "105.00"},
        {"order_type": OrderType.TAKE_PROFIT, "trigger_price": "95.00"},
        {"order_type": OrderType.TRAILING_STOP, "trail_bps": 100},
        {"order_type": OrderType.STOP_LIMIT, "price": "105.00", "trigger_price": "105.00", "bracket": BOTH},
        {"order_type": OrderType.MARKET, "bracket": BOTH},
    ],
    ids=lambda wanted: f"{wanted['order_type']} {'bracket' * ('bracket' in wanted)}",
)
def test_what_trades_when_it_is_set_off_cannot_be_post_only(market: Market, wanted: dict[str, Any]) -> None:
    answer = market.apply(market.order_command(ALICE, "BUY", "5", post_only=True, **{"price": None} | wanted))
    assert isinstance(answer, RefusedAnswer)
    assert (answer.reason, answer.field) == ("INVALID_FIELD", "post_only")
    assert answer.message == "post_only must be of a limit order that may rest"


def test_entry_of_a_bracket_rests_or_is_not_taken_and_so_do_its_amendments(market: Market) -> None:
    assert market.submit(ALICE, "BUY", "5", "100.10", post_only=True, bracket=BOTH).reason == "POST_ONLY_WOULD_TRADE"
    entry = market.submit(ALICE, "BUY", "5", "100.00", post_only=True, bracket=BOTH)
    assert market.amended(ALICE, entry.order_id, price="100.10").reason == "POST_ONLY_WOULD_TRADE"
    market.submit(BOB, "SELL", "5", "100.00")
    made = exits(market)
    assert [order.terms is not None and order.terms.post_only for order in made] == [False, False]


def pair(market: Market, price: str, **more: object) -> Any:
    return market.pair(ALICE, "SELL", "10", limit(price), stop("95.00"), post_only=True, **more)


def test_limit_of_a_pair_rests_or_neither_is_taken(market: Market) -> None:
    rejected = pair(market, "99.90")
    assert [(order.status, order.reason) for order in rejected.orders] == [("REJECTED", "POST_ONLY_WOULD_TRADE")] * 2
    assert market.money(ALICE, "ACME")[1] == 0 and not market.take().trades
    first, second = ids(pair(market, "99.91"))
    assert [market.venue.orders[each].terms.post_only for each in (first, second)] == [True, False]  # type: ignore[union-attr]
    assert market.amended(ALICE, first, price="99.90").reason == "POST_ONLY_WOULD_TRADE"


def test_limit_of_a_pair_that_grows_with_the_other_still_only_rests(market: Market) -> None:
    first, second = ids(pair(market, "105.00"))
    market.halt()
    market.quote(10_500, 10_510)  # it would be met, and has not been: no quote has come since the halt
    market.resume()
    market.take()
    assert market.amended(ALICE, second, quantity="11").reason == "POST_ONLY_WOULD_TRADE"
    assert [market.venue.orders[each].lots for each in (first, second)] == [10, 10]
    assert market.amended(ALICE, second, quantity="9").reason == ""


def test_pair_without_a_limit_cannot_be_post_only(market: Market) -> None:
    answer = market.pair(ALICE, "SELL", "10", stop("105.00", "TAKE_PROFIT"), stop("95.00"), post_only=True)
    assert (answer.reason, answer.field) == ("INVALID_FIELD", "post_only")

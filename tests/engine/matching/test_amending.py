"""What becomes of an order that is amended. ACME: the house quotes 99.90 to 100.10, the collar is 10 %, the taker pays 0.2 %."""

from collections.abc import Callable

import pytest

from apps.commands.answers import CancelAllAnswer
from apps.commands.types import SetTradingState
from apps.core.checks import InvariantError
from apps.core.enums import Side, TradingState
from apps.engine.matching import clock, invariants
from tests.engine.matching.kit import ADMIN, ALICE, BOB, CHARLIE, ONE, SUPPORT, SYSTEM, Market, actor

SAME = {"quantity": "10", "price": "100.00"}


@pytest.fixture
def market() -> Market:
    """Everybody has 100,000 USD and 500 ACME; Alice bids 100.00 for 10, and Bob behind her."""
    market = Market()
    for account in (ALICE, BOB, CHARLIE):
        market.fund(account, "100000")
        market.fund(account, "500", "ACME")
    market.quote(9_990, 10_010)
    market.open_order = market.submit(ALICE, "BUY", "10", "100.00").order_id
    market.submit(BOB, "BUY", "10", "100.00")
    market.take()
    return market


def test_each_fill_of_a_batch_is_judged_by_the_price_that_its_order_had_then(market: Market) -> None:
    """Filled at 100.00, amended to 100.05 and filled there, amended to 100.03 and filled, amended to 99.90: one batch."""
    for price, then in (("100.00", "100.05"), ("100.05", "100.03"), ("100.03", "99.90")):
        market.submit(CHARLIE, "SELL", "2", price)
        market.amended(ALICE, market.open_order, quantity="10", price=then)
    own = [event for event in market.venue.changes.events if event.kind == "ORDER_FILLED" and event.account_id == ALICE]
    assert [event.fields["ticks"] for event in own] == [10_000, 10_005, 10_003]
    for event in own:
        told = event.fields["ticks"]
        event.fields["ticks"] = told + 1  # type: ignore[operator]
        with pytest.raises(InvariantError, match=f"I8: order {market.open_order} at {told} was filled at {told + 1}"):  # type: ignore[operator]
            market.check()
        event.fields["ticks"] = told
    market.check()
    market.venue.changes.events.remove(own[1])
    with pytest.raises(InvariantError, match="I8: fills"):
        invariants.check_limits(market.venue.changes)


def first_served(market: Market) -> int:
    """Whose order the next seller meets."""
    market.submit(CHARLIE, "SELL", "1", "100.00")
    return next(fill.account_id for fill in market.take().fills if fill.account_id != CHARLIE)


def kinds(market: Market) -> list[str]:
    return [event.kind for event in market.take().events]


def test_smaller_quantity_keeps_the_place_and_gives_back_what_it_held(market: Market) -> None:
    answer = market.amended(ALICE, market.open_order, quantity="4")

    assert (answer.status, answer.reason, answer.kept_priority) == ("ACCEPTED", "", True)
    assert (answer.quantity, answer.leaves_quantity, answer.held, answer.price) == ("4", "4", "400.8", "100")
    assert market.money(ALICE) == (100_000 * ONE, 40_080_000_000)
    assert market.venue.level_lots(1, Side.BUY, 10_000) == 14
    changes = market.take()
    [event] = changes.events
    assert (event.kind, event.fields["lots"], event.fields["kept_priority"], event.fields["reason"]) == (
        "ORDER_AMENDED",
        4,
        True,
        "",
    )
    assert list(changes.amended_orders) == [market.open_order] and not changes.changed_terms
    assert list(changes.levels) == [(1, Side.BUY, 10_000)]
    assert first_served(market) == ALICE


@pytest.mark.parametrize("wanted", [{"quantity": "11"}, {"price": "99.99"}, {"quantity": "4", "price": "99.99"}])
def test_anything_else_takes_a_new_place_at_the_end(market: Market, wanted: dict[str, str]) -> None:
    market.submit(BOB, "BUY", "10", "99.99")
    market.take()
    answer = market.amended(ALICE, market.open_order, **wanted)

    assert (answer.status, answer.reason, answer.kept_priority) == ("ACCEPTED", "", False)
    changes = market.take()
    order = market.venue.orders[market.open_order]
    assert list(changes.amended_orders) == list(changes.changed_terms) == [market.open_order]
    assert order.terms is not None and order.terms.priority > order.order_id
    if "price" in wanted:  # to the end of 99.99, behind Bob's other order
        market.submit(CHARLIE, "SELL", "10", "100.00")
    assert first_served(market) == BOB


def test_price_moves_the_order_and_its_hold(market: Market) -> None:
    answer = market.amended(ALICE, market.open_order, price="99.50")
    assert (answer.held, answer.price) == ("996.99", "99.5")
    assert market.venue.level_lots(1, Side.BUY, 10_000) == 10
    assert market.venue.level_lots(1, Side.BUY, 9_950) == 10
    assert market.money(ALICE)[1] == 99_699_000_000


def test_amendment_that_crosses_trades_at_once_and_rests_with_the_rest(market: Market) -> None:
    market.submit(CHARLIE, "SELL", "6", "100.05")
    market.take()
    answer = market.amended(ALICE, market.open_order, price="100.05")

    assert (answer.status, answer.filled_quantity, answer.leaves_quantity) == ("PARTIALLY_FILLED", "6", "4")
    assert [(f.price, f.quantity, f.liquidity_side) for f in answer.fills] == [("100.05", "6", "TAKER")]
    assert market.venue.best(1) == (10_005, None)
    assert kinds(market) == ["ORDER_AMENDED", "ORDER_FILLED", "ORDER_FILLED"]


def test_amendment_that_crosses_may_fill_the_whole_order(market: Market) -> None:
    answer = market.amended(ALICE, market.open_order, price="100.10")
    assert (answer.status, answer.filled_quantity, answer.leaves_quantity, answer.held) == ("FILLED", "10", "0", "0")
    assert market.venue.accounts[ALICE].open_orders == 0
    market.take()
    assert not market.venue.knows_order(market.open_order)


def test_amendment_that_would_meet_an_own_order_does_what_the_account_chose(market: Market) -> None:
    own = market.submit(ALICE, "SELL", "3", "100.05").order_id
    answer = market.amended(ALICE, market.open_order, price="100.05")
    assert (answer.status, answer.leaves_quantity) == ("CANCELED", "0")
    assert market.venue.orders[market.open_order].reason == "SELF_TRADE"
    assert market.venue.orders[own].status == "ACCEPTED"


def test_partly_filled_order_counts_what_is_filled(market: Market) -> None:
    market.submit(CHARLIE, "SELL", "4", "100.00")
    assert market.amended(ALICE, market.open_order, quantity="3").reason == "QUANTITY_BELOW_FILLED"
    smaller = market.amended(ALICE, market.open_order, quantity="5")
    assert (smaller.status, smaller.leaves_quantity, smaller.held, smaller.kept_priority) == (
        "PARTIALLY_FILLED",
        "1",
        "100.2",
        True,
    )
    done = market.amended(ALICE, market.open_order, quantity="4")
    assert (done.status, done.leaves_quantity, done.held, done.reason) == ("FILLED", "0", "0", "")
    assert market.money(ALICE)[1] == 0 and market.venue.accounts[ALICE].open_orders == 0
    assert kinds(market)[-2:] == ["ORDER_AMENDED", "ORDER_AMENDED"]
    assert not market.venue.knows_order(market.open_order)


def test_amended_to_what_is_filled_it_is_done_whatever_its_price_was_to_be(market: Market) -> None:
    market.submit(CHARLIE, "SELL", "4", "100.00")
    market.take()
    answer = market.amended(ALICE, market.open_order, quantity="4", price="99.00")
    assert (answer.status, answer.price, answer.held, answer.kept_priority) == ("FILLED", "100", "0", True)
    assert market.venue.accounts[ALICE].open_orders == 0


def test_the_same_values_again_change_nothing(market: Market) -> None:
    for wanted in ({}, SAME, {"quantity": "10.0"}):
        answer = market.amended(ALICE, market.open_order, **wanted)
        assert (answer.reason, answer.kept_priority, answer.quantity) == ("", True, "10")
    changes = market.take()
    assert not (changes.events or changes.amended_orders or changes.changed_orders or changes.levels)
    assert market.venue.sequence == market.sequence_before


def too_dear(market: Market) -> None:
    market.withdraw(ALICE, "98900")  # 98 left beside the hold


def smaller_lots(market: Market) -> None:
    market.limit_instrument(max_quantity="10")


def own_limit(market: Market) -> None:
    market.limit(ALICE, None, "1004")


def old_reference(market: Market) -> None:
    market.pass_seconds(31)


REFUSED: list[tuple[str, Callable[[Market], object], dict[str, str]]] = [
    ("PRICE_COLLAR", lambda market: None, {"price": "111.00"}),
    ("MAX_QUANTITY", smaller_lots, {"quantity": "11"}),
    ("MAX_NOTIONAL", own_limit, {"price": "100.50"}),
    ("INSUFFICIENT_FUNDS", too_dear, {"quantity": "11"}),
    ("STALE_PRICE", old_reference, {"price": "99.99"}),
    ("ACCOUNT_NOT_ACTIVE", lambda market: market.suspend(ALICE), {"price": "99.99"}),
    ("INSTRUMENT_HALTED", lambda market: market.halt(), {"quantity": "11"}),
]


@pytest.mark.parametrize(("reason", "spoil", "wanted"), REFUSED, ids=[each[0] for each in REFUSED])
def test_what_is_denied_leaves_the_order_as_it_was_and_smaller_is_taken_still(
    market: Market, reason: str, spoil: Callable[[Market], object], wanted: dict[str, str]
) -> None:
    spoil(market)
    market.take()
    before = (market.money(ALICE), market.venue.level_lots(1, Side.BUY, 10_000), market.venue.sequence)
    answer = market.amended(ALICE, market.open_order, **wanted)

    assert (answer.reason, answer.status, answer.kept_priority) == (reason, "ACCEPTED", True)
    assert (answer.quantity, answer.price, answer.held) == ("10", "100", "1002")
    assert (market.money(ALICE), market.venue.level_lots(1, Side.BUY, 10_000), market.venue.sequence) == before
    changes = market.take()
    assert not (changes.events or changes.amended_orders or changes.changed_terms or changes.changed_orders)
    assert market.amended(ALICE, market.open_order, quantity="9").reason == ""


def test_sell_needs_the_shares(market: Market) -> None:
    order_id = market.submit(ALICE, "SELL", "500", "100.20").order_id
    assert market.amended(ALICE, order_id, quantity="501").reason == "INSUFFICIENT_POSITION"
    assert market.amended(ALICE, order_id, price="100.30").reason == ""  # the same shares


def test_money_that_the_order_held_pays_for_its_new_price(market: Market) -> None:
    market.withdraw(ALICE, "98998")  # nothing beside the hold of 1,002
    assert market.amended(ALICE, market.open_order, quantity="20", price="50").reason == "PRICE_COLLAR"
    assert market.amended(ALICE, market.open_order, quantity="11", price="90.90").reason == ""


def test_killed_venue_takes_only_what_makes_smaller(market: Market, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "ENDINGS_MAX", 0)  # the sweep has not come to this order yet
    market.venue.load_kill_switch(True, "a wrong price")
    assert market.amended(ALICE, market.open_order, price="99.99").reason == "VENUE_KILLED"
    assert market.amended(ALICE, market.open_order, quantity="9").reason == ""


def test_before_the_opening_the_state_is_asked_first_as_of_a_new_order(market: Market) -> None:
    order_id = market.submit(BOB, "SELL", "490", "100.20").order_id
    market.ask(SetTradingState, symbol="ACME", state=TradingState.CLOSED)
    market.ask(SetTradingState, symbol="ACME", state=TradingState.PRE_OPEN)
    assert market.amended(BOB, order_id, quantity="501", price="100.00").reason == "NOT_OPEN_YET"  # and too many
    assert market.submit(BOB, "SELL", "501", "100.00").reason == "NOT_OPEN_YET"
    assert market.amended(BOB, order_id, quantity="501").reason == "INSUFFICIENT_POSITION"


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        ({"quantity": "0"}, "quantity"),
        ({"quantity": "1.5"}, "quantity"),
        ({"quantity": "-1"}, "quantity"),
        ({"price": "100.001"}, "price"),
        ({"price": "x"}, "price"),
        ({"trigger_price": "100.00"}, "trigger_price"),
    ],
)
def test_what_cannot_be_read_is_refused(market: Market, wanted: dict[str, str], field: str) -> None:
    answer = market.amend(ALICE, market.open_order, **wanted)
    assert answer.field == field


def test_only_the_owner_and_the_venue_amend(market: Market) -> None:
    for who in (actor(BOB), SUPPORT, ADMIN):
        assert market.amend(ALICE, market.open_order, by=who, quantity="5").reason in ("UNKNOWN_ACCOUNT", "NOT_ALLOWED")
    assert market.amend(BOB, market.open_order, quantity="5").reason == "UNKNOWN_ORDER"
    assert not market.amend(ALICE, market.open_order, by=SYSTEM, quantity="5").reason


def test_order_that_ended_in_this_batch_is_not_open(market: Market) -> None:
    market.cancel(ALICE, market.open_order)
    answer = market.amended(ALICE, market.open_order, quantity="5")
    assert (answer.status, answer.reason, answer.quantity) == ("CANCELED", "ORDER_NOT_OPEN", "10")


def test_order_amended_in_the_batch_that_made_it_is_stored_once(market: Market) -> None:
    order_id = market.submit(ALICE, "BUY", "10", "99.00").order_id
    market.amended(ALICE, order_id, price="98.00")
    changes = market.take()
    assert [order.ticks for order in changes.new_orders] == [9_800]
    assert not changes.amended_orders and list(changes.changed_terms) == [order_id]


def test_house_fills_an_amended_order_that_its_quote_moves_through(market: Market) -> None:
    market.amended(ALICE, market.open_order, price="100.05")
    market.quote(9_980, 10_004)
    assert not market.venue.knows_order(market.open_order) or market.venue.orders[market.open_order].status == "FILLED"


# All at once


@pytest.fixture
def full(market: Market) -> Market:
    market.quote(9_990, 10_010, symbol="BETA")
    market.fund(ALICE, "500", "BETA")
    for symbol, side, price in (("ACME", "SELL", "100.50"), ("BETA", "BUY", "99.00"), ("BETA", "SELL", "101.00")):
        market.submit(ALICE, side, "10", price, symbol=symbol)
    market.take()
    return market


@pytest.mark.parametrize(
    ("symbol", "side", "count"), [(None, None, 4), ("ACME", None, 2), (None, "BUY", 2), ("BETA", "SELL", 1), ("ACME", "BUY", 1)]
)
def test_cancel_all_takes_what_is_named_and_no_more(full: Market, symbol: str | None, side: str | None, count: int) -> None:
    mine = sorted(order.order_id for order in full.venue.orders.values() if order.account_id == ALICE)
    answer = full.cancel_all(ALICE, symbol, side)
    assert isinstance(answer, CancelAllAnswer)
    assert len(answer.order_ids) == count and answer.order_ids == sorted(answer.order_ids)
    assert full.venue.accounts[ALICE].open_orders == 4 - count
    assert all(full.venue.orders[order_id].reason == "CANCELED_BY_CUSTOMER" for order_id in answer.order_ids)
    assert kinds(full) == ["ORDER_CANCELED"] * count
    assert {order.order_id for order in full.venue.orders.values() if order.account_id == ALICE} == {*mine} - {*answer.order_ids}
    assert full.venue.accounts[BOB].open_orders == 1


def test_cancel_all_of_nothing_is_done(full: Market) -> None:
    assert full.cancel_all(ALICE).order_ids
    full.take()
    again = full.cancel_all(ALICE)
    assert again.order_ids == [] and full.venue.sequence == full.sequence_before


def test_cancel_all_is_always_taken_and_only_from_the_owner(full: Market) -> None:
    full.halt()
    full.suspend(ALICE)
    assert full.cancel_all(ALICE, by=actor(BOB)).reason == "UNKNOWN_ACCOUNT"
    assert full.cancel_all(ALICE, "NONE").reason == "UNKNOWN_SYMBOL"
    assert full.cancel_all(ALICE, by=ADMIN).reason == "NOT_ALLOWED"
    assert len(full.cancel_all(ALICE, by=SYSTEM).order_ids) == 4
    assert full.venue.orders[full.open_order].reason == "CANCELED_BY_ADMIN"

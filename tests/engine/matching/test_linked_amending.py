"""Open orders of one link are one wish: amending the quantity of one changes all. The reference is 100.00, the collar 10 %."""

from collections.abc import Callable

import pytest

from apps.commands.types import Bracket, Leg
from apps.core.enums import OrderType
from apps.engine.matching.state import Order
from tests.engine.matching.kit import ALICE, BOB, CHARLIE, ONE, Market
from tests.engine.matching.test_brackets import BOTH, exits
from tests.engine.matching.test_pairs import ids, limit, stop


@pytest.fixture
def market() -> Market:
    """Everybody has 100,000 USD and 50 ACME."""
    market = Market()
    for account in (ALICE, BOB, CHARLIE):
        market.fund(account, "100000")
        market.fund(account, "50", "ACME")
    market.quote(9_990, 10_010)
    market.take()
    return market


def pair(market: Market, side: str = "SELL", quantity: str = "10") -> tuple[Order, Order]:
    """(the one that rests, the one that waits)"""
    legs = (limit("105.00"), stop("95.00")) if side == "SELL" else (limit("99.00"), stop("105.00"))
    first, second = ids(market.paired(ALICE, side, quantity, *legs))
    market.take()
    return market.venue.orders[first], market.venue.orders[second]


def sell_to_bob(market: Market, quantity: str, price: str) -> None:
    """He takes it from whoever offers it; the house has nothing to sell."""
    market.quote(9_990, 10_010, lots=0)
    assert market.submit(BOB, "BUY", quantity, price).filled_quantity == quantity
    market.quote(9_990, 10_010)


def told(market: Market) -> list[tuple[int, object, object, object]]:
    """(order, reason, lots, whether it kept its place) of each amendment, in order."""
    return [
        (event.order.order_id, event.fields["reason"], event.fields["lots"], event.fields["kept_priority"])
        for event in market.take().events
        if event.kind == "ORDER_AMENDED" and event.order is not None
    ]


@pytest.mark.parametrize("which", [0, 1])
def test_smaller_makes_both_smaller_and_both_keep_their_places(market: Market, which: int) -> None:
    both = pair(market)
    market.submit(BOB, "SELL", "10", "105.00")
    market.take()
    places = [order.priority for order in both]
    amended, sibling = both[which], both[1 - which]
    answer = market.amended(ALICE, amended.order_id, quantity="4")

    assert (answer.reason, answer.quantity, answer.held, answer.kept_priority) == ("", "4", "4", True)
    assert told(market) == [(amended.order_id, "", 4, True), (sibling.order_id, "LINKED_ORDER_AMENDED", 4, True)]
    assert [(order.lots, order.held, order.priority) for order in both] == [(4, 4 * ONE, place) for place in places]
    assert market.money(ALICE, "ACME") == (50 * ONE, 4 * ONE)
    level = market.venue.books[1].asks.level(10_500)
    assert level is not None and (level.lots, level.first()) == (14, both[0]), "it stands before Bob's still"


@pytest.mark.parametrize("which", [0, 1])
def test_larger_makes_both_larger_and_both_take_new_places(market: Market, which: int) -> None:
    both = pair(market)
    market.submit(BOB, "SELL", "10", "105.00")
    market.take()
    amended, sibling = both[which], both[1 - which]
    answer = market.amended(ALICE, amended.order_id, quantity="15")

    assert (answer.reason, answer.quantity, answer.held, answer.kept_priority) == ("", "15", "15", False)
    assert told(market) == [(amended.order_id, "", 15, False), (sibling.order_id, "LINKED_ORDER_AMENDED", 15, False)]
    assert [order.lots for order in both] == [15, 15]
    assert market.money(ALICE, "ACME") == (50 * ONE, 15 * ONE), "fifteen shares, not thirty"
    assert market.venue.accounts[ALICE].open_orders == 2
    level = market.venue.books[1].asks.level(10_500)
    assert level is not None and level.first().account_id == BOB, "the one that rests stands behind Bob's now"


def test_the_quantity_counts_what_is_filled_of_the_amended_one_alone(market: Market) -> None:
    resting, waiting = pair(market)
    sell_to_bob(market, "4", "105.00")
    market.take()
    assert market.amended(ALICE, resting.order_id, quantity="3").reason == "QUANTITY_BELOW_FILLED"
    assert market.amended(ALICE, resting.order_id, quantity="7").leaves_quantity == "3"
    assert (resting.lots, resting.filled_lots, waiting.lots) == (7, 4, 3)
    assert market.amended(ALICE, waiting.order_id, quantity="5").leaves_quantity == "5"
    assert (resting.lots, resting.filled_lots, waiting.lots) == (9, 4, 5)
    assert market.money(ALICE, "ACME") == (46 * ONE, 5 * ONE)


def test_amended_to_what_is_filled_it_is_done_and_the_other_ends(market: Market) -> None:
    resting, waiting = pair(market)
    sell_to_bob(market, "4", "105.00")
    market.take()
    answer = market.amended(ALICE, resting.order_id, quantity="4")
    assert (answer.status, answer.leaves_quantity, answer.held) == ("FILLED", "0", "0")
    assert (waiting.status, waiting.reason) == ("CANCELED", "LINKED_ORDER_FILLED")
    assert market.money(ALICE, "ACME") == (46 * ONE, 0) and market.venue.accounts[ALICE].open_orders == 0
    assert not market.venue.links


def test_the_size_and_the_price_of_one_change_only_the_size_of_the_other(market: Market) -> None:
    resting, waiting = pair(market)
    place = waiting.priority
    assert not market.amended(ALICE, resting.order_id, quantity="8", price="104.00").kept_priority
    assert (resting.lots, resting.ticks, waiting.lots, waiting.priority) == (8, 10_400, 8, place)
    assert told(market) == [(resting.order_id, "", 8, False), (waiting.order_id, "LINKED_ORDER_AMENDED", 8, True)]
    place = resting.priority
    assert not market.amended(ALICE, waiting.order_id, quantity="5", trigger_price="96.00").kept_priority
    assert (resting.lots, resting.priority, waiting.lots) == (5, place, 5)


def test_larger_and_crossing_trades_and_takes_it_off_the_other(market: Market) -> None:
    resting, waiting = pair(market)
    market.submit(BOB, "BUY", "6", "100.00")
    market.take()
    answer = market.amended(ALICE, resting.order_id, quantity="12", price="100.00")
    assert (answer.filled_quantity, answer.leaves_quantity, [fill.quantity for fill in answer.fills]) == ("6", "6", ["6"])
    assert told(market) == [
        (resting.order_id, "", 12, False),
        (waiting.order_id, "LINKED_ORDER_AMENDED", 12, False),
        (waiting.order_id, "LINKED_ORDER_FILLED", 6, True),
    ]
    assert market.money(ALICE, "ACME") == (44 * ONE, 6 * ONE)


def test_a_sibling_that_grows_into_the_house_trades_and_ends_the_amended_one(market: Market) -> None:
    """The house came to the resting order while the instrument was halted, and no quote has come since."""
    resting, waiting = pair(market)
    market.halt()
    market.quote(10_510, 10_530)
    waiting_trigger = waiting.terms
    assert waiting_trigger is not None and waiting_trigger.trigger_ticks == 9_500
    market.resume()
    market.take()
    answer = market.amended(ALICE, waiting.order_id, quantity="12")
    assert (answer.status, answer.reason, answer.fills) == ("CANCELED", "", [])
    assert (resting.status, resting.filled_lots, waiting.reason) == ("FILLED", 12, "LINKED_ORDER_FILLED")
    assert market.money(ALICE, "ACME") == (38 * ONE, 0)


def test_a_pair_that_buys_shares_the_dearer_hold(market: Market) -> None:
    resting, waiting = pair(market, "BUY")
    dearer = 11_550 * ONE // 100 * 1002 // 1000
    assert market.money(ALICE)[1] == 10 * dearer
    market.amended(ALICE, resting.order_id, quantity="20")
    assert market.money(ALICE)[1] == 20 * dearer
    market.amended(ALICE, waiting.order_id, quantity="3")
    assert market.money(ALICE)[1] == 3 * dearer


def test_what_the_dearer_one_holds_pays_for_the_price_of_the_other(market: Market) -> None:
    resting, _ = pair(market, "BUY")
    market.withdraw(ALICE, "98842")  # what is held is 1,157.31
    assert market.amended(ALICE, resting.order_id, price="99.50").reason == "", "115.731 a share are set aside already"
    assert market.amended(ALICE, resting.order_id, quantity="11").reason == "INSUFFICIENT_FUNDS"


def too_few(market: Market, both: tuple[Order, Order]) -> None:
    market.withdraw(ALICE, "40", "ACME")


def too_many(market: Market, both: tuple[Order, Order]) -> None:
    market.limit_instrument(max_quantity="10")


def too_dear(market: Market, both: tuple[Order, Order]) -> None:
    market.limit(ALICE, None, "1100")  # eleven at 95.00, but not at 105.00


def too_far(market: Market, both: tuple[Order, Order]) -> None:
    market.quote(9_510, 9_520, match=False)  # 105.00 is more than a tenth away; nothing is set off at 95.15


def reached(market: Market, both: tuple[Order, Order]) -> None:
    market.halt()
    market.quote(9_480, 9_490)
    market.resume()


REFUSED: list[tuple[str, Callable[[Market, tuple[Order, Order]], None]]] = [
    ("INSUFFICIENT_POSITION", too_few),
    ("MAX_QUANTITY", too_many),
    ("MAX_NOTIONAL", too_dear),
    ("PRICE_COLLAR", too_far),
    ("TRIGGER_REACHED", reached),
    ("STALE_PRICE", lambda market, both: market.pass_seconds(31)),
    ("ACCOUNT_NOT_ACTIVE", lambda market, both: market.suspend(ALICE) and None),
    ("INSTRUMENT_HALTED", lambda market, both: market.halt() and None),
]


@pytest.mark.parametrize("which", [0, 1])
@pytest.mark.parametrize(("reason", "spoil"), REFUSED, ids=[each[0] for each in REFUSED])
def test_larger_is_judged_for_both_and_denied_for_both(
    market: Market, reason: str, spoil: Callable[[Market, tuple[Order, Order]], None], which: int
) -> None:
    both = pair(market)
    spoil(market, both)
    market.take()
    before = [(order.lots, order.held, order.priority) for order in both]
    answer = market.amended(ALICE, both[which].order_id, quantity="11")
    of_either = {reason, "PRICE_COLLAR"} if reason == "TRIGGER_REACHED" else {reason}
    assert answer.reason in of_either and answer.kept_priority
    assert [(order.lots, order.held, order.priority) for order in both] == before
    assert not market.take().events
    assert market.amended(ALICE, both[which].order_id, quantity="9").reason == "", "smaller is always taken"
    assert [order.lots for order in both] == [9, 9]


# The exits of a bracket


def bracket(market: Market, quantity: str = "10") -> tuple[Order, Order, Order]:
    """(entry, target, stop); 6 of the entry are bought, and there are 50 other shares."""
    entry = market.submit(ALICE, "BUY", quantity, "100.00", bracket=BOTH)
    market.submit(BOB, "SELL", "6", "100.00")
    target, stop_ = exits(market)
    market.take()
    return market.venue.orders[entry.order_id], target, stop_


def test_exits_are_at_most_what_the_entry_bought(market: Market) -> None:
    _, target, stop_ = bracket(market)
    for order in (target, stop_):
        answer = market.amended(ALICE, order.order_id, quantity="7")
        assert (answer.reason, answer.kept_priority, order.lots) == ("QUANTITY_ABOVE_ENTRY", True, 6)
    assert market.amended(ALICE, stop_.order_id, quantity="2").reason == ""
    assert (target.lots, stop_.lots, market.money(ALICE, "ACME")) == (2, 2, (56 * ONE, 2 * ONE))
    assert market.amended(ALICE, target.order_id, quantity="6").reason == "", "and so the first wish can be had again"
    assert (target.lots, stop_.lots, market.money(ALICE, "ACME")) == (6, 6, (56 * ONE, 6 * ONE))


def test_what_an_exit_sold_is_not_sold_again(market: Market) -> None:
    _, target, stop_ = bracket(market)
    market.amended(ALICE, target.order_id, price="109.00")
    sell_to_bob(market, "2", "109.00")
    assert (target.filled_lots, target.lots, stop_.lots) == (2, 6, 4)
    market.amended(ALICE, stop_.order_id, quantity="1")
    assert (target.lots, stop_.lots) == (3, 1)
    assert market.amended(ALICE, target.order_id, quantity="7").reason == "QUANTITY_ABOVE_ENTRY"
    assert market.amended(ALICE, target.order_id, quantity="6").reason == ""
    assert (target.lots, stop_.lots) == (6, 4)


def test_exits_grow_by_what_the_entry_buys_later_whatever_they_were_amended_to(market: Market) -> None:
    entry, target, stop_ = bracket(market)
    market.amended(ALICE, target.order_id, quantity="1")
    market.submit(BOB, "SELL", "4", "100.00")
    assert (entry.status, target.lots, stop_.lots) == ("FILLED", 5, 5)
    market.take()
    assert market.amended(ALICE, stop_.order_id, quantity="11").reason == "QUANTITY_ABOVE_ENTRY"
    assert market.amended(ALICE, stop_.order_id, quantity="10").reason == "", "the entry has ended, what it bought is known"
    assert (target.lots, stop_.lots) == (10, 10)


def test_later_exits_cover_what_earlier_ones_did_not_sell(market: Market) -> None:
    entry, target, _ = bracket(market)
    market.canceled(ALICE, target.order_id)
    market.take()
    assert not exits(market) and market.venue.bought == {entry.order_id: 6}
    market.submit(BOB, "SELL", "1", "100.00")
    [new_target, new_stop] = exits(market)
    assert (new_target.lots, new_stop.lots) == (1, 1)
    assert market.amended(ALICE, new_stop.order_id, quantity="8").reason == "QUANTITY_ABOVE_ENTRY"
    assert market.amended(ALICE, new_stop.order_id, quantity="7").reason == ""


def test_exits_need_the_shares(market: Market) -> None:
    _, target, _ = bracket(market)
    market.amended(ALICE, target.order_id, quantity="1")
    market.withdraw(ALICE, "51", "ACME")
    assert market.amended(ALICE, target.order_id, quantity="6").reason == "INSUFFICIENT_POSITION"
    assert market.amended(ALICE, target.order_id, quantity="5").reason == ""


@pytest.mark.parametrize("how", ["sold", "canceled", "amended away"])
def test_nothing_of_a_bracket_is_remembered_when_all_of_it_is_over(market: Market, how: str) -> None:
    entry, target, stop_ = bracket(market)
    market.canceled(ALICE, entry.order_id)
    market.take()
    assert market.venue.bought == {entry.order_id: 6}
    if how == "sold":
        market.quote(9_400, 9_410)
    elif how == "canceled":
        market.canceled(ALICE, stop_.order_id)
    else:
        market.amended(ALICE, target.order_id, price="109.00")
        sell_to_bob(market, "2", "109.00")
        market.amended(ALICE, target.order_id, quantity="2")
    market.take()
    assert not market.venue.bought and not market.venue.links and not market.venue.exits


def test_an_entry_that_is_filled_at_once_and_sold_at_once_is_forgotten(market: Market) -> None:
    market.submit(ALICE, "BUY", "10", "98.00", bracket=BOTH)
    market.take()
    market.quote(9_300, 9_320)  # fills the entry, and is past its stop
    market.take()
    assert not market.venue.bought and market.money(ALICE, "ACME") == (50 * ONE, 0)


# The price of an entry, between those of its exits


@pytest.mark.parametrize(("price", "field"), [("110.00", "target"), ("109.99", None), ("95.00", "stop"), ("95.01", None)])
def test_the_price_of_an_entry_stays_between_its_exits(market: Market, price: str, field: str | None) -> None:
    entry = market.submit(ALICE, "BUY", "1", "96.00", bracket=BOTH)
    if price.startswith("1"):  # so far up that it is within the collar
        market.quote(11_000, 11_020, match=False)
    answer = market.amend(ALICE, entry.order_id, price=price)
    if field is None:
        assert answer.reason == ""
    else:
        assert (answer.reason, answer.field) == ("INVALID_FIELD", field)
        assert market.venue.orders[entry.order_id].ticks == 9_600


def test_the_trigger_of_an_entry_stays_between_its_exits(market: Market) -> None:
    entry = market.stop(ALICE, "BUY", "1", "105.00", bracket=BOTH)
    assert market.amend(ALICE, entry.order_id, trigger_price="110.00").field == "target"
    assert market.amend(ALICE, entry.order_id, trigger_price="109.00").reason == ""


def test_an_entry_is_judged_by_its_exits_as_they_are_now(market: Market) -> None:
    entry, target, _ = bracket(market)
    market.amended(ALICE, target.order_id, price="102.00")
    assert market.amend(ALICE, entry.order_id, price="102.00").field == "target", "it would be its own counterpart"
    market.canceled(ALICE, target.order_id)
    market.take()
    assert market.amended(ALICE, entry.order_id, price="102.00").reason == "", "the next are as they were asked for"


def test_an_entry_may_not_pay_less_than_its_trail(market: Market) -> None:
    trailing = Bracket(stop=Leg(order_type=OrderType.TRAILING_STOP, trail_amount="95"))
    entry = market.submit(ALICE, "BUY", "1", "99.00", bracket=trailing)
    assert market.amended(ALICE, entry.order_id, price="95.00").reason == "PRICE_COLLAR"
    assert market.amended(ALICE, entry.order_id, price="95.01").reason == ""


def test_the_quantity_of_an_entry_is_amended_whatever_its_exits_are(market: Market) -> None:
    entry, target, stop_ = bracket(market)
    assert market.amended(ALICE, entry.order_id, quantity="12").reason == ""
    assert (target.lots, stop_.lots) == (6, 6)
    assert market.amended(ALICE, entry.order_id, quantity="6").status == "FILLED"
    assert (target.lots, stop_.lots) == (6, 6)

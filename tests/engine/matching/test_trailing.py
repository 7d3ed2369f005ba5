"""A stop that follows the market at a distance: in steps, never back, and what is shown is what sets it off."""

import pytest

from apps.core.enums import Side
from apps.engine.matching.state import Terms
from apps.engine.matching.watch import follows_at, is_reached, step_ticks, trail_trigger
from tests.engine.matching.kit import ALICE, BOB, ONE, Market
from tests.engine.matching.test_triggers import kinds

SELL, BUY = Side.SELL, Side.BUY


@pytest.fixture
def market() -> Market:
    """The reference is 100.00."""
    market = Market()
    for account in (ALICE, BOB):
        market.fund(account, "100000")
        market.fund(account, "500", "ACME")
    market.quote(9_990, 10_010)
    market.take()
    return market


def trigger_of(market: Market, order_id: int) -> int:
    terms = market.venue.orders[order_id].terms
    assert terms is not None
    return terms.trigger_ticks


def trail(market: Market, side: str, **distance: object) -> int:
    answer = market.stop(ALICE, side, "10", None, "TRAILING_STOP", **distance)
    assert answer.status == "WAITING", answer
    market.take()
    return answer.order_id


@pytest.mark.parametrize(
    ("side", "distance", "begins"),
    [
        ("SELL", {"trail_amount": "2.00"}, 9_800),
        ("BUY", {"trail_amount": "2.00"}, 10_200),
        ("SELL", {"trail_bps": 150}, 9_850),
        ("BUY", {"trail_bps": 150}, 10_150),
        ("SELL", {"trail_bps": 1}, 9_999),
    ],
)
def test_it_begins_at_its_distance_from_the_reference(
    market: Market, side: str, distance: dict[str, object], begins: int
) -> None:
    assert trigger_of(market, trail(market, side, **distance)) == begins


def test_it_follows_by_steps_of_a_twentieth_and_never_goes_back(market: Market) -> None:
    order_id = trail(market, "SELL", trail_amount="2.00")  # a step is 0.10
    assert not market.quote(9_999, 10_019), "nine hundredths are no step"
    assert not market.take().events
    assert market.quote(10_000, 10_020)
    changes = market.take()
    assert kinds(changes) == ["ORDER_TRIGGER_MOVED"] and list(changes.changed_terms) == [order_id]
    assert trigger_of(market, order_id) == 9_810
    market.quote(10_290, 10_310)
    assert trigger_of(market, order_id) == 10_100
    assert not market.quote(10_100, 10_120), "it stays where it is when the market comes back"
    assert market.quote(10_090, 10_110), "and is set off there"
    assert market.venue.orders[order_id].status == "FILLED"


def test_a_buy_follows_down_and_holds_less_and_less(market: Market) -> None:
    order_id = trail(market, "BUY", trail_amount="2.00")
    before = market.money(ALICE)[1]
    assert before == 10 * 11_220 * ONE // 100 * 1002 // 1000
    market.quote(9_790, 9_810)
    assert trigger_of(market, order_id) == 10_000
    assert market.money(ALICE)[1] == 10 * 11_000 * ONE // 100 * 1002 // 1000
    market.limit_instrument(collar_bps=5000)
    market.quote(9_690, 9_710)
    assert market.money(ALICE)[1] == 10 * 11_000 * ONE // 100 * 1002 // 1000, "a wider collar takes no more money"
    assert trigger_of(market, order_id) == 9_900
    market.quote(9_890, 9_910)
    assert market.venue.orders[order_id].status == "FILLED"


def test_it_writes_no_more_than_about_twenty_times_for_its_distance(market: Market) -> None:
    trail(market, "SELL", trail_amount="2.00")
    moves = 0
    for tick in range(1, 401):  # up by 4.00, tick by tick
        market.quote(9_990 + tick, 10_010 + tick)
        moves += len(market.take().events)
    assert moves == 40


@pytest.mark.parametrize("side", ["SELL", "BUY"])
@pytest.mark.parametrize("distance", [{"trail_amount": "100.00"}, {"trail_amount": "999999999999.99"}])
def test_a_distance_as_long_as_the_price_is_denied(market: Market, side: str, distance: dict[str, object]) -> None:
    answer = market.stop(ALICE, side, "1", None, "TRAILING_STOP", **distance)
    assert (answer.status, answer.reason) == ("DENIED", "PRICE_COLLAR")
    assert not market.take().changed_terms, "there is no trigger to store"


def test_it_does_not_follow_while_the_instrument_is_halted(market: Market) -> None:
    order_id = trail(market, "SELL", trail_amount="2.00")
    market.halt()
    assert not market.quote(10_500, 10_520)
    market.resume()
    market.quote(10_000, 10_020)
    assert trigger_of(market, order_id) == 9_810


def terms(**fields: int) -> Terms:
    return Terms(1, **fields)


@pytest.mark.parametrize("side", [SELL, BUY])
@pytest.mark.parametrize(
    "distance", [*({"trail_ticks": d} for d in (1, 19, 41, 400)), *({"trail_bps": b} for b in (1, 7, 9_999))]
)
@pytest.mark.parametrize("reference", [2_001, 19_999, 20_000])
def test_it_follows_exactly_from_where_a_step_is_due(side: Side, distance: dict[str, int], reference: int) -> None:
    """Asked of every reference around: at ``follows_at`` the trigger is a step further, and one before it is not."""
    each = terms(**distance)
    each.trigger_ticks = trail_trigger(each, side, reference)
    if each.trigger_ticks < 1:
        return
    assert not is_reached("TRAILING_STOP", side, each.trigger_ticks, reference)  # type: ignore[arg-type]
    due, step = follows_at(each, side), step_ticks(each, side)
    if due <= 1:
        return
    toward = 1 if side is SELL else -1
    moved = toward * (trail_trigger(each, side, due) - each.trigger_ticks)
    just_before = toward * (trail_trigger(each, side, due - toward) - each.trigger_ticks)
    assert moved >= step > just_before
    assert toward * due > toward * reference

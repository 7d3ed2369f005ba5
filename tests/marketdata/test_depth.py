"""The merged book: customers' levels and the house's ladder, never locked or crossed, with sums that are right."""

from hypothesis import given
from hypothesis import strategies as st

from apps.core.enums import Side
from apps.core.ladder import house_ladder
from apps.marketdata.depth import LEVELS_SHOWN, CustomerLevels, HouseQuote, merge_depth

ticks = st.integers(1, 60)
lots = st.integers(1, 1_000)
book_side = st.dictionaries(ticks, lots, max_size=15)


@st.composite
def customers(draw: st.DrawFn) -> CustomerLevels:
    """An uncrossed book, as the engine leaves it."""
    middle = draw(ticks)
    bids = {price: size for price, size in draw(book_side).items() if price < middle}
    asks = {price: size for price, size in draw(book_side).items() if price >= middle}
    return CustomerLevels(1, bids, asks)


@st.composite
def houses(draw: st.DrawFn) -> HouseQuote | None:
    bid = draw(ticks)
    quote = HouseQuote(bid, bid + draw(st.integers(1, 20)), draw(lots), draw(lots))
    return draw(st.sampled_from([quote, quote, quote, None]))


@given(customers(), houses(), st.integers(1, 7))
def test_the_book_is_never_locked_or_crossed(levels: CustomerLevels, house: HouseQuote | None, step: int) -> None:
    bids, asks = merge_depth(levels, house, step)
    if bids and asks:
        assert bids[0][0] < asks[0][0]


@given(customers(), houses(), st.integers(1, 7))
def test_levels_are_sorted_positive_and_few(levels: CustomerLevels, house: HouseQuote | None, step: int) -> None:
    bids, asks = merge_depth(levels, house, step)
    assert [price for price, _, _ in bids] == sorted({price for price, _, _ in bids}, reverse=True)
    assert [price for price, _, _ in asks] == sorted({price for price, _, _ in asks})
    assert len(bids) <= LEVELS_SHOWN
    assert len(asks) <= LEVELS_SHOWN
    assert all(price > 0 and 0 <= own <= total and total > 0 for price, total, own in bids + asks)


@given(customers(), houses(), st.integers(1, 7))
def test_every_level_is_customers_plus_house(levels: CustomerLevels, house: HouseQuote | None, step: int) -> None:
    bids, asks = merge_depth(levels, house, step)
    for shown, own, sign in ((bids, levels.bids, -1), (asks, levels.asks, 1)):
        ladder = {}
        if house is not None:
            best, size = (house.bid, house.bid_lots) if sign < 0 else (house.ask, house.ask_lots)
            ladder = dict(house_ladder(best, size, sign, step))
        for price, total, customers_lots in shown:
            assert customers_lots == own.get(price, 0)
            assert total in (customers_lots + ladder.get(price, 0), customers_lots)


@given(customers(), houses(), st.integers(1, 7))
def test_no_customer_is_hidden_by_the_house(levels: CustomerLevels, house: HouseQuote | None, step: int) -> None:
    bids, asks = merge_depth(levels, house, step)
    if levels.bids:
        assert bids[0][0] >= max(levels.bids)
    if levels.asks:
        assert asks[0][0] <= min(levels.asks)


def test_the_house_is_clipped_where_customers_offer_better() -> None:
    levels = CustomerLevels(1, {}, {99: 5})
    bids, asks = merge_depth(levels, HouseQuote(100, 102, 10, 10), 1)
    assert bids[0] == (98, 15, 0), "100 and 99 would lock or cross the customer's offer"
    assert asks[0] == (99, 5, 5)
    assert asks[1] == (102, 10, 0)


def test_customers_and_house_at_one_price_are_added() -> None:
    bids, _ = merge_depth(CustomerLevels(1, {100: 7}, {}), HouseQuote(100, 101, 40, 40), 1)
    assert bids[0] == (100, 47, 7)


def test_a_house_that_is_crossed_in_itself_is_left_out() -> None:
    assert merge_depth(CustomerLevels(), HouseQuote(101, 101, 5, 5), 1) == ([], [])


def test_a_change_that_comes_twice_or_too_late_changes_nothing() -> None:
    levels = CustomerLevels(10)
    assert levels.change(11, [(Side.BUY, 100, 5)])
    assert not levels.change(11, [(Side.BUY, 100, 5)])
    assert not levels.change(9, [(Side.BUY, 99, 1)])
    assert levels.bids == {100: 5}
    assert levels.change(12, [(Side.BUY, 100, 0), (Side.SELL, 101, 2)])
    assert (levels.bids, levels.asks) == ({}, {101: 2})


def test_every_part_of_a_large_change_is_taken() -> None:
    levels = CustomerLevels(10)
    assert levels.change(11, [(Side.BUY, 100, 5)])
    assert levels.change(11, [(Side.BUY, 99, 4)])
    assert levels.bids == {100: 5, 99: 4}

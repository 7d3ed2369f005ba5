"""A hold covers what its order may cost, however the order is cut into fills."""

import hypothesis.strategies as st
from hypothesis import given, settings

from apps.core.enums import Side, TradingState
from apps.core.units import Grid
from apps.engine.matching.money import fee_of, hold_per_lot
from apps.engine.matching.state import Instrument


def instrument(tick: int, maker: int, taker: int) -> Instrument:
    grid = Grid(tick, 10**8)
    return Instrument(1, "X", "X", "STOCK", 1, 2, grid, 10**9, 10**20, 1000, maker, taker, 1, TradingState.OPEN)


@settings(max_examples=400, deadline=None, derandomize=True)
@given(
    tick=st.integers(1, 10**9),
    limit=st.integers(1, 10**6),
    rates=st.tuples(st.integers(0, 100_000), st.integers(0, 100_000)),
    fills=st.lists(st.tuples(st.integers(1, 500), st.integers(0, 10**6), st.booleans()), min_size=1, max_size=30),
)
def test_the_fees_and_values_of_all_fills_never_exceed_the_hold(
    tick: int, limit: int, rates: tuple[int, int], fills: list[tuple[int, int, bool]]
) -> None:
    """Every cut, at any price up to the limit, with either rate: each fill's share of the hold covers that fill."""
    acme = instrument(tick, *rates)
    per_lot = hold_per_lot(acme, Side.BUY, limit)
    for lots, below, is_maker in fills:
        notional = acme.grid.notional(max(1, limit - below), lots)
        cost = notional + fee_of(notional, rates[0] if is_maker else rates[1])
        assert cost <= lots * per_lot
    whole = sum(lots for lots, _, _ in fills)
    exact = acme.grid.notional(limit, whole)
    # And it is not generous: above the fee of one single fill by less than a unit of 10**-8 a lot.
    assert exact + fee_of(exact, max(rates)) <= whole * per_lot < exact + fee_of(exact, max(rates)) + whole


def test_why_the_hold_is_rounded_up_per_lot() -> None:
    """Two fills of one lot each are dearer than one of two: the fee of the whole would not have covered them."""
    acme = instrument(1, 1000, 1000)
    whole = acme.grid.notional(150, 2)
    one = acme.grid.notional(150, 1)
    assert 2 * (one + fee_of(one, 1000)) == 302 > whole + fee_of(whole, 1000) == 301
    assert 2 * hold_per_lot(acme, Side.BUY, 150) == 302


@given(notional=st.integers(1, 10**30), ppm=st.integers(0, 100_000))
def test_fee_is_rounded_up_and_never_more_than_the_proceeds(notional: int, ppm: int) -> None:
    fee = fee_of(notional, ppm)
    assert (fee - 1) * 10**6 < notional * ppm <= fee * 10**6
    assert fee <= notional

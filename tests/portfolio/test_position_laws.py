"""Laws of the average cost that hold after any fills whatever."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apps.core.checks import ConditionFailedError
from apps.core.enums import Side
from apps.portfolio.position_math import EXACT, PositionState, apply_fill, cost_share


def units(low: int, high: int) -> st.SearchStrategy[Decimal]:
    return st.integers(low, high).map(lambda n: Decimal(n).scaleb(-8))


FILL = st.tuples(st.booleans(), units(1, 10**16), units(1, 10**16), units(0, 10**12))


@settings(max_examples=200, deadline=None)
@given(st.lists(FILL, max_size=30))
def test_what_was_paid_and_received_is_always_accounted_for(fills: list[tuple[bool, Decimal, Decimal, Decimal]]) -> None:
    state, cash = PositionState(), Decimal(0)
    for wants_sale, price, quantity, fee in fills:
        side = Side.SELL if wants_sale and state.quantity else Side.BUY
        if side is Side.SELL:
            quantity = min(quantity, state.quantity)
        state = apply_fill(state, side=side, price=price, quantity=quantity, fee=fee)
        notional = EXACT.multiply(price, quantity)
        cash = EXACT.add(cash, EXACT.subtract(notional if side is Side.SELL else notional.copy_negate(), fee))
        assert EXACT.subtract(state.realized_pnl, state.cost) == cash
        assert state.quantity >= 0 and state.cost >= 0
        assert state.quantity > 0 or state.cost == 0


@settings(max_examples=200, deadline=None)
@given(cost=units(0, 10**18), quantity=units(2, 10**12), data=st.data())
def test_selling_in_parts_takes_exactly_the_whole_cost(cost: Decimal, quantity: Decimal, data: st.DataObject) -> None:
    left, left_cost = quantity, cost
    for _ in range(5):
        part = data.draw(units(1, int(left.scaleb(8))))
        left_cost -= cost_share(left_cost, part, left)
        left -= part
        if not left:
            break
    if left:
        left_cost -= cost_share(left_cost, left, left)
    assert left_cost == 0


def test_a_share_larger_than_the_position_is_refused() -> None:
    with pytest.raises(ConditionFailedError, match="sold must be within the quantity 1, was 2"):
        cost_share(Decimal(10), Decimal(2), Decimal(1))


def test_a_fill_without_a_price_is_refused() -> None:
    with pytest.raises(ConditionFailedError):
        apply_fill(PositionState(), side=Side.BUY, price=Decimal(0), quantity=Decimal(1), fee=Decimal(0))

"""The examples of docs/money.md, number for number."""

from decimal import Decimal

from apps.core.enums import Side
from apps.portfolio.position_math import PositionState, apply_fill, average_cost, market_value, mid, unrealized_pnl


def after(state: PositionState, side: Side, quantity: str, price: str, fee: str = "0") -> PositionState:
    return apply_fill(state, side=side, price=Decimal(price), quantity=Decimal(quantity), fee=Decimal(fee))


def test_example_1_buy_buy_more_sell_a_part() -> None:
    state = after(PositionState(), Side.BUY, "2", "100", "0.20")
    assert (state.quantity, state.cost, state.realized_pnl) == (2, Decimal("200.20"), 0)
    assert average_cost(state.quantity, state.cost) == Decimal("100.10")

    state = after(state, Side.BUY, "1", "130", "0.13")
    assert (state.quantity, state.cost, state.realized_pnl) == (3, Decimal("330.33"), 0)
    assert average_cost(state.quantity, state.cost) == Decimal("110.11")

    state = after(state, Side.SELL, "1", "120", "0.12")
    assert (state.quantity, state.cost, state.realized_pnl) == (2, Decimal("220.22"), Decimal("9.77"))
    assert state.fees == Decimal("0.45")

    mark = mid(Decimal(124), Decimal(126))
    assert mark == 125
    assert market_value(state.quantity, mark) == 250
    unrealized = unrealized_pnl(state.quantity, state.cost, mark)
    assert unrealized == Decimal("29.78")
    assert state.realized_pnl + unrealized == Decimal("39.55")


def test_example_2_a_cost_that_does_not_divide() -> None:
    state = after(PositionState(), Side.BUY, "3", "33.33333333", "0.01")
    assert state.cost == Decimal("100.00999999")
    state = after(state, Side.SELL, "1", "40")
    assert state.cost == Decimal("66.67333333")
    state = after(state, Side.SELL, "2", "40")
    assert (state.quantity, state.cost, state.realized_pnl) == (0, 0, Decimal("19.99000001"))


def test_example_3_a_round_trip_at_one_price_costs_the_fees() -> None:
    state = after(PositionState(), Side.BUY, "10", "50", "0.50")
    state = after(state, Side.SELL, "10", "50", "0.50")
    assert state == PositionState(realized_pnl=Decimal("-1.00"), fees=Decimal("1.00"))


def test_example_4_selling_what_was_not_bought_here() -> None:
    state = after(PositionState(), Side.BUY, "1", "100")
    state = after(state, Side.SELL, "3", "110", "0.33")
    assert (state.quantity, state.cost, state.realized_pnl) == (0, 0, Decimal("9.67"))

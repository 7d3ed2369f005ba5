"""Average cost, exactly. Pure: values in, values out; ``docs/money.md`` explains it with worked examples that are also tests.

Amounts are in the instrument's quote currency. Nothing here is rounded but two things, each in one place: the share of the
cost that a sale takes with it (:func:`cost_share`), and what is only shown (:func:`to_display_scale`).
"""

from dataclasses import dataclass, replace
from decimal import ROUND_HALF_EVEN, Context, Decimal

from apps.core.checks import check
from apps.core.enums import Side

#: Wide enough for the product of the two widest columns (36 and 20 digits), so that only named places round.
EXACT = Context(prec=96, rounding=ROUND_HALF_EVEN)
SMALLEST = Decimal("0.00000001")
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class PositionState:
    """``cost`` is what the open ``quantity`` cost, fees included; ``realized_pnl`` what sales earned, fees taken off."""

    quantity: Decimal = ZERO
    cost: Decimal = ZERO
    realized_pnl: Decimal = ZERO
    fees: Decimal = ZERO


def cost_share(cost: Decimal, sold: Decimal, quantity: Decimal) -> Decimal:
    """The part of ``cost`` that selling ``sold`` of ``quantity`` takes with it.

    Rounded half-even to eight decimals; the rest stays with what is left, so no unit is lost. Selling everything takes
    all of the cost, exactly.
    """
    check(ZERO < sold <= quantity, f"sold must be within the quantity {quantity}, was {sold}")
    if sold == quantity:
        return cost
    return EXACT.divide(EXACT.multiply(cost, sold), quantity).quantize(SMALLEST, context=EXACT)


def apply_fill(state: PositionState, *, side: Side, price: Decimal, quantity: Decimal, fee: Decimal) -> PositionState:
    """Return the position after one fill. ``fee`` is in the quote currency and never negative."""
    check(price > 0 and quantity > 0 and fee >= 0, f"a fill must be positive, was {quantity} at {price}, fee {fee}")
    if side is Side.BUY:
        return _after_buy(state, price, quantity, fee)
    return _after_sale(state, price, quantity, fee)


def _after_buy(state: PositionState, price: Decimal, quantity: Decimal, fee: Decimal) -> PositionState:
    return replace(
        state,
        quantity=EXACT.add(state.quantity, quantity),
        cost=EXACT.add(state.cost, EXACT.add(EXACT.multiply(price, quantity), fee)),
        fees=EXACT.add(state.fees, fee),
    )


def _after_sale(state: PositionState, price: Decimal, quantity: Decimal, fee: Decimal) -> PositionState:
    """A customer may sell what was not bought here (deposited, or bought through another instrument): nobody told us what it
    cost, so that part earns nothing and loses nothing but its fee. Inventing a cost would be a lie in either direction.
    """
    known = min(quantity, state.quantity)
    share = cost_share(state.cost, known, state.quantity) if known else ZERO
    earned = EXACT.subtract(EXACT.subtract(EXACT.multiply(price, known), fee), share)
    return replace(
        state,
        quantity=EXACT.subtract(state.quantity, known),
        cost=EXACT.subtract(state.cost, share),
        realized_pnl=EXACT.add(state.realized_pnl, earned),
        fees=EXACT.add(state.fees, fee),
    )


def mid(bid: Decimal, ask: Decimal) -> Decimal:
    """The mark: half-way between bid and ask, exactly (it may have one decimal more than they have)."""
    return EXACT.divide(EXACT.add(bid, ask), Decimal(2))


def market_value(quantity: Decimal, mark: Decimal) -> Decimal:
    return EXACT.multiply(quantity, mark)


def unrealized_pnl(quantity: Decimal, cost: Decimal, mark: Decimal) -> Decimal:
    """What selling ``quantity`` at ``mark``, free of fees, would earn over its ``cost``."""
    return EXACT.subtract(market_value(quantity, mark), cost)


def average_cost(quantity: Decimal, cost: Decimal) -> Decimal | None:
    """Cost per unit to eight decimals, computed to be shown and never stored; None for a flat position."""
    return EXACT.divide(cost, quantity).quantize(SMALLEST, context=EXACT) if quantity else None


def to_display_scale(value: Decimal) -> Decimal:
    """``value`` rounded half-even to eight decimals: after a conversion between currencies, or at a mark that is finer."""
    return value.quantize(SMALLEST, context=EXACT)

"""The moments of an order that can be looked at. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from apps.core.enums import LiquiditySide
from apps.orders.selectors import FillView
from apps.orders.timeline import Step

#: Nothing of the book or the account is decided at these: they tell of a decision that was.
_LATER_STEPS = frozenset({"ORDER_TRIGGER_MOVED"})


@dataclass(frozen=True, slots=True)
class Moment:
    """A step of the order, and the sequence before which everything is shown.

    Of a fill that is the trade's own, and of the decision on the order its id: the engine gave both out before anything changed.
    """

    step: Step
    before: int

    @property
    def sequence(self) -> int:
        """The step's own, by which an address names it."""
        return self.step.event.sequence

    @property
    def fill(self) -> FillView | None:
        return self.step.fill

    @property
    def was_taker(self) -> bool:
        return self.fill is not None and self.fill.liquidity_side is LiquiditySide.TAKER


def moments_of(order_id: int, steps: Sequence[Step]) -> tuple[Moment, ...]:
    return tuple(Moment(step, _before(order_id, step)) for step in steps if step.event.type not in _LATER_STEPS)


def choose(moments: Sequence[Moment], wanted: int | None) -> Moment | None:
    """The one that is asked for by its sequence, else the first fill, else the first; None when there is none."""
    for moment in moments:
        if moment.sequence == wanted:
            return moment
    fills = (moment for moment in moments if moment.fill is not None)
    return next(fills, moments[0] if moments else None)


def _before(order_id: int, step: Step) -> int:
    if step.fill is not None:
        return step.fill.trade_id
    if step.event.type in ("ORDER_ACCEPTED", "ORDER_DENIED", "ORDER_REJECTED"):
        return order_id
    return step.event.sequence

"""Orders of one instrument that wait for a trigger, and the arithmetic of triggers and trails. Pure.

The reference is the mid of the house's newest quote, counted in doubled ticks (``bid + ask``), so that it is a whole number.
"""

from bisect import bisect_left, insort

from apps.core.enums import OrderType, Side
from apps.engine.matching.state import Order, Terms

BPS = 10_000
#: A trailing stop follows in steps of this part of its distance: each step is written, and there are never many.
STEPS_PER_DISTANCE = 20

SELL, TAKE_PROFIT = Side.SELL, OrderType.TAKE_PROFIT


def falls(order_type: OrderType, side: Side) -> bool:
    """Whether the order is set off by a reference that falls to its trigger; if not, by one that rises to it."""
    return (side is SELL) is not (order_type is TAKE_PROFIT)


def is_reached(order_type: OrderType, side: Side, trigger_ticks: int, reference: int) -> bool:
    return reference <= 2 * trigger_ticks if falls(order_type, side) else reference >= 2 * trigger_ticks


def trail_trigger(terms: Terms, side: Side, reference: int) -> int:
    """Where the trigger of a trailing stop belongs, in ticks: its distance, rounded up, from the reference. May be below one."""
    if side is SELL:
        if terms.trail_ticks:
            return reference // 2 - terms.trail_ticks
        return reference * (BPS - terms.trail_bps) // (2 * BPS)
    if terms.trail_ticks:
        return -(-reference // 2) + terms.trail_ticks
    return -(-reference * (BPS + terms.trail_bps) // (2 * BPS))


def step_ticks(terms: Terms, side: Side) -> int:
    """The smallest move of a trailing stop's trigger. A function of what is stored, so that a reload changes nothing."""
    distance = terms.trail_ticks
    if not distance:
        rest = BPS - terms.trail_bps if side is SELL else BPS + terms.trail_bps
        distance = terms.trigger_ticks * terms.trail_bps // rest
    return max(1, distance // STEPS_PER_DISTANCE)


def follows_at(terms: Terms, side: Side) -> int:
    """The reference at which a trailing stop takes its next step: the least that does for a sell, the largest for a buy."""
    step = step_ticks(terms, side)
    if side is SELL:
        goal = terms.trigger_ticks + step
        if terms.trail_ticks:
            return 2 * (goal + terms.trail_ticks)
        return -(-2 * BPS * goal // (BPS - terms.trail_bps))
    goal = terms.trigger_ticks - step
    if terms.trail_ticks:
        return 2 * (goal - terms.trail_ticks)
    return 2 * BPS * goal // (BPS + terms.trail_bps)


class Watch:
    """Whom the next quote concerns, found by a look at the ends of two sorted lists.

    An order's terms change only while it is out: :meth:`remove` finds it by them.
    """

    __slots__ = ("_above", "_below", "orders")

    def __init__(self) -> None:
        self.orders: dict[int, Order] = {}
        self._below: list[tuple[int, int]] = []  # (reference, order id): due when the reference is at most that
        self._above: list[tuple[int, int]] = []  # (minus the reference, order id): due when it is at least that

    def add(self, order: Order) -> None:
        self.orders[order.order_id] = order
        for entries, entry in self._entries(order):
            insort(entries, entry)

    def remove(self, order: Order) -> None:
        del self.orders[order.order_id]
        for entries, entry in self._entries(order):
            del entries[bisect_left(entries, entry)]

    def _entries(self, order: Order) -> list[tuple[list[tuple[int, int]], tuple[int, int]]]:
        terms, order_id = order.terms, order.order_id
        if terms is None:
            raise TypeError(f"order {order_id} has nothing to wait for")
        falling = falls(order.order_type, order.side)
        trigger = 2 * terms.trigger_ticks
        entries = [(self._below, (trigger, order_id)) if falling else (self._above, (-trigger, order_id))]
        if terms.trail_ticks or terms.trail_bps:
            follows = follows_at(terms, order.side)
            entries.append((self._above, (-follows, order_id)) if falling else (self._below, (follows, order_id)))
        return entries

    def concerns(self, reference: int) -> bool:
        """Whether an order is set off, or follows, at ``reference``."""
        below, above = self._below, self._above
        return bool((below and below[-1][0] >= reference) or (above and above[-1][0] >= -reference))

    def due(self, reference: int) -> list[Order]:
        """Those that are set off or follow at ``reference``, in the order of their priorities."""
        found = []
        for entries, bound in ((self._below, reference), (self._above, -reference)):
            for place in range(len(entries) - 1, -1, -1):
                if entries[place][0] < bound:
                    break
                found.append(self.orders[entries[place][1]])
        found.sort(key=lambda order: order.priority)
        return found

"""The life of an order: one table of legal steps; anything else is our own bug. Pure."""

from apps.core.checks import InvariantError
from apps.core.enums import OrderStatus

#: What an order may be when it is first stored.
INITIAL: frozenset[OrderStatus] = frozenset(
    {OrderStatus.WAITING, OrderStatus.ACCEPTED, OrderStatus.DENIED, OrderStatus.REJECTED}
)

_WORKING_NEXT = frozenset({OrderStatus.PARTIALLY_FILLED, OrderStatus.FILLED, OrderStatus.CANCELED, OrderStatus.EXPIRED})

#: From each status, the statuses that may follow. A second partial fill keeps PARTIALLY_FILLED.
NEXT: dict[OrderStatus, frozenset[OrderStatus]] = {
    OrderStatus.WAITING: frozenset({OrderStatus.ACCEPTED, OrderStatus.CANCELED, OrderStatus.EXPIRED}),
    OrderStatus.ACCEPTED: _WORKING_NEXT,
    OrderStatus.PARTIALLY_FILLED: _WORKING_NEXT,
    OrderStatus.FILLED: frozenset(),
    OrderStatus.CANCELED: frozenset(),
    OrderStatus.EXPIRED: frozenset(),
    OrderStatus.DENIED: frozenset(),
    OrderStatus.REJECTED: frozenset(),
}

#: Still working: it rests, or could.
OPEN: frozenset[OrderStatus] = frozenset(status for status, following in NEXT.items() if following)

#: In the book, when it is not the order that is being matched now.
RESTING: frozenset[OrderStatus] = OPEN - {OrderStatus.WAITING}

#: Final: never changes again.
TERMINAL: frozenset[OrderStatus] = frozenset(status for status, following in NEXT.items() if not following)


class IllegalTransitionError(InvariantError):
    """An order was about to take a step that the table does not know."""


def check_transition(before: OrderStatus | None, after: OrderStatus) -> None:
    """Raise :class:`IllegalTransitionError` unless ``after`` may follow ``before``; ``before`` is None for a new order."""
    allowed = INITIAL if before is None else NEXT[before]
    if after not in allowed:
        raise IllegalTransitionError(f"Invariant: an order went from {before} to {after}")

"""How an order's status and its type are shown: groups to filter by, labels, and the diagram of where it stands. Pure."""

from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from apps.core.enums import OrderStatus, OrderType


class StatusGroup(StrEnum):
    """What a person filters the history by."""

    OPEN = "open"
    FILLED = "filled"
    CANCELED = "canceled"
    REFUSED = "refused"


class Sort(StrEnum):
    """In which order the history is shown. Open orders alone, which are few, may also be shown by instrument and price."""

    NEWEST = "newest"
    OLDEST = "oldest"
    INSTRUMENT = "instrument"


GROUP_STATUSES: dict[StatusGroup, tuple[OrderStatus, ...]] = {
    StatusGroup.OPEN: (OrderStatus.WAITING, OrderStatus.ACCEPTED, OrderStatus.PARTIALLY_FILLED),
    StatusGroup.FILLED: (OrderStatus.FILLED,),
    StatusGroup.CANCELED: (OrderStatus.CANCELED, OrderStatus.EXPIRED),
    StatusGroup.REFUSED: (OrderStatus.DENIED, OrderStatus.REJECTED),
}

LABELS: dict[OrderStatus, str] = {
    OrderStatus.WAITING: "Waiting",
    OrderStatus.ACCEPTED: "Open",
    OrderStatus.PARTIALLY_FILLED: "Partly filled",
    OrderStatus.FILLED: "Filled",
    OrderStatus.CANCELED: "Canceled",
    OrderStatus.EXPIRED: "Expired",
    OrderStatus.DENIED: "Denied",
    OrderStatus.REJECTED: "Rejected",
}


#: What keeps an order whose answer was lost from being done later is stored as an order, but nobody asked for it: it says that
#: Tredye never received the one that was asked for.
NOT_RECEIVED = "NOT_RECEIVED"
NOT_RECEIVED_LABEL = "Not received"
NOT_RECEIVED_SENTENCE = "Tredye never received this order. Its id is closed, so it cannot come through later either."
#: The last instant of what closes an id; an order of a person's is younger than the calendar that it is typed into.
CLOSED_AT = datetime(1970, 1, 2, tzinfo=UTC)


TYPE_LABELS: dict[OrderType, str] = {
    OrderType.MARKET: "Market",
    OrderType.LIMIT: "Limit",
    OrderType.STOP: "Stop",
    OrderType.STOP_LIMIT: "Stop limit",
    OrderType.TRAILING_STOP: "Trailing stop",
    OrderType.TAKE_PROFIT: "Take profit",
}
#: Wait for the market before they enter it.
WAITING_TYPES = frozenset(OrderType) - {OrderType.MARKET, OrderType.LIMIT}


def label_of(status: OrderStatus, *, closed_an_id: bool = False) -> str:
    return NOT_RECEIVED_LABEL if closed_an_id else LABELS[status]


@dataclass(frozen=True, slots=True)
class Stage:
    """One box of the diagram: ``state`` is done, current, or ahead."""

    label: str
    state: str


def stages(
    status: OrderStatus, *, has_fills: bool, was_set_off: bool = True, waits: bool = False, closed_an_id: bool = False
) -> tuple[Stage, ...]:
    """The way an order went and, while it is open, where it can still go.

    ``waits``: its type waits for a trigger, and ``was_set_off`` says whether it ever was.
    """
    if closed_an_id:
        return Stage("Sent", "done"), Stage(NOT_RECEIVED_LABEL, "current")
    sent = Stage("Sent", "done")
    if status in (OrderStatus.DENIED, OrderStatus.REJECTED):
        return sent, Stage(LABELS[status], "current")
    if status is OrderStatus.WAITING:
        return sent, Stage("Waiting", "current"), Stage("Open", "ahead"), Stage("Filled", "ahead")
    way = (sent, *((Stage("Waiting", "done"),) if waits else ()), *((Stage("Open", "done"),) if was_set_off else ()))
    if status is OrderStatus.ACCEPTED:
        return *way[:-1], Stage("Open", "current"), Stage("Filled", "ahead")
    if status is OrderStatus.PARTIALLY_FILLED:
        return *way, Stage("Partly filled", "current"), Stage("Filled", "ahead")
    partly = (Stage("Partly filled", "done"),) if has_fills and status is not OrderStatus.FILLED else ()
    return (*way, *partly, Stage(LABELS[status], "current"))

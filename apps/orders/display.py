"""How an order's status is shown: groups to filter by, labels, and the diagram of where it stands. Pure."""

from dataclasses import dataclass
from enum import StrEnum

from apps.core.enums import OrderStatus


class StatusGroup(StrEnum):
    """What a person filters the history by."""

    OPEN = "open"
    FILLED = "filled"
    CANCELED = "canceled"
    REFUSED = "refused"


GROUP_STATUSES: dict[StatusGroup, tuple[OrderStatus, ...]] = {
    StatusGroup.OPEN: (OrderStatus.WAITING, OrderStatus.ACCEPTED, OrderStatus.PARTIALLY_FILLED),
    StatusGroup.FILLED: (OrderStatus.FILLED,),
    StatusGroup.CANCELED: (OrderStatus.CANCELED, OrderStatus.EXPIRED),
    StatusGroup.REFUSED: (OrderStatus.DENIED, OrderStatus.REJECTED),
}

LABELS: dict[OrderStatus, str] = {
    OrderStatus.ACCEPTED: "Open",
    OrderStatus.PARTIALLY_FILLED: "Partly filled",
    OrderStatus.FILLED: "Filled",
    OrderStatus.CANCELED: "Canceled",
    OrderStatus.EXPIRED: "Expired",
    OrderStatus.DENIED: "Denied",
    OrderStatus.REJECTED: "Rejected",
}


@dataclass(frozen=True, slots=True)
class Stage:
    """One box of the diagram: ``state`` is done, current, or ahead."""

    label: str
    state: str


def stages(status: OrderStatus, *, has_fills: bool) -> tuple[Stage, ...]:
    """The way an order went and, while it is open, where it can still go."""
    sent = Stage("Sent", "done")
    if status in (OrderStatus.DENIED, OrderStatus.REJECTED):
        return sent, Stage(LABELS[status], "current")
    if status is OrderStatus.ACCEPTED:
        return sent, Stage("Open", "current"), Stage("Filled", "ahead")
    if status is OrderStatus.PARTIALLY_FILLED:
        return sent, Stage("Open", "done"), Stage("Partly filled", "current"), Stage("Filled", "ahead")
    partly = (Stage("Partly filled", "done"),) if has_fills and status is not OrderStatus.FILLED else ()
    return (sent, Stage("Open", "done"), *partly, Stage(LABELS[status], "current"))

"""Which order events are news to their owner, and of which kind. PURE."""

from decimal import Decimal
from typing import Any

from apps.alerts.kinds import Kind
from apps.commands.reasons import Reason
from apps.core.enums import OrderStatus
from apps.eventlog.schemas.accounts import (
    OrderCanceled,
    OrderDenied,
    OrderEvent,
    OrderExpired,
    OrderFilled,
    OrderForceCanceled,
    OrderRejected,
    OrderTriggered,
)

#: What the owner asked for, or is told of with the order that caused it.
_NO_NEWS = frozenset(
    {
        Reason.CANCELED_BY_CUSTOMER,
        Reason.POSITION_CLOSED,
        Reason.LINKED_ORDER_FILLED,
        Reason.LINKED_ORDER_TRIGGERED,
        Reason.LINKED_ORDER_ENDED,
    }
)
_KINDS: dict[type[OrderEvent], Kind] = {
    OrderCanceled: Kind.CANCELED,
    OrderForceCanceled: Kind.CANCELED,
    OrderDenied: Kind.REFUSED,
    OrderRejected: Kind.REFUSED,
    OrderExpired: Kind.EXPIRED,
    OrderTriggered: Kind.TRIGGERED,
}
_ENDS = frozenset({Kind.FILLED, Kind.CANCELED, Kind.EXPIRED, Kind.REFUSED})


def kind_of(event: OrderEvent) -> Kind | None:
    """None for an event that is nobody's news: accepted, amended, canceled at the owner's request."""
    if isinstance(event, OrderFilled):
        return Kind.FILLED if event.status is OrderStatus.FILLED else Kind.PARTLY_FILLED
    if isinstance(event, OrderCanceled) and event.reason in _NO_NEWS:
        return None
    return _KINDS.get(type(event))


def ends_order(event: OrderEvent) -> bool:
    """Whether nothing more can become of the order."""
    return kind_of(event) in _ENDS or isinstance(event, OrderCanceled)


def was_answered(event: OrderEvent) -> bool:
    """Whether the answer to the order has said it already: its cause is the order's own command."""
    return event.causation_id == event.client_order_id and not isinstance(event, OrderDenied | OrderRejected)


def data_of(event: OrderEvent) -> dict[str, Any]:
    """What the words of its notice are made of."""
    if isinstance(event, OrderFilled):
        return {
            "side": event.side.value,
            "price": event.price,
            "quantity": event.quantity,
            "filled": event.filled_quantity,
            "total": format(Decimal(event.filled_quantity) + Decimal(event.leaves_quantity), "f"),
        }
    if isinstance(event, OrderTriggered):
        return {"trigger": event.trigger_price}
    if isinstance(event, OrderDenied | OrderRejected):
        return {"side": event.side.value, "reason": event.reason, "quantity": event.quantity}
    if isinstance(event, OrderCanceled | OrderForceCanceled | OrderExpired):
        said = {"explanation": event.explanation} if isinstance(event, OrderForceCanceled) else {}
        return {"reason": event.reason, "filled": event.filled_quantity, **said}
    raise TypeError(f"{type(event).__name__} is nobody's news")

"""Orders found without their account: for the staff's console alone. Customers' pages look up by the reader's account."""

from apps.instruments.selectors import instruments_by_id
from apps.orders.models import AccountEvent, Fill, Order
from apps.orders.selectors import LIMIT_MAX, OrderView, order_view


def find_owner(order_id: int) -> int | None:
    """The account that the order is of; None when there is no such order. Nothing else of it is read."""
    return Order.objects.filter(pk=order_id).values_list("account_id", flat=True).first()


def list_by_id(order_ids: list[int]) -> tuple[OrderView, ...]:
    """Those of these orders that there are, by id."""
    known = instruments_by_id()
    rows = Order.objects.filter(pk__in=order_ids[:LIMIT_MAX]).select_related("terms").order_by("pk")
    return tuple(order_view(row, known) for row in rows)


def list_orders_of_trade(trade_id: int) -> tuple[OrderView, ...]:
    """The customers' orders that met in the trade: one against the house, two otherwise, none when there is no such trade."""
    fills = Fill.objects.filter(pk__in=(2 * trade_id, 2 * trade_id + 1), order__isnull=False)
    return list_by_id([order_id for order_id in fills.values_list("order_id", flat=True) if order_id is not None])


def list_orders_of_events(sequences: list[int], limit: int) -> tuple[OrderView, ...]:
    """The orders that these events are of, at most ``limit``, by id; an event is known by the engine's sequence."""
    events = AccountEvent.objects.filter(pk__in=sequences[:LIMIT_MAX], order_id__isnull=False)
    found = events.order_by("order_id").values_list("order_id", flat=True).distinct()[:limit]
    return list_by_id([order_id for order_id in found if order_id is not None])

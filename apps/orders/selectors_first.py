"""Whether an account has begun to trade."""

from apps.core.enums import OrderStatus
from apps.orders.models import Order


def has_ordered(account_id: int) -> bool:
    """Whether an order of the account was ever taken. Refused ones do not count, and an account seldom has only those."""
    refused = (OrderStatus.DENIED, OrderStatus.REJECTED)
    return Order.objects.filter(account_id=account_id).exclude(status__in=refused).exists()

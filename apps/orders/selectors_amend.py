"""Which numbers of an open order its owner may change."""

from dataclasses import dataclass
from decimal import Decimal

from apps.core.enums import OrderStatus, OrderType
from apps.orders.models import OrderTerms
from apps.orders.selectors import OrderView


@dataclass(frozen=True, slots=True)
class Amendable:
    """``trigger_price`` as it is, None when there is none to change: it was reached, or it follows the market.

    A linked order shares its quantity with others, and so keeps it.
    """

    quantity: bool
    trigger_price: Decimal | None


def what_may_be_amended(order: OrderView) -> Amendable:
    terms = OrderTerms.objects.filter(order_id=order.id).first()
    if terms is None:
        return Amendable(True, None)
    waits = order.status is OrderStatus.WAITING and order.order_type is not OrderType.TRAILING_STOP
    return Amendable(terms.link_id is None, terms.trigger_price if waits else None)

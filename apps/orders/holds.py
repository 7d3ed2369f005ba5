"""What open orders hold of a balance. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from apps.instruments.selectors import AssetView
from apps.ledger.selectors import places_of
from apps.orders.selectors import OrderView


@dataclass(frozen=True, slots=True)
class Hold:
    """``counted`` is False for an order that is linked to another which holds as much or more: of a link the largest counts."""

    order: OrderView
    counted: bool


@dataclass(frozen=True, slots=True)
class HeldOf:
    """The open orders that hold something of an asset, and how much they hold together."""

    asset: AssetView
    holds: tuple[Hold, ...]

    @property
    def total(self) -> Decimal:
        return sum((hold.order.held for hold in self.holds if hold.counted), Decimal(0))

    @property
    def places(self) -> int:
        """The decimals that show every hold exactly."""
        return places_of(self.asset, *(hold.order.held for hold in self.holds))


def holds_by_asset(orders: Iterable[OrderView]) -> tuple[HeldOf, ...]:
    """By asset code; the orders in the order in which they came."""
    rows = [order for order in orders if order.held]
    largest: dict[tuple[int, int], OrderView] = {}
    for order in rows:
        key = _key(order)
        if key not in largest or order.held > largest[key].held:
            largest[key] = order
    counted = {order.id for order in largest.values()}
    assets = {order.held_asset.id: order.held_asset for order in rows}
    made = [
        HeldOf(asset, tuple(Hold(order, order.id in counted) for order in rows if order.held_asset.id == asset.id))
        for asset in assets.values()
    ]
    return tuple(sorted(made, key=lambda each: each.asset.code))


def _key(order: OrderView) -> tuple[int, int]:
    """Orders with the same key cancel each other."""
    link_id = None if order.terms is None else order.terms.link_id
    return (order.held_asset.id, -order.id if link_id is None else link_id)

"""Orders that ended: no longer in memory, and asked for all the same."""

from apps.commands.answers import AmendAnswer, AnyAnswer, CancelAnswer
from apps.commands.reasons import Reason
from apps.commands.types import AmendOrder, AnyCommand
from apps.core.enums import OrderStatus
from apps.engine.matching.answers import text
from apps.engine.matching.state import Order
from apps.engine.store import StoredOrder


def as_stored(order: Order) -> StoredOrder:
    """As the store would return it, without its events."""
    grid = order.instrument.grid
    return StoredOrder(
        order.order_id,
        order.account_id,
        order.client_order_id,
        order.instrument.symbol,
        order.side,
        order.order_type,
        order.time_in_force,
        order.lots * grid.lot,
        order.ticks * grid.tick if order.ticks else None,
        order.status,
        order.reason,
        order.filled_lots * grid.lot,
        [],
    )


def not_open(command: AnyCommand, order: StoredOrder, now_ns: int) -> AnyAnswer:
    """The answer to a command for an order that ended: where it stood then."""
    status, reason, filled = OrderStatus(order.status), Reason.ORDER_NOT_OPEN.value, text(order.filled_quantity)
    if not isinstance(command, AmendOrder):
        return CancelAnswer(
            command_id=command.command_id,
            order_id=order.order_id,
            status=status,
            reason=reason,
            filled_quantity=filled,
            at_ns=now_ns,
        )
    return AmendAnswer(
        command_id=command.command_id,
        order_id=order.order_id,
        status=status,
        reason=reason,
        quantity=text(order.quantity),
        price=None if order.price is None else text(order.price),
        trigger_price=None,
        filled_quantity=filled,
        leaves_quantity="0",
        held="0",
        kept_priority=True,
        fills=[],
        at_ns=now_ns,
    )

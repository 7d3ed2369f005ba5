"""The steps of an order's life, and its end, whoever wants it ended and for whatever reason: one way out."""

from collections.abc import Callable
from heapq import nsmallest

from apps.commands.reasons import Reason
from apps.core.enums import OrderStatus, TimeInForce
from apps.engine.matching.memory import Cause, Memory
from apps.engine.matching.money import release_hold
from apps.engine.matching.placing import leave
from apps.engine.matching.state import Account, Order
from apps.orders.status import OPEN, check_transition

CANCELED = OrderStatus.CANCELED
_KINDS = {status: f"ORDER_{status.value}" for status in (CANCELED, OrderStatus.EXPIRED)}


def step(order: Order, status: OrderStatus, now_ns: int) -> None:
    """Move the order to ``status``, if the table of statuses allows it."""
    check_transition(order.status, status)
    order.status = status
    order.updated_ns = now_ns


def end_open(
    memory: Memory,
    order: Order,
    reason: Reason,
    cause: Cause,
    *,
    status: OrderStatus = CANCELED,
    explanation: str = "",
    alone: bool = False,
) -> None:
    """End an order that is open: out of the book, out of its account's count, its hold given back. CANCELED or EXPIRED.

    Open orders that are linked to it end with it, unless it ends ``alone``, because one of them goes on.
    """
    account = memory.accounts[order.account_id]
    leave(memory, account, order)
    end_unplaced(memory, account, order, reason, cause, status=status, explanation=explanation, alone=alone)


def end_unplaced(
    memory: Memory,
    account: Account,
    order: Order,
    reason: Reason,
    cause: Cause,
    *,
    status: OrderStatus = CANCELED,
    explanation: str = "",
    alone: bool = False,
) -> None:
    """End an order that was accepted in this very step, and neither rests nor counts yet. ``explanation`` is staff's words."""
    released = release_hold(memory, account, order, order.lots - order.filled_lots)
    step(order, status, cause.now_ns)
    order.reason = reason.value
    memory.mark_order(order)
    memory.end_order(order)
    fields: dict[str, object] = {"reason": order.reason, "filled_lots": order.filled_lots, "released": released}
    kind = _KINDS[status]
    if explanation:
        fields["explanation"] = explanation
        kind = "ORDER_FORCE_CANCELED"
    memory.tell_account(account, kind, cause, order, fields)
    if order.terms is not None and order.terms.link_id:
        siblings = memory.siblings(order)
        memory.leave_link(order, order.terms)
        if not alone:
            end_each(memory, siblings, Reason.LINKED_ORDER_ENDED, cause)


def end_if_over(memory: Memory, order: Order, now_ns: int) -> bool:
    """Expire the open order if its time is over; the clock alone would, when it is behind, only in a batch to come."""
    if not (memory.is_behind and order.is_over(now_ns)):
        return False
    by_time = order.time_in_force is TimeInForce.GTD
    reason = Reason.EXPIRED_AT_ITS_TIME if by_time else Reason.EXPIRED_WITH_THE_SESSION
    end_open(memory, order, reason, Cause("", "", now_ns), status=OrderStatus.EXPIRED)
    return True


def end_each(memory: Memory, orders: list[Order], reason: Reason, cause: Cause) -> None:
    """Cancel each; the end of one may have been the end of the next."""
    for order in orders:
        if order.status in OPEN:
            end_open(memory, order, reason, cause)


def end_some(
    memory: Memory,
    wanted: Callable[[Order], bool],
    most: int,
    reason: Reason,
    cause: Cause,
    *,
    status: OrderStatus = CANCELED,
) -> int:
    """End at most ``most`` of the open orders that are ``wanted``, the oldest first; return how many there were to end.

    Fewer than ``most`` says that none is left.
    """
    found = nsmallest(most, (order.order_id for order in memory.orders.values() if order.status in OPEN and wanted(order)))
    ended = 0
    for order_id in found:
        order = memory.orders[order_id]
        if order.status in OPEN:  # the end of one may have been the end of another that is linked to it
            end_open(memory, order, reason, cause, status=status)
            ended += 1
    return len(found)


def end_all_of(memory: Memory, account: Account, reason: Reason, cause: Cause) -> int:
    """Cancel every open order of an account, of which there are a few hundred at most; return how many."""
    before = account.open_orders
    if before:
        end_some(memory, lambda order: order.account_id == account.account_id, before, reason, cause)
    return before - account.open_orders

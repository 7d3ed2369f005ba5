"""Steps that an open order takes other than trading: it becomes smaller, leaves the book, ends."""

from apps.commands.reasons import Reason
from apps.core.enums import OrderStatus
from apps.engine.matching.memory import Cause, Memory
from apps.engine.matching.money import release_hold
from apps.engine.matching.state import Account, Order
from apps.orders.status import check_transition

WAITING = OrderStatus.WAITING  # looked up with every cancel


def step(order: Order, status: OrderStatus, now_ns: int) -> None:
    """Move the order to ``status``, if the table of statuses allows it."""
    check_transition(order.status, status)
    order.status = status
    order.updated_ns = now_ns


def end(memory: Memory, account: Account, order: Order, reason: Reason, cause: Cause, explanation: str = "") -> None:
    """Cancel what is left of an order that is in no book (any more), and give its hold back."""
    released = release_hold(memory, account, order, order.lots - order.filled_lots)
    step(order, OrderStatus.CANCELED, cause.now_ns)
    order.reason = reason.value
    memory.mark_order(order)
    memory.end_order(order)
    fields: dict[str, object] = {"reason": order.reason, "filled_lots": order.filled_lots, "released": released}
    if explanation:
        fields["explanation"] = explanation
    memory.tell_account(account, "ORDER_FORCE_CANCELED" if explanation else "ORDER_CANCELED", cause, order, fields)


def leave_book(memory: Memory, account: Account, order: Order) -> None:
    """The open order is in no book and counts as open no more, until it rests again or ends."""
    if order.status is not WAITING:
        memory.books[order.instrument.instrument_id].side(order.side).remove(order)
        memory.mark_level(order)
    account.open_orders -= 1


def cancel_open(memory: Memory, account: Account, order: Order, reason: Reason, cause: Cause, explanation: str = "") -> None:
    """Take an open order out of the book and end it."""
    leave_book(memory, account, order)
    end(memory, account, order, reason, cause, explanation)


def rest(memory: Memory, account: Account, order: Order) -> None:
    """The order takes its place in the book, behind all others of its price."""
    memory.books[order.instrument.instrument_id].side(order.side).add(order)
    memory.mark_level(order)
    account.open_orders += 1


def shrink(memory: Memory, account: Account, order: Order, lots: int, reason: str, cause: Cause, *, rests: bool) -> None:
    """Take ``lots`` off the order, which keeps its place and has some left. ``rests``: it is in the book now.

    ``reason`` is empty when its owner wished it.
    """
    if rests:
        memory.books[order.instrument.instrument_id].side(order.side).shrink(order, lots)
        memory.mark_level(order)
    release_hold(memory, account, order, lots)
    order.lots -= lots
    order.updated_ns = cause.now_ns
    memory.mark_amended(order)
    tell_amended(memory, account, order, reason, cause, kept_priority=True)


def tell_amended(memory: Memory, account: Account, order: Order, reason: str, cause: Cause, *, kept_priority: bool) -> None:
    """The order as it stands from now on."""
    fields: dict[str, object] = {
        "reason": reason,
        "lots": order.lots,
        "ticks": order.ticks,
        "trigger_ticks": 0 if order.terms is None else order.terms.trigger_ticks,
        "filled_lots": order.filled_lots,
        "held": order.held,
        "status": order.status,
        "kept_priority": kept_priority,
    }
    memory.tell_account(account, "ORDER_AMENDED", cause, order, fields)

"""An open order's place, in the book or among those that wait, and its size: it takes one, leaves it, becomes smaller."""

from apps.core.enums import OrderStatus
from apps.engine.matching.memory import Cause, Memory
from apps.engine.matching.money import release_hold
from apps.engine.matching.state import Account, Order

WAITING = OrderStatus.WAITING


def rest(memory: Memory, account: Account, order: Order) -> None:
    """The order takes its place in the book, behind all others of its price, and counts as open."""
    memory.books[order.instrument.instrument_id].side(order.side).add(order)
    memory.mark_level(order)
    account.open_orders += 1


def wait(memory: Memory, account: Account, order: Order) -> None:
    """The order waits for its trigger: in no book, but it counts as open."""
    memory.watches[order.instrument.instrument_id].add(order)
    account.open_orders += 1


def leave(memory: Memory, account: Account, order: Order) -> None:
    """The order gives up its place, and does not count as open until it has another."""
    if order.status is not WAITING:
        memory.books[order.instrument.instrument_id].side(order.side).remove(order)
        memory.mark_level(order)
    else:
        memory.watches[order.instrument.instrument_id].remove(order)
    account.open_orders -= 1


def shrink(memory: Memory, order: Order, lots: int, reason: str, cause: Cause, *, rests: bool) -> None:
    """Take ``lots`` off the order, which has more than those left and keeps its place. ``rests``: it is in the book now.

    ``reason`` is empty when its owner wished it.
    """
    if rests:
        memory.books[order.instrument.instrument_id].side(order.side).shrink(order, lots)
        memory.mark_level(order)
    account = memory.accounts[order.account_id]
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

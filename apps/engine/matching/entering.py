"""An order that was judged is stored, told, and enters the market: it trades what it can, and then rests or ends."""

from copy import copy

from apps.commands.reasons import Reason
from apps.core.enums import OrderStatus
from apps.engine.matching.changes import TradeRow
from apps.engine.matching.ending import end_unplaced
from apps.engine.matching.memory import Cause, Memory
from apps.engine.matching.placing import rest
from apps.engine.matching.risk import Request, Verdict, may_rest
from apps.engine.matching.state import Account, Order
from apps.engine.matching.trading import match_order
from apps.orders.status import check_transition

# A member looked up on its class costs four times a global, and an order does it twenty times.
FILLED, DENIED = OrderStatus.FILLED, OrderStatus.DENIED


def new_order(
    memory: Memory, request: Request, verdict: Verdict, cause: Cause, *, order_id: int = 0, client_order_id: str = ""
) -> Order:
    """Store the order as it was decided. Its id is the next, its client's id the command's, unless they are given."""
    status = verdict.status
    check_transition(None, status)
    order = Order(
        order_id or memory.next_sequence(),
        request.account.account_id,
        client_order_id or cause.command_id,
        request.instrument,
        request.side,
        request.order_type,
        request.time_in_force,
        request.lots,
        request.ticks,
        status,
        cause.now_ns,
        cause.now_ns,
        "" if verdict.reason is None else verdict.reason.value,
    )
    terms = request.terms
    if terms is not None:
        order.terms = terms
        terms.priority = order.order_id
        terms.trigger_ticks = terms.trigger_ticks or verdict.trigger_ticks
        if terms.trigger_ticks or not (terms.trail_ticks or terms.trail_bps):
            memory.mark_terms(order)  # a trailing stop that was refused before there was a reference has no trigger to store
    memory.add_order(order)
    return order


def tell_decision(memory: Memory, account: Account, order: Order, cause: Cause) -> None:
    """The first event of the order, accepted or not. It is told once its hold is placed."""
    fields: dict[str, object] = {
        "side": order.side,
        "order_type": order.order_type,
        "time_in_force": order.time_in_force,
        "lots": order.lots,
        "ticks": order.ticks or None,
    }
    if order.terms is not None:
        fields["terms"] = copy(order.terms)  # as they are at the decision; they may change before the event is written
    if not order.reason:
        fields["held"] = order.held
        memory.tell_account(account, "ORDER_ACCEPTED", cause, order, fields)
        return
    fields["reason"] = order.reason
    kind = "ORDER_DENIED" if order.status is DENIED else "ORDER_REJECTED"
    memory.tell_account(account, kind, cause, order, fields)


def enter(memory: Memory, account: Account, order: Order, limit_ticks: int, cause: Cause) -> list[TradeRow]:
    """Trade up to ``limit_ticks``, then finish; return the trades."""
    trades, stopped = match_order(memory, order, limit_ticks, cause)
    finish(memory, account, order, stopped, cause)
    return trades


def finish(memory: Memory, account: Account, order: Order, stopped: Reason | None, cause: Cause) -> None:
    """What becomes of an accepted order when nobody is left to trade with: full, resting, or canceled with its reason."""
    if order.status is FILLED:
        memory.end_order(order)
    elif stopped is not None:
        end_unplaced(memory, account, order, stopped, cause)
    elif order.ticks and may_rest(order.time_in_force):
        rest(memory, account, order)
    else:
        reason = Reason.UNFILLED_REMAINDER if order.filled_lots else Reason.NO_LIQUIDITY
        end_unplaced(memory, account, order, reason, cause)

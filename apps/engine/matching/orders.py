"""Submit and cancel, one or all; and cancel for the venue."""

from copy import copy

from apps.commands.answers import CancelAllAnswer, CancelAnswer, OrderAnswer
from apps.commands.reasons import Reason
from apps.commands.types import CancelAll, CancelOrder, ForceCancelOrder, SubmitOrder
from apps.core.enums import OrderStatus, OrderType, Role, Side, TimeInForce
from apps.core.numbers import shown
from apps.engine.matching.answers import (
    cancel_answer,
    check_reason,
    known_instrument,
    order_answer,
    own_account,
    own_order,
    read_lots,
    read_ticks,
)
from apps.engine.matching.changes import TradeRow
from apps.engine.matching.ending import end_open, end_unplaced
from apps.engine.matching.memory import Cause, Memory, Refusal
from apps.engine.matching.money import place_hold
from apps.engine.matching.placing import rest
from apps.engine.matching.risk import Request, Verdict, judge, may_rest
from apps.engine.matching.state import Account, Order, Terms, whole_microseconds
from apps.engine.matching.trading import match_order
from apps.orders.status import OPEN, check_transition

# A member looked up on its class costs four times a global, and an order does it twenty times.
LIMIT, GTC, GTD, FILLED = OrderType.LIMIT, TimeInForce.GTC, TimeInForce.GTD, OrderStatus.FILLED
DAY_NS = 86_400_000_000_000
GTD_NS_MAX = 90 * DAY_NS


def read_submit(memory: Memory, command: SubmitOrder, now_ns: int) -> Request:
    """The order as asked, in integers; raises Refusal or NumberFormatError."""
    account = own_account(memory, command.actor, command.account_id)
    instrument = known_instrument(memory, command.symbol)
    lots = read_lots(instrument.grid, command.quantity)
    side, order_type, time_in_force = command.side, command.order_type, command.time_in_force
    if type(side) is not Side or type(order_type) is not OrderType or type(time_in_force) is not TimeInForce:
        # They are compared by identity below: a text that equals a member would be misread.
        raise Refusal(Reason.INVALID_FIELD, "side, order_type and time_in_force must be members of their enums", "side")
    if order_type is LIMIT:
        if command.price is None:
            raise Refusal(Reason.INVALID_FIELD, "price must be given with a limit order", "price")
        ticks = read_ticks(instrument.grid, command.price)
        if command.post_only:
            _check_post_only(time_in_force)
        expires_ns = _read_expiry(command, now_ns)
        return Request(account, instrument, side, order_type, time_in_force, lots, ticks, expires_ns, command.post_only)
    if command.price is not None:
        message = f"price must not be given with a market order, was {shown(command.price)}"
        raise Refusal(Reason.INVALID_FIELD, message, "price", shown(command.price))
    if command.post_only:
        raise Refusal(Reason.INVALID_FIELD, "post_only must not be given with a market order", "post_only", "true")
    if time_in_force is GTC:
        time_in_force = TimeInForce.IOC  # a market order has no price to rest at
    if may_rest(time_in_force):
        message = f"time_in_force of a market order must be IOC or FOK, was {time_in_force}"
        raise Refusal(Reason.INVALID_FIELD, message, "time_in_force", time_in_force)
    _read_expiry(command, now_ns)
    return Request(account, instrument, side, order_type, time_in_force, lots, 0)


def _check_post_only(time_in_force: TimeInForce) -> None:
    if not may_rest(time_in_force):
        message = f"post_only must not be given with {time_in_force.value}: such an order never rests"
        raise Refusal(Reason.INVALID_FIELD, message, "post_only", "true")


def _read_expiry(command: SubmitOrder, now_ns: int) -> int:
    """The last instant of a GTD order, in whole microseconds, as it is stored; 0 for any other."""
    expires_ns = command.expires_at_ns
    if (expires_ns is not None) != (command.time_in_force is GTD):
        rule = "expires_at_ns must be given with GTD, and with nothing else"
        raise Refusal(Reason.INVALID_FIELD, rule, "expires_at_ns", shown(str(expires_ns)))
    if expires_ns is None:
        return 0
    if not 0 < expires_ns <= now_ns + GTD_NS_MAX:
        rule = f"expires_at_ns must be at most {GTD_NS_MAX // DAY_NS} days from now, was {shown(str(expires_ns))}"
        raise Refusal(Reason.INVALID_FIELD, rule, "expires_at_ns", shown(str(expires_ns)))
    return max(1000, whole_microseconds(expires_ns))


def submit(memory: Memory, command: SubmitOrder, cause: Cause) -> OrderAnswer:
    """Decide, trade and rest one order: all of it, or nothing with a reason. The decision is stored whatever it is."""
    request = read_submit(memory, command, cause.now_ns)
    verdict = judge(memory, request, cause.now_ns)
    order = _new_order(memory, request, verdict, cause)
    trades: list[TradeRow] = []
    if verdict.reason is None:
        place_hold(memory, request.account, order, verdict.hold)
        _tell_decision(memory, request.account, order, "ORDER_ACCEPTED", cause)
        trades, stopped = match_order(memory, order, verdict.limit_ticks, cause)
        finish(memory, request.account, order, stopped, cause)
    else:
        memory.end_order(order)
        kind = "ORDER_DENIED" if verdict.status is OrderStatus.DENIED else "ORDER_REJECTED"
        _tell_decision(memory, request.account, order, kind, cause)
    return order_answer(command.command_id, order, trades, cause.now_ns)


def _new_order(memory: Memory, request: Request, verdict: Verdict, cause: Cause) -> Order:
    check_transition(None, verdict.status)
    order = Order(
        memory.next_sequence(),
        request.account.account_id,
        cause.command_id,
        request.instrument,
        request.side,
        request.order_type,
        request.time_in_force,
        request.lots,
        request.ticks,
        verdict.status,
        cause.now_ns,
        cause.now_ns,
        "" if verdict.reason is None else verdict.reason.value,
    )
    memory.add_order(order)
    if request.expires_ns or request.post_only:
        order.terms = Terms(order.order_id, expires_ns=request.expires_ns, post_only=request.post_only)
        memory.mark_terms(order)
    return order


def _tell_decision(memory: Memory, account: Account, order: Order, kind: str, cause: Cause) -> None:
    fields: dict[str, object] = {
        "side": order.side,
        "order_type": order.order_type,
        "time_in_force": order.time_in_force,
        "lots": order.lots,
        "ticks": order.ticks or None,
    }
    if order.terms is not None:
        fields["terms"] = copy(order.terms)  # as they are at the decision; they may change before the event is written
    if kind == "ORDER_ACCEPTED":
        fields["held"] = order.held
    else:
        fields["reason"] = order.reason
    memory.tell_account(account, kind, cause, order, fields)


def finish(memory: Memory, account: Account, order: Order, stopped: Reason | None, cause: Cause) -> None:
    """What becomes of an accepted order when nobody is left to trade with: full, resting, or canceled with its reason."""
    if order.status is FILLED:
        memory.end_order(order)
    elif stopped is not None:
        end_unplaced(memory, account, order, stopped, cause)
    elif may_rest(order.time_in_force):
        rest(memory, account, order)
    else:
        reason = Reason.UNFILLED_REMAINDER if order.filled_lots else Reason.NO_LIQUIDITY
        end_unplaced(memory, account, order, reason, cause)


def cancel(memory: Memory, command: CancelOrder, cause: Cause) -> CancelAnswer:
    """Take an order off the book and give its hold back. An order that has ended stays as it is: ORDER_NOT_OPEN."""
    by_customer = command.actor.role is Role.CUSTOMER
    return _cancel(memory, command, Reason.CANCELED_BY_CUSTOMER if by_customer else Reason.CANCELED_BY_ADMIN, "", cause)


def force_cancel(memory: Memory, command: ForceCancelOrder, cause: Cause) -> CancelAnswer:
    """As :func:`cancel`; the words of the reason go to the customer with the event."""
    check_reason(command.reason)
    return _cancel(memory, command, Reason.CANCELED_BY_ADMIN, command.reason, cause)


def _cancel(
    memory: Memory, command: CancelOrder | ForceCancelOrder, reason: Reason, explanation: str, cause: Cause
) -> CancelAnswer:
    account = own_account(memory, command.actor, command.account_id)
    order = own_order(memory, account, command.order_id)
    if order.status not in OPEN:
        return cancel_answer(command.command_id, order, Reason.ORDER_NOT_OPEN.value, cause.now_ns)
    end_open(memory, order, reason, cause, explanation=explanation)
    return cancel_answer(command.command_id, order, "", cause.now_ns)


def cancel_all(memory: Memory, command: CancelAll, cause: Cause) -> CancelAllAnswer:
    """Cancel the account's open orders, of one instrument or one side where it is named, whatever state anything is in."""
    account = own_account(memory, command.actor, command.account_id)
    instrument = None if command.symbol is None else known_instrument(memory, command.symbol)
    if command.side is not None and type(command.side) is not Side:
        raise Refusal(Reason.INVALID_FIELD, "side must be a member of its enum", "side", shown(str(command.side)))
    order_ids = (
        []
        if not account.open_orders
        else sorted(
            order.order_id
            for order in memory.orders.values()
            if order.account_id == account.account_id
            and order.status in OPEN
            and (instrument is None or order.instrument is instrument)
            and (command.side is None or order.side is command.side)
        )
    )
    by_customer = command.actor.role is Role.CUSTOMER
    reason = Reason.CANCELED_BY_CUSTOMER if by_customer else Reason.CANCELED_BY_ADMIN
    for order_id in order_ids:
        order = memory.orders[order_id]
        if order.status in OPEN:  # the end of one may have been the end of another that is linked to it
            end_open(memory, order, reason, cause)
    return CancelAllAnswer(command_id=command.command_id, order_ids=order_ids, at_ns=cause.now_ns)

"""Submit and cancel, one or all; and cancel for the venue."""

from apps.commands.answers import CancelAllAnswer, CancelAnswer, OrderAnswer
from apps.commands.reasons import Reason
from apps.commands.types import CancelAll, CancelOrder, ForceCancelOrder, SubmitOrder
from apps.core.enums import OrderType, Role, Side, TimeInForce
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
from apps.engine.matching.ending import end_open
from apps.engine.matching.entering import enter, new_order, tell_decision
from apps.engine.matching.memory import Cause, Memory, Refusal
from apps.engine.matching.money import place_hold
from apps.engine.matching.placing import wait
from apps.engine.matching.risk import Request, Verdict, available_lots, judge
from apps.engine.matching.state import Account, Instrument
from apps.engine.matching.terms import is_plain, read_terms
from apps.orders.status import OPEN

# A member looked up on its class costs four times a global, and an order does it twenty times.
LIMIT, GTC = OrderType.LIMIT, TimeInForce.GTC


def read_submit(memory: Memory, command: SubmitOrder, now_ns: int) -> Request:
    """The order as asked, in integers; raises Refusal or NumberFormatError."""
    account = own_account(memory, command.actor, command.account_id)
    instrument = known_instrument(memory, command.symbol)
    lots = read_lots(instrument.grid, command.quantity)
    side, order_type, time_in_force = command.side, command.order_type, command.time_in_force
    if type(side) is not Side or type(order_type) is not OrderType or type(time_in_force) is not TimeInForce:
        # They are compared by identity below: a text that equals a member would be misread.
        raise Refusal(Reason.INVALID_FIELD, "side, order_type and time_in_force must be members of their enums", "side")
    if not is_plain(command):
        return _read_with_terms(command, account, instrument, lots, now_ns)
    if order_type is LIMIT:
        if command.price is None:
            raise Refusal(Reason.INVALID_FIELD, "price must be given with a limit order", "price")
        ticks = read_ticks(instrument.grid, command.price)
        return Request(account, instrument, side, order_type, time_in_force, lots, ticks)
    if command.price is not None:
        message = f"price must not be given with a market order, was {shown(command.price)}"
        raise Refusal(Reason.INVALID_FIELD, message, "price", shown(command.price))
    return Request(account, instrument, side, order_type, _effective(order_type, time_in_force), lots, 0)


def _effective(order_type: OrderType, time_in_force: TimeInForce) -> TimeInForce:
    """A market order has no price to rest at."""
    return TimeInForce.IOC if order_type is OrderType.MARKET and time_in_force is GTC else time_in_force


def _read_with_terms(command: SubmitOrder, account: Account, instrument: Instrument, lots: int, now_ns: int) -> Request:
    """A reduce-only order is cut to what there is to sell; what was asked goes with its terms."""
    ticks, terms = read_terms(instrument.grid, command, now_ns)
    if terms.reduce_only and command.side is Side.SELL:
        most = available_lots(account, instrument)
        if 0 < most < lots:
            terms.asked_lots, lots = lots, most
    time_in_force = _effective(command.order_type, command.time_in_force)
    return Request(account, instrument, command.side, command.order_type, time_in_force, lots, ticks, terms)


def submit(memory: Memory, command: SubmitOrder, cause: Cause) -> OrderAnswer:
    """Decide, trade and rest one order: all of it, or nothing with a reason. The decision is stored whatever it is."""
    return place(memory, read_submit(memory, command, cause.now_ns), cause)


def place(memory: Memory, request: Request, cause: Cause, verdict: Verdict | None = None) -> OrderAnswer:
    """As :func:`submit`, for an order that was read, and perhaps judged, before."""
    if verdict is None:
        judged = judge if memory.stopwatch is None else _judge_timed
        verdict = judged(memory, request, cause.now_ns)
    order = new_order(memory, request, verdict, cause)
    trades: list[TradeRow] = []
    if verdict.reason is None:
        place_hold(memory, request.account, order, verdict.hold)
        tell_decision(memory, request.account, order, cause)
        if verdict.waits:
            wait(memory, request.account, order)
        else:
            trades = enter(memory, request.account, order, verdict.limit_ticks, cause)
    else:
        memory.end_order(order)
        tell_decision(memory, request.account, order, cause)
    return order_answer(cause.command_id, order, trades, cause.now_ns)


def _judge_timed(memory: Memory, request: Request, now_ns: int) -> Verdict:
    """As ``judge``, once by the stopwatch, which is put away: the next order is judged without."""
    stopwatch, memory.stopwatch = memory.stopwatch, None
    if stopwatch is None:
        return judge(memory, request, now_ns)
    began_s = stopwatch()
    verdict = judge(memory, request, now_ns)
    memory.judged_s = stopwatch() - began_s
    return verdict


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

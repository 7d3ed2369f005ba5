"""Amend an open order in place: another quantity, price or trigger, one id.

An order that only becomes smaller keeps its place, and nothing is asked but that no less is left than is filled: that is always
taken. Anything else is judged like a new order of that size and price (the states of its account and its instrument, limits,
collar, money for the difference), takes a new place at the end of its price, and trades at once with what it meets there. What is
denied leaves the order as it was.
"""

import msgspec

from apps.commands.answers import AmendAnswer
from apps.commands.reasons import Reason
from apps.commands.types import AmendOrder
from apps.core.enums import AccountStatus, OrderStatus, OrderType, TradingState
from apps.core.numbers import shown
from apps.engine.matching.answers import amend_answer, own_account, own_order, read_lots, read_ticks
from apps.engine.matching.changes import TradeRow
from apps.engine.matching.ending import step
from apps.engine.matching.entering import finish
from apps.engine.matching.house import REFERENCE_AGE_NS_MAX, is_fresh
from apps.engine.matching.memory import Cause, Memory, Refusal
from apps.engine.matching.money import change_hold, hold_asset_id, hold_per_lot, release_hold
from apps.engine.matching.placing import leave, shrink, tell_amended, wait
from apps.engine.matching.risk import Request, check_reference, check_trigger, exceeds_value, waiting_limit
from apps.engine.matching.state import Account, HouseQuote, Order, Terms
from apps.engine.matching.trading import match_order, would_trade
from apps.instruments.states import REFUSES_WITH, Act, takes
from apps.orders.status import OPEN


class Wanted(msgspec.Struct, frozen=True, gc=False):
    """The order as it is to be. ``ticks`` and ``trigger_ticks`` are 0 where its type has none."""

    lots: int
    ticks: int
    trigger_ticks: int


def amend(memory: Memory, command: AmendOrder, cause: Cause) -> AmendAnswer:
    """Carry out an amendment, or say why not. Asking for what is done already changes nothing."""
    account = own_account(memory, command.actor, command.account_id)
    order = own_order(memory, account, command.order_id)
    if order.status not in OPEN:
        return amend_answer(command.command_id, order, Reason.ORDER_NOT_OPEN.value, [], cause.now_ns, kept_priority=True)
    present = Wanted(order.lots, order.ticks, 0 if order.terms is None else order.terms.trigger_ticks)
    wanted = _read(order, present, command)
    trades: list[TradeRow] = []
    reason: Reason | None = None
    # With nothing left there is no price to change any more.
    same_price = (wanted.ticks, wanted.trigger_ticks) == (present.ticks, present.trigger_ticks)
    keeps = wanted.lots <= order.lots and (same_price or wanted.lots == order.filled_lots)
    if wanted.lots < order.filled_lots:
        reason = Reason.QUANTITY_BELOW_FILLED
    elif keeps:
        if wanted != present:
            _make_smaller(memory, account, order, wanted.lots, cause)
    else:
        reason = _judge(memory, account, order, wanted, cause.now_ns)
        if reason is None:
            trades = _place_anew(memory, account, order, wanted, cause)
    kept = keeps or reason is not None
    return amend_answer(
        command.command_id, order, "" if reason is None else reason.value, trades, cause.now_ns, kept_priority=kept
    )


def _read(order: Order, present: Wanted, command: AmendOrder) -> Wanted:
    """What is asked, on the grid; raises Refusal for a number that the order has no use for."""
    grid = order.instrument.grid
    if command.quantity is not None and order.terms is not None and order.terms.link_id:
        message = "quantity must not be given: the order shares it with those that it is linked to"
        raise Refusal(Reason.INVALID_FIELD, message, "quantity", shown(command.quantity))
    lots, ticks, trigger_ticks = present.lots, present.ticks, present.trigger_ticks
    if command.quantity is not None:
        lots = read_lots(grid, command.quantity)
    if command.price is not None:
        if not ticks:
            raise Refusal(Reason.INVALID_FIELD, "price must not be given: the order has none", "price", shown(command.price))
        ticks = read_ticks(grid, command.price)
    if command.trigger_price is not None:
        if order.status is not OrderStatus.WAITING or order.order_type is OrderType.TRAILING_STOP:
            message = "trigger_price must not be given: the order waits for none, or has one that follows the market"
            raise Refusal(Reason.INVALID_FIELD, message, "trigger_price", shown(command.trigger_price))
        trigger_ticks = read_ticks(grid, command.trigger_price, "trigger_price")
    return Wanted(lots, ticks, trigger_ticks)


def _make_smaller(memory: Memory, account: Account, order: Order, lots: int, cause: Cause) -> None:
    """Take off what is too much. When nothing is left then, the order is filled: it has all that it asks for."""
    if lots > order.filled_lots:
        shrink(memory, order, order.lots - lots, "", cause, rests=order.status is not OrderStatus.WAITING)
        return
    leave(memory, account, order)
    release_hold(memory, account, order, order.leaves_lots)
    order.lots = lots
    step(order, OrderStatus.FILLED, cause.now_ns)
    memory.mark_amended(order)
    memory.end_order(order)
    tell_amended(memory, account, order, "", cause, kept_priority=True)


def _judge(memory: Memory, account: Account, order: Order, wanted: Wanted, now_ns: int) -> Reason | None:
    """Whether the order may become ``wanted``: the checks of a new order, in their order, for what changes."""
    instrument = order.instrument
    if account.status is not AccountStatus.ACTIVE:
        return Reason.ACCOUNT_NOT_ACTIVE
    if memory.is_killed:
        return Reason.VENUE_KILLED
    if not takes(instrument.trading_state, Act.AMEND):
        return REFUSES_WITH[instrument.trading_state]
    if wanted.lots > instrument.max_lots:
        return Reason.MAX_QUANTITY
    quote = memory.houses[instrument.instrument_id].quote
    if quote is None:
        return Reason.STALE_PRICE
    memory.changes.quotes_read[instrument.instrument_id] = quote
    request = Request(account, instrument, order.side, order.order_type, order.time_in_force, wanted.lots, wanted.ticks)
    reason = _check_price(order, request, wanted, quote, now_ns)
    if reason is not None:
        return reason
    if exceeds_value(account, instrument, _limit(order, wanted), wanted.lots):
        return Reason.MAX_NOTIONAL
    more = _hold(order, wanted) - order.held
    if memory.balance(account, hold_asset_id(instrument, order.side)).available < more:
        return Reason.INSUFFICIENT_FUNDS if order.side == "BUY" else Reason.INSUFFICIENT_POSITION
    return _check_meeting(memory, order, wanted, now_ns)


def _check_price(order: Order, request: Request, wanted: Wanted, quote: HouseQuote, now_ns: int) -> Reason | None:
    if order.status is not OrderStatus.WAITING:
        return check_reference(request, quote, now_ns)
    if not is_fresh(quote, now_ns, REFERENCE_AGE_NS_MAX):
        return Reason.STALE_PRICE
    return check_trigger(request, wanted.trigger_ticks, quote.bid_ticks + quote.ask_ticks)


def _check_meeting(memory: Memory, order: Order, wanted: Wanted, now_ns: int) -> Reason | None:
    """Whether the order may trade at once, if that is what it would do."""
    if order.status is OrderStatus.WAITING:
        return None
    post_only = order.terms is not None and order.terms.post_only
    opens_later = not takes(order.instrument.trading_state, Act.TRADE)
    if not (post_only or opens_later) or not would_trade(memory, order.instrument, order.side, wanted.ticks, now_ns):
        return None
    return REFUSES_WITH[order.instrument.trading_state] if opens_later else Reason.POST_ONLY_WOULD_TRADE


def _hold(order: Order, wanted: Wanted) -> int:
    return (wanted.lots - order.filled_lots) * hold_per_lot(order.instrument, order.side, _limit(order, wanted))


def _limit(order: Order, wanted: Wanted) -> int:
    if order.status is not OrderStatus.WAITING:
        return wanted.ticks
    return waiting_limit(order.instrument, order.side, wanted.ticks, wanted.trigger_ticks)


def _place_anew(memory: Memory, account: Account, order: Order, wanted: Wanted, cause: Cause) -> list[TradeRow]:
    """Out of its place, into the market with what is left, and to the end of the queue."""
    leave(memory, account, order)
    change_hold(memory, account, order, _hold(order, wanted))
    order.lots, order.ticks = wanted.lots, wanted.ticks
    order.updated_ns = cause.now_ns
    _take_new_priority(memory, order, wanted.trigger_ticks)
    memory.mark_amended(order)
    tell_amended(memory, account, order, "", cause, kept_priority=False)
    trades: list[TradeRow] = []
    if order.status is OrderStatus.WAITING:
        wait(memory, account, order)
        return trades
    stopped: Reason | None = None
    if order.instrument.trading_state is TradingState.OPEN:
        trades, stopped = match_order(memory, order, order.ticks, cause)
    finish(memory, account, order, stopped, cause)
    return trades


def _take_new_priority(memory: Memory, order: Order, trigger_ticks: int) -> None:
    if order.terms is None:
        order.terms = Terms(priority=memory.next_sequence())
    else:
        order.terms.priority = memory.next_sequence()
        order.terms.trigger_ticks = trigger_ticks
    memory.mark_terms(order)

"""Amend an open order in place: another quantity, price or trigger, one id.

An order that only becomes smaller keeps its place, and nothing is asked but that no less is left than is filled: that is always
taken. Anything else is judged like a new order of that size and price (the states of its account and its instrument, limits,
collar, money for the difference), takes a new place at the end of its price, and trades at once with what it meets there. What is
denied leaves the order as it was.

Open orders of one link are one wish: when the quantity of one becomes larger or smaller, that of the others does by as much, each
as if it had been amended itself.
"""

from collections.abc import Iterable

import msgspec

from apps.commands.answers import AmendAnswer
from apps.commands.reasons import Reason
from apps.commands.types import AmendOrder
from apps.core.enums import AccountStatus, OrderStatus, OrderType, TradingState
from apps.core.numbers import shown
from apps.engine.matching.answers import amend_answer, own_account, own_order, read_lots, read_ticks
from apps.engine.matching.brackets import exits_of
from apps.engine.matching.changes import TradeRow
from apps.engine.matching.ending import end_each, end_if_over, step
from apps.engine.matching.entering import finish
from apps.engine.matching.house import REFERENCE_AGE_NS_MAX, is_fresh
from apps.engine.matching.memory import Cause, Memory, Refusal
from apps.engine.matching.money import change_hold, hold_asset_id, hold_per_lot, release_hold
from apps.engine.matching.placing import leave, shrink, tell_amended, wait
from apps.engine.matching.risk import Request, check_exits, check_reference, check_trigger, exceeds_value, waiting_limit
from apps.engine.matching.state import Account, HouseQuote, Instrument, Order, Terms
from apps.engine.matching.terms import check_around
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
    if order.status not in OPEN or end_if_over(memory, order, cause.now_ns):
        return amend_answer(command.command_id, order, Reason.ORDER_NOT_OPEN.value, [], cause.now_ns, kept_priority=True)
    present = _present(order)
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
        if not same_price:
            check_around(wanted.ticks or wanted.trigger_ticks, *exits_of(memory, order))
        reason = _judge(memory, account, order, wanted, cause.now_ns)
        if reason is None:
            trades = _place_anew(memory, account, order, wanted, cause)
    kept = keeps or reason is not None
    return amend_answer(
        command.command_id, order, "" if reason is None else reason.value, trades, cause.now_ns, kept_priority=kept
    )


def _present(order: Order) -> Wanted:
    return Wanted(order.lots, order.ticks, 0 if order.terms is None else order.terms.trigger_ticks)


def _read(order: Order, present: Wanted, command: AmendOrder) -> Wanted:
    """What is asked, on the grid; raises Refusal for a number that the order has no use for."""
    grid = order.instrument.grid
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
    siblings = memory.siblings(order)
    if lots > order.filled_lots:
        less = order.lots - lots
        shrink(memory, order, less, "", cause, rests=order.status is not OrderStatus.WAITING)
        _shrink_too(memory, siblings, less, cause)
        return
    leave(memory, account, order)
    release_hold(memory, account, order, order.leaves_lots)
    order.lots = lots
    step(order, OrderStatus.FILLED, cause.now_ns)
    memory.mark_amended(order)
    memory.end_order(order)
    tell_amended(memory, account, order, "", cause, kept_priority=True)
    if order.terms is not None and order.terms.link_id:
        memory.leave_link(order, order.terms)
        end_each(memory, siblings, Reason.LINKED_ORDER_FILLED, cause)


def _shrink_too(memory: Memory, siblings: list[Order], lots: int, cause: Cause) -> None:
    """Those that are linked to an order that became smaller by ``lots``; they keep their places as it did."""
    for order in siblings:
        rests = order.status is not OrderStatus.WAITING
        shrink(memory, order, lots, Reason.LINKED_ORDER_AMENDED.value, cause, rests=rests)


def _judge(memory: Memory, account: Account, order: Order, wanted: Wanted, now_ns: int) -> Reason | None:
    """Whether the order may become ``wanted``: the checks of a new order, in their order, for what changes."""
    instrument, anew = order.instrument, _placed_anew(memory, order, wanted)
    reason = _check_standing(memory, account, instrument)
    if reason is not None:
        return reason
    if any(_opens_later(memory, each, its, now_ns) for each, its in anew):
        return REFUSES_WITH[instrument.trading_state]
    if any(each.lots > instrument.max_lots for _, each in anew):
        return Reason.MAX_QUANTITY
    if _exceeds_entry(memory, order, wanted):
        return Reason.QUANTITY_ABOVE_ENTRY
    quote = memory.houses[instrument.instrument_id].quote
    if quote is None:
        return Reason.STALE_PRICE
    memory.changes.quotes_read[instrument.instrument_id] = quote
    reason = _first(_check_price(account, each, its, quote, now_ns) for each, its in anew) or _check_exits(memory, order, wanted)
    if reason is not None:
        return reason
    if any(exceeds_value(account, instrument, _limit(each, its), its.lots) for each, its in anew):
        return Reason.MAX_NOTIONAL
    if memory.balance(account, hold_asset_id(instrument, order.side)).available < _more_held(memory, order, wanted):
        return Reason.INSUFFICIENT_FUNDS if order.side == "BUY" else Reason.INSUFFICIENT_POSITION
    return _first(_check_meeting(memory, each, its, now_ns) for each, its in anew)


def _check_standing(memory: Memory, account: Account, instrument: Instrument) -> Reason | None:
    if account.status is not AccountStatus.ACTIVE:
        return Reason.ACCOUNT_NOT_ACTIVE
    if memory.is_killed:
        return Reason.VENUE_KILLED
    return None if takes(instrument.trading_state, Act.AMEND) else REFUSES_WITH[instrument.trading_state]


def _first(reasons: Iterable[Reason | None]) -> Reason | None:
    return next((reason for reason in reasons if reason is not None), None)


def _placed_anew(memory: Memory, order: Order, wanted: Wanted) -> list[tuple[Order, Wanted]]:
    """The order, and when it becomes larger those that are linked to it: each as it is to be."""
    more = wanted.lots - order.lots
    if more <= 0:
        return [(order, wanted)]
    present = ((sibling, _present(sibling)) for sibling in memory.siblings(order))
    return [(order, wanted), *((each, Wanted(its.lots + more, its.ticks, its.trigger_ticks)) for each, its in present)]


def _exceeds_entry(memory: Memory, order: Order, wanted: Wanted) -> bool:
    """Whether a bracket's exit would sell more than there is of what its entry bought."""
    parent_id = 0 if order.terms is None else order.terms.parent_id
    if not parent_id or wanted.lots <= order.lots:
        return False
    return wanted.lots - order.filled_lots > memory.bought[parent_id]


def _more_held(memory: Memory, order: Order, wanted: Wanted) -> int:
    """How many units the account has to set aside beyond what it does: the orders of a link share the largest hold."""
    siblings, more = memory.siblings(order), wanted.lots - order.lots
    before = max([order.held, *(sibling.held for sibling in siblings)])
    return max([_hold(order, wanted), *(_resized_hold(sibling, more) for sibling in siblings)]) - before


def _resized_hold(sibling: Order, more: int) -> int:
    """Its price stays, and so does what it holds for each lot."""
    return sibling.held + more * (sibling.held // sibling.leaves_lots)


def _check_price(account: Account, order: Order, wanted: Wanted, quote: HouseQuote, now_ns: int) -> Reason | None:
    instrument = order.instrument
    request = Request(account, instrument, order.side, order.order_type, order.time_in_force, wanted.lots, wanted.ticks)
    if order.status is not OrderStatus.WAITING:
        return check_reference(request, quote, now_ns)
    if not is_fresh(quote, now_ns, REFERENCE_AGE_NS_MAX):
        return Reason.STALE_PRICE
    return check_trigger(request, wanted.trigger_ticks, quote.bid_ticks + quote.ask_ticks)


def _check_exits(memory: Memory, order: Order, wanted: Wanted) -> Reason | None:
    """A bracket's entry still pays less than its target and more than its stop: judged as when it came, at its new price."""
    present = _present(order)
    if (wanted.ticks, wanted.trigger_ticks) == (present.ticks, present.trigger_ticks):
        return None
    return check_exits(order.instrument, *exits_of(memory, order), 2 * (wanted.ticks or wanted.trigger_ticks))


def _opens_later(memory: Memory, order: Order, wanted: Wanted, now_ns: int) -> bool:
    """Whether the order would trade at once in a state that only takes what rests."""
    instrument = order.instrument
    if order.status is OrderStatus.WAITING or takes(instrument.trading_state, Act.TRADE):
        return False
    return would_trade(memory, instrument, order.side, wanted.ticks, now_ns)


def _check_meeting(memory: Memory, order: Order, wanted: Wanted, now_ns: int) -> Reason | None:
    """Whether an order that may only rest would."""
    if order.terms is None or not order.terms.post_only:
        return None
    crosses = would_trade(memory, order.instrument, order.side, wanted.ticks, now_ns)
    return Reason.POST_ONLY_WOULD_TRADE if crosses else None


def _hold(order: Order, wanted: Wanted) -> int:
    return (wanted.lots - order.filled_lots) * hold_per_lot(order.instrument, order.side, _limit(order, wanted))


def _limit(order: Order, wanted: Wanted) -> int:
    if order.status is not OrderStatus.WAITING:
        return wanted.ticks
    return waiting_limit(order.instrument, order.side, wanted.ticks, wanted.trigger_ticks)


def _place_anew(memory: Memory, account: Account, order: Order, wanted: Wanted, cause: Cause) -> list[TradeRow]:
    """Out of its place, into the market with what is left, and to the end of the queue; return the order's own trades.

    All of a link have their new size before one of them may trade.
    """
    siblings, more = memory.siblings(order), wanted.lots - order.lots
    anew = _placed_anew(memory, order, wanted)
    for each, its in anew:
        held = _hold(order, wanted) if each is order else _resized_hold(each, more)
        _restate(memory, account, each, its, held, "" if each is order else Reason.LINKED_ORDER_AMENDED.value, cause)
    if more < 0:
        _shrink_too(memory, siblings, -more, cause)
    resting = [each for each, _ in anew if each.status is not OrderStatus.WAITING]  # one at most
    for each, _ in anew:
        if each not in resting:
            wait(memory, account, each)
    trades: list[TradeRow] = []
    for each in resting:
        made = _enter(memory, account, each, cause)
        trades = made if each is order else trades
    return trades


def _restate(memory: Memory, account: Account, order: Order, wanted: Wanted, held: int, reason: str, cause: Cause) -> None:
    """The order as it is to be, out of its place and with a new one to take."""
    leave(memory, account, order)
    change_hold(memory, account, order, held)
    memory.changes.ticks_before.setdefault(order.order_id, order.ticks)
    order.lots, order.ticks = wanted.lots, wanted.ticks
    order.updated_ns = cause.now_ns
    _take_new_priority(memory, order, wanted.trigger_ticks)
    memory.mark_amended(order)
    tell_amended(memory, account, order, reason, cause, kept_priority=False)


def _enter(memory: Memory, account: Account, order: Order, cause: Cause) -> list[TradeRow]:
    trades: list[TradeRow] = []
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

"""Whether an order may enter the market. The checks, in this order; the first that says no gives the reason:

1. the account is ACTIVE;
2. the venue is not killed, and the instrument's state takes such an order (``apps.instruments.states``; rules of the venue:
   REJECTED);
3. the quantity is at most the instrument's largest;
4. an order that may rest or wait finds fewer than 200 open orders on its account, or than the account's own limit; the exits
   of a bracket count with their entry; a reduce-only order sells, and there is something to sell; the end that a GTD order
   names is to come, and a DAY order has a session that can end (rules of the venue: REJECTED);
5. there is a reference: the last quote's mid, at most 30 s old for a limit order, 3 s for a market order;
6. a limit is within the collar around the reference, or, of an order that waits, around its trigger;
   a trigger is not reached yet (a rule of the venue: REJECTED), and no trail is as long as the price;
7. the value at the limit (of a market order: at the collar's edge; of one that waits: at the edge around its trigger) is at
   most the instrument's largest, and the account's own;
8. what the order could cost, fee included, is available;
9. a fill-or-kill order can be filled whole, and a post-only order would meet nobody, the own account included (rules of the
   venue: REJECTED).

Nothing is changed by any of them.
"""

import msgspec

from apps.commands.reasons import Reason
from apps.core.enums import AccountStatus, OrderStatus, OrderType, Side, TimeInForce, TradingState
from apps.core.numbers import UNITS_PER_ONE
from apps.engine.matching.house import HOUSE_AGE_NS_MAX, REFERENCE_AGE_NS_MAX, is_fresh
from apps.engine.matching.memory import Memory
from apps.engine.matching.money import hold_asset_id, hold_per_lot
from apps.engine.matching.state import Account, Exit, HouseQuote, Instrument, Terms, has_session
from apps.engine.matching.trading import fillable_lots, would_trade
from apps.engine.matching.watch import BPS, is_reached, trail_trigger
from apps.instruments.states import REFUSES_WITH, Act, takes

OPEN_ORDERS_MAX = 200
#: A price is below this: what the parser reads has twelve digits before the point, and a column keeps no more.
PRICE_UNITS_MAX = 10**12 * UNITS_PER_ONE

# A member looked up on its class costs four times a global, and an order does it twenty times.
ACTIVE, ACCEPTED = AccountStatus.ACTIVE, OrderStatus.ACCEPTED
OPEN = TradingState.OPEN
GTC, DAY, GTD, IOC, FOK = TimeInForce.GTC, TimeInForce.DAY, TimeInForce.GTD, TimeInForce.IOC, TimeInForce.FOK
MARKET, LIMIT, BUY, SELL = OrderType.MARKET, OrderType.LIMIT, Side.BUY, Side.SELL

_REJECTIONS = frozenset(
    {
        *REFUSES_WITH.values(),
        Reason.VENUE_KILLED,
        Reason.EXPIRES_TOO_SOON,
        Reason.NO_SESSION,
        Reason.FOK_NOT_FILLABLE,
        Reason.POST_ONLY_WOULD_TRADE,
        Reason.TRIGGER_REACHED,
    }
)


class Request(msgspec.Struct, frozen=True, gc=False):
    """An order as asked, in integers. ``ticks`` is 0 for an order without a limit, ``terms`` None for a plain one."""

    account: Account
    instrument: Instrument
    side: Side
    order_type: OrderType
    time_in_force: TimeInForce
    lots: int
    ticks: int
    terms: Terms | None = None

    @property
    def may_rest(self) -> bool:
        """Whether what is left of it stays in the market."""
        return may_rest(self.time_in_force)


class Verdict(msgspec.Struct, frozen=True, gc=False):
    """``reason`` is None for yes; then ``limit_ticks`` bounds the trades and ``hold`` is what to set aside, in units.

    ``waits``: it is not matched now, but set off at ``trigger_ticks``.
    """

    reason: Reason | None
    limit_ticks: int = 0
    hold: int = 0
    waits: bool = False
    trigger_ticks: int = 0

    @property
    def status(self) -> OrderStatus:
        if self.reason is None:
            return OrderStatus.WAITING if self.waits else ACCEPTED
        return OrderStatus.REJECTED if self.reason in _REJECTIONS else OrderStatus.DENIED


def judge(memory: Memory, request: Request, now_ns: int, *, freed: int = 0) -> Verdict:
    """Decide on an order; see the module's list. ``freed`` units are held now, and will not be when the order comes."""
    reason = _check_standing(memory, request, now_ns)
    if reason is None and request.terms is not None:
        reason = _check_terms(request, request.terms)
    if reason is not None:
        return Verdict(reason)
    quote = memory.houses[request.instrument.instrument_id].quote
    if quote is None:
        return Verdict(Reason.STALE_PRICE)
    memory.changes.quotes_read[request.instrument.instrument_id] = quote
    if request.order_type is not LIMIT and request.order_type is not MARKET:
        return _judge_waiting(memory, request, quote, now_ns)
    reason = check_reference(request, quote, now_ns)
    if reason is None and request.terms is not None:
        reason = _check_exits(request, request.terms, quote.bid_ticks + quote.ask_ticks)
    if reason is not None:
        return Verdict(reason)
    limit_ticks = request.ticks or edge_ticks(request.side, quote, request.instrument.collar_bps)
    return _check_means(memory, request, limit_ticks, now_ns, freed)


def may_rest(time_in_force: TimeInForce) -> bool:
    return time_in_force is GTC or time_in_force is DAY or time_in_force is GTD


def _check_standing(memory: Memory, request: Request, now_ns: int) -> Reason | None:
    """What needs no price."""
    instrument = request.instrument
    if request.account.status is not ACTIVE:
        return Reason.ACCOUNT_NOT_ACTIVE
    if instrument.trading_state is not OPEN or memory.is_killed:
        reason = _check_state(memory, request, now_ns)
        if reason is not None:
            return reason
    if request.lots > instrument.max_lots:
        return Reason.MAX_QUANTITY
    if not may_rest(request.time_in_force):
        return None
    if request.account.open_orders >= open_orders_max(request.account):
        return Reason.TOO_MANY_OPEN_ORDERS
    return None if request.time_in_force is GTC else _check_end(request, now_ns)


def _check_state(memory: Memory, request: Request, now_ns: int) -> Reason | None:
    """Of a venue that is killed, or an instrument that is not OPEN."""
    instrument = request.instrument
    if memory.is_killed:
        return Reason.VENUE_KILLED
    rests = request.order_type is LIMIT and may_rest(request.time_in_force)
    if rests and takes(instrument.trading_state, Act.REST):
        crosses = would_trade(memory, instrument, request.side, request.ticks, now_ns)
        return REFUSES_WITH[instrument.trading_state] if crosses else None
    return REFUSES_WITH[instrument.trading_state]


def _check_end(request: Request, now_ns: int) -> Reason | None:
    """Of an order that does not rest for ever."""
    if request.time_in_force is GTD:
        expires_ns = 0 if request.terms is None else request.terms.expires_ns
        return Reason.EXPIRES_TOO_SOON if expires_ns <= now_ns else None
    return None if has_session(request.instrument, now_ns) else Reason.NO_SESSION


def _check_terms(request: Request, terms: Terms) -> Reason | None:
    """What terms need beyond that, and no price."""
    exits = (terms.target is not None) + (terms.stop is not None)
    if exits and request.account.open_orders + exits + may_rest(request.time_in_force) > open_orders_max(request.account):
        return Reason.TOO_MANY_OPEN_ORDERS
    if terms.reduce_only:
        if request.side is not SELL:
            return Reason.REDUCE_ONLY_WOULD_INCREASE
        if not available_lots(request.account, request.instrument):
            return Reason.NOTHING_TO_CLOSE
    return None


def available_lots(account: Account, instrument: Instrument) -> int:
    """Whole lots of the instrument that the account could sell now."""
    balance = account.balances.get(instrument.base_id)
    return 0 if balance is None else max(0, balance.total - balance.held) // instrument.grid.lot


def open_orders_max(account: Account) -> int:
    """How many orders may be open on the account: its own limit, or the venue's."""
    return OPEN_ORDERS_MAX if account.max_open_orders is None else account.max_open_orders


def check_reference(request: Request, quote: HouseQuote, now_ns: int) -> Reason | None:
    """Whether there is a reference young enough for the order, and its price within the collar around it."""
    if request.order_type is MARKET:
        return None if is_fresh(quote, now_ns, HOUSE_AGE_NS_MAX) else Reason.STALE_PRICE
    if not is_fresh(quote, now_ns, REFERENCE_AGE_NS_MAX):
        return Reason.STALE_PRICE
    mid_twice = quote.bid_ticks + quote.ask_ticks
    if _is_beyond(request.ticks, mid_twice, request.instrument.collar_bps):
        return Reason.PRICE_COLLAR
    return None


def _judge_waiting(memory: Memory, request: Request, quote: HouseQuote, now_ns: int) -> Verdict:
    """An order that waits for a trigger: its limit, or the edge of the collar, is taken around the trigger."""
    instrument, side, terms = request.instrument, request.side, request.terms
    if terms is None:
        raise TypeError(f"a {request.order_type} order needs its trigger")
    if not is_fresh(quote, now_ns, REFERENCE_AGE_NS_MAX):
        return Verdict(Reason.STALE_PRICE)
    reference = quote.bid_ticks + quote.ask_ticks
    trigger_ticks = terms.trigger_ticks
    if not trigger_ticks:
        trigger_ticks = trail_trigger(terms, side, reference)
        if not 0 < trigger_ticks * instrument.grid.tick < PRICE_UNITS_MAX or 2 * terms.trail_ticks >= reference:
            return Verdict(Reason.PRICE_COLLAR)
    reason = check_trigger(request, trigger_ticks, reference) or _check_exits(request, terms, reference)
    if reason is not None:
        return Verdict(reason)
    limit_ticks = waiting_limit(instrument, side, request.ticks, trigger_ticks)
    verdict = _check_means(memory, request, limit_ticks, now_ns, 0)
    return verdict if verdict.reason is not None else Verdict(None, limit_ticks, verdict.hold, True, trigger_ticks)


def check_trigger(request: Request, trigger_ticks: int, reference: int) -> Reason | None:
    """Whether an order may wait for the trigger: it is not reached yet, and a limit is near it."""
    if is_reached(request.order_type, request.side, trigger_ticks, reference):
        return Reason.TRIGGER_REACHED
    if request.ticks and _is_beyond(request.ticks, 2 * trigger_ticks, request.instrument.collar_bps):
        return Reason.PRICE_COLLAR
    return None


def waiting_limit(instrument: Instrument, side: Side, ticks: int, trigger_ticks: int) -> int:
    """What an order that waits pays or takes at most: its limit, or the edge of the collar around its trigger."""
    return ticks or edge_around(side, 2 * trigger_ticks, instrument.collar_bps)


def _is_beyond(ticks: int, mid_twice: int, collar_bps: int) -> bool:
    return abs(2 * ticks - mid_twice) * BPS > collar_bps * mid_twice


def _check_exits(request: Request, terms: Terms, reference: int) -> Reason | None:
    entry = 2 * (request.ticks or terms.trigger_ticks) or reference
    return check_exits(request.instrument, terms.target, terms.stop, entry)


def check_exits(instrument: Instrument, target: Exit | None, stop: Exit | None, entry: int) -> Reason | None:
    """Of a bracket: the target is above and the stop below what the entry is about to pay, in doubled ticks, and the stop's
    numbers fit."""
    if target is not None and 2 * (target.ticks or target.trigger_ticks) <= entry:
        return Reason.TRIGGER_REACHED
    return None if stop is None else _check_stop(instrument, stop, entry)


def _check_stop(instrument: Instrument, stop: Exit, entry: int) -> Reason | None:
    if 2 * stop.trigger_ticks >= entry:
        return Reason.TRIGGER_REACHED
    if 2 * stop.trail_ticks >= entry:
        return Reason.PRICE_COLLAR
    if stop.ticks and _is_beyond(stop.ticks, 2 * stop.trigger_ticks, instrument.collar_bps):
        return Reason.PRICE_COLLAR
    return None


def edge_ticks(side: Side, quote: HouseQuote, collar_bps: int) -> int:
    """The worst price within the collar: what a market order may pay or take at most. Never below one tick."""
    return edge_around(side, quote.bid_ticks + quote.ask_ticks, collar_bps)


def edge_around(side: Side, mid_twice: int, collar_bps: int) -> int:
    """The edge of the collar around half of ``mid_twice`` ticks."""
    if side is BUY:
        return mid_twice * (BPS + collar_bps) // (2 * BPS)
    return max(1, -(-mid_twice * (BPS - collar_bps) // (2 * BPS)))


def exceeds_value(account: Account, instrument: Instrument, limit_ticks: int, lots: int) -> bool:
    """Whether ``lots`` at ``limit_ticks`` are worth more than one order may be, of the venue's limit or the account's own."""
    notional = instrument.grid.notional(limit_ticks, lots)
    most = account.max_order_notional
    return notional > instrument.max_notional or (most is not None and notional > most)


def _check_means(memory: Memory, request: Request, limit_ticks: int, now_ns: int, freed: int) -> Verdict:
    """What needs a limit: value, money, and whether a fill-or-kill would be filled."""
    account, instrument, side, lots = request.account, request.instrument, request.side, request.lots
    if exceeds_value(account, instrument, limit_ticks, lots):
        return Verdict(Reason.MAX_NOTIONAL)
    hold = lots * hold_per_lot(instrument, side, limit_ticks)
    balance = account.balances.get(hold_asset_id(instrument, side))
    if balance is None or balance.total - balance.held + freed < hold:
        return Verdict(Reason.INSUFFICIENT_FUNDS if side is Side.BUY else Reason.INSUFFICIENT_POSITION)
    if request.time_in_force is FOK and fillable_lots(memory, account, side, instrument, limit_ticks, now_ns) < lots:
        return Verdict(Reason.FOK_NOT_FILLABLE)
    post_only = request.terms is not None and request.terms.post_only
    if post_only and would_trade(memory, instrument, side, limit_ticks, now_ns):
        return Verdict(Reason.POST_ONLY_WOULD_TRADE)
    return Verdict(None, limit_ticks, hold)

"""A bracket's exits: made when the entry fills, as large as what it filled, and grown when it fills further.

They are made after the match that filled the entry, never inside it. What was just bought is there to be sold, so they are not
judged again: whoever took the entry promised them.
"""

from apps.commands.reasons import Reason
from apps.core.enums import OrderStatus, Side, TimeInForce
from apps.engine.matching.entering import enter, new_order, tell_decision
from apps.engine.matching.house import HOUSE_AGE_NS_MAX, is_fresh
from apps.engine.matching.memory import Cause, Memory
from apps.engine.matching.money import change_hold, hold_per_lot, place_hold
from apps.engine.matching.placing import tell_amended, wait
from apps.engine.matching.risk import Request, Verdict
from apps.engine.matching.state import Account, Exit, Order, Terms
from apps.engine.matching.terms import TARGETS, WAITING_TYPES
from apps.engine.matching.triggers import set_off, terms_of
from apps.engine.matching.watch import is_reached, trail_trigger
from apps.orders.status import RESTING

SELL = Side.SELL
_ACCEPTED, _WAITS = Verdict(None), Verdict(None, waits=True)


def exits_of(memory: Memory, entry: Order) -> tuple[Exit | None, Exit | None]:
    """(target, stop) of a bracket's entry: as they are now where they are open, as they were asked for where they are not. Both
    None for any other order."""
    if entry.terms is None:
        return None, None
    target, stop = entry.terms.target, entry.terms.stop
    for order in memory.links.get(memory.exits.get(entry.order_id, 0), ()):
        terms = terms_of(order)
        exit_ = Exit(order.order_type, order.ticks, terms.trigger_ticks, terms.trail_ticks, terms.trail_bps)
        if order.order_type in TARGETS:
            target = exit_
        else:
            stop = exit_
    return target, stop


def follow_up(memory: Memory, now_ns: int) -> None:
    """Cover what entries of brackets were filled in this step. An exit may trade at once, and fill other entries by that."""
    cause = Cause("", "", now_ns)
    while memory.follow_ups:
        entry_id = next(iter(memory.follow_ups))
        lots = memory.follow_ups.pop(entry_id)
        entry = memory.orders[entry_id]
        exits = sorted(memory.links.get(memory.exits.get(entry_id, 0), ()), key=lambda order: order.order_id)
        if exits:
            for order in exits:
                _grow(memory, order, lots, cause)
        else:
            _make(memory, entry, lots, cause)


def _grow(memory: Memory, order: Order, lots: int, cause: Cause) -> None:
    """The entry was filled by ``lots`` more. One that rests takes a new place in the queue, as for any larger quantity."""
    account, terms = memory.accounts[order.account_id], terms_of(order)
    rests = order.status in RESTING
    side = memory.books[order.instrument.instrument_id].side(order.side)
    if rests:
        side.remove(order)
        terms.priority = memory.next_sequence()
        memory.mark_terms(order)
    order.lots += lots
    change_hold(memory, account, order, order.held + lots * hold_per_lot(order.instrument, SELL, 0))
    if rests:
        side.add(order)
        memory.mark_level(order)
    order.updated_ns = cause.now_ns
    memory.mark_amended(order)
    tell_amended(memory, account, order, Reason.ENTRY_FILLED.value, cause, kept_priority=not rests)


def _make(memory: Memory, entry: Order, lots: int, cause: Cause) -> None:
    account, asked = memory.accounts[entry.account_id], terms_of(entry)
    link_id = memory.next_sequence()
    made: list[Order] = []
    for number, each in enumerate((asked.target, asked.stop), 1):
        if each is not None:
            # The link's id is the first order's.
            order_id = memory.next_sequence() if made else link_id
            made.append(_accept(memory, account, entry, each, lots, (order_id, link_id, number), cause))
    waiting = [order for order in made if order.order_type in WAITING_TYPES]
    for order in waiting:
        wait(memory, account, order)
    for order in made:
        if order.order_type not in WAITING_TYPES:
            enter(memory, account, order, order.ticks, cause)
    for order in waiting:
        _set_off_if_reached(memory, order, cause)


def _accept(
    memory: Memory, account: Account, entry: Order, each: Exit, lots: int, ids: tuple[int, int, int], cause: Cause
) -> Order:
    order_id, link_id, number = ids
    terms = Terms(order_id, each.trigger_ticks, each.trail_ticks, each.trail_bps, link_id=link_id, parent_id=entry.order_id)
    if each.trail_ticks or each.trail_bps:
        terms.trigger_ticks = max(1, trail_trigger(terms, SELL, _reference(memory, entry)))
    request = Request(account, entry.instrument, SELL, each.order_type, TimeInForce.GTC, lots, each.ticks, terms)
    verdict = _WAITS if each.order_type in WAITING_TYPES else _ACCEPTED
    order = new_order(memory, request, verdict, cause, order_id=order_id, client_order_id=f"{link_id}.{number}")
    memory.join_link(order, terms)
    place_hold(memory, account, order, lots * hold_per_lot(order.instrument, SELL, 0))
    tell_decision(memory, account, order, cause)
    return order


def _reference(memory: Memory, entry: Order) -> int:
    """In doubled ticks: the house's mid, or what the entry paid when the house has withdrawn."""
    quote = memory.houses[entry.instrument.instrument_id].quote
    if quote is None:
        return 2 * entry.notional // (entry.filled_lots * entry.instrument.grid.tick_lot_value)
    memory.changes.quotes_read[entry.instrument.instrument_id] = quote
    return quote.bid_ticks + quote.ask_ticks


def _set_off_if_reached(memory: Memory, order: Order, cause: Cause) -> None:
    """An exit whose trigger is reached already acts at once: it protects what was bought."""
    instrument, terms = order.instrument, terms_of(order)
    quote = memory.houses[instrument.instrument_id].quote
    if order.status is not OrderStatus.WAITING or quote is None:
        return
    memory.changes.quotes_read[instrument.instrument_id] = quote
    if not memory.is_trading(instrument) or not is_fresh(quote, cause.now_ns, HOUSE_AGE_NS_MAX):
        return
    if is_reached(order.order_type, SELL, terms.trigger_ticks, quote.bid_ticks + quote.ask_ticks):
        set_off(memory, order, quote, cause)

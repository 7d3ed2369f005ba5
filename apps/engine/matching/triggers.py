"""The house's quote sets waiting orders off, and trailing stops follow it. Nothing else does: see ``docs/orders.md``."""

from apps.commands.reasons import Reason
from apps.core.enums import OrderStatus, Side
from apps.engine.matching.ending import end_if_over, end_open, step
from apps.engine.matching.entering import enter
from apps.engine.matching.house import HOUSE_AGE_NS_MAX, is_fresh
from apps.engine.matching.memory import Cause, Memory
from apps.engine.matching.money import change_hold, hold_per_lot, ticks_of_hold
from apps.engine.matching.risk import edge_around, edge_ticks
from apps.engine.matching.state import HouseQuote, Instrument, Order, Terms
from apps.engine.matching.watch import is_reached, trail_trigger
from apps.orders.status import OPEN

#: So many orders are set off or follow in one batch; the others come in the next ones, by the same quote.
TRIGGERS_MAX = 500
WAITING, BUY = OrderStatus.WAITING, Side.BUY


def pull(memory: Memory, instrument: Instrument, cause: Cause) -> None:
    """Do what the present quote means for the orders that wait: those that it reaches, in the order of their priorities."""
    instrument_id = instrument.instrument_id
    memory.unfinished.pop(instrument_id, None)
    watch = memory.watches[instrument_id]
    quote = memory.houses[instrument_id].quote
    if not watch.orders or quote is None:
        return
    memory.changes.quotes_read[instrument_id] = quote
    if not memory.is_trading(instrument) or not is_fresh(quote, cause.now_ns, HOUSE_AGE_NS_MAX):
        return
    due = watch.due(quote.bid_ticks + quote.ask_ticks)
    for order in due[:TRIGGERS_MAX]:
        if order.status is WAITING and not end_if_over(memory, order, cause.now_ns):  # a linked one may have ended it
            _meet(memory, order, quote, cause)
    if len(due) > TRIGGERS_MAX:
        memory.unfinished[instrument_id] = None


def _meet(memory: Memory, order: Order, quote: HouseQuote, cause: Cause) -> None:
    terms = terms_of(order)
    if is_reached(order.order_type, order.side, terms.trigger_ticks, quote.bid_ticks + quote.ask_ticks):
        set_off(memory, order, quote, cause)
    else:
        _follow(memory, order, terms, quote, cause)


def terms_of(order: Order) -> Terms:
    if order.terms is None:
        raise TypeError(f"order {order.order_id} has no terms")
    return order.terms


def _follow(memory: Memory, order: Order, terms: Terms, quote: HouseQuote, cause: Cause) -> None:
    """A trailing stop's trigger moves after the reference, never back. A buy's hold shrinks with it, and never grows."""
    account = memory.accounts[order.account_id]
    watch = memory.watches[order.instrument.instrument_id]
    watch.remove(order)
    terms.trigger_ticks = trail_trigger(terms, order.side, quote.bid_ticks + quote.ask_ticks)
    watch.add(order)
    if order.side is BUY:
        limit = edge_around(BUY, 2 * terms.trigger_ticks, order.instrument.collar_bps)
        change_hold(memory, account, order, min(order.held, order.lots * hold_per_lot(order.instrument, BUY, limit)))
    order.updated_ns = cause.now_ns
    memory.mark_order(order)
    memory.mark_terms(order)
    fields: dict[str, object] = {"trigger_ticks": terms.trigger_ticks, "held": order.held}
    memory.tell_account(account, "ORDER_TRIGGER_MOVED", cause, order, fields)


def set_off(memory: Memory, order: Order, quote: HouseQuote, cause: Cause) -> None:
    """The order leaves its wait and enters the market, behind everybody who is there; what it is linked to ends before."""
    terms = terms_of(order)
    account = memory.accounts[order.account_id]
    memory.watches[order.instrument.instrument_id].remove(order)
    account.open_orders -= 1
    step(order, OrderStatus.ACCEPTED, cause.now_ns)
    memory.mark_order(order)
    fields: dict[str, object] = {"trigger_ticks": terms.trigger_ticks, "status": order.status, "quote": quote}
    memory.tell_account(account, "ORDER_TRIGGERED", cause, order, fields)
    terms.priority = memory.sequence
    memory.mark_terms(order)
    for sibling in memory.siblings(order):
        end_open(memory, sibling, Reason.LINKED_ORDER_TRIGGERED, cause, alone=True)
    entry = memory.orders.get(terms.parent_id)
    if entry is not None and entry.status in OPEN:
        # What is left of the entry would buy again what the exit sells, and might be its own counterparty.
        end_open(memory, entry, Reason.LINKED_ORDER_TRIGGERED, cause)
    enter(memory, account, order, order.ticks or _market_limit(order, quote), cause)


def _market_limit(order: Order, quote: HouseQuote) -> int:
    """The worst price within the collar now; for a buy also at most what its hold can pay."""
    limit = edge_ticks(order.side, quote, order.instrument.collar_bps)
    if order.side is BUY:
        return min(limit, ticks_of_hold(order.instrument, order.held // order.lots))
    return limit

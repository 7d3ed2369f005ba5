"""What an order would do now: the same submit, on a copy of the little that it could touch. Nothing of the venue changes.

The copy has the account, the instrument, what the house still offers, and the resting orders that are within the order's reach,
with their accounts. So risk, prevention of self-trades, matching and money are not told twice: they are run.
"""

from copy import copy
from dataclasses import replace

import msgspec

from apps.commands.answers import AnyAnswer, OrderAnswer, PreviewAnswer
from apps.commands.cautions import Caution
from apps.commands.reasons import Reason
from apps.commands.types import PreviewOrder, SubmitOrder
from apps.core.enums import Side
from apps.core.numbers import NumberFormatError
from apps.engine.matching.answers import read_lots, read_ticks, text
from apps.engine.matching.book import BookSide
from apps.engine.matching.changes import TradeRow
from apps.engine.matching.house import HOUSE_AGE_NS_MAX, is_fresh
from apps.engine.matching.money import hold_asset_id
from apps.engine.matching.state import Account, HouseQuote, Instrument, Order
from apps.engine.matching.trading import other_side
from apps.engine.matching.venue import Venue
from apps.engine.matching.watch import BPS

#: How many resting orders a preview looks at. It costs the engine what the order itself would, and nobody pays for it.
ORDERS_MAX = 200
#: How far the worst price may be from the reference without a word, in basis points.
FAR_BPS = 100


def preview(venue: Venue, command: PreviewOrder, now_ns: int) -> AnyAnswer:
    """Answer with what ``command.order`` would do, or with its refusal. The order is the actor's, whoever it names."""
    asked = msgspec.structs.replace(
        command.order, command_id=command.command_id, actor=command.actor, correlation_id=command.correlation_id
    )
    venue_copy, is_whole = _copy(venue, asked)
    before = _available(venue_copy, asked)
    answer = venue_copy.apply(asked, now_ns)
    if not isinstance(answer, OrderAnswer):
        return answer
    return _answer(venue_copy, answer, before, is_whole, now_ns)


def _copy(venue: Venue, asked: SubmitOrder) -> tuple[Venue, bool]:
    """The part of the venue that the order can touch, and whether that is all of it."""
    part = Venue(
        house_id=venue.house.account_id,
        fees_id=venue.fees.account_id,
        external_id=venue.external.account_id,
        epoch=venue.epoch,
        sequence=venue.sequence,
    )
    part.is_killed, part.kill_reason, part.is_behind = venue.is_killed, venue.kill_reason, venue.is_behind
    part.assets, part.assets_by_code = venue.assets, venue.assets_by_code  # no order changes an asset
    instrument, account = venue.instruments_by_symbol.get(asked.symbol), venue.accounts.get(asked.account_id)
    if account is not None and account.account_id not in venue.system_ids:
        _add_account(part, account)
    is_whole = True
    if instrument is not None:
        part.load_instrument(replace(instrument))
        part.houses[instrument.instrument_id] = venue.houses[instrument.instrument_id].copy()
        is_whole = _add_book(part, venue, instrument, asked)
    for each in part.accounts.values():
        each.open_orders = venue.accounts[each.account_id].open_orders  # those that are not here count too
    return part, is_whole


def _add_account(part: Venue, account: Account) -> None:
    if account.account_id not in part.accounts:
        balances = {asset_id: replace(balance) for asset_id, balance in account.balances.items()}
        part.load_account(replace(account, balances=balances))


def _add_book(part: Venue, venue: Venue, instrument: Instrument, asked: SubmitOrder) -> bool:
    """Add the resting orders that the order could meet, best first; False when there are more than a preview looks at."""
    try:
        lots = read_lots(instrument.grid, asked.quantity)
        limit_ticks = None if asked.price is None else read_ticks(instrument.grid, asked.price)
    except NumberFormatError:
        return True  # it will be refused
    resting = venue.books[instrument.instrument_id].side(other_side(asked.side))
    is_whole = _add_reach(part, venue, resting, asked.account_id, lots, limit_ticks)
    if asked.bracket is not None or any(_is_entry(order) for order in part.orders.values()):
        # An exit that acts at once sells to those who bid, and may fill another entry by that: how far that goes nobody can say.
        _add_reach(part, venue, venue.books[instrument.instrument_id].bids, asked.account_id, lots, None, everyone=True)
    return is_whole


def _add_reach(
    part: Venue,
    venue: Venue,
    resting: BookSide,
    account_id: int,
    lots: int,
    limit_ticks: int | None,
    *,
    everyone: bool = False,
) -> bool:
    """Add those whom so many lots of the account would meet within the limit, or ``everyone``; False when they are too many."""
    for level in resting.levels():
        if (lots <= 0 and not everyone) or (limit_ticks is not None and resting.rank(level.ticks) < resting.rank(limit_ticks)):
            return True
        for order in level.orders.values():
            if len(part.orders) >= ORDERS_MAX:
                return False
            _add_order(part, venue, order)
            if order.account_id != account_id:
                lots -= order.leaves_lots
    return True


def _is_entry(order: Order) -> bool:
    return order.terms is not None and (order.terms.target is not None or order.terms.stop is not None)


def _add_order(part: Venue, venue: Venue, order: Order) -> None:
    """The order with its account, with the orders that are linked to it, and with its exits: what fills it changes them."""
    linked = [] if order.terms is None else venue.links.get(order.terms.link_id, [])
    exits = venue.links.get(venue.exits.get(order.order_id, 0), [])
    for each in (order, *linked, *exits):
        if each.order_id not in part.orders and each.instrument.instrument_id in part.instruments:
            _add_account(part, venue.accounts[each.account_id])
            added = copy(each)
            added.instrument = part.instruments[each.instrument.instrument_id]
            added.terms = copy(each.terms)
            part.load_order(added)
            entry_id = each.order_id if each.terms is None else each.terms.parent_id or each.order_id
            if entry_id in venue.bought:
                part.load_bought(entry_id, venue.bought[entry_id])


def _available(part: Venue, asked: SubmitOrder) -> int:
    """Units of what pays for the order: of the quote asset for a buy, of the base asset for a sell."""
    account, instrument = part.accounts.get(asked.account_id), part.instruments_by_symbol.get(asked.symbol)
    if account is None or instrument is None:
        return 0
    balance = account.balances.get(hold_asset_id(instrument, asked.side))
    return 0 if balance is None else balance.available


def _answer(part: Venue, answer: OrderAnswer, before: int, is_whole: bool, now_ns: int) -> PreviewAnswer:
    order = part.orders[answer.order_id]
    trades = [fill.trade for fill in part.changes.fills if fill.order is order]
    quote = part.houses[order.instrument.instrument_id].quote
    balance = part.accounts[order.account_id].balances.get(hold_asset_id(order.instrument, order.side))
    after = 0 if balance is None else balance.available
    worst_ticks = _worst(order.side, trades)
    cautions = _cautions(part, order, quote, worst_ticks, now_ns)
    if order.side is Side.BUY and (before - after) * 10 > before * 9:
        cautions.append(Caution.MOST_OF_FUNDS)
    if not is_whole:
        cautions.append(Caution.BOOK_IS_DEEPER)
    return PreviewAnswer(
        command_id=answer.command_id,
        status=answer.status,
        reason=answer.reason,
        filled_quantity=answer.filled_quantity,
        leaves_quantity=answer.leaves_quantity,
        average_price=answer.average_price,
        worst_price=text(worst_ticks * order.instrument.grid.tick) if worst_ticks else None,
        notional=text(order.notional),
        fee=answer.fee,
        held=answer.held,
        available_after=text(after),
        warnings=[caution.value for caution in cautions],
        at_ns=now_ns,
    )


def _worst(side: Side, trades: list[TradeRow]) -> int:
    ticks = [trade.ticks for trade in trades]
    return (max(ticks) if side is Side.BUY else min(ticks)) if ticks else 0


def _cautions(part: Venue, order: Order, quote: HouseQuote | None, worst_ticks: int, now_ns: int) -> list[Caution]:
    cautions = []
    if 0 < order.filled_lots < order.lots:
        cautions.append(Caution.PARTLY_FILLED)
    if quote is not None and worst_ticks:
        mid_twice = quote.bid_ticks + quote.ask_ticks
        if abs(2 * worst_ticks - mid_twice) * BPS > FAR_BPS * mid_twice:
            cautions.append(Caution.FAR_FROM_REFERENCE)
    if quote is not None and not is_fresh(quote, now_ns, HOUSE_AGE_NS_MAX):
        cautions.append(Caution.PRICE_IS_OLD)
    if order.reason == Reason.SELF_TRADE or any(
        event.fields.get("reason") == Reason.SELF_TRADE_PREVENTED for event in part.changes.events
    ):
        cautions.append(Caution.MEETS_OWN_ORDER)
    return cautions

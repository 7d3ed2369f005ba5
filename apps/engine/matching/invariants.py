"""The laws of the venue, checked on its memory and on the changes of the running batch. For tests, and a debugging mode.

I1 conservation, I2 transfers balance, I3 nobody below zero, I4 holds are what open orders may still cost, I5 and I6 open orders
and the book are the same set, I7 two fills a trade, I8 no fill beyond its limit, I10 never crossed, I12 sequences without a gap,
I14 orders of a link are of one account, instrument, side and size, and one of them at most rests.
I24 what is due by the clock is waited for, and nothing is there whose time has passed.
"""

from collections import Counter, defaultdict
from typing import cast

from apps.core.checks import check_invariant
from apps.core.enums import OrderStatus, Side
from apps.engine.matching.book import BookSide
from apps.engine.matching.changes import Changes
from apps.engine.matching.invariants_clock import check_clock
from apps.engine.matching.memory import Memory
from apps.engine.matching.money import hold_asset_id, hold_per_lot, ticks_of_hold
from apps.engine.matching.state import Order
from apps.engine.matching.terms import WAITING_TYPES
from apps.orders.status import OPEN, RESTING


def check_venue(memory: Memory, *, complete: bool) -> None:
    """Raise ``InvariantError`` on the first law broken. ``complete``: every account is loaded, so I1 can be summed."""
    _check_balances(memory, complete=complete)
    _check_holds(memory)
    _check_orders(memory)
    _check_books(memory)
    _check_watches(memory)
    _check_links(memory)
    check_clock(memory)
    check_changes(memory.changes)


def _check_balances(memory: Memory, *, complete: bool) -> None:
    sums: Counter[int] = Counter()
    for account in memory.accounts.values():
        for balance in account.balances.values():
            sums[balance.asset_id] += balance.total
            name = f"account {balance.account_id}, asset {balance.asset_id}"
            check_invariant(balance.held >= 0, f"I3: {name} holds {balance.held}")
            check_invariant(balance.may_be_negative or balance.available >= 0, f"I3: {name} has {balance.available} available")
    for asset_id, total in sums.items():
        check_invariant(not complete or total == 0, f"I1: asset {asset_id} sums to {total}")


def _check_holds(memory: Memory) -> None:
    expected: Counter[tuple[int, int]] = Counter()
    shared: dict[tuple[int, int, int], int] = {}  # the largest of a link; an order without one is its own
    for order in memory.orders.values():
        if order.status in OPEN:
            check_invariant(order.held > 0, f"I4: order {order.order_id} is open and holds nothing")
            hold = order.leaves_lots * hold_per_lot(order.instrument, order.side, _bound(order))
            check_invariant(order.held == hold, f"I4: order {order.order_id} holds {order.held}, may cost {hold}")
            link_id = 0 if order.terms is None else order.terms.link_id
            key = (order.account_id, hold_asset_id(order.instrument, order.side), link_id or -order.order_id)
            shared[key] = max(shared.get(key, 0), hold)
        else:
            check_invariant(order.held == 0, f"I4: order {order.order_id} is {order.status} and holds {order.held}")
    for (account_id, asset_id, _), hold in shared.items():
        expected[account_id, asset_id] += hold
    for account in memory.accounts.values():
        for asset_id, balance in account.balances.items():
            due = expected.pop((account.account_id, asset_id), 0)
            check_invariant(balance.held == due, f"I4: account {account.account_id} holds {balance.held}, orders need {due}")
    check_invariant(not expected, f"I4: holds without a balance: {expected}")


def _bound(order: Order) -> int:
    """What an open order pays at most, in ticks. One that becomes a market order pays what it holds: at least its trigger."""
    if order.ticks or order.side is Side.SELL or order.terms is None:
        return order.ticks
    bound = ticks_of_hold(order.instrument, order.held // order.leaves_lots)
    check_invariant(bound >= order.terms.trigger_ticks > 0, f"I4: order {order.order_id} could not pay its own trigger")
    return bound


def _check_orders(memory: Memory) -> None:
    open_orders: Counter[int] = Counter()
    for order in memory.orders.values():
        filled = order.filled_lots
        legal = {
            OrderStatus.ACCEPTED: filled == 0,
            OrderStatus.PARTIALLY_FILLED: 0 < filled < order.lots,
            OrderStatus.FILLED: filled == order.lots,
            OrderStatus.CANCELED: filled < order.lots,
            OrderStatus.EXPIRED: filled < order.lots,
        }.get(order.status, filled == 0)
        check_invariant(legal, f"I5: order {order.order_id} is {order.status} with {filled} of {order.lots} filled")
        if order.status in OPEN:
            fits = order.order_type in WAITING_TYPES if order.status is OrderStatus.WAITING else order.ticks > 0
            check_invariant(fits, f"I6: order {order.order_id} is {order.status} without a trigger or a price")
            open_orders[order.account_id] += 1
    for account in memory.accounts.values():
        counted = open_orders[account.account_id]
        check_invariant(account.open_orders == counted, f"I6: account {account.account_id} counts {account.open_orders}")


def _check_books(memory: Memory) -> None:
    resting: set[int] = set()
    for instrument_id, book in memory.books.items():
        for side in Side:
            resting |= _check_side(instrument_id, side, book.side(side))
        bid, ask = memory.best(instrument_id)
        check_invariant(bid is None or ask is None or bid < ask, f"I10: book {instrument_id} is crossed: {bid} {ask}")
    working = {order.order_id for order in memory.orders.values() if order.status in RESTING}
    check_invariant(resting == working, f"I6: the book and the open orders differ by {resting ^ working}")


def _check_watches(memory: Memory) -> None:
    watched = {order_id for watch in memory.watches.values() for order_id in watch.orders}
    waiting = {order.order_id for order in memory.orders.values() if order.status is OrderStatus.WAITING}
    check_invariant(watched == waiting, f"I6: those that wait and those that are watched differ by {watched ^ waiting}")


def _check_links(memory: Memory) -> None:
    linked: dict[int, set[int]] = defaultdict(set)
    for order in memory.orders.values():
        if order.status in OPEN and order.terms is not None and order.terms.link_id:
            linked[order.terms.link_id].add(order.order_id)
    known = {link_id: {order.order_id for order in members} for link_id, members in memory.links.items()}
    check_invariant(known == linked, f"I14: links {known} are not those of the open orders {dict(linked)}")
    for link_id, members in memory.links.items():
        kinds = {(order.account_id, order.instrument.instrument_id, order.side, order.leaves_lots) for order in members}
        resting = sum(order.status in RESTING for order in members)
        check_invariant(len(kinds) == 1 and resting <= 1, f"I14: link {link_id} joins {kinds}, {resting} of them in the book")
        parents = {order.terms.parent_id for order in members if order.terms is not None}
        fits = len(parents) == 1 and all(memory.exits.get(parent) == link_id for parent in parents if parent)
        check_invariant(fits, f"I14: link {link_id} is of {parents}")
        most = min((memory.bought[parent] for parent in parents if parent), default=members[0].leaves_lots)
        check_invariant(members[0].leaves_lots <= most, f"I14: exits {link_id} want more than the {most} that were bought")
    check_invariant(not memory.follow_ups, f"I14: fills of {memory.follow_ups} are not covered by exits")


def _check_side(instrument_id: int, side: Side, book_side: BookSide) -> set[int]:
    seen: set[int] = set()
    before: int | None = None
    for level in book_side.levels():
        rank = book_side.rank(level.ticks)
        check_invariant(before is None or rank < before, f"I9: levels of {instrument_id} are out of order at {level.ticks}")
        before = rank
        orders = list(level.orders.values())
        check_invariant(bool(orders), f"I6: an empty level at {level.ticks}")
        check_invariant(level.lots == sum(o.leaves_lots for o in orders), f"I6: level {level.ticks} shows {level.lots}")
        places = [o.priority for o in orders]
        check_invariant(places == sorted(set(places)), f"I9: time priority at {level.ticks}")
        for order in orders:
            fits = order.side is side and order.ticks == level.ticks and order.instrument.instrument_id == instrument_id
            check_invariant(fits, f"I6: order {order.order_id} rests in the wrong place")
        seen.update(level.orders)
    return seen


def check_changes(changes: Changes) -> None:
    """The laws of one batch's record alone."""
    _check_transfers(changes)
    _check_fills(changes)
    check_limits(changes)
    _check_sequences(changes)


def _check_transfers(changes: Changes) -> None:
    sums: dict[int, Counter[int]] = defaultdict(Counter)
    for posting in changes.postings:
        check_invariant(posting.amount != 0, f"I2: transfer {posting.transfer_id} posts nothing")
        sums[posting.transfer_id][posting.balance.asset_id] += posting.amount
    for transfer in changes.transfers:
        total = sums.pop(transfer.transfer_id, Counter())
        check_invariant(bool(total) and not any(total.values()), f"I2: transfer {transfer.transfer_id} leaves {dict(total)}")
    check_invariant(not sums, f"I2: postings without a transfer: {list(sums)}")


def _check_fills(changes: Changes) -> None:
    sides: dict[int, list[Side]] = defaultdict(list)
    for fill in changes.fills:
        sides[fill.trade.trade_id].append(fill.side)
    check_invariant(len({trade.trade_id for trade in changes.trades}) == len(changes.trades), "I7: a trade twice")
    for trade in changes.trades:
        check_invariant(trade.ticks > 0 and trade.lots > 0, f"I8: trade {trade.trade_id} is empty")
        check_invariant(sorted(sides.pop(trade.trade_id, [])) == [Side.BUY, Side.SELL], f"I7: fills of {trade.trade_id}")
    check_invariant(not sides, f"I7: fills without a trade: {list(sides)}")


def check_limits(changes: Changes) -> None:
    """Each fill against the price that its order had then: it may have been amended before it, after it, and between two."""
    limits = dict(changes.ticks_before)
    told: Counter[int] = Counter()
    for event in changes.events:
        order = event.order
        if order is None:
            continue
        if event.kind == "ORDER_AMENDED":
            limits[order.order_id] = cast(int, event.fields["ticks"])
        elif event.kind == "ORDER_FILLED":
            told[order.order_id] += 1
            _check_limit(order, limits.get(order.order_id, order.ticks), cast(int, event.fields["ticks"]))
    made = Counter(fill.order.order_id for fill in changes.fills if fill.order is not None)
    check_invariant(told == made, f"I8: fills {made} are told as {told}")


def _check_limit(order: Order, limit: int, ticks: int) -> None:
    if limit:
        within = ticks <= limit if order.side is Side.BUY else ticks >= limit
        check_invariant(within, f"I8: order {order.order_id} at {limit} was filled at {ticks}")


def _check_sequences(changes: Changes) -> None:
    of_instruments: dict[int, int] = {}
    for trade in changes.trades:
        key = trade.instrument.instrument_id
        expected = of_instruments.get(key, trade.instrument_sequence - 1) + 1
        check_invariant(trade.instrument_sequence == expected, f"I12: instrument {key} jumps to {trade.instrument_sequence}")
        of_instruments[key] = expected

    of_accounts: dict[int, int] = {}
    last = 0
    for event in changes.events:
        check_invariant(event.sequence > last, f"I12: event {event.sequence} after {last}")
        last = event.sequence
        if event.account_id is None:
            continue
        due = of_accounts.get(event.account_id, event.account_sequence - 1) + 1
        check_invariant(event.account_sequence == due, f"I12: account {event.account_id} jumps to {event.account_sequence}")
        of_accounts[event.account_id] = due

"""LOBSTER's rows as commands: which order a row is about, and what the venue is asked to do.

A row says what happened to one order; the venue is asked to let it happen. An execution is the one thing that it may do
otherwise: the row is an incoming order of that size, and price and time choose whom it meets. What the file thinks of an order
(``Named.left``) and what the venue made of it are therefore two numbers, and only where priority chose another order do they
differ. Then lots rest here that the file thinks gone. They stand in for what the file thinks there still is at that price, and
are withdrawn when an execution or a new order shows that nobody is there: else one such order would put all later ones out of
turn.
"""

from collections import deque
from heapq import heappop, heappush
from pathlib import Path

from apps.core.enums import Side
from apps.engine.matching.changes import FillRow
from apps.engine.matching.state import Order
from apps.engine.matching.trading import other_side
from apps.engine.orderflow.files import fail
from apps.engine.orderflow.lobster import Kind, Message, Row
from apps.engine.orderflow.market import MIDNIGHT_NS, Market
from apps.engine.orderflow.tally import Tally
from apps.orders.status import RESTING

_NAMES = {
    Kind.NEW: "new",
    Kind.PARTIAL_CANCEL: "partial cancels",
    Kind.DELETE: "deletes",
    Kind.EXECUTION: "executions",
    Kind.HIDDEN_EXECUTION: "hidden executions",
    Kind.CROSS: "crosses",
    Kind.HALT: "halts",
}


class Named:
    """An order that the file knows by its id: the venue's, and how many lots the file thinks that it has left."""

    __slots__ = ("left", "order")

    def __init__(self, order: Order, left: int) -> None:
        self.order = order
        self.left = left


class LobsterFlow:
    """Applies messages to a market. ``remark`` is what was odd about the last one, in a word or two, or empty."""

    def __init__(self, path: Path, market: Market, tally: Tally) -> None:
        self._path = path
        self._market = market
        self._tally = tally
        self._named: dict[int, Named] = {}  # what the file thinks open
        self._unnamed: dict[tuple[Side, int], deque[Order]] = {}  # what rests without a name: the seed, and stand-ins
        self._stand_ins: dict[Side, list[tuple[int, int, Order]]] = {side: [] for side in Side}  # heaps, the best price first
        self._last_ns = 0
        self.remark = ""

    def seed(self, row: Row) -> None:
        """Let the book of ``row`` rest, one order a level."""
        for side, levels in ((Side.SELL, row.asks), (Side.BUY, row.bids)):
            for ticks, lots in levels:
                order, reason = self._market.rest(f"seed-{side}-{ticks}", side, ticks, lots, MIDNIGHT_NS)
                if order is None:
                    self._tally.refused[reason] += 1
                else:
                    self._unnamed[side, ticks] = deque([order])

    def skip(self, message: Message) -> None:
        """Count a message whose effect the seed has already."""
        self._tally.kinds[_NAMES[Kind(message.kind)]] += 1
        self._last_ns = message.at_ns

    def apply(self, message: Message) -> tuple[bool, bool]:
        """Do what the message says; returns whether (asks, bids) may have changed."""
        if message.at_ns < self._last_ns:
            problem = f"time must not be before the line above, was {message.at_ns} ns after midnight, and {self._last_ns} above"
            raise fail(self._path, message.number, problem, "Replay one day at a time, sorted as LOBSTER delivers it")
        self._last_ns = message.at_ns
        self._tally.kinds[_NAMES[Kind(message.kind)]] += 1
        self.remark = ""
        both = False
        if message.kind == Kind.NEW:
            both = self._add(message)
        elif message.kind in (Kind.PARTIAL_CANCEL, Kind.DELETE):
            self._withdraw(message)
        elif message.kind == Kind.EXECUTION:
            self._execute(message)
        else:
            return False, False
        return both or message.side is Side.SELL, both or message.side is Side.BUY

    def _add(self, message: Message) -> bool:
        """Returns whether the other side may have changed too."""
        if message.order_id in self._named:
            problem = f"order id {message.order_id} is open already, and a new order needs an id of its own"
            raise fail(self._path, message.number, problem, "Is the file one day of one stock? Remove the second row")
        withdrawn = self._clear_the_way(message, other_side(message.side))
        order, reason = self._market.rest(
            f"line-{message.number}", message.side, message.ticks, message.lots, MIDNIGHT_NS + message.at_ns
        )
        if order is None:
            self._tally.refused[reason] += 1
            self.remark = "the venue refused"
            return withdrawn
        self._named[message.order_id] = Named(order, message.lots)
        if order.filled_lots:
            self._tally.crossed += 1
            self.remark = "a new order that traded"
            return True
        return withdrawn

    def _withdraw(self, message: Message) -> None:
        """Cancel a part or all. Of an order without a name it is the row's size that goes."""
        named = self._named.get(message.order_id)
        if named is None:
            if self._stand_in(message.side, message.ticks) is None:
                self._skip_unknown(message)
                return
            self._tally.from_seed += 1
            missing = self._take_off(message, None, message.lots)
        else:
            lots = named.left if message.kind == Kind.DELETE else min(message.lots, named.left)
            missing = self._take_off(message, named.order, lots) + message.lots - min(message.lots, lots)
            self._settle(message.order_id, named, lots)
        if missing:
            self._tally.short += 1
            self.remark = "less was left"

    def _take_off(self, message: Message, order: Order | None, lots: int) -> int:
        """Take ``lots`` off ``order``, then off what stands in at its price. Returns how many of them were not there."""
        while lots:
            if order is None or order.status not in RESTING:
                order = self._stand_in(message.side, message.ticks)
                if order is None:
                    return lots
            taken = min(lots, order.lots - order.filled_lots)
            self._market.reduce(f"line-{message.number}", order, taken, MIDNIGHT_NS + message.at_ns)
            lots -= taken
            if lots:
                order = None
        return 0

    def _execute(self, message: Message) -> None:
        """An incoming order of the row's size, at the row's price: does priority choose the order that the row names?"""
        named = self._named.get(message.order_id)
        is_there = named is None or named.order.status in RESTING
        if is_there:
            self._clear_the_way(message, message.side)
        target = named.order if named is not None and is_there else self._stand_in(message.side, message.ticks)
        if named is None:
            if target is None:
                self._skip_unknown(message)
                return
            self._tally.from_seed += 1
        self._tally.executions += 1
        fills: list[FillRow] = []
        if target is not None:  # else it had traded in another's place, and the row asks for nothing more
            against = other_side(message.side)
            now_ns = MIDNIGHT_NS + message.at_ns
            fills = self._market.take(f"line-{message.number}", against, message.ticks, message.lots, now_ns)
        if is_there and len(fills) == 1 and fills[0].order is target and fills[0].trade.lots == message.lots:
            self._tally.matched += 1
        else:
            self._tally.tell(_violation(message, fills))
            self.remark = "priority chose another order"
        if named is not None:
            self._settle(message.order_id, named, message.lots)

    def _clear_the_way(self, message: Message, side: Side) -> bool:
        """Withdraw the stand-ins of ``side`` at the message's price or better. Returns whether there were any."""
        waiting = self._stand_ins[side]
        found = False
        while waiting and waiting[0][0] <= _distance(side, message.ticks):
            order = heappop(waiting)[2]
            if order.status in RESTING:
                found = True
                self._tally.withdrawn += 1
                self.remark = "a stand-in that was withdrawn"
                lots = order.lots - order.filled_lots
                self._market.reduce(f"line-{message.number}", order, lots, MIDNIGHT_NS + message.at_ns)
        return found

    def _settle(self, order_id: int, named: Named, lots: int) -> None:
        """The file thinks that ``lots`` of the order are gone. What it thinks gone altogether, and rests here, stands in."""
        named.left -= lots
        if named.left > 0:
            return
        del self._named[order_id]
        order = named.order
        if order.status in RESTING:
            self._unnamed.setdefault((order.side, order.ticks), deque()).append(order)
            heappush(self._stand_ins[order.side], (_distance(order.side, order.ticks), order.order_id, order))

    def _stand_in(self, side: Side, ticks: int) -> Order | None:
        """The oldest order without a name that rests at the price: the seed's, or one that priority left behind."""
        waiting = self._unnamed.get((side, ticks))
        if waiting is None:
            return None
        while waiting:
            if waiting[0].status in RESTING:
                return waiting[0]
            waiting.popleft()
        del self._unnamed[side, ticks]
        return None

    def _skip_unknown(self, message: Message) -> None:
        self._tally.unknown[_NAMES[Kind(message.kind)]] += 1
        self.remark = "a message that was skipped"


def _distance(side: Side, ticks: int) -> int:
    """Smaller is better: the price that a taker meets first."""
    return ticks if side is Side.SELL else -ticks


def _violation(message: Message, fills: list[FillRow]) -> str:
    """One line for a person: what the row says, and who traded here."""
    met = ", ".join(
        f"{fill.trade.lots} at {fill.trade.ticks} of the order of {fill.order.client_order_id}"
        for fill in fills
        if fill.order is not None
    )
    says = f"line {message.number} executes {message.lots} at {message.ticks} of order {message.order_id}"
    return f"{says}; here it met {met or 'nobody'}"

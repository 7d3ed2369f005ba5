"""Customers' resting orders of one instrument, by price and then by time."""

from bisect import bisect_left
from collections import OrderedDict
from collections.abc import Iterator

from apps.core.checks import check_invariant
from apps.core.enums import Side
from apps.engine.matching.state import Order

BUY = Side.BUY  # looked up several times an order


class Level:
    """The orders at one price, oldest first. An OrderedDict, because a plain dict is slow to give up its first key again and
    again."""

    __slots__ = ("lots", "orders", "ticks")

    def __init__(self, ticks: int) -> None:
        self.ticks = ticks
        self.lots = 0
        self.orders: OrderedDict[int, Order] = OrderedDict()

    def first(self) -> Order:
        return next(iter(self.orders.values()))


class BookSide:
    """One side. A price's ``rank`` is higher the better the price is for whoever takes it: a bid ranks as its ticks, an ask as
    minus its ticks. So both sides are one code, and "crosses" is always ``rank >= rank of the limit``."""

    __slots__ = ("_levels", "_ranks", "sign")

    def __init__(self, side: Side) -> None:
        self.sign = 1 if side is Side.BUY else -1
        self._levels: dict[int, Level] = {}
        self._ranks: list[int] = []  # ascending: the best is the last, where a list is quick

    def rank(self, ticks: int) -> int:
        return self.sign * ticks

    def best(self) -> Level | None:
        return self._levels[self._ranks[-1]] if self._ranks else None

    def level(self, ticks: int) -> Level | None:
        return self._levels.get(self.sign * ticks)

    def levels(self) -> Iterator[Level]:
        """The levels, best price first."""
        return (self._levels[rank] for rank in reversed(self._ranks))

    def add(self, order: Order) -> None:
        rank = self.sign * order.ticks
        level = self._levels.get(rank)
        if level is None:
            level = self._levels[rank] = Level(order.ticks)
            self._ranks.insert(bisect_left(self._ranks, rank), rank)
        level.orders[order.order_id] = order
        level.lots += order.lots - order.filled_lots

    def reduce(self, level: Level, order: Order, lots: int) -> None:
        """Take ``lots`` of ``order`` off the level; the order leaves the book when ``lots`` are all that it had left.

        Call it before ``order.filled_lots`` is raised.
        """
        level.lots -= lots
        if lots == order.lots - order.filled_lots:
            self._drop(level, order.order_id)

    def shrink(self, order: Order, lots: int) -> None:
        """The resting order is about to lose ``lots`` of more than those, and keeps its place."""
        level = self._levels.get(self.sign * order.ticks)
        if level is None or order.order_id not in level.orders:
            check_invariant(False, f"order {order.order_id} rests in the book")
            return
        level.lots -= lots

    def remove(self, order: Order) -> None:
        level = self._levels.get(self.sign * order.ticks)
        if level is None or order.order_id not in level.orders:
            check_invariant(False, f"order {order.order_id} rests in the book")
            return
        level.lots -= order.lots - order.filled_lots
        self._drop(level, order.order_id)

    def _drop(self, level: Level, order_id: int) -> None:
        del level.orders[order_id]
        if not level.orders:
            rank = self.sign * level.ticks
            del self._levels[rank]
            if self._ranks[-1] == rank:
                self._ranks.pop()
            else:
                del self._ranks[bisect_left(self._ranks, rank)]


class Book:
    __slots__ = ("asks", "bids")

    def __init__(self) -> None:
        self.bids = BookSide(Side.BUY)
        self.asks = BookSide(Side.SELL)

    def side(self, side: Side) -> BookSide:
        return self.bids if side is BUY else self.asks

    def opposite(self, side: Side) -> BookSide:
        return self.asks if side is BUY else self.bids

    def is_empty(self) -> bool:
        return self.bids.best() is None and self.asks.best() is None

"""The book as it is shown: customers' levels and the house's ladder in one. PURE, in ticks and lots."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from apps.core.enums import Side
from apps.core.ladder import house_ladder

LEVELS_SHOWN = 10

#: (price in ticks, lots, lots of customers in it)
Level = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class HouseQuote:
    """Best bid and ask of the feed, in ticks and lots."""

    bid: int
    ask: int
    bid_lots: int
    ask_lots: int


@dataclass(slots=True)
class CustomerLevels:
    """What customers' resting orders add up to at each price of one instrument.

    Changes are absolute totals and carry the engine's sequence, so one that comes twice, or is older than the snapshot that
    this began with, changes nothing. Parts of one large change carry the same sequence.
    """

    sequence: int = 0
    bids: dict[int, int] = field(default_factory=dict)
    asks: dict[int, int] = field(default_factory=dict)

    def change(self, sequence: int, levels: Iterable[tuple[Side, int, int]]) -> bool:
        """Set ``(side, ticks, lots)``; zero lots remove the level. Returns whether anything is different now."""
        if sequence < self.sequence:
            return False
        self.sequence = sequence
        is_news = False
        for side, ticks, lots in levels:
            book = self.bids if side is Side.BUY else self.asks
            is_news |= book.get(ticks, 0) != lots
            if lots:
                book[ticks] = lots
            else:
                book.pop(ticks, None)
        return is_news


def merge_depth(levels: CustomerLevels, house: HouseQuote | None, step_ticks: int) -> tuple[list[Level], list[Level]]:
    """Return bids and asks, best first, ten of each at most, never locked or crossed.

    Customers come before the house: where the house's ladder reaches what customers offer on the other side, it is cut off.
    (The engine has taken there what it could; the house's level at such a price is used up until its next quote.)
    """
    bids, asks = dict(levels.bids), dict(levels.asks)
    if bids and asks and max(bids) >= min(asks):
        # The engine never leaves customers crossed, so a change is still on its way: show the side that cannot be wrong about it.
        asks = {ticks: lots for ticks, lots in asks.items() if ticks > max(bids)}
    house_bids, house_asks = _ladders(house, step_ticks)
    if asks:
        house_bids = [(ticks, lots) for ticks, lots in house_bids if ticks < min(asks)]
    if bids:
        house_asks = [(ticks, lots) for ticks, lots in house_asks if ticks > max(bids)]
    return _best(bids, house_bids, reverse=True), _best(asks, house_asks, reverse=False)


def _ladders(house: HouseQuote | None, step_ticks: int) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    if house is None or house.bid >= house.ask:
        return [], []
    return (
        house_ladder(house.bid, house.bid_lots, -1, step_ticks),
        house_ladder(house.ask, house.ask_lots, 1, step_ticks),
    )


def _best(customers: Mapping[int, int], house: list[tuple[int, int]], *, reverse: bool) -> list[Level]:
    totals = dict(customers)
    for ticks, lots in house:
        totals[ticks] = totals.get(ticks, 0) + lots
    prices = sorted(totals, reverse=reverse)[:LEVELS_SHOWN]
    return [(ticks, totals[ticks], customers.get(ticks, 0)) for ticks in prices]

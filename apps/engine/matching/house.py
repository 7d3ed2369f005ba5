"""The house: a ladder around the feed's newest quote, used up until the next one."""

from apps.core.enums import Side
from apps.core.ladder import house_ladder
from apps.engine.matching.state import HouseQuote

#: A quote older than this withdraws the house and denies market orders.
HOUSE_AGE_NS_MAX = 3_000_000_000
#: A quote older than this is no reference for anything: every new order is denied.
REFERENCE_AGE_NS_MAX = 30_000_000_000


def is_fresh(quote: HouseQuote, now_ns: int, age_ns_max: int) -> bool:
    """Whether ``quote`` is at most ``age_ns_max`` old. One from the future is as wrong as an old one: a clock jumped."""
    return -age_ns_max <= now_ns - quote.received_ns <= age_ns_max


class Rung:
    """One price of the ladder and what is left of it under the present quote."""

    __slots__ = ("lots", "ticks")

    def __init__(self, ticks: int, lots: int) -> None:
        self.ticks = ticks
        self.lots = lots


class House:
    """The house in one instrument.

    The ladders are made at their first use, not when the quote arrives: a replay sees only the quotes that a decision read, so
    a quote may have no effect before that.
    """

    __slots__ = ("_asks", "_bids", "quote")

    def __init__(self) -> None:
        self.quote: HouseQuote | None = None
        self._bids: list[Rung] | None = None
        self._asks: list[Rung] | None = None

    def offer(self, quote: HouseQuote) -> bool:
        """Take ``quote`` if it is news and sound; False leaves everything as it was.

        A locked or crossed quote, or one without a price, is dropped: the house then ages until it is withdrawn.
        """
        if not 0 < quote.bid_ticks < quote.ask_ticks:
            return False
        known = self.quote
        if known is not None and known.source == quote.source and (quote.epoch, quote.sequence) <= (known.epoch, known.sequence):
            return False
        self.quote = quote
        self._bids = self._asks = None
        return True

    def copy(self) -> "House":
        """The same quote, and what is left of the ladders: what is used up of one is not of the other."""
        twin = House()
        twin.quote = self.quote
        twin._bids = None if self._bids is None else [Rung(rung.ticks, rung.lots) for rung in self._bids]
        twin._asks = None if self._asks is None else [Rung(rung.ticks, rung.lots) for rung in self._asks]
        return twin

    def withdraw(self) -> None:
        self.quote = self._bids = self._asks = None

    def ladder(self, side: Side, step_ticks: int) -> list[Rung]:
        """What is left of the house's own bids (BUY) or asks (SELL), best first. The list is live: :func:`use_up` eats it."""
        quote = self.quote
        if quote is None:
            return []
        if side is Side.BUY:
            if self._bids is None:
                self._bids = [Rung(*r) for r in house_ladder(quote.bid_ticks, quote.bid_lots, -1, step_ticks) if r[1] > 0]
            return self._bids
        if self._asks is None:
            self._asks = [Rung(*r) for r in house_ladder(quote.ask_ticks, quote.ask_lots, 1, step_ticks) if r[1] > 0]
        return self._asks


def lots_within(ladder: list[Rung], sign: int, ticks: int) -> int:
    """Lots of the ladder at ``ticks`` or better for the taker; ``sign`` is 1 for the house's bids and -1 for its asks."""
    return sum(rung.lots for rung in ladder if sign * rung.ticks >= sign * ticks)


def use_up(ladder: list[Rung], lots: int) -> None:
    """Take ``lots`` from the ladder, best price first."""
    while lots:
        rung = ladder[0]
        taken = min(lots, rung.lots)
        rung.lots -= taken
        lots -= taken
        if not rung.lots:
            del ladder[0]

"""What is known of one instrument's market at the moment: newest quote and print, customers' levels, what was last shown."""

from dataclasses import dataclass, field
from decimal import Decimal

from apps.core.checks import check
from apps.core.numbers import parse_positive, plain
from apps.eventlog.schemas.marketdata import Depth, QuoteTick
from apps.instruments.selectors import InstrumentView
from apps.marketdata.depth import CustomerLevels, HouseQuote, Level, merge_depth
from apps.marketdata.precedence import supersedes
from apps.marketdata.services import NewestPrice

#: The house withdraws from a quote that is older.
STALE_NS = 3_000_000_000


@dataclass(frozen=True, slots=True)
class SourcedQuote:
    source: str
    epoch: int
    tick: QuoteTick

    def price_of(self, instrument_id: int, last: Decimal | None = None, last_at_ns: int | None = None) -> NewestPrice:
        """The quote as a row; raises ValueError when a number in it is not one, or when it is crossed."""
        tick = self.tick
        bid, ask = parse_positive(tick.bid, "bid"), parse_positive(tick.ask, "ask")
        check(bid < ask, f"bid must be below ask, were {tick.bid} and {tick.ask} of {tick.symbol}")
        return NewestPrice(
            instrument_id, self.source, self.epoch, tick.sequence, bid, ask,
            parse_positive(tick.bid_quantity, "bid quantity"), parse_positive(tick.ask_quantity, "ask quantity"),
            tick.at_ns, last, last_at_ns,
        )  # fmt: skip


@dataclass(slots=True)
class Book:
    """``is_seen`` says that records of this instrument come to this process: others may read the other instruments."""

    instrument: InstrumentView
    quote: SourcedQuote | None = None
    last: Decimal | None = None
    last_at_ns: int | None = None
    levels: CustomerLevels = field(default_factory=CustomerLevels)
    is_seen: bool = False
    is_changed: bool = False
    is_moved: bool = False
    has_house: bool = False
    shown_at_ns: int = -1_000_000_000  # monotonic; the first time is never too early
    sequence: int = 0
    shown: tuple[list[Level], list[Level]] | None = None

    def take_quote(self, source: str, epoch: int, tick: QuoteTick) -> bool:
        """Keep the quote if it is newer than the one that stands; returns whether it was."""
        known = self.quote
        if known is not None and not supersedes(
            (source, epoch, tick.sequence, tick.at_ns), (known.source, known.epoch, known.tick.sequence, known.tick.at_ns)
        ):
            return False
        self.quote = SourcedQuote(source, epoch, tick)
        self.is_seen = self.is_changed = self.is_moved = True
        return True

    def newest(self) -> NewestPrice | None:
        return self.quote.price_of(self.instrument.id, self.last, self.last_at_ns) if self.quote else None

    def house(self, now_ns: int) -> HouseQuote | None:
        """The house's quote, unless it is stale or the instrument is not open; raises ValueError for one that is off the grid."""
        quote = self.quote
        if quote is None or not self.instrument.is_open or now_ns - quote.tick.at_ns > STALE_NS:
            return None
        price, grid = quote.price_of(self.instrument.id), self.instrument.grid
        return HouseQuote(
            grid.ticks(price.bid, "bid"), grid.ticks(price.ask, "ask"),
            grid.lots(price.bid_quantity, "bid quantity"), grid.lots(price.ask_quantity, "ask quantity"),
        )  # fmt: skip

    def show(self, now_ns: int, epoch: int) -> Depth | None:
        """Return the depth to publish, or None if it is as it was shown last."""
        house = self.house(now_ns)
        self.has_house = house is not None
        merged = merge_depth(self.levels, house, self.instrument.ladder_step_ticks)
        if merged == self.shown:
            return None
        self.shown = merged
        self.sequence += 1
        bids, asks = merged
        return Depth(
            symbol=self.instrument.symbol, epoch=epoch, sequence=self.sequence, at_ns=now_ns,
            bids=[self._written(level) for level in bids], asks=[self._written(level) for level in asks],
        )  # fmt: skip

    def is_overdue(self, now_ns: int) -> bool:
        """Whether the house is shown although its quote has become stale."""
        return self.has_house and self.quote is not None and now_ns - self.quote.tick.at_ns > STALE_NS

    def _written(self, level: Level) -> tuple[str, str, str]:
        grid = self.instrument.grid
        ticks, lots, customers = level
        return plain(grid.price(ticks)), plain(grid.quantity(lots)), plain(grid.quantity(customers))

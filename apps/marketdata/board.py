"""The market at a glance: of an instrument its newest prices and what the last day did to them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal

from apps.core.sparkline import spark
from apps.instruments.selectors import InstrumentView, get_instrument, list_instruments
from apps.marketdata.selectors import STALE_AFTER, DayStats, PriceView, day_and_spark, day_stats, latest_prices, spark_points

HUNDREDTH = Decimal("0.01")
SPARK_HOURS = 24


@dataclass(frozen=True, slots=True)
class Glance:
    """One instrument now. ``price`` is None until the first tick, ``day`` until there are bars.

    ``spark`` is SVG points, ``closes`` what it was made of, oldest first; both are empty on a board without lines.
    """

    instrument: InstrumentView
    price: PriceView | None
    day: DayStats | None
    stale: bool
    spark: str = ""
    closes: tuple[Decimal, ...] = field(default=(), repr=False)

    @property
    def last(self) -> Decimal | None:
        """The last print, or the newest close of a bar when no print has come since the start."""
        if self.price and self.price.last is not None:
            return self.price.last
        if self.closes:
            return self.closes[-1]
        return self.day.newest_close if self.day is not None else None

    @property
    def change_percent(self) -> Decimal | None:
        """How far the mid is from the price a day ago: as the stream counts it, so that the first tick does not move it."""
        now = self.price.mid if self.price else self.last
        if now is None or self.day is None:
            return None
        return ((now - self.day.reference) * 100 / self.day.reference).quantize(HUNDREDTH)

    @property
    def turnover(self) -> Decimal | None:
        """Volume of the day times the last price, in the quote currency: what the busy ones are told by. None while not known."""
        return self.day.volume * self.last if self.day is not None and self.last is not None else None

    @property
    def spark_low(self) -> Decimal | None:
        return min(self.closes, default=None)

    @property
    def spark_high(self) -> Decimal | None:
        return max(self.closes, default=None)


def list_board(now: datetime) -> tuple[Glance, ...]:
    """Every instrument, by symbol, without lines: three queries however many there are."""
    return glances_of(list_instruments(), now)


def glances_of(views: Sequence[InstrumentView], now: datetime) -> tuple[Glance, ...]:
    """These instruments, in this order, without lines: two queries."""
    ids = [view.id for view in views]
    prices, days = latest_prices(ids), day_stats(ids)
    return tuple(_glance(view, prices, days, now) for view in views)


def with_lines(glances: Sequence[Glance]) -> tuple[Glance, ...]:
    """The same with the line of their last day: one query, for those alone that are shown."""
    closes = spark_points([glance.instrument.id for glance in glances], SPARK_HOURS, "1h")
    return tuple(_with_line(glance, closes.get(glance.instrument.id, [])) for glance in glances)


def get_glance(symbol: str, now: datetime) -> Glance:
    """One instrument with its line, by its exact symbol, in three queries; raises ``InstrumentNotFoundError``."""
    view = get_instrument(symbol)
    day, closes = day_and_spark(view.id, SPARK_HOURS, "1h")
    return _with_line(_glance(view, latest_prices([view.id]), {} if day is None else {view.id: day}, now), closes)


def _with_line(glance: Glance, closes: list[Decimal]) -> Glance:
    return replace(glance, spark=spark(closes), closes=tuple(closes))


def _glance(view: InstrumentView, prices: Mapping[int, PriceView], days: Mapping[int, DayStats], now: datetime) -> Glance:
    price = prices.get(view.id)
    stale = price is None or now - price.quoted_at > STALE_AFTER
    return Glance(instrument=view, price=price, day=days.get(view.id), stale=stale)

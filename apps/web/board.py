"""The market at a glance: of every instrument its newest prices and what the last day did to them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from apps.core.sparkline import spark
from apps.instruments.selectors import InstrumentView, get_instrument, list_instruments
from apps.marketdata.selectors import STALE_AFTER, DayStats, PriceView, day_stats, latest_prices, spark_points

HUNDREDTH = Decimal("0.01")
SPARK_HOURS = 24


@dataclass(frozen=True, slots=True)
class Glance:
    """One instrument now. ``price`` is None until the first tick, ``day`` until there are bars; ``spark`` is SVG points."""

    instrument: InstrumentView
    price: PriceView | None
    day: DayStats | None
    spark: str
    newest_close: Decimal | None
    stale: bool

    @property
    def last(self) -> Decimal | None:
        """The last print, or the newest close of a bar when no print has come since the start."""
        return self.price.last if self.price and self.price.last is not None else self.newest_close

    @property
    def change_percent(self) -> Decimal | None:
        """How far the mid is from the price a day ago: as the stream counts it, so that the first tick does not move it."""
        now = self.price.mid if self.price else self.last
        if now is None or self.day is None:
            return None
        return ((now - self.day.reference) * 100 / self.day.reference).quantize(HUNDREDTH)

    @property
    def turnover(self) -> Decimal:
        """Volume of the day times the last price: what the busy ones are told by. Zero while nothing is known."""
        return self.day.volume * self.last if self.day is not None and self.last is not None else Decimal(0)


def list_board(now: datetime) -> tuple[Glance, ...]:
    """Every instrument, by symbol, in four queries however many there are."""
    return _glances(list_instruments(), now)


def get_glance(symbol: str, now: datetime) -> Glance:
    """One instrument, by its exact symbol; raises ``InstrumentNotFoundError``."""
    return _glances([get_instrument(symbol)], now)[0]


def _glances(views: Sequence[InstrumentView], now: datetime) -> tuple[Glance, ...]:
    ids = [view.id for view in views]
    prices, days = latest_prices(ids), day_stats(ids)
    closes = spark_points(ids, SPARK_HOURS, "1h")
    return tuple(_glance(view, prices.get(view.id), days.get(view.id), closes.get(view.id, []), now) for view in views)


def _glance(
    view: InstrumentView, price: PriceView | None, day: DayStats | None, closes: Sequence[Decimal], now: datetime
) -> Glance:
    return Glance(
        instrument=view,
        price=price,
        day=day,
        spark=spark(closes),
        newest_close=closes[-1] if closes else None,
        stale=price is None or now - price.quoted_at > STALE_AFTER,
    )

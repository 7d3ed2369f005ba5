"""The market at a glance, for the pages: of every instrument its newest prices and what the last day did to them."""


from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import QuerySet

from apps.instruments.selectors import InstrumentView, get_instrument, list_instruments
from apps.marketdata.models import Bar, Interval, LatestPrice

DAY = timedelta(hours=24)
HUNDREDTH = Decimal("0.01")
#: How old a quote may be before a page marks it (docs/stream.md has the same figure for the browser).
STALE_AFTER = timedelta(seconds=2)


@dataclass(frozen=True, slots=True)
class DayStats:
    """What the hours of the last day held. ``reference`` is the price a day ago, which a change is counted from."""

    reference: Decimal
    high: Decimal
    low: Decimal
    volume: Decimal
    closes: tuple[Decimal, ...]


@dataclass(frozen=True, slots=True)
class Glance:
    """One instrument now. Prices are None until the first tick; ``day`` until there is a bar."""

    instrument: InstrumentView
    bid: Decimal | None
    ask: Decimal | None
    bid_quantity: Decimal | None
    ask_quantity: Decimal | None
    quoted_at: datetime | None
    last: Decimal | None
    last_at: datetime | None
    day: DayStats | None

    @property
    def mid(self) -> Decimal | None:
        return (self.bid + self.ask) / 2 if self.bid is not None and self.ask is not None else None

    @property
    def shown_last(self) -> Decimal | None:
        """The last print, or the newest close of a bar when no print has come since the start."""
        return self.last if self.last is not None or self.day is None else self.day.closes[-1]

    @property
    def change(self) -> Decimal | None:
        last = self.shown_last
        return last - self.day.reference if last is not None and self.day is not None else None

    @property
    def change_percent(self) -> Decimal | None:
        change = self.change
        if change is None or self.day is None:
            return None
        return (change * 100 / self.day.reference).quantize(HUNDREDTH)

    @property
    def turnover(self) -> Decimal:
        """Volume of the day times the last price: what the busy ones are told by. Zero while nothing is known."""
        last = self.shown_last
        return self.day.volume * last if self.day is not None and last is not None else Decimal(0)

    def is_stale(self, now: datetime) -> bool:
        return self.quoted_at is None or now - self.quoted_at > STALE_AFTER


def list_board(now: datetime) -> tuple[Glance, ...]:
    """Every instrument, by symbol, in three queries however many there are."""
    prices = {row.instrument_id: row for row in LatestPrice.objects.order_by("instrument_id")}
    days = _days(Bar.objects.filter(interval=Interval.HOUR, start__gt=now - DAY))
    return tuple(_glance(view, prices.get(view.id), days.get(view.id)) for view in list_instruments())


def get_glance(symbol: str, now: datetime) -> Glance:
    """One instrument, by its exact symbol; raises ``InstrumentNotFoundError``."""
    view = get_instrument(symbol)
    days = _days(Bar.objects.filter(instrument_id=view.id, interval=Interval.HOUR, start__gt=now - DAY))
    return _glance(view, LatestPrice.objects.filter(instrument_id=view.id).first(), days.get(view.id))


def _days(bars: QuerySet[Bar]) -> dict[int, DayStats]:
    by_instrument: dict[int, list[tuple[Decimal, Decimal, Decimal, Decimal, Decimal]]] = {}
    columns = ("instrument_id", "open", "high", "low", "close", "volume")
    for instrument_id, *bar in bars.order_by("instrument_id", "start").values_list(*columns):
        by_instrument.setdefault(instrument_id, []).append(tuple(bar))
    return {
        instrument_id: DayStats(
            reference=rows[0][0],
            high=max(row[1] for row in rows),
            low=min(row[2] for row in rows),
            volume=sum((row[4] for row in rows), Decimal(0)),
            closes=tuple(row[3] for row in rows),
        )
        for instrument_id, rows in by_instrument.items()
    }


def _glance(view: InstrumentView, price: LatestPrice | None, day: DayStats | None) -> Glance:
    return Glance(
        instrument=view,
        bid=price.bid if price else None,
        ask=price.ask if price else None,
        bid_quantity=price.bid_quantity if price else None,
        ask_quantity=price.ask_quantity if price else None,
        quoted_at=price.quoted_at if price else None,
        last=price.last if price else None,
        last_at=price.last_at if price else None,
        day=day,
    )

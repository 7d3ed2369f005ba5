"""Reading what the public sees: newest prices, bars, the figures of the last day. Decimals out; one query for all instruments."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from django.db import connection

from apps.core.checks import check
from apps.marketdata.models import INTERVAL_SECONDS, Bar, FeedState, LatestPrice

BARS_MAX = 2_000
SPARK_POINTS_MAX = 200
#: The stored price follows the market by about a second, so it is two seconds old a second later than the stream's.
STALE_AFTER = timedelta(seconds=3)


#: A feed tells that it is there every second; after this long nothing of it is true any more.
FEED_SILENT_AFTER = timedelta(seconds=5)
#: So long a feed that fell silent without saying goodbye is told of.
FEED_FORGOTTEN_AFTER = timedelta(days=1)
FEEDS_MAX = 20


class PriceNotFoundError(LookupError):
    """There has never been a price of this instrument."""


@dataclass(frozen=True, slots=True)
class PriceView:
    """The newest quote, about a second behind the market, and the newest print if there was one."""

    instrument_id: int
    source: str
    epoch: int
    sequence: int
    bid: Decimal
    ask: Decimal
    bid_quantity: Decimal
    ask_quantity: Decimal
    quoted_at: datetime
    last: Decimal | None
    last_at: datetime | None

    @property
    def mid(self) -> Decimal:
        return (self.bid + self.ask) / 2

    @property
    def spread(self) -> Decimal:
        return self.ask - self.bid


@dataclass(frozen=True, slots=True)
class BarView:
    start: datetime
    open: Decimal
    high: Decimal
    low: Decimal
    close: Decimal
    volume: Decimal
    trades: int


@dataclass(frozen=True, slots=True)
class DayStats:
    """The last 24 hours. ``reference`` is the price at their beginning: what a change in per cent is measured from."""

    instrument_id: int
    reference: Decimal
    high: Decimal
    low: Decimal
    volume: Decimal
    newest_close: Decimal


def latest_prices(instrument_ids: Iterable[int]) -> dict[int, PriceView]:
    """Return the newest prices by instrument id; instruments without any are left out."""
    rows = LatestPrice.objects.filter(pk__in=list(instrument_ids)).order_by("pk")
    return {row.pk: _price(row) for row in rows}


def get_latest(instrument_id: int) -> PriceView:
    """Return the newest price; raises :class:`PriceNotFoundError`."""
    row = LatestPrice.objects.filter(pk=instrument_id).first()
    if row is None:
        raise PriceNotFoundError(f"instrument {instrument_id} has no price yet")
    return _price(row)


def list_bars(instrument_id: int, interval: str, limit: int = 500, before: datetime | None = None) -> list[BarView]:
    """Return the newest ``limit`` (at most 2,000) bars that start before ``before``, oldest first."""
    check(interval in INTERVAL_SECONDS, f"interval must be one of {', '.join(INTERVAL_SECONDS)}, was {interval[:8]!r}")
    check(0 < limit <= BARS_MAX, f"limit must be between 1 and {BARS_MAX}, was {limit}")
    rows = Bar.objects.filter(instrument_id=instrument_id, interval=interval)
    if before is not None:
        rows = rows.filter(start__lt=before)
    newest_first = rows.order_by("-start")[:limit]
    return [
        BarView(row.start, row.open, row.high, row.low, row.close, row.volume, row.trades) for row in reversed(list(newest_first))
    ]


# Hours are fine enough for a day's high and low, and 25 rows an instrument where minutes would be 1,440. The hour that has
# begun within the last 24 counts whole, so "24 hours" is up to an hour more.
_DAY = """
SELECT DISTINCT ON (instrument_id) instrument_id,
  first_value(open) OVER day, max(high) OVER day, min(low) OVER day, sum(volume) OVER day, last_value(close) OVER day
FROM marketdata_bar
WHERE interval = '1h' AND instrument_id = ANY(%s) AND start > now() - interval '25 hours'
WINDOW day AS (PARTITION BY instrument_id ORDER BY start ROWS BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING)
ORDER BY instrument_id
"""


def day_stats(instrument_ids: Iterable[int]) -> dict[int, DayStats]:
    """Return the last day's figures by instrument id; instruments without a bar in it are left out."""
    with connection.cursor() as cursor:
        cursor.execute(_DAY, [list(instrument_ids)])
        return {row[0]: DayStats(*row) for row in cursor.fetchall()}


_SPARK = """
SELECT wanted.id, array_agg(recent.close ORDER BY recent.start)
FROM unnest(%s::int[]) AS wanted (id)
CROSS JOIN LATERAL (
  SELECT start, close FROM marketdata_bar WHERE instrument_id = wanted.id AND interval = %s ORDER BY start DESC LIMIT %s
) AS recent
GROUP BY wanted.id
"""


def spark_points(instrument_ids: Iterable[int], count: int = 48, interval: str = "5m") -> dict[int, list[Decimal]]:
    """Return the newest ``count`` (at most 200) closes by instrument id, oldest first."""
    check(interval in INTERVAL_SECONDS, f"interval must be one of {', '.join(INTERVAL_SECONDS)}, was {interval[:8]!r}")
    check(0 < count <= SPARK_POINTS_MAX, f"count must be between 1 and {SPARK_POINTS_MAX}, was {count}")
    with connection.cursor() as cursor:
        cursor.execute(_SPARK, [list(instrument_ids), interval, count])
        return dict(cursor.fetchall())


# At most one row: both halves are of one instrument.
_DAY_AND_LINE = f"""
SELECT line.closes, day.* FROM ({_SPARK}) AS line (id, closes)
  FULL JOIN ({_DAY}) AS day ON day.instrument_id = line.id
"""  # noqa: S608 - made of our own words


def day_and_spark(instrument_id: int, count: int, interval: str) -> tuple[DayStats | None, list[Decimal]]:
    """What :func:`day_stats` and :func:`spark_points` say of one instrument, in one query."""
    with connection.cursor() as cursor:
        cursor.execute(_DAY_AND_LINE, [[instrument_id], interval, min(count, SPARK_POINTS_MAX), [instrument_id]])
        row = cursor.fetchone()
    if row is None:
        return None, []
    closes, *day = row
    return None if day[0] is None else DayStats(*day), closes or []


@dataclass(frozen=True, slots=True)
class DayEndPrice:
    """The last price of a day: ``bid`` and ``ask`` of its newest frame, or twice the close of its newest bar.

    ``quoted_at`` is the second of the frame, or the beginning of the bar.
    """

    instrument_id: int
    bid: Decimal
    ask: Decimal
    quoted_at: datetime


# One walk of each primary key, backwards from the day's end.
_DAY_END = """
SELECT wanted.id, coalesce(frame.bid, bar.close), coalesce(frame.ask, bar.close), coalesce(frame.second, bar.start)
  FROM unnest(%(ids)s::int[]) AS wanted (id)
  LEFT JOIN LATERAL (
    SELECT second, bid, ask FROM marketdata_quoteframe
     WHERE instrument_id = wanted.id AND second >= %(from)s AND second < %(until)s ORDER BY second DESC LIMIT 1) AS frame ON true
  LEFT JOIN LATERAL (
    SELECT start, close FROM marketdata_bar
     WHERE frame.bid IS NULL AND instrument_id = wanted.id AND interval = '1m' AND start >= %(from)s AND start < %(until)s
     ORDER BY start DESC LIMIT 1) AS bar ON true
 WHERE coalesce(frame.bid, bar.close) IS NOT NULL
"""
#: How old the last price of a day may be: an instrument that is halted keeps its price over a long week-end.
DAY_END_REACH = timedelta(days=7)


def day_end_prices(instrument_ids: Iterable[int], end: datetime) -> dict[int, DayEndPrice]:
    """The last price before ``end`` by instrument id; an instrument without one in the week before it is left out.

    What is stored of a day that is over does not change: the same question gets the same answer for as long as frames are kept.
    """
    with connection.cursor() as cursor:
        cursor.execute(_DAY_END, {"ids": list(instrument_ids), "from": end - DAY_END_REACH, "until": end})
        return {row[0]: DayEndPrice(*row) for row in cursor.fetchall()}


def has_history(instrument_id: int) -> bool:
    """Whether there is a daily bar of an earlier day."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM marketdata_bar WHERE instrument_id = %s AND interval = '1d'"
            " AND start < date_trunc('day', now(), 'UTC'))",
            [instrument_id],
        )
        return bool(cursor.fetchone()[0])


@dataclass(frozen=True, slots=True)
class FeedView:
    """A source of ticks. ``state`` is Publishing, Silent or Ended; ``has_standby`` whether another process would take over."""

    source: str
    state: str
    since: datetime
    beat_at: datetime
    has_standby: bool
    flagged: int


def feed_view(row: FeedState, now: datetime) -> FeedView:
    """How the feed of ``row`` stands at ``now``."""
    silent = now - row.beat_at > FEED_SILENT_AFTER
    has_standby = row.standby_at is not None and now - row.standby_at <= FEED_SILENT_AFTER
    state = "Ended" if row.ended_at is not None else "Silent" if silent else "Publishing"
    return FeedView(row.source, state, row.taken_at, row.beat_at, has_standby, row.flagged)


def list_feeds(now: datetime) -> list[FeedView]:
    """The sources that publish, or should: those that ended, or have been silent for a day, are left out."""
    rows = FeedState.objects.filter(ended_at=None, beat_at__gt=now - FEED_FORGOTTEN_AFTER).order_by("source")[:FEEDS_MAX]
    return [feed_view(row, now) for row in rows]


def _price(row: LatestPrice) -> PriceView:
    return PriceView(
        instrument_id=row.pk,
        source=row.source,
        epoch=row.epoch,
        sequence=row.sequence,
        bid=row.bid,
        ask=row.ask,
        bid_quantity=row.bid_quantity,
        ask_quantity=row.ask_quantity,
        quoted_at=row.quoted_at,
        last=row.last,
        last_at=row.last_at,
    )

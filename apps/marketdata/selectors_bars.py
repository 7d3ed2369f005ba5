"""Reading the bars of a chart: of a stored interval as they are, of any other folded from stored ones. One query each."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection

from apps.core.checks import check
from apps.marketdata.bars import SECOND_BARS_KEPT_S
from apps.marketdata.intervals import Interval
from apps.marketdata.selectors import BARS_MAX, BarView, list_bars

#: Stored bars that one question may read.
PARTS_MAX = 15_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

# A bar is made of at most `parts` stored ones, so (limit + 1) x parts of them hold `limit` whole bars at least; the oldest
# bar may be cut, and is then one too many. The inner query is a walk of the primary key, backwards from its end.
_FOLDED = """
SELECT bucket, (array_agg(open ORDER BY start))[1], max(high), min(low), (array_agg(close ORDER BY start DESC))[1], sum(volume),
       sum(trades)
FROM (
  SELECT start, open, high, low, close, volume, trades, date_bin(%(width)s, start, 'epoch'::timestamptz) AS bucket
  FROM marketdata_bar
  WHERE instrument_id = %(instrument)s AND interval = %(base)s AND start >= %(from)s AND start < %(until)s
  ORDER BY start DESC LIMIT %(parts)s
) AS part
GROUP BY bucket ORDER BY bucket DESC LIMIT %(limit)s
"""


@dataclass(frozen=True, slots=True)
class ChartBars:
    """``bars`` oldest first. ``parts`` are the stored bars that the newest one is made of, empty where it is stored itself."""

    bars: tuple[BarView, ...]
    parts: tuple[BarView, ...] = ()


def limit_max(interval: Interval) -> int:
    """How many bars of ``interval`` one question may ask for."""
    return min(BARS_MAX, PARTS_MAX // interval.parts)


def list_chart_bars(instrument_id: int, interval: Interval, limit: int, before: datetime | None, *, now: datetime) -> ChartBars:
    """Return the newest ``limit`` bars that start before ``before``; the parts too when that is None."""
    most = limit_max(interval)
    check(0 < limit <= most, f"limit must be between 1 and {most}, was {limit}")
    if interval.is_stored:
        return ChartBars(tuple(list_bars(instrument_id, interval.code, limit, before)))
    bars = _folded(instrument_id, interval, limit, before, now)
    if before is not None or not bars:
        return ChartBars(bars)
    newest = list_bars(instrument_id, interval.base, interval.parts)
    start = _bucket(newest[-1].start, interval)
    return ChartBars(bars, tuple(part for part in newest if part.start >= start))


def _folded(instrument_id: int, interval: Interval, limit: int, before: datetime | None, now: datetime) -> tuple[BarView, ...]:
    width = timedelta(seconds=interval.seconds)
    wanted: dict[str, Any] = {
        "width": width,
        "instrument": instrument_id,
        "base": interval.base,
        "from": _first_whole(interval, now),
        # A bar that starts before `before` is told whole.
        "until": datetime.max.replace(tzinfo=UTC) if before is None else _next_bucket(before, interval),
        "parts": (limit + 1) * interval.parts,
        "limit": limit,
    }
    with connection.cursor() as cursor:
        cursor.execute(_FOLDED, wanted)
        return tuple(BarView(*row) for row in reversed(cursor.fetchall()))


def _first_whole(interval: Interval, now: datetime) -> datetime:
    """Seconds are removed once they are a day old: what is made of older ones may lack some of them."""
    if interval.base != "1s":
        return _EPOCH
    return _next_bucket(now - timedelta(seconds=SECOND_BARS_KEPT_S), interval)


def _bucket(at: datetime, interval: Interval) -> datetime:
    width = timedelta(seconds=interval.seconds)
    return at - (at - _EPOCH) % width


def _next_bucket(at: datetime, interval: Interval) -> datetime:
    """The first beginning of a bar at ``at`` or later."""
    start = _bucket(at, interval)
    return start if start == at else start + timedelta(seconds=interval.seconds)

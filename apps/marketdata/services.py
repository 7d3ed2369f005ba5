"""Writing what the public sees: bars, newest prices, frames. Everything set-wise, one statement for all instruments."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection, transaction

from apps.core.clock import instant
from apps.core.units import Grid
from apps.eventlog.database import Connection
from apps.eventlog.schemas.marketdata import BarInterval, QuoteTick
from apps.marketdata.bars import SECOND_BARS_KEPT_S, BarChange
from apps.marketdata.demo import DemoInstrument
from apps.marketdata.history import make_history
from apps.marketdata.selectors import has_history

_ROWS_A_STATEMENT = 5_000

_BARS = """
INSERT INTO marketdata_bar AS stored (instrument_id, interval, start, open, high, low, close, volume, trades)
SELECT i, v, to_timestamp(s), o, h, l, c, q, n
FROM unnest(%s::int[], %s::text[], %s::bigint[], %s::numeric[], %s::numeric[], %s::numeric[], %s::numeric[], %s::numeric[],
  %s::int[]) AS changed (i, v, s, o, h, l, c, q, n)
ON CONFLICT (instrument_id, interval, start) DO UPDATE SET
  high = greatest(stored.high, EXCLUDED.high),
  low = least(stored.low, EXCLUDED.low),
  volume = stored.volume + EXCLUDED.volume,
  trades = stored.trades + EXCLUDED.trades,
"""
_LATER = "close = EXCLUDED.close"
_EARLIER = "open = EXCLUDED.open"
_STORED = """
RETURNING instrument_id, interval, extract(epoch FROM start)::bigint, trim_scale(open)::text, trim_scale(high)::text,
  trim_scale(low)::text, trim_scale(close)::text, trim_scale(volume)::text, trades
"""


@dataclass(frozen=True, slots=True)
class NewestPrice:
    """A quote, and the newest print if there was one. ``quoted_at_ns`` and ``last_at_ns`` are since 1970."""

    instrument_id: int
    source: str
    epoch: int
    sequence: int
    bid: Decimal
    ask: Decimal
    bid_quantity: Decimal
    ask_quantity: Decimal
    quoted_at_ns: int
    last: Decimal | None = None
    last_at_ns: int | None = None


class StoredBar(NamedTuple):
    """A bar as Postgres has it, its numbers as plain text. ``start_s`` is in seconds since 1970."""

    instrument_id: int
    interval: BarInterval
    start_s: int
    open: str
    high: str
    low: str
    close: str
    volume: str
    trades: int


def add_to_bars(bars: Sequence[BarChange]) -> list[StoredBar]:
    """Add prints, already gathered into ``bars``, to what is stored. They are later than all that is stored.

    Not idempotent: call it in the transaction that remembers which prints were added. Returns the bars as they are now.
    """
    return [StoredBar(*row) for row in _write_bars(bars, _BARS + _LATER + _STORED)]


def add_history(bars: Sequence[BarChange]) -> None:
    """Put ``bars`` before what is stored: a bar that is there already keeps its close and gets an earlier open."""
    _write_bars(bars, _BARS + _EARLIER)


def _write_bars(bars: Sequence[BarChange], statement: str) -> list[tuple[Any, ...]]:
    """Write ``bars`` and return what the statement returns."""
    rows: list[tuple[Any, ...]] = []
    # One order of locking for every writer.
    ordered = sorted(bars, key=lambda bar: (bar.instrument_id, bar.interval, bar.start_s))
    for first in range(0, len(ordered), _ROWS_A_STATEMENT):
        part = ordered[first : first + _ROWS_A_STATEMENT]
        with connection.cursor() as cursor:
            cursor.execute(
                statement,
                [
                    [bar.instrument_id for bar in part],
                    [bar.interval for bar in part],
                    [bar.start_s for bar in part],
                    *(_array(getattr(bar, name) for bar in part) for name in ("open", "high", "low", "close", "volume")),
                    [bar.trades for bar in part],
                ],
            )
            rows += cursor.fetchall() if cursor.description else ()
    return rows


def _array(values: Iterable[Decimal | None]) -> str:
    """A Postgres array literal: a tenth of the cost of a list of Decimals."""
    return "{" + ",".join("NULL" if value is None else format(value, "f") for value in values) + "}"


_LATEST = """
INSERT INTO marketdata_latestprice AS stored
  (instrument_id, source, epoch, sequence, bid, ask, bid_quantity, ask_quantity, quoted_at, last, last_at)
SELECT * FROM unnest(%s::int[], %s::text[], %s::bigint[], %s::bigint[], %s::numeric[], %s::numeric[], %s::numeric[],
  %s::numeric[], %s::timestamptz[], %s::numeric[], %s::timestamptz[])
ON CONFLICT (instrument_id) DO
"""
_LATEST_NEWER = """UPDATE SET
  source = EXCLUDED.source, epoch = EXCLUDED.epoch, sequence = EXCLUDED.sequence, bid = EXCLUDED.bid, ask = EXCLUDED.ask,
  bid_quantity = EXCLUDED.bid_quantity, ask_quantity = EXCLUDED.ask_quantity, quoted_at = EXCLUDED.quoted_at,
  last = coalesce(EXCLUDED.last, stored.last), last_at = coalesce(EXCLUDED.last_at, stored.last_at)
WHERE CASE WHEN stored.source = EXCLUDED.source THEN (stored.epoch, stored.sequence) <= (EXCLUDED.epoch, EXCLUDED.sequence)
  ELSE stored.epoch = 0 OR EXCLUDED.quoted_at > stored.quoted_at + interval '3 seconds' END
"""


def store_newest(prices: Sequence[NewestPrice]) -> None:
    """Move the newest prices forward; one that is older than what is stored changes nothing (``precedence`` has the rule).

    The epoch 0 is that of an invented price, which any source may follow.
    """
    _write_newest(prices, _LATEST + _LATEST_NEWER)


_LATEST_OF_SOURCE = """
INSERT INTO marketdata_latestprice AS stored
  (instrument_id, source, epoch, sequence, bid, ask, bid_quantity, ask_quantity, quoted_at, last, last_at)
SELECT instrument.id, %s, told.epoch, told.sequence, told.bid, told.ask, told.bid_quantity, told.ask_quantity, told.at, NULL, NULL
FROM unnest(%s::text[], %s::bigint[], %s::bigint[], %s::numeric[], %s::numeric[], %s::numeric[], %s::numeric[], %s::timestamptz[])
  AS told (symbol, epoch, sequence, bid, ask, bid_quantity, ask_quantity, at)
JOIN instruments_instrument AS instrument ON instrument.symbol = told.symbol
ORDER BY instrument.id
ON CONFLICT (instrument_id) DO
"""


def store_newest_of_source(database: Connection, source: str, quotes: Sequence[tuple[int, QuoteTick]]) -> None:
    """As :func:`store_newest`, for a feed's own quotes, each with its epoch: at most one of ``quotes`` a symbol."""
    ticks = [tick for _, tick in quotes]
    numbers = [[getattr(tick, name) for tick in ticks] for name in ("bid", "ask", "bid_quantity", "ask_quantity")]
    places = [[epoch for epoch, _ in quotes], [tick.sequence for tick in ticks]]
    moments = [instant(tick.at_ns) for tick in ticks]
    database.execute(_LATEST_OF_SOURCE + _LATEST_NEWER, [source, [tick.symbol for tick in ticks], *places, *numbers, moments])


def store_first(prices: Sequence[NewestPrice]) -> None:
    """Give a price to instruments that never had one."""
    _write_newest(prices, _LATEST + "NOTHING")


def _write_newest(prices: Sequence[NewestPrice], statement: str) -> None:
    if not prices:
        return
    ordered = sorted(prices, key=lambda price: price.instrument_id)
    with connection.cursor() as cursor:
        cursor.execute(
            statement,
            [
                *_quote_columns(ordered),
                [instant(price.quoted_at_ns) for price in ordered],
                _array(price.last for price in ordered),
                [None if price.last_at_ns is None else instant(price.last_at_ns) for price in ordered],
            ],
        )


def _quote_columns(prices: Sequence[NewestPrice]) -> list[list[Any] | str]:
    return [
        [price.instrument_id for price in prices],
        [price.source for price in prices],
        [price.epoch for price in prices],
        [price.sequence for price in prices],
        *(_array(getattr(price, name) for price in prices) for name in ("bid", "ask", "bid_quantity", "ask_quantity")),
    ]


def seed_history(instrument: DemoInstrument, instrument_id: int, grid: Grid, *, now_ns: int, seed: int) -> bool:
    """Give a demo instrument its invented past and its first price, unless it has a past. Returns whether it was given one."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            # Adding a past twice would double its volumes: one seeding at a time.
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('marketdata seed_history'))")
        if has_history(instrument_id):
            return False
        add_history(make_history(instrument, instrument_id, grid, now_s=now_ns // 1_000_000_000, seed=seed))
        start = grid.ticks(Decimal(instrument.start_price))
        bid = start - (instrument.spread_ticks + 1) // 2
        size = grid.quantity(instrument.size_lots)
        store_first(
            [
                NewestPrice(
                    instrument_id, "seed", 0, 0, grid.price(bid), grid.price(bid + instrument.spread_ticks), size, size,
                    now_ns, grid.price(start), now_ns,
                )
            ]
        )  # fmt: skip
    return True


_FRAMES = """
INSERT INTO marketdata_quoteframe AS stored
  (instrument_id, source, epoch, sequence, bid, ask, bid_quantity, ask_quantity, second)
SELECT * FROM unnest(%s::int[], %s::text[], %s::bigint[], %s::bigint[], %s::numeric[], %s::numeric[], %s::numeric[],
  %s::numeric[], %s::timestamptz[])
ON CONFLICT (instrument_id, second) DO UPDATE SET
  source = EXCLUDED.source, epoch = EXCLUDED.epoch, sequence = EXCLUDED.sequence, bid = EXCLUDED.bid, ask = EXCLUDED.ask,
  bid_quantity = EXCLUDED.bid_quantity, ask_quantity = EXCLUDED.ask_quantity
WHERE (stored.epoch, stored.sequence) < (EXCLUDED.epoch, EXCLUDED.sequence)
"""


def store_frames(quotes: Sequence[NewestPrice]) -> None:
    """Keep each quote as the last one of its second: at most one of ``quotes`` an instrument and second."""
    ordered = sorted(quotes, key=lambda quote: (quote.instrument_id, quote.quoted_at_ns))
    for first in range(0, len(ordered), _ROWS_A_STATEMENT):
        part = ordered[first : first + _ROWS_A_STATEMENT]
        seconds = [instant(quote.quoted_at_ns // 1_000_000_000 * 1_000_000_000) for quote in part]
        with connection.cursor() as cursor:
            cursor.execute(_FRAMES, [*_quote_columns(part), seconds])


_SWEEP_BARS = """
DELETE FROM marketdata_bar WHERE ctid = ANY (ARRAY (
  SELECT ctid FROM marketdata_bar WHERE instrument_id = ANY (%s) AND interval = '1s' AND start < %s LIMIT %s
))
"""


class Retention:
    """Removes what is kept for a time only, a bounded chunk a call, so that nothing waits long for it."""

    CHUNK = 5_000
    SECOND_BARS_NS = SECOND_BARS_KEPT_S * 1_000_000_000

    def sweep(self, instrument_ids: Sequence[int], now_ns: int) -> bool:
        """Remove one chunk of one-second bars older than a day; True when none is left.

        The ids are asked for because the key begins with them: without, every call would read the whole table. Here and not in
        the nightly job, so that there is never more than a day and an hour of them.
        """
        with connection.cursor() as cursor:
            cursor.execute(_SWEEP_BARS, [list(instrument_ids), instant(now_ns - self.SECOND_BARS_NS), self.CHUNK])
            return int(cursor.rowcount) < self.CHUNK

"""What the gate kept back, on its way to the table that the staff look at: a bounded queue, emptied once a second.

A source gone mad sends thousands of such ticks a second. All are counted; of each second at most ``BATCH`` are kept, the first,
because they show how it began.
"""

import logging
from collections import deque

from apps.core.clock import instant
from apps.core.numbers import from_units
from apps.eventlog.database import Connection
from apps.eventlog.schemas.marketdata import QuoteTick
from apps.marketdata.feeds.gate import Quarantined

#: Rows a second and source.
BATCH = 100
#: Rows in all; older ones go.
ROWS_MAX = 10_000
_TEXT_MAX = 40
_WHOLE_MAX = 2**63 - 1
#: Instants that Postgres and Python both can write.
_AT_NS_MAX = 4_000_000_000 * 1_000_000_000

log = logging.getLogger(__name__)

_KEEP = """
INSERT INTO marketdata_quarantinedtick
  (seen_at, source, symbol, kind, reason, sequence, made_at, bid, ask, bid_quantity, ask_quantity, price, quantity, reference)
VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
"""
_FORGET = "DELETE FROM marketdata_quarantinedtick WHERE id <= (SELECT max(id) FROM marketdata_quarantinedtick) - %s"


class Keeping:
    """``add`` is called by the feed's thread, ``store`` by the lease's."""

    def __init__(self, source: str) -> None:
        self._source = source
        self._waiting: deque[Quarantined] = deque()

    def add(self, kept: Quarantined) -> None:
        if len(self._waiting) < BATCH:
            self._waiting.append(kept)

    def store(self, database: Connection) -> None:
        """Write what waits, and forget what is too old."""
        rows = [self._row(self._waiting[number]) for number in range(len(self._waiting))]
        if not rows:
            return
        with database.transaction(), database.cursor() as cursor:
            cursor.executemany(_KEEP, rows)
            cursor.execute(_FORGET, [ROWS_MAX])
        for _ in rows:
            self._waiting.popleft()

    def _row(self, kept: Quarantined) -> list[object]:
        tick = kept.tick
        is_quote = isinstance(tick, QuoteTick)
        numbers = (
            [tick.bid, tick.ask, tick.bid_quantity, tick.ask_quantity, "", ""]
            if isinstance(tick, QuoteTick)
            else ["", "", "", "", tick.price, tick.quantity]
        )
        return [
            instant(kept.seen_ns), self._source, _text(tick.symbol, 32), "quote" if is_quote else "trade", kept.reason.value,
            max(0, min(tick.sequence, _WHOLE_MAX)), instant(tick.at_ns) if 0 < tick.at_ns < _AT_NS_MAX else None,
            *(_text(number) for number in numbers), from_units(kept.reference) if kept.reference else None,
        ]  # fmt: skip


def _text(value: str, most: int = _TEXT_MAX) -> str:
    """Printable and short, whatever a source sent."""
    return ascii(value)[1:-1][:most]

"""Recorded markets, played again: at the pace at which they were recorded, faster, or as fast as the log takes them.

The time of a tick is when it is due now, because everybody who reads it asks how old it is; between two ticks there is what was
between them then. A machine that falls behind shifts what follows rather than crowd it together.
"""

import heapq
import logging
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from threading import Event
from typing import Any

from apps.core.clock import process_clock
from apps.core.numbers import shown
from apps.core.units import Grid
from apps.eventlog.schemas.marketdata import QuoteTick, TradeTick
from apps.marketdata.feeds.columns import ColumnMap, map_columns
from apps.marketdata.feeds.instruments import InstrumentWatch
from apps.marketdata.feeds.outside import quote_tick, read_number, read_time, trade_tick
from apps.marketdata.feeds.publisher import CALL_S, Publisher
from apps.marketdata.feeds.recording import Recording, RecordingError, Row
from apps.observability import metrics

log = logging.getLogger(__name__)

SOURCE = "replay"
SPEED_MAX = 1_000_000
#: Bad rows that are named one by one; all are counted.
NAMED_MAX = 20
UNKNOWN_MAX = 1_000
_BATCH = 500
_BEHIND_S = 1.0
_PROGRESS_S = 5.0
_READY_S = 30.0
_DRAIN_S = 30.0


@dataclass(frozen=True, slots=True)
class Symbols:
    """Which instrument a row is of. ``all_are``: every row; otherwise by ``names``, or by its own symbol with ``-`` for ``/``."""

    all_are: str = ""
    names: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, text: str) -> "Symbols":
        """Read ``BTC-USD``, or ``BTC/USDT=BTC-USD,…``; raises ValueError."""
        pairs = [part.split("=") for part in text.split(",") if part]
        if len(pairs) == 1 and len(pairs[0]) == 1:
            return cls(all_are=pairs[0][0])
        if any(len(pair) != 2 or not all(pair) for pair in pairs):
            raise ValueError(f"symbols must be one symbol, or THEIRS=OURS,…, was {shown(text)}")
        return cls(names=dict(pairs))

    def ours(self, theirs: object) -> str:
        if self.all_are:
            return self.all_are
        return self.names.get(str(theirs)) or str(theirs).replace("/", "-").upper()[:32]


@dataclass(slots=True)
class Counts:
    rows: int = 0
    bad: int = 0
    unknown: Counter[str] = field(default_factory=Counter)
    shifted: int = 0


Played = tuple[int, int, QuoteTick | TradeTick]


class ReplayFeed:
    """Plays ``recordings``, merged by time, ``speed`` times as fast as they were made; 0 is as fast as the log takes them.

    ``bad_max`` rows that cannot be read are left out; one more ends the replay with :class:`RecordingError`.
    """

    def __init__(
        self,
        publisher: Publisher,
        watch: InstrumentWatch,
        recordings: Sequence[Recording],
        *,
        speed: float,
        columns: Mapping[str, str],
        symbols: Symbols,
        bad_max: int,
        loop: bool = False,
    ) -> None:
        self._publisher = publisher
        self._clock = process_clock()
        self._watch = watch
        self._recordings = [(each, map_columns(each.header, each.first, columns)) for each in recordings]
        self._speed = speed
        self._symbols = symbols
        self._bad_max = bad_max
        self._loop = loop
        self._grids: Mapping[str, Grid] = {}
        self.counts = Counts()
        self._last_price: dict[str, int] = {}
        self._said_s = 0.0
        self._done = 0

    def run(self, stopping: Event) -> None:
        found = self._watch.wait(stopping)
        if found is None:
            return
        self._grids = found.grids
        if self._symbols.all_are and self._symbols.all_are not in found.grids:
            raise RecordingError(f"there is no instrument {shown(self._symbols.all_are)} to play it as")
        self._publisher.gate.know(found.grids)
        self._publisher.gate.seed(found.recent, self._clock.now_ns())
        self._wait_for_log(stopping)
        while not stopping.is_set():
            self._publisher.begin_epoch(found.epoch + 1)
            before = self._publisher.published
            self._play(stopping)
            if not self._loop or self._publisher.published == before:
                break  # nothing of it can be published: it would go round for ever
        self._say("stopped" if stopping.is_set() else "ended")
        if self._publisher.published and not self._publisher.drain(_DRAIN_S):
            log.warning("the event log has not taken all of the replay")

    # --- Pace -----------------------------------------------------------------------------------------------------------

    def _play(self, stopping: Event) -> None:
        merged = heapq.merge(*(self._ticks(each, columns) for each, columns in self._recordings), key=lambda played: played[0])
        if self._speed:
            self._paced(merged, stopping)
        else:
            self._unpaced(merged, stopping)

    def _paced(self, merged: Iterator[Played], stopping: Event) -> None:
        began_ns, first_ns, latest_ns = self._clock.now_ns(), 0, 0
        due: list[QuoteTick | TradeTick] = []
        for at_ns, _, tick in merged:
            first_ns = first_ns or at_ns
            latest_ns = max(latest_ns, at_ns)  # a row that is older than the one before comes right after it
            due_ns = began_ns + int((latest_ns - first_ns) / self._speed)
            if (now_ns := self._clock.now_ns()) - due_ns > _BEHIND_S * 1e9:
                self.counts.shifted += 1
                began_ns += now_ns - due_ns
                due_ns = now_ns
            if due and (due_ns > now_ns or len(due) >= _BATCH):
                self._publish(due)
                due = []
            self._wait_until(due_ns, stopping)
            if stopping.is_set():
                return
            due.append(_at(tick, due_ns))
        self._publish(due)

    def _wait_until(self, due_ns: int, stopping: Event) -> None:
        while (left_s := (due_ns - self._clock.now_ns()) / 1e9) > 0 and not stopping.is_set():
            if left_s > 0.001:
                stopping.wait(min(left_s, CALL_S))
                self._publish([])

    def _unpaced(self, merged: Iterator[Played], stopping: Event) -> None:
        batch: list[QuoteTick | TradeTick] = []
        for _, _, tick in merged:
            batch.append(_at(tick, self._clock.now_ns()))
            if len(batch) >= _BATCH:
                self._publish(batch)
                batch = []
                while not stopping.is_set() and not self._publisher.drain(1.0):
                    self._publish([])
            if stopping.is_set():
                return
        self._publish(batch)

    def _publish(self, ticks: list[QuoteTick | TradeTick]) -> None:
        now_s = time.monotonic()
        quotes = [tick for tick in ticks if isinstance(tick, QuoteTick)]
        trades = [tick for tick in ticks if isinstance(tick, TradeTick)]
        self._publisher.publish(quotes, trades, now_s)
        if now_s - self._said_s >= _PROGRESS_S:
            if self._said_s:
                self._say("plays")
            self._said_s = now_s

    def _wait_for_log(self, stopping: Event) -> None:
        """What is published before the log is there is lost to it; and a recording can wait."""
        deadline_s = time.monotonic() + _READY_S
        while not self._publisher.has_log and time.monotonic() < deadline_s and not stopping.is_set():
            self._publisher.publish([], [], time.monotonic())
            stopping.wait(0.05)

    # --- Rows -------------------------------------------------------------------------------------------------------------

    def _ticks(self, recording: Recording, columns: ColumnMap) -> Iterator[Played]:
        """(instant, line, tick) of each row that is one."""
        for row in recording.rows():
            self.counts.rows += 1
            self._done = row.done
            try:
                if row.error:
                    raise ValueError(row.error)
                symbol = self._symbols.ours(columns.get(row.cells, "symbol"))
                grid = self._grids.get(symbol)
                if grid is None:
                    self._count_unknown(symbol)
                    continue
                at_ns = read_time(columns.get(row.cells, "time"))
                yield at_ns, row.line, self._tick(columns, row, symbol, grid, at_ns)
            except IndexError:
                self._count_bad(recording, row, f"it has {len(row.cells)} cells")
            except ValueError as error:
                self._count_bad(recording, row, str(error))

    def _tick(self, columns: ColumnMap, row: Row, symbol: str, grid: Grid, at_ns: int) -> QuoteTick | TradeTick:
        sequence = columns.get(row.cells, "sequence")
        number = 0 if sequence is None else read_number(sequence, "sequence") // 10**8

        def units(role: str) -> int:
            return read_number(columns.get(row.cells, role), role)

        def units_or_none(role: str) -> int | None:
            value = columns.get(row.cells, role)
            return None if value is None else read_number(value, role)

        if columns.is_quotes:
            prices, quantities = (units("bid"), units("ask")), (units_or_none("bid_quantity"), units_or_none("ask_quantity"))
            return quote_tick(grid, symbol, number, at_ns, prices, quantities)
        price = units("price")
        side = columns.side(row.cells, falling=price < self._last_price.get(symbol, 0))
        self._last_price[symbol] = price
        return trade_tick(grid, symbol, number, at_ns, price, units_or_none("quantity"), side)

    def _count_bad(self, recording: Recording, row: Row, why: str) -> None:
        self.counts.bad += 1
        metrics.FEED_ROWS_BAD.labels(self._publisher.source).inc()
        if self.counts.bad <= NAMED_MAX:
            log.warning("%s, line %d is left out: %s", recording.path.name, row.line, why)
        if self.counts.bad > self._bad_max:
            raise RecordingError(
                f"{recording.path}, line {row.line}: {why}; more than {self._bad_max} rows cannot be read, so the columns may be"
                " others than they seem"
            )

    def _count_unknown(self, symbol: str) -> None:
        if symbol not in self.counts.unknown and len(self.counts.unknown) < UNKNOWN_MAX:
            log.warning("%s is no instrument here: its rows are left out (--symbol THEIRS=OURS)", shown(symbol))
            self.counts.unknown[symbol] = 0
        if symbol in self.counts.unknown:
            self.counts.unknown[symbol] += 1
        metrics.FEED_SKIPPED.labels(self._publisher.source, "unknown").inc()

    def _say(self, what: str) -> None:
        counts = self.counts
        done = f" ({self._done / 10:.0f} % of the file)" if self._done else ""
        log.info(
            "replay %s: %d rows%s, %d published, %d in quarantine, %d left out as bad, %d of no instrument, shifted %d times",
            what, counts.rows, done, self._publisher.published,
            self._publisher.quarantined, counts.bad, sum(counts.unknown.values()), counts.shifted,
        )  # fmt: skip


def _at(tick: Any, at_ns: int) -> Any:
    if isinstance(tick, QuoteTick):
        return QuoteTick(tick.symbol, tick.sequence, at_ns, tick.bid, tick.ask, tick.bid_quantity, tick.ask_quantity)
    return TradeTick(tick.symbol, tick.sequence, at_ns, tick.price, tick.quantity, tick.aggressor_side)

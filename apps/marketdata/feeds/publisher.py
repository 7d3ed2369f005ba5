"""From ticks to their two readers: the engine, which trades on quotes, and the event log, which remembers everything.

All that a source says passes the gate first. Neither reader may hold up the other, and neither may stop the feed: what cannot be
sent now is dropped and counted, because the next quote replaces it. While the log takes nothing the screens are told directly.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Protocol, TypeVar

import msgspec

from apps.commands.quotelink import QuoteLink
from apps.core.clock import Clock, process_clock
from apps.eventlog.schemas.marketdata import QuoteTick, QuoteTicks, TradeTick, TradeTicks
from apps.eventlog.topics import partition_of
from apps.marketdata.feeds.direct import DirectPath
from apps.marketdata.feeds.gate import Figures, Gate, Quarantined
from apps.marketdata.logline import LogLine
from apps.observability import metrics

Tick = TypeVar("Tick", QuoteTick, TradeTick)

QUOTES = "marketdata.quotes"
TRADES = "marketdata.trades"
TOPICS = (QUOTES, TRADES)
#: A feed calls at least this often, with ticks or with none: what the gate holds back is released in time.
CALL_S = 0.1

_encode = msgspec.json.Encoder().encode


class Holding(Protocol):
    """The right to publish as one source."""

    def may_publish(self, now_s: float) -> bool:
        """Asked before every publication, so it waits for nobody. ``now_s`` from a monotonic clock."""


class Publisher:
    """Sends the ticks of one source. One record per partition and call holds the ticks of all its symbols.

    ``quarantine`` is told what the gate keeps back.
    """

    def __init__(
        self,
        source: str,
        log: LogLine,
        engine: QuoteLink,
        *,
        holding: Holding | None = None,
        epoch: int = 0,
        quarantine: Callable[[Quarantined], None] | None = None,
        direct: DirectPath | None = None,
        clock: Clock | None = None,
    ) -> None:
        self.source = source
        self._log = log
        self._engine = engine
        self._holding = holding
        self._direct = direct
        self._clock = clock or process_clock()
        self._keep = quarantine
        self._partitions: dict[str, int] = {}
        self.gate = Gate(epoch or self._clock.now_ns(), self._put_away)
        self.published = self.quarantined = 0
        self._told = Figures()
        self._counters = {
            "quote": metrics.FEED_TICKS.labels(source, "quote"),
            "trade": metrics.FEED_TICKS.labels(source, "trade"),
            "eventlog": metrics.FEED_DROPPED.labels(source, "eventlog"),
            "engine": metrics.FEED_DROPPED.labels(source, "engine"),
        }
        self._seconds = metrics.FEED_PUBLISH_SECONDS.labels(source)
        self._lag = metrics.FEED_LAG_SECONDS.labels(source)

    def begin_epoch(self, at_least: int = 0) -> int:
        """The source counts anew. Returns the epoch, which is above all before and, for a clock that went back, ``at_least``."""
        self.gate.begin_epoch(max(self._clock.now_ns(), at_least))
        return self.gate.epoch

    def publish(self, quotes: Sequence[QuoteTick], trades: Sequence[TradeTick], made_s: float, *, whole: bool = False) -> None:
        """Send quotes, to the engine first, then prints. ``made_s`` is when the oldest of them was made, monotonic.

        ``whole`` says that the quotes are snapshots, which end a gap. Call it every ``CALL_S`` at least, with nothing if there
        is nothing.
        """
        if self._holding is not None and not self._holding.may_publish(time.monotonic()):
            metrics.FEED_SKIPPED.labels(self.source, "asleep").inc(len(quotes) + len(trades))
            return
        now_ns = self._clock.now_ns()
        self._send_quotes(self.gate.snapshot(quotes, now_ns) if whole else self.gate.quotes(quotes, now_ns), now_ns)
        for epoch, prints in self.gate.trades(trades, now_ns) if trades else ():
            self._send_trades(epoch, prints)
        self._send_quotes(self.gate.overdue(now_ns), now_ns)
        now_s = time.monotonic()
        if quotes or trades:
            self._seconds.observe(now_s - made_s)
        self._tell()
        self._log.check(now_s)
        if self._direct is not None:
            self._direct.look(now_s)

    @property
    def has_log(self) -> bool:
        """Whether the event log has been reached: what is published before is dropped for it."""
        return self._log.is_connected

    def drain(self, timeout_s: float) -> bool:
        """Wait until the log has all that was published, for a source that can wait; False when it has not in that time."""
        return self._log.drain(timeout_s)

    def close(self) -> None:
        if self._direct is not None:
            self._direct.close()
        self._log.close()
        self._engine.close()

    # --- Out ------------------------------------------------------------------------------------------------------------

    def _send_quotes(self, groups: list[tuple[int, list[QuoteTick]]], now_ns: int) -> None:
        for epoch, admitted in groups:
            self._lag.observe(max(0, now_ns - admitted[0].at_ns) / 1e9)
            for partition, ticks in self._by_partition(admitted):
                message = QuoteTicks(self.source, epoch, ticks)
                encoded = _encode(message)
                if not self._engine.send(encoded):
                    self._counters["engine"].inc(len(ticks))
                self._to_log(QUOTES, encoded, partition, ticks[0].symbol, len(ticks), "quote")
                if self._direct is not None:
                    self._direct.put(message)

    def _send_trades(self, epoch: int, admitted: list[TradeTick]) -> None:
        for partition, prints in self._by_partition(admitted):
            message = TradeTicks(self.source, epoch, prints)
            self._to_log(TRADES, _encode(message), partition, prints[0].symbol, len(prints), "trade")
            if self._direct is not None:
                self._direct.put(message)

    def _to_log(self, topic: str, encoded: bytes, partition: int, key: str, count: int, kind: str) -> None:
        self.published += count
        if self._log.send(topic, key, encoded, partition):
            self._counters[kind].inc(count)
        else:
            self._counters["eventlog"].inc(count)

    def _by_partition(self, ticks: Sequence[Tick]) -> list[tuple[int, list[Tick]]]:
        grouped: dict[int, list[Tick]] = {}
        for tick in ticks:
            partition = self._partitions.get(tick.symbol)
            if partition is None:
                # Quotes and prints have the same number of partitions: one look-up serves both.
                partition = self._partitions[tick.symbol] = partition_of(tick.symbol, QUOTES)
            grouped.setdefault(partition, []).append(tick)
        return list(grouped.items())

    # --- What is told of the gate -----------------------------------------------------------------------------------------

    def _put_away(self, kept: Quarantined) -> None:
        self.quarantined += 1
        metrics.FEED_QUARANTINED.labels(self.source, kept.reason.value).inc()
        if self._keep is not None:
            self._keep(kept)

    def _tell(self) -> None:
        """Count what the gate did since the last call."""
        metrics.FEED_FLAGGED.labels(self.source).set(self.gate.flagged)
        now, told = self.gate.figures, self._told
        if now == told:
            return
        metrics.FEED_SKIPPED.labels(self.source, "old").inc(now.old - told.old)
        metrics.FEED_SKIPPED.labels(self.source, "late").inc(now.late - told.late)
        metrics.FEED_SKIPPED.labels(self.source, "unknown").inc(now.unknown - told.unknown)
        metrics.FEED_GAPS.labels(self.source).inc(now.gaps - told.gaps)
        metrics.FEED_MISSED.labels(self.source).inc(now.missed - told.missed)
        metrics.FEED_RESNAPSHOTS.labels(self.source).inc(now.resnapshots - told.resnapshots)
        metrics.FEED_RESETS.labels(self.source).inc(now.resets - told.resets)
        self._told = replace(now)

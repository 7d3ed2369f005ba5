"""From ticks to their two readers: the engine, which trades on quotes, and the event log, which remembers everything.

Neither may hold up the other, and neither may stop the feed: what cannot be sent now is dropped and counted, because the next
quote replaces it.
"""

import time
from collections.abc import Sequence
from typing import TypeVar

import msgspec

from apps.commands.quotelink import QuoteLink
from apps.eventlog.schemas.marketdata import QuoteTick, QuoteTicks, TradeTick, TradeTicks
from apps.eventlog.topics import partition_of
from apps.marketdata.logline import LogLine
from apps.observability import metrics

Tick = TypeVar("Tick", QuoteTick, TradeTick)

QUOTES = "marketdata.quotes"
TRADES = "marketdata.trades"

_encode = msgspec.json.Encoder().encode


class Publisher:
    """Sends the ticks of one source. One record per partition and call holds the ticks of all its symbols."""

    def __init__(self, source: str, log: LogLine, engine: QuoteLink) -> None:
        self._source = source
        self._log = log
        self._engine = engine
        self._partitions: dict[str, int] = {}
        self._counters = {
            "quote": metrics.FEED_TICKS.labels(source, "quote"),
            "trade": metrics.FEED_TICKS.labels(source, "trade"),
            "eventlog": metrics.FEED_DROPPED.labels(source, "eventlog"),
            "engine": metrics.FEED_DROPPED.labels(source, "engine"),
        }
        self._seconds = metrics.FEED_PUBLISH_SECONDS.labels(source)

    def publish(self, epoch: int, quotes: Sequence[QuoteTick], trades: Sequence[TradeTick], made_s: float) -> None:
        """Send quotes, to the engine first, then prints. ``made_s`` is when the oldest of them was made, monotonic."""
        for partition, ticks in self._by_partition(quotes):
            encoded = _encode(QuoteTicks(self._source, epoch, ticks))
            if not self._engine.send(encoded):
                self._counters["engine"].inc(len(ticks))
            self._to_log(QUOTES, encoded, partition, ticks[0].symbol, len(ticks), "quote")
        for partition, prints in self._by_partition(trades):
            encoded = _encode(TradeTicks(self._source, epoch, prints))
            self._to_log(TRADES, encoded, partition, prints[0].symbol, len(prints), "trade")
        now_s = time.monotonic()
        if quotes or trades:
            self._seconds.observe(now_s - made_s)
        self._log.check(now_s)

    def close(self) -> None:
        self._log.close()
        self._engine.close()

    def _to_log(self, topic: str, encoded: bytes, partition: int, key: str, count: int, kind: str) -> None:
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

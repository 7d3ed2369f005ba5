"""From ticks to their two readers: the engine, which trades on quotes, and Kafka, which remembers everything.

Neither may hold up the other, and neither may stop the feed: what cannot be sent now is dropped and counted, because the next
quote replaces it.
"""

import logging
import threading
import time
from collections.abc import Sequence
from typing import TypeVar

import msgspec

from apps.commands.quotelink import QuoteLink
from apps.eventlog.producer import KafkaLogProducer, Producer, PublishError, UnacknowledgedError
from apps.eventlog.schemas.marketdata import QuoteTick, QuoteTicks, TradeTick, TradeTicks
from apps.eventlog.topics import partition_of
from apps.observability import metrics

Tick = TypeVar("Tick", QuoteTick, TradeTick)

log = logging.getLogger(__name__)

QUOTES = "marketdata.quotes"
TRADES = "marketdata.trades"

_PAUSE_S_MIN, _PAUSE_S_MAX = 0.2, 5.0
_FAILING_S_MAX = 15.0
_CHECK_S = 1.0

_encode = msgspec.json.Encoder().encode


class KafkaLine:
    """A producer that is there or not. Connecting blocks for seconds, so a thread of its own does it."""

    def __init__(self, client_id: str) -> None:
        self._client_id = client_id
        self._producer: Producer | None = None
        self._closing = threading.Event()
        self._connecting = threading.Thread(target=self._connect, name="kafka-connect", daemon=True)
        self._connecting.start()
        self._failing_since_s: float | None = None
        self._checked_s = 0.0

    @property
    def is_connected(self) -> bool:
        return self._producer is not None

    def send(self, topic: str, key: str, value: bytes, partition: int) -> bool:
        """Hand over one message; False when it was dropped."""
        producer = self._producer
        if producer is None:
            return False
        try:
            producer.send(topic, key, value, partition)
        except PublishError:
            return False
        return True

    def check(self, now_s: float) -> None:
        """Call often. A producer none of whose messages has arrived for a while is replaced by a new one."""
        producer = self._producer
        if producer is None or now_s - self._checked_s < _CHECK_S:
            return
        self._checked_s = now_s
        try:
            producer.flush(0.001)
        except UnacknowledgedError:
            return  # some are under way, as always
        except PublishError as error:
            if self._failing_since_s is None:
                self._failing_since_s = now_s
                log.warning("kafka does not take ticks: %s", error)
            elif now_s - self._failing_since_s > _FAILING_S_MAX:
                self._replace(producer)
            return
        if self._failing_since_s is not None:
            log.info("kafka takes ticks again")
        self._failing_since_s = None

    def close(self) -> None:
        self._closing.set()
        self._connecting.join(timeout=5)
        if self._producer is not None:
            self._producer.close()

    def _replace(self, producer: Producer) -> None:
        log.warning("kafka took no tick for %.0f s: connecting anew", _FAILING_S_MAX)
        self._producer = None
        self._failing_since_s = None
        self._connecting = threading.Thread(target=self._connect, args=[producer], name="kafka-connect", daemon=True)
        self._connecting.start()

    def _connect(self, old: Producer | None = None) -> None:
        if old is not None:
            old.close()
        pause_s = _PAUSE_S_MIN
        while not self._closing.is_set():
            try:
                self._producer = KafkaLogProducer(self._client_id, linger_ms=0)
                return
            except PublishError as error:
                log.warning("kafka is away, next attempt in %.1f s: %s", pause_s, error)
            self._closing.wait(pause_s)
            pause_s = min(pause_s * 2, _PAUSE_S_MAX)


class Publisher:
    """Sends the ticks of one source. One record per partition and call holds the ticks of all its symbols."""

    def __init__(self, source: str, kafka: KafkaLine, engine: QuoteLink) -> None:
        self._source = source
        self._kafka = kafka
        self._engine = engine
        self._partitions: dict[str, int] = {}
        self._counters = {
            "quote": metrics.FEED_TICKS.labels(source, "quote"),
            "trade": metrics.FEED_TICKS.labels(source, "trade"),
            "kafka": metrics.FEED_DROPPED.labels(source, "kafka"),
            "engine": metrics.FEED_DROPPED.labels(source, "engine"),
        }
        self._seconds = metrics.FEED_PUBLISH_SECONDS.labels(source)

    def publish(self, epoch: int, quotes: Sequence[QuoteTick], trades: Sequence[TradeTick], made_s: float) -> None:
        """Send quotes, to the engine first, then prints. ``made_s`` is when the oldest of them was made, monotonic."""
        for partition, ticks in self._by_partition(quotes):
            encoded = _encode(QuoteTicks(self._source, epoch, ticks))
            if not self._engine.send(encoded):
                self._counters["engine"].inc(len(ticks))
            self._to_kafka(QUOTES, encoded, partition, ticks[0].symbol, len(ticks), "quote")
        for partition, prints in self._by_partition(trades):
            encoded = _encode(TradeTicks(self._source, epoch, prints))
            self._to_kafka(TRADES, encoded, partition, prints[0].symbol, len(prints), "trade")
        now_s = time.monotonic()
        if quotes or trades:
            self._seconds.observe(now_s - made_s)
        self._kafka.check(now_s)

    def close(self) -> None:
        self._kafka.close()
        self._engine.close()

    def _to_kafka(self, topic: str, encoded: bytes, partition: int, key: str, count: int, kind: str) -> None:
        if self._kafka.send(topic, key, encoded, partition):
            self._counters[kind].inc(count)
        else:
            self._counters["kafka"].inc(count)

    def _by_partition(self, ticks: Sequence[Tick]) -> list[tuple[int, list[Tick]]]:
        grouped: dict[int, list[Tick]] = {}
        for tick in ticks:
            partition = self._partitions.get(tick.symbol)
            if partition is None:
                # Quotes and prints have the same number of partitions: one look-up serves both.
                partition = self._partitions[tick.symbol] = partition_of(tick.symbol, QUOTES)
            grouped.setdefault(partition, []).append(tick)
        return list(grouped.items())

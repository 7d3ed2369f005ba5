"""Writing to the log: a port of three methods, and Kafka behind it.

Only processes of their own write (relay, feeds, market data): a client whose threads can stall has no place in a web request.
"""

import logging
import threading
from collections.abc import Callable
from functools import cache
from typing import Protocol

from django.conf import settings
from kafka import KafkaProducer
from kafka.errors import KafkaError, MessageSizeTooLargeError

from apps.core.checks import check
from apps.eventlog.topics import full_name, partition_of
from apps.observability import metrics

log = logging.getLogger(__name__)

#: A message that Kafka has not acknowledged after this long has failed.
DELIVERY_TIMEOUT_MS = 10_000
MESSAGE_BYTES_MAX = 1_000_000
#: What may wait for the broker at once; beyond it a sender is told, rather than the memory filled.
BUFFER_BYTES_MAX = 32 * 1024 * 1024
_BACKOFF_MAX_S = 5.0

Headers = list[tuple[str, bytes]]


class PublishError(RuntimeError):
    """Kafka did not acknowledge what was sent. Whoever must not lose it sends it again."""


class RefusedMessageError(PublishError):
    """The message is larger than the log takes. Sending it again changes nothing."""


class UnacknowledgedError(PublishError):
    """Not yet acknowledged, nor failed: flush again, or give up."""


class Producer(Protocol):
    def send(self, topic: str, key: str, value: bytes, partition: int | None = None, headers: Headers | None = None) -> None:
        """Hand over one message of ``topic`` (without prefix). Without ``partition`` the key decides.

        Returns at once as a rule; raises :class:`PublishError` when the buffer is full or the log cannot be reached.
        """

    def flush(self, timeout_s: float) -> None:
        """Wait until everything handed over is acknowledged. Raises :class:`PublishError` naming the first failure since
        the last flush, and :class:`UnacknowledgedError` when the time is over."""

    def close(self) -> None:
        """Send what is left, for a few seconds at most, and let go."""


@cache
def _counter(topic: str, sent: bool) -> metrics.Counter:
    """Looking a labeled counter up costs more than counting: done once."""
    return (metrics.PRODUCER_SENT if sent else metrics.PRODUCER_FAILED).labels(topic)


def story_headers(event_id: str, correlation_id: str = "", traceparent: str = "") -> Headers:
    """The headers every message of ours may carry: which event, which story, which trace. Empty ones are left out."""
    named = (("event-id", event_id), ("correlation-id", correlation_id), ("traceparent", traceparent))
    return [(name, text.encode()) for name, text in named if text]


class KafkaLogProducer:
    """Idempotent, acknowledged by all replicas, in order per partition, with a bounded buffer.

    kafka-python has no bound on what it buffers, and its ``flush`` applies the timeout to each batch anew; so what is under
    way is counted here.
    """

    def __init__(
        self,
        client_id: str,
        *,
        linger_ms: int = 2,
        delivery_timeout_ms: int = DELIVERY_TIMEOUT_MS,
        bootstrap_timeout_ms: int = 2_000,
    ) -> None:
        """Connect; raises :class:`PublishError` when no broker answers within ``bootstrap_timeout_ms``."""
        self._changed = threading.Condition()
        self._pending = 0
        self._pending_bytes = 0
        self._failed = 0
        self._failure = ""
        try:
            self._kafka = KafkaProducer(
                bootstrap_servers=settings.KAFKA_BOOTSTRAP,
                client_id=client_id,
                acks="all",
                enable_idempotence=True,
                linger_ms=linger_ms,
                batch_size=128 * 1024,
                max_request_size=MESSAGE_BYTES_MAX,
                max_block_ms=2_000,
                delivery_timeout_ms=delivery_timeout_ms,
                request_timeout_ms=5_000,
                reconnect_backoff_max_ms=1_000,
                bootstrap_timeout_ms=bootstrap_timeout_ms,
                allow_auto_create_topics=False,
                metrics_enabled=False,
            )
        except KafkaError as error:
            raise PublishError(f"no broker at {', '.join(settings.KAFKA_BOOTSTRAP)}: {error}") from error

    def send(self, topic: str, key: str, value: bytes, partition: int | None = None, headers: Headers | None = None) -> None:
        number = partition_of(key, topic) if partition is None else partition
        size = len(value)
        with self._changed:
            if self._pending_bytes + size > BUFFER_BYTES_MAX:
                _counter(topic, False).inc()
                raise PublishError(f"{self._pending} messages wait for the broker already, the buffer is full")
            self._pending += 1
            self._pending_bytes += size
        try:
            future = self._kafka.send(full_name(topic), value=value, key=key.encode(), partition=number, headers=headers)
        except KafkaError as error:
            self._settle(topic, size, error)
            kind = RefusedMessageError if isinstance(error, MessageSizeTooLargeError) else PublishError
            raise kind(f"{topic} did not take a message of {size} bytes: {error}") from error
        future.add_callback(lambda _metadata: self._settle(topic, size, None))
        future.add_errback(lambda error: self._settle(topic, size, error))

    def flush(self, timeout_s: float) -> None:
        check(timeout_s > 0, f"timeout_s must be positive, was {timeout_s}")
        with self._changed:
            done = self._changed.wait_for(lambda: not self._pending, timeout_s)
            failed, failure, pending = self._failed, self._failure, self._pending
            self._failed, self._failure = 0, ""
        if failed:
            raise PublishError(f"{failed} messages were not acknowledged, the first because of {failure}")
        if not done:
            raise UnacknowledgedError(f"{pending} messages not acknowledged within {timeout_s} s")

    def close(self) -> None:
        try:
            self.flush(3)
        except PublishError as error:
            log.warning("producer closes with messages left: %s", error)
            # KafkaProducer.close() raises, and leaves its threads running, as long as something is unsent.
            self._kafka._sender.force_close()
        try:
            self._kafka.close(timeout=2)
        except KafkaError as error:
            log.warning("producer did not close cleanly: %r", error)

    def _settle(self, topic: str, size: int, error: BaseException | None) -> None:
        """One message is acknowledged or lost. Kafka's own threads call this."""
        _counter(topic, error is None).inc()
        with self._changed:
            self._pending -= 1
            self._pending_bytes -= size
            if error is not None:
                self._failed += 1
                self._failure = self._failure or f"{type(error).__name__} on {topic}"
            if not self._pending:
                self._changed.notify_all()


def connect(
    client_id: str, stopping: Callable[[float], bool], *, linger_ms: int = 2, delivery_timeout_ms: int = DELIVERY_TIMEOUT_MS
) -> KafkaLogProducer | None:
    """Return a producer as soon as a broker answers, trying again for ever with a growing pause of at most 5 s.

    ``stopping(seconds)`` waits that long and says whether the process should end (``Event.wait``); then None is returned.
    """
    pause_s = 0.25
    while True:
        try:
            return KafkaLogProducer(client_id, linger_ms=linger_ms, delivery_timeout_ms=delivery_timeout_ms)
        except PublishError as error:
            log.warning("kafka is not there, next attempt in %.2f s: %s", pause_s, error)
        if stopping(pause_s):
            return None
        pause_s = min(pause_s * 2, _BACKOFF_MAX_S)

"""Writing to the log: a port of three methods, and Kafka behind it.

Only processes of their own write (relay, feeds, market data): a client whose threads can stall has no place in a web request.
"""

import logging
from collections.abc import Callable
from functools import partial
from typing import Any, Protocol

from django.conf import settings
from kafka import KafkaProducer
from kafka.errors import KafkaError

from apps.core.checks import check
from apps.eventlog.topics import full_name, partition_of
from apps.observability import metrics

log = logging.getLogger(__name__)

#: A message that Kafka has not acknowledged after this long has failed.
DELIVERY_TIMEOUT_MS = 10_000
_BACKOFF_MAX_S = 5.0

Headers = list[tuple[str, bytes]]


class PublishError(RuntimeError):
    """Kafka did not acknowledge what was sent. Whoever must not lose it sends it again."""


class Producer(Protocol):
    def send(self, topic: str, key: str, value: bytes, partition: int | None = None, headers: Headers | None = None) -> None:
        """Hand over one message of ``topic`` (without prefix). Without ``partition`` the key decides.

        Returns at once as a rule; raises :class:`PublishError` when the buffer is full or the log cannot be reached.
        """

    def flush(self, timeout_s: float) -> None:
        """Wait until everything handed over is acknowledged; raises :class:`PublishError` naming the first failure since
        the last flush, or when the time is over."""

    def close(self) -> None:
        """Send what is left, for a few seconds at most, and let go."""


def story_headers(event_id: str, correlation_id: str = "", traceparent: str = "") -> Headers:
    """The headers every message of ours may carry: which event, which story, which trace. Empty ones are left out."""
    named = (("event-id", event_id), ("correlation-id", correlation_id), ("traceparent", traceparent))
    return [(name, text.encode()) for name, text in named if text]


class KafkaLogProducer:
    """Idempotent, acknowledged by all replicas, in order per partition, with a bounded buffer."""

    def __init__(self, client_id: str, *, linger_ms: int = 2, bootstrap_timeout_ms: int = 2_000) -> None:
        """Connect; raises :class:`PublishError` when no broker answers within ``bootstrap_timeout_ms``."""
        self._failure: str | None = None
        self._failed = 0
        try:
            self._kafka = KafkaProducer(
                bootstrap_servers=settings.KAFKA_BOOTSTRAP,
                client_id=client_id,
                acks="all",
                enable_idempotence=True,
                linger_ms=linger_ms,
                batch_size=128 * 1024,
                max_request_size=1_000_000,
                max_block_ms=2_000,
                delivery_timeout_ms=DELIVERY_TIMEOUT_MS,
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
        try:
            future = self._kafka.send(full_name(topic), value=value, key=key.encode(), partition=number, headers=headers)
        except KafkaError as error:
            self._count_failure(topic, error)
            raise PublishError(f"{topic} did not take a message: {error}") from error
        future.add_callback(partial(self._count_sent, topic))
        future.add_errback(partial(self._count_failure, topic))

    def flush(self, timeout_s: float) -> None:
        check(timeout_s > 0, f"timeout_s must be positive, was {timeout_s}")
        try:
            self._kafka.flush(timeout=timeout_s)
        except KafkaError as error:
            raise PublishError(f"not acknowledged within {timeout_s} s: {error}") from error
        failure, failed = self._failure, self._failed
        self._failure, self._failed = None, 0
        if failure is not None:
            raise PublishError(f"{failed} messages were not acknowledged, the first because of {failure}")

    def close(self) -> None:
        try:
            self._kafka.close(timeout=3)
        except KafkaError as error:
            log.warning("producer closed with messages left: %s", error)

    # Kafka's sender thread calls these two.
    def _count_sent(self, topic: str, _metadata: Any) -> None:
        metrics.PRODUCER_SENT.labels(topic).inc()

    def _count_failure(self, topic: str, error: BaseException) -> None:
        metrics.PRODUCER_FAILED.labels(topic).inc()
        self._failed += 1
        if self._failure is None:
            self._failure = f"{type(error).__name__} on {topic}"


def connect(client_id: str, stopping: Callable[[float], bool], *, linger_ms: int = 2) -> KafkaLogProducer | None:
    """Return a producer as soon as a broker answers, trying again for ever with a growing pause of at most 5 s.

    ``stopping(seconds)`` waits that long and says whether the process should end (``Event.wait``); then None is returned.
    """
    pause_s = 0.25
    while True:
        try:
            return KafkaLogProducer(client_id, linger_ms=linger_ms)
        except PublishError as error:
            log.warning("kafka is not there, next attempt in %.2f s: %s", pause_s, error)
        if stopping(pause_s):
            return None
        pause_s = min(pause_s * 2, _BACKOFF_MAX_S)

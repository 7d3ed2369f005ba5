"""Writing to Kafka."""

import logging
import time
from collections.abc import Sequence

from django.conf import settings
from kafka import KafkaProducer
from kafka.errors import KafkaError, KafkaTimeoutError, MessageSizeTooLargeError

from apps.eventlog.outstanding import Outstanding
from apps.eventlog.port import MESSAGE_BYTES_MAX, Headers, PublishError, RefusedMessageError
from apps.eventlog.topics import full_name, get_topic, partition_of

log = logging.getLogger(__name__)

#: So long nobody waits again for a topic that the brokers did not name in time: a feed would stand still with each of its sends.
_UNKNOWN_FOR_S = 1.0


class KafkaLogProducer:
    """Idempotent, acknowledged by all replicas, in order per partition, with a bounded buffer.

    kafka-python has no bound on what it buffers, and its ``flush`` applies the timeout to each batch anew; so what is under
    way is counted here.
    """

    def __init__(
        self,
        client_id: str,
        *,
        linger_ms: int,
        delivery_timeout_ms: int,
        connect_timeout_ms: int,
        block_ms_max: int,
        topics: Sequence[str],
    ) -> None:
        self._outstanding = Outstanding()
        self._unknown_until_s: dict[str, float] = {}
        try:
            self._kafka = KafkaProducer(
                bootstrap_servers=settings.KAFKA_BOOTSTRAP,
                client_id=client_id,
                acks="all",
                enable_idempotence=True,
                linger_ms=linger_ms,
                batch_size=128 * 1024,
                max_request_size=MESSAGE_BYTES_MAX,
                max_block_ms=connect_timeout_ms,
                delivery_timeout_ms=delivery_timeout_ms,
                request_timeout_ms=5_000,
                reconnect_backoff_max_ms=1_000,
                bootstrap_timeout_ms=connect_timeout_ms,
                allow_auto_create_topics=False,
                metrics_enabled=False,
            )
        except KafkaError as error:
            raise PublishError(f"no broker at {', '.join(settings.KAFKA_BOOTSTRAP)}: {error}") from error
        self._look_up(topics)
        self._kafka.config["max_block_ms"] = block_ms_max

    def _look_up(self, topics: Sequence[str]) -> None:
        for topic in topics:
            try:
                self._kafka.partitions_for(full_name(topic))
            except KafkaError as error:  # whoever sends to it is told
                log.warning("the brokers do not say where %s is: %r", topic, error)

    def send(self, topic: str, key: str, value: bytes, partition: int | None = None, headers: Headers | None = None) -> None:
        name, encoded = full_name(get_topic(topic).name), key.encode()
        number = partition_of(key, topic) if partition is None else partition
        size = len(value)
        if self._unknown_until_s and time.monotonic() < self._unknown_until_s.get(topic, 0.0):
            raise PublishError(f"the brokers do not know where {topic} is")
        ticket = self._outstanding.admit(topic, size)
        try:
            future = self._kafka.send(name, value=value, key=encoded, partition=number, headers=headers)
        except (KafkaError, ValueError) as error:  # ValueError: the topic is there, and this partition of it is not
            self._outstanding.settle(ticket, topic, size, error)
            if isinstance(error, KafkaTimeoutError):
                self._unknown_until_s[topic] = time.monotonic() + _UNKNOWN_FOR_S
            kind = RefusedMessageError if isinstance(error, MessageSizeTooLargeError) else PublishError
            raise kind(f"{topic} did not take a message of {size} bytes: {error}") from error
        future.add_callback(lambda _metadata: self._outstanding.settle(ticket, topic, size, None))
        future.add_errback(lambda error: self._outstanding.settle(ticket, topic, size, error))

    def flush(self, timeout_s: float) -> None:
        self._outstanding.wait(timeout_s)

    def oldest_s(self) -> float:
        return self._outstanding.oldest_s()

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

"""Writing to Kafka."""

import logging

from django.conf import settings
from kafka import KafkaProducer
from kafka.errors import KafkaError, MessageSizeTooLargeError

from apps.eventlog.outstanding import Outstanding
from apps.eventlog.port import MESSAGE_BYTES_MAX, Headers, PublishError, RefusedMessageError
from apps.eventlog.topics import full_name, get_topic, partition_of

log = logging.getLogger(__name__)


class KafkaLogProducer:
    """Idempotent, acknowledged by all replicas, in order per partition, with a bounded buffer.

    kafka-python has no bound on what it buffers, and its ``flush`` applies the timeout to each batch anew; so what is under
    way is counted here.
    """

    def __init__(self, client_id: str, *, linger_ms: int, delivery_timeout_ms: int, connect_timeout_ms: int) -> None:
        self._outstanding = Outstanding()
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
                bootstrap_timeout_ms=connect_timeout_ms,
                allow_auto_create_topics=False,
                metrics_enabled=False,
            )
        except KafkaError as error:
            raise PublishError(f"no broker at {', '.join(settings.KAFKA_BOOTSTRAP)}: {error}") from error

    def send(self, topic: str, key: str, value: bytes, partition: int | None = None, headers: Headers | None = None) -> None:
        name, encoded = full_name(get_topic(topic).name), key.encode()
        number = partition_of(key, topic) if partition is None else partition
        size = len(value)
        self._outstanding.admit(topic, size)
        try:
            future = self._kafka.send(name, value=value, key=encoded, partition=number, headers=headers)
        except KafkaError as error:
            self._outstanding.settle(topic, size, error)
            kind = RefusedMessageError if isinstance(error, MessageSizeTooLargeError) else PublishError
            raise kind(f"{topic} did not take a message of {size} bytes: {error}") from error
        future.add_callback(lambda _metadata: self._outstanding.settle(topic, size, None))
        future.add_errback(lambda error: self._outstanding.settle(topic, size, error))

    def flush(self, timeout_s: float) -> None:
        self._outstanding.wait(timeout_s)

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

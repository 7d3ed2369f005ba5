"""Looking at records of Kafka without being anybody's consumer: no group, nothing committed, and an end to the patience."""

import time
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from kafka import KafkaConsumer, TopicPartition
from kafka.errors import KafkaError

from apps.eventlog.port import FETCH_BYTES_MAX, LogUnavailableError, Partition, RawRecord, Stretch
from apps.eventlog.topics import full_name

_WITHIN_S = 10.0
_POLL_MS = 500


def look(partition: Partition, stretches: Sequence[Stretch]) -> list[RawRecord]:
    """See :meth:`~apps.eventlog.port.Log.look`."""
    where = TopicPartition(full_name(partition[0]), partition[1])
    deadline_s = time.monotonic() + _WITHIN_S
    try:
        consumer = _connect()
        try:
            consumer.assign([where])
            begin = consumer.beginning_offsets([where], timeout_ms=5_000)[where]
            end = consumer.end_offsets([where], timeout_ms=5_000)[where]
            found: list[RawRecord] = []
            for first, count in stretches:
                found += _read(consumer, where, max(begin, first if first >= 0 else end + first), end, count, deadline_s)
            return found
        finally:
            consumer.close(autocommit=False, timeout_ms=2_000)
    except KafkaError as error:
        raise LogUnavailableError(repr(error)) from error


def _connect() -> KafkaConsumer:
    return KafkaConsumer(
        bootstrap_servers=settings.KAFKA_BOOTSTRAP,
        client_id="look",
        group_id=None,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
        fetch_max_bytes=FETCH_BYTES_MAX,
        request_timeout_ms=5_000,
        bootstrap_timeout_ms=2_000,
        allow_auto_create_topics=False,
        metrics_enabled=False,
    )


def _read(consumer: KafkaConsumer, where: TopicPartition, first: int, end: int, count: int, deadline_s: float) -> list[RawRecord]:
    last = min(first + count, end) - 1
    found: list[Any] = []
    if last < first:
        return []
    consumer.seek(where, first)
    while not found or found[-1].offset < last:
        if time.monotonic() > deadline_s:
            raise LogUnavailableError(f"{where.topic}-{where.partition} did not give offsets {first} to {last} in time")
        records = consumer.poll(timeout_ms=_POLL_MS).get(where, [])
        found += [record for record in records if first <= record.offset <= last]
        if records and records[-1].offset >= last:
            break  # the last one may be a hole
    return found

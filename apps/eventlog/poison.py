"""Messages that cannot be read or applied: parked where a person can see them, or stopped at."""

import logging
from collections.abc import Mapping

from django.db import transaction
from django.utils import timezone

from apps.eventlog import positions
from apps.eventlog.handler import Record
from apps.eventlog.models import ParkedMessage
from apps.eventlog.port import Partition
from apps.observability import metrics

log = logging.getLogger(__name__)

#: Parked messages kept per consumer. Beyond it they are only counted: a stream that is all poison may not fill the disk.
PARKED_MAX = 1_000


def report_stopped(consumer: str, record: Record, error: Exception) -> None:
    log.error("%s stops %s: %s", consumer, _place(record), _reason(error))


def park(consumer: str, record: Record, error: Exception, moves: Mapping[Partition, tuple[int, int]]) -> None:
    """Store ``record`` and move past it in one transaction. ``moves`` is empty for consumers without stored positions."""
    log.error("%s parks %s: %s", consumer, _place(record), _reason(error))
    metrics.CONSUMER_PARKED.labels(consumer, record.topic).inc()
    with transaction.atomic():
        if moves:
            positions.move(consumer, moves)
        if ParkedMessage.objects.filter(consumer=consumer).count() >= PARKED_MAX:
            return
        ParkedMessage.objects.get_or_create(
            consumer=consumer,
            topic=positions.place_of(record.topic),
            partition=record.partition,
            offset=record.offset,
            defaults={"value": record.value, "error": _reason(error), "parked_at": timezone.now()},
        )


def _place(record: Record) -> str:
    return f"{record.topic}/{record.partition} at offset {record.offset}"


def _reason(error: Exception) -> str:
    return f"{type(error).__name__}: {error}".replace("\x00", "")[:400]

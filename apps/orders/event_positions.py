"""Where order events stand in the event log: the one table of this app that a consumer writes."""

from collections.abc import Iterable

from django.db import connection

from apps.orders.models import EventPosition


def record(positions: Iterable[tuple[int, int, int]]) -> None:
    """Keep ``(event id, partition, offset)`` of order events that were read from the log.

    The first place wins: the relay may publish an event twice after a crash, and readers count the first.
    """
    rows = [EventPosition(event_id=event_id, partition=partition, offset=offset) for event_id, partition, offset in positions]
    EventPosition.objects.bulk_create(rows, ignore_conflicts=True)


def forget_all() -> None:
    """The log that these places are of is gone; the consumer that reads the new one learns them again."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM orders_eventposition")

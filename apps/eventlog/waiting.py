"""What the engine committed and the relay has not published yet."""

from typing import Any

from django.db.models import QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from apps.eventlog.models import OutboxBatch, RelayCursor
from apps.eventlog.outbox import ENGINE_LANE


def oldest_waiting() -> "QuerySet[OutboxBatch, Any]":
    """When the oldest of it was committed, one row at most, to be a part of another query."""
    cursor = RelayCursor.objects.filter(lane=ENGINE_LANE).values("last_sequence")
    waiting = OutboxBatch.objects.filter(lane=ENGINE_LANE, last_sequence__gt=Coalesce(Subquery(cursor), Value(0)))
    return waiting.order_by("last_sequence").values("recorded_at")[:1]

"""Where the event log stands, for the people who run it. Bounded, whatever waits."""

from dataclasses import dataclass
from datetime import datetime

from apps.eventlog.models import OutboxBatch, ParkedMessage, RelayCursor

#: Nothing is counted further than this: more is simply "many".
COUNTED_MAX = 1000


@dataclass(frozen=True, slots=True)
class LaneView:
    """``waiting`` batches are not published yet, counted up to :data:`COUNTED_MAX`; the first was recorded ``oldest_at``."""

    lane: str
    published: int
    moved_at: datetime
    waiting: int
    oldest_at: datetime | None


def list_lanes() -> tuple[LaneView, ...]:
    """Every lane of the outbox that a relay has ever published from."""
    return tuple(_lane(cursor) for cursor in RelayCursor.objects.order_by("lane"))


def _lane(cursor: RelayCursor) -> LaneView:
    behind = OutboxBatch.objects.filter(lane=cursor.lane, last_sequence__gt=cursor.last_sequence).order_by("last_sequence")
    waiting = list(behind.values_list("recorded_at", flat=True)[:COUNTED_MAX])
    return LaneView(cursor.lane, cursor.last_sequence, cursor.moved_at, len(waiting), waiting[0] if waiting else None)


def count_parked() -> int:
    """How many messages were put aside, up to :data:`COUNTED_MAX`."""
    return len(ParkedMessage.objects.order_by("pk").values_list("pk", flat=True)[:COUNTED_MAX])

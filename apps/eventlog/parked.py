"""Messages that were put aside are kept for a person to look at, and not for ever."""

from collections.abc import Callable
from datetime import datetime, timedelta

from apps.eventlog.models import ParkedMessage

PARKED_KEPT = timedelta(days=90)
_CHUNK = 1_000


def sweep_parked(now: datetime, progress: Callable[[str], None]) -> int:
    """Remove what was parked longer ago than 90 days, a bounded chunk at a time; returns how many went."""
    removed = 0
    while True:
        old = ParkedMessage.objects.filter(parked_at__lt=now - PARKED_KEPT).order_by("pk").values_list("pk", flat=True)[:_CHUNK]
        removed += (chunk := ParkedMessage.objects.filter(pk__in=list(old)).delete()[0])
        if chunk < _CHUNK:
            return removed
        progress(f"{removed} parked messages removed")

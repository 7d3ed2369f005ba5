"""Log-ins that have expired: nobody can use them, and Django leaves their rows."""

from collections.abc import Callable
from datetime import datetime

from django.contrib.sessions.models import Session

_CHUNK = 1_000


def sweep_sessions(now: datetime, progress: Callable[[str], None]) -> int:
    """Remove the log-ins that expired before ``now``, a bounded chunk at a time; returns how many went."""
    removed = 0
    while True:
        old = Session.objects.filter(expire_date__lt=now).order_by("expire_date").values_list("pk", flat=True)[:_CHUNK]
        removed += (chunk := Session.objects.filter(pk__in=list(old)).delete()[0])
        if chunk < _CHUNK:
            return removed
        progress(f"{removed} log-ins removed")

"""What alerts leave behind: notices, firings and mails of before, and alerts that are over."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import models

from apps.alerts.kinds import State
from apps.alerts.models import Firing, Mail, MailState, Notice, OrderAlert, PriceAlert

KEPT = timedelta(days=90)
#: The log holds no tick of before this: nothing that is read late can fire an alert that expired so long ago.
LATEST_TICK = timedelta(days=2)
_CHUNK = 1_000


def sweep_alerts(now: datetime, progress: Callable[[str], None]) -> int:
    """Remove what is older than 90 days, in bounded chunks, and free the slots of alerts that expired; returns how many went."""
    expired = PriceAlert.objects.filter(state=State.ACTIVE, expires_at__lt=now - LATEST_TICK)
    expired.update(state=State.EXPIRED, slot=None, version=models.F("version") + 1, changed_at=now)
    before = now - KEPT
    over = (State.FIRED, State.EXPIRED, State.DELETED)
    kinds: tuple[tuple[str, models.QuerySet[models.Model]], ...] = (
        ("notices", Notice.objects.filter(created_at__lt=before)),
        ("firings", Firing.objects.filter(fired_at__lt=before)),
        ("mails", Mail.objects.filter(created_at__lt=before, state__in=(MailState.SENT, MailState.FAILED))),
        ("followed orders", OrderAlert.objects.filter(ended_at__lt=before)),
        ("price alerts", PriceAlert.objects.filter(state__in=over, changed_at__lt=before)),
    )
    return sum(_remove(name, rows, progress) for name, rows in kinds)


def _remove(name: str, rows: "models.QuerySet[models.Model]", progress: Callable[[str], None]) -> int:
    removed = 0
    while True:
        ids = list(rows.order_by("pk").values_list("pk", flat=True)[:_CHUNK])
        removed += rows.model._default_manager.filter(pk__in=ids).delete()[0]
        if len(ids) < _CHUNK:
            return removed
        progress(f"{removed} {name} removed")

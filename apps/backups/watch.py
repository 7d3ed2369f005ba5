"""The gauges of the backups, read from the directory: right after a restart, and after a backup that somebody made by hand."""

from datetime import datetime
from pathlib import Path

from django.conf import settings

from apps.backups import shelf
from apps.observability import metrics


def observe() -> None:
    metrics.BACKUP_WANTED.set(bool(settings.BACKUP_DIR))
    newest = shelf.newest(Path(settings.BACKUP_DIR)) if settings.BACKUP_DIR else None
    metrics.BACKUP_MADE.set(datetime.fromisoformat(newest.made_at).timestamp() if newest else 0)

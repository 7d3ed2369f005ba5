"""The job that makes a backup every night, where somebody said where to."""

from datetime import date
from pathlib import Path

from django.conf import settings

from apps.backups.making import make_backup
from apps.jobs.registry import Progress


def make_nightly_backup(day: date, progress: Progress) -> dict[str, object]:
    """One more backup in ``BACKUP_DIR``. A repeat makes another one: what a run that died had begun is none."""
    if not settings.BACKUP_DIR:
        return {"made": "", "why": "BACKUP_DIR is not set"}
    made = make_backup(
        Path(settings.BACKUP_DIR), keep=settings.BACKUPS_KEPT, say=lambda text: progress(text or "copying the database")
    )
    return {"made": made.path.name, "bytes": made.manifest.bytes, "took_ms": made.manifest.took_ms, "removed": len(made.gone)}

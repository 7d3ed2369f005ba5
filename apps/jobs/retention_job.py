"""Removes what is kept for a time only: each app has a sweep of its own tables, and this job asks them one after the other."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from django.utils.module_loading import import_string

from apps.jobs.registry import Progress
from apps.jobs.services import forget_old_runs

#: A sweep removes what is older than its own limit at ``now``, in bounded steps, and returns how many rows or partitions went.
Sweep = Callable[[datetime, Progress], int]

SWEEPS: dict[str, str] = {
    "quote frames": "apps.marketdata.partitions.sweep_frames",
    "parked messages": "apps.eventlog.parked.sweep_parked",
    "sessions": "apps.accounts.sweep.sweep_sessions",
    "receipts": "apps.receipts.sweep.sweep_receipts",
    "alerts": "apps.alerts.sweep.sweep_alerts",
    "job runs": "apps.jobs.retention_job.sweep_runs",
}

#: How long the record of a run is kept.
RUNS_KEPT = timedelta(days=400)
_CHUNK = 1_000


def sweep_everything(day: date, progress: Progress) -> dict[str, object]:
    """Ask every sweep, as of the end of ``day``. What one of them has removed stays removed when a later one fails."""
    now = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=1)
    removed: dict[str, object] = {}
    for name, path in SWEEPS.items():
        sweep: Sweep = import_string(path)
        progress(f"sweeping {name}")
        removed[name] = sweep(now, progress)
    return removed


def sweep_runs(now: datetime, progress: Progress) -> int:
    removed = 0
    while chunk := forget_old_runs(now - RUNS_KEPT, _CHUNK):
        removed += chunk
        progress(f"{removed} runs of jobs removed")
    return removed

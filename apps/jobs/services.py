"""Writing what became of a run. Every write but the first names its attempt: who was replaced changes nothing any more."""

import json
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from apps.jobs.models import JobRun, RunStatus


class TakenOverError(RuntimeError):
    """Another attempt of this run has begun."""


def begin_run(*, job: str, day: date, again: bool = False) -> int | None:
    """Claim the run and return the number of this attempt; None when it is DONE and not wanted again.

    The caller holds the run's lock, so a row that says RUNNING is of a process that died.
    """
    now = timezone.now()
    with transaction.atomic():
        fresh = {"status": RunStatus.RUNNING, "started_at": now, "heartbeat_at": now}
        run, made = JobRun.objects.select_for_update().get_or_create(job=job, day=day, defaults=fresh)
        if made:
            return 1
        if run.status == RunStatus.DONE and not again:
            return None
        run.attempt += 1
        run.status, run.started_at, run.heartbeat_at, run.finished_at = RunStatus.RUNNING, now, now, None
        run.progress = run.result = run.error = ""
        run.save()
        return run.attempt


def beat_run(*, job: str, day: date, attempt: int, progress: str) -> None:
    """Say how far the attempt is; raises :class:`TakenOverError`."""
    _change(job, day, attempt, heartbeat_at=timezone.now(), progress=progress[:200])


def finish_run(*, job: str, day: date, attempt: int, result: dict[str, object]) -> None:
    """Raises :class:`TakenOverError`."""
    now = timezone.now()
    text = json.dumps(result, separators=(",", ":"), sort_keys=True)
    _change(job, day, attempt, status=RunStatus.DONE, heartbeat_at=now, finished_at=now, progress="", result=text)


def fail_run(*, job: str, day: date, attempt: int, error: str) -> None:
    """Raises :class:`TakenOverError`."""
    now = timezone.now()
    text = error.replace("\x00", "")[:1000] or "no reason given"
    _change(job, day, attempt, status=RunStatus.FAILED, heartbeat_at=now, finished_at=now, error=text)


def _change(job: str, day: date, attempt: int, **values: object) -> None:
    mine = JobRun.objects.filter(job=job, day=day, attempt=attempt, status=RunStatus.RUNNING)
    if not mine.update(**values):
        raise TakenOverError(f"attempt {attempt} of {job} of {day} was replaced by another")


def forget_old_runs(before: datetime, limit: int) -> int:
    """Remove at most ``limit`` runs that ended before ``before``; returns how many."""
    old = JobRun.objects.filter(finished_at__lt=before).order_by("finished_at").values_list("pk", flat=True)[:limit]
    return JobRun.objects.filter(pk__in=list(old)).delete()[0]

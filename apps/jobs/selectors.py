"""Which runs there were, and which are missing, as plain values."""

import json
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from apps.jobs.models import JobRun, RunStatus
from apps.jobs.registry import JOBS, Job

#: How many business days back a missing run is looked for.
CATCH_UP_DAYS = 14
#: A run that failed this often waits for a person: ``run_job`` takes it up whatever the count.
ATTEMPTS_MAX = 8
BACKOFF_FIRST = timedelta(minutes=1)
BACKOFF_MAX = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class RunView:
    """``result`` is what the job counted, empty until it is DONE."""

    job: str
    day: date
    status: RunStatus
    attempt: int
    started_at: datetime
    heartbeat_at: datetime
    finished_at: datetime | None
    progress: str
    result: dict[str, object]
    error: str


def get_run(job: str, day: date) -> RunView | None:
    row = JobRun.objects.filter(job=job, day=day).first()
    return _view(row) if row else None


def list_runs(job: str, limit: int = 5) -> tuple[RunView, ...]:
    """The newest runs of a job, by business day."""
    return tuple(_view(row) for row in JobRun.objects.filter(job=job).order_by("-day")[: max(1, min(limit, 200))])


def newest_done(job: str) -> RunView | None:
    """The run of the latest business day that is DONE."""
    row = JobRun.objects.filter(job=job, status=RunStatus.DONE).order_by("-day").first()
    return _view(row) if row else None


def is_done(job: str, day: date) -> bool:
    return JobRun.objects.filter(job=job, day=day, status=RunStatus.DONE).exists()


def list_missing(now: datetime) -> tuple[tuple[str, date], ...]:
    """(job, day) of every run that is due at ``now`` and not done, in the order in which they should run.

    One that needs another is not due before that is done: it would spend its attempts on waiting.
    Looks back to the first day that the job ever ran, at most :data:`CATCH_UP_DAYS`: before it was installed nothing is missing,
    and nothing that needs what was never made.
    """
    found = [(day, job.at, job.name) for job in JOBS.values() for day in _missing_days(job, now)]
    return tuple((name, day) for day, _, name in sorted(found))


def count_undone(now: datetime) -> int:
    """How many runs are due by the clock and not done: also those that wait for a person, for their turn, or for another job.

    Looks back as :func:`list_missing` does. A run that was given up is no less of an alarm than one that is being tried.
    """
    undone = 0
    for job in JOBS.values():
        days = _days_looked_at(job, now)
        undone += len(days) - len(_done_days(job.name, days))
    return undone


def _days_looked_at(job: Job, now: datetime) -> list[date]:
    """In their order; none where the only day that is due is before all of those that it needs."""
    newest = job.newest_due_day(now)
    oldest = newest - timedelta(days=CATCH_UP_DAYS - 1)
    first = JobRun.objects.filter(job=job.name).order_by("day").values_list("day", flat=True).first()
    day = max(oldest, min(first or newest, newest))
    days = [day + timedelta(days=number) for number in range((newest - day).days + 1)]
    if not job.needs:
        return days
    # That one is due some minutes earlier, so its newest day may be a later one: on the first night the only one it ever has.
    needed = _days_looked_at(JOBS[job.needs], now)
    return [day for day in days if needed and day >= needed[0]]


def _missing_days(job: Job, now: datetime) -> list[date]:
    days = _days_looked_at(job, now)
    runs = {row.day: row for row in JobRun.objects.filter(job=job.name, day__in=days)}
    ready = _done_days(job.needs, days) if job.needs else set(days)
    return [day for day in days if day in ready and _is_wanted(runs.get(day), now)]


def _done_days(name: str, days: list[date]) -> set[date]:
    rows = JobRun.objects.filter(job=name, status=RunStatus.DONE, day__in=days)
    return set(rows.values_list("day", flat=True))


def _is_wanted(run: JobRun | None, now: datetime) -> bool:
    if run is None:
        return True
    if run.status == RunStatus.RUNNING:
        # Whether it is true, the run's lock knows. A job that ends its process each time never gets to say that it failed.
        return run.attempt < ATTEMPTS_MAX
    if run.status == RunStatus.DONE or run.finished_at is None:
        return False
    return run.attempt < ATTEMPTS_MAX and now >= run.finished_at + backoff(run.attempt)


def backoff(attempt: int) -> timedelta:
    """How long to wait after so many attempts: a minute, then twice as long each time."""
    return min(BACKOFF_FIRST * (1 << min(attempt - 1, 16)), BACKOFF_MAX)


def _view(row: JobRun) -> RunView:
    result: dict[str, object] = json.loads(row.result) if row.result else {}
    return RunView(
        row.job, row.day, RunStatus(row.status), row.attempt, row.started_at, row.heartbeat_at, row.finished_at,
        row.progress, result, row.error,
    )  # fmt: skip

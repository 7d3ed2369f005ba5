"""Runs one job for one business day, once: by hand, from the queue, or both at the same moment."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum

import structlog
from django.db import DatabaseError, InterfaceError
from django.utils import timezone

from apps.core.failpoint import failpoint
from apps.jobs import services
from apps.jobs.registry import Job, find_job
from apps.jobs.selectors import RunView, get_run
from apps.jobs.session import job_session
from apps.observability import metrics
from apps.observability.callers import called
from apps.observability.logs import correlated

log = structlog.get_logger(__name__)


class Outcome(StrEnum):
    DONE = "done"
    REPEATED = "repeated"  # it was done before, and nothing was to be done
    BUSY = "busy"  # another process is at it


class DayNotOverError(ValueError):
    """The business day has not ended."""


class JobFailedError(RuntimeError):
    """The attempt failed, and its row says so."""


class JobOverdueError(RuntimeError):
    """The attempt took longer than its job may."""


class JobStoppedError(RuntimeError):
    """The process was told to stop while the job ran."""


@dataclass(frozen=True, slots=True)
class Ran:
    outcome: Outcome
    run: RunView | None


def _never() -> bool:
    return False


def _say_nothing(_text: str) -> None:
    return


def check_day(day: date, now: datetime) -> None:
    """Raises :class:`DayNotOverError` for a day that has not ended (UTC)."""
    today = now.astimezone(UTC).date()
    if day >= today:
        raise DayNotOverError(f"date must be before today, {today} (UTC), was {day}")


def run_once(
    name: str,
    day: date,
    *,
    again: bool = False,
    say: Callable[[str], None] = _say_nothing,
    stopping: Callable[[], bool] = _never,
) -> Ran:
    """Run job ``name`` for ``day`` unless it is done (``again`` runs it all the same) or under way elsewhere.

    ``say`` gets a line now and then; ``stopping`` is asked as often, and true ends the attempt. Raises
    :class:`~apps.jobs.registry.UnknownJobError`, :class:`DayNotOverError`, and :class:`JobFailedError` from what the job raised.
    """
    job = find_job(name)
    check_day(day, timezone.now())
    with correlated(f"job {name} {day}"), called(name), job_session(job, day) as mine:
        if not mine:
            outcome = Outcome.BUSY
        else:
            attempt = services.begin_run(job=name, day=day, again=again)
            outcome = Outcome.REPEATED if attempt is None else Outcome.DONE
            if attempt is not None:
                _attempt(job, day, attempt, say, stopping)
        metrics.JOBS_RUNS.labels(name, outcome.value).inc()
        return Ran(outcome, get_run(name, day))


def _attempt(job: Job, day: date, attempt: int, say: Callable[[str], None], stopping: Callable[[], bool]) -> None:
    began_s = time.monotonic()
    log.info("job_begins", job=job.name, day=str(day), attempt=attempt)

    def progress(text: str) -> None:
        if stopping():
            raise JobStoppedError("the process was told to stop; the run is taken up again")
        if time.monotonic() - began_s > job.time_limit_s:
            raise JobOverdueError(f"it may take {job.time_limit_s} s, and was at: {text}")
        services.beat_run(job=job.name, day=day, attempt=attempt, progress=text)
        say(text)
        failpoint(f"jobs.{job.name}.progress")

    try:
        result = job.work()(day, progress)
        services.finish_run(job=job.name, day=day, attempt=attempt, result=result)
    except BaseException as error:
        # Whatever ends the work, a Ctrl-C too: the row tells it, and the next attempt need not wait for anything.
        _record_failure(job, day, attempt, error)
        if isinstance(error, Exception):
            raise JobFailedError(f"{job.name} of {day} failed: {_reason(error)}") from error
        raise
    seconds = time.monotonic() - began_s
    metrics.JOBS_SECONDS.labels(job.name).observe(seconds)
    log.info("job_done", job=job.name, day=str(day), attempt=attempt, seconds=round(seconds, 3), result=result)


def _record_failure(job: Job, day: date, attempt: int, error: BaseException) -> None:
    metrics.JOBS_RUNS.labels(job.name, "failed").inc()
    log.error("job_failed", job=job.name, day=str(day), attempt=attempt, exc_info=error)
    try:
        services.fail_run(job=job.name, day=day, attempt=attempt, error=_reason(error))
    except (DatabaseError, InterfaceError, services.TakenOverError) as lost:
        # The row goes on saying RUNNING, and nobody holds its lock: the next attempt takes it over.
        log.warning("job_failure_not_recorded", job=job.name, day=str(day), error=str(lost).strip())


def _reason(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}".strip().rstrip(":")

"""What the queue carries: names and dates, nothing else. Every task may come late, twice or not at all."""

from datetime import UTC, date, datetime

import structlog
from celery import shared_task
from celery.worker import state
from django.utils.module_loading import import_string

from apps.jobs import watch
from apps.jobs.runner import JobFailedError, Outcome, run_once
from apps.jobs.selectors import count_undone, list_missing

log = structlog.get_logger(__name__)

#: A message that nobody took until the next look is made anew by it: nothing piles up while a worker is busy or away.
LOOK_APART_S = 300


def _is_stopping() -> bool:
    """Whether the worker was told to stop: it shares its thread with the job, which therefore has to ask.

    Celery keeps the exit code there, which is 0 after SIGTERM: neither truth nor equality tells it from False.
    """
    return any(told is not None and told is not False for told in (state.should_stop, state.should_terminate))


@shared_task(name="jobs.run")  # type: ignore[untyped-decorator]  # Celery has no types
def run_job(name: str, day: str) -> None:
    """Run one job for one day. A failure is recorded in its row, and the next look asks again: the queue need not know."""
    try:
        ran = run_once(name, date.fromisoformat(day), stopping=_is_stopping)
    except JobFailedError as error:
        log.warning("job_will_be_tried_again", job=name, day=day, error=str(error))
    else:
        if ran.outcome is Outcome.DONE:
            look_for_missing_runs.apply_async(expires=LOOK_APART_S)  # what needs it is due now
    watch.observe()


@shared_task(name="jobs.look")  # type: ignore[untyped-decorator]
def look_for_missing_runs() -> None:
    """Enqueue every run that is due and not done. This one look is schedule, retry and catch-up."""
    now = datetime.now(UTC)
    watch.observe(count_undone(now))
    for name, day in list_missing(now):
        run_job.apply_async((name, day.isoformat()), expires=LOOK_APART_S)


#: In higher apps, which this one may not import.
_ASK_INVARIANTS = "apps.engine.invariant_reports.ask_and_record"
_LINK_TRAIL = "apps.backoffice.trail_upkeep.link"
_EXPORT_TRAIL = "apps.backoffice.trail_upkeep.export"
_SEND_MAILS = "apps.alerts.mails.send_due_mails"


@shared_task(name="jobs.ask_invariants")  # type: ignore[untyped-decorator]
def ask_invariants() -> None:
    """Not a job: it belongs to no day, and what was missed needs no catching up."""
    import_string(_ASK_INVARIANTS)()


@shared_task(name="jobs.send_alert_mails")  # type: ignore[untyped-decorator]
def send_alert_mails() -> None:
    """Not a job either: the mails that wait are rows, so whichever of these messages arrives sends them all."""
    import_string(_SEND_MAILS)(_is_stopping)


@shared_task(name="jobs.link_trail")  # type: ignore[untyped-decorator]
def link_trail() -> None:
    """Not a job: whatever has no link yet gets one."""
    import_string(_LINK_TRAIL)()


@shared_task(name="jobs.export_trail")  # type: ignore[untyped-decorator]
def export_trail() -> None:
    """Not a job: what was missed is in the next file."""
    import_string(_EXPORT_TRAIL)()

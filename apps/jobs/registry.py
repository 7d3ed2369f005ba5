"""Every job there is: when it runs, and where the app that owns its tables does the work.

The paths are text, resolved when a job runs: jobs live in higher apps, which this one may not import.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Protocol

from django.utils.module_loading import import_string

#: Says how far the job is. Raises when the job must end: its time is up, its process is told to stop, another took over.
Progress = Callable[[str], None]


class Work(Protocol):
    """The work of a job for one business day: idempotent, its writes keyed. Returns what it counted, as JSON can hold it.

    ``alarm`` in what it returns is how many things it found wrong.
    """

    def __call__(self, day: date, progress: Progress, /) -> dict[str, object]: ...


@dataclass(frozen=True)
class Job:
    """``at`` is the time of day (UTC) after the business day; ``time_limit_s`` is for all of one attempt.

    ``needs`` names the job whose run of the same day must be DONE before this one is due.
    """

    name: str
    path: str
    meaning: str
    at: time
    needs: str = ""
    time_limit_s: int = 1800

    def newest_due_day(self, now: datetime) -> date:
        """The latest business day whose run is due at ``now`` (UTC)."""
        yesterday = now.date() - timedelta(days=1)
        return yesterday if now.time() >= self.at else yesterday - timedelta(days=1)

    def work(self) -> Work:
        found: Work = import_string(self.path)
        return found


JOBS: dict[str, Job] = {
    job.name: job
    for job in (
        Job(
            "statements",
            "apps.ledger.statements_job.make_statements",
            "Closes the day and makes every customer's statement of it.",
            time(0, 5),
        ),
        Job(
            "reconciliation",
            "apps.engine.reconciliation_job.reconcile",
            "Recomputes every balance from its postings, and what is held from the open orders.",
            time(0, 10),
        ),
        Job(
            "day_hash",
            "apps.engine.day_hash_job.keep_hash",
            "Keeps the hash of the commit with which the day ended, for the status page. Needs the day's statements.",
            time(0, 10),
            needs="statements",
        ),
        Job(
            "equity",
            "apps.portfolio.equity_job.take_snapshots",
            "Values every account at the day's last prices. Needs the day's statements.",
            time(0, 15),
            needs="statements",
        ),
        Job(
            "calendar",
            "apps.instruments.calendar_job.set_all_sessions",
            "Tells the engine the trading sessions of the coming two weeks.",
            time(0, 20),
        ),
        Job(
            "deletions",
            "apps.privacy.deletion_job.carry_out",
            "Deletes the data of those who asked for it two weeks ago, before the night's copy is made.",
            time(0, 20),
        ),
        Job(
            "backup",
            "apps.backups.job.make_nightly_backup",
            "Copies the database into BACKUP_DIR and reads the copy back; does nothing where that is not set.",
            time(0, 25),
        ),
        Job(
            "retention",
            "apps.jobs.retention_job.sweep_everything",
            "Removes what is kept for a time only, and makes the coming days' partitions.",
            time(0, 30),
        ),
    )
}

#: No job may run longer; the queue hands out again what was not acknowledged after more than twice as long.
TIME_LIMIT_S_MAX = max(job.time_limit_s for job in JOBS.values())


class UnknownJobError(LookupError):
    """Nobody registered a job of this name."""

    def __init__(self, name: str) -> None:
        super().__init__(f"job must be one of {', '.join(JOBS)}, was {name!r}")


def find_job(name: str) -> Job:
    """Raises :class:`UnknownJobError`."""
    if name not in JOBS:
        raise UnknownJobError(name)
    return JOBS[name]

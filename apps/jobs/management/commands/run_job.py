import json
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error as DatabaseError

from apps.jobs.registry import JOBS, UnknownJobError
from apps.jobs.runner import DayNotOverError, JobFailedError, Outcome, run_once
from apps.jobs.selectors import list_runs

RUNS_SHOWN = 3


class Command(BaseCommand):
    help = "Run one job for one business day (UTC) in the foreground, or list the jobs and their last runs."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", nargs="?", help=f"one of {', '.join(JOBS)}")
        parser.add_argument("--date", metavar="YYYY-MM-DD", help="the business day; yesterday when not given")
        parser.add_argument("--again", action="store_true", help="run it even though it is done: the same rows are found")
        parser.add_argument("--list", action="store_true", help="list the jobs, when they run, and their last runs")

    def handle(self, *_args: Any, **options: Any) -> None:
        if options["list"]:
            self._list()
            return
        if not options["name"]:
            raise CommandError(f"a job must be named: {', '.join(JOBS)}; --list says what they do")
        day = _read_day(options["date"])
        try:
            ran = run_once(options["name"], day, again=options["again"], say=self._say)
        except (UnknownJobError, DayNotOverError, JobFailedError) as error:
            raise CommandError(str(error)) from None
        except DatabaseError as error:
            raise CommandError(f"Postgres: {str(error).strip()}") from None
        if ran.outcome is Outcome.BUSY or ran.run is None:
            raise CommandError(f"{options['name']} of {day} is under way in another process")
        if ran.outcome is Outcome.REPEATED:
            self._say(f"it was done at {ran.run.finished_at:%Y-%m-%d %H:%M:%S} UTC; --again runs it again")
        self._say(f"{options['name']} of {day}: {json.dumps(ran.run.result, sort_keys=True)}")

    def _say(self, text: str) -> None:
        self.stdout.write(text)
        self.stdout.flush()

    def _list(self) -> None:
        for job in JOBS.values():
            self._say(f"{job.name}: daily at {job.at:%H:%M} UTC for the day before. {job.meaning}")
            for run in list_runs(job.name, RUNS_SHOWN):
                what = run.error or run.progress or json.dumps(run.result, sort_keys=True)
                self._say(f"  {run.day} {run.status} attempt {run.attempt}: {what}")


def _read_day(text: str | None) -> date:
    if text is None:
        return datetime.now(UTC).date() - timedelta(days=1)
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise CommandError(f"--date must be a date like 2026-11-20, was {text!r}") from None

"""``manage.py watch_database``: the guard of two PostgreSQL servers, one an installation. It needs no table and no event log."""

import signal
import time
from threading import Event
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.observability import metrics
from apps.primary.guarding import Guard
from apps.primary.judging import Act
from apps.primary.telling import NotAPairError, pair_of_settings

LOOK_APART_S = 1.0
#: While somebody waits for the first synchronous commit.
BRIEFLY_S = 0.2


class Command(BaseCommand):
    help = "Watch the primary and its standby, and let the standby take over when the primary is gone; until SIGTERM."
    requires_system_checks: list[str] = []  # it must come up while the database is away

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--until-synchronous",
            type=float,
            metavar="SECONDS",
            help="End as soon as every commit waits for the standby; fail when that takes longer.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            guard = Guard(pair_of_settings())
        except NotAPairError as error:
            raise CommandError(str(error)) from error
        within_s = options["until_synchronous"]
        if within_s is not None:
            self._settle(guard, within_s)
            return
        metrics.serve_metrics()
        stopping = Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda signum, frame: stopping.set())
        while not stopping.is_set():
            began = time.monotonic()
            guard.round()
            stopping.wait(LOOK_APART_S - (time.monotonic() - began))

    def _settle(self, guard: Guard, within_s: float) -> None:
        deadline = time.monotonic() + within_s
        while (verdict := guard.round()).act is not Act.NOTHING:
            if time.monotonic() > deadline:
                why = f"{verdict.act.value}: {verdict.why}"
                raise CommandError(f"commits do not wait for the standby after {within_s:g} s: {why}")
            time.sleep(BRIEFLY_S)
        self.stdout.write("every commit waits for the standby")

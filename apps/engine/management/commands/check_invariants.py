"""``manage.py check_invariants``: ask the books every question that must have no answer; exit 1 when one has."""

import sys
import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from apps.engine.checks import Result, ask_each
from apps.engine.invariant_reports import ALL_SCOPE, LIVE_SCOPE, record
from apps.engine.invariants import CHECKS, LIVE
from apps.engine.recovery import connect

#: A full scan of a large ledger takes its time; the engine's short limits are not meant for it.
EACH_S = 600.0
ALL_S = 3600.0


class Command(BaseCommand):
    help = (
        "Check the invariants of money and orders in one snapshot: a line for each, its violations below it. Exits 1 when one is "
        "violated, 2 when one could not be answered. It only reads, but for the report that the status page shows."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--live", action="store_true", help="Only what is asked every minute: nothing that reads whole tables."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        checks = LIVE if options["live"] else CHECKS
        began = time.monotonic()
        with connect(settings.DATABASES["default"]) as connection:
            # The engine's session is made for its own statements; these are of another kind.
            connection.execute("SET application_name = 'check_invariants'; SET enable_seqscan = on; SET plan_cache_mode = auto")
            connection.execute("SET idle_in_transaction_session_timeout = 0")
            results = ask_each(connection, checks, each_s=EACH_S, all_s=ALL_S)
        for result in results:
            self._print(result)
        record(LIVE_SCOPE if options["live"] else ALL_SCOPE, results, round((time.monotonic() - began) * 1000))
        violations = sum(len(result.rows) for result in results)
        unanswered = sum(bool(result.error) for result in results)
        self.stdout.write(f"{len(checks)} checks, {violations} violations" + (f", {unanswered} unanswered" if unanswered else ""))
        if violations or unanswered:
            sys.exit(1 if violations else 2)

    def _print(self, result: Result) -> None:
        status = "VIOLATED" if result.rows else "unanswered" if result.error else "ok"
        self.stdout.write(f"{result.check.name:<4} {status:<10} {result.took_ms:>6} ms  {result.check.meaning}")
        for row in result.rows:
            self.stdout.write(f"     {', '.join(map(str, row))}")
        if result.error:
            self.stdout.write(f"     {result.error}")

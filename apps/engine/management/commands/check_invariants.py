"""``manage.py check_invariants``: ask the books every question that must have no answer; exit 1 when one has."""

import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from apps.engine.invariants import CHECKS, find_violations
from apps.engine.recovery import connect


class Command(BaseCommand):
    help = "Check the invariants of money and orders; print each violation and exit 1 if there is one."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        with connect(settings.DATABASES["default"]) as connection:
            # A full scan of a large ledger takes its time; the engine's short limits are not meant for it.
            connection.execute("SET statement_timeout = '10min'; SET application_name = 'check_invariants'")
            violations = find_violations(connection)
        for violation in violations:
            self.stdout.write(str(violation))
        self.stdout.write(f"{len(CHECKS)} checks, {len(violations)} violations")
        if violations:
            sys.exit(1)

"""``manage.py rebuild_projections``: what is derived, made again from the event log and compared with what is there."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from apps.backups.projections import PROJECTIONS, Compared, LogLacksError, check_projection, rebuild_projection
from apps.eventlog.port import LogError


class Command(BaseCommand):
    help = (
        "Make projections again from the event log, beside what is there, compare, and put them in its place. Everything may run "
        "meanwhile. With --check nothing is changed; exits 1 when a digest differs."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(PROJECTIONS)}; all when none is given")
        parser.add_argument("--check", action="store_true", help="only compare")

    def handle(self, *_args: Any, **options: Any) -> None:
        names = options["names"] or list(PROJECTIONS)
        if unknown := [name for name in names if name not in PROJECTIONS]:
            raise CommandError(f"a projection is one of {', '.join(PROJECTIONS)}, was {unknown[0]!r}")
        run = check_projection if options["check"] else rebuild_projection
        try:
            compared = [each for name in names for each in run(name, self.stderr.write)]
        except LogLacksError as error:
            raise CommandError(str(error)) from None
        except LogError as error:
            raise CommandError(f"event log: {error}") from None
        except DatabaseError as error:
            raise CommandError(f"Postgres: {str(error).strip()}") from None
        for each in compared:
            self._print(each)
        if not options["check"]:
            self.stdout.write("what the log makes is in place")
        elif not all(each.is_equal for each in compared):
            sys.exit(1)

    def _print(self, each: Compared) -> None:
        (rows, digest), (made_rows, made) = each.live, each.made
        verdict = f"{digest} equal" if each.is_equal else f"was {rows} rows {digest}, the log makes {made}: DIFFERENT"
        self.stdout.write(f"{each.table:<28} {made_rows:>9} rows  {verdict}")

"""``manage.py backup``: a copy of the books, made while people trade, read back before it counts."""

from pathlib import Path
from typing import Any

import psycopg
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.backups.making import make_backup
from apps.backups.manifest import BrokenBackupError
from apps.backups.shelf import ShelfError
from apps.backups.tools import ToolError
from apps.backups.words import instant_of, megabytes


class Command(BaseCommand):
    help = (
        "Copy the database into one new directory below BACKUP_DIR (or --to), with a manifest, and read it back. Trading goes on "
        "meanwhile. manage.py restore brings it back."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--to", type=Path, metavar="DIR", help="where backups are kept, instead of BACKUP_DIR")
        parser.add_argument("--keep", type=int, metavar="N", help="how many stay, this one included; BACKUPS_KEPT when not given")

    def handle(self, *_args: Any, **options: Any) -> None:
        shelf = options["to"] or (Path(settings.BACKUP_DIR) if settings.BACKUP_DIR else None)
        if shelf is None:
            raise CommandError("where to? Set BACKUP_DIR, or give --to DIR")
        keep = settings.BACKUPS_KEPT if options["keep"] is None else options["keep"]
        if keep < 1:
            raise CommandError(f"--keep must be at least 1, was {keep}")
        try:
            made = make_backup(shelf.absolute(), keep=keep, say=self._say)
        except (ShelfError, ToolError, BrokenBackupError) as error:
            raise CommandError(str(error)) from None
        except psycopg.Error as error:
            raise CommandError(f"Postgres: {str(error).strip()}") from None
        except OSError as error:
            raise CommandError(f"{shelf}: {error}") from None
        manifest = made.manifest
        self.stdout.write(f"{made.path}")
        self.stdout.write(
            f"  {megabytes(manifest.bytes)} of {megabytes(manifest.database_bytes)}, read back, "
            f"in {manifest.took_ms / 1000:.1f} s"
        )
        self.stdout.write(
            f"  the books to sequence {manifest.last_sequence} of epoch {manifest.epoch}, {instant_of(manifest.last_at_ns)}: "
            f"{manifest.customers} customers, {manifest.open_orders} open orders"
        )
        for gone in made.gone:
            self.stdout.write(f"  removed {gone.name}: {keep} are kept")

    def _say(self, text: str) -> None:
        if text:
            self.stderr.write(text)

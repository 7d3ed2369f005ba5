"""``manage.py export_trail``: copy the new links of the chain over the trail out, after a look whether the old ones still are."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.backoffice.trail_chain import link_new_entries
from apps.backoffice.trail_files import TrailChangedError, TrailFilesError, export_links


class Command(BaseCommand):
    help = (
        "Make the missing links of the chain over the trail of staff, compare the newest exported file in TRAIL_DIR (or --to) "
        "with the database, and write what is new into another one. Exits 1 when the trail was changed since. The worker does "
        "the same every hour. tools/verify_trail.py checks the files."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--to", type=Path, metavar="DIR", help="the directory, instead of TRAIL_DIR")

    def handle(self, *_args: Any, **options: Any) -> None:
        directory = options["to"] or (Path(settings.TRAIL_DIR) if settings.TRAIL_DIR else None)
        if directory is None:
            raise CommandError("where to? Set TRAIL_DIR, or give --to DIR")
        try:
            while link_new_entries():
                pass
            written = export_links(directory)
        except (TrailFilesError, TrailChangedError) as error:
            raise CommandError(str(error)) from None
        for each in written:
            self.stdout.write(f"{each.path}: links {each.first} to {each.last}")
        if not written:
            self.stdout.write("nothing is new, and what was exported is as it was")

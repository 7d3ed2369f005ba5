"""``manage.py rebuild_log``: the event log made anew from what Postgres holds."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import DatabaseError

from apps.backups.republishing import RebuildRefusedError, rebuild_log
from apps.engine.retelling import JournalDiffersError
from apps.eventlog.port import LogError


class Command(BaseCommand):
    help = (
        "Publish the events of orders, accounts and instruments anew, from the tables and the journal, onto empty topics: after "
        "Kafka was lost, or on a new one. Stop relay and consumers first; trading goes on."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--replace", action="store_true", help="the topics hold records: remove them, and make them anew")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            rebuilt = rebuild_log(replace=options["replace"], say=self.stderr.write)
        except (RebuildRefusedError, JournalDiffersError) as error:
            raise CommandError(str(error)) from None
        except LogError as error:
            raise CommandError(f"event log: {error}") from None
        except DatabaseError as error:
            raise CommandError(f"Postgres: {str(error).strip()}") from None
        for topic, count in rebuilt.counts.items():
            self.stdout.write(f"{topic}: {count} events")
        self.stdout.write(f"the log is whole to sequence {rebuilt.up_to}; start relay and consumers, which read it anew")

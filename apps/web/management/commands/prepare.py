from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.utils import ConnectionHandler

from apps.eventlog.port import LogUnavailableError
from apps.eventlog.provision import ensure_topics


class Command(BaseCommand):
    help = "Bring the database and the topics to what this version needs. Safe to repeat."

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            self._check_database()
            self._migrate(options["verbosity"])
        except DatabaseError as error:
            raise CommandError(f"Postgres: {str(error).strip().splitlines()[0]}") from None
        try:
            created = ensure_topics()
        except LogUnavailableError as error:
            raise CommandError(f"event log: {error}") from None
        self.stdout.write(f"topics created: {', '.join(created)}" if created else "topics are there")

    def _check_database(self) -> None:
        """Connect once without the pool, which would say only that it waited in vain, and not for what."""
        options = {name: value for name, value in connection.settings_dict["OPTIONS"].items() if name != "pool"}
        plain = ConnectionHandler({"default": {**connection.settings_dict, "OPTIONS": options}})["default"]
        plain.ensure_connection()
        plain.close()

    def _migrate(self, verbosity: int) -> None:
        executor = MigrationExecutor(connection)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if not plan:
            self.stdout.write("database is up to date")
            return
        self.stdout.write(f"applying {len(plan)} migrations")
        self.stdout.flush()
        call_command("migrate", interactive=False, verbosity=max(0, verbosity - 1), stdout=self.stdout)
        self.stdout.write("database is up to date")

from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.loader import MigrationLoader
from django.db.utils import ConnectionHandler

from apps.engine.recovery import find_engine
from apps.eventlog.adoption import Adopted, adopt_log
from apps.eventlog.port import LogUnavailableError
from apps.eventlog.provision import ensure_topics
from apps.grants.granting import MayNotError, bring
from apps.marketdata.partitions import make_partitions
from apps.portfolio.services import rebuild
from apps.web.keptfiles import keep_files
from apps.web.migrating import apply_beside, apply_patiently, not_beside

#: Names of migrations that are spelled out.
_NAMED_MAX = 3
_LOGS = {"kafka": "Kafka", "embedded": "in PostgreSQL"}
#: What begins a line that the person who started the stack should see.
NOTE = "Note: "


class Command(BaseCommand):
    help = "Bring the database and the topics to what this version needs. Safe to repeat."

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            self._check_database()
            self._migrate(options["verbosity"])
            make_partitions()
            self._grant()
            if settings.STATIC_KEPT is not None and settings.STATIC_ROOT is not None:
                self._say(f"{keep_files(settings.STATIC_ROOT, settings.STATIC_KEPT)} files of pages are kept")
        except DatabaseError as error:
            raise CommandError(f"Postgres: {str(error).strip().splitlines()[0]}") from None
        try:
            created = ensure_topics()
            adopted = adopt_log(created)
        except LogUnavailableError as error:
            raise CommandError(f"event log: {error}") from None
        if adopted.is_new:
            self.stdout.write(f"{NOTE}{_sentence_on(adopted)}; {rebuild()} positions were computed anew from their fills")
        self.stdout.write(f"topics created: {', '.join(created)}" if created else "topics are there")

    def _check_database(self) -> None:
        """Connect once without the pool, which would say only that it waited in vain, and not for what."""
        options = {name: value for name, value in connection.settings_dict["OPTIONS"].items() if name != "pool"}
        plain = ConnectionHandler({"default": {**connection.settings_dict, "OPTIONS": options}})["default"]
        plain.ensure_connection()
        plain.close()

    def _migrate(self, verbosity: int) -> None:
        executor = MigrationExecutor(connection)
        self._check_newer(executor.loader)
        plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if not plan:
            self.stdout.write("database is up to date")
            return
        engine = find_engine(connection.connection)
        apart = not_beside((migration.app_label, migration.name) for migration, _ in plan)
        if engine and apart:
            # It writes through functions and tables that a migration may change under its hands.
            raise CommandError(
                f"{len(plan)} migrations are to be applied, but an engine is at work ({engine}): stop it first. "
                f"It cannot run beside {_named(apart)}"
            )
        self._say(f"applying {len(plan)} migrations" + (f" beside {engine}, which goes on" if engine else ""))

        def migrate() -> None:
            call_command("migrate", interactive=False, verbosity=max(0, verbosity - 1), stdout=self.stdout)

        if engine:
            apply_beside(migrate, self._say)
        else:
            apply_patiently(migrate)
        self.stdout.write("database is up to date")

    def _grant(self) -> None:
        """After the migrations, whose tables and functions it is about; before any process that connects by such a login."""
        try:
            done = bring()
        except MayNotError as error:
            self._say(f"{NOTE}{error}: processes can connect as the owner alone. docs/deploying.md, Logins")
        else:
            self._say(f"{done.made} logins made, {done.granted} rights granted, {done.taken} taken")

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()

    def _check_newer(self, loader: MigrationLoader) -> None:
        """Raises CommandError when a newer version has been here: what it changed is unknown, and this one would write over it.
        What runs beside this version is no reason: it is how one goes back."""
        replaced = {name for migration in loader.replacements.values() for name in migration.replaces}
        unknown = set(loader.applied_migrations) - set(loader.disk_migrations) - replaced
        if apart := not_beside(unknown):
            raise CommandError(
                f"the database was made by a newer version: this one does not know its migrations {_named(apart)}. "
                "Run that version, or give this one a backup from before the upgrade: there is no way back down."
            )
        if unknown:
            known = sorted(f"{app}.{name}" for app, name in unknown)
            self.stdout.write(f"{NOTE}the database is of a newer version, beside which this one can run: it has {_named(known)}")


def _sentence_on(adopted: Adopted) -> str:
    before, now = _LOGS[adopted.before], _LOGS[adopted.now]
    if before == now:
        return f"the event log ({now}) is not the one of before: its readers go on at its end"
    return f"the event log was {before} and is {now}: its readers go on at its end"


def _named(names: list[str]) -> str:
    more = f" and {len(names) - _NAMED_MAX} more" if len(names) > _NAMED_MAX else ""
    return f"{', '.join(names[:_NAMED_MAX])}{more}"

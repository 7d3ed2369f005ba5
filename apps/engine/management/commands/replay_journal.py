"""``manage.py replay_journal``: live through the journal again and compare; exit 1 on a difference."""

import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from apps.engine.recovery import connect
from apps.engine.replay import Replay


class Command(BaseCommand):
    help = "Replay the engine's journal into an empty venue and compare every event, trade and balance with what is stored."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        with connect(settings.DATABASES["default"]) as connection:
            connection.execute("SET statement_timeout = '10min'; SET idle_in_transaction_session_timeout = 0")
            connection.execute("SET application_name = 'replay_journal'")
            with connection.transaction():
                connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
                replay = Replay(connection)
                differences = replay.run()
        for difference in differences:
            self.stdout.write(str(difference))
        self.stdout.write(
            f"{replay.batches} batches, {replay.events} events, {replay.trades} trades, {len(differences)} differences"
        )
        if differences:
            sys.exit(1)

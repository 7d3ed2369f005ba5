from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.eventlog.port import LogUnavailableError
from apps.eventlog.provision import ensure_topics
from apps.eventlog.topics import TOPICS, full_name


class Command(BaseCommand):
    help = "Create the topics that the event log lacks and set their retention. Safe to repeat."

    def handle(self, *_args: Any, **_options: Any) -> None:
        try:
            created = ensure_topics()
        except LogUnavailableError as error:
            raise CommandError(str(error)) from None
        for name in created:
            self.stdout.write(f"created {full_name(name)}")
        self.stdout.write(f"{len(TOPICS)} topics are there")

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from apps.eventlog.provision import BrokerUnavailableError, ensure_topics
from apps.eventlog.topics import TOPICS, full_name


class Command(BaseCommand):
    help = "Create the topics that the broker lacks and set their retention. Safe to repeat."

    def handle(self, *_args: Any, **_options: Any) -> None:
        try:
            created = ensure_topics()
        except BrokerUnavailableError as error:
            raise CommandError(str(error)) from None
        for name in created:
            self.stdout.write(f"created {full_name(name)}")
        self.stdout.write(f"{len(TOPICS)} topics are there")

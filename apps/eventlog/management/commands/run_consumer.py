from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.eventlog.consumer import Runner
from apps.eventlog.port import FencedMemberError
from apps.eventlog.registry import CONSUMERS, make_handler
from apps.eventlog.shutdown import stop_flag
from apps.eventlog.watchdog import Watchdog
from apps.observability.metrics import serve_metrics

WATCHDOG_S = 30.0


class Command(BaseCommand):
    help = "Run one consumer of the event log until it is told to stop."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", choices=sorted(CONSUMERS))
        parser.add_argument(
            "--member", default="1", help="Name of this process among those of the same consumer; each needs one of its own."
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        stopping = stop_flag()
        serve_metrics()
        watchdog = Watchdog(WATCHDOG_S)
        try:
            Runner(make_handler(options["name"]), stopping, member=options["member"], watchdog=watchdog).run()
        except FencedMemberError:
            raise CommandError(
                f"another process runs as member {options['member']} of {options['name']}: give this one --member"
            ) from None
        finally:
            watchdog.close()

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from apps.eventlog.outbox import ENGINE_LANE
from apps.eventlog.relay import Relay
from apps.eventlog.shutdown import stop_flag
from apps.eventlog.watchdog import Watchdog
from apps.observability.metrics import serve_metrics

WATCHDOG_S = 30.0


class Command(BaseCommand):
    help = "Publish the outbox to the event log until told to stop. A second one stands by."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--lane", default=ENGINE_LANE, help="which writer's outbox to publish")

    def handle(self, *_args: Any, **options: Any) -> None:
        stopping = stop_flag()
        serve_metrics()
        watchdog = Watchdog(WATCHDOG_S)
        try:
            Relay(stopping, lane=options["lane"], watchdog=watchdog).run()
        finally:
            watchdog.close()

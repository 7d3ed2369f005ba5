import time
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.commands.quotelink import QuoteLink
from apps.eventlog.shutdown import stop_flag
from apps.marketdata.feeds import sim
from apps.marketdata.feeds.publisher import Publisher
from apps.marketdata.feeds.simfeed import RATE_MAX, InstrumentWatch, SimFeed
from apps.marketdata.logline import LogLine
from apps.observability.metrics import serve_metrics


class Command(BaseCommand):
    help = "Publish ticks until told to stop."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("source", choices=[sim.SOURCE])
        parser.add_argument(
            "--rate",
            type=float,
            default=settings.FEED_RATE,
            help=f"ticks a second over all instruments, at most {RATE_MAX}; default: FEED_RATE",
        )
        parser.add_argument(
            "--seed", type=int, default=settings.FEED_SEED, help="the same seed makes the same random moves; default: FEED_SEED"
        )
        parser.add_argument("--symbols", default="", help="only these, separated by commas")

    def handle(self, *_args: Any, **options: Any) -> None:
        rate = options["rate"]
        if not 0 < rate <= RATE_MAX:
            raise CommandError(f"--rate must be above 0 and at most {RATE_MAX}, was {rate:g}")
        symbols = [symbol for symbol in options["symbols"].split(",") if symbol]
        seed = time.time_ns() if options["seed"] is None else options["seed"]
        stopping = stop_flag()
        serve_metrics()
        watch = InstrumentWatch(symbols)
        publisher = Publisher(sim.SOURCE, LogLine("feed-sim"), QuoteLink(settings.ENGINE_URL, settings.ENGINE_TOKEN))
        try:
            SimFeed(publisher, watch, rate=rate, seed=seed).run(stopping)
        finally:
            watch.close()
            publisher.close()

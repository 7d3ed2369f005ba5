import threading
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
    help = "Run one consumer of the event log, or a few side by side, until told to stop."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "names", nargs="+", choices=sorted(CONSUMERS), metavar="name", help=f"{', '.join(CONSUMERS)}; each has a thread."
        )
        parser.add_argument(
            "--member", default="1", help="Name of this process among those of the same consumer; each needs one of its own."
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        self._member = options["member"]
        self._stopping = stop_flag()
        self._failures: list[tuple[str, BaseException]] = []
        serve_metrics()
        first, *others = dict.fromkeys(options["names"])
        threads = [threading.Thread(target=self._run, args=[name], name=name) for name in others]
        for thread in threads:
            thread.start()
        self._run(first)
        for thread in threads:
            thread.join()
        for name, failure in self._failures:
            if isinstance(failure, FencedMemberError):
                raise CommandError(f"another process runs as member {self._member} of {name}: give this one --member") from None
            raise failure

    def _run(self, name: str) -> None:
        """Run one consumer. When it ends by itself all end: whoever supervises the process starts all of them anew."""
        watchdog = Watchdog(WATCHDOG_S)
        try:
            Runner(make_handler(name), self._stopping, member=self._member, watchdog=watchdog).run()
        except BaseException as failure:
            self._failures.append((name, failure))
        finally:
            self._stopping.set()
            watchdog.close()

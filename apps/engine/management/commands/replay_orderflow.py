"""``manage.py replay_orderflow``: a recorded order flow through the matching core, and the book after each message."""

from argparse import ArgumentTypeError
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.engine.orderflow.files import FlowError
from apps.engine.orderflow.lobster import DEPTH_MAX
from apps.engine.orderflow.replay import Plan, Replay


def depth(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= DEPTH_MAX:
        raise ArgumentTypeError(f"must be from 1 to {DEPTH_MAX} levels, was {text!r:.40}")
    return int(text)


def count(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 12 or not int(text):
        raise ArgumentTypeError(f"must be a whole number above zero, was {text!r:.40}")
    return int(text)


class Command(BaseCommand):
    help = "Drive the matching core with a recorded order flow and write the book after each message. No server is needed."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("messages", type=Path, metavar="MESSAGES", help="the flow: a LOBSTER message file, or JSON lines")
        parser.add_argument("--format", choices=["lobster", "events"], default="lobster", help="default: lobster")
        parser.add_argument(
            "--seed-book", type=Path, metavar="ORDERBOOK", help="its first row is the book that rests before the second message"
        )
        parser.add_argument("--depth", type=depth, default=10, help=f"levels a side in the output, 1 to {DEPTH_MAX}; default: 10")
        parser.add_argument(
            "--out", type=Path, required=True, metavar="BOOK", help="gets the book after each message, whole or not"
        )
        parser.add_argument("--limit", type=count, help="stop after so many messages")
        parser.add_argument("--compare", type=Path, metavar="ORDERBOOK", help="a real book file to hold each row against")

    def handle(self, *args: Any, **options: Any) -> None:
        plan = Plan(**{name: options[name] for name in Plan.__dataclass_fields__})
        try:
            report = Replay(plan, lambda line: self.stderr.write(line, str)).run()
        except FlowError as error:
            stop = "" if str(error).endswith("?") else "."
            raise CommandError(f"{error}{stop} Nothing was written") from error
        for line in report:
            self.stdout.write(line)

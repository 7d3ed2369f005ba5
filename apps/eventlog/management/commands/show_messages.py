from datetime import UTC, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.eventlog.codec import UnreadableMessageError, decode
from apps.eventlog.log import event_log
from apps.eventlog.port import LogUnavailableError, RawRecord
from apps.eventlog.topics import TOPICS

_COUNT_MAX = 100
_LENGTH_MAX = 4_000


class Command(BaseCommand):
    help = "Show messages of a partition as they are on the log, and what their schema says of them. Nobody's position moves."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("topic", choices=sorted(TOPICS), metavar="topic", help=", ".join(TOPICS))
        parser.add_argument("partition", type=int)
        parser.add_argument("offset", type=int, help="of the first one; below zero: so many before the end")
        parser.add_argument("--count", type=int, default=1, help=f"how many, at most {_COUNT_MAX}; default 1")

    def handle(self, *_args: Any, **options: Any) -> None:
        topic, partition, count = options["topic"], options["partition"], options["count"]
        if not 0 <= partition < TOPICS[topic].partitions:
            raise CommandError(f"{topic} has the partitions 0 to {TOPICS[topic].partitions - 1}, asked for {partition}")
        if not 1 <= count <= _COUNT_MAX:
            raise CommandError(f"--count must be from 1 to {_COUNT_MAX}, was {count}")
        try:
            records = event_log().look((topic, partition), [(options["offset"], count)])
        except LogUnavailableError as error:
            raise CommandError(str(error)) from None
        if not records:
            raise CommandError(f"{topic}/{partition} holds nothing from offset {options['offset']} on")
        for record in records:
            self._show(topic, record)

    def _show(self, topic: str, record: RawRecord) -> None:
        at = datetime.fromtimestamp(record.timestamp / 1000, UTC)
        headers = ", ".join(f"{name}={_plain(value)}" for name, value in record.headers)
        self.stdout.write(f"offset {record.offset}  {at:%Y-%m-%d %H:%M:%S.%f}  key {_plain(record.key or b'')}  {headers}")
        self.stdout.write(f"  {_plain(record.value)[:_LENGTH_MAX]}")
        try:
            decode(topic, record.value)
        except UnreadableMessageError as error:
            self.stdout.write(f"  cannot be read: {error}")
        else:
            self.stdout.write(f"  can be read as {TOPICS[topic].schema}")


def _plain(value: bytes) -> str:
    """Printable, whatever somebody else put there."""
    return ascii(value.decode("utf-8", "backslashreplace"))[1:-1]

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.eventlog.port import Difference, LogUnavailableError
from apps.eventlog.provision import compare_topics
from apps.eventlog.topics import DAY_MS, FOREVER_MS, HOUR_MS, TOPICS, full_name


class Command(BaseCommand):
    help = "Print the table of topics. With --check, compare it with the log and fail when they differ."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--check", action="store_true", help="compare with the log")

    def handle(self, *_args: Any, **options: Any) -> None:
        head = ("topic", "key", "partitions", "retention", "schema", "what is on it")
        rows = [
            (full_name(each.name), each.key, str(each.partitions), _duration(each.retention_ms), each.schema, each.meaning)
            for each in TOPICS.values()
        ]
        widths = [max(len(row[column]) for row in [head, *rows]) for column in range(len(head))]
        for row in [head, *rows]:
            self.stdout.write("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
        if options["check"]:
            self._check()

    def _check(self) -> None:
        try:
            found = compare_topics()
        except LogUnavailableError as error:
            raise CommandError(str(error)) from None
        for each in found:
            self.stdout.write(_sentence(each))
        if found:
            raise CommandError(f"the log differs from the table in {len(found)} places")
        self.stdout.write("the log has all of them as declared")


def _sentence(each: Difference) -> str:
    if each.found is None:
        return f"{full_name(each.topic)} is missing"
    return f"{full_name(each.topic)}: {each.what} must be {each.declared}, was {each.found}"


def _duration(milliseconds: int) -> str:
    if milliseconds == FOREVER_MS:
        return "for ever"
    if milliseconds % DAY_MS == 0:
        return f"{milliseconds // DAY_MS} d"
    return f"{milliseconds // HOUR_MS} h"

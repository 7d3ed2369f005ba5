"""``manage.py trace ORDER_ID``: everything that happened to an order, in order, from the database, the logs and the topics."""

import json
import sys
from collections.abc import Iterator
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from apps.orders.selectors import OrderView
from apps.tracing.entries import Entry
from apps.tracing.telling import Logs, NotFoundError, Story, tell

PIPED_LINES_MAX = 300_000
_STDIN = "-"


class Command(BaseCommand):
    help = (
        "Print the whole story of an order in order: the browser's and the servers' moments, the engine's batch, events, fills "
        "and ledger rows from the database, the processes' lines from the logs, the records from the topics. It only reads."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "what", nargs="+", help="An order's id; or an account and a client order id; or a trace id; or an X-Request-ID."
        )
        parser.add_argument("--json", action="store_true", help="One JSON document instead of lines for a person.")
        parser.add_argument(
            "--logs", default="", metavar="DIR", help="Where the logs are; `log` in VAR_DIR by default; - reads them from stdin."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if len(options["what"]) > 2:
            raise CommandError("one or two words say whose story: ORDER_ID, ACCOUNT CLIENT_ORDER_ID, a trace id, or a request id")
        try:
            story = tell(options["what"], _logs(options["logs"]))
        except NotFoundError as error:
            raise CommandError(str(error)) from None
        for line in _as_json(story) if options["json"] else _as_text(story):
            self.stdout.write(line)


def _logs(named: str) -> Logs:
    if named == _STDIN:
        return Logs(Path(), list(islice(sys.stdin, PIPED_LINES_MAX)))
    return Logs(Path(named) if named else Path(settings.VAR_DIR) / "log")


def _as_text(story: Story) -> Iterator[str]:
    yield from (_heading(order) for order in story.orders)
    yield from (f"trace {trace_id}" for trace_id in story.trace_ids)
    yield ""
    width = max((len(entry.source) for entry in story.entries), default=0)
    for entry in story.entries:
        since_ms = (entry.at - story.entries[0].at).total_seconds() * 1000
        yield f"{_instant(entry.at)} {since_ms:>+12.3f} ms  {entry.source:<{width}}  {_on_one_line(entry)}"
    if story.notes:
        yield ""
        yield from (f"Note: {note}" for note in story.notes)


def _heading(order: OrderView) -> str:
    return (
        f"order {order.id} of account {order.account_id}, {order.client_order_id}: {order.side} {order.quantity.normalize():f} "
        f"{order.instrument.symbol} {order.order_type}, {order.status}{f' ({order.reason})' if order.reason else ''}"
    )


def _as_json(story: Story) -> Iterator[str]:
    yield json.dumps(
        {
            "orders": [
                {"id": order.id, "account_id": order.account_id, "client_order_id": order.client_order_id, "status": order.status}
                for order in story.orders
            ],
            "trace_ids": story.trace_ids,
            "entries": [
                {"at": _instant(entry.at), "source": entry.source, "what": entry.what, "facts": entry.facts}
                for entry in story.entries
            ],
            "notes": story.notes,
        },
        indent=2,
        ensure_ascii=False,
        default=str,
    )


def _instant(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%S.%f}Z"


def _on_one_line(entry: Entry) -> str:
    """A log may hold what somebody sent: none of it may look like a line of its own, or move the terminal's cursor."""
    return "".join(letter if letter.isprintable() else repr(letter)[1:-1] for letter in entry.what)

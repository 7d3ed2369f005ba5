"""The history as a file for spreadsheets, made while it is sent: what the filters ask for, in the order of the pages."""

import csv
import threading
from collections.abc import Generator, Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from io import StringIO
from zoneinfo import ZoneInfo

from django.db import connection
from django.utils import timezone

from apps.commands.rate import RateLimit, TooFastError
from apps.core.numbers import plain
from apps.ledger.csv_text import safe_text
from apps.orders.display import NOT_RECEIVED
from apps.orders.selectors import OrderFilters, OrderPage, OrderView, iterate_history

#: Orders that are read, and in memory, at a time; and how often that is done for one file. With filters a chunk looks at ten
#: times as many at most, so a file ends after 100,000 orders, or after looking at a million.
CHUNK = 1_000
CHUNKS_MAX = 100
FILES_PER_SECOND = 2
_limit = RateLimit("orders-csv", FILES_PER_SECOND)


class FileUnderWayError(RuntimeError):
    """A file of this account is being made by this process; one at a time is enough."""


class _UnderWay:
    """The accounts for which this process makes a file."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._accounts: set[int] = set()

    def enter(self, account_id: int) -> None:
        with self._lock:
            if account_id in self._accounts:
                raise FileUnderWayError(f"account {account_id} has a file under way")
            self._accounts.add(account_id)

    def leave(self, account_id: int) -> None:
        with self._lock:
            self._accounts.discard(account_id)


_under_way = _UnderWay()


class OrderFile:
    """The file's parts, each made when it is asked for. Must be closed, however far it was read: then nothing more is read.

    Raises :class:`FileUnderWayError` while the account has another, and
    :class:`~apps.commands.rate.TooFastError` after too many.
    """

    def __init__(self, account_id: int, filters: OrderFilters) -> None:
        _under_way.enter(account_id)
        try:
            _limit.check(account_id)
        except TooFastError:
            _under_way.leave(account_id)
            raise
        self._account_id = account_id
        self._parts = _parts(account_id, filters, timezone.get_current_timezone_name())
        # A reader that goes away closes the file from another thread, perhaps while a part is being made.
        self._one_at_a_time = threading.Lock()

    def __iter__(self) -> Iterator[bytes]:
        return self

    def __next__(self) -> bytes:
        with self._one_at_a_time:
            return next(self._parts)

    def close(self) -> None:
        """May be called twice."""
        with self._one_at_a_time:
            self._parts.close()
        _under_way.leave(self._account_id)


def _parts(account_id: int, filters: OrderFilters, zone_name: str) -> Generator[bytes]:
    """The head, the orders chunk by chunk, and a last line that says so when there are more than a file may hold."""
    zone = ZoneInfo(zone_name)
    yield _lines([_columns(zone_name)])
    page: OrderPage | None = None
    for page in iterate_history(account_id, filters, chunk=CHUNK, chunks_max=CHUNKS_MAX):
        _give_back_connection()
        yield _lines([_line(order, zone) for order in page.orders])
    if page is not None and page.next_cursor is not None:
        yield _lines([_cut_off(page.next_cursor, len(_columns(zone_name)))])


def _give_back_connection() -> None:
    """The next part is made by another thread, and much later if the reader is slow. Who is in a transaction keeps it."""
    if not connection.in_atomic_block:
        connection.close()


def _columns(zone_name: str) -> list[str]:
    return [
        *("order", "client order id", "placed (UTC)", f"placed ({zone_name})", "last change (UTC)", "instrument", "side", "type"),
        *("time in force", "status", "reason", "quantity", "limit price", "trigger price", "filled", "average price", "value"),
        *("fee", "currency"),
    ]


def _line(order: OrderView, zone: ZoneInfo) -> list[str]:
    """Numbers as they are kept, to the last place; what is in the instrument's quote currency is so in every column."""
    return [
        str(order.id),
        safe_text(order.client_order_id),
        _exact(order.created_at.astimezone(UTC)),
        _exact(order.created_at.astimezone(zone)),
        _exact(order.updated_at.astimezone(UTC)),
        safe_text(order.instrument.symbol),
        order.side.value,
        order.order_type.value,
        order.time_in_force.value,
        NOT_RECEIVED if order.closed_an_id else order.status.value,
        safe_text(order.shown_reason),
        plain(order.quantity),
        _number(order.price),
        _number(order.trigger_price),
        plain(order.filled_quantity),
        _number(order.average_price),
        plain(order.filled_notional),
        plain(order.fee),
        safe_text(order.instrument.quote.code),
    ]


def _cut_off(after: int, columns: int) -> list[str]:
    words = f"Not everything is here: a file ends after {CHUNK * CHUNKS_MAX:,} orders. It ended at order {after}; choose days."
    return ["CUT OFF", words, *[""] * (columns - 2)]


def _exact(instant: datetime) -> str:
    """To the microsecond, with its distance to UTC."""
    return instant.isoformat(timespec="microseconds")


def _number(value: Decimal | None) -> str:
    return "" if value is None else plain(value)


def _lines(rows: list[list[str]]) -> bytes:
    """As RFC 4180 has it: fields quoted where they must be, lines ended by CR LF."""
    out = StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode()


def file_name(filters: OrderFilters, days: tuple[date | None, date | None]) -> str:
    """What the file holds, in letters that every system takes: ``tredye-orders-canceled-BTC-USD-from-2026-11-01.csv``."""
    first, last = days
    named = [
        (NOT_RECEIVED if filters.closed_ids else filters.status or filters.group or "").lower().replace("_", "-"),
        filters.symbol,
        (filters.side or "").lower(),
        (filters.order_type or "").lower().replace("_", "-"),
        f"from-{first}" if first else "",
        f"to-{last}" if last else "",
        "search" if filters.search else "",
    ]
    return "-".join(["tredye-orders", *([name for name in named if name] or ["all"])]) + ".csv"

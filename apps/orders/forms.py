"""What an address may ask of the history, and what its filters show.

Unknown values are ignored, not errors: an old link still opens a page.
"""

import re
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils import timezone

from apps.commands.types import COMMAND_ID_PATTERN
from apps.core.enums import Side
from apps.instruments.selectors import list_instruments
from apps.instruments.symbols import is_symbol
from apps.orders.display import StatusGroup
from apps.orders.selectors import OrderFilters, OrderPage

GROUP_LABELS = {
    StatusGroup.OPEN: "Open",
    StatusGroup.FILLED: "Filled",
    StatusGroup.CANCELED: "Canceled",
    StatusGroup.REFUSED: "Refused",
}
#: Far from where an instant could leave the calendar in some time zone.
FIRST_YEAR, LAST_YEAR = 2000, 2999
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)


def read_filters(query: QueryDict) -> OrderFilters:
    """Return the filters that ``query`` names, each from its allowed values. Days are the reader's own, the last included."""
    group, side = query.get("status", ""), query.get("side", "").upper()
    client_order_id = query.get("client_order_id", "").strip()
    first, last = read_day(query.get("from", "")), read_day(query.get("to", ""))
    return OrderFilters(
        client_order_id=client_order_id if re.fullmatch(COMMAND_ID_PATTERN, client_order_id, re.ASCII) else "",
        placed_from=_midnight(first) if first else None,
        placed_before=_midnight(last + timedelta(days=1)) if last else None,
        group=next((member for member in StatusGroup if member.value == group), None),
        symbol=read_symbol(query),
        side=next((member for member in Side if member.value == side), None),
    )


def address_of(filters: OrderFilters, **changes: Any) -> str:
    """The query string that :func:`read_filters` reads ``filters`` from, changed: what is empty is left out."""
    values = {
        "status": filters.group or "",
        "symbol": filters.symbol,
        "side": filters.side or "",
        "client_order_id": filters.client_order_id,
        "from": first_day(filters),
        "to": last_day(filters),
        **changes,
    }
    kept = {name: str(value) for name, value in values.items() if value}
    return f"?{urlencode(kept)}" if kept else "?"


def filter_context(filters: OrderFilters, page: OrderPage) -> dict[str, Any]:
    """What the filters and the pager of a list of orders need, whoever's orders they are."""
    return {
        "page": page,
        "filters": filters,
        "first_day": first_day(filters),
        "last_day": last_day(filters),
        "next_address": address_of(filters, before=page.next_cursor) if page.next_cursor else "",
        "newest_address": address_of(filters),
        "groups": [("", "All", address_of(filters, status=""))]
        + [(group, label, address_of(filters, status=group)) for group, label in GROUP_LABELS.items()],
        "symbols": [view.symbol for view in list_instruments()],
        "sides": list(Side),
    }


def first_day(filters: OrderFilters) -> date | None:
    return timezone.localdate(filters.placed_from) if filters.placed_from else None


def last_day(filters: OrderFilters) -> date | None:
    return timezone.localdate(filters.placed_before - timedelta(seconds=1)) if filters.placed_before else None


def read_day(text: str) -> date | None:
    """A day as ``2026-11-20``, of the years that anything can have happened in; None for anything else."""
    try:
        day = date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None
    return day if day is not None and FIRST_YEAR <= day.year <= LAST_YEAR else None


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()))


def read_symbol(query: QueryDict) -> str:
    symbol = query.get("symbol", "").strip().upper()
    return symbol if is_symbol(symbol) else ""

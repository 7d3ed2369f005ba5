"""What an address may ask of the history, and what its filters show.

Unknown values are ignored, not errors: an old link still opens a page.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any, TypeVar
from urllib.parse import urlencode

from django.http import QueryDict
from django.utils import timezone

from apps.commands.types import COMMAND_ID_PATTERN
from apps.core.enums import OrderStatus, OrderType, Side
from apps.core.keyset import read_cursor, read_id
from apps.instruments.selectors import list_instruments
from apps.instruments.symbols import is_symbol
from apps.orders.display import GROUP_STATUSES, LABELS, NOT_RECEIVED, NOT_RECEIVED_LABEL, TYPE_LABELS, Sort, StatusGroup
from apps.orders.selectors import LIMIT_MAX, OrderFilters, OrderPage, OrderView

GROUP_LABELS = {
    StatusGroup.OPEN: "Open",
    StatusGroup.FILLED: "Filled",
    StatusGroup.CANCELED: "Canceled",
    StatusGroup.REFUSED: "Rejected",
}
SORT_LABELS = {Sort.NEWEST: "Newest", Sort.OLDEST: "Oldest", Sort.INSTRUMENT: "By instrument"}
SEARCH_MAX = 64
#: Far from where an instant could leave the calendar in some time zone.
FIRST_YEAR, LAST_YEAR = 2000, 2999
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
Member = TypeVar("Member", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter that is set, in words, and the address of the same history without it."""

    label: str
    without: str


def read_filters(query: QueryDict) -> OrderFilters:
    """Return the filters that ``query`` names, each from its allowed values. Days are the reader's own, the last included."""
    first, last = read_day(query.get("from", "")), read_day(query.get("to", ""))
    group = _member(StatusGroup, query.get("status", ""))
    state = query.get("state", "").upper()
    status = _member(OrderStatus, state)
    not_received = state == NOT_RECEIVED
    if not_received:
        group = StatusGroup.REFUSED
    elif status is not None:  # one of a group's: what it says is more than its group does
        group = next(each for each, members in GROUP_STATUSES.items() if status in members)
    found = OrderFilters(
        group=group,
        status=status if group is not None and len(GROUP_STATUSES[group]) > 1 else None,
        closed_ids=True if not_received else False if status in GROUP_STATUSES[StatusGroup.REFUSED] else None,
        symbol=read_symbol(query),
        side=_member(Side, query.get("side", "").upper()),
        order_type=_member(OrderType, query.get("type", "").upper()),
        search=_read_search(query),
        placed_from=_midnight(first) if first else None,
        placed_before=_midnight(last + timedelta(days=1)) if last else None,
    )
    sort = _member(Sort, query.get("sort", ""))
    return replace(found, sort=sort) if sort in sorts_of(found) else found


def _member(of: type[Member], value: str) -> Member | None:
    return next((member for member in of if member.value == value), None)


def _read_search(query: QueryDict) -> str:
    """What is looked for among the ids, also where it can be none: then nothing is found, and that is said."""
    asked = query.get("q", "").strip().removeprefix("#")[:SEARCH_MAX]
    former = query.get("client_order_id", "").strip()
    return asked or (former if re.fullmatch(COMMAND_ID_PATTERN, former, re.ASCII) else "")


def sorts_of(filters: OrderFilters) -> tuple[Sort, ...]:
    """The orders in which the history can be shown: those of an index, and any for open orders, which are few."""
    return tuple(Sort) if filters.open_only else (Sort.NEWEST, Sort.OLDEST)


def read_history_cursor(query: QueryDict, filters: OrderFilters) -> int | None:
    return read_cursor(query, _cursor_name(filters))


def _cursor_name(filters: OrderFilters) -> str:
    return "after" if filters.sort is Sort.OLDEST else "before"


def read_shown(query: QueryDict) -> tuple[int, ...]:
    """The ids of the orders that a page shows, as it says itself; at most as many as a page may show."""
    ids = (read_id(text) for text in query.get("shown", "").split("-")[:LIMIT_MAX])
    return tuple(found for found in ids if found is not None)


def address_of(filters: OrderFilters, **changes: Any) -> str:
    """The query string that :func:`read_filters` reads ``filters`` from, changed: what is empty is left out."""
    values = {
        "status": "" if filters.status or filters.closed_ids else filters.group or "",
        "state": (NOT_RECEIVED if filters.closed_ids else filters.status or "").lower(),
        "symbol": filters.symbol,
        "side": filters.side or "",
        "type": filters.order_type or "",
        "q": filters.search,
        "from": first_day(filters),
        "to": last_day(filters),
        "sort": "" if filters.sort is Sort.NEWEST else filters.sort,
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
        "next_address": address_of(filters, **{_cursor_name(filters): page.next_cursor}) if page.next_cursor else "",
        "newest_address": address_of(filters),
        "groups": [("", "All", address_of(filters, status="", state=""))]
        + [(group, label, address_of(filters, status=group, state="")) for group, label in GROUP_LABELS.items()],
        "symbols": [view.symbol for view in list_instruments()],
        "sides": list(Side),
        "types": [(each.value, label) for each, label in TYPE_LABELS.items()],
        "states": _states_of(filters),
        "state": (NOT_RECEIVED if filters.closed_ids else filters.status or "").lower(),
        "sorts": [(each.value, SORT_LABELS[each], address_of(filters, sort=each)) for each in sorts_of(filters)],
        "chips": list_chips(filters),
    }


def rows_address(filters: OrderFilters, orders: Sequence[OrderView], *, first_page: bool) -> str:
    """Where the rows of ``orders`` are read anew, and on the first page how many there are that are newer."""
    return address_of(filters, shown="-".join(str(order.id) for order in orders), first="1" if first_page else "")


def _states_of(filters: OrderFilters) -> list[tuple[str, str]]:
    """The single statuses to choose among, of the group or of all; none where the group is one status."""
    members = GROUP_STATUSES[filters.group] if filters.group is not None else tuple(OrderStatus)
    found = [(status.value.lower(), LABELS[status]) for status in members] if len(members) > 1 else []
    if filters.group in (None, StatusGroup.REFUSED):
        found.append((NOT_RECEIVED.lower(), NOT_RECEIVED_LABEL))
    return found


def list_chips(filters: OrderFilters) -> list[Chip]:
    """Every filter that is set, but for the tab that is chosen."""
    first, last = first_day(filters), last_day(filters)
    set_ = [
        (_state_label(filters), {"state": "", "status": filters.group or ""}),
        (filters.symbol, {"symbol": ""}),
        (filters.side.title() if filters.side else "", {"side": ""}),
        (TYPE_LABELS[filters.order_type] if filters.order_type else "", {"type": ""}),
        (f"from {first}" if first else "", {"from": ""}),
        (f"to {last}" if last else "", {"to": ""}),
        (f"id {filters.search}" if filters.search else "", {"q": ""}),
    ]
    return [Chip(label, address_of(filters, **without)) for label, without in set_ if label]


def _state_label(filters: OrderFilters) -> str:
    if filters.closed_ids:
        return NOT_RECEIVED_LABEL
    return LABELS[filters.status] if filters.status else ""


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

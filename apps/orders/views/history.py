"""The order history, and the open orders as a fragment."""

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from apps.accounts.access import access_account
from apps.accounts.fragments import is_partial
from apps.core.enums import Side
from apps.core.keyset import read_cursor
from apps.instruments import selectors as instruments
from apps.orders import selectors
from apps.orders.display import StatusGroup
from apps.orders.forms import read_filters, read_symbol

PAGE_SIZE = 50
GROUP_LABELS = {
    StatusGroup.OPEN: "Open",
    StatusGroup.FILLED: "Filled",
    StatusGroup.CANCELED: "Canceled",
    StatusGroup.REFUSED: "Refused",
}


def _address(filters: selectors.OrderFilters, **changes: Any) -> str:
    """The query string of the history with ``filters``, changed: what is empty is left out."""
    values = {"status": filters.group or "", "symbol": filters.symbol, "side": filters.side or "", **changes}
    kept = {name: str(value) for name, value in values.items() if value}
    return f"?{urlencode(kept)}" if kept else "?"


@require_GET
def history(request: HttpRequest) -> HttpResponse:
    """One view for the page and for its list: htmx asks for the list alone."""
    account = access_account(request)
    filters = read_filters(request.GET)
    cursor = read_cursor(request.GET)
    page = selectors.list_orders(account.id, filters, cursor, PAGE_SIZE)
    context = {
        "page": page,
        "filters": filters,
        "first_page": cursor is None,
        "here": request.get_full_path(),
        "next_address": _address(filters, before=page.next_cursor) if page.next_cursor else "",
        "newest_address": _address(filters),
        "groups": [("", "All", _address(filters, status=""))]
        + [(group, label, _address(filters, status=group)) for group, label in GROUP_LABELS.items()],
        "symbols": [view.symbol for view in instruments.list_instruments()],
        "sides": list(Side),
    }
    partial = is_partial(request)
    return render(request, "orders/_history_list.html" if partial else "orders/history.html", context)


@require_GET
def open_orders(request: HttpRequest) -> HttpResponse:
    """Open orders of the account, of one instrument with ``?symbol=``: a fragment, and a plain page without htmx."""
    account = access_account(request)
    symbol = read_symbol(request.GET)
    page = selectors.list_open_orders(account.id, symbol)
    template = "orders/_open_orders.html" if is_partial(request) else "orders/open_orders.html"
    return render(request, template, {"page": page, "symbol": symbol})

"""The order history as a page, as rows that stay up to date, and as a file; and the open orders as a fragment."""

from typing import Any

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from apps.accounts.access import access_account
from apps.accounts.fragments import is_partial
from apps.commands.rate import TooFastError
from apps.orders import selectors
from apps.orders.csv_file import FileUnderWayError, OrderFile, file_name
from apps.orders.display import Sort
from apps.orders.forms import (
    address_of,
    filter_context,
    first_day,
    last_day,
    read_filters,
    read_history_cursor,
    read_shown,
    read_symbol,
    rows_address,
)
from apps.orders.selectors import OrderFilters, OrderView
from apps.orders.switches import switch_of

PAGE_SIZE = 50
#: Newer orders are counted up to here: beyond, "99+" says as much.
NEWER_MAX = 99


@require_GET
def history(request: HttpRequest) -> HttpResponse:
    """One view for the page and for its list: htmx asks for the list alone."""
    account = access_account(request)
    filters = read_filters(request.GET)
    cursor = read_history_cursor(request.GET, filters)
    page = selectors.list_orders(account.id, filters, cursor, PAGE_SIZE)
    context = filter_context(filters, page) | _rows_context(filters, page.orders, first_page=cursor is None)
    context["fields_open"] = "fields" in request.GET
    partial = is_partial(request)
    if not partial:
        context |= {"switch": switch_of(request, account), "back": reverse("orders:history")}
    return render(request, "orders/_history_list.html" if partial else "orders/history.html", context)


@require_GET
def history_rows(request: HttpRequest) -> HttpResponse:
    """The rows that a page shows already, as they are now, whatever has become of them: none comes, goes or moves.

    On the first page, also how many orders there are that are newer than they.
    """
    account = access_account(request)
    filters, shown = read_filters(request.GET), read_shown(request.GET)
    orders = selectors.list_these_orders(account.id, shown)
    first_page = request.GET.get("first") == "1"
    context = _rows_context(filters, orders, first_page=first_page)
    if first_page and filters.sort is not Sort.OLDEST:
        newer = selectors.list_newer_orders(account.id, filters, max(shown, default=0), NEWER_MAX)
        context |= {"newer": len(newer.orders), "more_newer": newer.next_cursor is not None}
    return render(request, "orders/_history_rows.html", context)


def _rows_context(filters: OrderFilters, orders: tuple[OrderView, ...], *, first_page: bool) -> dict[str, Any]:
    return {
        "orders": orders,
        "filters": filters,
        "first_page": first_page,
        "newest_address": address_of(filters),
        "rows_address": rows_address(filters, orders, first_page=first_page),
    }


@require_GET
def history_csv(request: HttpRequest) -> HttpResponseBase:
    """All that the filters ask for, on whatever page it is, as a file that is made while it is sent."""
    account = access_account(request)
    filters = read_filters(request.GET)
    try:
        file = OrderFile(account.id, filters)
    except (FileUnderWayError, TooFastError):
        response = render(request, "orders/csv_refused.html", {"back": address_of(filters)}, status=429)
        response["Retry-After"] = "1"
        return response
    streamed = StreamingHttpResponse(file, content_type="text/csv; charset=utf-8; header=present")
    streamed["Content-Disposition"] = f'attachment; filename="{file_name(filters, (first_day(filters), last_day(filters)))}"'
    return streamed


@require_GET
def open_orders(request: HttpRequest) -> HttpResponse:
    """Open orders of the account, of one instrument with ``?symbol=``: a fragment, and a plain page without htmx."""
    account = access_account(request)
    symbol = read_symbol(request.GET)
    page = selectors.list_open_orders(account.id, symbol)
    template = "orders/_open_orders.html" if is_partial(request) else "orders/open_orders.html"
    return render(request, template, {"page": page, "symbol": symbol})

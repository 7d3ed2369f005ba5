"""The order history, and the open orders as a fragment."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from apps.accounts.access import access_account
from apps.accounts.fragments import is_partial
from apps.core.keyset import read_cursor
from apps.orders import selectors
from apps.orders.forms import filter_context, read_filters, read_symbol

PAGE_SIZE = 50


@require_GET
def history(request: HttpRequest) -> HttpResponse:
    """One view for the page and for its list: htmx asks for the list alone."""
    account = access_account(request)
    filters = read_filters(request.GET)
    cursor = read_cursor(request.GET)
    page = selectors.list_orders(account.id, filters, cursor, PAGE_SIZE)
    context = {
        "first_page": cursor is None,
        "here": request.get_full_path(),
        **filter_context(filters, page),
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

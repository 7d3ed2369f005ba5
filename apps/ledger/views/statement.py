"""Balances and every transfer, as a page and as a file."""

from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from apps.accounts.access import access_account
from apps.accounts.fragments import is_partial
from apps.core.keyset import read_cursor
from apps.ledger import csv_text, selectors
from apps.ledger.files import file_response
from apps.ledger.forms import address_of, filter_context, read_ledger_filters
from apps.ledger.selectors_transfers import LedgerFilters, iterate_transfers, list_transfers

PAGE_SIZE = 50
#: Pages of 200 transfers in one file: it ends after 100,000 transfers, or after looking at a million.
CSV_PAGES_MAX = 500


@require_GET
def statement(request: HttpRequest) -> HttpResponse:
    """Balances and every transfer, newest first. One view for the page and for the part that htmx refreshes."""
    account = access_account(request)
    balances = selectors.list_balances(account.id)
    filters = read_ledger_filters(request.GET, [balance.asset for balance in balances])
    cursor = read_cursor(request.GET)
    page = list_transfers(account.id, filters, cursor, PAGE_SIZE)
    context = {
        "balances": balances,
        "page": page,
        "first_page": cursor is None,
        "next_address": address_of(filters, before=page.next_cursor) if page.next_cursor else "",
        "newest_address": address_of(filters),
        **filter_context(filters),
    }
    return render(request, "ledger/_statement.html" if is_partial(request) else "ledger/statement.html", context)


@require_GET
def transfers_csv(request: HttpRequest) -> HttpResponseBase:
    """All that the filters ask for, on whatever page it is, newest first."""
    account = access_account(request)
    filters = read_ledger_filters(request.GET, [balance.asset for balance in selectors.list_balances(account.id)])
    return file_response(request, account.id, f"tredye-{_file_name(filters)}.csv", _parts(account.id, filters))


def _parts(account_id: int, filters: LedgerFilters) -> Iterator[str]:
    yield csv_text.head()
    page = None
    for page in iterate_transfers(account_id, filters, CSV_PAGES_MAX):
        yield csv_text.postings(page.transfers)
    if page is not None and page.next_cursor is not None:
        yield csv_text.cut_off(f"Not everything is here: it ended at transfer {page.next_cursor}. Choose days.")


def _file_name(filters: LedgerFilters) -> str:
    days = filter_context(filters)
    parts = [
        "ledger", (filters.kind or "").lower(), filters.asset,
        f"from-{days['first_day']}" if filters.moved_from else "", f"to-{days['last_day']}" if filters.moved_before else "",
    ]  # fmt: skip
    return "-".join(part for part in parts if part)

"""Statements of days and of months: lists, pages made to be printed, and files."""

from collections.abc import Iterator

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from apps.accounts.access import access_account
from apps.ledger import csv_text, selectors
from apps.ledger.files import file_response
from apps.ledger.forms import read_after, read_day, read_month
from apps.ledger.selectors_statements import (
    DailyStatementView,
    MonthlyStatementView,
    get_daily_statement,
    get_monthly_statement,
    list_daily_statements,
    list_months,
)

DAYS_A_PAGE = 31
MONTHS_A_PAGE = 24
TRANSFERS_A_PAGE = 200
#: A longer day or month is cut off in the file, which says so in its last line: nobody waits for it for ever.
CSV_TRANSFERS_MAX = 100_000


@require_GET
def daily_statements(request: HttpRequest) -> HttpResponse:
    """The account's daily statements, newest first."""
    account = access_account(request)
    before = read_day(request.GET.get("before", ""))
    page = list_daily_statements(account.id, before, DAYS_A_PAGE)
    return render(request, "ledger/daily_statements.html", {"page": page, "first_page": before is None})


@require_GET
def monthly_statements(request: HttpRequest) -> HttpResponse:
    """The months of which there is a statement, newest first."""
    account = access_account(request)
    before = read_month(request.GET.get("before", ""))
    page = list_months(account.id, before, MONTHS_A_PAGE)
    return render(request, "ledger/monthly_statements.html", {"page": page, "first_page": before is None})


@require_GET
def daily_statement(request: HttpRequest, day: str) -> HttpResponse:
    """One day: what there was, every transfer in its order, what is left. Made to be printed."""
    account = access_account(request)
    statement = _daily_statement(account.id, day)
    return render(request, "ledger/daily_statement.html", _page_of(request, statement) | {"account": account})


@require_GET
def daily_statement_csv(request: HttpRequest, day: str) -> HttpResponseBase:
    """The transfers of one day as a table for spreadsheets."""
    account = access_account(request)
    statement = _daily_statement(account.id, day)
    return file_response(request, account.id, f"tredye-statement-{statement.day}.csv", _parts(statement))


@require_GET
def monthly_statement(request: HttpRequest, month: str) -> HttpResponse:
    """The closed days of a month put together, day by day and with every transfer. Made to be printed."""
    account = access_account(request)
    statement = _monthly_statement(account.id, month)
    return render(request, "ledger/monthly_statement.html", _page_of(request, statement) | {"account": account})


@require_GET
def monthly_statement_csv(request: HttpRequest, month: str) -> HttpResponseBase:
    account = access_account(request)
    statement = _monthly_statement(account.id, month)
    return file_response(request, account.id, f"tredye-statement-{statement.month:%Y-%m}.csv", _parts(statement))


def _page_of(request: HttpRequest, statement: DailyStatementView | MonthlyStatementView) -> dict[str, object]:
    after = max(read_after(request.GET), statement.after_transfer_id)
    page = selectors.list_transfers_in(statement.account_id, after, statement.last_transfer_id, TRANSFERS_A_PAGE)
    return {
        "statement": statement,
        "page": page,
        "first_page": after == statement.after_transfer_id,
        "transfers_a_page": TRANSFERS_A_PAGE,
    }


def _parts(statement: DailyStatementView | MonthlyStatementView) -> Iterator[str]:
    """Opening balances, every posting in its order, closing balances."""
    yield csv_text.head() + csv_text.balances("OPENING", statement.lines)
    after: int | None = statement.after_transfer_id
    sent = 0
    while after is not None and sent < CSV_TRANSFERS_MAX:
        page = selectors.list_transfers_in(statement.account_id, after, statement.last_transfer_id, selectors.LIMIT_MAX)
        sent, after = sent + len(page.transfers), page.next_cursor
        yield csv_text.postings(page.transfers)
    if after is not None:
        yield csv_text.cut_off("There are more transfers than this file may hold.")
    yield csv_text.balances("CLOSING", statement.lines)


def _daily_statement(account_id: int, text: str) -> DailyStatementView:
    """Raises Http404 for a day without a statement of this account: one of the future, of somebody else, or no day at all."""
    day = read_day(text)
    found = get_daily_statement(account_id, day) if day is not None else None
    if found is None:
        raise Http404("no statement of that day")
    return found


def _monthly_statement(account_id: int, text: str) -> MonthlyStatementView:
    """Raises Http404 for a month of which there is no closed day of this account."""
    month = read_month(text)
    found = get_monthly_statement(account_id, month) if month is not None else None
    if found is None:
        raise Http404("no statement of that month")
    return found

"""Cash: balances, the statement, and paper money in and out."""

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods

from apps.accounts.access import access_account
from apps.accounts.fragments import is_partial
from apps.commands.client import new_command_id
from apps.commands.rate import TooFastError
from apps.commands.reasons import SENTENCES, Reason
from apps.instruments.selectors import AssetView, list_instruments
from apps.ledger import csv_text, selectors
from apps.ledger.forms import MoneyForm, read_after, read_day, read_money_form, read_statement_query
from apps.ledger.selectors_statements import DailyStatementView, get_daily_statement, list_daily_statements
from apps.ledger.services import Direction, move_paper_money

PAGE_SIZE = 50
DAYS_A_PAGE = 31
TRANSFERS_A_PAGE = 200
#: A longer day is cut off in the file, which says so in its last line: nobody waits for it, and no process is filled by it.
CSV_TRANSFERS_MAX = 20_000


def _cash_assets() -> list[AssetView]:
    """What paper money can be paid in: every currency that an instrument is quoted in, dollars first."""
    found = {view.quote.code: view.quote for view in list_instruments()}
    return sorted(found.values(), key=lambda asset: (asset.code != "USD", asset.code))


@require_GET
def statement(request: HttpRequest) -> HttpResponse:
    """Balances and every transfer, newest first. One view for the page and for the part that htmx refreshes."""
    account = access_account(request)
    balances = selectors.list_balances(account.id)
    asset, cursor = read_statement_query(request.GET, [balance.asset for balance in balances])
    page = selectors.list_statement(account.id, asset, cursor, PAGE_SIZE)
    context = {
        "balances": balances,
        "page": page,
        "asset": asset,
        "first_page": cursor is None,
        "next_address": f"?{urlencode(_query(asset, page.next_cursor))}" if page.next_cursor else "",
        "newest_address": f"?{urlencode(_query(asset, None))}",
    }
    return render(request, "ledger/_statement.html" if is_partial(request) else "ledger/statement.html", context)


def _query(asset: str, before: int | None) -> dict[str, Any]:
    return {name: value for name, value in (("asset", asset), ("before", before)) if value}


@require_GET
def daily_statements(request: HttpRequest) -> HttpResponse:
    """The account's daily statements, newest first."""
    account = access_account(request)
    before = read_day(request.GET.get("before", ""))
    page = list_daily_statements(account.id, before, DAYS_A_PAGE)
    return render(request, "ledger/daily_statements.html", {"page": page, "first_page": before is None})


@require_GET
def daily_statement(request: HttpRequest, day: str) -> HttpResponse:
    """One day: what there was, every transfer in its order, what is left. Made to be printed."""
    account = access_account(request)
    statement = _daily_statement(account.id, day)
    after = max(read_after(request.GET), statement.after_transfer_id)
    page = selectors.list_transfers_in(account.id, after, statement.last_transfer_id, TRANSFERS_A_PAGE)
    context = {
        "account": account,
        "statement": statement,
        "page": page,
        "first_page": after == statement.after_transfer_id,
        "transfers_a_page": TRANSFERS_A_PAGE,
    }
    return render(request, "ledger/daily_statement.html", context)


@require_GET
def daily_statement_csv(request: HttpRequest, day: str) -> HttpResponse:
    """The transfers of one day as a table for spreadsheets."""
    account = access_account(request)
    statement = _daily_statement(account.id, day)
    transfers: list[selectors.TransferView] = []
    after: int | None = statement.after_transfer_id
    while after is not None and len(transfers) < CSV_TRANSFERS_MAX:
        page = selectors.list_transfers_in(account.id, after, statement.last_transfer_id, selectors.LIMIT_MAX)
        transfers += page.transfers
        after = page.next_cursor
    response = HttpResponse(csv_text.statement_csv(statement, transfers, complete=after is None), content_type="text/csv")
    response["Content-Disposition"] = f'attachment; filename="tredye-statement-{statement.day}.csv"'
    return response


def _daily_statement(account_id: int, text: str) -> DailyStatementView:
    """Raises Http404 for a day without a statement of this account: one of the future, of somebody else, or no day at all."""
    day = read_day(text)
    found = get_daily_statement(account_id, day) if day is not None else None
    if found is None:
        raise Http404("no statement of that day")
    return found


@require_http_methods(["GET", "POST"])
def deposit(request: HttpRequest) -> HttpResponse:
    return _move(request, Direction.DEPOSIT)


@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest) -> HttpResponse:
    return _move(request, Direction.WITHDRAW)


def _move(request: HttpRequest, direction: Direction) -> HttpResponse:
    """The form gets its id when it is opened, and a new one after every definite answer: a double click moves money once."""
    account = access_account(request)
    assets = _cash_assets()
    if request.method == "GET":
        first = assets[0].code if assets else ""
        return _form_page(request, direction, assets, account.id, MoneyForm(first, "", new_command_id()))
    form = read_money_form(request.POST, assets)
    if form.errors:
        form.command_id = new_command_id()
        return _form_page(request, direction, assets, account.id, form, status=422)
    try:
        outcome = move_paper_money(
            direction=direction,
            account_id=account.id,
            user_id=account.user_id,
            asset=form.asset,
            amount=form.amount,
            command_id=form.command_id,
            memo="Paper money",
        )
    except TooFastError:
        form.errors["form"] = f"{SENTENCES[Reason.TOO_FAST]} Nothing was sent."
        return _form_page(request, direction, assets, account.id, form, status=429)
    if outcome.done:
        word = "Deposited" if direction is Direction.DEPOSIT else "Withdrew"
        messages.success(request, f"{word} {form.amount:,f} {form.asset}.")
        return redirect(reverse("ledger:statement"))
    form.errors["form"] = outcome.sentence
    if outcome.done is False:
        form.command_id = new_command_id()
    return _form_page(request, direction, assets, account.id, form, status=503 if outcome.done is None else 422)


def _form_page(
    request: HttpRequest, direction: Direction, assets: list[AssetView], account_id: int, form: MoneyForm, status: int = 200
) -> HttpResponse:
    context = {"direction": direction, "assets": assets, "form": form, "balances": selectors.list_balances(account_id)}
    return render(request, "ledger/money_form.html", context, status=status)

"""Paper money in and out."""

from decimal import Decimal

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from apps.accounts.access import access_account
from apps.commands.client import new_command_id
from apps.commands.notsent import NotSentError
from apps.commands.outcomes import CommandOutcome
from apps.commands.rate import TooFastError
from apps.commands.reasons import Reason
from apps.commands.types import CUSTOMER_DEPOSIT_MAX
from apps.degraded import CODES
from apps.instruments.selectors import AssetView, list_instruments
from apps.ledger import selectors
from apps.ledger.forms import MoneyForm, read_money_form
from apps.ledger.services import Direction, move_paper_money

#: What is wrong with the amount is told beside it.
_OF_THE_AMOUNT = frozenset({Reason.INSUFFICIENT_FUNDS, Reason.DEPOSIT_LIMIT})


@require_http_methods(["GET", "POST"])
def deposit(request: HttpRequest) -> HttpResponse:
    return _move(request, Direction.DEPOSIT)


@require_http_methods(["GET", "POST"])
def withdraw(request: HttpRequest) -> HttpResponse:
    return _move(request, Direction.WITHDRAW)


def _cash_assets() -> list[AssetView]:
    """What paper money can be paid in: every currency that an instrument is quoted in, dollars first."""
    found = {view.quote.code: view.quote for view in list_instruments()}
    return sorted(found.values(), key=lambda asset: (asset.code != "USD", asset.code))


def _move(request: HttpRequest, direction: Direction) -> HttpResponse:
    """The form gets its id when it is opened, and a new one after every definite answer: a double click moves money once."""
    account = access_account(request)
    assets = _cash_assets()
    if request.method == "GET":
        first = assets[0].code if assets else ""
        asked = request.GET.get("asset", first)
        chosen = asked if any(asset.code == asked for asset in assets) else first
        return _form_page(request, direction, assets, account.id, MoneyForm(chosen, "", new_command_id()))
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
    except NotSentError as error:
        form.errors["form"] = f"{error.sentence} Nothing was sent." if isinstance(error, TooFastError) else error.sentence
        return _form_page(request, direction, assets, account.id, form, status=error.status)
    if outcome.done:
        word = "Deposited" if direction is Direction.DEPOSIT else "Withdrew"
        messages.success(request, f"{word} {form.amount:,f} {form.asset}: transfer {outcome.reference}.")
        return redirect(reverse("ledger:statement"))
    _name_the_error(form, outcome, account.id)
    away = outcome.done is None or outcome.reason in CODES
    return _form_page(request, direction, assets, account.id, form, status=503 if away else 422)


def _name_the_error(form: MoneyForm, outcome: CommandOutcome, account_id: int) -> None:
    """Beside the amount when it is the amount's, with the way out. Nothing was done, unless nobody knows."""
    if outcome.done is False:
        form.command_id = new_command_id()
    sentence = outcome.sentence
    if outcome.reason == Reason.INSUFFICIENT_FUNDS:
        balance = selectors.get_balance(account_id, form.asset)
        available, held = (balance.available, balance.held) if balance else (Decimal(0), Decimal(0))
        way_out = f" Cancel open orders to free the {held.normalize():,f} that they hold." if held else ""
        limit = f"at most {available.normalize():,f} {form.asset}, which is available"
        sentence = f"amount must be {limit}, was {form.amount:,f}.{way_out}"
    elif outcome.reason == Reason.DEPOSIT_LIMIT:
        sentence = (
            f"amount must be at most {CUSTOMER_DEPOSIT_MAX:,} {form.asset} at once, was {form.amount:,f}. Deposit it in parts."
        )
    form.errors["amount" if outcome.reason in _OF_THE_AMOUNT else "form"] = sentence


def _form_page(
    request: HttpRequest, direction: Direction, assets: list[AssetView], account_id: int, form: MoneyForm, status: int = 200
) -> HttpResponse:
    known = {balance.asset.code: balance for balance in selectors.list_balances(account_id)}
    context = {
        "direction": direction,
        "assets": assets,
        "form": form,
        "balances": [known[asset.code] for asset in assets if asset.code in known],
        "most": Decimal(CUSTOMER_DEPOSIT_MAX),
    }
    return render(request, "ledger/money_form.html", context, status=status)

"""How the account trades, as far as its owner chooses. What the engine decides by goes through it; the rest is the pages' own."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from apps.accounts.access import access_account
from apps.accounts.preferences import (
    DEFAULT_SIZES_MAX,
    TOLERANCE_BPS_MAX,
    PreferenceError,
    get_preferences,
    remove_default_size,
    set_default_size,
    set_tolerance,
)
from apps.accounts.selectors import AccountView
from apps.accounts.services import choose_self_trade_prevention
from apps.commands.client import new_command_id
from apps.core.enums import SelfTradePrevention
from apps.instruments.selectors import list_instruments
from apps.instruments.symbols import is_symbol
from apps.orders.forms_settings import SizeForm, ToleranceForm, TradingForm


@require_http_methods(["GET", "POST"])
def trading(request: HttpRequest) -> HttpResponse:
    """The page, and what happens when two of the account's orders meet. The engine decides that, and keeps it."""
    account = access_account(request)
    if request.method != "POST":
        return _page(request, account)
    form = TradingForm(request.POST)
    if not form.is_valid():
        return _page(request, account, mode_form=form, status=422)
    mode = SelfTradePrevention(form.cleaned_data["mode"])
    outcome = choose_self_trade_prevention(
        account_id=account.id, user_id=account.user_id, mode=mode, command_id=form.cleaned_data["command_id"]
    )
    if outcome.done:
        messages.success(request, outcome.sentence)
        return redirect("trading_settings")
    if outcome.done is False:  # decided: another try is another command
        form = TradingForm({**request.POST.dict(), "command_id": new_command_id()})
    form.add_error(None, outcome.sentence)
    return _page(request, account, mode_form=form, status=422 if outcome.done is False else 503)


@require_POST
def tolerance(request: HttpRequest) -> HttpResponse:
    account = access_account(request)
    form = ToleranceForm(request.POST)
    if not form.is_valid():
        return _page(request, account, tolerance_form=form, status=422)
    set_tolerance(account_id=account.id, tolerance_bps=form.cleaned_data["tolerance_bps"])
    messages.success(request, "The tolerance was saved. It holds from the next order on.")
    return redirect("trading_settings")


@require_POST
def size(request: HttpRequest) -> HttpResponse:
    """Set the default size of one instrument."""
    account = access_account(request)
    form = SizeForm(request.POST, instruments=list_instruments())
    if not form.is_valid():
        return _page(request, account, size_form=form, status=422)
    view = form.instrument
    try:
        set_default_size(
            account_id=account.id, instrument_id=view.id, quantity=form.cleaned_data["quantity"], grid=view.grid,
            maximum=view.max_quantity,
        )  # fmt: skip
    except PreferenceError as error:
        form.add_error(error.field, str(error))
        return _page(request, account, size_form=form, status=422)
    messages.success(request, f"Tickets of {view.symbol} begin with this size from now on.")
    return redirect("trading_settings")


@require_POST
def remove_size(request: HttpRequest) -> HttpResponse:
    account = access_account(request)
    symbol = request.POST.get("symbol", "")
    if is_symbol(symbol):
        remove_default_size(account_id=account.id, symbol=symbol)
    return redirect("trading_settings")


def _page(
    request: HttpRequest,
    account: AccountView,
    *,
    mode_form: TradingForm | None = None,
    tolerance_form: ToleranceForm | None = None,
    size_form: SizeForm | None = None,
    status: int = 200,
) -> HttpResponse:
    preferences, instruments = get_preferences(account.id), list_instruments()
    by_symbol = {view.symbol: view for view in instruments}
    mode = {"mode": account.self_trade_prevention.value, "command_id": new_command_id()}
    context = {
        "account": account,
        "form": mode_form or TradingForm(initial=mode),
        "tolerance_form": tolerance_form or ToleranceForm(initial={"tolerance_bps": preferences.tolerance_bps}),
        "tolerance_bps_max": TOLERANCE_BPS_MAX,
        "size_form": size_form or SizeForm(None, instruments=instruments),
        "sizes": [(by_symbol[symbol], quantity) for symbol, quantity in preferences.default_sizes.items()],
        "sizes_max": DEFAULT_SIZES_MAX,
    }
    return render(request, "orders/settings.html", context, status=status)

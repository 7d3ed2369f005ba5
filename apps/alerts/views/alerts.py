"""Alerts on prices: the list with how far each is, the form, and what can be done with one."""

from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.accounts.access import access_account
from apps.accounts.fragments import is_partial
from apps.alerts import selectors, services
from apps.alerts.forms import PriceForm, blank_form, form_of, posted_form, propose_price, read_wish
from apps.alerts.kinds import BASIS_WORDS, LIVES, PAUSES, SLOTS, Basis
from apps.alerts.selectors import AlertView
from apps.core.keyset import read_cursor
from apps.instruments.selectors import InstrumentNotFoundError, InstrumentView, get_instrument, list_instruments
from apps.marketdata.selectors import PriceNotFoundError, PriceView, get_latest

FIRINGS_PER_PAGE = 20


@require_GET
def index(request: HttpRequest) -> HttpResponse:
    """One view for the page and for the part that is read again when an alert fired."""
    account = access_account(request)
    before = read_cursor(request.GET)
    firings = selectors.list_firings(account.id, before, FIRINGS_PER_PAGE + 1)
    shown = firings[:FIRINGS_PER_PAGE]
    context = {
        "alerts": selectors.list_alerts(account.id),
        "followed": selectors.list_order_alerts(account.id),
        "slots": SLOTS,
        "deleted": _deleted(account.id, request.GET),
        "firings": shown,
        "first_page": before is None,
        "older": f"?{urlencode({'before': shown[-1].id})}" if len(firings) > FIRINGS_PER_PAGE else "",
        "here": request.get_full_path(),
    }
    return render(request, "alerts/_alerts.html" if is_partial(request) else "alerts/alerts.html", context)


@require_http_methods(["GET", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """The form, filled in from the chart or a row by its address. For htmx and the dialog the form alone."""
    account = access_account(request)
    if request.GET.get("order", "").isdecimal():
        return redirect("alerts:follow", order_id=int(request.GET["order"][:18]))
    form = posted_form(request.POST) if request.method == "POST" else blank_form(request.GET)
    instrument = _instrument(form.symbol)
    if request.method == "GET":
        if instrument is not None:
            propose_price(form, _prices(instrument)[Basis(form.basis)], instrument.tick_size)
        return _form_page(request, form, instrument)
    wish = read_wish(form, instrument, _prices(instrument), timezone.now())
    if wish is None:
        return _form_page(request, form, instrument, status=422)
    try:
        alert_id, is_new = services.make_price_alert(account_id=account.id, wish=wish)
    except services.TooManyAlertsError as error:
        form.errors["form"] = str(error)
        return _form_page(request, form, instrument, status=422)
    alert = selectors.find_alert(account.id, alert_id)
    if alert is None:
        raise Http404("it was deleted meanwhile")
    said = f"You are told when {alert.instrument.symbol} is {alert.words}." if is_new else "You have this alert already."
    return _done(request, said)


@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, alert_id: int) -> HttpResponse:
    account = access_account(request)
    alert = selectors.find_alert(account.id, alert_id)
    if alert is None or not alert.can_change:
        raise Http404("no such alert")
    if request.method == "GET":
        return _form_page(request, form_of(alert), alert.instrument, alert)
    form = posted_form(request.POST)
    form.symbol = alert.instrument.symbol
    wish = read_wish(form, alert.instrument, _prices(alert.instrument), timezone.now(), alert.expires_at)
    if wish is None:
        return _form_page(request, form, alert.instrument, alert, status=422)
    try:
        services.change_price_alert(account_id=account.id, alert_id=alert_id, wish=wish)
    except services.AlertNotFoundError:
        raise Http404("it was deleted, or fired, meanwhile") from None
    return _done(request, "The alert was changed, and is watched from now on.")


@require_POST
def turn(request: HttpRequest, alert_id: int) -> HttpResponse:
    """On or off, as the button says."""
    account = access_account(request)
    try:
        services.turn_price_alert(account_id=account.id, alert_id=alert_id, on=request.POST.get("on") == "1")
    except services.AlertNotFoundError:
        raise Http404("no such alert") from None
    return redirect("alerts:alerts")


@require_POST
def delete(request: HttpRequest, alert_id: int) -> HttpResponse:
    account = access_account(request)
    try:
        services.delete_price_alert(account_id=account.id, alert_id=alert_id)
    except services.AlertNotFoundError:
        raise Http404("no such alert") from None
    return redirect(f"{reverse('alerts:alerts')}?{urlencode({'deleted': alert_id})}")


@require_POST
def restore(request: HttpRequest, alert_id: int) -> HttpResponse:
    account = access_account(request)
    try:
        services.restore_price_alert(account_id=account.id, alert_id=alert_id)
    except services.AlertNotFoundError:
        raise Http404("no such alert") from None
    except services.TooManyAlertsError as error:
        messages.error(request, str(error))
    return redirect("alerts:alerts")


def _done(request: HttpRequest, said: str) -> HttpResponse:
    """A page goes back to the list; the dialog closes and says it."""
    if is_partial(request):
        return render(request, "alerts/_done.html", {"said": said})
    messages.success(request, said)
    return redirect("alerts:alerts")


def _deleted(account_id: int, query: QueryDict) -> AlertView | None:
    """The alert that was deleted just now, while it can be had back."""
    alert_id = read_cursor(query, "deleted")
    return selectors.find_deleted(account_id, alert_id, services.UNDO_FOR) if alert_id else None


def _instrument(symbol: str) -> InstrumentView | None:
    try:
        return get_instrument(symbol.upper())
    except InstrumentNotFoundError:
        return None


def _price(instrument: InstrumentView | None) -> PriceView | None:
    try:
        return get_latest(instrument.id) if instrument else None
    except PriceNotFoundError:
        return None


def _prices(instrument: InstrumentView | None) -> dict[Basis, Decimal | None]:
    price = _price(instrument)
    return {basis: selectors.price_of(price, basis) for basis in Basis}


def _form_page(
    request: HttpRequest, form: PriceForm, instrument: InstrumentView | None, alert: AlertView | None = None, status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {
        "form": form,
        "alert": alert,
        "instrument": instrument,
        "instruments": () if instrument else list_instruments(),
        "price": _price(instrument),
        "bases": [(basis.value, word.capitalize()) for basis, word in BASIS_WORDS.items()],
        "pauses": [(str(seconds), words) for seconds, words in PAUSES.items()],
        "lives": [(str(seconds), words) for seconds, words in LIVES.items()],
    }
    return render(request, "alerts/_form.html" if is_partial(request) else "alerts/form.html", context, status=status)

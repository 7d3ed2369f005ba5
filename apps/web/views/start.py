"""The three steps of a new account: read again when an order was taken, and put away."""

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from apps.accounts.access import access_account
from apps.accounts.fragments import way_back
from apps.instruments.selectors import InstrumentNotFoundError
from apps.instruments.symbols import is_symbol
from apps.marketdata.board import get_glance
from apps.orders.selectors_first import has_ordered
from apps.web.start import COOKIE, SHOWN_FOR, start_of


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """The steps as a fragment, the last one done if it is; of the instrument ``symbol`` if there is one."""
    account = access_account(request)
    symbol = request.GET.get("symbol", "")
    try:
        chosen = get_glance(symbol, timezone.now()) if is_symbol(symbol) else None
    except InstrumentNotFoundError as error:
        raise Http404(str(error)) from error
    return render(request, "web/_start.html", {"start": start_of(account, chosen, done=has_ordered(account.id))})


@require_POST
def put_away(request: HttpRequest) -> HttpResponse:
    account = access_account(request)
    response = HttpResponseRedirect(way_back(request, "/markets/"))
    response.set_cookie(COOKIE, str(account.id), max_age=SHOWN_FOR, httponly=True, samesite="Lax", secure=request.is_secure())
    return response

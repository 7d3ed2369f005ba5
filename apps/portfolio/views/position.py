"""The position in one instrument: a fragment of the instrument's page, and a page with every fill that made it."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from apps.accounts.access import access_account
from apps.accounts.fragments import is_partial
from apps.core.keyset import read_cursor
from apps.instruments.selectors import InstrumentNotFoundError
from apps.portfolio.selectors import get_position
from apps.portfolio.selectors_fills import list_position_fills

PAGE_SIZE = 50


@require_GET
def position(request: HttpRequest, symbol: str) -> HttpResponse:
    """htmx asks for the position alone."""
    account = access_account(request)
    try:
        view = get_position(account.id, symbol)
    except InstrumentNotFoundError:
        raise Http404 from None
    instrument = view.instrument
    context = {"position": view, "stale": view.is_stale(timezone.now()), "instrument": instrument}
    if is_partial(request):
        return render(request, "portfolio/_position.html", context)
    cursor = read_cursor(request.GET)
    page = list_position_fills(account.id, instrument.id, cursor, PAGE_SIZE)
    return render(request, "portfolio/position.html", context | {"page": page, "first_page": cursor is None})

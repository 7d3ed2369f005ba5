"""One instrument."""

from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from apps.accounts.access import access_account, find_account
from apps.instruments.marks import mark_of
from apps.instruments.selectors import InstrumentNotFoundError, InstrumentView, find_next_session, get_instrument
from apps.marketdata.board import get_glance
from apps.marketdata.intervals import DEFAULT, INTERVALS
from apps.orders.switches import switch_of
from apps.watchlists.pages import stars_of
from apps.web.context import shell_of
from apps.web.funds import get_funds
from apps.web.start import find_start, start_of
from apps.web.ticket_start import first_ticket


@require_safe
def instrument(request: HttpRequest, symbol: str) -> HttpResponse:
    """One instrument: chart, depth, tape, ticket, and what the reader holds of it."""
    now = timezone.now()
    try:
        glance = get_glance(symbol, now)
    except InstrumentNotFoundError as error:
        raise Http404(str(error)) from error
    account = find_account(request)
    interval = request.GET.get("interval", "")
    context = {
        "glance": glance,
        **_state_context(request, glance.instrument, now),
        "intervals": INTERVALS.values(),
        "interval": INTERVALS.get(interval, INTERVALS[DEFAULT]),
        "account": account,
        "stars": stars_of(request),
        "start": start_of(new, glance) if (new := find_start(request, now)) else None,
        "switch": switch_of(request, account) if account else None,
        "back": request.path,
        "funds": get_funds(account.id, glance.instrument) if account else None,
        **first_ticket(request.GET, glance, account.id if account else None),
    }
    return render(request, "web/instrument.html", context)


@require_safe
def trading_state(request: HttpRequest, symbol: str) -> HttpResponse:
    """What the instrument takes now: the parts of its page that say so, for a page that the stream told of a change."""
    try:
        view = get_instrument(symbol)
    except InstrumentNotFoundError as error:
        raise Http404(str(error)) from error
    context = {**_state_context(request, view, timezone.now()), "account": find_account(request)}
    return render(request, "web/_trading_now_parts.html", context)


def _state_context(request: HttpRequest, view: InstrumentView, now: datetime) -> dict[str, object]:
    is_killed = shell_of(request).kill_reason is not None
    return {
        "instrument": view,
        "is_killed": is_killed,
        "next_session": None if view.is_open else find_next_session(view.id, now),
        "state_mark": mark_of(view.state_changed_at, view.paused_until, is_killed=is_killed),
    }


@require_safe
def funds(request: HttpRequest, symbol: str) -> HttpResponse:
    """What the ticket can spend and sell: a fragment that is read again whenever a balance changes."""
    account = access_account(request)
    try:
        view = get_instrument(symbol)
    except InstrumentNotFoundError as error:
        raise Http404(str(error)) from error
    return render(request, "web/_funds.html", {"instrument": view, "funds": get_funds(account.id, view)})

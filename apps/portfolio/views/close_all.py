"""Close all positions: a page that says what that does, then the sending, a few at a time, and what became of each."""

from collections.abc import Collection, Mapping
from datetime import datetime
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from apps.accounts.access import access_account
from apps.accounts.fragments import is_partial
from apps.accounts.selectors import AccountView
from apps.commands.client import EngineUnavailableError, new_command_id
from apps.commands.notsent import NotSentError
from apps.instruments.selectors import InstrumentView
from apps.orders.checking import Asked, read_asked_at, write_asked_at
from apps.orders.seen import Question, carried
from apps.orders.selectors_answers import find_answers
from apps.portfolio.closing import Closed, closing_id, outcomes, sums_of
from apps.portfolio.forms import read_answered, read_base_id, read_confirms, read_instruments
from apps.portfolio.selectors_closing import list_closings
from apps.portfolio.services_closing import AT_ONCE, close_next, settle_closing
from apps.receipts.services import received_at

#: Confirmed prices that go along in an address, for what is sent next. It would be long with more, and they are old by then.
CONFIRMS_MAX = 60


@require_http_methods(["GET", "POST"])
def close_all(request: HttpRequest) -> HttpResponse:
    """The confirmation; a POST sends the next of what was confirmed and leads to what became of it.

    What is confirmed is a sale at about the prices of the page: when they are not those any more, it is asked again.
    """
    received_ns = received_at(request)
    account = access_account(request)
    if request.method != "POST":
        return _confirm(request, account, new_command_id())
    base_id, instruments, confirms = read_base_id(request.POST), read_instruments(request.POST), read_confirms(request.POST)
    if not base_id or not instruments:
        messages.error(request, "This form was not complete. Look at the list and confirm once more.")
        return redirect("portfolio:close_all")
    progress = close_next(account=account, instruments=instruments, base_id=base_id, confirms=confirms, received_ns=received_ns)
    if progress.questions:
        return _confirm(request, account, base_id, instruments, progress.questions)
    if progress.trouble:
        messages.warning(request, progress.trouble)
    query = [("answered", str(progress.answered)), *(("symbol", view.symbol) for view in instruments)]
    query += [("confirms", f"{view.symbol}:{confirms.get(view.symbol, '')}") for view in progress.left[:CONFIRMS_MAX]]
    if progress.lost is not None:
        query += [("lost", progress.lost.symbol), ("asked", write_asked_at(timezone.now()))]
    return redirect(_result_address(base_id, urlencode(query)))


def _result_address(base_id: str, query: str) -> str:
    return f"{reverse('portfolio:closed_all', args=[base_id])}?{query}"


def _confirm(
    request: HttpRequest,
    account: AccountView,
    base_id: str,
    only: Collection[InstrumentView] = (),
    questions: Mapping[int, Question] | None = None,
) -> HttpResponse:
    """``questions``, by instrument id, are why it is asked again, about those of ``only`` that have no answer yet."""
    now, asked = timezone.now(), questions or {}
    answers = find_answers(account.id, [closing_id(base_id, view) for view in only]) if only else {}
    answered = [view for view in only if closing_id(base_id, view) in answers]
    wanted = {view.id for view in only} - {view.id for view in answered}
    closings = list_closings(account.id, account.max_order_notional)
    if asked:
        closings = tuple(each for each in closings if each.instrument.id in wanted)
    carries = {each.instrument.id: carried(each.price, now) for each in closings}
    sent = [each for each in closings if each.is_sent and carries[each.instrument.id]]
    context = {
        "rows": [(each, each.is_stale(now), asked.get(each.instrument.id)) for each in closings],
        "sent": [(each, carries[each.instrument.id]) for each in sent],
        "sums": sums_of((each.instrument, each.brings) for each in sent),
        "answered": answered,
        "command_id": base_id,
        "now": now,
        "asked_again": bool(asked),
    }
    template = "portfolio/_close_all.html" if is_partial(request) else "portfolio/close_all.html"
    return render(request, template, context, status=422 if asked else 200)


@require_GET
def closed_all(request: HttpRequest, base_id: str) -> HttpResponse:
    """What is stored of each; while some have no answer, the way to send those.

    With JavaScript it goes on by itself for as long as each request gets further than the one before.
    """
    account = access_account(request)
    instruments = read_instruments(request.GET)
    if not instruments:
        return redirect("portfolio:close_all")
    answers = find_answers(account.id, [closing_id(base_id, view) for view in instruments])
    rows = outcomes(base_id, instruments, answers)
    context = {
        "rows": rows,
        "base_id": base_id,
        "waiting": sum(not row.is_known for row in rows),
        "done": sum(row.state == "done" for row in rows),
        "at_once": AT_ONCE,
        "goes_on": len(answers) > read_answered(request.GET),
        "confirms": request.GET.getlist("confirms")[:CONFIRMS_MAX],
        "sums": sums_of((row.instrument, row.brought) for row in rows if row.brought is not None),
        **_checking(request, base_id, rows, timezone.now()),
    }
    return render(request, "portfolio/_closed_all.html" if is_partial(request) else "portfolio/closed_all.html", context)


@require_POST
def settle(request: HttpRequest, base_id: str) -> HttpResponse:
    """Find out for certain about the closing that got no answer, once the time to look has passed."""
    account = access_account(request)
    lost = next((view for view in read_instruments(request.GET) if view.symbol == request.GET.get("lost")), None)
    if lost is not None and _asked(request, base_id, lost, timezone.now()).is_late(timezone.now()):
        try:
            settle_closing(account=account, instrument=lost, base_id=base_id)
        except (NotSentError, EngineUnavailableError):
            pass  # the page says so, and tries again
    return redirect(_result_address(base_id, request.GET.urlencode()))


def _asked(request: HttpRequest, base_id: str, lost: InstrumentView, now: datetime) -> Asked:
    return Asked(closing_id(base_id, lost), read_asked_at(request.GET.get("asked", ""), now))


def _checking(request: HttpRequest, base_id: str, rows: Collection[Closed], now: datetime) -> dict[str, object]:
    """What the page says of the closing whose answer was lost, while it is not known; nothing otherwise."""
    lost = next((row for row in rows if not row.is_known and row.instrument.symbol == request.GET.get("lost")), None)
    if lost is None:
        return {}
    asked = _asked(request, base_id, lost.instrument, now)
    return {
        "lost": lost,
        "until": asked.until(now),
        "is_late": asked.is_late(now),
        "look_address": request.get_full_path(),
        "settle_address": f"{reverse('portfolio:settle_closing', args=[base_id])}?{request.GET.urlencode()}",
    }

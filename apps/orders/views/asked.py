"""What became of a change whose answer was lost: of an amendment, a cancel, a cancel of all, a closing.

As with a ticket (:mod:`apps.orders.views.lost`) it is only looked up for a while, since it may still be done and was wanted.
After that its id is closed in the engine, which either shows that it was done, or makes sure that it never will be. The cancel
of one order has one id for ever, so that is asked for again instead: what it would do late is what was wanted, or nothing.
"""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from apps.accounts.access import access_account
from apps.accounts.fragments import is_partial, way_back
from apps.accounts.selectors import AccountView
from apps.commands.answers import AnyAnswer, CancelAnswer, ConflictAnswer
from apps.commands.client import EngineUnavailableError
from apps.commands.notsent import NotSentError
from apps.observability.metrics import ORDERS_ANSWERS_LOST
from apps.orders.checking import Asked, read_asked_at
from apps.orders.endings import ending_of
from apps.orders.selectors_answers import find_answer
from apps.orders.services import cancel_order, close_id, order_of_cancel
from apps.orders.views.replies import UNKNOWN, reply, reply_to, wants_json
from apps.orders.views.told import CHANGED


@require_GET
def asked(request: HttpRequest, command_id: str) -> HttpResponse:
    """Lead to what was done, once that is stored; "not known yet" until then."""
    account = access_account(request)
    answer = find_answer(account.id, command_id)
    return _still_unknown(request, account, command_id) if answer is None else _found(request, answer)


@require_POST
def settle(request: HttpRequest, command_id: str) -> HttpResponse:
    """Find out for certain, once the time to look has passed; before that it only looks."""
    account = access_account(request)
    answer = find_answer(account.id, command_id)
    if answer is not None:
        return _found(request, answer)
    if not _read(request, command_id).is_late(timezone.now()):
        return _still_unknown(request, account, command_id)
    order_id = order_of_cancel(account.id, command_id)
    try:
        told = (
            close_id(account=account, command_id=command_id)
            if order_id is None
            else cancel_order(account=account, order_id=order_id)
        )
    except (NotSentError, EngineUnavailableError):
        return _still_unknown(request, account, command_id)
    # A conflict: it was decided, and came through after all. Refused is a cancel of what is no order of the account.
    answer = find_answer(account.id, command_id) if isinstance(told, ConflictAnswer) else told
    if answer is None:
        return _still_unknown(request, account, command_id)
    ORDERS_ANSWERS_LOST.labels("closed" if answer is told and order_id is None else "found").inc()
    return _found(request, answer)


def asked_context(command_id: str, back: str) -> dict[str, object]:
    """What ``orders/_asked.html`` shows of a change that was sent just now and not answered."""
    return _context(Asked(command_id, timezone.now(), back))


def asked_address(command_id: str, back: str) -> str:
    """The page that looks for a change that was sent just now and not answered."""
    return f"{reverse('orders:asked', args=[command_id])}?{Asked(command_id, timezone.now(), back).query}"


def show_ending(request: HttpRequest, answer: AnyAnswer) -> HttpResponse:
    """Tell what became of it on the page that shows the rest."""
    ending = ending_of(answer)
    messages.add_message(request, ending.level, ending.text)
    address = way_back(request, ending.address) if ending.is_to_do_again else ending.address
    if not is_partial(request):
        return HttpResponseRedirect(address)
    response = HttpResponse(status=200)
    response["HX-Redirect"] = address
    return response


def show_canceled(request: HttpRequest, answer: AnyAnswer, order_id: int) -> HttpResponse:
    """The note that says what became of the cancel of one order."""
    ending = ending_of(answer)
    context = {"level_tag": messages.DEFAULT_TAGS[ending.level], "text": ending.text, "order_id": order_id}
    response = render(request, "orders/_cancel_result.html", context)
    response["HX-Trigger"] = CHANGED
    return response


def _found(request: HttpRequest, answer: AnyAnswer) -> HttpResponse:
    if wants_json(request):
        return reply_to(answer)
    if isinstance(answer, CancelAnswer) and is_partial(request):
        return show_canceled(request, answer, answer.order_id)
    return show_ending(request, answer)


def _still_unknown(request: HttpRequest, account: AccountView, command_id: str) -> HttpResponse:
    if wants_json(request):
        return reply(UNKNOWN, "Not known yet.")
    context = _context(_read(request, command_id))
    if not is_partial(request):
        return render(request, "orders/asked.html", context)
    order_id = order_of_cancel(account.id, command_id)
    if order_id is None:
        return render(request, "orders/_asked.html", context)
    return render(request, "orders/_cancel_unknown.html", {**context, "order_id": order_id})


def _read(request: HttpRequest, command_id: str) -> Asked:
    return Asked(command_id, read_asked_at(request.GET.get("asked", ""), timezone.now()), way_back(request, ""))


def _context(asked: Asked) -> dict[str, object]:
    now, is_late = timezone.now(), asked.is_late(timezone.now())
    address = f"{reverse('orders:asked', args=[asked.command_id])}?{asked.query}"
    settles = f"{reverse('orders:settle_asked', args=[asked.command_id])}?{asked.query}"
    return {"asked_address": address, "settle_address": settles, "until": asked.until(now), "is_late": is_late}

"""Cancel what is left of an order."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from apps.accounts.access import access_account
from apps.commands.client import EngineUnavailableError
from apps.commands.notsent import NotSentError
from apps.orders import selectors
from apps.orders.endings import ending_of
from apps.orders.services import cancel_id, cancel_order
from apps.orders.views import replies
from apps.orders.views.asked import asked_address, asked_context, show_canceled
from apps.orders.views.replies import reply, wants_json
from apps.orders.views.told import is_htmx

#: An order that had ended before needs no cancel any more.
_OUTCOMES = {messages.SUCCESS: replies.DONE, messages.WARNING: replies.REFUSED, messages.ERROR: replies.REFUSED}


@require_POST
def cancel(request: HttpRequest, order_id: int) -> HttpResponse:
    """Cancel an order of the account; somebody else's does not exist."""
    account = access_account(request)
    try:
        order = selectors.access_order(account.id, order_id)
    except selectors.OrderNotFoundError:
        raise Http404 from None
    try:
        answer = cancel_order(account=account, order_id=order.id)
    except NotSentError as error:
        return _told(request, order.id, messages.WARNING, error.sentence)
    except EngineUnavailableError:
        return _unknown(request, cancel_id(account.id, order.id), order.id)
    if is_htmx(request) and not wants_json(request):
        return show_canceled(request, answer, order.id)
    ending = ending_of(answer)
    return _told(request, order.id, ending.level, ending.text)


def _told(request: HttpRequest, order_id: int, level: int, text: str) -> HttpResponse:
    if wants_json(request):
        return reply(_OUTCOMES[level], text)
    if is_htmx(request):
        context = {"level_tag": messages.DEFAULT_TAGS[level], "text": text, "order_id": order_id}
        return render(request, "orders/_cancel_result.html", context)
    messages.add_message(request, level, text)
    return HttpResponseRedirect(reverse("orders:order", args=[order_id]))


def _unknown(request: HttpRequest, command_id: str, order_id: int) -> HttpResponse:
    """No answer in time. The note, or the page, looks until there is one."""
    if wants_json(request):
        return reply(replies.UNKNOWN, "No answer yet whether the order was canceled.", status=503)
    back = reverse("orders:order", args=[order_id])
    if is_htmx(request):
        return render(request, "orders/_cancel_unknown.html", {**asked_context(command_id, back), "order_id": order_id})
    return HttpResponseRedirect(asked_address(command_id, back))

"""Change an open order: a page with a form, which works the same without JavaScript."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from apps.accounts.access import access_account
from apps.accounts.selectors import AccountView
from apps.commands.answers import AmendAnswer
from apps.commands.client import EngineUnavailableError, new_command_id
from apps.commands.rate import TooFastError
from apps.orders import selectors
from apps.orders.amendments import AmendForm, told, why_not
from apps.orders.results import sentence_of
from apps.orders.selectors import OrderView
from apps.orders.services import amend_order

UNKNOWN = "No answer yet whether the order was amended. Send the form again: it is done once."


@require_http_methods(["GET", "POST"])
def amend(request: HttpRequest, order_id: int) -> HttpResponse:
    """Amend an order of the account; somebody else's does not exist, and one that has ended leads to its page."""
    account = access_account(request)
    try:
        order = selectors.access_order(account.id, order_id)
    except selectors.OrderNotFoundError:
        raise Http404 from None
    if request.method != "POST":
        if not order.is_open:
            messages.info(request, sentence_of("ORDER_NOT_OPEN"))
            return HttpResponseRedirect(reverse("orders:order", args=[order.id]))
        return _page(request, order, AmendForm(order, command_id=new_command_id()))
    form = AmendForm(order, request.POST)
    if not form.is_valid():
        return _page(request, order, form, status=422)
    return _send(request, account, order, form)


def _send(request: HttpRequest, account: AccountView, order: OrderView, form: AmendForm) -> HttpResponse:
    try:
        answer = amend_order(account=account, amendment=form.amendment)
    except TooFastError:
        return _page(request, order, form, sentence_of("TOO_FAST"), "TOO_FAST", status=429)
    except EngineUnavailableError:
        return _page(request, order, form, UNKNOWN, "UNAVAILABLE", status=503)
    reason, sentence = why_not(answer)
    if reason or not isinstance(answer, AmendAnswer):
        # It was decided: the next try, with other numbers, is another amendment.
        again = AmendForm(order, {**request.POST.dict(), "command_id": new_command_id()})
        return _page(request, order, again, sentence, reason, status=422)
    messages.success(request, told(answer))
    return HttpResponseRedirect(reverse("orders:order", args=[order.id]))


def _page(
    request: HttpRequest, order: OrderView, form: AmendForm, text: str = "", reason: str = "", *, status: int = 200
) -> HttpResponse:
    return render(request, "orders/amend.html", {"order": order, "form": form, "text": text, "reason": reason}, status=status)

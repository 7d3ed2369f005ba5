"""Change an open order: a page with a form, which works the same without JavaScript, and the line of a chart that is dragged."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from apps.accounts.access import access_account
from apps.accounts.selectors import AccountView
from apps.commands.answers import AmendAnswer
from apps.commands.client import EngineUnavailableError, new_command_id
from apps.commands.notsent import NotSentError
from apps.commands.reasons import sentence_of
from apps.orders import selectors
from apps.orders.amendments import AmendForm, why_not
from apps.orders.selectors import OrderView
from apps.orders.services import amend_order
from apps.orders.views.asked import asked_context, show_ending
from apps.orders.views.replies import REFUSED, UNKNOWN, reply, reply_to, wants_json


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
    if wants_json(request):
        return _reply(account, form)
    if not form.is_valid():
        return _page(request, order, form, status=422)
    return _send(request, account, order, form)


def _send(request: HttpRequest, account: AccountView, order: OrderView, form: AmendForm) -> HttpResponse:
    try:
        answer = amend_order(account=account, amendment=form.amendment)
    except NotSentError as error:
        return _page(request, order, form, error.sentence, error.reason, status=error.status)
    except EngineUnavailableError:
        return _page(request, order, form, status=503)
    reason, sentence = why_not(answer)
    if reason or not isinstance(answer, AmendAnswer):
        # It was decided: the next try, with other numbers, is another amendment.
        again = AmendForm(order, {**request.POST.dict(), "command_id": new_command_id()})
        return _page(request, order, again, sentence, reason, status=422)
    return show_ending(request, answer)


def _reply(account: AccountView, form: AmendForm) -> JsonResponse:
    """The same for a script: the same form, the same id, one sentence."""
    if not form.is_valid():
        return reply(REFUSED, " ".join(str(error) for errors in form.errors.values() for error in errors), status=422)
    try:
        return reply_to(amend_order(account=account, amendment=form.amendment))
    except NotSentError as error:
        return reply(REFUSED, error.sentence, status=error.status)
    except EngineUnavailableError:
        return reply(UNKNOWN, "No answer yet whether the order was amended.", status=503)


def _page(
    request: HttpRequest, order: OrderView, form: AmendForm, text: str = "", reason: str = "", *, status: int = 200
) -> HttpResponse:
    context: dict[str, object] = {"order": order, "form": form, "text": text, "reason": reason}
    if status == 503 and not text:
        context |= asked_context(form.cleaned_data["command_id"], request.path)
    return render(request, "orders/amend.html", context, status=status)

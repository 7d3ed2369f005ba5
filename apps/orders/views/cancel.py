"""Cancel what is left of an order."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST

from apps.accounts.access import access_account
from apps.commands.answers import AnyAnswer, CancelAnswer
from apps.commands.client import EngineUnavailableError
from apps.commands.rate import TooFastError
from apps.core.enums import OrderStatus
from apps.orders import selectors
from apps.orders.results import sentence_of
from apps.orders.services import cancel_order
from apps.orders.views.submit import CHANGED

UNKNOWN = "No answer yet whether the order was canceled. Look again in a moment; canceling again does no harm."


@require_POST
def cancel(request: HttpRequest, order_id: int) -> HttpResponse:
    """Cancel an order of the account; somebody else's does not exist."""
    account = access_account(request)
    try:
        order = selectors.access_order(account.id, order_id)
    except selectors.OrderNotFoundError:
        raise Http404 from None
    try:
        level, text = _told(cancel_order(account=account, order_id=order.id))
    except TooFastError:
        level, text = messages.WARNING, sentence_of("TOO_FAST")
    except EngineUnavailableError:
        level, text = messages.WARNING, UNKNOWN
    if request.headers.get("HX-Request") == "true":
        level_tag = messages.DEFAULT_TAGS[level]
        response = render(request, "orders/_cancel_result.html", {"level_tag": level_tag, "text": text, "order_id": order.id})
        response["HX-Trigger"] = CHANGED
        return response
    messages.add_message(request, level, text)
    return HttpResponseRedirect(reverse("orders:order", args=[order.id]))


def _told(answer: AnyAnswer) -> tuple[int, str]:
    """The level and the sentence that say what became of the cancel."""
    if not isinstance(answer, CancelAnswer):
        return messages.ERROR, sentence_of(getattr(answer, "reason", "")) or "The order could not be canceled."
    if answer.reason and answer.status is not OrderStatus.CANCELED:
        return messages.WARNING, f"{sentence_of(answer.reason)} It was {answer.status.replace('_', ' ').lower()}."
    filled = "" if answer.filled_quantity in ("", "0") else f" {answer.filled_quantity} had been filled before."
    return messages.SUCCESS, f"The order was canceled.{filled}"

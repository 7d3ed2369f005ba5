"""Close a position: first a page that says what that does, then the closing."""

import re

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from apps.accounts.access import access_account
from apps.commands.answers import OrderAnswer
from apps.commands.client import EngineUnavailableError, new_command_id
from apps.commands.rate import TooFastError
from apps.commands.types import COMMAND_ID_PATTERN
from apps.core.enums import Side
from apps.instruments.selectors import InstrumentNotFoundError, InstrumentView, get_instrument
from apps.orders import selectors
from apps.orders.results import result_of_answer, sentence_of
from apps.orders.services import close_position

UNKNOWN = "No answer yet whether the position was closed. Send the form again: it is done once."


@require_http_methods(["GET", "POST"])
def close(request: HttpRequest, symbol: str) -> HttpResponse:
    """The confirmation, and on a POST what it confirms. Sent twice, it is done once."""
    account = access_account(request)
    try:
        instrument = get_instrument(symbol)
    except InstrumentNotFoundError as error:
        raise Http404(str(error)) from error
    sells = [each for each in selectors.list_open_orders(account.id, symbol).orders if each.side is Side.SELL]
    if request.method != "POST":
        return _page(request, instrument, sells)
    command_id = request.POST.get("command_id", "")
    if not re.fullmatch(COMMAND_ID_PATTERN, command_id, re.ASCII):
        return _page(request, instrument, sells, "This form has no id. Confirm once more.", status=422)
    try:
        answer = close_position(account=account, symbol=symbol, command_id=command_id)
    except TooFastError:
        return _page(request, instrument, sells, sentence_of("TOO_FAST"), command_id, status=429)
    except EngineUnavailableError:
        return _page(request, instrument, sells, UNKNOWN, command_id, status=503)
    if not isinstance(answer, OrderAnswer):
        text = getattr(answer, "message", "") or sentence_of(getattr(answer, "reason", "")) or UNKNOWN
        return _page(request, instrument, sells, text, status=422)
    result = result_of_answer(answer, instrument)
    level = messages.ERROR if result.tone == "bad" else messages.SUCCESS
    messages.add_message(request, level, " ".join(filter(None, [f"{result.heading}.", result.sentence])))
    return HttpResponseRedirect(reverse("orders:order", args=[answer.order_id]))


def _page(
    request: HttpRequest,
    instrument: InstrumentView,
    sells: list[selectors.OrderView],
    text: str = "",
    command_id: str = "",
    *,
    status: int = 200,
) -> HttpResponse:
    context = {"instrument": instrument, "sells": sells, "text": text, "command_id": command_id or new_command_id()}
    return render(request, "orders/close.html", context, status=status)

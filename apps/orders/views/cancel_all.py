"""Cancel all open orders, or those of one instrument or side: first a page that shows which, then the cancellation."""

import re

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from apps.accounts.access import access_account
from apps.accounts.selectors import AccountView
from apps.commands.answers import CancelAllAnswer
from apps.commands.client import EngineUnavailableError, new_command_id
from apps.commands.rate import TooFastError
from apps.commands.types import COMMAND_ID_PATTERN
from apps.core.enums import Side
from apps.orders import selectors
from apps.orders.display import StatusGroup
from apps.orders.forms import read_symbol
from apps.orders.results import sentence_of
from apps.orders.selectors import LIMIT_MAX, OrderFilters
from apps.orders.services import cancel_all

UNKNOWN = "No answer yet whether the orders were canceled. Send the form again: it is done once."


@require_http_methods(["GET", "POST"])
def cancel_all_orders(request: HttpRequest) -> HttpResponse:
    """The confirmation, and on a POST what it confirms: exactly the filter that the page showed."""
    account = access_account(request)
    if request.method != "POST":
        return _page(request, account, request.GET)
    command_id = request.POST.get("command_id", "")
    if not re.fullmatch(COMMAND_ID_PATTERN, command_id, re.ASCII):
        return _page(request, account, request.POST, "This form has no id. Confirm once more.", status=422)
    try:
        answer = cancel_all(account=account, command_id=command_id, symbol=read_symbol(request.POST), side=_side(request.POST))
    except TooFastError:
        return _page(request, account, request.POST, sentence_of("TOO_FAST"), command_id, status=429)
    except EngineUnavailableError:
        return _page(request, account, request.POST, UNKNOWN, command_id, status=503)
    if not isinstance(answer, CancelAllAnswer):
        text = getattr(answer, "message", "") or sentence_of(getattr(answer, "reason", "")) or UNKNOWN
        return _page(request, account, request.POST, text, status=422)
    messages.success(request, _told(len(answer.order_ids)))
    return HttpResponseRedirect(f"{reverse('orders:history')}?status=open")


def _side(query: QueryDict) -> Side | None:
    asked = query.get("side", "").upper()
    return next((side for side in Side if side.value == asked), None)


def _told(count: int) -> str:
    if not count:
        return "There was no open order to cancel."
    return "One order was canceled." if count == 1 else f"{count} orders were canceled."


def _page(
    request: HttpRequest, account: AccountView, query: QueryDict, text: str = "", command_id: str = "", *, status: int = 200
) -> HttpResponse:
    symbol, side = read_symbol(query), _side(query)
    open_page = selectors.list_open_orders(account.id)
    filters = OrderFilters(group=StatusGroup.OPEN, symbol=symbol, side=side)
    page = selectors.list_orders(account.id, filters, limit=LIMIT_MAX)
    context = {
        "page": page,
        "symbol": symbol,
        "side": side,
        "symbols": sorted({order.instrument.symbol for order in open_page.orders} | ({symbol} if symbol else set())),
        "sides": list(Side),
        "text": text,
        "command_id": command_id or new_command_id(),
    }
    return render(request, "orders/cancel_all.html", context, status=status)

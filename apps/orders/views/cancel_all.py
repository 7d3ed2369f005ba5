"""Cancel all open orders, or those of one instrument or side: first a page that shows which, then the cancellation."""

import re
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from apps.accounts.access import access_account
from apps.accounts.selectors import AccountView
from apps.commands.answers import CancelAllAnswer
from apps.commands.client import EngineUnavailableError, new_command_id
from apps.commands.notsent import NotSentError
from apps.commands.reasons import sentence_of
from apps.commands.types import COMMAND_ID_PATTERN
from apps.core.enums import Side
from apps.orders import selectors
from apps.orders.display import StatusGroup
from apps.orders.forms import read_symbol
from apps.orders.selectors import LIMIT_MAX, OrderFilters
from apps.orders.services import cancel_all
from apps.orders.views.asked import asked_context, show_ending


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
    except NotSentError as error:
        return _page(request, account, request.POST, error.sentence, command_id, status=error.status)
    except EngineUnavailableError:
        return _page(request, account, request.POST, "", command_id, status=503)
    if isinstance(answer, CancelAllAnswer):
        return show_ending(request, answer)
    text = getattr(answer, "message", "") or sentence_of(getattr(answer, "reason", "UNAVAILABLE"))
    return _page(request, account, request.POST, text, status=422)


def _side(query: QueryDict) -> Side | None:
    asked = query.get("side", "").upper()
    return next((side for side in Side if side.value == asked), None)


def _page(
    request: HttpRequest, account: AccountView, query: QueryDict, text: str = "", command_id: str = "", *, status: int = 200
) -> HttpResponse:
    symbol, side = read_symbol(query), _side(query)
    open_page = selectors.list_open_orders(account.id)
    page = open_page
    if symbol or side is not None:
        page = selectors.list_orders(account.id, OrderFilters(group=StatusGroup.OPEN, symbol=symbol, side=side), limit=LIMIT_MAX)
    context: dict[str, object] = {
        "page": page,
        "symbol": symbol,
        "side": side,
        "symbols": sorted({order.instrument.symbol for order in open_page.orders} | ({symbol} if symbol else set())),
        "sides": list(Side),
        "text": text,
        "command_id": command_id or new_command_id(),
    }
    if status == 503 and not text:
        narrowed = urlencode({name: value for name, value in (("symbol", symbol), ("side", side)) if value})
        context |= asked_context(command_id, f"{request.path}?{narrowed}" if narrowed else request.path)
    return render(request, "orders/cancel_all.html", context, status=status)

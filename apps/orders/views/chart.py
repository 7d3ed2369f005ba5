"""What an account has on the chart and the tape of an instrument: fills and open orders, as JSON."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_GET

from apps.accounts.access import access_account
from apps.core.enums import OrderType
from apps.core.numbers import plain, shown
from apps.orders import selectors
from apps.orders.forms import read_symbol
from apps.orders.narrowing import CLOCK_SLACK
from apps.orders.selectors import OrderView
from apps.orders.selectors_chart import ChartFill, list_chart_fills
from apps.orders.sequences import get_last_account_sequence

#: Rows of a tape (static/realtime/tape.js).
PRINTS_MAX = 40
EPOCH, MILLISECOND = datetime(1970, 1, 1, tzinfo=UTC), timedelta(milliseconds=1)
_SECOND = re.compile(r"[0-9]{1,10}", re.ASCII)


class _RequestError(ValueError):
    def __init__(self, field: str, value: str) -> None:
        super().__init__(f"{field} must be a whole number of seconds since 1970, was {shown(value)}")
        self.field = field


@require_GET
def chart(request: HttpRequest) -> JsonResponse:
    """``{"account_sequence": …, "fills": [[trade, second, side, price, quantity, order], …], "orders": […]}`` of ``symbol``.

    Fills from second ``from`` on and before ``to`` (now, when it is left out), at most the 500 newest of them, oldest first; all
    open orders, up to 200. Numbers of money are text. ``movable`` names what of an order may be amended. The sequence is that of
    the newest account event that the answer surely shows.
    """
    account = access_account(request)
    sequence = get_last_account_sequence(account.id)
    try:
        start, until = _second(request, "from"), _second(request, "to")
    except _RequestError as error:
        return JsonResponse({"error": {"field": error.field, "text": str(error)}}, status=400)
    symbol = read_symbol(request.GET)
    fills = list_chart_fills(account.id, symbol, start or EPOCH, until or _far(timezone.now()))
    orders = selectors.list_open_orders(account.id, symbol).orders if symbol else ()
    body = {"account_sequence": sequence, "fills": [_fill(fill) for fill in fills], "orders": [_order(order) for order in orders]}
    response = JsonResponse(body)
    response["Cache-Control"] = "no-store"
    return response


@require_GET
def prints(request: HttpRequest) -> JsonResponse:
    """``{"fills": [[instant, price, quantity], …]}``: the newest fills of the account in ``symbol``, as many as a tape has rows.

    By these three, the instant in ms since 1970, a page knows its own among the prints that were there before it. Oldest first.
    """
    account = access_account(request)
    symbol, until = read_symbol(request.GET), _far(timezone.now())
    fills = list_chart_fills(account.id, symbol, EPOCH, until, PRINTS_MAX) if symbol else ()
    body = {"fills": [[(fill.at - EPOCH) // MILLISECOND, plain(fill.price), plain(fill.quantity)] for fill in fills]}
    response = JsonResponse(body)
    response["Cache-Control"] = "no-store"
    return response


def _second(request: HttpRequest, field: str) -> datetime | None:
    text = request.GET.get(field)
    if text is None:
        return None
    if not _SECOND.fullmatch(text):
        raise _RequestError(field, text)
    return datetime.fromtimestamp(int(text), UTC)


def _far(now: datetime) -> datetime:
    """After whatever the engine's clock may have written by now."""
    return now + CLOCK_SLACK


def _fill(fill: ChartFill) -> list[int | str]:
    return [fill.trade_id, int(fill.at.timestamp()), fill.side, plain(fill.price), plain(fill.quantity), fill.order_id]


def _order(order: OrderView) -> dict[str, Any]:
    trails = order.order_type is OrderType.TRAILING_STOP
    has_trigger = order.is_waiting and order.trigger_price is not None
    movable = (["price"] if order.price is not None else []) + (["trigger_price"] if has_trigger and not trails else [])
    return {
        "id": order.id,
        "side": order.side,
        "label": order.type_label,
        "price": "" if order.price is None else plain(order.price),
        "trigger_price": plain(order.trigger_price) if order.trigger_price is not None and has_trigger else "",
        "quantity": plain(order.quantity),
        "leaves": plain(order.leaves_quantity),
        "waiting": order.is_waiting,
        "movable": movable,
    }

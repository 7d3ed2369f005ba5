"""The ticket that a page of an instrument begins with: what its address asks for, the default size, and the quote it shows."""

from collections.abc import Container
from decimal import Decimal

from django.http import QueryDict

from apps.accounts.preferences import get_preferences
from apps.commands.client import new_command_id
from apps.core.enums import Side
from apps.core.numbers import NumberFormatError, parse_positive, plain
from apps.marketdata.board import Glance
from apps.orders.forms_settings import default_size_of
from apps.orders.seen import Seen
from apps.orders.tickets import ORDER_TYPE_LABELS, TicketForm

_TYPES = frozenset(code for code, _ in ORDER_TYPE_LABELS)


def first_ticket(query: QueryDict, glance: Glance, account_id: int | None) -> dict[str, object]:
    """``form`` and ``default_size`` for the page. What makes no sense in the address is as if it were not there."""
    view = glance.instrument
    size = default_size_of(get_preferences(account_id), view) if account_id is not None else None
    initial = {
        "symbol": view.symbol,
        "side": _one_of(query.get("side", ""), Side.__members__, Side.BUY.value),
        "client_order_id": new_command_id(),
        "quantity": _number(query.get("quantity", "")) or ("" if size is None else plain(size)),
        "seen": "" if glance.price is None else Seen.of(glance.price).text,
    }
    prices = {name: _number(query.get(name, "")) for name in ("price", "trigger_price")}
    wanted = _one_of(query.get("type", ""), _TYPES, "")
    more = {"order_type": wanted} if wanted else {}
    return {"form": TicketForm(initial=initial | more | prices), "default_size": size}


def _one_of(text: str, known: Container[str], otherwise: str) -> str:
    return text if text in known else otherwise


def _number(text: str) -> str:
    try:
        number: Decimal = parse_positive(text, "number")
    except NumberFormatError:
        return ""
    return plain(number)

"""What an address may ask of the history. Unknown values are ignored, not errors: an old link still opens a page."""

from django.http import QueryDict

from apps.core.enums import Side
from apps.instruments.symbols import is_symbol
from apps.orders.display import StatusGroup
from apps.orders.selectors import OrderFilters


def read_filters(query: QueryDict) -> OrderFilters:
    """Return the filters that ``query`` names, each from its list of allowed values."""
    group, side = query.get("status", ""), query.get("side", "").upper()
    return OrderFilters(
        group=next((member for member in StatusGroup if member.value == group), None),
        symbol=read_symbol(query),
        side=next((member for member in Side if member.value == side), None),
    )


def read_symbol(query: QueryDict) -> str:
    symbol = query.get("symbol", "").strip().upper()
    return symbol if is_symbol(symbol) else ""

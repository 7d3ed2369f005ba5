"""What addresses and forms of the portfolio say. What is unknown is left out, so that an old link opens."""

import re

from django.http import QueryDict

from apps.commands.types import COMMAND_ID_PATTERN
from apps.instruments.selectors import InstrumentView, list_instruments
from apps.portfolio.selectors_equity import EquityRange

#: Positions that one form closes.
SYMBOLS_MAX = 200
#: The id of a form leaves room for a hyphen and an instrument's id within the longest id of a command.
BASE_ID_MAX = 36
_BASE_ID = re.compile(COMMAND_ID_PATTERN, re.ASCII)


def read_range(query: QueryDict) -> EquityRange:
    try:
        return EquityRange(query.get("range", ""))
    except ValueError:
        return EquityRange.QUARTER


def read_base_id(data: QueryDict) -> str:
    """The id that the form was given when it was opened; empty for none or one that cannot be."""
    text = data.get("command_id", "")
    return text if _BASE_ID.fullmatch(text) and len(text) <= BASE_ID_MAX else ""


def read_instruments(data: QueryDict) -> tuple[InstrumentView, ...]:
    """The instruments that are named, by symbol."""
    named = set(data.getlist("symbol")[:SYMBOLS_MAX])
    return tuple(view for view in list_instruments() if view.symbol in named) if named else ()


def read_confirms(data: QueryDict) -> dict[str, str]:
    """The prices that are confirmed, as :class:`apps.orders.seen.Seen` writes them, by symbol; each goes as ``symbol:price``."""
    pairs = (text.partition(":") for text in data.getlist("confirms")[:SYMBOLS_MAX])
    return {symbol: price for symbol, _, price in pairs}


def read_answered(query: QueryDict) -> int:
    """How many had an answer before; more than there can be without a number."""
    text = query.get("answered", "")
    return int(text) if re.fullmatch(r"[0-9]{1,4}", text, re.ASCII) else SYMBOLS_MAX

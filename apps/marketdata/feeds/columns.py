"""Which column of a recording is what. PURE.

A column is found by its name in any of the spellings below, or named by hand: ``time=2,bid=best_bid,…``, where a whole number is
a position, from 0. A file has quotes when it has a bid and an ask, and prints when it has a price.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from apps.core.enums import Side
from apps.core.numbers import shown
from apps.marketdata.feeds.outside import TimeFormatError, read_time

NAMES: Mapping[str, tuple[str, ...]] = {
    "time": ("time", "timestamp", "datetime", "date", "ts", "ts_event", "at", "transact_time", "local_timestamp"),
    "symbol": ("symbol", "instrument", "ticker", "pair", "sym"),
    "bid": ("bid", "bid_price", "best_bid", "bid_px", "bidprice"),
    "ask": ("ask", "ask_price", "best_ask", "ask_px", "askprice", "offer"),
    "bid_quantity": ("bid_quantity", "bid_size", "bid_qty", "best_bid_qty", "bid_volume", "bidsize"),
    "ask_quantity": ("ask_quantity", "ask_size", "ask_qty", "best_ask_qty", "ask_volume", "asksize"),
    "price": ("price", "trade_price", "px", "last"),
    "quantity": ("quantity", "size", "qty", "amount", "trade_size"),
    "side": ("side", "aggressor_side", "aggressor", "taker_side"),
    "buyer_maker": ("buyer_maker", "is_buyer_maker", "m"),
    "sequence": ("sequence", "seq"),
}
_BUYS = frozenset(("buy", "b", "bid", "1"))
_SELLS = frozenset(("sell", "s", "ask", "-1", "2"))
_TRUE = frozenset(("true", "t", "1", "yes"))
_FALSE = frozenset(("false", "f", "0", "no"))
_NUMBER = re.compile(r"[-+]?[0-9.]+(?:[eE][-+]?[0-9]+)?", re.ASCII)
#: Files without a header that are known by how their first line looks: (columns, what they are).
_HISTDATA = ("time", "bid", "ask", "volume")


class ColumnError(ValueError):
    """The columns cannot be told apart, or one is missing; the message says which and what to do."""


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """Role -> position in a row."""

    positions: Mapping[str, int]

    @property
    def is_quotes(self) -> bool:
        return "bid" in self.positions

    def get(self, row: Sequence[Any], role: str) -> Any:
        """What the row has for the role; None without such a column, and for an empty cell. Raises IndexError for a short row."""
        position = self.positions.get(role)
        if position is None:
            return None
        value = row[position]
        return None if value == "" else value

    def side(self, row: Sequence[Any], falling: bool) -> Side:
        """Who took. Where nothing says so: the seller when the price falls. Raises ValueError for a word that is no side."""
        if (maker := self.get(row, "buyer_maker")) is not None:
            word = str(maker).strip().lower()
            if word not in _TRUE | _FALSE:
                raise ValueError(f"buyer_maker must be true or false, was {shown(word)}")
            return Side.SELL if word in _TRUE else Side.BUY
        if (side := self.get(row, "side")) is not None:
            word = str(side).strip().lower()
            if word not in _BUYS | _SELLS:
                raise ValueError(f"side must be buy or sell, was {shown(word)}")
            return Side.BUY if word in _BUYS else Side.SELL
        return Side.SELL if falling else Side.BUY


def read_columns(text: str) -> dict[str, str]:
    """Read ``role=name,role=name``; raises :class:`ColumnError`."""
    found: dict[str, str] = {}
    for part in filter(None, text.split(",")):
        role, equals, name = part.partition("=")
        if role not in NAMES:
            raise ColumnError(f"a column must be one of {', '.join(NAMES)}, was {shown(role)}")
        if not equals or not name or role in found:
            raise ColumnError(f"columns must be ROLE=NAME,…, each once, was {shown(part)}")
        found[role] = name
    return found


def is_header(row: Sequence[str]) -> bool:
    """Whether a first line is of names: none of its cells is a number."""
    return not any(_NUMBER.fullmatch(cell.strip()) or _is_time(cell) for cell in row if cell.strip())


def _is_time(text: str) -> bool:
    try:
        read_time(text)
    except TimeFormatError:
        return False
    return True


def map_columns(header: Sequence[str] | None, first: Sequence[Any], given: Mapping[str, str]) -> ColumnMap:
    """Find each role; ``header`` is None where there are no names. Raises :class:`ColumnError`."""
    positions = {role: _position(header, len(first), role, name) for role, name in given.items()}
    if header is None and not given:
        if len(first) != len(_HISTDATA) or not _is_time(str(first[0])):
            raise ColumnError("the file has no names of columns: say which is which, as in --columns time=0,bid=1,ask=2")
        positions = {role: place for place, role in enumerate(_HISTDATA) if role in NAMES}
    if header is not None:
        lower = [name.strip().lower() for name in header]
        for role, names in NAMES.items():
            if role not in positions and (found := next((name for name in names if name in lower), None)) is not None:
                positions[role] = lower.index(found)
    return _checked(positions, header)


def _position(header: Sequence[str] | None, width: int, role: str, name: str) -> int:
    if header is not None and name in header:
        return header.index(name)
    if name.isdecimal() and name.isascii() and len(name) < 4 and int(name) < width:
        return int(name)
    columns = ", ".join(shown(each) for each in (header or ())[:20]) or f"0 to {width - 1}"
    raise ColumnError(f"there is no column {shown(name)} for {role}; there are {columns}")


def _checked(positions: dict[str, int], header: Sequence[str] | None) -> ColumnMap:
    if any(a == b for a, b in pairwise(sorted(positions.values()))):
        raise ColumnError("one column is named for two things")
    complete = "time" in positions and ({"bid", "ask"} <= positions.keys() or "price" in positions)
    if not complete:
        columns = ", ".join(shown(each) for each in (header or ())[:20])
        raise ColumnError(
            f"a file needs a time, and bid and ask or a price; found {', '.join(positions) or 'none of them'}"
            f"{f' among {columns}' if columns else ''}: name them with --columns"
        )
    if {"bid", "ask"} <= positions.keys():
        for role in ("price", "quantity", "side", "buyer_maker"):
            positions.pop(role, None)
    else:
        for role in ("bid", "ask", "bid_quantity", "ask_quantity"):
            positions.pop(role, None)
    return ColumnMap(positions)

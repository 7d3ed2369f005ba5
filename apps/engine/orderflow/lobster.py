"""The format of LOBSTER's NASDAQ files: one row a message, and one row of the book after each message. No header, no blanks.

A message is ``seconds after midnight, type, order id, size, price x 10,000, direction``; columns behind these are not read. A row
of the book has ask price, ask size, bid price and bid size for each level, best first.
"""

import re
from enum import IntEnum
from itertools import islice, pairwise
from pathlib import Path
from typing import NamedTuple

from apps.core.enums import Side
from apps.core.numbers import shown
from apps.engine.matching.book import Book, BookSide
from apps.engine.orderflow.files import FlowError, fail, read_lines

DEPTH_MAX = 200  # the most that LOBSTER delivers
MESSAGE_LENGTH_MAX = 200
BOOK_LENGTH_MAX = DEPTH_MAX * 44 + 200
EMPTY_ASK = "9999999999"
EMPTY_BID = "-9999999999"
PRICE_MAX = 9_999_999_998  # one below the sign of an empty level
SIZE_MAX = 999_999_999
SECOND = 1_000_000_000

_BUY, _SELL = Side.BUY, Side.SELL
_MESSAGE = re.compile(r"(\d{1,5})(?:\.(\d{1,12}))?,([1-7]),(-?\d{1,18}),(\d{1,9}),(-?\d{1,10}),(-?1|0)(?:,.*)?", re.ASCII)
_COLUMNS = (
    ("time", r"\d{1,5}(?:\.\d{1,12})?", "seconds after midnight such as 34200.004241176"),
    ("type", r"[1-7]", "from 1 to 7"),
    ("order id", r"-?\d{1,18}", "a whole number of at most 18 digits"),
    ("size", r"\d{1,9}", f"a whole number from 0 to {SIZE_MAX}"),
    ("price", r"-?\d{1,10}", "dollars x 10,000, a whole number of at most 10 digits"),
    ("direction", r"-?1|0", "1 for a buy order or -1 for a sell order"),
)
_MEND = "Mend or remove the line (a header too: these files have none); docs/orderflow.md has the columns"


class Kind(IntEnum):
    NEW = 1
    PARTIAL_CANCEL = 2
    DELETE = 3
    EXECUTION = 4  # of a visible order
    HIDDEN_EXECUTION = 5
    CROSS = 6
    HALT = 7


class Message(NamedTuple):
    """One row. ``at_ns`` counts from midnight; ``ticks`` are of 0.0001 dollars, ``lots`` of one share; ``side`` is the resting
    order's. Of a cross, a hidden execution or a halt only the time and the kind mean anything here."""

    number: int
    at_ns: int
    kind: int
    order_id: int
    lots: int
    ticks: int
    side: Side


class Row(NamedTuple):
    """One row of a book: (ticks, lots) a level, best first, empty levels left out."""

    asks: list[tuple[int, int]]
    bids: list[tuple[int, int]]


def read_message(path: Path, number: int, line: str) -> Message:
    """Return the message in ``line``; raises :class:`FlowError` with the column that is wrong."""
    match = _MESSAGE.fullmatch(line)
    if match is None:
        raise _misread(path, number, line)
    seconds, rest, kind_text, order_id, size, price, direction = match.groups("")
    at_ns = int(seconds) * SECOND + int((rest + "000000000")[:9])
    kind, lots, ticks = int(kind_text), int(size), int(price)
    if kind <= Kind.EXECUTION:
        if not 0 < ticks <= PRICE_MAX:
            raise fail(path, number, f"price must be from 1 to {PRICE_MAX}, was {ticks}", _MEND)
        if not lots:
            raise fail(path, number, "size must be greater than zero, was 0", _MEND)
        if direction == "0":
            raise fail(path, number, "direction must be 1 for a buy order or -1 for a sell order, was 0", _MEND)
    elif kind == Kind.HALT and ticks not in (-1, 0, 1):
        raise fail(path, number, f"price of a halt must be -1 (halted), 0 (quoting) or 1 (trading), was {ticks}", _MEND)
    return Message(number, at_ns, kind, int(order_id), lots, ticks, _BUY if direction == "1" else _SELL)


def _misread(path: Path, number: int, line: str) -> FlowError:
    """Which column it is, and what it should be."""
    columns = line.split(",")
    if len(columns) < len(_COLUMNS):
        return fail(path, number, f"must have {len(_COLUMNS)} columns, has {len(columns)}: {shown(line)}", _MEND)
    for (name, pattern, rule), text in zip(_COLUMNS, columns, strict=False):
        if not re.fullmatch(pattern, text, re.ASCII):
            return fail(path, number, f"{name} must be {rule}, was {shown(text)}", _MEND)
    return fail(path, number, f"unreadable: {shown(line)}", _MEND)


def read_book_row(path: Path, number: int, line: str) -> Row:
    """Return the levels in ``line``, as they stand there; raises :class:`FlowError` when they are not numbers in fours."""
    columns = line.split(",")
    if len(columns) % 4:
        problem = f"must have four columns a level, has {len(columns)} columns"
        raise fail(path, number, problem, "Is it the orderbook file, and not the message file?")
    wrong = next((text for text in columns if not _is_whole(text)), None)
    if wrong is not None:
        raise fail(path, number, f"must be whole numbers, was {shown(wrong)}", _MEND)
    numbers = list(map(int, columns))
    return Row(_levels(numbers[0::4], numbers[1::4], EMPTY_ASK), _levels(numbers[2::4], numbers[3::4], EMPTY_BID))


def read_seed(path: Path) -> Row:
    """Return the first row of the book file ``path``; raises :class:`FlowError` unless orders could rest like that."""
    for number, line in read_lines(path, BOOK_LENGTH_MAX):
        row = read_book_row(path, number, line)
        _check_row(path, number, row)
        return row
    raise FlowError(f"{path} is empty. --seed-book takes its first row as the book that is there: give the orderbook file")


def _is_whole(text: str) -> bool:
    return text.isascii() and text.removeprefix("-").isdigit() and len(text) <= 12


def _levels(prices: list[int], sizes: list[int], empty: str) -> list[tuple[int, int]]:
    return [(ticks, lots) for ticks, lots in zip(prices, sizes, strict=True) if ticks != int(empty)]


def _check_row(path: Path, number: int, row: Row) -> None:
    for name, levels, sign in (("ask", row.asks, 1), ("bid", row.bids, -1)):
        for ticks, lots in levels:
            if not (0 < ticks <= PRICE_MAX and 0 < lots <= SIZE_MAX):
                raise fail(path, number, f"{name} {ticks} x {lots} must be a price and a size above zero", _MEND)
        prices = [sign * ticks for ticks, _ in levels]
        if any(better >= worse for better, worse in pairwise(prices)):
            raise fail(path, number, f"{name} levels must come best first, each price once", _MEND)
    if row.asks and row.bids and row.asks[0][0] <= row.bids[0][0]:
        raise fail(path, number, f"best ask {row.asks[0][0]} must be above best bid {row.bids[0][0]}", _MEND)


class BookWriter:
    """The rows of ``book``. Each side's text is kept until that side has changed: most messages change one side or none."""

    def __init__(self, book: Book, depth: int) -> None:
        self._book = book
        self._depth = depth
        self._asks = self._text(book.asks, EMPTY_ASK)
        self._bids = self._text(book.bids, EMPTY_BID)
        self._row = self._join()

    def row(self, *, asks_changed: bool, bids_changed: bool) -> str:
        """The row as it is now, without its end; what is not said to have changed is taken as it was."""
        if asks_changed:
            self._asks = self._text(self._book.asks, EMPTY_ASK)
        if bids_changed:
            self._bids = self._text(self._book.bids, EMPTY_BID)
        if asks_changed or bids_changed:
            self._row = self._join()
        return self._row

    def _text(self, side: BookSide, empty: str) -> list[str]:
        found = [f"{level.ticks},{level.lots}" for level in islice(side.levels(), self._depth)]
        return found + [f"{empty},0"] * (self._depth - len(found))

    def _join(self) -> str:
        return ",".join([text for pair in zip(self._asks, self._bids, strict=True) for text in pair])

"""Transfers as CSV that a spreadsheet can open without running anything. Pure.

Exact decimals, instants in UTC, one line a posting; lines are made while they are sent, so a file of any length fits in memory.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC
from decimal import Decimal
from io import StringIO

from apps.core.numbers import plain
from apps.ledger.selectors import TransferView
from apps.ledger.selectors_statements import StatementLineView

#: A cell that begins with one of these is a formula to a spreadsheet.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
COLUMNS = ("transfer", "at (UTC)", "kind", "trade", "memo", "asset", "amount", "balance after", "for")


def safe_text(text: str) -> str:
    """``text`` as a cell that is shown and not computed. Numbers are ours and stay numbers, minus signs and all."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def head() -> str:
    return _lines([COLUMNS])


def balances(name: str, lines: Iterable[StatementLineView]) -> str:
    """The ``OPENING`` or the ``CLOSING`` balance of each asset."""
    of_opening = name == "OPENING"
    return _lines(_row(name, line.asset.code, line.opening if of_opening else line.closing) for line in lines)


def postings(transfers: Iterable[TransferView]) -> str:
    return _lines(_postings(transfers))


def cut_off(words: str) -> str:
    """The last line of a file that does not hold everything."""
    return _lines([("", "", "CUT OFF", "", words, "", "", "", "")])


def _postings(transfers: Iterable[TransferView]) -> Iterator[Sequence[object]]:
    for transfer in transfers:
        at = transfer.at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
        for posting, purpose in transfer.legs:
            name = [transfer.id, at, transfer.kind.value, transfer.trade_id or "", safe_text(transfer.memo)]
            yield [*name, safe_text(posting.asset.code), plain(posting.amount), plain(posting.balance_after), purpose.upper()]


def _row(name: str, asset: str, balance: Decimal) -> Sequence[object]:
    return ["", "", name, "", "", safe_text(asset), "", plain(balance), ""]


def _lines(rows: Iterable[Sequence[object]]) -> str:
    out = StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue()

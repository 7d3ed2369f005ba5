"""A statement as CSV that a spreadsheet can open without running anything. Pure."""

import csv
from collections.abc import Iterable
from datetime import UTC
from io import StringIO

from apps.core.numbers import plain
from apps.ledger.selectors import TransferView
from apps.ledger.selectors_statements import DailyStatementView

#: A cell that begins with one of these is a formula to a spreadsheet.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
COLUMNS = ("transfer", "at (UTC)", "kind", "trade", "memo", "asset", "amount", "balance after")


def safe_text(text: str) -> str:
    """``text`` as a cell that is shown and not computed. Numbers are ours and stay numbers, minus signs and all."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def statement_csv(statement: DailyStatementView, transfers: Iterable[TransferView], *, complete: bool) -> str:
    """Opening balances, every posting in its order, closing balances; one line each, exact decimals."""
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for line in statement.lines:
        writer.writerow(["", "", "OPENING", "", "", line.asset.code, "", plain(line.opening)])
    for transfer in transfers:
        at = transfer.at.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")
        for posting in transfer.postings:
            head = [transfer.id, at, transfer.kind.value, transfer.trade_id or "", safe_text(transfer.memo)]
            writer.writerow([*head, posting.asset.code, plain(posting.amount), plain(posting.balance_after)])
    if not complete:
        writer.writerow(["", "", "CUT OFF", "", "The day has more transfers than this file may hold.", "", "", ""])
    for line in statement.lines:
        writer.writerow(["", "", "CLOSING", "", "", line.asset.code, "", plain(line.closing)])
    return out.getvalue()

"""The job ``equity``: what every account was worth at the end of a day.

Balances are the closing ones of the day's statements, prices the last ones of the day: both are over, so that another run finds
the same figures. A snapshot that lacks no price is never changed; one that does is made anew by a run that knows more.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import connection
from django.utils import timezone

from apps.accounts.selectors import list_customer_account_ids
from apps.instruments import selectors as instruments
from apps.jobs.registry import Progress
from apps.jobs.selectors import is_done
from apps.ledger.selectors_statements import DailyStatementView, list_statements_of_accounts
from apps.marketdata.selectors import day_end_prices
from apps.portfolio.valuation import Rates, Total, sum_values

CHUNK = 500

_WRITE = """
INSERT INTO portfolio_equitysnapshot AS stored (account_id, day, value, deposits, missing, taken_at)
SELECT a, %s, v, d, m, %s FROM unnest(%s::bigint[], %s::numeric[], %s::numeric[], %s::text[]) AS taken (a, v, d, m)
ON CONFLICT (account_id, day) DO UPDATE SET
  value = EXCLUDED.value, deposits = EXCLUDED.deposits, missing = EXCLUDED.missing, taken_at = EXCLUDED.taken_at
WHERE stored.missing <> '' AND (stored.value, stored.deposits, stored.missing)
  IS DISTINCT FROM (EXCLUDED.value, EXCLUDED.deposits, EXCLUDED.missing)
"""


class StatementsMissingError(RuntimeError):
    """The statements of the day are not made yet."""


def take_snapshots(day: date, progress: Progress) -> dict[str, object]:
    """Snapshot every account that has a statement of ``day``; raises :class:`StatementsMissingError`."""
    if not is_done("statements", day):
        raise StatementsMissingError(f"the statements of {day} come first: manage.py run_job statements --date {day}")
    end = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=1)
    known = instruments.instruments_by_id()
    prices = day_end_prices(known, end)
    rates = Rates(known.values(), prices)
    accounts = written = incomplete = last_id = 0
    while chunk := list_customer_account_ids(last_id, CHUNK):
        statements = list_statements_of_accounts(list(chunk), day)
        values = [_value(statement, rates) for statement in statements]
        written += _write(day, statements, values)
        accounts, last_id = accounts + len(statements), chunk[-1]
        incomplete += sum(bool(_missing(value, deposits)) for value, deposits in values)
        progress(f"{accounts} accounts")
    return {"accounts": accounts, "written": written, "incomplete": incomplete, "prices": len(prices)}


def _value(statement: DailyStatementView, rates: Rates) -> tuple[Total, Total]:
    """What all of it is worth, and what of the day's change came or went as money."""
    value = sum_values(((line.closing, line.asset.code) for line in statement.lines), rates)
    moved = ((line.deposits + line.withdrawals + line.adjustments, line.asset.code) for line in statement.lines)
    return value, sum_values(moved, rates)


def _missing(value: Total, deposits: Total) -> str:
    return " ".join(sorted({*value.missing, *deposits.missing}))[:400]


def _write(day: date, statements: Sequence[DailyStatementView], values: Sequence[tuple[Total, Total]]) -> int:
    if not statements:
        return 0
    columns: tuple[list[Any], ...] = (
        [statement.account_id for statement in statements],
        [value.value for value, _ in values],
        [deposits.value for _, deposits in values],
        [_missing(value, deposits) for value, deposits in values],
    )
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, [day, timezone.now(), *columns])
        return int(cursor.rowcount)

"""The job ``statements``: every customer's statement of a day, a chunk of accounts a statement of SQL.

Each chunk is one transaction, and an account that has its statement is left out: an attempt that follows a crash makes the rest,
and finds nothing to do when there is none.
"""

from datetime import date
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from apps.accounts.selectors import list_customer_account_ids
from apps.jobs.registry import Progress
from apps.ledger.business_days import DayRange, close_day

CHUNK = 500

# Opening and closing are the balances that the last postings up to the two ends of the day left behind: a short walk each of the
# index (ledger account, transfer). The movements between them are added up by kind. That the one and the other agree is the
# constraint daily_statement_line_adds_up, so a statement that does not add up cannot be stored. OFFSET 0 keeps the planner from
# reading all postings for each chunk when its statistics are old.
#
# A trade posts a price and then its fee to the same ledger account, and the fee is always taken: of a trade's legs on one ledger
# account, a negative one that is not the first is the fee.
_MAKE = """
WITH mine AS MATERIALIZED (
  SELECT l.id, l.account_id, l.asset_id FROM ledger_ledgeraccount l
   WHERE l.account_id = ANY(%(accounts)s::bigint[])
     AND NOT EXISTS (SELECT FROM ledger_dailystatement s WHERE s.account_id = l.account_id AND s.day = %(day)s)
), posted AS MATERIALIZED (
  SELECT p.ledger_account_id, p.transfer_id, p.amount, t.kind,
         row_number() OVER (PARTITION BY p.ledger_account_id, p.transfer_id ORDER BY p.leg) AS nth
    FROM mine CROSS JOIN LATERAL (
      SELECT * FROM ledger_posting p WHERE p.ledger_account_id = mine.id
         AND p.transfer_id > %(after)s AND p.transfer_id <= %(last)s OFFSET 0) AS p
    JOIN ledger_transfer t ON t.id = p.transfer_id
), moved AS (
  SELECT ledger_account_id, count(DISTINCT transfer_id) AS transfers,
         coalesce(sum(amount) FILTER (WHERE kind = 'DEPOSIT'), 0) AS deposits,
         coalesce(sum(amount) FILTER (WHERE kind = 'WITHDRAWAL'), 0) AS withdrawals,
         coalesce(sum(amount) FILTER (WHERE kind = 'TRADE' AND NOT (nth > 1 AND amount < 0)), 0) AS trades,
         coalesce(sum(amount) FILTER (WHERE kind = 'TRADE' AND nth > 1 AND amount < 0), 0) AS fees,
         coalesce(sum(amount) FILTER (WHERE kind = 'ADJUSTMENT'), 0) AS adjustments
    FROM posted GROUP BY ledger_account_id
), lines AS MATERIALIZED (
  SELECT mine.account_id, mine.asset_id, coalesce(opened.balance_after, 0) AS opening,
         coalesce(closed.balance_after, 0) AS closing, coalesce(moved.transfers, 0) AS transfers,
         coalesce(moved.deposits, 0) AS deposits, coalesce(moved.withdrawals, 0) AS withdrawals,
         coalesce(moved.trades, 0) AS trades, coalesce(moved.fees, 0) AS fees, coalesce(moved.adjustments, 0) AS adjustments
    FROM mine LEFT JOIN moved ON moved.ledger_account_id = mine.id
    LEFT JOIN LATERAL (
      SELECT balance_after FROM ledger_posting p WHERE p.ledger_account_id = mine.id AND p.transfer_id <= %(after)s
       ORDER BY p.transfer_id DESC, p.leg DESC LIMIT 1) AS opened ON true
    LEFT JOIN LATERAL (
      SELECT balance_after FROM ledger_posting p WHERE p.ledger_account_id = mine.id AND p.transfer_id <= %(last)s
       ORDER BY p.transfer_id DESC, p.leg DESC LIMIT 1) AS closed ON true
   WHERE coalesce(opened.balance_after, 0) <> 0 OR coalesce(closed.balance_after, 0) <> 0 OR moved.transfers > 0
), counted AS (
  SELECT lines.account_id, count(DISTINCT posted.transfer_id) AS transfers
    FROM (SELECT DISTINCT account_id FROM lines) AS lines
    JOIN mine ON mine.account_id = lines.account_id
    LEFT JOIN posted ON posted.ledger_account_id = mine.id
   GROUP BY lines.account_id
), made AS (
  INSERT INTO ledger_dailystatement (account_id, day, after_transfer_id, last_transfer_id, transfers, made_at)
  SELECT account_id, %(day)s, %(after)s, %(last)s, transfers, %(now)s FROM counted
  ON CONFLICT (account_id, day) DO NOTHING
  RETURNING id, account_id
), written AS (
  INSERT INTO ledger_dailystatementline
    (statement_id, asset_id, opening, deposits, withdrawals, trades, fees, adjustments, closing, transfers)
  SELECT made.id, asset_id, opening, deposits, withdrawals, trades, fees, adjustments, closing, transfers
    FROM lines JOIN made USING (account_id)
  RETURNING 1
)
SELECT (SELECT count(*) FROM made), (SELECT count(*) FROM written)
"""


def make_statements(day: date, progress: Progress) -> dict[str, object]:
    """Close ``day`` and make the statements that are missing. Raises :class:`~apps.ledger.business_days.DayStillOpenError`."""
    progress("closing the day")
    closed = close_day(day)
    accounts = statements = lines = last_id = 0
    while chunk := list_customer_account_ids(last_id, CHUNK):
        made, written = _make_chunk(closed, list(chunk))
        accounts, statements, lines, last_id = accounts + len(chunk), statements + made, lines + written, chunk[-1]
        progress(f"{accounts} accounts, {statements} new statements")
    return {
        "accounts": accounts,
        "statements": statements,
        "lines": lines,
        "after_transfer_id": closed.after_transfer_id,
        "last_transfer_id": closed.last_transfer_id,
    }


def _make_chunk(closed: DayRange, account_ids: list[int]) -> tuple[int, int]:
    parameters: dict[str, Any] = {
        "accounts": account_ids,
        "day": closed.day,
        "after": closed.after_transfer_id,
        "last": closed.last_transfer_id,
        "now": timezone.now(),
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_MAKE, parameters)
        made, written = cursor.fetchone()
    return made, written

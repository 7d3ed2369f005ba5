"""What an account had at a sequence of the engine's: each posting says what it left behind."""

from dataclasses import dataclass
from decimal import Decimal

from django.db import connection

from apps.instruments.selectors import AssetView, assets_by_id

# One step of the index (ledger account, transfer) for each of the account's few ledger accounts, however long the history is. The
# comparison of rows leaves the planner no choice: with a plain condition it may walk everybody's postings backwards by their key.
_TOTALS = """
SELECT mine.asset_id, last_leg.balance_after
  FROM ledger_ledgeraccount AS mine
 CROSS JOIN LATERAL (
       SELECT ledger_account_id, transfer_id FROM ledger_posting
        WHERE (ledger_account_id, transfer_id) < (mine.id, %(before)s)
        ORDER BY ledger_account_id DESC, transfer_id DESC LIMIT 1) AS newest
 CROSS JOIN LATERAL (
       SELECT balance_after FROM ledger_posting
        WHERE transfer_id = newest.transfer_id AND ledger_account_id = mine.id ORDER BY leg DESC LIMIT 1) AS last_leg
 WHERE mine.account_id = %(account)s AND newest.ledger_account_id = mine.id
 ORDER BY mine.id
"""


@dataclass(frozen=True, slots=True)
class TotalThen:
    asset: AssetView
    total: Decimal


def list_totals_before(account_id: int, sequence: int) -> tuple[TotalThen, ...]:
    """What the account had of each asset that it had ever had, after the last transfer before the sequence."""
    with connection.cursor() as cursor:
        cursor.execute(_TOTALS, {"account": account_id, "before": sequence})
        rows = cursor.fetchall()
    known = assets_by_id() if rows else {}
    return tuple(TotalThen(known[asset_id], total) for asset_id, total in rows)

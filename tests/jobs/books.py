"""Books of any size in one statement a table: customers who each got a deposit, and then moved money for some days."""

from datetime import date, datetime, timedelta
from typing import Any

import psycopg

from tests.ddl import analyze

_PEOPLE = """
INSERT INTO accounts_user (email, password, is_superuser, role, is_staff, is_active, time_zone, date_joined)
SELECT 'customer' || n || '@example.com', '!', false, 'CUSTOMER', false, true, 'UTC', now()
  FROM generate_series(1, %(accounts)s) n
"""
_ACCOUNTS = """
INSERT INTO accounts_account (user_id, kind, status, opened_at, paper_deposit_at)
SELECT id, 'CUSTOMER', 'ACTIVE', now(), now() FROM accounts_user ORDER BY id
"""
_ASSET = """
INSERT INTO instruments_asset (id, code, name, asset_class, display_decimals) VALUES (1, 'USD', 'USD', 'CASH', 2)
"""
# Ledger account 1 is the world's, the others are the customers' in the order of their accounts.
_BUCKETS = """
INSERT INTO ledger_ledgeraccount (id, account_id, asset_id, may_be_negative, total, held)
SELECT 1, id, 1, true, -%(accounts)s * %(deposits)s * 100, 0 FROM accounts_account WHERE kind = 'EXTERNAL'
UNION ALL
SELECT 1 + row_number() OVER (ORDER BY id), id, 1, false, %(deposits)s * 100, 0 FROM accounts_account WHERE kind = 'CUSTOMER'
"""
# Deposit d of customer n is transfer (d - 1) * accounts + n, and they are spread evenly over the days.
_TRANSFERS = """
INSERT INTO ledger_transfer (id, kind, command_id, memo, at)
SELECT t, 'DEPOSIT', 'd' || t, '', %(start)s + t * (%(end)s - %(start)s) / (%(accounts)s * %(deposits)s + 1)
  FROM generate_series(1, %(accounts)s * %(deposits)s) t
"""
_POSTINGS = """
INSERT INTO ledger_posting (transfer_id, leg, ledger_account_id, asset_id, amount, balance_after)
SELECT t, leg, CASE leg WHEN 0 THEN 1 ELSE 2 + (t - 1) %% %(accounts)s END, 1, CASE leg WHEN 0 THEN -100 ELSE 100 END,
       CASE leg WHEN 0 THEN -100 * t ELSE 100 * (1 + (t - 1) / %(accounts)s) END
  FROM generate_series(1, %(accounts)s * %(deposits)s) t, generate_series(0, 1) leg
"""


def fill(database: "psycopg.Connection[Any]", *, accounts: int, deposits: int, start: datetime, days: int) -> None:
    """``accounts`` customers get ``deposits`` of 100 USD each, evenly over ``days`` days from ``start``."""
    numbers = {"accounts": accounts, "deposits": deposits, "start": start, "end": start + timedelta(days=days)}
    with database.transaction(), psycopg.ClientCursor(database) as cursor:
        for statement in (_PEOPLE, _ACCOUNTS, _ASSET, _BUCKETS, _TRANSFERS, _POSTINGS):
            cursor.execute(statement, numbers)
    analyze(database)


def rows_of(database: "psycopg.Connection[Any]", day: date) -> list[tuple[Any, ...]]:
    """Everything that the statements of ``day`` say, without their ids and instants."""
    return database.execute(
        """SELECT s.account_id, s.after_transfer_id, s.last_transfer_id, s.transfers, l.asset_id, l.opening, l.deposits, l.closing
             FROM ledger_dailystatement s JOIN ledger_dailystatementline l ON l.statement_id = s.id
            WHERE s.day = %s ORDER BY 1, 5""",
        [day],
    ).fetchall()

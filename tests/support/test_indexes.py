"""Every find and every page of the history walks an index, however large the tables are.

Plans of small tables say nothing, so whatever avoids the index is made dear first; a query that no index serves still has its
sequential scan then, and fails here.
"""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from apps.accounts import selectors_people as people
from apps.accounts.models import Account
from apps.backoffice import selectors as backoffice
from apps.core.enums import Side
from apps.engine.selectors_journal import find_batch
from apps.ledger.selectors_then import list_totals_before
from apps.orders import selectors as orders
from apps.orders import selectors_staff as staff
from apps.orders.display import StatusGroup
from apps.orders.models import Order
from apps.orders.selectors_then import QuoteName, find_taker, list_open_before, list_resting_before, used_of_quote
from apps.receipts.selectors import find_shown
from tests.builders import START, Venue
from tests.ddl import analyze
from tests.pages import counted_queries

GROWING = (
    "orders_order", "orders_fill", "orders_trade", "orders_accountevent", "ledger_posting", "engine_journal",
    "receipts_shownquote", "accounts_user", "accounts_account", "backoffice_trailentry",
)  # fmt: skip
FILTERS = orders.OrderFilters

CASES: dict[str, tuple[Callable[[Account], object], set[str]]] = {
    "e-mail": (lambda a: people.find_by_email("ali", 21), {"accounts_user_email_b2644a56_like"}),
    "name": (lambda a: people.find_by_name("ali bri", 21), {"user_name_words"}),
    "account": (lambda a: people.get_customers([a.pk]), {"accounts_account_pkey"}),
    "client order id": (lambda a: orders.get_by_client_order_id(a.pk, "mine-1"), {"order_client_order_id_once"}),
    "owner": (lambda a: staff.find_owner(7), {"orders_order_pkey"}),
    "trade": (lambda a: staff.list_orders_of_trade(7), {"orders_fill_pkey"}),
    "history": (lambda a: orders.list_orders(a.pk, FILTERS(), 10**9), {"order_history"}),
    "side and instrument": (lambda a: orders.list_orders(a.pk, FILTERS(side=Side.BUY, symbol="AAPL-USD")), {"order_history"}),
    "refused": (lambda a: orders.list_orders(a.pk, FILTERS(group=StatusGroup.REFUSED)), {"order_history"}),
    "client's id of one": (lambda a: orders.list_orders(a.pk, FILTERS(search="x")), {"order_client_order_id_once"}),
    "days": (
        lambda a: orders.list_orders(a.pk, FILTERS(placed_from=START, placed_before=START + timedelta(days=1))),
        {"order_history", "orders_order_pkey"},
    ),
    "trail": (lambda a: backoffice.list_trail_of_account(a.pk, 10**9), {"trail_of_account"}),
    "book then": (
        lambda a: list_resting_before(1, 5000, START),
        {"orders_order_pkey", "order_open_of_account", "orders_accountevent_pkey", "account_event_of_order"},
    ),
    "account then": (
        lambda a: list_open_before(a.pk, 5000, START),
        {"order_history", "order_open_of_account", "account_event_of_order"},
    ),
    "totals then": (lambda a: list_totals_before(a.pk, 5000), {"posting_statement"}),
    "quote used": (
        lambda a: used_of_quote(1, QuoteName(1, "sim", 7, 1), 5000), {"orders_trade_pkey", "orders_fill_pkey"},
    ),
    "taker": (lambda a: find_taker(7), {"orders_fill_pkey"}),
    "batch": (lambda a: find_batch(5000), {"engine_journal_pkey"}),
    "shown": (lambda a: find_shown(a.pk, 7), {"receipts_shownquote_pkey"}),
    "counts": (lambda a: backoffice.count_actions(a.user_id or 0, ["SEARCH"]), {"trail_of_actor"}),
}


def add_rows(account: Account) -> None:
    """Enough orders of many accounts, with fresh statistics, that the planner sees which index is the short way."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO orders_order (id, client_order_id, account_id, instrument_id, side, order_type, time_in_force, quantity,"
            " price, status, reason, filled_quantity, filled_notional, fee, held, created_at, updated_at)"
            " SELECT id + 1000 + n, 'more-' || n, account_id + n %% 50, instrument_id, side, order_type, time_in_force, quantity,"
            " price, status, reason, filled_quantity, filled_notional, fee, held, created_at, updated_at"
            " FROM orders_order, generate_series(1, 5000) AS n WHERE account_id = %s",
            [account.pk],
        )
    analyze(connection.connection, "orders_order")


def add_people(account: Account) -> None:
    """As :func:`add_rows`, for finding one customer among many."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO accounts_user (password, is_superuser, email, role, is_staff, is_active, time_zone, date_joined, name)"
            " SELECT '', false, 'more-' || n || '@example.com', role, false, true, time_zone, date_joined, 'More Person ' || n"
            " FROM accounts_user, generate_series(1, 3000) AS n WHERE id = %s",
            [account.user_id],
        )
        cursor.execute(
            "INSERT INTO accounts_account (user_id, kind, status, opened_at)"
            " SELECT id, 'CUSTOMER', 'ACTIVE', date_joined FROM accounts_user WHERE email LIKE 'more-%'"
        )
    analyze(connection.connection, "accounts_user", "accounts_account")


def add_trail(account: Account) -> None:
    """As :func:`add_rows`, for the trail of one customer and of one actor among many."""
    add_people(account)
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO backoffice_trailentry"
            " (kind, actor_id, action, subject, account_id, reason, command_id, before, after, outcome)"
            " SELECT 'LOOK', id, 'SEARCH', 'a page', %s + id %% 50, 'asked by telephone', '', '', '', '' FROM accounts_user",
            [account.pk],
        )
    analyze(connection.connection, "backoffice_trailentry")


def add_past(account: Account) -> None:
    """As :func:`add_rows`, of orders that have ended, with their events: few of many are open."""
    add_rows(account)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE orders_order SET status = 'CANCELED', held = 0 WHERE client_order_id LIKE 'more-%'")
        cursor.execute(
            "INSERT INTO orders_accountevent (id, account_id, account_sequence, epoch, order_id, type, data, at)"
            " SELECT event.id + 10000 + n, account_id + n % 50, 1000 + n, epoch, event.order_id + 1000 + n, type, data, at"
            " FROM orders_accountevent AS event, generate_series(1, 5000) AS n WHERE type = 'ORDER_ACCEPTED'"
        )
    analyze(connection.connection, "orders_order", "orders_accountevent")


ADDED = {
    "book then": add_past, "account then": add_past, "e-mail": add_people, "name": add_people, "trail": add_trail,
    "counts": add_trail,
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_no_find_reads_a_whole_table(venue: Venue, alice: Account, case: str) -> None:
    venue.order(alice, "AAPL-USD", Side.BUY, "1", "100", client_order_id="mine-1")
    query, expected = CASES[case]
    ADDED.get(case, add_rows)(alice)
    with counted_queries() as queries:
        query(alice)
    used: set[str] = set()
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_seqscan = off")
        if "order_history" in expected:  # what sorts a few rows afterwards is as good, where there are few
            cursor.execute("SET LOCAL enable_sort = off")
        for captured in [text["sql"] for text in queries.captured_queries]:
            cursor.execute(f"EXPLAIN {captured}")
            plan = "\n".join(line for (line,) in cursor.fetchall())
            used |= set(re.findall(r"Index (?:Only )?Scan (?:Backward )?(?:using|on) (\w+)", plan))
            scanned = re.findall(r"Seq Scan on (\w+)", plan)
            assert not set(scanned) & set(GROWING), plan
    assert expected <= used


def test_a_client_order_id_is_once_in_its_account_with_which_the_index_begins(venue: Venue, alice: Account, bob: Account) -> None:
    order = venue.order(alice, "AAPL-USD", Side.BUY, "1", "100", client_order_id="mine-1")
    venue.order(bob, "AAPL-USD", Side.BUY, "1", "100", client_order_id="mine-1")
    order.pk += 1_000_000
    with pytest.raises(IntegrityError, match="order_client_order_id_once"), transaction.atomic():
        Order.objects.bulk_create([order])
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conname = 'order_client_order_id_once'")
        assert cursor.fetchone() == ("UNIQUE (account_id, client_order_id)",)

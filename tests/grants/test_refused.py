"""Somebody who has got hold of a process's password: what its login is not made for, PostgreSQL refuses."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from psycopg import errors, sql

from apps.grants.granting import login_names
from apps.grants.roles import Role
from apps.grants.table import TABLES
from tests.leftovers import plain_parameters

pytestmark = pytest.mark.usefixtures("django_db_setup")

MONEY = (
    *("orders_order", "orders_orderterms", "orders_trade", "orders_fill", "orders_accountevent"),
    *(
        "engine_journal",
        "engine_lease",
        "ledger_transfer",
        "ledger_posting",
        "ledger_ledgeraccount",
        "eventlog_outboxbatch",
        "engine_commandrecord",
    ),
)
SECRETS = (
    *("django_session", "usersessions_usersession", "mfa_authenticator", "account_emailaddress", "account_emailconfirmation"),
    *("accounts_user", "accounts_apikey"),
)
WRITES = ("INSERT INTO {} DEFAULT VALUES", "DELETE FROM {} WHERE false", "UPDATE {} SET {} = {} WHERE false", "TRUNCATE {}")


@contextmanager
def logged_in(role: Role) -> Iterator["psycopg.Connection[Any]"]:
    """As a process of that kind connects; what it might write is undone."""
    with psycopg.connect(**plain_parameters() | {"user": login_names()[role]}) as opened:
        yield opened
        opened.rollback()


def is_refused(opened: "psycopg.Connection[Any]", statement: "sql.SQL | sql.Composed") -> bool:
    try:
        with opened.transaction(force_rollback=True):
            opened.execute(statement)
    except errors.InsufficientPrivilege:
        return True
    except psycopg.Error:
        return False  # by another law: it got that far
    return False


def first_column(opened: "psycopg.Connection[Any]", table: str) -> str:
    row = opened.execute("SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum = 1", [table]).fetchone()
    assert row is not None
    return str(row[0])


def writes_to(opened: "psycopg.Connection[Any]", table: str) -> Iterator["sql.Composed"]:
    name, column = sql.Identifier(table), sql.Identifier(first_column(opened, table))
    for text in WRITES:
        yield sql.SQL(text).format(*(name, column, column)[: text.count("{}")])


def all_tables(opened: "psycopg.Connection[Any]") -> list[str]:
    """Partitions too."""
    rows = opened.execute("SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')")
    return [name for (name,) in rows.fetchall()]


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ENGINE])
def test_nobody_but_the_engine_writes_money_or_orders(role: Role) -> None:
    with logged_in(role) as opened:
        allowed = [
            str(statement.as_string(opened))
            for table in MONEY
            for statement in writes_to(opened, table)
            if not is_refused(opened, statement)
        ]
    # The relay removes what it has published.
    assert allowed == (['DELETE FROM "eventlog_outboxbatch" WHERE false'] if role is Role.RELAY else [])


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ENGINE])
def test_nobody_but_the_engine_calls_what_settles(role: Role) -> None:
    with logged_in(role) as opened:
        functions = opened.execute("SELECT proname, oid FROM pg_proc WHERE starts_with(proname, 'engine_settle')").fetchall()
        assert len(functions) == 6
        for name, oid in functions:
            types = "SELECT format_type(t, NULL) FROM pg_proc, unnest(proargtypes) t WHERE oid = %s"
            kinds = opened.execute(types, [oid]).fetchall()
            arguments = sql.SQL(", ").join(sql.SQL(f"NULL::{kind}") for (kind,) in kinds)
            assert is_refused(opened, sql.SQL(f"SELECT {name}({{}})").format(arguments)), name


def test_the_engine_may_call_it_and_write() -> None:
    """Or the tests above would see a refusal that everybody meets."""
    with logged_in(Role.ENGINE) as opened:
        assert not is_refused(opened, sql.SQL("INSERT INTO orders_order DEFAULT VALUES"))
        assert not is_refused(opened, sql.SQL("SELECT engine_settle_rare(NULL::jsonb, 0, now())"))
        assert is_refused(opened, sql.SQL("DELETE FROM orders_order WHERE false"))
        assert is_refused(opened, sql.SQL("UPDATE ledger_posting SET amount = 0 WHERE false"))


def test_the_support_writes_nothing_anywhere() -> None:
    with logged_in(Role.CONSOLE) as opened:
        tables = all_tables(opened)
        allowed = [statement for table in tables for statement in writes_to(opened, table) if not is_refused(opened, statement)]
        assert allowed == [] and len(tables) >= len(TABLES)
        for statement in (
            "CREATE TABLE planted (x int)",
            "SELECT nextval('accounts_account_id_seq')",
            "SELECT marketdata_make_day('2099-01-01')",
        ):
            assert is_refused(opened, sql.SQL(statement)), statement
        assert not is_refused(opened, sql.SQL("SELECT * FROM orders_order"))
        for secret in ("SELECT password FROM accounts_user", "SELECT * FROM django_session", "SELECT * FROM mfa_authenticator"):
            assert is_refused(opened, sql.SQL(secret)), secret


@pytest.mark.parametrize("role", [Role.ENGINE, Role.RELAY, Role.FEED, Role.CONSUMERS])
def test_who_moves_money_and_events_knows_nothing_of_how_people_prove_who_they_are(role: Role) -> None:
    with logged_in(role) as opened:
        for table in SECRETS:
            assert is_refused(opened, sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))), table
            assert all(is_refused(opened, statement) for statement in writes_to(opened, table)), table
        assert is_refused(opened, sql.SQL("SELECT email FROM accounts_user"))


@pytest.mark.parametrize("role", Role)
def test_the_trail_is_appended_to_by_the_pages_and_given_its_outcome_and_nothing_else(role: Role) -> None:
    with logged_in(role) as opened:
        refused = {
            statement: is_refused(opened, sql.SQL(statement))
            for statement in (
                "INSERT INTO backoffice_trailentry DEFAULT VALUES",
                "UPDATE backoffice_trailentry SET outcome = 'x' WHERE false",
                "UPDATE backoffice_trailentry SET reason = 'x' WHERE false",
                "UPDATE backoffice_trailentry SET at = now() WHERE false",
                "DELETE FROM backoffice_trailentry WHERE false",
                "TRUNCATE backoffice_trailentry",
            )
        }
    # What the jobs may is overwritten by a deletion alone: a trigger refuses the rest (tests/privacy).
    is_jobs = role is Role.JOBS
    assert list(refused.values()) == [role is not Role.WEB, role is not Role.WEB, not is_jobs, True, True, True]


@pytest.mark.parametrize("role", Role)
def test_no_login_becomes_another_or_changes_the_house(role: Role) -> None:
    owner = plain_parameters()["user"]
    others = [name for other, name in login_names().items() if other is not role]
    with logged_in(role) as opened:
        for statement in (
            *(f"SET ROLE {name}" for name in (owner, *others)),
            *("CREATE TABLE planted (x int)", "CREATE ROLE planted", "ALTER TABLE orders_order DISABLE TRIGGER ALL"),
            *("CHECKPOINT", "DROP TABLE orders_order", "SELECT pg_promote()", "SET session_replication_role = replica"),
            "COPY orders_order TO PROGRAM 'true'",
        ):
            assert is_refused(opened, sql.SQL(statement)), statement

"""The database says what the table says, for every login, every table, column and right; and the table leaves nothing out."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import connection
from psycopg import sql

from apps.grants import granting
from apps.grants.granting import Outcome, bring, differences, login_names, unlisted
from apps.grants.roles import Role
from apps.grants.table import FUNCTIONS, TABLES, Right, read_rights
from stack.processes import PROCESSES, TREDYE
from tests.ddl import change_tables

pytestmark = pytest.mark.django_db

_TABLE_RIGHTS = """
SELECT c.relname, p, has_table_privilege(%s, c.oid, p) FROM pg_class c,
  unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'TRUNCATE', 'REFERENCES', 'TRIGGER']) p
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
"""
_COLUMN_RIGHTS = """
SELECT c.relname, a.attname, p, has_column_privilege(%s, c.oid, a.attnum, p) FROM pg_class c
JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped, unnest(ARRAY['SELECT', 'INSERT', 'UPDATE']) p
WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition
"""


def ask(query: str, *arguments: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(query, list(arguments) or None)
        return list(cursor.fetchall())


@pytest.fixture
def own_logins(monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[Role, str]]:
    """Logins of an installation of another name: they are in the test's transaction alone, and end with it."""
    names = {role: f"elsewhere_{role}" for role in Role}
    logins = {role: {"USER": name, "PASSWORD": f"secret of {role}"} for role, name in names.items()}
    monkeypatch.setattr(settings, "DATABASE_LOGINS", logins)
    yield names


def test_every_table_and_function_has_its_row() -> None:
    """A new table gets a row in ``apps/grants/table.py``: who may read it, who writes it."""
    assert unlisted() == ([], [])
    there = {name for name, *_ in ask(_TABLE_RIGHTS, login_names()[Role.WEB])}
    assert sorted(TABLES.keys() - there) == [], "listed, and not in the database"
    assert sorted(FUNCTIONS.keys() - {name for (name,) in ask("SELECT proname FROM pg_proc")}) == []


def test_a_table_or_function_that_is_not_listed_is_found_and_left_to_its_owner() -> None:
    function = "CREATE FUNCTION plant() RETURNS int LANGUAGE sql AS 'SELECT 1'"
    change_tables(connection.connection, f"CREATE TABLE planted (x int); {function}")
    assert unlisted() == (["planted"], ["plant()"])
    bring()
    assert ask("SELECT has_table_privilege(%s, 'planted', 'SELECT')", login_names()[Role.JOBS]) == [(False,)]


@pytest.mark.parametrize("role", Role)
def test_a_login_has_exactly_the_rights_of_the_table(role: Role) -> None:
    name = login_names()[role]
    whole = {(table, privilege) for table, privilege, may in ask(_TABLE_RIGHTS, name) if may}
    listed = {table: row.get(role, frozenset()) for table, row in TABLES.items()}
    assert whole == {(table, right.privilege) for table, rights in listed.items() for right in rights if not right.column}
    parts = {(table, Right(p, column)) for table, column, p, may in ask(_COLUMN_RIGHTS, name) if may and (table, p) not in whole}
    assert parts == {(table, right) for table, rights in listed.items() for right in rights if right.column}
    callable_ = {
        called
        for called, may in ask(
            "SELECT proname, has_function_privilege(%s, oid, 'EXECUTE') FROM pg_proc"
            " WHERE pronamespace = 'public'::regnamespace AND prorettype <> 'trigger'::regtype",
            name,
        )
        if may
    }
    assert callable_ == {function for function, roles in FUNCTIONS.items() if role in roles}


@pytest.mark.parametrize("role", Role)
def test_a_login_is_nothing_but_a_login(role: Role) -> None:
    name = login_names()[role]
    attributes = "rolsuper, rolcreatedb, rolcreaterole, rolreplication, rolbypassrls, NOT rolcanlogin"
    assert ask(f"SELECT {attributes} FROM pg_roles WHERE rolname = %s", name) == [(False,) * 6]
    assert ask("SELECT has_schema_privilege(%s, 'public', 'CREATE')", name) == [(False,)]
    assert ask("SELECT has_schema_privilege(%s, 'public', 'USAGE')", name) == [(True,)]
    assert not ask("SELECT 1 FROM pg_class WHERE relowner = %s::regrole", name), "it owns something"


def test_what_differs_is_mended_and_what_does_not_is_left_alone() -> None:
    names = login_names()
    assert differences() == (set(), set())
    assert bring() == Outcome(0, 0, 0)
    change_tables(
        connection.connection,
        f"GRANT UPDATE, TRUNCATE ON orders_order TO {names[Role.WEB]};"
        f"GRANT SELECT (password) ON accounts_user TO {names[Role.ENGINE]};"
        f"REVOKE SELECT ON orders_fill FROM {names[Role.WEB]}; GRANT INSERT ON ledger_posting TO PUBLIC;"
        "GRANT EXECUTE ON FUNCTION engine_settle_rare TO PUBLIC; GRANT CREATE ON SCHEMA public TO PUBLIC;"
        f"GRANT SELECT ON marketdata_quoteframe_default TO {names[Role.FEED]}; GRANT {names[Role.ENGINE]} TO {names[Role.WEB]};"
        f"CREATE SCHEMA aside; GRANT USAGE ON SCHEMA aside TO {names[Role.WEB]}",
    )
    assert bring() == Outcome(0, 1, 8)
    assert differences() == (set(), set())
    members = "SELECT 1 FROM pg_auth_members WHERE member = %s::regrole AND roleid = %s::regrole"
    assert not ask(members, names[Role.WEB], names[Role.ENGINE])


def test_logins_are_made_with_their_passwords_and_set_right_where_they_are_more(own_logins: dict[Role, str]) -> None:
    made = bring()
    assert made.made == len(Role) and made.granted and not made.taken
    assert differences() == (set(), set())
    verifiers = dict(ask("SELECT rolname, left(rolpassword, 14) FROM pg_authid WHERE rolname LIKE 'elsewhere%'"))
    assert verifiers == dict.fromkeys(own_logins.values(), "SCRAM-SHA-256$")
    web = sql.Identifier(own_logins[Role.WEB])
    connection.connection.execute(sql.SQL("ALTER ROLE {} SUPERUSER CREATEDB NOLOGIN").format(web))
    assert bring() == Outcome(0, 0, 0)
    found = ask("SELECT rolsuper, rolcreatedb, rolcanlogin FROM pg_roles WHERE rolname = 'elsewhere_web'")
    assert found == [(False, False, True)]


def test_an_owner_who_may_make_no_logins_is_told_so(own_logins: dict[Role, str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE planted_owner; SET LOCAL ROLE planted_owner")
    with pytest.raises(granting.MayNotError, match="elsewhere_web"):
        bring()


def test_every_process_has_a_login_but_the_guard_who_makes_a_standby_the_primary() -> None:
    assert {process.role for process in PROCESSES} == {"", *Role} - {Role.CONSOLE}
    assert {process.name for process in PROCESSES if not process.role} == {"guard"}
    assert {process.name for process in TREDYE.processes if process.role == Role.ENGINE} == {"engine", "standby"}


def test_rights_are_read_strictly() -> None:
    assert read_rights("SELECT UPDATE(a, b)") == {Right("SELECT"), Right("UPDATE", "a"), Right("UPDATE", "b")}
    assert read_rights("") == frozenset()
    for text in ("TRUNCATE", "SELECT, INSERT", "UPDATE(A)"):
        with pytest.raises(ValueError, match="must be words"):
            read_rights(text)

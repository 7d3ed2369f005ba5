"""Brings a database to what ``table`` says: makes the logins that are missing, grants what they lack, takes what is beyond it.

Only what differs is touched: where all is as it should be nothing is written. Nobody who reads or writes tables is held up by it.
Logins belong to the whole server: others may do the same for another database at the same time, and then it is tried again.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from psycopg import errors, sql

from apps.grants.roles import Role
from apps.grants.table import FUNCTIONS, MEMBERSHIPS, PARTS, TABLES, Right

_PLAIN = "LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS"
#: Held for the transaction by who grants in this database. A migration that is under way is not waited for longer.
_ALONE = "SET LOCAL lock_timeout = '30s'; SET LOCAL statement_timeout = '60s'; SELECT pg_advisory_xact_lock(hashtext('grants'))"
_TRIES_MAX = 20
_TRY_AGAIN = (errors.UniqueViolation, errors.DuplicateObject, errors.DeadlockDetected)
#: What PostgreSQL says when two change the same row of its catalogs; it has no code of its own.
_AT_ONCE = "tuple concurrently"

_LOGINS = """
SELECT rolname, rolcanlogin AND NOT (rolsuper OR rolcreatedb OR rolcreaterole OR rolreplication OR rolbypassrls)
FROM pg_roles WHERE rolname = ANY(%s)
"""
_MEMBERS = """
SELECT had.rolname, own.rolname FROM pg_auth_members m
JOIN pg_roles had ON had.oid = m.roleid JOIN pg_roles own ON own.oid = m.member WHERE own.rolname = ANY(%s)
"""
_MAY_MAKE = "SELECT rolsuper OR rolcreaterole FROM pg_roles WHERE rolname = current_user"
_RELATIONS = """
SELECT c.relname, CASE WHEN c.relkind = 'S' THEN 'SEQUENCE' WHEN c.relispartition THEN 'PART' ELSE 'TABLE' END
FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'S')
"""
_FUNCTIONS = """
SELECT p.oid::regprocedure::text, p.proname FROM pg_proc p
WHERE p.pronamespace = 'public'::regnamespace AND p.prorettype <> 'trigger'::regtype
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.classid = 'pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')
"""
# Who is nobody in pg_roles is PUBLIC. A sequence may have rights of a table.
_HELD = """
WITH held (kind, name, col, a) AS (
    SELECT CASE WHEN c.relkind = 'S' THEN 'SEQUENCE' ELSE 'TABLE' END, c.relname::text, '', aclexplode(c.relacl)
    FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'S')
    UNION ALL
    SELECT 'TABLE', c.relname::text, t.attname::text, aclexplode(t.attacl)
    FROM pg_attribute t JOIN pg_class c ON c.oid = t.attrelid
    WHERE c.relnamespace = 'public'::regnamespace AND t.attacl IS NOT NULL
    UNION ALL
    SELECT 'FUNCTION', p.oid::regprocedure::text, '', aclexplode(coalesce(p.proacl, acldefault('f', p.proowner)))
    FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace
    UNION ALL
    SELECT 'SCHEMA', n.nspname::text, '', aclexplode(n.nspacl) FROM pg_namespace n
    WHERE n.nspname NOT LIKE 'pg\\_%%' AND n.nspname <> 'information_schema'
)
SELECT kind, name, col, coalesce(r.rolname, 'public'), (a).privilege_type
FROM held LEFT JOIN pg_roles r ON r.oid = (held.a).grantee
WHERE r.rolname = ANY(%s) OR (held.a).grantee = 0
"""
PUBLIC = "public"


class MayNotError(RuntimeError):
    """The owner may not make logins, and some are missing: somebody else makes them, or every process connects as the owner."""


@dataclass(frozen=True, slots=True, order=True)
class Grant:
    """``name`` is of the schema ``public``, or a schema's own; of a function with its arguments."""

    kind: str
    name: str
    right: Right
    who: str


@dataclass(frozen=True, slots=True)
class Outcome:
    made: int
    granted: int
    taken: int


def bring() -> Outcome:
    """Make the database as ``table`` says. Raises :class:`MayNotError` and DatabaseError; then nothing was changed."""
    for _ in range(_TRIES_MAX):
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(_ALONE)
                return _bring(cursor)
        except DatabaseError as error:
            if not isinstance(error.__cause__, _TRY_AGAIN) and _AT_ONCE not in str(error):
                raise
            last = error
    raise last


def differences() -> tuple[set[Grant], set[Grant]]:
    """What the logins lack, and what they have beyond the table."""
    with connection.cursor() as cursor:
        wanted, held = _wanted(cursor), _held(cursor)
    return wanted - held, held - wanted


def unlisted() -> tuple[list[str], list[str]]:
    """Tables and functions that ``table`` does not name. A version that is older than the database leaves them as they are."""
    with connection.cursor() as cursor:
        tables = [name for name, kind in _rows(cursor, _RELATIONS) if kind == "TABLE" and name not in TABLES]
        functions = [text for text, name in _rows(cursor, _FUNCTIONS) if name not in FUNCTIONS]
    return sorted(tables), sorted(functions)


def login_names() -> dict[Role, str]:
    return {role: settings.DATABASE_LOGINS[role]["USER"] for role in Role}


def _bring(cursor: Any) -> Outcome:
    made = _make_logins(cursor)
    wanted, held = _wanted(cursor), _held(cursor)
    for verb, way, some in (("GRANT", "TO", wanted - held), ("REVOKE", "FROM", held - wanted)):
        for statement in _statements(verb, way, some):
            cursor.execute(statement)
    return Outcome(made, len(wanted - held), len(held - wanted))


# --- logins


def _make_logins(cursor: Any) -> int:
    """Returns how many were missing."""
    names = login_names()
    plain = dict(_rows(cursor, _LOGINS, list(names.values())))
    missing = [name for name in names.values() if name not in plain]
    if not _rows(cursor, _MAY_MAKE)[0][0]:
        if missing:
            raise MayNotError(f"the owner may not make the logins {', '.join(missing)}")
        return 0
    for name in missing:
        cursor.execute(sql.SQL(f"CREATE ROLE {{}} {_PLAIN}").format(sql.Identifier(name)))
    for name, is_plain in plain.items():
        if not is_plain:
            cursor.execute(sql.SQL(f"ALTER ROLE {{}} {_PLAIN}").format(sql.Identifier(name)))
    for role, name in names.items():
        _set_password(cursor, name, settings.DATABASE_LOGINS[role]["PASSWORD"])
    _join(cursor, {(MEMBERSHIPS[role], names[role]) for role in MEMBERSHIPS}, list(names.values()))
    return len(missing)


def _set_password(cursor: Any, name: str, password: str) -> None:
    """As a verifier, which no log of statements gives away. Without a password the login keeps what it has."""
    if password:
        verifier = connection.connection.pgconn.encrypt_password(password.encode(), name.encode(), b"scram-sha-256")
        statement = sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(name), sql.Literal(verifier.decode()))
        cursor.execute(statement)


def _join(cursor: Any, wanted: set[tuple[str, str]], names: list[str]) -> None:
    held = set(_rows(cursor, _MEMBERS, names))
    for verb, way, some in (("GRANT", "TO", wanted - held), ("REVOKE", "FROM", held - wanted)):
        for group, name in sorted(some):
            cursor.execute(sql.SQL(f"{verb} {{}} {way} {{}}").format(sql.Identifier(group), sql.Identifier(name)))


# --- rights


def _wanted(cursor: Any) -> set[Grant]:
    names = login_names()
    wanted = {Grant("SCHEMA", "public", Right("USAGE"), name) for name in names.values()}
    for name, kind in _rows(cursor, _RELATIONS):
        row: Mapping[Role, frozenset[Right]] = TABLES.get(name, {}) if kind == "TABLE" else PARTS
        noun = "SEQUENCE" if kind == "SEQUENCE" else "TABLE"
        wanted |= {Grant(noun, name, right, names[role]) for role, rights in row.items() for right in rights}
    for text, name in _rows(cursor, _FUNCTIONS):
        wanted |= {Grant("FUNCTION", text, Right("EXECUTE"), names[role]) for role in FUNCTIONS.get(name, ())}
    return wanted


def _held(cursor: Any) -> set[Grant]:
    """Of what is ours to decide: tables and functions that the table names, parts, sequences and schemas."""
    tables = {name for name, kind in _rows(cursor, _RELATIONS) if kind != "TABLE" or name in TABLES}
    functions = {text for text, name in _rows(cursor, _FUNCTIONS) if name in FUNCTIONS}
    ours = {"TABLE": tables, "SEQUENCE": tables, "FUNCTION": functions}
    return {
        Grant(kind, name, Right(privilege, column), who)
        for kind, name, column, who, privilege in _rows(cursor, _HELD, list(login_names().values()))
        if (name in ours[kind] if kind in ours else who != PUBLIC or privilege == "CREATE")
    }


def _statements(verb: str, way: str, grants: set[Grant]) -> Iterator[sql.Composed]:
    """One for each object and login."""
    together: dict[tuple[str, str, str], list[Right]] = {}
    for grant in sorted(grants):
        together.setdefault((grant.kind, grant.name, grant.who), []).append(grant.right)
    for (kind, name, who), rights in together.items():
        words = sql.SQL(", ").join(
            sql.SQL(right.privilege) + (sql.SQL(" ({})").format(sql.Identifier(right.column)) if right.column else sql.SQL(""))
            for right in rights
        )
        yield sql.SQL(f"{verb} {{}} ON {kind} {{}} {way} {{}}").format(words, _object(kind, name), _grantee(who))


def _object(kind: str, name: str) -> sql.Composable:
    """A function's text is PostgreSQL's own, quoted as it must be."""
    if kind == "FUNCTION":
        return sql.SQL(name)
    return sql.Identifier(name) if kind == "SCHEMA" else sql.Identifier("public", name)


def _grantee(who: str) -> sql.Composable:
    return sql.SQL("PUBLIC") if who == PUBLIC else sql.Identifier(who)


def _rows(cursor: Any, query: str, *arguments: object) -> list[tuple[Any, ...]]:
    cursor.execute(query, list(arguments) or None)
    return list(cursor.fetchall())

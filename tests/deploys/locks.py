"""What a migration does to who is at work meanwhile, read from its statements.

By what PostgreSQL does with each: a table is rewritten or read whole under a lock that keeps writers, or all, away. A lock that
is held for a moment is no matter: ``prepare`` gives way (``apps.web.migrating``). Tables that the migration itself makes are
nobody's yet.
"""

import re
from typing import NamedTuple

from django.db import connection
from django.db.migrations.loader import MigrationLoader

from apps.web.migrating import BESIDE, STANDSTILL

_NAME = r'(?:ONLY )?"?(?:public"?\."?)?([\w]+)"?'
_TABLE = re.compile(rf"ALTER TABLE (?:IF EXISTS )?{_NAME}", re.I)
_MAKES = re.compile(rf"CREATE TABLE (?:IF NOT EXISTS )?{_NAME}", re.I)
_ABOUT = (
    _TABLE,
    re.compile(rf"^CREATE .*?(?:INDEX|TRIGGER) .*? ON {_NAME}", re.I),
    re.compile(rf"^(?:UPDATE|DELETE FROM|INSERT INTO|LOCK(?: TABLE)?|TRUNCATE(?: TABLE)?|DROP TABLE) {_NAME}", re.I),
)
_PYTHON = "-- THIS OPERATION CANNOT BE WRITTEN AS SQL"
_INDEX = r"^CREATE (UNIQUE )?INDEX"
_KEPT = r"^(LOCK|CLUSTER|TRUNCATE|REFRESH MATERIALIZED|VACUUM FULL)|SET (TABLESPACE|LOGGED|UNLOGGED)"
_VOLATILE = r"DEFAULT \(?\s*(?:gen_random_uuid|random|nextval|clock_timestamp|uuid_generate)"


class Rule(NamedTuple):
    """``pattern`` of a statement on a table that was there; ``unless`` it says this as well."""

    meaning: str
    pattern: str
    unless: str = ""


LONG: tuple[Rule, ...] = (
    Rule("the index is built while nobody may write: CONCURRENTLY", _INDEX, rf"{_INDEX} CONCURRENTLY"),
    Rule("an index is made anew while nobody may write: CONCURRENTLY", r"^REINDEX", r"CONCURRENTLY"),
    Rule("rows that are there have no value: a default, or nullable first", r"ADD COLUMN .*NOT NULL", r"\bDEFAULT\b"),
    Rule(
        "every row is rewritten: fill the column later, in portions", rf"ADD COLUMN .*({_VOLATILE}|\b(BIG)?SERIAL\b|GENERATED )"
    ),
    Rule("every row is rewritten, or read: a new column beside it", r"ALTER COLUMN .* TYPE "),
    Rule("every row is read: a CHECK, NOT VALID and validated, first", r"ALTER COLUMN .* SET NOT NULL"),
    Rule(
        "every row is read: NOT VALID, then VALIDATE in another migration", r"ADD CONSTRAINT .*(CHECK|FOREIGN KEY)", r"NOT VALID"
    ),
    Rule(
        "its index is built under the lock: CONCURRENTLY, then USING INDEX",
        r"ADD CONSTRAINT .*(UNIQUE|PRIMARY KEY|EXCLUDE)",
        r"USING INDEX",
    ),
    Rule("the table is kept from everybody", _KEPT),
)
APART: tuple[Rule, ...] = (
    Rule("the former version asks for it", r"^DROP TABLE|DROP COLUMN|RENAME "),
    Rule("the former version leaves it out: keep the default in the database (db_default)", r"ALTER COLUMN .* DROP DEFAULT"),
    Rule("the former version may write what it forbids", r"ADD CONSTRAINT|^CREATE UNIQUE INDEX|ALTER COLUMN .* SET NOT NULL"),
    Rule("the former version writes through it: a new name", r"^CREATE OR REPLACE|^(DROP|ALTER) (FUNCTION|VIEW|TRIGGER|TYPE)"),
    Rule("it acts on what the former version writes", r"^CREATE (CONSTRAINT )?(TRIGGER|RULE)"),
)
_MOVES = re.compile(r"^(UPDATE|DELETE|INSERT INTO .*SELECT)|" + re.escape(_PYTHON), re.I | re.S)
_HOLDS = re.compile(r"^(ALTER TABLE|CREATE (CONSTRAINT )?TRIGGER|LOCK)", re.I)


def findings(name: str, statements: list[str], *, atomic: bool = True, new: frozenset[str] = frozenset()) -> list[str]:
    """What is against the promise that the name makes, a line each. ``new`` are tables that no installation has yet."""
    plain = [text for each in statements for text in _plain(each)]
    own = new | made(statements)
    found = []
    if not name.endswith(STANDSTILL):
        found += _broken(LONG, plain, own)
        if atomic:
            found += _held(plain, own)
    if name.endswith(BESIDE):
        found += _broken(APART, plain, own)
    return found


def made(statements: list[str]) -> frozenset[str]:
    """The tables that the statements make."""
    plain = [text for each in statements for text in _plain(each)]
    return frozenset(match[1] for text in plain if (match := _MAKES.match(text)))


def _broken(rules: tuple[Rule, ...], plain: list[str], own: frozenset[str]) -> list[str]:
    return [
        f"{rule.meaning}: {text[:160]}"
        for text in plain
        for rule in rules
        if _table(text) not in own and _says(rule.pattern, text) and not (rule.unless and _says(rule.unless, text))
    ]


def _held(plain: list[str], own: frozenset[str]) -> list[str]:
    """Of a migration in one transaction, which keeps each of its locks to its end."""
    held = [text for text in plain if _HOLDS.search(text) and _table(text) not in own]
    moved = [text for text in plain if _MOVES.search(text) and _table(text) not in own]
    found = [f"rows are written while a table is locked: two migrations: {moved[0][:160]}"] if held and moved else []
    added = {_table(text) for text in held if _says("ADD CONSTRAINT", text)}
    found += [
        f"validated under the lock of the ADD: two migrations: {text[:160]}"
        for text in plain
        if _says("VALIDATE CONSTRAINT", text) and _table(text) in added
    ]
    return found


def _says(pattern: str, text: str) -> bool:
    return re.search(pattern, text, re.I) is not None


def _table(text: str) -> str:
    """The table that a statement is about; empty for none."""
    for pattern in _ABOUT:
        if match := pattern.match(text):
            return match[1]
    return ""


def _plain(statement: str) -> list[str]:
    """The statements of a text, each on one line, without comments, texts and the bodies of functions."""
    if statement.startswith(_PYTHON):
        return [_PYTHON]
    text = re.sub(r"(\$\w*\$).*?\1", "''", statement, flags=re.S)
    text = re.sub(r"'(?:[^']|'')*'", "''", text)
    text = re.sub(r"--[^\n]*|/\*.*?\*/", " ", text, flags=re.S)
    return [" ".join(part.split()) for part in text.split(";") if part.split()]


def statements_of(loader: MigrationLoader, key: tuple[str, str]) -> list[str]:
    """The SQL of one migration as the database would get it."""
    migration = loader.graph.nodes[key]
    state = loader.project_state(key, at_end=False)
    with connection.schema_editor(collect_sql=True, atomic=migration.atomic) as editor:
        migration.apply(state, editor, collect_sql=True)
    collected: list[str] = []
    for line in editor.collected_sql:
        # Django puts a comment of three lines before each operation; only what cannot be told in SQL matters of them.
        if line.startswith(_PYTHON) or not line.startswith("--"):
            collected.append(line)
    return collected

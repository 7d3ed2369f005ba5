"""No new migration locks for long, and none says more of itself than is so. The rules are in ``locks``."""

from typing import Any

import pytest
from django.db.migrations.loader import MigrationLoader

from tests.deploys.locks import findings, made, statements_of

#: The last migration of each app in the release before; later apps have none. It moves when a release is made, and what came
#: before it is left as it is.
BASELINE = {
    "accounts": "0011",
    "alerts": "0002",
    "backoffice": "0002",
    "engine": "0013",
    "eventlog": "0003",
    "instruments": "0005",
    "jobs": "0001",
    "ledger": "0004",
    "marketdata": "0003",
    "operations": "0001",
    "orders": "0007",
    "portfolio": "0005",
    "realtime": "0001",
    "receipts": "0002",
    "watchlists": "0001",
}


#: Functions that a migration replaces beside the former version, and why that one may write through them.
WIDENED = {
    ("privacy", "0001_deletion_beside"): {
        "backoffice_keep_trail": "it refuses what it refused, but in a transaction that ends a deletion; the former makes none",
        "backoffice_keep_requests": "the same",
    },
}


def is_widened(key: tuple[str, str], finding: str) -> bool:
    meaning, _, statement = finding.partition(": CREATE OR REPLACE FUNCTION ")
    return meaning.startswith("the former version writes through it") and statement.partition("(")[0] in WIDENED.get(key, {})


def ours(loader: MigrationLoader) -> list[tuple[str, str]]:
    return [key for key, node in loader.graph.nodes.items() if type(node).__module__.startswith("apps.")]


def test_no_migration_since_keeps_anybody_waiting_or_breaks_its_promise(django_db_setup: None, django_db_blocker: Any) -> None:
    loader = MigrationLoader(None)
    later = [key for key in ours(loader) if key[1][:4] > BASELINE.get(key[0], "")]
    with django_db_blocker.unblock():
        said = {key: statements_of(loader, key) for key in later}
    new = frozenset().union(*map(made, said.values()))
    found = {
        key: findings(key[1], statements, atomic=loader.graph.nodes[key].atomic, new=new) for key, statements in said.items()
    }
    widened = {key: sum(is_widened(key, line) for line in lines) for key, lines in found.items()}
    assert {key: count for key, count in widened.items() if count} == {key: len(names) for key, names in WIDENED.items()}
    assert {key: rest for key, lines in found.items() if (rest := [line for line in lines if not is_widened(key, line)])} == {}


def test_the_rules_read_what_django_writes(django_db_setup: None, django_db_blocker: Any) -> None:
    """Of migrations that landed: one that waits on locks, one that is Python, one that builds its index beside."""
    loader = MigrationLoader(None)
    keys = {f"{app}.{name[:4]}": (app, name) for app, name in ours(loader)}
    with django_db_blocker.unblock():
        read = {
            key: findings(keys[key][1], statements_of(loader, keys[key]), atomic=loader.graph.nodes[keys[key]].atomic)
            for key in ("orders.0006", "orders.0007", "engine.0007", "accounts.0002", "realtime.0001", "watchlists.0001")
        }
    assert [line.partition(":")[0] for line in read["realtime.0001"]] == ["the index is built while nobody may write"]
    assert {line.split()[0] for line in read["orders.0006"]} == {"every", "the"}
    assert read["engine.0007"][-1].startswith("rows are written while a table is locked")
    assert read["orders.0007"] == read["accounts.0002"] == read["watchlists.0001"] == []


ORDERS = "ALTER TABLE orders_order"


@pytest.mark.parametrize(
    ("statement", "why"),
    [
        ('CREATE INDEX "i" ON "orders_order" ("price")', "the index is built"),
        ('CREATE UNIQUE INDEX "i" ON orders_order (price)', "the index is built"),
        (f'{ORDERS} ADD COLUMN "x" integer NOT NULL', "rows that are there have no value"),
        (f"{ORDERS} ADD COLUMN x uuid DEFAULT gen_random_uuid() NOT NULL", "every row is rewritten"),
        (f"{ORDERS} ADD COLUMN x bigint GENERATED ALWAYS AS (1) STORED", "every row is rewritten"),
        (f'{ORDERS} ALTER COLUMN "price" TYPE numeric(30, 10) USING "price"::numeric(30, 10)', "every row is rewritten, or read"),
        (f"{ORDERS} ALTER COLUMN price SET NOT NULL", "every row is read"),
        (f"{ORDERS} ADD CONSTRAINT c CHECK (price > 0)", "every row is read"),
        (f"{ORDERS} ADD CONSTRAINT c FOREIGN KEY (a) REFERENCES b (id) DEFERRABLE", "every row is read"),
        (f"{ORDERS} ADD CONSTRAINT c UNIQUE (price)", "its index is built under the lock"),
        ("LOCK TABLE orders_order IN ACCESS EXCLUSIVE MODE", "the table is kept from everybody"),
        ("TRUNCATE orders_order", "the table is kept from everybody"),
        (f"{ORDERS} ADD CONSTRAINT c CHECK (price > 0) NOT VALID; {ORDERS} VALIDATE CONSTRAINT c", "validated under the lock"),
        (f"{ORDERS} ADD COLUMN x integer; UPDATE orders_order SET x = 1", "rows are written while a table is locked"),
    ],
)
def test_what_locks_for_long_is_found_and_allowed_at_a_standstill_alone(statement: str, why: str) -> None:
    assert [line for line in findings("0099_it", [statement]) if line.startswith(why)] != []
    assert [line for line in findings("0099_it_beside", [statement]) if line.startswith(why)] != []
    assert findings("0099_it_standstill", [statement]) == []


@pytest.mark.parametrize(
    ("statement", "why"),
    [
        ("DROP TABLE orders_order", "the former version asks for it"),
        (f"{ORDERS} DROP COLUMN price", "the former version asks for it"),
        (f"{ORDERS} RENAME COLUMN price TO cost", "the former version asks for it"),
        (f"{ORDERS} ALTER COLUMN x DROP DEFAULT", "the former version leaves it out"),
        (f"{ORDERS} ADD CONSTRAINT c CHECK (price > 0) NOT VALID", "the former version may write what it forbids"),
        ("CREATE OR REPLACE FUNCTION f() RETURNS int AS $$ SELECT 1; $$ LANGUAGE sql", "the former version writes through it"),
        ("CREATE TRIGGER t BEFORE INSERT ON orders_order EXECUTE FUNCTION f()", "it acts on what the former version writes"),
    ],
)
def test_what_the_former_version_cannot_run_beside_is_found(statement: str, why: str) -> None:
    assert findings("0099_it", [statement]) == []
    assert [line.partition(":")[0] for line in findings("0099_it_beside", [statement])] == [why]


@pytest.mark.parametrize(
    "statements",
    [
        [
            'CREATE TABLE "new" ("id" bigint NOT NULL); CREATE INDEX "i" ON "new" ("id")',
            'ALTER TABLE "new" ADD CONSTRAINT c CHECK (id > 0)',
        ],
        [f"{ORDERS} ADD COLUMN x integer NULL", f"{ORDERS} ADD COLUMN y integer DEFAULT 0 NOT NULL"],
        ['CREATE INDEX CONCURRENTLY "i" ON "orders_order" ("price")'],
        [f"{ORDERS} VALIDATE CONSTRAINT c"],
        ["UPDATE orders_order SET x = 1 WHERE id < 1000"],
        ["CREATE FUNCTION engine_settle_2() RETURNS int AS $$ LOCK TABLE a; DROP TABLE b; $$ LANGUAGE sql -- DROP TABLE c"],
    ],
)
def test_what_is_done_beside_is_not_complained_of(statements: list[str]) -> None:
    assert findings("0099_it_beside", statements) == []

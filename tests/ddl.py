"""Changes of tables, as patient as the product's own.

An autovacuum worker on a table gives way to DDL only after ``deadlock_timeout``, a second, and that is also how long the
product's connections wait for a lock: what wants such a lock without more patience fails whenever a worker happens to be there.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

_TIMEOUTS = {"lock_timeout": "60s", "statement_timeout": "90s"}


@contextmanager
def patient(database: Any) -> Iterator[None]:
    """Meanwhile this connection of psycopg waits for locks. After an error the rollback makes it impatient again."""
    before = {name: database.execute("SELECT current_setting(%s)", [name]).fetchone()[0] for name in _TIMEOUTS}
    _set(database, _TIMEOUTS)
    yield
    _set(database, before)


def change_tables(database: Any, statements: str) -> None:
    with patient(database):
        database.execute(statements, prepare=False)


def analyze(database: Any, *tables: str) -> None:
    """Fresh statistics of ``tables``, of all without one: it wants the lock that a worker of autovacuum has, too."""
    with patient(database):
        database.execute(f"ANALYZE {', '.join(tables)}")


def _set(database: Any, timeouts: dict[str, str]) -> None:
    for name, value in timeouts.items():
        database.execute("SELECT set_config(%s, %s, false)", [name, value])

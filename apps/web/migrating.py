"""Migrations: which may be applied while the former version runs, and how they are then applied.

A migration says by the end of its name what it asks for, because the name is what a database keeps of it:

- ``…_beside``: the version before it runs on, before and after, with what it leaves. So it is applied while an engine trades; and
  a version that does not know it may run on a database that has it, which is the way back.
- ``…_standstill``: it locks a table for longer than anybody should wait. Everything is stopped first.
- anything else: no lock is held for long, but what a running engine writes through may be replaced. The engine is stopped first.

``tests/deploys`` holds every new migration to its name.
"""

import time
from collections.abc import Callable, Iterable

from django.db import OperationalError, connection
from psycopg.errors import LockNotAvailable

BESIDE = "_beside"
STANDSTILL = "_standstill"

#: With nobody at work a lock is waited for; and making an index on a large table takes as long as it takes.
_PATIENT = "SET statement_timeout = 0; SET lock_timeout = '10s'"
#: Beside a running engine: all that comes after a wish for a lock waits with it, orders too. So it is a short wish, again and
#: again, until it meets a moment in which nobody holds the table for longer.
_BRIEF = "SET statement_timeout = 0; SET lock_timeout = '300ms'"
BESIDE_WITHIN_S = 120.0
_AGAIN_AFTER_S = 0.5


def not_beside(names: Iterable[tuple[str, str]]) -> list[str]:
    """``app.name`` of those that the version before them cannot run beside."""
    return sorted(f"{app}.{name}" for app, name in names if not name.endswith(BESIDE))


def apply_patiently(migrate: Callable[[], object]) -> None:
    _set(_PATIENT)
    migrate()


def apply_beside(migrate: Callable[[], object], say: Callable[[str], object]) -> None:
    """Call ``migrate`` until no lock was missing; what it did before is not done again. After :data:`BESIDE_WITHIN_S` the
    database's error is raised."""
    deadline_s = time.monotonic() + BESIDE_WITHIN_S
    while True:
        _set(_BRIEF)
        try:
            migrate()
            return
        except OperationalError as error:
            if not isinstance(error.__cause__, LockNotAvailable) or time.monotonic() > deadline_s:
                raise
            say(f"a table is in use, again in {_AGAIN_AFTER_S} s: {str(error).strip().splitlines()[0]}")
        time.sleep(_AGAIN_AFTER_S)


def _set(timeouts: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(timeouts)

"""Rows that a file of tests leaves behind in the database that all files of a worker share."""

from typing import Any

import psycopg
from django.conf import settings

#: Written by whoever runs at all, under names that no two runs share: sessions, the engine's lease, and readers of the embedded
#: log that were killed or frozen and could not sign off.
OF_NOBODY = frozenset({"django_session", "engine_lease", "eventlog_logmember"})


def plain_parameters() -> dict[str, Any]:
    """How psycopg itself reaches the test database, without Django's pool and time limits."""
    of = settings.DATABASES["default"]
    names = {"host": "HOST", "port": "PORT", "dbname": "NAME", "user": "USER", "password": "PASSWORD"}
    return {ours: of[theirs] for ours, theirs in names.items() if of.get(theirs)}


def count_rows(connection: "psycopg.Connection[Any]") -> dict[str, int]:
    """Committed rows of every table that is not a partition and not ``OF_NOBODY``, by table."""
    tables = [
        name
        for (name,) in connection.execute(
            "SELECT relname FROM pg_class"
            " WHERE relkind IN ('r', 'p') AND NOT relispartition AND relnamespace = 'public'::regnamespace"
        )
        if name not in OF_NOBODY
    ]
    counts = " UNION ALL ".join(f"SELECT '{name}', count(*) FROM \"{name}\"" for name in sorted(tables))
    return dict(connection.execute(counts).fetchall())


class Leftovers:
    """What the database held when it was made, or when it was last complained about."""

    def __init__(self, parameters: dict[str, Any]) -> None:
        self._parameters = parameters
        self._known = self._count()

    def _count(self) -> dict[str, int]:
        with psycopg.connect(**self._parameters, autocommit=True) as connection:
            return count_rows(connection)

    def found(self) -> dict[str, int]:
        """How many rows there are more (or fewer) than known, by table; told once."""
        now = self._count()
        changed = {name: now.get(name, 0) - self._known.get(name, 0) for name in now | self._known}
        self._known = now
        return {name: change for name, change in sorted(changed.items()) if change}

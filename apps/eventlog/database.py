"""Connections of this app's own to Postgres, for what outlives a transaction: a lock, a LISTEN, a stream of appends."""

import time
from typing import Any

import psycopg
from django.db import connection as django_connection

from apps.observability.callers import observe_query
from apps.primary.connections import EndingConnection

#: By our own clock, and more than the server's limit: a frozen server ends no statement, and one that was taken over no commit.
STATEMENT_S_MAX = 8.0
#: Whoever lifts the server's limit lifts ours.
_NO_LIMIT = "statement_timeout=0"

Connection = psycopg.Connection[tuple[Any, ...]]


def own_connection(application_name: str, *, connect_timeout_s: int = 2, options: str = "", caller: str = "") -> Connection:
    """Connect to Django's database, in autocommit: Django's connection would hide a lost one, and with it the lost lock.

    ``options`` are further server settings (``-c name=value``). Its queries are measured where ``caller`` says for whom. Raises
    psycopg.Error.
    """
    params = django_connection.get_connection_params()
    params.update(
        autocommit=True,
        application_name=application_name[:63],  # what Postgres keeps of a name
        cursor_factory=_timed_cursor(caller) if caller else psycopg.Cursor,
        connect_timeout=connect_timeout_s,
        options=f"{params.get('options', '')} {options}".strip(),
    )
    connection = EndingConnection.connect(**params)
    connection.within_s = None if _NO_LIMIT in options else STATEMENT_S_MAX
    return connection


def _timed_cursor(caller: str) -> type[psycopg.Cursor[Any]]:
    class TimedCursor(psycopg.Cursor[Any]):
        def execute(self, *args: Any, **kwargs: Any) -> Any:
            began_s = time.perf_counter()
            try:
                return super().execute(*args, **kwargs)
            finally:
                observe_query(time.perf_counter() - began_s, caller)

    return TimedCursor

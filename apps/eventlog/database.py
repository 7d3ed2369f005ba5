"""Connections of this app's own to Postgres, for what outlives a transaction: a lock, a LISTEN, a stream of appends."""

from typing import Any

import psycopg
from django.db import connection as django_connection

Connection = psycopg.Connection[tuple[Any, ...]]


def own_connection(application_name: str, *, connect_timeout_s: int = 2, options: str = "") -> Connection:
    """Connect to Django's database, in autocommit: Django's connection would hide a lost one, and with it the lost lock.

    ``options`` are further server settings (``-c name=value``). Raises psycopg.Error.
    """
    params = django_connection.get_connection_params()
    params.update(
        autocommit=True,
        application_name=application_name[:63],  # what Postgres keeps of a name
        cursor_factory=psycopg.Cursor,
        connect_timeout=connect_timeout_s,
        options=f"{params.get('options', '')} {options}".strip(),
    )
    return psycopg.connect(**params)

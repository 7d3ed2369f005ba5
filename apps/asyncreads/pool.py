"""Plain SQL from an event loop, through a small pool of its own, because the ORM would hop threads.

Read only. The pool bounds the sessions of a process; every read raises :class:`ReaderUnavailableError` within seconds rather than
wait for a database that is away.
"""

from typing import Any

import psycopg
from psycopg_pool import AsyncConnectionPool, PoolTimeout, TooManyRequests

#: Reads that may wait for a connection.
WAITING_MAX = 10_000


class ReaderUnavailableError(Exception):
    """Postgres did not answer in time, or not at all."""


def connection_arguments(database: dict[str, Any], application_name: str) -> dict[str, Any]:
    """Django's description of a database as psycopg's arguments."""
    named = {"host": "HOST", "port": "PORT", "dbname": "NAME", "user": "USER", "password": "PASSWORD"}
    arguments = {ours: database[theirs] for ours, theirs in named.items() if database.get(theirs)}
    arguments |= {key: value for key, value in database.get("OPTIONS", {}).items() if key.startswith("ssl")}
    return arguments | {
        "connect_timeout": 2,
        "application_name": application_name,
        "options": "-c statement_timeout=2000 -c default_transaction_read_only=on",
        "autocommit": True,
    }


class PooledReader:
    """What an app reads is a method of its own subclass, made of :meth:`_rows`."""

    def __init__(self, database: dict[str, Any], application_name: str, *, connections_max: int, wait_s: float) -> None:
        self._pool = AsyncConnectionPool(
            kwargs=connection_arguments(database, application_name),
            min_size=1,
            max_size=connections_max,
            timeout=wait_s,
            max_waiting=WAITING_MAX,
            check=AsyncConnectionPool.check_connection,
            open=False,
        )

    async def open(self) -> None:
        await self._pool.open(wait=False)

    async def aclose(self) -> None:
        await self._pool.close(timeout=1.0)

    async def _rows(self, sql: str, parameters: tuple[Any, ...] | dict[str, Any]) -> list[tuple[Any, ...]]:
        try:
            async with self._pool.connection() as connection:
                cursor = await connection.execute(sql, parameters)
                return await cursor.fetchall()
        except (psycopg.OperationalError, psycopg.InterfaceError, PoolTimeout, TooManyRequests) as error:
            raise ReaderUnavailableError(str(error)) from error

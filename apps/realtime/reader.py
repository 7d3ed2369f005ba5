"""What the socket side reads of Postgres: plain SQL through a small pool of its own, because the ORM would hop threads.

Read only. The pool bounds the sessions of a stream process; every call raises :class:`ReaderUnavailableError` within seconds
rather than wait for a database that is away.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import psycopg
from psycopg_pool import AsyncConnectionPool, PoolTimeout

from apps.realtime import limits

_EVENTS = """
    SELECT account_sequence, data FROM orders_accountevent
    WHERE account_id = %s AND account_sequence > %s ORDER BY account_sequence LIMIT %s
"""
_HEADS = """
    SELECT watched.id, coalesce((SELECT max(account_sequence) FROM orders_accountevent WHERE account_id = watched.id), 0)
    FROM unnest(%s::bigint[]) AS watched(id)
"""
_LOG_INS = """
    SELECT watched.number, owner.password
    FROM unnest(%s::int[], %s::text[], %s::bigint[]) AS watched(number, session, user_id)
    JOIN accounts_user AS owner ON owner.id = watched.user_id AND owner.is_active
    WHERE EXISTS (SELECT FROM django_session
                  WHERE md5(session_key) = watched.session AND expire_date > now())
"""
_PRICES = """
    SELECT instrument.symbol, price.epoch, price.sequence, (extract(epoch FROM price.quoted_at) * 1000)::bigint,
           trim_scale(price.bid)::text, trim_scale(price.ask)::text,
           trim_scale(price.bid_quantity)::text, trim_scale(price.ask_quantity)::text
    FROM marketdata_latestprice AS price JOIN instruments_instrument AS instrument ON instrument.id = price.instrument_id
    ORDER BY instrument.symbol LIMIT 10000
"""


class ReaderUnavailableError(Exception):
    """Postgres did not answer in time, or not at all."""


class StoredEvent(NamedTuple):
    account_sequence: int
    data: str


class LogIn(NamedTuple):
    session: str
    user_id: int


def connection_arguments(database: dict[str, Any]) -> dict[str, Any]:
    """Django's description of a database as psycopg's arguments."""
    named = {"host": "HOST", "port": "PORT", "dbname": "NAME", "user": "USER", "password": "PASSWORD"}
    arguments = {ours: database[theirs] for ours, theirs in named.items() if database.get(theirs)}
    arguments |= {key: value for key, value in database.get("OPTIONS", {}).items() if key.startswith("ssl")}
    return arguments | {
        "connect_timeout": 2,
        "application_name": "stream",
        "options": "-c statement_timeout=2000 -c default_transaction_read_only=on",
        "autocommit": True,
    }


class Reader:
    def __init__(self, database: dict[str, Any]) -> None:
        self._pool = AsyncConnectionPool(
            kwargs=connection_arguments(database),
            min_size=1,
            max_size=limits.DATABASE_CONNECTIONS_MAX,
            timeout=limits.DATABASE_WAIT,
            max_waiting=10_000,
            check=AsyncConnectionPool.check_connection,
            open=False,
        )

    async def open(self) -> None:
        await self._pool.open(wait=False)

    async def aclose(self) -> None:
        await self._pool.close(timeout=1.0)

    async def account_events(self, account_id: int, after: int, limit: int) -> list[StoredEvent]:
        return [StoredEvent(*row) for row in await self._rows(_EVENTS, (account_id, after, limit))]

    async def account_heads(self, account_ids: Sequence[int]) -> dict[int, int]:
        """Return the newest sequence of each account, 0 where nothing happened yet."""
        return {row[0]: row[1] for row in await self._rows(_HEADS, (list(account_ids),))}

    async def passwords_of_live_log_ins(self, log_ins: Sequence[LogIn]) -> dict[int, str]:
        """Return the stored password hash for the index of each log-in that still holds."""
        sessions, users = [item.session for item in log_ins], [item.user_id for item in log_ins]
        return {row[0]: row[1] for row in await self._rows(_LOG_INS, (list(range(len(log_ins))), sessions, users))}

    async def latest_prices(self) -> list[tuple[Any, ...]]:
        """Return ``(symbol, epoch, sequence, at ms, bid, ask, bid quantity, ask quantity)``, numbers of money as text."""
        return await self._rows(_PRICES, ())

    async def _rows(self, sql: str, parameters: tuple[Any, ...]) -> list[tuple[Any, ...]]:
        try:
            async with self._pool.connection() as connection:
                cursor = await connection.execute(sql, parameters)
                return await cursor.fetchall()
        except (psycopg.OperationalError, psycopg.InterfaceError, PoolTimeout) as error:
            raise ReaderUnavailableError(str(error)) from error

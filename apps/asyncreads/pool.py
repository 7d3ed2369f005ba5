"""Plain SQL from an event loop, through a small pool of its own, because the ORM would hop threads.

Read only. The pool bounds the sessions of a process; every read raises :class:`ReaderUnavailableError` within seconds rather than
wait for a database that is away.
"""

import asyncio
import time
from collections.abc import Coroutine
from typing import Any

import psycopg
from psycopg_pool import AsyncConnectionPool, PoolTimeout, TooManyRequests

from apps.breakers.postgres import POSTGRES, AsyncConnection, connection_arguments
from apps.observability.callers import observe_query

__all__ = ["PooledReader", "ReaderUnavailableError", "connection_arguments"]

#: Reads that may wait for a connection.
WAITING_MAX = 10_000
#: Seconds for an answer once there is a connection: a little more than the server's own limit of two.
ANSWER_S = 3.0
#: Seconds for which the pool tries by itself to replace a connection that was lost: whoever needs one asks for a new one anyway.
RECONNECT_S = 1.0


class ReaderUnavailableError(Exception):
    """Postgres did not answer in time, or not at all."""


_Pool = AsyncConnectionPool[AsyncConnection]


class PooledReader:
    """What an app reads is a method of its own subclass, made of :meth:`_rows`."""

    def __init__(self, database: dict[str, Any], application_name: str, *, connections_max: int, wait_s: float) -> None:
        self._caller = f"{application_name} reader"
        self._arguments = connection_arguments(database, application_name)
        self._connections_max = connections_max
        self._wait_s = wait_s
        self._within_s = wait_s + ANSWER_S
        self._reading: set[asyncio.Task[list[tuple[Any, ...]]]] = set()
        self._beside: set[asyncio.Task[None]] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        #: Made anew, by the next read, after Postgres was away.
        self._pool: _Pool | None = None

    async def open(self) -> None:
        self._loop = asyncio.get_running_loop()
        POSTGRES.on_open(self._throw_away_soon)
        await self._opened()

    async def aclose(self) -> None:
        POSTGRES.forget(self._throw_away_soon)
        await self._throw_away(1.0)

    async def _opened(self) -> _Pool:
        if self._pool is None:
            self._pool = AsyncConnectionPool(
                kwargs=self._arguments,
                connection_class=AsyncConnection,
                min_size=1,
                max_size=self._connections_max,
                timeout=self._wait_s,
                max_waiting=WAITING_MAX,
                reconnect_timeout=RECONNECT_S,
                open=False,
            )
            await self._pool.open(wait=False)  # nothing is awaited in it before it counts as open
        return self._pool

    def _throw_away_soon(self) -> None:
        """In whichever thread found Postgres to be away."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(lambda: self._keep(self._throw_away(0.0)))

    async def _throw_away(self, within_s: float) -> None:
        """Whoever waits for a connection is told so; those in use are closed when they are given back."""
        pool, self._pool = self._pool, None
        if pool is not None:
            await pool.close(timeout=within_s)

    def _keep(self, beside: Coroutine[Any, Any, None]) -> "asyncio.Task[None]":
        """Nobody else keeps a task that nobody awaits."""
        task = asyncio.get_running_loop().create_task(beside)
        self._beside.add(task)
        task.add_done_callback(self._beside.discard)
        return task

    async def _rows(self, sql: str, parameters: tuple[Any, ...] | dict[str, Any]) -> list[tuple[Any, ...]]:
        """Return the rows; raises :class:`ReaderUnavailableError` also when the server takes the question and never answers.

        Such a read is left behind: the driver waits for a frozen server even to be cancelled. While the server is known to be
        away nothing is asked.
        """
        if POSTGRES.is_open:
            raise ReaderUnavailableError(f"Postgres is away: {POSTGRES.reason}")
        reading = asyncio.get_running_loop().create_task(self._read(sql, parameters))
        self._reading.add(reading)
        reading.add_done_callback(self._read_ended)
        try:
            await asyncio.wait({reading}, timeout=self._within_s)
        finally:
            if not reading.done():
                reading.cancel()
        if not reading.done():
            raise ReaderUnavailableError(f"no answer within {self._within_s} s")
        return reading.result()

    def _read_ended(self, reading: "asyncio.Task[list[tuple[Any, ...]]]") -> None:
        self._reading.discard(reading)
        if not reading.cancelled():
            reading.exception()  # of one that was left behind, nobody else asks

    async def _read(self, sql: str, parameters: tuple[Any, ...] | dict[str, Any]) -> list[tuple[Any, ...]]:
        try:
            pool = await self._opened()
            connection = await self._connection(pool)
            try:
                async with connection:
                    began_s = time.perf_counter()
                    cursor = await connection.execute(sql, parameters)
                    observe_query(time.perf_counter() - began_s, self._caller)
                    return await cursor.fetchall()
            finally:
                await self._give_back(pool, connection)
        except (psycopg.OperationalError, psycopg.InterfaceError, PoolTimeout, TooManyRequests) as error:
            raise ReaderUnavailableError(str(error)) from error

    async def _connection(self, pool: _Pool) -> AsyncConnection:
        """One of the pool that is not lost: those that are, however many, cost a look each, and no wait."""
        deadline_s = time.monotonic() + self._wait_s
        while True:
            connection = await pool.getconn(max(0.0, deadline_s - time.monotonic()))
            try:
                await pool.check_connection(connection)
            except BaseException as error:
                await self._give_back(pool, connection)
                if not isinstance(error, psycopg.OperationalError):
                    raise
            else:
                return connection

    async def _give_back(self, pool: _Pool, connection: AsyncConnection) -> None:
        """Return it to the pool in a task of its own, which ends though the read is cancelled meanwhile.

        A return that is cancelled while it waits for the pool's lock is none: the connection is neither used nor free, as long as
        the process lives. Under load reads take too long and are cancelled; after four in such a moment no read gets one.
        """
        await asyncio.shield(self._keep(pool.putconn(connection)))

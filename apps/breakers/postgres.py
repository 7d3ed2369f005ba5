"""Postgres: statements that end by a clock of our own, and the breaker that they open.

The server's ``statement_timeout`` does not fire in a server that is frozen, and its kernel goes on acknowledging what we send, so
that neither keepalives nor ``tcp_user_timeout`` find anything wrong. What is left is a clock on this side. It costs a statement
that is answered in time nothing but a look at it: the driver's own wait has an end, and only what comes there is watched closely.
"""

import time
from typing import Any, NoReturn

import psycopg
from django.conf import settings
from psycopg.abc import RV, PQGen
from psycopg.pq import ConnStatus
from psycopg.waiting import Ready
from psycopg_pool import PoolTimeout, TooManyRequests

from apps.breakers.breaker import SILENT_S, SUSPECT_AFTER_S, Breaker, RefusedError, SilentError
from apps.degraded import Dependency
from apps.observability import metrics
from apps.primary import connections as primary

#: Seconds that any statement may take of a server that answers others meanwhile: more than its own limit on a page's statement.
#: Only a connection whose packets are lost, and no other's, comes to this.
STATEMENT_S_MAX = 8.0
#: Seconds after which a statement is late, and between two looks at one that is.
LATE_AFTER_S = 0.25
LOOK_EVERY_S = 0.05
#: Of SQLSTATE: the connection broke, or could not be made; the server ends, or has only begun.
_GONE = ("08", "57P01", "57P02", "57P03")
#: What a server says that has no room for one more connection: it is busy, not away.
_FULL = ("too many clients", "too many connections", "remaining connection slots")


class PostgresAwayError(psycopg.OperationalError):
    """Nothing was asked, or what was asked will not be answered: Postgres is away."""


def is_gone(error: psycopg.Error) -> bool:
    """Whether ``error`` says that the server is not there. What it refused or gave up, it was there to do, and a pool without a
    free connection says nothing of it."""
    is_neither = not isinstance(error, psycopg.OperationalError | psycopg.InterfaceError)
    if is_neither or isinstance(error, PoolTimeout | TooManyRequests):
        return False
    return error.sqlstate is None or error.sqlstate.startswith(_GONE)


def connection_arguments(database: dict[str, Any], application_name: str) -> dict[str, Any]:
    """Django's description of a database as psycopg's arguments, for connections that only read."""
    named = {"host": "HOST", "port": "PORT", "dbname": "NAME", "user": "USER", "password": "PASSWORD"}
    arguments = {ours: database[theirs] for ours, theirs in named.items() if database.get(theirs)}
    arguments |= {key: value for key, value in database.get("OPTIONS", {}).items() if key.startswith("ssl")}
    return arguments | {
        "connect_timeout": 2,
        # A server that is gone without a word: its connections end after ten seconds, not after the kernel's two hours.
        "tcp_user_timeout": 10_000,
        "keepalives_idle": 5,
        "keepalives_interval": 2,
        "keepalives_count": 3,
        "application_name": application_name,
        "options": "-c statement_timeout=2000 -c default_transaction_read_only=on",
        "autocommit": True,
    }


class _Asking(primary.Connection):
    """The breaker's own: its statement ends after :data:`SILENT_S`, whatever anybody thinks."""

    def wait(self, gen: PQGen[RV], interval: float = 0.1, timeout: float | None = None) -> RV:
        return super().wait(gen, interval, SILENT_S)


def _ask() -> None:
    database = settings.DATABASES["default"]
    connection = None
    try:
        connection = _Asking.connect(**connection_arguments(database, f"{settings.PROCESS_NAME}-breaker"))
        connection.execute("SELECT 1")
    except (psycopg.errors.ConnectionTimeout, psycopg.errors._WaitTimeout) as error:
        raise SilentError("no answer") from error
    except psycopg.Error as error:
        if any(words in str(error) for words in _FULL):
            return  # it is the server that said so
        raise RefusedError(" ".join(str(error).split())[:200]) from error
    finally:
        if connection is not None:
            connection.pgconn.finish()


POSTGRES = Breaker(Dependency.POSTGRES, _ask)


class _Watched:
    """The driver's generator for a statement that is late, asked by the driver every :data:`LOOK_EVERY_S` whether to wait on."""

    __slots__ = ("_began_s", "_generator", "_pgconn")

    def __init__(self, generator: Any, pgconn: Any, began_s: float) -> None:
        self._generator = generator
        self._pgconn = pgconn
        self._began_s = began_s

    def __iter__(self) -> "_Watched":
        return self

    def __next__(self) -> Any:
        return self.send(Ready.NONE)

    def send(self, ready: Any) -> Any:
        if ready == Ready.NONE:
            self._look()
        return self._generator.send(ready)

    def throw(self, *error: Any) -> Any:
        return self._generator.throw(*error)

    def close(self) -> None:
        self._generator.close()

    def _look(self) -> None:
        if POSTGRES.is_open:
            self._cut("away")
        silent_s, waited_s = POSTGRES.silent_s(), time.monotonic() - self._began_s
        if min(silent_s, waited_s) >= SILENT_S:  # and so has the question been that was put beside it
            POSTGRES.open("no answer")
            self._cut("silent")
        if min(silent_s, waited_s) >= SUSPECT_AFTER_S:
            POSTGRES.suspect()
        if waited_s >= STATEMENT_S_MAX:
            self._cut("late")

    def _cut(self, why: str) -> NoReturn:
        metrics.BREAKER_CUT.labels("postgres", why).inc()
        self._pgconn.finish()
        raise PostgresAwayError("Postgres did not answer in time")


def _note_error(pgconn: Any) -> None:
    """An error is an answer too, unless it is that the connection is lost."""
    if pgconn.status == ConnStatus.BAD:
        POSTGRES.suspect()
    else:
        POSTGRES.answered()


class Connection(primary.Connection):
    """Its statements end when Postgres is away. As psycopg's own where the breaker is not armed."""

    @classmethod
    def connect(cls, *arguments: Any, **named: Any) -> "Connection":
        try:
            made = super().connect(*arguments, **named)
        except psycopg.OperationalError:
            POSTGRES.suspect()
            raise
        POSTGRES.answered()
        return made

    def wait(self, gen: PQGen[RV], interval: float = 0.1, timeout: float | None = None) -> RV:
        if not POSTGRES.is_armed or timeout is not None:
            return super().wait(gen, interval, timeout)
        began_s = time.monotonic()
        try:
            try:
                found = super().wait(gen, interval, LATE_AFTER_S)
            except psycopg.errors._WaitTimeout:
                found = super().wait(_Watched(gen, self.pgconn, began_s), LOOK_EVERY_S)
        except psycopg.Error:
            _note_error(self.pgconn)
            raise
        POSTGRES.answered()
        return found


class AsyncConnection(primary.AsyncConnection):
    """As :class:`Connection`, for an event loop."""

    @classmethod
    async def connect(cls, *arguments: Any, **named: Any) -> "AsyncConnection":
        try:
            made = await super().connect(*arguments, **named)
        except psycopg.OperationalError:
            POSTGRES.suspect()
            raise
        POSTGRES.answered()
        return made

    async def wait(self, gen: PQGen[RV], interval: float = 0.1, timeout: float | None = None) -> RV:
        if not POSTGRES.is_armed or timeout is not None:
            return await super().wait(gen, interval, timeout)
        began_s = time.monotonic()
        try:
            try:
                found = await super().wait(gen, interval, LATE_AFTER_S)
            except psycopg.errors._WaitTimeout:
                found = await super().wait(_Watched(gen, self.pgconn, began_s), LOOK_EVERY_S)
        except psycopg.Error:
            _note_error(self.pgconn)
            raise
        POSTGRES.answered()
        return found

"""Connections to the server that leads, for every maker of a connection: psycopg's own, which refuse a server that was taken
over.

libpq takes the first of several servers that accepts writes, and a former primary that wakes does. So each is asked on which
timeline it is, and a session that was opened before a failover is not used after it: its next use raises OperationalError, like
a lost connection, which whoever uses one heals by connecting again. With one server in the address all this costs a comparison.
"""

from collections.abc import Iterator
from typing import Any, Self

import psycopg
from django.conf import settings
from psycopg.abc import RV, PQGen
from psycopg.pq import TransactionStatus
from psycopg.rows import tuple_row

from apps.primary.generations import IDENTITY, Generation, Place, Servers, servers_of

LEFT = "the database was taken over by another server since this session began"


def _servers(arguments: dict[str, Any]) -> Servers | None:
    return servers_of(str(arguments.get("host") or ""), str(arguments.get("port") or "5432"), settings.DATABASE_PAIR_NOTE)


def _attempts(servers: Servers, arguments: dict[str, Any]) -> Iterator[tuple[Place, dict[str, Any]]]:
    # Not "read-write": that refuses sessions which ask to be read-only.
    primary = {**arguments, "target_session_attrs": "primary", "autocommit": True}
    for place in servers.in_order():
        yield place, {**primary, "host": place.host, "port": place.port}


class _Failures:
    """Why none of them was taken. Where one did not even answer, it is a timeout: the others lead as little as before."""

    def __init__(self) -> None:
        self._words: list[str] = []
        self._kind: type[psycopg.OperationalError] = psycopg.OperationalError

    def add(self, place: Place, why: psycopg.Error | str) -> None:
        self._words.append(f"{place.host}:{place.port}: {' '.join(str(why).split())}")
        if isinstance(why, psycopg.errors.ConnectionTimeout):
            self._kind = psycopg.errors.ConnectionTimeout

    def error(self) -> psycopg.OperationalError:
        return self._kind("no server takes writes: " + "; ".join(self._words))


class _Led:
    """What both kinds of connection know of their server."""

    _servers: Servers | None = None
    _generation: Generation | None = None

    @property
    def is_led(self) -> bool:
        """Whether the server still leads, as far as this process knows."""
        return self._servers is None or self._generation is None or self._servers.is_current(self._generation)

    def _admit(self, servers: Servers, place: Place, row: tuple[Any, ...] | None) -> str:
        if row is None:
            return "it does not say who it is"
        self._servers, self._generation = servers, Generation(str(row[0]), int(row[1]))
        return servers.admit(place, self._generation)


class Connection(_Led, psycopg.Connection[Any]):
    """To be made by ``connect``, as every psycopg connection."""

    @classmethod
    def connect(cls, conninfo: str = "", **arguments: Any) -> Self:
        servers = _servers(arguments)
        if servers is None:
            return super().connect(conninfo, **arguments)
        failures = _Failures()
        for place, attempt in _attempts(servers, arguments):
            try:
                connection = super().connect(conninfo, **attempt)
            except psycopg.OperationalError as error:
                failures.add(place, error)
                continue
            try:
                with psycopg.Cursor(connection, row_factory=tuple_row) as cursor:
                    refusal: psycopg.Error | str = connection._admit(servers, place, cursor.execute(IDENTITY).fetchone())
            except psycopg.Error as error:
                refusal = error
            if not refusal:
                connection.autocommit = bool(arguments.get("autocommit", False))
                return connection
            connection.close()
            failures.add(place, refusal)
        raise failures.error()

    def cursor(self, *arguments: Any, **named: Any) -> Any:
        if not self.is_led:
            self.close()
            raise psycopg.OperationalError(LEFT)
        return super().cursor(*arguments, **named)


def warnings_of(connection: psycopg.Connection[Any]) -> list[str]:
    """What Postgres warns of from now on. After a commit it does in one case: somebody canceled its wait for the standby, which
    may not have what the answer calls done."""
    found: list[str] = []

    def hear(notice: psycopg.errors.Diagnostic) -> None:
        if notice.severity_nonlocalized == "WARNING":
            found.append(notice.message_primary or "a warning")

    connection.add_notice_handler(hear)
    return found


def is_led(connection: psycopg.Connection[Any]) -> bool:
    """Whether the server of ``connection`` still leads, for whoever talks to it beneath psycopg."""
    return not isinstance(connection, _Led) or connection.is_led


class EndingConnection(Connection):
    """Its statements end after ``within_s`` seconds by a clock of our own, with OperationalError: a frozen server ends none.

    Then it is closed, as a lost one is: the statement is still under way, and the session takes no other until it has ended.
    """

    within_s: float | None = None

    def wait(self, gen: PQGen[RV], interval: float = 0.1, timeout: float | None = None) -> RV:
        if timeout is not None:  # the caller's own: it only looks for what may come, such as notifications
            return super().wait(gen, interval, timeout)
        try:
            return super().wait(gen, interval, self.within_s)
        except psycopg.OperationalError:
            if self.pgconn.transaction_status == TransactionStatus.ACTIVE:
                self.pgconn.finish()
            raise


class AsyncConnection(_Led, psycopg.AsyncConnection[Any]):
    """The same for an event loop."""

    @classmethod
    async def connect(cls, conninfo: str = "", **arguments: Any) -> Self:
        servers = _servers(arguments)
        if servers is None:
            return await super().connect(conninfo, **arguments)
        failures = _Failures()
        for place, attempt in _attempts(servers, arguments):
            try:
                connection = await super().connect(conninfo, **attempt)
            except psycopg.OperationalError as error:
                failures.add(place, error)
                continue
            try:
                async with psycopg.AsyncCursor(connection, row_factory=tuple_row) as cursor:
                    await cursor.execute(IDENTITY)
                    refusal: psycopg.Error | str = connection._admit(servers, place, await cursor.fetchone())
            except psycopg.Error as error:
                refusal = error
            if not refusal:
                await connection.set_autocommit(bool(arguments.get("autocommit", False)))
                return connection
            await connection.close()
            failures.add(place, refusal)
        raise failures.error()

    def cursor(self, *arguments: Any, **named: Any) -> Any:
        if not self.is_led:
            self.pgconn.finish()
            raise psycopg.OperationalError(LEFT)
        return super().cursor(*arguments, **named)

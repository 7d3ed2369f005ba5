"""What ``DATABASES`` names as the engine."""

import functools
from time import monotonic
from typing import Any

import psycopg
from django.conf import settings
from django.db import DEFAULT_DB_ALIAS
from django.db.backends.base.base import NO_DB_ALIAS
from django.db.backends.postgresql.base import ServerBindingCursor
from django.db.backends.postgresql.operations import DatabaseOperations as DjangoOperations
from django_prometheus.db.backends.postgresql import base
from django_prometheus.db.common import ExportingCursorWrapper
from psycopg_pool import ConnectionPool

from apps.breakers.postgres import POSTGRES, Connection, PostgresAwayError
from apps.grants.roles import Role
from apps.stores.postgres.evidence import ReportingCursor, ReportingDebugCursor, note_failure
from apps.stores.postgres.kept import KINDS, STAFF_CONNECTIONS, is_console, is_for_staff, kind

#: Seconds for which the pool tries by itself to replace a connection that was lost. In psycopg's own five minutes of ever rarer
#: attempts the next one may be far off when the server is long back; who needs a connection asks for a new one anyway.
RECONNECT_S = 1.0


class Pool(ConnectionPool[Connection]):
    """Gives out no connection while Postgres is away, and none that is lost."""

    def getconn(self, timeout: float | None = None) -> Connection:
        deadline_s = monotonic() + (self.timeout if timeout is None else timeout)
        while True:
            if POSTGRES.is_open:
                raise PostgresAwayError(f"Postgres is away: {POSTGRES.reason}")
            connection = super().getconn(max(0.0, deadline_s - monotonic()))
            try:
                self.check_connection(connection)
            except psycopg.OperationalError:
                self.putconn(connection)  # which throws it away; the next one may be as old
            else:
                return connection


@functools.cache
def _counting(alias: str, vendor: str) -> Any:
    return ExportingCursorWrapper(ServerBindingCursor, alias, vendor)


class DatabaseOperations(DjangoOperations):
    def last_executed_query(self, cursor: Any, sql: str, params: Any) -> str:
        """For the list of queries in tests and in debugging; of a prepared statement, the text without its values."""
        return super().last_executed_query(cursor, sql, params) or sql


class DatabaseWrapper(base.DatabaseWrapper):
    """The ORM's own cursors bind their values on the client's side and prepare nothing."""

    ops_class = DatabaseOperations

    @property
    def pool(self) -> Pool | None:
        """Django's, of connections whose statements end; its options are the settings'. The staff and the console have pools of
        their own: a connection goes back to the pool that it is from."""
        options = self.settings_dict["OPTIONS"].get("pool")
        if self.alias == NO_DB_ALIAS or not options:
            return None
        name = f"{self.alias}{kind()}"
        if is_console():
            options = {**options, "min_size": 0}
        if is_for_staff():
            options = {**options, "min_size": 0, "max_size": STAFF_CONNECTIONS}
        pools: dict[str, Pool] = self._connection_pools
        known = pools.get(name)
        if known is None:
            made = Pool(
                kwargs=self.get_connection_params() | {"autocommit": True},  # Django sets it later on
                connection_class=Connection,
                configure=self._configure_connection,
                open=False,
                reconnect_timeout=RECONNECT_S,
                **options,
            )
            known = pools.setdefault(name, made)  # several threads may come at once: the first one's is used
        return known

    def get_connection_params(self) -> dict[str, Any]:
        parameters = {**super().get_connection_params(), "prepare_threshold": 0}  # at their first use
        if is_console():
            login = settings.DATABASE_LOGINS[Role.CONSOLE]
            parameters |= {"user": login["USER"], "password": login["PASSWORD"]}
        return parameters

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        try:
            return super().get_new_connection(conn_params)
        except Exception as error:
            note_failure(error)
            raise

    def make_cursor(self, cursor: Any) -> ReportingCursor:
        return ReportingCursor(cursor, self)

    def make_debug_cursor(self, cursor: Any) -> ReportingDebugCursor:
        return ReportingDebugCursor(cursor, self)

    def prepared_cursor(self) -> Any:
        """A cursor whose statements Postgres parses and plans once a connection, counted and logged as every other."""
        self.ensure_connection()
        return self._prepare_cursor(_counting(self.alias, self.vendor)(self.connection))


def _throw_away_pool() -> None:
    """Whoever waits for a connection is told at once; those in use are closed when they are given back."""
    for each in KINDS:
        pool = DatabaseWrapper._connection_pools.pop(f"{DEFAULT_DB_ALIAS}{each}", None)
        if pool is not None:
            pool.close(timeout=0.0)


POSTGRES.on_open(_throw_away_pool)

"""A session whose statements end by a clock of our own."""

import psycopg
import pytest

from apps.eventlog.database import own_connection
from apps.primary.connections import EndingConnection

pytestmark = pytest.mark.usefixtures("django_db_setup")


def test_a_session_whose_statement_outlasts_its_time_is_closed_and_one_that_only_looks_is_not() -> None:
    with own_connection("tredye log test") as connection:
        connection.execute("LISTEN nothing")
        assert list(connection.notifies(timeout=0.01)) == []
        connection.execute("SET statement_timeout = '100ms'")
        with pytest.raises(psycopg.errors.QueryCanceled):
            connection.execute("SELECT pg_sleep(60)")
        assert not connection.closed, "the server has ended the statement itself"
        connection.execute("SET statement_timeout = '60s'")
        assert isinstance(connection, EndingConnection)
        connection.within_s = 0.1
        with pytest.raises(psycopg.OperationalError):
            connection.execute("SELECT pg_sleep(5)")
        assert connection.closed

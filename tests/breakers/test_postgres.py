"""What a late statement costs and whom it cuts, on a real server: it is slow, full, silent or gone."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from time import monotonic, thread_time
from typing import Any

import psycopg
import pytest
from django.conf import settings

from apps.breakers import postgres
from apps.breakers.postgres import POSTGRES, Connection, PostgresAwayError, connection_arguments, is_gone
from tests.faults.figures import note
from tests.faults.proxy import TO_CLIENT, Proxy
from tests.waiting import wait_until


@pytest.fixture
def line(monkeypatch: pytest.MonkeyPatch) -> Iterator[Proxy]:
    """The network between this process, whose breaker is armed, and Postgres."""
    of = settings.DATABASES["default"]
    with Proxy((of["HOST"], int(of["PORT"] or 5432))) as line:
        database = {**of, "NAME": "postgres", "HOST": "127.0.0.1", "PORT": str(line.port)}
        monkeypatch.setitem(settings.DATABASES, "default", database)
        monkeypatch.setattr(POSTGRES, "is_armed", True)
        yield line
        line.heal()
        wait_until(lambda: not POSTGRES.is_open and not POSTGRES._asking, what="the breaker closes")


@contextmanager
def connected() -> Iterator[Connection]:
    arguments = connection_arguments(settings.DATABASES["default"], "breaker-test") | {"options": "-c statement_timeout=5000"}
    connection: Any = Connection.connect(**arguments)
    try:
        yield connection
    finally:
        connection.pgconn.finish()


@pytest.mark.long
def test_a_statement_that_is_slow_in_a_server_that_lives_is_waited_for(line: Proxy) -> None:
    with connected() as connection:
        row = connection.execute("SELECT 7, pg_sleep(2.5)").fetchone()
        assert row is not None and row[0] == 7
    assert not POSTGRES.is_open


def test_the_servers_own_limit_is_an_answer_and_cuts_nothing(line: Proxy) -> None:
    with connected() as connection:
        connection.execute("SET statement_timeout = 300")
        with pytest.raises(psycopg.errors.QueryCanceled):
            connection.execute("SELECT pg_sleep(3)")
        assert connection.execute("SELECT 1").fetchone() == (1,)
    assert not POSTGRES.is_open


@pytest.mark.long
def test_all_statements_under_way_end_together_when_the_server_is_silent(line: Proxy) -> None:
    def ask(connection: Connection) -> float:
        with pytest.raises(PostgresAwayError):
            connection.execute("SELECT 1")
        return monotonic()

    with connected() as first, connected() as second, ThreadPoolExecutor(2) as threads:
        line.blackhole()
        ended_s = [each.result(30) for each in [threads.submit(ask, each) for each in (first, second)]]
        assert POSTGRES.is_open
        assert first.closed and second.closed
    assert abs(ended_s[0] - ended_s[1]) < 1, "the second does not wait for a clock of its own"


@pytest.mark.long
def test_an_answer_that_is_lost_on_the_way_is_as_no_answer(line: Proxy) -> None:
    with connected() as connection:
        line.blackhole(TO_CLIENT)
        with pytest.raises(PostgresAwayError):
            connection.execute("SELECT 1")


def test_one_connection_that_is_lost_beside_others_that_answer_ends_by_itself_and_opens_nothing(
    line: Proxy, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(postgres, "STATEMENT_S_MAX", 0.6)
    with connected() as connection:
        line.blackhole()
        monkeypatch.setattr(POSTGRES, "silent_s", lambda: 0.0)  # others are answered all the time
        with pytest.raises(PostgresAwayError):
            connection.execute("SELECT 1")
        assert not POSTGRES.is_open


def test_a_server_without_room_is_busy_and_not_away(line: Proxy) -> None:
    """A role that may connect once, and does."""
    with psycopg.connect(**connection_arguments(settings.DATABASES["default"], "breaker-test")) as admin:
        admin.execute("SET default_transaction_read_only = off")
        admin.execute("CREATE ROLE breaker_full LOGIN PASSWORD 'full' CONNECTION LIMIT 0")
        try:
            settings.DATABASES["default"] |= {"USER": "breaker_full", "PASSWORD": "full"}
            postgres._ask()
        finally:
            admin.execute("DROP ROLE breaker_full")


@pytest.mark.parametrize(
    ("error", "gone"),
    [
        (psycopg.OperationalError("server closed the connection unexpectedly"), True),
        (psycopg.errors.AdminShutdown(), True),
        (psycopg.errors.CannotConnectNow(), True),
        (psycopg.errors.QueryCanceled(), False),
        (psycopg.errors.DeadlockDetected(), False),
        (psycopg.errors.UniqueViolation(), False),
    ],
)
def test_only_what_a_server_that_is_not_there_says_means_that_it_is_gone(error: psycopg.Error, gone: bool) -> None:
    assert is_gone(error) is gone


@pytest.mark.long
@pytest.mark.fault("F7")
def test_a_statement_that_is_in_time_costs_hardly_more_than_without_a_clock(line: Proxy) -> None:
    """CPU time of the driver's wait alone, for a statement whose answer is there; a page makes about ten of them."""

    def there() -> Iterator[int]:
        return
        yield

    def cost_us(connection: psycopg.Connection[Any]) -> float:
        began_s = thread_time()
        for _ in range(20_000):
            connection.wait(there())  # type: ignore[arg-type]
        return (thread_time() - began_s) / 20_000 * 1e6

    arguments = connection_arguments(settings.DATABASES["default"], "breaker-test")
    with connected() as ours, psycopg.connect(**arguments) as plain:
        pairs = [(cost_us(ours), cost_us(plain)) for _ in range(5)]
    with_us, without_us = (min(costs) for costs in zip(*pairs, strict=True))
    figures = f"{with_us - without_us:.2f} µs of CPU ({with_us:.2f} with, {without_us:.2f} without)"
    note("F7", f"the clock costs a statement that is in time {figures}")
    assert with_us - without_us < 5

"""Books that an engine made, on a database of their own, and empty databases to bring them back into."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.engine.callers import Feed, Load, finish
from tests.engine.processes import ROOT, Cluster, cluster
from tests.eventlog.logs import log_of_run
from tests.logins import login_of
from tests.template import database_url
from tests.waiting import wait_until

BEHIND = """SELECT coalesce(max(last_sequence), 0) - (SELECT last_sequence FROM eventlog_relaycursor WHERE lane = 'engine')
    FROM engine_journal"""


def name_of(what: str) -> str:
    return f"tredye_{what}_{os.environ.get('PYTEST_XDIST_WORKER', 'gw0')}_{os.getpid()}"


def manage(books: Cluster, *arguments: str, database: str = "", **environment: str) -> "subprocess.CompletedProcess[str]":
    """``manage.py`` on the books' database, or on another of that server."""
    url = {"DATABASE_URL": database_url(database)} if database else {}
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT, env=books.environment | {"EVENT_LOG": "embedded"} | url | environment,
        capture_output=True, text=True, timeout=110,
    )  # fmt: skip


def trade(books: Cluster, name: str, answers: int) -> Load:
    """Orders of one caller until it was answered so often; the engine must run."""
    caller = Load(books, name)
    with Feed(books.url):
        caller.start()
        books.until(lambda: len(caller.answers) >= answers, f"{answers} answers")
        finish(books, [caller])
    return caller


@pytest.fixture(scope="module")
def books(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """Funded accounts and some trading; the engine has been stopped."""
    with cluster(tmp_path_factory.mktemp("books"), name_of("books")) as made:
        made.start()
        made.fund()
        trade(made, "morning", 150)
        made.stop_all()
        yield made


@pytest.fixture
def empty_database() -> Iterator[str]:
    name = name_of("fresh")
    with psycopg.connect(database_url("postgres"), autocommit=True) as admin:
        admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")  # type: ignore[call-overload]
        admin.execute(f"CREATE DATABASE {name}")  # type: ignore[call-overload]
        try:
            yield name
        finally:
            admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")  # type: ignore[call-overload]


def the_backup(shelf: Path) -> Path:
    (made,) = [each for each in shelf.iterdir() if each.name.startswith("tredye-")]
    return made


@pytest.fixture
def environment(settings: Any) -> Iterator[dict[str, str]]:
    """The log of this run, with topics of the test's own; each process adds its worker's name to the prefix."""
    given = f"restore{os.getpid()}."
    settings.KAFKA_TOPIC_PREFIX = f"{given}{settings.WORKER}."
    yield {"KAFKA_TOPIC_PREFIX": given, "EVENT_LOG": settings.EVENT_LOG}
    if settings.EVENT_LOG == "kafka":
        log_of_run().delete_topics()


class Followers:
    """Relay and consumers as processes, on the books' database and the log of this run."""

    def __init__(self, books: Cluster, environment: dict[str, str], consumers: tuple[str, ...] = ("portfolio",)) -> None:
        self._books = books
        self._consumers = consumers
        self._environment = books.environment | environment
        self._started: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> "Followers":
        for arguments in (("relay_outbox",), ("run_consumer", *self._consumers)):
            environment = self._environment | login_of(arguments)
            with (self._books.directory / f"{arguments[0]}.log").open("ab") as log:
                command = [sys.executable, "manage.py", *arguments]
                self._started.append(subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log))
        return self

    def __exit__(self, *exception: object) -> None:
        for process in self._started:
            process.send_signal(signal.SIGTERM)
        for process in self._started:
            process.wait(60)

    def wait(self) -> None:
        """Until everything that was decided is published and counted."""
        with self._books.connection() as database:
            wait_until(lambda: one(database, BEHIND) == 0, 60, "the relay has published everything")
            wait_until(lambda: self._counted(database), 60, "the portfolio has counted everything")

    def _counted(self, database: "psycopg.Connection[Any]") -> bool:
        newest = one(database, "SELECT coalesce(max(trade_id), 0) FROM orders_fill WHERE order_id IS NOT NULL")
        return bool(one(database, "SELECT coalesce(max(trade_id), 0) FROM portfolio_positionfill") == newest)


def one(database: "psycopg.Connection[Any]", query: str) -> Any:
    row = database.execute(query.encode()).fetchone()
    assert row is not None
    return row[0]


def rows(books: Cluster, query: str) -> list[tuple[Any, ...]]:
    with books.connection() as database:
        return database.execute(query.encode()).fetchall()

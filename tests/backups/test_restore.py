"""A backup that was made while people traded, restored into a fresh cluster, and trading that goes on from it."""

import os
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import msgspec
import pytest
from django.conf import settings as django_settings

from apps.engine.invariants import CHECKS
from stack.cluster import Cluster as Stack
from stack.context import make_context
from stack.processes import TREDYE
from stack.settings import Settings
from tests.backups.conftest import Followers, manage, rows, the_backup, trade
from tests.engine.callers import Feed, Load, finish
from tests.engine.processes import Cluster
from tests.eventlog.logs import Stored, log_of_run

pytestmark = [pytest.mark.processes, pytest.mark.long, pytest.mark.timeout(600)]

PORTFOLIO = """SELECT account_id, instrument_id, quantity, cost, realized_pnl, fees, last_sequence
    FROM portfolio_position ORDER BY 1, 2"""


class Elsewhere(Cluster):
    """The same books on a PostgreSQL of its own, after a restoration."""

    def __init__(self, directory: Path, url: str, former: Cluster) -> None:
        super().__init__(directory, urlsplit(url).path[1:])
        parts = urlsplit(url)
        self.database |= {"HOST": parts.hostname, "PORT": parts.port, "USER": parts.username, "PASSWORD": ""}
        self.environment |= {"DATABASE_URL": url}
        self.account_ids = former.account_ids
        self.log.write_bytes(b"")


@pytest.fixture
def fresh_server() -> Iterator[str]:
    """The URL of an empty database on a server that was made for it."""
    base = Settings.from_environment(processes=TREDYE.names)
    given = {"REDIS_URL": base.environ.get("REDIS_URL", ""), "KAFKA_BOOTSTRAP": base.environ.get("KAFKA_BOOTSTRAP", "")}
    throwaway = base.throwaway(f"test-{os.getpid()}-restore")
    stack = Stack([], seed=False, context=make_context(throwaway.with_environ({**throwaway.environ, **given}), None))
    try:
        stack.up_servers()
        yield stack.database_url
    finally:
        stack.down()
        stack.remove_data()


def story_of(books: Cluster) -> dict[str, str]:
    """Every event of an account by its id in the log."""
    return {f"{epoch}-{event}": data for epoch, event, data in rows(books, "SELECT epoch, id, data FROM orders_accountevent")}


def test_books_restored_from_a_backup_of_a_busy_market_go_on_and_count_nothing_that_was_undone(
    books: Cluster, fresh_server: str, tmp_path: Path, environment: dict[str, str]
) -> None:
    assert manage(books, "prepare", **environment).returncode == 0
    books.start()
    with Followers(books, environment) as followers:
        caller = Load(books, "noon")
        with Feed(books.url):
            caller.start()
            books.until(lambda: len(caller.answers) >= 50, "people trade")
            during: list[subprocess.CompletedProcess[str]] = []
            backup = threading.Thread(
                target=lambda: during.append(manage(books, "backup", "--to", str(tmp_path / "shelf"), **environment))
            )
            backup.start()
            backup.join(100)
            assert during[0].returncode == 0, during[0].stderr
            answered = len(caller.answers)
            books.until(lambda: len(caller.answers) >= answered + 50, "and go on after the backup")
            finish(books, [caller])
        followers.wait()
    books.stop_all()
    before, known = log_records(), story_of(books)
    directory = the_backup(tmp_path / "shelf")

    again = Elsewhere(tmp_path, fresh_server, books)
    done = manage(again, "restore", str(directory), **environment | {"DATABASE_URL": fresh_server})
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{len(CHECKS)} checks, 0 violations" in done.stdout
    assert "0 differences" in done.stdout
    if django_settings.EVENT_LOG == "kafka":
        assert "ORDER_FILLED" in done.stdout.partition("the event log tells of ")[2], done.stdout
    restored = story_of(again)
    assert 0 < len(restored) < len(known)
    assert restored.items() <= known.items()

    again.start()
    with Followers(again, environment) as followers:
        trade(again, "afternoon", 60)
        followers.wait()
        assert rows(again, PORTFOLIO) == rebuilt(again, environment)
    again.stop_all()
    again.check_books()
    # Nobody's number was given out twice: what the log holds of each id is one event, of now or of before.
    now = story_of(again)
    fresh = now.keys() - restored.keys()
    assert fresh and not fresh & known.keys()
    if django_settings.EVENT_LOG == "kafka":
        after = log_records()
        assert after.items() >= before.items()
        assert fresh <= after.keys()


def rebuilt(books: Cluster, environment: dict[str, str]) -> list[tuple[Any, ...]]:
    done = manage(books, "rebuild_portfolio", **environment | {"DATABASE_URL": books.environment["DATABASE_URL"]})
    assert done.returncode == 0, done.stderr
    return rows(books, PORTFOLIO)


def log_records() -> dict[str, bytes]:
    """What Kafka holds of accounts and orders, by id; an id that stands for two events is an error. Empty on the other log."""
    found: dict[str, bytes] = {}
    for topic in ("orders.events", "accounts.events") if django_settings.EVENT_LOG == "kafka" else ():
        for stored in log_of_run().read(topic):
            event_id = id_of(stored)
            assert found.setdefault(event_id, stored.value) == stored.value
    return found


def id_of(stored: Stored) -> str:
    told = msgspec.json.decode(stored.value)
    return f"{told['epoch']}-{told['sequence']}"



"""PostgreSQL ends under load, in every way it can: what was acknowledged is there, and everything comes back by itself.

Servers of their own, and the engine beside them under the supervisor of ``make run``, which starts both again.
"""

import os
import signal
import time
from collections.abc import Iterator
from urllib.parse import urlsplit

import psycopg
import pytest
from django.conf import settings as django_settings

from apps.commands.client import EngineClient
from stack.cluster import Cluster as Stack
from stack.context import make_context
from stack.processes import TREDYE
from stack.settings import Settings
from tests.engine.callers import Feed, Load, check_answers, finish
from tests.engine.processes import Cluster
from tests.faults.figures import recovered

pytestmark = [pytest.mark.processes, pytest.mark.long]

#: From the moment that PostgreSQL takes connections to the first answer.
BACK_WITHIN_S = 5.0


class Supervised(Cluster):
    """The books of a stack whose engine the supervisor starts, not the test."""

    def __init__(self, stack: Stack) -> None:
        parts = urlsplit(stack.database_url)
        place = {"HOST": parts.hostname, "PORT": parts.port, "USER": parts.username, "PASSWORD": "", "NAME": parts.path[1:]}
        self.stack = stack
        self.database = {**django_settings.DATABASES["default"], **place}
        self.url, self.token = stack.env["ENGINE_URL"], ""
        self.client = EngineClient(self.url)
        self.log = stack.settings.log("engine")
        self.account_ids = []

    def renew(self) -> None:
        self.stack.kill("engine")

    def listens(self) -> bool:
        try:
            self.connection().close()
        except psycopg.OperationalError:
            return False
        return True


@pytest.fixture(scope="module")
def supervised() -> Iterator[Supervised]:
    base = Settings.from_environment(processes=TREDYE.names)
    base = base.with_environ({**base.environ, "EVENT_LOG": "embedded"})
    context = make_context(base.throwaway(f"test-{os.getpid()}-database-faults"), None)
    stack = Stack(["engine"], seed=False, context=context)
    try:
        stack.up()
        made = Supervised(stack)
        made.fund()
        yield made
        made.client.close()
    finally:
        stack.down()
        stack.remove_data()


def back_after(supervised: Supervised, callers: list[Load]) -> float:
    """Seconds from PostgreSQL's first connection to the first answer; the callers have had none since it went."""
    answered = [len(caller.answers) for caller in callers]
    supervised.until(supervised.listens, "PostgreSQL is back", 60)
    since = time.monotonic()
    supervised.until(lambda: [len(caller.answers) for caller in callers] != answered, "orders go on", 30)
    return time.monotonic() - since


def wait_for_answers(supervised: Supervised, callers: list[Load], more: int) -> None:
    before = sum(len(caller.answers) for caller in callers)
    supervised.until(lambda: sum(len(caller.answers) for caller in callers) >= before + more, "the callers are answered")


@pytest.mark.fault("F4", "F5")
def test_postgres_that_ends_under_load_loses_nothing_and_the_engine_is_back_by_itself(supervised: Supervised) -> None:
    callers = [Load(supervised, f"postgres{number}", deadline_s=60) for number in range(4)]
    with Feed(supervised.url):
        for caller in callers:
            caller.start()
        # Immediate: as a crash. Killed: its children see that their parent is gone. Fast: sent away politely.
        for number in (signal.SIGQUIT, signal.SIGKILL, signal.SIGINT):
            wait_for_answers(supervised, callers, 50)
            restarts = supervised.stack.restart_count("postgres")
            supervised.stack.kill("postgres", number)
            supervised.until(lambda seen=restarts: supervised.stack.restart_count("postgres") > seen, "it was started again", 30)
            took_s = back_after(supervised, callers)
            recovered(took_s, "F5" if number == signal.SIGINT else "F4")
            assert took_s <= BACK_WITHIN_S, f"{signal.Signals(number).name}: {took_s:.1f} s"
        finish(supervised, callers)
    check_answers(supervised, callers, "postgres")


@pytest.mark.fault("F4")
def test_an_engine_waits_for_a_database_that_is_long_away_and_needs_no_second_start(supervised: Supervised) -> None:
    callers = [Load(supervised, f"away{number}", deadline_s=60) for number in range(4)]
    with Feed(supervised.url):
        for caller in callers:
            caller.start()
        wait_for_answers(supervised, callers, 100)
        before = supervised.log.stat().st_size
        supervised.stack.stop("postgres")
        supervised.until(
            lambda: b"waiting for the database" in supervised.log.read_bytes()[before:], "the next engine waits for it"
        )
        restarts = supervised.stack.restart_count("engine")
        time.sleep(6)  # longer than the supervisor's longest pause between two starts
        supervised.stack.start("postgres")
        assert back_after(supervised, callers) <= BACK_WITHIN_S
        assert supervised.stack.restart_count("engine") == restarts
        finish(supervised, callers)
    check_answers(supervised, callers, "away")


@pytest.mark.fault("F4")
def test_an_engine_whose_connection_is_cut_under_load_is_replaced(supervised: Supervised) -> None:
    callers = [Load(supervised, f"cut{number}", deadline_s=60) for number in range(4)]
    with Feed(supervised.url):
        for caller in callers:
            caller.start()
        for _ in range(3):
            wait_for_answers(supervised, callers, 50)
            with supervised.connection() as connection:
                connection.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                    " WHERE datname = current_database() AND application_name LIKE 'engine:0:%'"
                )
        finish(supervised, callers)
    check_answers(supervised, callers, "cut")

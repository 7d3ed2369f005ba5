"""Who uses a dependency reports what it saw, and a refusal by one that is there is no absence."""

import socket
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
import redis
from django.core.cache import caches
from django.db import DatabaseError, connection, connections, transaction
from django.db.utils import OperationalError
from psycopg_pool import PoolTimeout

from apps.commands.client import (
    PAUSED_TRY_S,
    PERSON_S,
    EngineClient,
    EngineUnavailableError,
    PausedError,
    new_command_id,
)
from apps.commands.types import Actor, RestoreVenue
from apps.core.enums import Role
from apps.degraded import Action, Dependency, may, modes, standing
from apps.degraded.table import RETRIED_S
from apps.stores.postgres.evidence import is_gone, note_failure
from tests.waiting import wait_until


def fail_until_away(dependency: Dependency, use: Callable[[], object], error: type[Exception]) -> None:
    """Use what is not there, as pages do, until it counts as away."""

    def is_away() -> bool:
        with pytest.raises(error):
            use()
        return standing(dependency).is_away

    wait_until(is_away, 20, "its absence")


@pytest.mark.django_db
def test_a_statement_that_works_is_seen_and_one_that_is_refused_is_no_absence() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    assert (standing(Dependency.POSTGRES).seen_s_ago or 9) < 5
    for refused in ("SELECT 1 / 0", "SET LOCAL statement_timeout = 1; SELECT pg_sleep(5)"):
        for _ in range(3):
            with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(refused)
    assert not standing(Dependency.POSTGRES).is_away and modes().modes == ()


def test_a_server_that_is_not_there_is_away(django_db_blocker: Any) -> None:
    away = connections.create_connection("default")
    away.settings_dict = {**away.settings_dict, "HOST": "127.0.0.1", "PORT": "1", "OPTIONS": {"connect_timeout": 1}}
    with django_db_blocker.unblock():
        fail_until_away(Dependency.POSTGRES, away.ensure_connection, OperationalError)
    assert "refused" in standing(Dependency.POSTGRES).why.lower()


@pytest.mark.parametrize(
    ("error", "gone"),
    [
        (psycopg.OperationalError("connection refused"), True),
        (psycopg.InterfaceError("the connection is closed"), True),
        (psycopg.errors.AdminShutdown("bye"), True),
        (psycopg.errors.CrashShutdown("bye"), True),
        (psycopg.errors.CannotConnectNow("starting up"), True),
        (psycopg.errors.ConnectionFailure("broken"), True),
        (psycopg.errors.QueryCanceled("statement timeout"), False),
        (psycopg.errors.LockNotAvailable("busy"), False),
        (psycopg.errors.TooManyConnections("full"), False),
        (psycopg.errors.DiskFull("full"), False),
        (psycopg.errors.UniqueViolation("twice"), False),
        (PoolTimeout("busy"), False),
    ],
)
def test_what_an_error_says_of_the_server(error: psycopg.Error, gone: bool) -> None:
    assert is_gone(error) is gone
    note_failure(error)
    assert bool(standing(Dependency.POSTGRES).is_away) is False, "one is no outage"


@pytest.fixture(params=["refuses", "silent"])
def cache_away(request: pytest.FixtureRequest, settings: Any) -> Iterator[Any]:
    with socket.create_server(("127.0.0.1", 0), backlog=64) as silent:
        port = 1 if request.param == "refuses" else silent.getsockname()[1]
        settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": f"redis://127.0.0.1:{port}/0"}}
        yield caches.create_connection("default")


def test_a_cache_that_is_not_there_is_away(cache_away: Any) -> None:
    fail_until_away(Dependency.REDIS, lambda: cache_away.get("x"), redis.RedisError)
    assert not may(Action.LOG_IN).allowed and may(Action.LIMIT_ORDER).allowed


def test_a_cache_that_answers_is_seen() -> None:
    assert caches["default"].get("x") is None
    assert standing(Dependency.REDIS).seen_s_ago is not None


def test_an_engine_that_nobody_answers_for_is_away_and_told_why(tmp_path: Path) -> None:
    client = EngineClient(f"unix://{tmp_path}/nobody.sock")
    command = RestoreVenue(command_id=new_command_id(), actor=Actor(None, Role.SYSTEM), reason="A test")
    with pytest.raises(EngineUnavailableError) as unknown:
        client.send(command, deadline_s=RETRIED_S + 0.5)
    assert not isinstance(unknown.value, PausedError), "nobody knew that it was away"
    with pytest.raises(PausedError, match=f"within {PAUSED_TRY_S} s") as paused:
        client.send(command, deadline_s=PERSON_S)
    assert paused.value.sentence.endswith("Nothing was sent.")
    with pytest.raises(PausedError, match=f"within {PERSON_S + 0.1:g} s"):
        client.send(command, deadline_s=PERSON_S + 0.1)  # a job waits the pause out
    client.close()
    found = standing(Dependency.ENGINE)
    assert found.is_away and "FileNotFoundError" in found.why and found.since is not None
    verdict = may(Action.CANCEL)
    assert (verdict.allowed, verdict.code, verdict.retry_after_s) == (False, "TRADING_PAUSED", 2)
    assert may(Action.HISTORY).allowed and may(Action.PRICES).allowed
    assert [mode.title for mode in modes().modes] == ["Trading is paused."]


def test_one_instrument_may_be_without_a_price_while_the_others_have_theirs() -> None:
    assert may(Action.MARKET_ORDER, price_age_s=2.9).allowed
    assert may(Action.MARKET_ORDER, price_age_s=3.1).code == "STALE_PRICE"
    assert may(Action.LIMIT_ORDER, price_age_s=29).allowed
    assert not may(Action.LIMIT_ORDER, price_age_s=31).allowed
    assert may(Action.CANCEL, price_age_s=10_000).allowed
    assert not modes(), "the banner is about all of them"

"""An order on its way through the real parts in this process: pages, engine, relay, event log, a consumer, the push."""

import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from django.db import connection
from django.test import Client

from apps.commands.answers import AnyAnswer
from apps.commands.types import AnyCommand
from apps.engine.repeats import decode_answer
from apps.engine.steps import Request
from apps.engine.telling import Answered, Teller
from apps.eventlog.provision import ensure_topics
from apps.observability.logs import configure_logging
from apps.orders import seen
from tests.cached import clear_cache
from tests.engine.world import SYMBOL, World
from tests.eventlog.logs import log_of_run
from tests.inprocess import CALLERS
from tests.logins import as_login
from tests.pages import client_of
from tests.prices import set_price


class TellingEngine:
    """What stands behind the engine's socket: the session, and what is told of a command afterwards."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.teller = Teller(world.epoch)

    def send(self, command: AnyCommand, *, deadline_s: float = 2.0) -> AnyAnswer:
        self.world.clock.advance_ns(1_000_001)
        started = time.perf_counter()
        with as_login(None):  # the pages may not write what it writes
            self.world.session.start([Request(command, msgspec.msgpack.encode(command))], self.world.clock.now_ns())
            decided = self.world.session.finish_batch()
        self.teller.tell([Answered(command, started)], decided, started, time.perf_counter())
        self.teller.write()
        return decode_answer(decided.answers[0])


@pytest.fixture
def world(db: None) -> Iterator[World]:
    clear_cache()
    world = World()
    world.clock.advance_ns(time.time_ns() - world.clock.now_ns())  # as the pages' clock, so that what is told is in its order
    world.quote("99.00", "101.00")
    yield world
    clear_cache()


@pytest.fixture
def json_logs(settings: Any) -> Iterator[Callable[[], None]]:
    """Call it in the test, where stdout is what ``capsys`` reads: what this process logs is JSON from then on."""
    as_before = settings.LOG_FORMAT
    settings.LOG_FORMAT = "json"
    yield configure_logging
    settings.LOG_FORMAT = as_before
    configure_logging()


@pytest.fixture
def alice(world: World, monkeypatch: pytest.MonkeyPatch, json_logs: Callable[[], None]) -> Client:
    set_price(SYMBOL, "99.00", "101.00")
    monkeypatch.setattr(seen, "AGE_MAX", timedelta(hours=1))
    engine = TellingEngine(world)
    for caller in CALLERS:
        monkeypatch.setattr(f"{caller}.get_client", lambda: engine)
    return client_of(world.alice)


@pytest.fixture
def topics(settings: Any, django_db_setup: None, db: None) -> Iterator[None]:
    """Topics of the test's own on the embedded log, which is written over connections of its own."""
    settings.EVENT_LOG = "embedded"
    settings.KAFKA_TOPIC_PREFIX = f"{settings.KAFKA_TOPIC_PREFIX}{time.time_ns()}."
    ensure_topics()
    yield
    log_of_run().delete_topics()
    connection.ensure_connection()

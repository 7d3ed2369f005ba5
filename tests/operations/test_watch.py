"""What the others did, as Postgres tells of it: an engine that is still, a feed that publishes nothing, a relay that waits."""

import asyncio
import socket
import time
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from django.conf import settings

from apps import degraded
from apps.breakers.postgres import connection_arguments
from apps.core.clock import ManualClock
from apps.degraded import Dependency
from apps.degraded.evidence import Evidence
from apps.engine.room import NO_ROOM_LOCK, told_by_lock
from apps.operations.watch import ENGINE_SILENT_S, FEED_SILENT_S, LOG_LATE_S, Reading, Seen, Watch, use_redis

WELL = Seen(True, 1, 0.3, False, True, 100, None, 0.4)


class Scene:
    """Looks half a second apart, by a clock that a test moves."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.clock = ManualClock()
        self.evidence = Evidence(self.clock)
        for name in ("saw", "failed"):
            monkeypatch.setattr(degraded, name, getattr(self.evidence, name))
        self.reading = Reading()
        self.published = 100

    def look(self, times: int = 1, **changed: Any) -> None:
        for _ in range(times):
            self.clock.advance_ns(500_000_000)
            self.reading.take(WELL._replace(**{"published": self.published, **changed}), self.clock.monotonic_ns() / 1e9)

    def publishing(self, times: int, **changed: Any) -> None:
        for _ in range(times):
            self.published += 10
            self.look(**changed)

    def away(self) -> set[str]:
        return {fault.dependency.value for fault in self.evidence.faults()}


def away() -> set[str]:
    return {each.dependency.value for each in degraded.modes().modes}


@pytest.fixture
def scene(monkeypatch: pytest.MonkeyPatch) -> Scene:
    return Scene(monkeypatch)


def test_where_all_is_well_everything_was_seen(scene: Scene) -> None:
    scene.publishing(10)
    assert scene.away() == set()
    for dependency in (Dependency.POSTGRES, Dependency.ENGINE, Dependency.FEED, Dependency.LOG):
        assert scene.evidence.standing(dependency).seen_s_ago is not None


@pytest.mark.parametrize(
    "changed", [{"engine_still_s": ENGINE_SILENT_S + 0.1}, {"engine_sessions": 0, "engine_still_s": None}], ids=["still", "gone"]
)
def test_an_engine_that_is_still_or_gone_is_away(scene: Scene, changed: dict[str, Any]) -> None:
    scene.publishing(4)
    scene.publishing(2, **changed)
    assert scene.away() == {"engine"}


def test_before_an_engine_ever_ran_and_where_its_session_may_not_be_seen_nothing_is_said(scene: Scene) -> None:
    scene.publishing(4, has_engine=False, engine_sessions=0, engine_still_s=None)
    scene.publishing(4, engine_still_s=None)
    assert scene.away() == set() and scene.evidence.standing(Dependency.ENGINE).seen_s_ago is None


def test_an_engine_without_room_is_told_of_and_is_not_away(scene: Scene) -> None:
    scene.publishing(4)
    scene.publishing(2, has_no_room=True)
    assert scene.away() == {"room"}
    scene.publishing(4)
    assert scene.away() == set()
    scene.publishing(3, has_no_room=True, engine_sessions=0, engine_still_s=None)
    assert scene.away() == {"engine", "room"}


def test_a_feed_that_publishes_nothing_is_silent_after_three_seconds(scene: Scene) -> None:
    scene.publishing(3)
    scene.look(int(FEED_SILENT_S * 2) - 1)
    assert scene.away() == set()
    scene.look(2)
    assert scene.away() == {"feed"}
    assert scene.evidence.standing(Dependency.FEED).for_s == FEED_SILENT_S + 0.5, "since the last price"


def test_where_nothing_is_open_no_price_is_missed(scene: Scene) -> None:
    scene.publishing(2)
    scene.look(60, is_any_open=False)
    assert scene.away() == set()


def test_what_waits_for_the_log_is_late(scene: Scene) -> None:
    scene.publishing(4, outbox_waits_s=LOG_LATE_S - 0.1)
    assert scene.away() == set()
    scene.publishing(2, outbox_waits_s=LOG_LATE_S + 0.1)
    assert scene.away() == {"log"}


def test_prices_that_are_made_and_not_read_are_the_log_s_and_those_that_are_not_made_are_not(scene: Scene) -> None:
    scene.publishing(3, consumer_still_s=LOG_LATE_S + 1)
    assert scene.away() == {"log"}
    scene.evidence.forget()
    scene.look(20, consumer_still_s=LOG_LATE_S + 20)
    assert scene.away() == {"feed"}


# --- On a real server -----------------------------------------------------------------------------------------------------------


def looking(watch: Watch) -> None:
    asyncio.run(watch.look())


def test_one_statement_reads_it_all_and_takes_milliseconds(django_db_setup: None) -> None:
    watch = Watch(settings.DATABASES["default"])

    async def twice() -> float:
        await watch.look()
        began_s = time.thread_time()
        await watch.look()
        return time.thread_time() - began_s

    assert asyncio.run(twice()) < 0.05
    assert degraded.standing(Dependency.POSTGRES).seen_s_ago is not None and away() == set()


def test_the_session_of_the_engine_s_epoch_is_what_is_looked_at(django_db_setup: None) -> None:
    arguments = connection_arguments(settings.DATABASES["default"], "x") | {"options": "", "autocommit": True}
    with psycopg.connect(**arguments) as database:
        database.execute("INSERT INTO engine_lease (shard, epoch, holder, taken_at) VALUES (0, 7, 'x:1', now())")
        try:
            with psycopg.connect(**arguments | {"application_name": "engine:0:6"}):
                for _ in range(2):
                    looking(Watch(settings.DATABASES["default"]))
                    time.sleep(0.5)
                looking(Watch(settings.DATABASES["default"]))
            assert away() == {"engine"}, "an engine of an earlier epoch is none"
            degraded.forget()
            with psycopg.connect(**arguments | {"application_name": "engine:0:7"}) as engine:
                engine.execute("SELECT 1")
                looking(Watch(settings.DATABASES["default"]))
            assert degraded.standing(Dependency.ENGINE).seen_s_ago is not None
            with psycopg.connect(**arguments | {"application_name": "engine:0:7"}) as engine:
                check_the_lock(engine)
        finally:
            database.execute("DELETE FROM engine_lease")


def check_the_lock(engine: "psycopg.Connection[Any]") -> None:
    """What an engine without room holds is what is looked for, and no other lock of the same number."""
    tell = told_by_lock(engine, 0)
    engine.execute("SELECT pg_advisory_lock(%s)", [NO_ROOM_LOCK << 32])
    told_by_lock(engine, 1)(True)
    for is_full in (False, True, False):
        if is_full:
            tell(True)
        degraded.forget()
        for _ in range(2):
            looking(Watch(settings.DATABASES["default"]))
            time.sleep(0.6)
        looking(Watch(settings.DATABASES["default"]))
        assert ("room" in away()) is is_full
        if is_full:
            tell(False)


@pytest.fixture
def silent() -> Iterator[dict[str, Any]]:
    """A server that takes connections and says nothing, as a frozen one does."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as server:
        yield {**settings.DATABASES["default"], "HOST": "127.0.0.1", "PORT": str(server.getsockname()[1])}


def test_a_server_that_says_nothing_is_away_within_three_seconds_and_costs_few_connections(silent: dict[str, Any]) -> None:
    watch = Watch(silent)

    async def look_on() -> float:
        began_s = time.monotonic()
        while not degraded.standing(Dependency.POSTGRES).is_away:
            await watch.look()
        found_s = time.monotonic() - began_s
        for _ in range(3):
            await watch.look()
        assert len(watch._left) <= 3
        for each in watch._left:
            each.cancel()
        return found_s

    assert asyncio.run(look_on()) < 3.0
    assert [mode.title for mode in degraded.modes().modes] == ["Trading is paused."]


def test_redis_is_used_for_nobody_only_when_nobody_uses_it() -> None:
    use_redis()
    seen = degraded.standing(Dependency.REDIS).seen_s_ago
    assert seen is not None
    use_redis()
    assert (degraded.standing(Dependency.REDIS).seen_s_ago or 0) > seen, "it was used just now"

"""The job ``calendar`` against the engine: what is missing is told, once; what cannot be told is an alarm or a failure."""

from datetime import UTC, date, datetime, timedelta

import pytest

from apps.commands import outcomes
from apps.commands.client import EngineUnavailableError
from apps.commands.types import SetSessions
from apps.instruments.calendar_job import SessionsNotSetError, set_all_sessions, set_missing_sessions
from apps.instruments.models import Instrument, TradingSession
from apps.instruments.selectors import find_next_session, list_schedules
from apps.jobs.runner import Outcome, run_once
from tests.engine.world import SYMBOL, World, configure
from tests.inprocess import InProcessEngine


def nothing(text: str) -> None:
    """Nobody listens to the progress."""


def now_of(world: World) -> datetime:
    return datetime.fromtimestamp(world.clock.now_ns() // 1_000_000_000, UTC)


def test_every_instrument_gets_its_sessions_and_another_run_tells_nothing(world: World, engine: InProcessEngine) -> None:
    world.do(configure("NYC-USD", calendar="XNYS"))
    now = now_of(world)
    assert set_missing_sessions(now, nothing) == {"instruments": 2, "told": 2, "alarm": 0}
    assert [(s.symbol, s.around_the_clock, len(s.sessions) > 7) for s in list_schedules()] == [
        (SYMBOL, True, True),
        ("NYC-USD", False, True),
    ]
    assert set_missing_sessions(now, nothing) == {"instruments": 2, "told": 0, "alarm": 0}
    assert [type(command) for command in engine.sent] == [SetSessions, SetSessions]
    assert world.violations() == [] and world.replay() == []


def test_the_next_day_adds_a_day(world: World, engine: InProcessEngine) -> None:
    now = now_of(world)
    set_missing_sessions(now, nothing)
    last = TradingSession.objects.order_by("-closes_at")[0].closes_at
    assert set_missing_sessions(now + timedelta(days=1), nothing)["told"] == 1
    assert TradingSession.objects.order_by("-closes_at")[0].closes_at == last + timedelta(days=1)


def test_a_calendar_that_nobody_knows_is_an_alarm_and_the_others_are_told(world: World, engine: InProcessEngine) -> None:
    world.do(configure("AAA-USD", calendar="XXXX"))
    assert set_missing_sessions(now_of(world), nothing) == {"instruments": 2, "told": 1, "alarm": 1}


def test_without_the_engine_the_job_fails_and_is_tried_again(
    world: World, engine: InProcessEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Away:
        def send(self, *_: object, **__: object) -> object:
            raise EngineUnavailableError("unix://away", 0.1)

    with monkeypatch.context() as patch:
        patch.setattr(outcomes, "get_client", Away)
        with pytest.raises(SessionsNotSetError, match=SYMBOL):
            set_missing_sessions(now_of(world), nothing)
    assert set_missing_sessions(now_of(world), nothing)["told"] == 1


def test_it_runs_as_a_job_which_may_write_nothing_itself(world: World, engine: InProcessEngine) -> None:
    world.clock.advance_ns(int(datetime.now(UTC).timestamp() * 1_000_000_000) - world.clock.now_ns())
    assert run_once("calendar", date(2026, 1, 5)).outcome is Outcome.DONE
    assert TradingSession.objects.count() > 7
    assert set_all_sessions(date(2026, 1, 5), nothing)["told"] == 0


def test_the_next_session_is_the_one_that_opens_next(world: World, engine: InProcessEngine) -> None:
    pk = Instrument.objects.get(symbol=SYMBOL).pk
    now = now_of(world)
    assert find_next_session(pk, now) is None
    set_missing_sessions(now, nothing)
    first = find_next_session(pk, now)
    assert first is not None and now < first.opens_at <= now + timedelta(days=1)
    following = find_next_session(pk, first.opens_at)
    assert following is not None and following.opens_at == first.closes_at

"""What is published of the bars: what was committed, whole, at most four times a second, and the end of a bar beside the next."""

from typing import Any

import pytest
from django.db import transaction

from apps.eventlog.schemas.marketdata import BarTick
from apps.marketdata import running
from apps.marketdata.running import RunningBars
from tests.marketdata.cast import SECOND_NS, T0_NS, make_instrument, records, trade, trades
from tests.marketdata.test_handler import Line, Stage

MINUTE = T0_NS // SECOND_NS // 60 * 60


@pytest.fixture
def stage(settings: Any, db: None) -> Stage:
    make_instrument("ACME", number=1)
    make_instrument("BOLT", number=2)
    return Stage(settings)


def told(line: Line, interval: str = "1m") -> list[BarTick]:
    return [bar for record in line.bars for bar in record if bar.interval == interval]


def test_a_print_s_bars_are_told_whole_in_every_interval(stage: Stage) -> None:
    stage.take(trades(trade("ACME", 1, T0_NS, "10.00", "5"), trade("ACME", 2, T0_NS + 1, "10.10", "2")))
    stage.tick()
    assert {bar.interval for record in stage.line.bars for bar in record} == {"1s", "1m", "5m", "1h", "1d"}
    assert told(stage.line) == [BarTick("ACME", "1m", MINUTE, "10", "10.1", "10", "10.1", "7", 2)]
    stage.take(trades(trade("ACME", 3, T0_NS + 2, "9.90", "1")))
    stage.tick()
    assert told(stage.line)[-1] == BarTick("ACME", "1m", MINUTE, "10", "10.1", "9.9", "9.9", "8", 3)
    stage.tick()
    assert len(told(stage.line)) == 2, "what did not change is not told again"


def test_many_changes_within_a_quarter_of_a_second_are_one(stage: Stage) -> None:
    for number in range(1, 51):
        stage.take(trades(trade("ACME", number, T0_NS + number, "10.00")))
        stage.tick(0.02)
    found = told(stage.line)
    assert 3 <= len(found) <= 5
    stage.tick(0.25)
    assert told(stage.line)[-1].sequence == 50
    assert [bar.sequence for bar in told(stage.line)] == sorted({bar.sequence for bar in told(stage.line)})


def test_the_end_of_a_bar_is_told_before_the_beginning_of_the_next(stage: Stage) -> None:
    stage.take(
        trades(trade("ACME", 1, MINUTE * SECOND_NS + 59 * SECOND_NS, "10"), trade("ACME", 2, (MINUTE + 60) * SECOND_NS, "11"))
    )
    stage.tick()
    assert [(bar.start_s, bar.close) for bar in told(stage.line)] == [(MINUTE, "10"), (MINUTE + 60, "11")]


def test_what_was_rolled_back_is_not_told_and_a_repetition_tells_nothing_new(stage: Stage) -> None:
    given = records(trades(trade("ACME", 1, T0_NS, "10.00", "5")))
    with pytest.raises(RuntimeError), transaction.atomic():
        stage.handler.handle(given)
        raise RuntimeError("the position was taken")
    stage.handler.forget()
    stage.tick()
    assert stage.line.bars == []
    for _ in range(2):
        stage.take_records(given)
        stage.tick()
    assert [bar.sequence for bar in told(stage.line)] == [1]


def test_what_the_log_does_not_take_is_told_later_as_it_is_then(stage: Stage) -> None:
    stage.line.takes = False
    stage.take(trades(trade("ACME", 1, T0_NS, "10"), trade("BOLT", 1, T0_NS, "20")))
    stage.tick()
    stage.take(trades(trade("ACME", 2, T0_NS + 1, "11")))
    stage.tick()
    assert stage.line.bars == []
    stage.line.takes = True
    stage.tick()
    assert {(bar.symbol, bar.close, bar.sequence) for bar in told(stage.line)} == {("ACME", "11", 2), ("BOLT", "20", 1)}


def test_a_log_that_is_away_for_long_costs_the_oldest_bars_and_records_stay_small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "PENDING_MAX", 500)
    bars, line = RunningBars(), Line()
    line.takes = False
    bars.take(BarTick("ACME", "1s", second, "1", "1", "1", "1", "1", 1) for second in range(800))
    bars.publish(0, line)
    line.takes = True
    bars.publish(SECOND_NS, line)
    assert [bar.start_s for bar in told(line, "1s")] == list(range(300, 800))
    assert [len(record) for record in line.bars] == [200, 200, 100]

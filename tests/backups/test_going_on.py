"""Books that were restored go on without a number of the time that is lost, and nobody counts what was undone."""

from typing import Any

import pytest
from django.db import connection

from apps.eventlog import lost_ranges
from apps.eventlog.handler import Record
from apps.eventlog.lost_ranges import LostRanges
from apps.eventlog.outbox import ENGINE_LANE
from apps.eventlog.schemas.marketdata import LevelsChanged, QuoteTick, QuoteTicks, TradeTick, TradeTicks
from tests.engine.world import World
from tests.eventlog.harness import deposit

UP_TO = 1_795_000_000_000_000


def last_sequence() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(last_sequence) FROM engine_journal")
        row = cursor.fetchone()
    assert row is not None
    return int(row[0])


def test_the_next_engine_goes_on_behind_the_range_and_the_books_are_right(world: World) -> None:
    resting = world.submit(world.alice, "BUY", "0.5", "98.00")
    before = last_sequence()
    lost_ranges.record(ENGINE_LANE, before, UP_TO)
    lost_ranges.record(ENGINE_LANE, UP_TO, UP_TO + 1000)  # restored once more before anybody traded
    world.restart()
    world.quote("99.00", "101.00")
    filled = world.submit(world.bob, "SELL", "0.2", "98.00")
    assert filled.order_id > UP_TO + 1000 > before > resting.order_id
    assert world.cancel(world.alice, resting.order_id).status == "CANCELED"
    assert world.violations() == []
    assert world.replay() == []


def test_a_hole_that_nobody_recorded_is_a_violation(world: World) -> None:
    world.session.venue.sequence += 10
    world.submit(world.alice, "BUY", "0.5", "98.00")
    assert any("each journaled batch begins where" in line for line in world.violations())


def record(message: Any) -> Record:
    return Record("t", 0, 0, "", b"", 0, message)


def tick(sequence: int) -> TradeTick:
    return TradeTick("BTC-USD", sequence, 1, "1", "1", "BUY")


@pytest.mark.parametrize(
    ("message", "is_undone"),
    [
        (deposit(1, 100), False),
        (deposit(1, 101), True),
        (deposit(1, 200), True),
        (deposit(1, 201), False),
        (LevelsChanged(symbol="BTC-USD", epoch=1, sequence=150, at_ns=1, levels=[]), True),
        (LevelsChanged(symbol="BTC-USD", epoch=1, sequence=99, at_ns=1, levels=[]), False),
        (TradeTicks("BOOK", 1, [tick(150)]), True),
        (TradeTicks("BOOK", 1, [tick(250)]), False),
        (TradeTicks("sim", 1, [tick(150)]), False),
        (QuoteTicks("sim", 1, [QuoteTick("BTC-USD", 150, 1, "1", "2", "1", "1")]), False),
    ],
)
def test_what_carries_a_number_of_the_range_was_undone_and_ticks_of_feeds_were_not(message: Any, is_undone: bool) -> None:
    assert LostRanges([(100, 200)]).cover(record(message)) is is_undone
    assert LostRanges().cover(record(message)) is False

"""The disk of the books is nearly full: no new order, every cancel. And what a restoration passed over waits for nobody."""

from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from apps.engine.recovery import recover
from apps.engine.room import LOOK_APART_S, Room
from apps.eventlog import lost_ranges
from apps.eventlog.outbox import ENGINE_LANE
from apps.observability.disks import books_percent, used_share
from tests.engine.world import World

pytestmark = [pytest.mark.django_db, pytest.mark.fault("F19")]


@pytest.fixture
def world() -> World:
    return World()


def with_room(world: World, room: Room) -> None:
    world.session = recover(world.raw, world.epoch, room=room).session
    world.quote("99.00", "101.00")


def look_again(room: Room) -> None:
    assert room._looked_s is not None
    room._looked_s -= LOOK_APART_S


def test_from_nine_tenths_on_no_order_is_taken_and_a_hundredth_below_it_they_are_again(world: World) -> None:
    used = [80]
    room = Room(1_000_000, 90, lambda: used[0])
    with_room(world, room)
    resting: Any = world.submit(world.alice, "BUY", "1", "90.00")
    assert resting.status == "ACCEPTED"
    answers = []
    for used[0] in (89, 90, 89, 88, 95):
        look_again(room)
        answers.append(getattr(world.submit(world.alice, "BUY", "1", "90.00"), "reason", ""))
    assert answers == ["", "ORDERS_PAUSED", "ORDERS_PAUSED", "", "ORDERS_PAUSED"]
    assert world.cancel(world.alice, resting.order_id).status == "CANCELED"
    assert world.violations() == [] and world.replay() == []


def test_a_disk_that_cannot_be_seen_refuses_nothing(world: World, settings: Any, tmp_path: Path) -> None:
    settings.DISKS = {"postgres": tmp_path / "gone"}
    assert (used_share(tmp_path / "gone"), books_percent()) == (None, None)
    settings.DISKS = {"postgres": tmp_path}
    assert 0 <= (books_percent() or 0) <= 100
    settings.DISKS = {}
    with_room(world, Room(1_000_000, 50, books_percent))
    assert world.submit(world.alice, "BUY", "1", "90.00").status == "ACCEPTED"


@pytest.mark.parametrize("told", [None, 0])
def test_what_a_restoration_passed_over_does_not_wait_for_the_log(world: World, told: int | None) -> None:
    """Whether the relay had told everything, or has never run."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT max(last_sequence) FROM engine_journal")
        (last,) = cursor.fetchone() or (0,)
        if told is not None:
            cursor.execute("INSERT INTO eventlog_relaycursor VALUES ('engine', %s, now())", [last])
    lost_ranges.record(ENGINE_LANE, last, last + 10**15)
    room = Room(last + 100)
    world.restart()
    with_room(world, room)
    assert world.submit(world.alice, "BUY", "1", "90.00").status == "ACCEPTED"
    look_again(room)
    assert world.submit(world.alice, "BUY", "1", "90.00").status == "ACCEPTED"
    assert not room.is_full

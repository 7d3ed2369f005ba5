"""Too much waits for the event log: new orders are refused in plain words, cancels are not, and nothing of it is remembered."""

from typing import Any

import pytest
from django.db import connection

from apps.commands.types import CancelAll, ClosePosition
from apps.core.enums import Role
from apps.engine.recovery import recover
from apps.engine.room import LOOK_APART_S, Room
from tests.engine.world import SYMBOL, World
from tests.faults.figures import note

pytestmark = pytest.mark.django_db


@pytest.fixture
def world() -> World:
    return World()


def publish(sequence: int) -> None:
    """As the relay marks it."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO eventlog_relaycursor (lane, last_sequence, moved_at) VALUES ('engine', %s, now())"
            " ON CONFLICT (lane) DO UPDATE SET last_sequence = EXCLUDED.last_sequence",
            [sequence],
        )


def with_room(world: World, limit: int) -> Room:
    room = Room(limit)
    world.session = recover(world.raw, world.epoch, room=room).session
    world.quote("99.00", "101.00")
    return room


def look_again(room: Room) -> None:
    room._looked_s -= LOOK_APART_S


@pytest.mark.fault("F1")
def test_a_full_outbox_takes_no_new_order_and_lets_everybody_out(world: World) -> None:
    publish(world.session.venue.sequence)
    room = with_room(world, 10)
    resting: Any = world.submit(world.alice, "BUY", "1", "90.00")
    assert resting.status == "ACCEPTED"
    while world.session.venue.sequence < world.session._store.published() + 10:
        world.submit(world.alice, "BUY", "1", "90.00")
    look_again(room)
    before = (world.session.venue.sequence, connection_count("orders_order"), connection_count("engine_journal"))
    order = world.order(world.alice, "BUY", "1", "90.00")
    refused = world.do(order)
    closing = world.do(
        ClosePosition(command_id=world.new_id(), actor=order.actor, account_id=world.alice.pk, symbol=SYMBOL)
    )
    amended = world.amend(world.alice, resting.order_id, quantity="2")
    for answer in (refused, closing, amended):
        assert (type(answer).__name__, answer.reason) == ("RefusedAnswer", "ORDERS_PAUSED")
        assert "can be canceled" in answer.message
    assert before == (world.session.venue.sequence, connection_count("orders_order"), connection_count("engine_journal"))

    assert world.cancel(world.alice, resting.order_id).status == "CANCELED"
    every = world.do(CancelAll(command_id=world.new_id(), actor=order.actor, account_id=world.alice.pk))
    assert type(every).__name__ == "CancelAllAnswer"
    assert order.actor.role is Role.CUSTOMER

    publish(world.session.venue.sequence - 9)
    look_again(room)
    assert world.do(order).reason == "ORDERS_PAUSED", "nine of ten still wait"
    publish(world.session.venue.sequence - 8)
    look_again(room)
    assert world.do(order).status == "ACCEPTED", "the same id is taken when there is room"
    assert world.violations() == [] and world.replay() == []
    note("F1", "at its limit of waiting events the engine refuses new orders and takes cancels; below nine tenths it takes both")


def test_it_is_asked_every_few_seconds_and_not_for_each_batch(world: World) -> None:
    asked: list[int] = []
    room = Room(10)
    for tenth in range(200):
        room.look(5, lambda: asked.append(1) or 0, tenth / 10)
    assert len(asked) == 20 / LOOK_APART_S
    assert not room.is_full


def test_who_wants_to_know_is_told_once_of_each_change() -> None:
    told: list[bool] = []
    room = Room(10, tell=told.append)
    for turn, published in enumerate((5, 95, 85, 85, 92, 100, 60)):
        room.look(100, lambda published=published: published, turn * LOOK_APART_S)
    assert told == [True, False, True, False, True]


def connection_count(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table}")
        return int(cursor.fetchone()[0])

"""How fast an account may be, and that previews leave no trace: through the session, on the database."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from apps.accounts.models import Account
from apps.commands.answers import PreviewAnswer, RetryAnswer
from apps.commands.types import ORDERS_PER_SECOND_MAX, Actor, CancelAll, PreviewOrder, SetAccountLimits, SubmitOrder
from apps.core.enums import Role
from apps.engine.models import CommandRecord, Journal
from apps.engine.pace import BURST, CANCEL_ALLS_BURST, CANCEL_ALLS_PER_SECOND, PREVIEWS_BURST, Pace
from apps.orders.models import AccountEvent, Order
from tests.approvals import approved
from tests.engine.world import World

MS = 1_000_000
SECOND = 1000 * MS


def test_bucket_is_full_at_first_and_fills_at_its_pace() -> None:
    pace, now_ns = Pace(4), 1_700_000_000 * SECOND
    assert [pace.wait_ms(1, 50, now_ns) for _ in range(200)] == [0] * 200
    assert pace.wait_ms(1, 50, now_ns) == 20
    assert pace.wait_ms(1, 50, now_ns + 5 * MS) == 15
    assert pace.wait_ms(2, 50, now_ns) == 0  # another account has a bucket of its own
    assert [pace.wait_ms(1, 50, now_ns + 20 * MS) for _ in range(2)] == [0, 20]
    later = now_ns + SECOND
    assert [pace.wait_ms(1, 50, later) for _ in range(49)] == [0] * 49
    assert pace.wait_ms(1, 50, later) == 20
    much_later = now_ns + 3600 * SECOND  # no more than full
    assert [pace.wait_ms(1, 50, much_later) for _ in range(200)] == [0] * 200
    assert pace.wait_ms(1, 50, much_later) == 20


def test_bucket_that_gets_another_pace_is_as_empty_as_it_was() -> None:
    pace, now_ns = Pace(4), 1_700_000_000 * SECOND
    assert [pace.wait_ms(1, 50, now_ns) for _ in range(100)] == [0] * 100  # half of it
    assert [pace.wait_ms(1, 1, now_ns) for _ in range(3)] == [0, 0, 1000]  # half of four
    assert [pace.wait_ms(1, 50, now_ns + SECOND) for _ in range(51)] == [0] * 50 + [20]


def batch(world: World, *commands: Any) -> list[Any]:
    """At an instant that stands still."""
    return world.session.process(commands, world.clock.now_ns())


def test_one_too_many_is_told_to_come_back_and_leaves_nothing(world: World) -> None:
    orders = [world.order(world.bob, "BUY", "0.001", "90.00", post_only=index % 2 == 0) for index in range(BURST + 1)]
    answers = batch(world, *orders)
    *taken, last = answers
    assert {type(answer).__name__ for answer in taken} == {"OrderAnswer"}
    assert last == RetryAnswer(command_id=orders[-1].command_id, reason="TOO_FAST", retry_after_ms=1000 // ORDERS_PER_SECOND_MAX)
    assert not Order.objects.filter(client_order_id=orders[-1].command_id).exists()
    # Known ids are answered whatever the pace, cancels are taken, and others are not slowed down.
    assert batch(world, *orders[:3]) == answers[:3]
    assert batch(world, world.order(world.alice, "BUY", "0.001", "90.00"))[0].status == "ACCEPTED"
    who = Actor(world.bob.user_id, Role.CUSTOMER)
    assert len(batch(world, CancelAll(command_id="all", actor=who, account_id=world.bob.pk))[0].order_ids) == BURST
    world.clock.advance_ns(SECOND // ORDERS_PER_SECOND_MAX)
    assert batch(world, orders[-1])[0].status == "ACCEPTED"
    assert world.violations() == [] and world.replay() == []


def test_cancels_of_all_have_a_pace_of_their_own(world: World) -> None:
    who = Actor(world.bob.user_id, Role.CUSTOMER)
    alls = [CancelAll(command_id=f"all-{index}", actor=who, account_id=world.bob.pk) for index in range(CANCEL_ALLS_BURST + 1)]
    *taken, last = batch(world, *alls)
    assert {type(answer).__name__ for answer in taken} == {"CancelAllAnswer"}
    assert last == RetryAnswer(command_id=alls[-1].command_id, reason="TOO_FAST", retry_after_ms=1000 // CANCEL_ALLS_PER_SECOND)
    assert batch(world, alls[0]) == taken[:1]  # a repeat is answered, and one order canceled, whatever the pace is
    placed = batch(world, world.order(world.bob, "BUY", "0.001", "90.00"))[0]
    assert batch(world, world.cancel_command(world.bob, placed.order_id))[0].status == "CANCELED"
    house = CancelAll(command_id="by-the-house", actor=Actor(None, Role.SYSTEM), account_id=world.bob.pk)
    assert batch(world, house)[0].order_ids == []
    world.clock.advance_ns(SECOND // CANCEL_ALLS_PER_SECOND)
    assert type(batch(world, alls[-1])[0]).__name__ == "CancelAllAnswer"
    assert world.violations() == [] and world.replay() == []


def limit(world: World, per_second: int | None, command_id: str = "") -> Any:
    fields = {"account_id": world.bob.pk, "max_open_orders": None, "max_order_notional": None, "reason": "too many mistakes"}
    staff = Actor(900, Role.ADMIN)
    command_id = command_id or world.new_id()
    return approved(SetAccountLimits(command_id=command_id, actor=staff, orders_per_second=per_second, **fields))


@pytest.mark.parametrize("restarted", [False, True])
def test_account_has_a_pace_of_its_own_over_a_restart(world: World, restarted: bool) -> None:
    command = limit(world, 2, "slow")
    assert world.do(command).reason == ""
    data = AccountEvent.objects.filter(type="ACCOUNT_LIMITS_SET").latest("id").data
    assert (data["orders_per_second"], data["version"]) == (2, 2)
    assert Account.objects.get(pk=world.bob.pk).orders_per_second == 2
    if restarted:
        world.restart()
        world.quote("99.00", "101.00")
    orders = [world.order(world.bob, "BUY", "0.001", "90.00") for _ in range(9)]
    answers = batch(world, *orders)
    assert [getattr(answer, "status", "") for answer in answers] == ["ACCEPTED"] * 8 + [""]
    assert answers[-1] == RetryAnswer(command_id=orders[-1].command_id, reason="TOO_FAST", retry_after_ms=500)
    others = [world.order(world.alice, "BUY", "0.001", "90.00") for _ in range(9)]
    assert {answer.status for answer in batch(world, *others)} == {"ACCEPTED"}
    assert world.do(command).reason == ""  # again, and once
    assert AccountEvent.objects.filter(type="ACCOUNT_LIMITS_SET").count() == 1
    assert type(world.do(limit(world, 3, "slow"))).__name__ == "ConflictAnswer"
    world.do(limit(world, None))
    world.clock.advance_ns(SECOND // ORDERS_PER_SECOND_MAX)
    assert batch(world, orders[-1])[0].status == "ACCEPTED"
    assert world.violations() == [] and world.replay() == []


def test_limit_is_set_to_what_is_no_pace_or_the_venue_would_not_keep(world: World) -> None:
    for per_second in (0, -1, ORDERS_PER_SECOND_MAX + 1):
        answer = world.do(limit(world, per_second))
        assert (answer.reason, answer.field) == ("INVALID_FIELD", "orders_per_second")
    with pytest.raises(IntegrityError, match="account_orders_per_second_positive"), transaction.atomic():
        Account.objects.filter(pk=world.bob.pk).update(orders_per_second=0)


def test_limit_that_no_event_tells_of_is_found(world: World) -> None:
    world.do(limit(world, 2))
    Account.objects.filter(pk=world.bob.pk).update(orders_per_second=3)
    [violation] = world.violations()
    assert violation.startswith("I23 an account's status, limits and choices")
    assert any("limits" in str(difference) for difference in world.replay())


def test_stranger_does_not_use_up_the_owners_pace(world: World) -> None:
    order = world.order(world.bob, "BUY", "0.001", "90.00", actor=Actor(world.alice.user_id, Role.CUSTOMER))
    assert {answer.reason for answer in batch(world, *[order] * (BURST + 1))} == {"UNKNOWN_ACCOUNT"}
    assert batch(world, world.order(world.bob, "BUY", "0.001", "90.00"))[0].status == "ACCEPTED"


def look(world: World, order: SubmitOrder, command_id: str = "") -> PreviewOrder:
    return PreviewOrder(command_id=command_id or world.new_id(), actor=order.actor, order=order)


def test_preview_leaves_no_trace(world: World) -> None:
    world.submit(world.alice, "SELL", "1", "100.00")
    before = (world.session.venue.sequence, Journal.objects.count(), CommandRecord.objects.count(), AccountEvent.objects.count())
    order = world.order(world.bob, "BUY", "2", "100.00")
    first, second = batch(world, look(world, order, "p"), look(world, order, "p"))
    assert isinstance(first, PreviewAnswer) and first == second
    assert (first.status, first.filled_quantity, first.leaves_quantity, first.average_price) == (
        "PARTIALLY_FILLED",
        "1",
        "1",
        "100",
    )
    after = (world.session.venue.sequence, Journal.objects.count(), CommandRecord.objects.count(), AccountEvent.objects.count())
    assert after == before
    placed = world.do(order)  # the id of the order was not used up
    assert (placed.status, placed.held, placed.fee) == (first.status, first.held, first.fee)
    assert world.violations() == [] and world.replay() == []


def test_preview_loads_an_account_that_is_not_in_memory_and_has_a_pace_of_its_own(world: World) -> None:
    world.restart()
    world.quote("99.00", "101.00")
    assert not world.session.venue.has_account(world.bob.pk)
    order = world.order(world.bob, "BUY", "1", None)
    answers = batch(world, *[look(world, order) for _ in range(PREVIEWS_BURST + 1)])
    assert answers[0].status == "FILLED" and answers[-1].reason == "TOO_FAST"
    assert batch(world, order)[0].status == "FILLED"

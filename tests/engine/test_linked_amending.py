"""The quantity of linked orders through the session and PostgreSQL: stored, repeated, recovered in the middle, replayed."""

from typing import Any

import msgspec
import pytest

from apps.commands.types import Actor, AmendOrder
from apps.core.enums import Role
from apps.engine.repeats import encode_answer
from apps.orders.models import AccountEvent, Order
from tests.engine.test_order_types import BOTH, is_sound, move, pair
from tests.engine.world import World

pytestmark = pytest.mark.django_db


def sizes(*order_ids: int) -> list[tuple[str, str]]:
    """(status, quantity) of each, as stored."""
    orders = Order.objects.in_bulk(order_ids)
    return [(orders[each].status, f"{orders[each].quantity.normalize():f}") for each in order_ids]


def amend_of(world: World, order_id: int, command_id: str, **wanted: str) -> AmendOrder:
    actor = Actor(world.alice.user_id, Role.CUSTOMER)
    return AmendOrder(command_id=command_id, actor=actor, account_id=world.alice.pk, order_id=order_id, **wanted)


def exits_of(world: World, entry_id: int) -> list[int]:
    return list(Order.objects.filter(terms__parent_id=entry_id).order_by("id").values_list("id", flat=True))


def restart(world: World) -> None:
    bought = dict(world.session.venue.bought)
    world.restart()
    assert world.session.venue.bought == bought, "it follows from what is stored"
    world.quote("99.00", "101.00")


@pytest.mark.parametrize("restarted", [False, True])
def test_both_of_a_pair_are_stored_told_and_answered_again(world: World, restarted: bool) -> None:
    asked = pair(world, "p")
    placed = world.do(asked)
    first, second = (order.order_id for order in placed.orders)
    commands = [
        amend_of(world, first, "smaller", quantity="1.5"),
        amend_of(world, second, "larger", quantity="3"),
        amend_of(world, second, "p-too-many", quantity="500"),
    ]
    answers = []
    for command in commands:
        answers.append(world.do(command))
        if restarted:
            restart(world)
    assert [answer.reason for answer in answers] == ["", "", "INSUFFICIENT_POSITION"]
    assert sizes(first, second) == [("ACCEPTED", "3"), ("WAITING", "3")]
    told = AccountEvent.objects.filter(order_id=second, type="ORDER_AMENDED").order_by("id").values_list("data", flat=True)
    assert [(event["reason"], event["quantity"], event["kept_priority"], event["causation_id"]) for event in told] == [
        ("LINKED_ORDER_AMENDED", "1.5", True, "smaller"),
        ("", "3", False, "larger"),
    ]
    assert [encode_answer(world.do(command)) for command in commands] == [encode_answer(answer) for answer in answers]
    assert encode_answer(world.do(asked)) == encode_answer(placed)
    conflict = world.do(msgspec.structs.replace(commands[0], quantity="1"))
    assert type(conflict).__name__ == "ConflictAnswer"
    assert is_sound(world)


@pytest.mark.parametrize("restarted", [False, True])
def test_post_only_pair_holds_to_it(world: World, restarted: bool) -> None:
    asked = msgspec.structs.replace(pair(world, "p"), post_only=True)
    placed = world.do(asked)
    first, second = (order.order_id for order in placed.orders)
    if restarted:
        restart(world)
    assert world.amend(world.alice, first, price="99.00").reason == "POST_ONLY_WOULD_TRADE"
    assert world.amend(world.alice, second, quantity="1").reason == ""
    rejected = world.do(msgspec.structs.replace(asked, command_id="q", first=msgspec.structs.replace(asked.first, price="99")))
    assert (rejected.reason, [order.status for order in rejected.orders]) == ("POST_ONLY_WOULD_TRADE", ["REJECTED"] * 2)
    assert encode_answer(world.do(asked)) == encode_answer(placed)
    assert type(world.do(msgspec.structs.replace(asked, post_only=False))).__name__ == "ConflictAnswer"
    assert is_sound(world)


def test_pair_placed_and_amended_in_one_batch_is_one_story(world: World) -> None:
    asked = pair(world, "p")
    # The id that the first order will get is the next of the engine's sequence, after a balance or two.
    amend = amend_of(world, world.session.venue.sequence + 1, "p", quantity="1")
    placed, refused, amended = world.batch(asked, amend, msgspec.structs.replace(amend, command_id="q"))
    assert type(refused).__name__ == "ConflictAnswer"  # of the same id as the pair
    first, second = (order.order_id for order in placed.orders)
    assert (amended.order_id, amended.quantity) == (first, "1")
    assert sizes(first, second) == [("ACCEPTED", "1"), ("WAITING", "1")]
    restart(world)
    assert encode_answer(world.do(asked)) == encode_answer(placed)
    assert is_sound(world)


def test_places_of_both_outlive_the_engine(world: World) -> None:
    first, second = (order.order_id for order in world.do(pair(world, "p")).orders)
    other = world.submit(world.bob, "SELL", "1", "105.00").order_id
    world.amend(world.alice, second, quantity="5")
    restart(world)
    level = world.session.venue.books[1].asks.best()
    assert level is not None and list(level.orders) == [other, first]
    world.amend(world.alice, second, quantity="4")
    restart(world)
    level = world.session.venue.books[1].asks.best()
    assert level is not None and (list(level.orders), level.lots) == ([other, first], 5000)
    assert is_sound(world)


@pytest.mark.parametrize("restarted", [False, True])
def test_what_a_bracket_bought_bounds_its_exits_over_a_restart(world: World, restarted: bool) -> None:
    def maybe_restart() -> None:
        if restarted:
            restart(world)

    entry = world.submit(world.alice, "BUY", "2", "100.00", bracket=BOTH).order_id
    world.submit(world.bob, "SELL", "1.5", "100.00")
    target, stop = exits_of(world, entry)
    maybe_restart()
    assert world.amend(world.alice, target, quantity="1.501").reason == "QUANTITY_ABOVE_ENTRY"
    assert world.amend(world.alice, stop, quantity="0.5").reason == ""
    maybe_restart()
    world.amend(world.alice, target, price="100.50")
    world.submit(world.bob, "BUY", "0.2", "100.50")
    assert sizes(target, stop) == [("PARTIALLY_FILLED", "0.5"), ("WAITING", "0.3")]
    maybe_restart()
    world.cancel(world.alice, entry)
    maybe_restart()
    assert world.amend(world.alice, stop, quantity="1.301").reason == "QUANTITY_ABOVE_ENTRY"
    assert world.amend(world.alice, stop, quantity="1.3").reason == ""
    assert sizes(target, stop) == [("PARTIALLY_FILLED", "1.5"), ("WAITING", "1.3")]
    assert is_sound(world)


def test_exits_that_ended_count_for_those_that_come_later(world: World) -> None:
    entry = world.submit(world.alice, "BUY", "2", "100.00", bracket=BOTH).order_id
    world.submit(world.bob, "SELL", "1", "100.00")
    target, _ = exits_of(world, entry)
    world.amend(world.alice, target, price="100.50")
    world.submit(world.bob, "BUY", "0.4", "100.50")
    world.cancel(world.alice, target)
    restart(world)
    assert world.session.venue.bought == {entry: 600}
    world.submit(world.bob, "SELL", "0.5", "100.00")
    *_, new_target, new_stop = exits_of(world, entry)
    assert world.amend(world.alice, new_stop, quantity="1.101").reason == "QUANTITY_ABOVE_ENTRY"
    assert world.amend(world.alice, new_target, quantity="1.1").reason == ""
    world.submit(world.bob, "SELL", "0.5", "100.00")  # fills the entry, and the exits grow
    assert sizes(entry, new_target, new_stop) == [("FILLED", "2"), ("ACCEPTED", "1.6"), ("WAITING", "1.6")]
    restart(world)
    move(world, "90.00", "91.00")
    assert not world.session.venue.bought
    assert is_sound(world)


def test_price_of_an_entry_is_refused_as_when_it_came(world: World) -> None:
    entry = world.submit(world.alice, "BUY", "1", "97.00", bracket=BOTH).order_id
    too_dear: Any = amend_of(world, entry, "dear", price="108.00")
    answer = world.do(too_dear)
    asked = world.do(world.order(world.alice, "BUY", "1", "108.00", bracket=BOTH))
    assert (answer.reason, answer.message, answer.field) == (asked.reason, asked.message, asked.field)
    assert world.do(msgspec.structs.replace(too_dear, price="98.00")).reason == "", "what is refused uses up no id"
    assert is_sound(world)

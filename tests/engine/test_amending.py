"""Amendments, self-trade prevention and cancel-all through the session: stored, repeated, recovered, replayed."""

from typing import Any

import msgspec
import pytest

from apps.accounts.models import Account
from apps.commands.types import Actor, AmendOrder, CancelAll, SetSelfTradePrevention
from apps.core.enums import Role, SelfTradePrevention, TimeInForce
from apps.engine.models import CommandRecord
from apps.engine.repeats import encode_answer
from apps.orders.models import AccountEvent, Order, OrderTerms
from tests.engine.world import SYMBOL, World

MODES = list(SelfTradePrevention)


def stored(order_id: int) -> tuple[str, str, str, str]:
    order = Order.objects.get(pk=order_id)
    return order.status, f"{order.quantity.normalize():f}", f"{(order.price or 0):.2f}", f"{order.held.normalize():f}"


def choose(world: World, account: Account, mode: SelfTradePrevention) -> Any:
    who = Actor(account.user_id, Role.CUSTOMER)
    return world.do(SetSelfTradePrevention(command_id=world.new_id(), actor=who, account_id=account.pk, mode=mode))


def check_sound(world: World) -> None:
    world.session.venue.check_invariants()
    assert world.violations() == []
    assert world.replay() == []


def test_amendment_is_stored_with_its_event_and_terms(world: World) -> None:
    order_id = world.submit(world.bob, "BUY", "2", "90.00").order_id
    assert world.amend(world.bob, order_id, quantity="1").kept_priority
    assert stored(order_id) == ("ACCEPTED", "1", "90.00", "90.18")
    assert not OrderTerms.objects.exists()  # it kept its place: nothing to remember

    assert not world.amend(world.bob, order_id, price="91.00").kept_priority
    assert stored(order_id) == ("ACCEPTED", "1", "91.00", "91.182")
    terms = OrderTerms.objects.get(order_id=order_id)
    assert order_id < terms.priority <= world.session.venue.sequence

    kinds = AccountEvent.objects.filter(order_id=order_id).order_by("id").values_list("type", flat=True)
    assert list(kinds) == ["ORDER_ACCEPTED", "ORDER_AMENDED", "ORDER_AMENDED"]
    check_sound(world)


def test_denied_amendment_is_recorded_and_nothing_else_is(world: World) -> None:
    order_id = world.submit(world.bob, "BUY", "2", "90.00").order_id
    before = (stored(order_id), AccountEvent.objects.count())
    command = AmendOrder(
        command_id="too-dear",
        actor=Actor(world.bob.user_id, Role.CUSTOMER),
        account_id=world.bob.pk,
        order_id=order_id,
        price="120.00",
    )
    answer = world.do(command)
    assert answer.reason == "PRICE_COLLAR"
    assert (stored(order_id), AccountEvent.objects.count()) == before
    assert CommandRecord.objects.filter(command_id="too-dear").count() == 1
    world.quote("115.00", "116.00")  # now it would be taken, but the id has its answer
    assert world.do(command) == answer
    check_sound(world)


@pytest.mark.parametrize("restarted", [False, True])
def test_repeats_are_answered_byte_for_byte(world: World, restarted: bool) -> None:
    world.submit(world.alice, "SELL", "1", "100.00")
    order = world.order(world.bob, "BUY", "2", "90.00")
    placed = world.do(order)
    amend = AmendOrder(command_id=order.command_id, actor=order.actor, account_id=world.bob.pk, order_id=placed.order_id)
    commands = [
        msgspec.structs.replace(amend, quantity="3"),  # of the same id as the order: ids of orders are apart
        msgspec.structs.replace(amend, command_id="crosses", price="100.00"),
        msgspec.structs.replace(amend, command_id="smaller", quantity="2"),
        msgspec.structs.replace(amend, command_id="below", quantity="0.5"),
        CancelAll(command_id="all", actor=order.actor, account_id=world.bob.pk),
        msgspec.structs.replace(amend, command_id="late", price="95.00"),
    ]
    answers = [world.do(command) for command in commands]
    assert [answer.reason for answer in answers if hasattr(answer, "reason")] == [
        "", "", "", "QUANTITY_BELOW_FILLED", "ORDER_NOT_OPEN",
    ]  # fmt: skip
    assert len(answers[1].fills) == 1 and answers[4].order_ids == [placed.order_id]
    if restarted:
        world.restart()
        world.quote("99.00", "101.00")
    assert encode_answer(world.do(order)) == encode_answer(placed)
    assert [encode_answer(world.do(command)) for command in commands] == [encode_answer(answer) for answer in answers]
    conflict = world.do(msgspec.structs.replace(commands[1], price="99.50"))
    assert type(conflict).__name__ == "ConflictAnswer"
    check_sound(world)


def test_order_and_its_amendment_of_one_id_in_one_batch(world: World) -> None:
    order = world.order(world.bob, "BUY", "2", "101.00", time_in_force=TimeInForce.GTC)
    world.submit(world.alice, "SELL", "1", "100.00")
    amend = AmendOrder(command_id=order.command_id, actor=order.actor, account_id=world.bob.pk, order_id=0)
    # The id that the order will get is the next of the engine's sequence: a caller cannot know it, a replayed attack could.
    amend = msgspec.structs.replace(amend, order_id=world.session.venue.sequence + 1, quantity="1.5")
    placed, amended = world.batch(msgspec.structs.replace(order, price="100.50"), amend)
    assert (placed.status, placed.filled_quantity, amended.quantity) == ("PARTIALLY_FILLED", "1", "1.5")
    world.restart()
    assert encode_answer(world.do(msgspec.structs.replace(order, price="100.50"))) == encode_answer(placed)
    check_sound(world)


def test_places_in_the_queue_outlive_the_engine(world: World) -> None:
    first = world.submit(world.bob, "BUY", "1", "90.00").order_id
    second = world.submit(world.alice, "BUY", "1", "90.00").order_id
    third = world.submit(world.bob, "BUY", "1", "90.00").order_id
    world.amend(world.bob, first, quantity="2")  # behind the third
    world.amend(world.alice, second, quantity="0.5")  # stays
    world.restart()
    world.quote("99.00", "101.00")
    level = world.session.venue.books[1].bids.best()
    assert level is not None and list(level.orders) == [second, third, first]
    world.amend(world.alice, second, price="90.50")
    world.amend(world.alice, second, price="90.00")
    world.restart()
    level = world.session.venue.books[1].bids.best()
    assert level is not None and list(level.orders) == [third, first, second]
    check_sound(world)


def test_order_that_is_amended_to_what_is_filled_is_done(world: World) -> None:
    order_id = world.submit(world.bob, "BUY", "2", "100.00").order_id
    world.submit(world.alice, "SELL", "0.5", "100.00")
    answer = world.amend(world.bob, order_id, quantity="0.5")
    assert (answer.status, answer.leaves_quantity, answer.held) == ("FILLED", "0", "0")
    assert stored(order_id) == ("FILLED", "0.5", "100.00", "0")
    check_sound(world)


def test_fills_before_an_amendment_keep_to_the_price_of_their_time(world: World) -> None:
    order_id = world.submit(world.bob, "BUY", "2", "100.00").order_id
    world.submit(world.alice, "SELL", "0.5", "100.00")
    world.amend(world.bob, order_id, price="95.00")
    world.submit(world.alice, "SELL", "0.5", "95.00")
    check_sound(world)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize(("resting", "incoming"), [("3", "1"), ("1", "3"), ("2", "2")])
def test_self_trade_prevention_is_stored_repeated_and_replayed(
    world: World, mode: SelfTradePrevention, resting: str, incoming: str
) -> None:
    assert choose(world, world.bob, mode).reason == ""
    assert Account.objects.get(pk=world.bob.pk).self_trade_prevention == mode.value
    world.submit(world.alice, "SELL", "0.5", "99.90")
    own = world.order(world.bob, "SELL", resting, "100.00")
    first = world.do(own)
    world.restart()
    world.quote("99.00", "101.00")
    order = world.order(world.bob, "BUY", incoming, "100.00")
    answer = world.do(order)
    assert answer.filled_quantity == "0.5"
    world.restart()
    assert encode_answer(world.do(order)) == encode_answer(answer)
    assert encode_answer(world.do(own)) == encode_answer(first)
    check_sound(world)


@pytest.mark.parametrize("restarted", [False, True])
def test_post_only_is_part_of_what_was_asked(world: World, restarted: bool) -> None:
    order = world.order(world.bob, "BUY", "1", "90.00", post_only=True)
    placed = world.do(order)
    rejected = world.order(world.bob, "BUY", "1", "101.00", post_only=True)
    answer = world.do(rejected)
    assert answer.reason == "POST_ONLY_WOULD_TRADE"
    if restarted:
        world.restart()
        world.quote("99.00", "101.00")
    assert (encode_answer(world.do(order)), encode_answer(world.do(rejected))) == (encode_answer(placed), encode_answer(answer))
    assert type(world.do(msgspec.structs.replace(order, post_only=False))).__name__ == "ConflictAnswer"
    assert OrderTerms.objects.get(order_id=placed.order_id).post_only
    assert world.amend(world.bob, placed.order_id, price="101.00").reason == "POST_ONLY_WOULD_TRADE"
    check_sound(world)


def test_cancel_all_is_one_step_and_is_told_to_the_database(world: World) -> None:
    ids = [world.submit(world.bob, side, "1", price).order_id for side, price in (("BUY", "90.00"), ("SELL", "110.00"))]
    other = world.submit(world.alice, "BUY", "1", "90.00").order_id
    who = Actor(world.bob.user_id, Role.CUSTOMER)
    narrow = CancelAll(command_id="n", actor=who, account_id=world.bob.pk, symbol=SYMBOL, side="SELL")  # type: ignore[arg-type]
    assert type(world.do(narrow)).__name__ == "RefusedAnswer"  # a text is no member of the enum
    assert world.do(CancelAll(command_id="a", actor=who, account_id=world.bob.pk, symbol=SYMBOL)).order_ids == ids
    assert world.do(CancelAll(command_id="b", actor=who, account_id=world.bob.pk)).order_ids == []
    assert stored(ids[0])[0] == stored(ids[1])[0] == "CANCELED" and stored(other)[0] == "ACCEPTED"
    check_sound(world)

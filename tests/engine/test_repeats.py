"""The same id again: the same answer, byte for byte, for ever; another body: a conflict; nothing is done twice."""

from importlib import import_module

import msgspec
import pytest
from django.db import connection

from apps.commands.answers import OrderAnswer
from apps.commands.types import Actor, CancelOrder, Deposit, Leg, SetAccountLimits, SubmitPair
from apps.core.enums import OrderType, Role, Side, TimeInForce
from apps.engine import known_ids
from apps.engine import store as store_module
from apps.engine.models import CommandRecord
from apps.engine.repeats import Recent, digest, encode_answer
from apps.orders.models import Order
from tests.engine.world import SYSTEM, World, configure


def test_two_identical_submits_in_one_batch_are_one_order(world: World) -> None:
    order = world.order(world.bob, "BUY", "1", "90.00")
    answers = world.batch(order, order, order)
    assert answers[0] == answers[1] == answers[2]
    assert Order.objects.count() == 1


def test_a_repeat_in_a_later_batch_gets_the_same_answer(world: World) -> None:
    order = world.order(world.bob, "BUY", "1", "90.00")
    assert world.do(order) == world.do(order)
    assert Order.objects.count() == 1


def test_a_correlation_id_may_differ_between_tries(world: World) -> None:
    order = world.order(world.bob, "BUY", "1", "90.00", correlation_id="click-1")
    assert world.do(order) == world.do(msgspec.structs.replace(order, correlation_id="click-2"))


@pytest.mark.parametrize("change", [{"quantity": "2"}, {"price": "91.00"}, {"price": None, "order_type": OrderType.MARKET}])
@pytest.mark.parametrize("restarted", [False, True])
def test_another_body_is_a_conflict(world: World, change: dict[str, object], restarted: bool) -> None:
    order = world.order(world.bob, "BUY", "1", "90.00")
    world.do(order)
    if restarted:
        world.restart()
        world.quote("99.00", "101.00")
    answer = world.do(msgspec.structs.replace(order, **change))
    assert (type(answer).__name__, answer.reason) == ("ConflictAnswer", "ID_REUSED")
    assert Order.objects.count() == 1


@pytest.mark.parametrize("restarted", [False, True])
def test_a_number_written_otherwise_is_the_same_body(world: World, restarted: bool) -> None:
    order = world.order(world.bob, "BUY", "1", "90.00")
    first = world.do(order)
    if restarted:
        world.restart()
    assert world.do(msgspec.structs.replace(order, quantity="1.000", price="90")) == first


def decisions(world: World) -> list[tuple[str, OrderAnswer]]:
    """One order of every kind of decision, and what became of some of them later."""
    world.submit(world.alice, "SELL", "1", "99.50")
    world.submit(world.alice, "SELL", "1", "100.50")
    orders = [
        world.order(world.bob, "BUY", "1.5", "100.50"),  # filled by two
        world.order(world.bob, "BUY", "1", "100.50"),  # partly filled, the rest rests
        world.order(world.bob, "BUY", "1", "98.00"),  # rests
        world.order(world.bob, "BUY", "1", "98.00", time_in_force=TimeInForce.IOC),  # nobody there
        world.order(world.bob, "BUY", "3000", "98.00"),  # too large
        world.order(world.bob, "BUY", "1000", "100.00"),  # no money
        world.order(world.bob, "BUY", "500", "100.40", time_in_force=TimeInForce.FOK),  # not fillable
        world.order(world.bob, "SELL", "1.25", None),  # at market, into the own order: stopped
        world.order(world.alice, "SELL", "1.25", None),  # at market, customers and the house
        world.order(world.alice, "SELL", "1", "100.90"),
    ]
    answers = [world.do(order) for order in orders]
    later = [answer for answer in answers if answer.status in ("ACCEPTED", "PARTIALLY_FILLED")]
    world.submit(world.alice, "SELL", "0.25", "98.00")  # fills a part of what rests
    for answer in later:
        owner = world.alice if answer.order_id == answers[-1].order_id else world.bob
        world.cancel(owner, answer.order_id)
    return list(zip(orders, answers, strict=True))


def test_old_answers_are_rebuilt_byte_for_byte_by_the_next_engine(world: World) -> None:
    decided = decisions(world)
    assert {answer.status for _, answer in decided} >= {
        "FILLED", "PARTIALLY_FILLED", "ACCEPTED", "CANCELED", "DENIED", "REJECTED",
    }  # fmt: skip
    world.restart()
    count = Order.objects.count()
    again = [world.do(order) for order, _ in decided]
    assert [encode_answer(answer) for answer in again] == [encode_answer(answer) for _, answer in decided]
    assert Order.objects.count() == count
    assert world.violations() == []


def test_ids_beyond_what_memory_keeps_are_looked_up(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(known_ids, "IDS_KEPT_MAX", 4)
    monkeypatch.setattr(store_module, "IDS_PER_ACCOUNT", 2)
    world.session._recent_orders = Recent(size_max=1)
    orders = [world.order(world.bob, "BUY", "1", f"9{i}.00") for i in range(6)]
    answers = [world.do(order) for order in orders]
    assert [world.do(order) for order in orders] == answers
    world.restart()
    world.session._recent_orders = Recent(size_max=1)
    assert world.batch(*orders) == answers
    assert Order.objects.count() == 6


def test_a_command_that_is_no_order_is_remembered_too(world: World) -> None:
    deposit = Deposit(command_id="d-1", actor=SYSTEM, account_id=world.bob.pk, asset="USD", amount="5")
    first = world.do(deposit)
    assert world.batch(deposit, deposit) == [first, first]
    world.restart()
    assert world.do(deposit) == first
    conflict = world.do(msgspec.structs.replace(deposit, amount="6"))
    assert type(conflict).__name__ == "ConflictAnswer"
    assert CommandRecord.objects.filter(command_id="d-1").count() == 1
    assert world.violations() == []


def test_a_cancel_of_an_order_that_ended_long_ago(world: World) -> None:
    order = world.submit(world.bob, "BUY", "1", "90.00")
    assert world.cancel(world.bob, order.order_id, "x-1").status == "CANCELED"
    late = world.cancel(world.bob, order.order_id)
    assert (late.status, late.reason) == ("CANCELED", "ORDER_NOT_OPEN")
    world.restart()
    assert world.cancel(world.bob, order.order_id).reason == "ORDER_NOT_OPEN"
    assert world.cancel(world.bob, order.order_id, "x-1").reason == ""
    assert world.cancel(world.bob, 987_654).reason == "UNKNOWN_ORDER"
    assert world.cancel(world.alice, order.order_id).reason == "UNKNOWN_ORDER"
    assert world.cancel(world.bob, 2**63).reason == "UNKNOWN_ORDER"


def test_a_stranger_learns_nothing_from_an_id(world: World) -> None:
    order = world.order(world.bob, "BUY", "1", "90.00")
    world.do(order)
    alice = Actor(world.alice.user_id, Role.CUSTOMER)
    answer = world.do(msgspec.structs.replace(order, actor=alice))
    assert (type(answer).__name__, answer.reason) == ("RefusedAnswer", "UNKNOWN_ACCOUNT")
    cancel = CancelOrder(command_id="x-2", actor=alice, account_id=world.bob.pk, order_id=1)
    assert world.do(cancel).reason == "UNKNOWN_ACCOUNT"


def test_a_refused_id_may_be_used_again(world: World) -> None:
    order = world.order(world.bob, "BUY", "1", "90.001")
    assert type(world.do(order)).__name__ == "RefusedAnswer"
    assert world.do(msgspec.structs.replace(order, price="90.00")).status == "ACCEPTED"


@pytest.mark.parametrize("restarted", [False, True])
def test_a_stranger_who_guesses_an_id_takes_it_from_nobody(world: World, restarted: bool) -> None:
    """Alice has sent a deposit with the id of Bob's cancel, and one with the id that the venue pays his account with."""
    order = world.submit(world.bob, "BUY", "1", "90.00")
    alice = Actor(world.alice.user_id, Role.CUSTOMER)
    cancel_id, paper_id = f"cancel-{world.bob.pk}-{order.order_id}", f"paper-{world.bob.pk}"
    stolen = [
        Deposit(command_id=name, actor=alice, account_id=world.alice.pk, asset="USD", amount="1")
        for name in (cancel_id, paper_id)
    ]
    taken = world.batch(*stolen)
    if restarted:
        world.restart()
    assert world.cancel(world.bob, order.order_id, cancel_id).status == "CANCELED"
    paper = Deposit(command_id=paper_id, actor=SYSTEM, account_id=world.bob.pk, asset="USD", amount="7")
    assert type(world.do(paper)).__name__ == "DoneAnswer"
    # Everybody's own repeat is still a repeat.
    assert world.batch(*stolen) == taken
    assert type(world.do(msgspec.structs.replace(paper, amount="8"))).__name__ == "ConflictAnswer"
    assert CommandRecord.objects.filter(command_id=paper_id).order_by("scope").values_list("scope", flat=True).count() == 2
    assert world.violations() == []


def test_an_order_and_another_command_may_have_the_same_id(world: World) -> None:
    order = world.order(world.bob, "BUY", "1", "90.00", command_id="same")
    accepted = world.do(order)
    assert world.cancel(world.bob, accepted.order_id, "same").status == "CANCELED"
    assert world.do(order) == accepted


def pair_of_bob(world: World, command_id: str) -> SubmitPair:
    return SubmitPair(
        command_id=command_id,
        actor=Actor(world.bob.user_id, Role.CUSTOMER),
        account_id=world.bob.pk,
        symbol="BTC-USD",
        side=Side.BUY,
        quantity="1",
        first=Leg(order_type=OrderType.LIMIT, price="95.00"),
        second=Leg(order_type=OrderType.STOP, trigger_price="104.00"),
    )


@pytest.mark.parametrize("between", ["nothing", "a batch", "a restart", "a restart and more orders than are kept"])
@pytest.mark.parametrize("pair_first", [True, False])
def test_a_ticket_that_is_sent_as_a_pair_and_as_an_order_counts_once(
    world: World, monkeypatch: pytest.MonkeyPatch, pair_first: bool, between: str
) -> None:
    """One id, two kinds of order: whichever comes second is told that the id is taken, and nothing of it is placed."""
    monkeypatch.setattr(store_module, "IDS_PER_ACCOUNT", 2)
    pair, order = pair_of_bob(world, "t-1"), world.order(world.bob, "BUY", "1", "95.00", command_id="t-1")
    first, second = (pair, order) if pair_first else (order, pair)
    if between == "nothing":
        answers = world.batch(first, second)
    else:
        answers = world.batch(first)
        for _ in range(3 if between.endswith("kept") else 0):
            world.submit(world.bob, "BUY", "1", "90.00")
        if "restart" in between:
            world.restart()
            world.quote("99.00", "101.00")
        answers += world.batch(second)
    assert [type(answer).__name__ for answer in answers] == [
        "PairAnswer" if pair_first else "OrderAnswer",
        "ConflictAnswer",
    ]
    assert world.batch(first) == answers[:1]
    assert Order.objects.filter(price="95.00").count() == 1
    assert world.violations() == []


def test_an_answer_that_is_forgotten_inside_its_batch_is_still_given(world: World) -> None:
    """The batch's new answers push the repeated one out of memory before its turn comes."""
    world.session._recent, world.session._recent_orders = Recent(size_max=1), Recent(size_max=1)
    deposit = Deposit(command_id="d-1", actor=SYSTEM, account_id=world.bob.pk, asset="USD", amount="5")
    order = world.order(world.bob, "BUY", "1", "90.00")
    before = world.batch(deposit, order)
    others = [
        Deposit(command_id="d-2", actor=SYSTEM, account_id=world.bob.pk, asset="USD", amount="5"),
        world.order(world.bob, "BUY", "1", "91.00"),
    ]
    answers = world.batch(*others, deposit, order, *others)
    assert answers[2:4] == before
    assert answers[4:] == answers[:2]
    assert Order.objects.count() == 2
    assert world.violations() == []


def test_records_of_before_scopes_answer_both(world: World) -> None:
    migration = import_module("apps.engine.migrations.0007_scope_of_command_records")
    deposit = Deposit(command_id="old", actor=SYSTEM, account_id=world.bob.pk, asset="USD", amount="5")
    first = world.do(deposit)
    count = CommandRecord.objects.count()
    with connection.cursor() as cursor:
        cursor.execute(migration.BACKWARD)
        cursor.execute(migration.FORWARD)
    assert CommandRecord.objects.count() > count
    world.restart()
    customer = Actor(world.bob.user_id, Role.CUSTOMER)
    assert world.do(deposit) == world.do(msgspec.structs.replace(deposit, actor=customer)) == first
    assert type(world.do(configure())).__name__ == "DoneAnswer"


def test_field_that_came_later_does_not_change_the_digest_of_what_has_none() -> None:
    """The digests that the version before the field made of these commands."""
    sell = SubmitPair(
        command_id="p",
        actor=Actor(7, Role.CUSTOMER),
        correlation_id="x",
        account_id=5,
        symbol="BTC-USD",
        side=Side.SELL,
        quantity="2",
        first=Leg(order_type=OrderType.LIMIT, price="105"),
        second=Leg(order_type=OrderType.STOP, trigger_price="95"),
    )
    assert digest(sell).hex() == "119f76e7d0b074a5569784273a8c3516"
    assert digest(msgspec.structs.replace(sell, post_only=True)) != digest(sell)
    limits = SetAccountLimits(
        command_id="l", actor=SYSTEM, account_id=5, max_open_orders=3, max_order_notional=None, reason="risk"
    )
    assert digest(limits).hex() == "7c2b06d95ebee15caa1e05bc34914d19"
    assert digest(msgspec.structs.replace(limits, orders_per_second=1)) != digest(limits)

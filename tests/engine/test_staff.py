"""What staff do, settled: stored, answered again, loaded by the next engine, replayed, and refused by the database otherwise."""

from decimal import Decimal
from typing import Any

import msgspec
import pytest
from django.db import DatabaseError, connection, transaction

from apps.accounts.models import Account
from apps.accounts.selectors import get_account_of_user
from apps.commands.types import (
    Actor,
    AdjustBalance,
    AnyCommand,
    CancelOrder,
    ForceCancelOrder,
    HaltInstrument,
    ReinstateAccount,
    ResumeInstrument,
    SetAccountLimits,
    SetInstrumentLimits,
    SuspendAccount,
)
from apps.core.enums import Role
from apps.engine.journal import decode_inputs
from apps.engine.models import CommandRecord, Journal
from apps.eventlog.codec import decode
from apps.eventlog.models import OutboxBatch
from apps.instruments.models import Instrument
from apps.ledger.models import LedgerAccount, Transfer
from apps.orders.models import AccountEvent, Order
from tests.approvals import approved
from tests.engine.world import SYMBOL, World

ADMIN = Actor(4711, Role.ADMIN)


def by_admin(kind: type[AnyCommand], command_id: str, **fields: Any) -> Any:
    return approved(kind(command_id=command_id, actor=ADMIN, reason="as agreed", **fields))


def limits(world: World, orders: int | None, notional: str | None, command_id: str = "limits-1") -> SetAccountLimits:
    fields = {"account_id": world.bob.pk, "max_open_orders": orders, "max_order_notional": notional}
    return by_admin(SetAccountLimits, command_id, **fields)


def every_command(world: World) -> list[AnyCommand]:
    """One of each that is for staff, on Bob and his open order, in an order in which each has something to do."""
    bob, order = world.bob.pk, world.submit(world.bob, "BUY", "1", "90.00")
    return [
        limits(world, 3, "5000.5"),
        by_admin(AdjustBalance, "adjust-1", account_id=bob, asset="USD", amount="-12.5"),
        by_admin(ForceCancelOrder, "cancel-1", account_id=bob, order_id=order.order_id),
        by_admin(SuspendAccount, "suspend-1", account_id=bob),
        by_admin(ReinstateAccount, "reinstate-1", account_id=bob),
        by_admin(SetInstrumentLimits, "limits-2", symbol=SYMBOL, max_quantity="5", max_notional="400.25", collar_bps=70),
        by_admin(HaltInstrument, "halt-1", symbol=SYMBOL),
        by_admin(ResumeInstrument, "resume-1", symbol=SYMBOL),
    ]


def newest_event(account: Account) -> dict[str, Any]:
    return AccountEvent.objects.filter(account=account).order_by("-account_sequence")[0].data


def published() -> list[tuple[str, Any]]:
    """(topic, message) of all that was put out, read as a consumer reads it."""
    batches = [msgspec.msgpack.decode(bytes(batch.messages)) for batch in OutboxBatch.objects.order_by("last_sequence")]
    return [(topic, decode(topic, value)) for batch in batches for topic, _, _, value in batch]


@pytest.mark.parametrize("restarted", [False, True])
def test_a_repeat_of_any_of_them_is_answered_as_before_and_does_nothing(world: World, restarted: bool) -> None:
    commands = every_command(world)
    answers = [world.do(command) for command in commands]
    assert [answer.reason for answer in answers] == [""] * len(commands)
    before = AccountEvent.objects.count(), Transfer.objects.count(), Journal.objects.count()
    if restarted:
        world.restart()
    assert world.batch(*commands) == answers
    assert (AccountEvent.objects.count(), Transfer.objects.count(), Journal.objects.count()) == before
    again = [world.do(msgspec.structs.replace(command, reason="other words")) for command in commands]
    assert {type(answer).__name__ for answer in again} == {"ConflictAnswer"}
    names = [command.command_id for command in commands]
    assert set(CommandRecord.objects.filter(command_id__in=names).values_list("scope", flat=True)) == {0}


def test_all_of_them_keep_the_books_and_are_replayed(world: World) -> None:
    for command in every_command(world):
        assert world.do(command).reason == ""
    assert world.violations() == []
    assert world.replay() == []
    world.restart()
    world.do(limits(world, None, None, "limits-3"))
    world.quote("99.00", "101.00")
    assert world.submit(world.bob, "BUY", "1", "100.00").status == "ACCEPTED"
    assert world.violations() == []
    assert world.replay() == []


def test_every_event_of_theirs_can_be_read_from_its_topic_and_names_nobody(world: World) -> None:
    for command in every_command(world):
        world.do(command)
    told = [(topic, message) for topic, message in published() if getattr(message, "causation_id", "").endswith(("-1", "-2"))]
    assert [(topic, type(message).__struct_config__.tag) for topic, message in told] == [
        ("accounts.events", "ACCOUNT_LIMITS_SET"),
        ("accounts.events", "FUNDS_ADJUSTED"),
        ("orders.events", "ORDER_FORCE_CANCELED"),
        ("accounts.events", "ACCOUNT_SUSPENDED"),
        ("accounts.events", "ACCOUNT_REINSTATED"),
        ("instruments.events", "INSTRUMENT_LIMITS_SET"),
        ("instruments.events", "INSTRUMENT_HALTED"),
        ("instruments.events", "INSTRUMENT_RESUMED"),
    ]
    for _, message in told:
        document = msgspec.to_builtins(message)
        assert "as agreed" in (document["reason"], document.get("explanation"))
        assert str(ADMIN.user_id) not in str(document)


def test_the_journal_tells_who_of_the_staff_asked(world: World) -> None:
    """From an event to its actor: the batch that holds its sequence, and in it the command that caused it."""
    commands = every_command(world)
    world.batch(*commands)
    event = AccountEvent.objects.get(type="FUNDS_ADJUSTED")
    batch = Journal.objects.filter(last_sequence__gte=event.pk).order_by("last_sequence")[0]
    [command] = [c for c in decode_inputs(bytes(batch.inputs)).commands if c.command_id == event.data["causation_id"]]
    assert (command.actor, command.command_id) == (ADMIN, "adjust-1")


# Limits of an account


def test_limits_are_stored_shown_and_loaded_by_the_next_engine(world: World) -> None:
    world.do(limits(world, 1, "5000.5"))
    view = get_account_of_user(world.bob.user_id)
    assert view is not None
    assert (view.max_open_orders, f"{view.max_order_notional:f}") == (1, "5000.50000000")
    data = newest_event(world.bob)
    assert (data["type"], data["max_open_orders"], data["max_order_notional"]) == ("ACCOUNT_LIMITS_SET", 1, "5000.5")
    world.restart()
    world.quote("99.00", "101.00")
    assert world.submit(world.bob, "BUY", "51", "100.00").reason == "MAX_NOTIONAL"
    assert world.submit(world.bob, "BUY", "1", "100.00").status == "ACCEPTED"
    assert world.submit(world.bob, "BUY", "1", "100.00").reason == "TOO_MANY_OPEN_ORDERS"
    assert world.submit(world.alice, "BUY", "51", "100.00").status == "ACCEPTED"
    assert world.violations() == []
    assert world.replay() == []


def test_limits_taken_back_are_the_venues_again(world: World) -> None:
    world.do(limits(world, 0, "1"))
    world.do(limits(world, None, None, "limits-2"))
    view = get_account_of_user(world.bob.user_id)
    assert view is not None and (view.max_open_orders, view.max_order_notional) == (None, None)
    assert world.submit(world.bob, "BUY", "51", "100.00").status == "ACCEPTED"
    data = AccountEvent.objects.filter(type="ACCOUNT_LIMITS_SET").order_by("-id")[0].data
    assert (data["max_open_orders"], data["max_order_notional"]) == (None, None)
    assert world.violations() == []


def test_a_limit_holds_for_the_orders_behind_it_in_its_batch(world: World) -> None:
    first, second = (world.order(world.bob, "BUY", "1", "90.00") for _ in range(2))
    answers = world.batch(first, limits(world, 1, None), second)
    assert [getattr(answer, "reason", "") for answer in answers] == ["", "", "TOO_MANY_OPEN_ORDERS"]


def test_a_suspension_leaves_the_limits_alone(world: World) -> None:
    world.do(limits(world, 2, "7"))
    world.do(by_admin(SuspendAccount, "suspend-1", account_id=world.bob.pk))
    row = Account.objects.get(pk=world.bob.pk)
    assert (row.status, row.max_open_orders, f"{row.max_order_notional:f}") == ("SUSPENDED", 2, "7.00000000")


@pytest.mark.parametrize("change", ["max_open_orders = -1", "max_order_notional = 0", "max_order_notional = -5",
                                    "max_order_notional = 'NaN'", "status = 'BANNED'"])  # fmt: skip
def test_the_database_refuses_limits_that_are_none(world: World, change: str) -> None:
    with pytest.raises(DatabaseError) as caught, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE accounts_account SET {change} WHERE id = %s", [world.bob.pk])
    assert str(caught.value.__cause__.sqlstate) == "23514"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "spoil",
    [
        {"max_open_orders": 5},
        {"max_open_orders": None},
        {"max_order_notional": 8},
        {"status": "SUSPENDED"},
        {"self_trade_prevention": "DECREMENT"},
    ],
    ids=str,
)
def test_invariants_and_replay_notice_an_account_that_nobody_changed(world: World, spoil: dict[str, object]) -> None:
    world.do(limits(world, 2, "7"))
    assert world.violations() == [] and world.replay() == []
    Account.objects.filter(pk=world.bob.pk).update(**spoil)
    assert [violation.split()[0] for violation in world.violations()] == ["I23"]
    assert [difference.what for difference in world.replay()] == [f"account {world.bob.pk} (status, limits, safeguards)"]


# Adjust


def test_an_adjustment_is_on_the_statement_with_its_reason(world: World) -> None:
    answer = world.do(by_admin(AdjustBalance, "adjust-1", account_id=world.bob.pk, asset="BTC", amount="-0.00000001"))
    transfer = Transfer.objects.get(pk=answer.reference)
    assert (transfer.kind, transfer.memo, transfer.command_id) == ("ADJUSTMENT", "as agreed", "adjust-1")
    smallest = Decimal("0.00000001")
    assert list(transfer.postings.order_by("leg").values_list("amount", flat=True)) == [smallest, -smallest]
    row = LedgerAccount.objects.get(account=world.bob, asset__code="BTC")
    assert f"{row.total:f}" == "99.99999999"
    data = newest_event(world.bob)
    assert (data["type"], data["amount"], data["transfer_id"]) == ("FUNDS_ADJUSTED", "-0.00000001", transfer.pk)
    assert world.violations() == []


def test_an_adjustment_that_would_take_a_hold_is_denied_for_ever(world: World) -> None:
    world.submit(world.bob, "BUY", "1", "90.00")
    command = by_admin(AdjustBalance, "adjust-1", account_id=world.bob.pk, asset="USD", amount="-99950")
    denied = world.do(command)
    assert denied.reason == "INSUFFICIENT_FUNDS"
    world.deposit(world.bob, "USD", "1000")
    assert world.do(command) == denied
    assert not Transfer.objects.filter(kind="ADJUSTMENT").exists()


# Cancel for the venue


def test_a_forced_cancel_is_stored_with_its_words(world: World) -> None:
    order = world.submit(world.bob, "BUY", "1", "90.00")
    answer = world.do(by_admin(ForceCancelOrder, "cancel-1", account_id=world.bob.pk, order_id=order.order_id))
    assert (answer.status, answer.reason) == ("CANCELED", "")
    row = Order.objects.get(pk=order.order_id)
    assert (row.status, row.reason, f"{row.held:f}") == ("CANCELED", "CANCELED_BY_ADMIN", "0.00000000")
    data = newest_event(world.bob)
    assert (data["type"], data["reason"], data["explanation"]) == ("ORDER_FORCE_CANCELED", "CANCELED_BY_ADMIN", "as agreed")
    assert world.violations() == []
    world.restart()
    # What became of the order later does not belong to its decision.
    again = world.order(world.bob, "BUY", "1", "90.00", command_id=Order.objects.get(pk=order.order_id).client_order_id)
    assert world.do(again) == order


def forced(world: World, order_id: int, command_id: str, actor: Actor = ADMIN, reason: str = "too late") -> ForceCancelOrder:
    return ForceCancelOrder(command_id=command_id, actor=actor, account_id=world.bob.pk, order_id=order_id, reason=reason)


@pytest.mark.parametrize("restarted", [False, True])
def test_a_forced_cancel_of_an_order_that_ended_long_ago(world: World, restarted: bool) -> None:
    order = world.submit(world.bob, "BUY", "1", None)
    if restarted:
        world.restart()
    answer = world.do(forced(world, order.order_id, "late-1"))
    assert (type(answer).__name__, answer.status, answer.reason, answer.filled_quantity) == (
        "CancelAnswer", "FILLED", "ORDER_NOT_OPEN", "1"
    )  # fmt: skip
    assert world.do(forced(world, order.order_id, "late-1")) == answer
    assert world.do(forced(world, 987_654, "late-2")).reason == "UNKNOWN_ORDER"
    assert world.violations() == []
    assert world.replay() == []


def test_an_ended_order_opens_no_door_that_an_open_one_keeps_shut(world: World) -> None:
    """The answer about an ended order comes from the database, after the venue has judged who asks, and with what words."""
    order = world.submit(world.bob, "BUY", "1", None)
    bob, support = Actor(world.bob.user_id, Role.CUSTOMER), Actor(1, Role.SUPPORT)
    assert world.do(forced(world, order.order_id, "x-1", bob)).reason == "NOT_ALLOWED"
    assert world.do(forced(world, order.order_id, "x-2", support)).reason == "NOT_ALLOWED"
    assert world.do(forced(world, order.order_id, "x-3", reason="no")).reason == "INVALID_FIELD"
    assert not CommandRecord.objects.filter(command_id__startswith="x-").exists()


@pytest.mark.parametrize("command_id", ["", "a b", "a\x00b", "x" * 49])
def test_a_cancel_of_an_ended_order_with_an_id_that_no_column_would_take_harms_nobody(world: World, command_id: str) -> None:
    order = world.submit(world.bob, "BUY", "1", None)
    bob = Actor(world.bob.user_id, Role.CUSTOMER)
    plain = CancelOrder(command_id=command_id, actor=bob, account_id=world.bob.pk, order_id=order.order_id)
    for command in (plain, forced(world, order.order_id, command_id)):
        answer = world.do(command)
        assert (type(answer).__name__, answer.field) == ("RefusedAnswer", "command_id")


# Limits of an instrument


def test_limits_of_an_instrument_are_stored_and_loaded(world: World) -> None:
    command = by_admin(SetInstrumentLimits, "limits-1", symbol=SYMBOL, max_quantity="2.5", max_notional="200.5", collar_bps=90)
    before = Instrument.objects.get()
    world.do(command)
    row = Instrument.objects.get()
    assert (f"{row.max_quantity:f}", f"{row.max_notional:f}", row.collar_bps) == ("2.50000000", "200.50000000", 90)
    unchanged = ("trading_state", "state_reason", "state_changed_at", "tick_size", "lot_size", "maker_fee_ppm", "name")
    assert [getattr(row, name) for name in unchanged] == [getattr(before, name) for name in unchanged]
    world.restart()
    world.quote("99.00", "101.00")
    reasons = [
        world.submit(world.bob, "BUY", *order).reason for order in (("2.501", "100.00"), ("2.1", "100.00"), ("1", "99.00"))
    ]
    assert reasons == ["MAX_QUANTITY", "MAX_NOTIONAL", "PRICE_COLLAR"]
    assert world.violations() == []
    assert world.replay() == []

"""What one person of the venue may not do alone: the engine wants another who approved it, and keeps who both were."""

import hashlib
from typing import Any

import msgspec
import pytest

from apps.commands import types
from apps.commands.answers import RefusedAnswer
from apps.commands.types import Actor, FourEyes
from apps.core.enums import Role
from apps.engine.journal import JournaledInputs, decode_inputs, encode_inputs
from apps.engine.repeats import digest
from tests.engine.matching.kit import ADMIN, ALICE, SYSTEM, Market, acme

WHY = {"reason": "as agreed"}
COMMANDS: dict[type[FourEyes], dict[str, Any]] = {
    types.ReinstateAccount: {"account_id": ALICE, **WHY},
    types.SetAccountLimits: {"account_id": ALICE, "max_open_orders": 3, "max_order_notional": None, **WHY},
    types.AdjustBalance: {"account_id": ALICE, "asset": "USD", "amount": "5", **WHY},
    types.ResumeInstrument: {"symbol": "ACME", **WHY},
    types.SetInstrumentLimits: {"symbol": "ACME", "max_quantity": "5", "max_notional": "400", "collar_bps": 70, **WHY},
    types.RestoreVenue: WHY,
    types.ConfigureInstrument: {
        name: getattr(acme(), name)
        for name in types.ConfigureInstrument.__struct_fields__
        if name not in ("command_id", "actor", "correlation_id", "approver_id")
    },
}
KINDS = pytest.mark.parametrize("kind", COMMANDS, ids=lambda kind: kind.__struct_config__.tag)


@pytest.fixture
def market() -> Market:
    return Market()


def ask(market: Market, kind: type[FourEyes], by: Actor, **more: Any) -> Any:
    """Past the kit, which approves."""
    command: Any = kind(command_id=market.next_id(), actor=by, **COMMANDS[kind], **more)
    market.venue.begin(market.now_ns)
    return market.venue.apply(command, market.now_ns)


def test_each_of_them_is_tried() -> None:
    assert set(FourEyes.__subclasses__()) == set(COMMANDS)


@KINDS
@pytest.mark.parametrize("approver", [msgspec.UNSET, None, 0, -1, 2**63, ADMIN.user_id, True, "901"])
def test_an_admin_alone_is_refused_and_nothing_happens(market: Market, kind: type[FourEyes], approver: Any) -> None:
    market.take()
    sequence = market.venue.sequence
    answer = ask(market, kind, ADMIN, approver_id=approver)
    assert (answer.reason, answer.field) == ("NEEDS_APPROVAL", "approver_id")
    assert market.venue.sequence == sequence and not market.take().approvals


@KINDS
@pytest.mark.parametrize("user_id", [None, 0, 2**63])
def test_an_admin_of_nobody_s_name_is_refused(market: Market, kind: type[FourEyes], user_id: int | None) -> None:
    assert ask(market, kind, Actor(user_id, Role.ADMIN), approver_id=901).reason == "NEEDS_APPROVAL"


@KINDS
def test_with_another_s_approval_it_is_done_and_both_are_kept(market: Market, kind: type[FourEyes]) -> None:
    market.take()
    answer = ask(market, kind, ADMIN, approver_id=901)
    assert answer.reason == ""
    (row,) = market.take().approvals
    tag = kind.__struct_config__.tag
    assert (row.command_id, row.kind, row.reference) == (answer.command_id, tag, answer.reference)
    assert (row.proposed_by, row.approved_by, row.at_ns) == (ADMIN.user_id, 901, market.now_ns)


@KINDS
def test_the_house_s_own_processes_need_nobody_and_customers_gain_nothing(market: Market, kind: type[FourEyes]) -> None:
    market.take()
    for by, more in ((SYSTEM, {}), (SYSTEM, {"approver_id": 901}), (Actor(901, Role.SYSTEM), {"approver_id": 901})):
        assert ask(market, kind, by, **more).reason == ""
    assert not market.take().approvals, "an approval is of what an admin asked for"
    customer = Actor(ALICE * 10, Role.CUSTOMER)
    assert ask(market, kind, customer, approver_id=901).reason == "NOT_ALLOWED"


@pytest.mark.parametrize("kind", [types.Deposit, types.Withdraw])
def test_an_admin_moves_no_money_past_the_adjustment_that_another_approves(market: Market, kind: Any) -> None:
    market.fund(ALICE, "10")
    market.take()
    command = kind(command_id="past", actor=ADMIN, account_id=ALICE, asset="USD", amount="1")
    answer = market.venue.apply(command, market.now_ns)
    assert isinstance(answer, RefusedAnswer) and (answer.reason, answer.field) == ("NOT_ALLOWED", "actor")
    assert "ADJUST_BALANCE" in answer.message and not market.take().transfers
    own = kind(command_id="own", actor=Actor(ALICE * 10, Role.CUSTOMER), account_id=ALICE, asset="USD", amount="1")
    assert market.venue.apply(own, market.now_ns).reason == ""
    assert len(market.take().transfers) == 1


def test_what_is_denied_keeps_no_approval(market: Market) -> None:
    market.take()
    command = types.AdjustBalance(
        command_id="too-much", actor=ADMIN, approver_id=901, account_id=ALICE, asset="USD", amount="-1", reason="as agreed"
    )
    assert market.venue.apply(command, market.now_ns).reason == "INSUFFICIENT_FUNDS"
    assert not market.take().approvals


@KINDS
def test_of_nobody_who_approved_not_a_byte_is_sent(kind: type[FourEyes]) -> None:
    """So the engine of the former version reads what processes send, and a repeat across versions is the same command."""
    command = kind(command_id="c", actor=SYSTEM, **COMMANDS[kind])
    left_out = ("approver_id", "orders_per_second")  # fields that came later, and say nothing here
    former = {name: value for name, value in msgspec.to_builtins(command).items() if name not in left_out} | {"actor": SYSTEM}
    assert b"approver_id" not in msgspec.msgpack.encode(command)
    assert digest(command) == hashlib.blake2b(msgspec.msgpack.encode(former), digest_size=16).digest()  # type: ignore[arg-type]


def test_an_approval_is_part_of_what_a_repeat_must_be() -> None:
    first, other = (
        types.RestoreVenue(command_id="c", actor=ADMIN, approver_id=approver, reason="as agreed") for approver in (901, 902)
    )
    assert digest(first) != digest(other)  # type: ignore[arg-type]


def test_a_journal_of_the_former_version_is_decided_as_it_was(market: Market) -> None:
    command = types.RestoreVenue(command_id="c", actor=ADMIN, reason="as agreed")
    now = encode_inputs({}, [], [msgspec.msgpack.encode(command)])
    assert decode_inputs(now).asks_approval
    former = msgspec.msgpack.encode(msgspec.msgpack.decode(now)[:4])
    read = decode_inputs(former)
    assert isinstance(read, JournaledInputs) and not read.asks_approval and read.commands == [command]
    assert market.venue.apply(command, market.now_ns).reason == "NEEDS_APPROVAL"
    market.venue.asks_approval = read.asks_approval
    assert market.venue.apply(command, market.now_ns).reason == ""

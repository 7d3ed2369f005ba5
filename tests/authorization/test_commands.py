"""Every command of the engine, every caller, over the engine's real socket: what the matrix says is what happens."""

import os
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, get_args

import msgspec
import pytest

from apps.commands import types
from apps.commands.answers import AnyAnswer, RefusedAnswer
from apps.commands.reasons import Reason
from apps.core.enums import Role
from apps.engine.matching.venue import COMMANDS as HANDLED
from apps.engine.repeats import encode_answer
from tests.authorization.matrix import Expect
from tests.authorization.matrix_commands import COMMANDS, ORDER, ROLES, Caller
from tests.engine.callers import Feed, accepted
from tests.engine.processes import Cluster, cluster

pytestmark = pytest.mark.processes

NEVER_WAS = 999_999_999


@dataclass
class Scene:
    engines: Cluster
    owner: int  # accounts
    other: int
    users: dict[int, int]  # of accounts
    order_id: int  # of the owner's

    def actor(self, caller: Caller) -> types.Actor:
        persons = {Caller.OWNER: self.users[self.owner], Caller.OTHER: self.users[self.other], Caller.SUPPORT: 1}
        persons |= {Caller.ADMIN: 1, Caller.APPROVED: 1}
        return types.Actor(persons.get(caller), ROLES[caller])

    def command(self, kind: type[types.Command], caller: Caller, **changes: Any) -> types.AnyCommand:
        fields = {"command_id": uuid.uuid4().hex, "actor": self.actor(caller)} | COMMANDS[kind][1]
        named = {"account_id": self.owner, "order_id": self.order_id} | changes
        fields |= {name: value for name, value in named.items() if name in kind.__struct_fields__}
        if caller is Caller.APPROVED and issubclass(kind, types.FourEyes):
            fields["approver_id"] = 2
        if kind is types.PreviewOrder:
            # The order within names somebody mightier: it is the actor of the preview that counts.
            system = types.Actor(None, Role.SYSTEM)
            order = types.SubmitOrder(command_id="within", actor=system, **({"account_id": self.owner} | changes), **ORDER)
            fields["order"] = order
        return kind(**fields)  # type: ignore[return-value]

    def ask(self, command: types.AnyCommand) -> AnyAnswer:
        return self.engines.client.send(command, deadline_s=20)

    def written(self) -> tuple[int, ...]:
        """What a command that is carried out would add to."""
        with self.engines.connection() as connection:
            query = """SELECT (SELECT count(*) FROM engine_journal), (SELECT count(*) FROM engine_commandrecord),
                              (SELECT count(*) FROM orders_order), (SELECT count(*) FROM ledger_posting)"""
            row = connection.execute(query).fetchone()
        assert row is not None
        return tuple(row)


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    name = f"tredye_matrix_{os.environ.get('PYTEST_XDIST_WORKER', 'gw0')}_{os.getpid()}"
    with cluster(tmp_path_factory.mktemp("matrix"), name) as engines:
        engines.start()
        engines.fund()
        with engines.connection() as connection:
            users = dict(connection.execute("SELECT id, user_id FROM accounts_account WHERE user_id IS NOT NULL").fetchall())
        with Feed(engines.url):
            order: Any = accepted(engines, "owned")
        yield Scene(engines, owner=engines.account_ids[-1], other=engines.account_ids[0], users=users, order_id=order.order_id)


def judged(answer: AnyAnswer) -> Expect | str:
    """What an answer amounts to. A decision, whatever it is, was made for somebody who may ask for it."""
    if not isinstance(answer, RefusedAnswer):
        return Expect.ALLOWED
    if answer.reason in (Reason.NOT_ALLOWED, Reason.NEEDS_APPROVAL):
        return Expect.FORBIDDEN
    return Expect.MISSING if answer.reason in (Reason.UNKNOWN_ACCOUNT, Reason.UNKNOWN_ORDER) else answer.message


def unlisted(kinds: set[type]) -> tuple[set[type], set[type]]:
    """Commands that the matrix lacks, and such that only the matrix has."""
    return kinds - COMMANDS.keys(), COMMANDS.keys() - kinds


def test_every_command_is_in_the_matrix_and_the_matrix_invents_none() -> None:
    assert unlisted(set(get_args(types.AnyCommand))) == (set(), set())
    assert COMMANDS.keys() >= HANDLED, "and the engine carries out no other"


def test_a_new_command_that_nobody_listed_fails() -> None:
    planted = msgspec.defstruct(
        "PrintMoney", [("amount", str)], bases=(types.Command,), frozen=True, tag="PRINT_MONEY", kw_only=True
    )
    assert unlisted({*get_args(types.AnyCommand), planted}) == ({planted}, set())


@pytest.mark.parametrize("kind", COMMANDS, ids=lambda kind: kind.__struct_config__.tag)
def test_every_caller_gets_what_the_matrix_says(scene: Scene, kind: type[types.Command]) -> None:
    row, _ = COMMANDS[kind]
    refused = [caller for caller in Caller if row[caller] is not Expect.ALLOWED]
    before = scene.written()
    got = {caller: judged(scene.ask(scene.command(kind, caller))) for caller in refused}
    assert scene.written() == before, "who is refused leaves nothing"
    got |= {caller: judged(scene.ask(scene.command(kind, caller))) for caller in Caller if caller not in refused}
    assert got == row


@pytest.mark.parametrize("kind", [kind for kind, (row, _) in COMMANDS.items() if row[Caller.OTHER] is Expect.MISSING])
def test_somebody_else_s_account_and_one_that_never_was_are_refused_alike(scene: Scene, kind: type[types.Command]) -> None:
    theirs = scene.ask(scene.command(kind, Caller.OTHER))
    never = scene.ask(scene.command(kind, Caller.OTHER, account_id=NEVER_WAS))
    assert same(theirs, scene.owner) == same(never, NEVER_WAS)


@pytest.mark.parametrize("kind", [kind for kind in COMMANDS if "order_id" in kind.__struct_fields__])
def test_somebody_else_s_order_and_one_that_never_was_are_refused_alike(scene: Scene, kind: type[types.Command]) -> None:
    """Named on the own account; staff too have to say whose it is."""
    caller = Caller.OTHER if COMMANDS[kind][0][Caller.OTHER] is Expect.MISSING else Caller.ADMIN
    theirs = scene.ask(scene.command(kind, caller, account_id=scene.other))
    never = scene.ask(scene.command(kind, caller, account_id=scene.other, order_id=NEVER_WAS))
    assert judged(theirs) is judged(never) is Expect.MISSING
    assert same(theirs, scene.order_id) == same(never, NEVER_WAS)


def same(answer: AnyAnswer, named: int) -> bytes:
    """The answer's bytes, but for what its asker said himself: the command's id, and the number that he named."""
    assert isinstance(answer, RefusedAnswer) and str(named) in answer.value
    return encode_answer(msgspec.structs.replace(answer, command_id="x", value="n"))


def test_an_answer_that_was_given_is_not_told_to_a_stranger_who_knows_its_id(scene: Scene) -> None:
    mine = scene.command(types.Deposit, Caller.OWNER)
    assert judged(scene.ask(mine)) is Expect.ALLOWED
    for caller, expected in ((Caller.OTHER, Expect.MISSING), (Caller.NOBODY, Expect.MISSING), (Caller.SUPPORT, Expect.FORBIDDEN)):
        assert judged(scene.ask(msgspec.structs.replace(mine, actor=scene.actor(caller)))) is expected

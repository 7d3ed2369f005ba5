"""The services of staff, with the real engine behind them: what is sent, what becomes of it, and how it is told."""

import inspect
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from apps.accounts import services as accounts
from apps.accounts.models import Account
from apps.commands import outcomes
from apps.commands.client import get_client
from apps.commands.outcomes import CommandOutcome, send_command
from apps.commands.reasons import SENTENCES, Reason
from apps.commands.types import Actor
from apps.core.enums import Role
from apps.instruments import services as instruments
from apps.instruments.models import Instrument
from apps.ledger import services as ledger
from apps.ledger.models import LedgerAccount, Transfer
from apps.orders import services as orders
from apps.orders.models import Order
from tests.approvals import APPROVER_ID
from tests.engine.world import SYMBOL, World
from tests.inprocess import InProcessEngine

STAFF_ID = 4711
Service = Callable[..., CommandOutcome]


def services(world: World) -> dict[str, tuple[Service, dict[str, Any]]]:
    """Every service, with what it is asked about."""
    bob, order = world.bob.pk, world.submit(world.bob, "BUY", "1", "90.00").order_id
    limits = {"max_quantity": Decimal("5.00"), "max_notional": Decimal(400), "collar_bps": 70}
    return {
        "limit an account": (
            accounts.set_account_limits, {
                "account_id": bob, "max_open_orders": 3, "max_order_notional": Decimal("5000.50"), "orders_per_second": 5,
            }
        ),
        "adjust": (ledger.adjust_balance, {"account_id": bob, "asset": "USD", "amount": Decimal("-12.50")}),
        "cancel": (orders.force_cancel, {"account_id": bob, "order_id": order}),
        "suspend": (accounts.suspend_account, {"account_id": bob}),
        "reinstate": (accounts.reinstate_account, {"account_id": bob}),
        "limit an instrument": (instruments.set_limits, {"symbol": SYMBOL, **limits}),
        "halt": (instruments.halt, {"symbol": SYMBOL}),
        "resume": (instruments.resume, {"symbol": SYMBOL}),
    }  # fmt: skip


def ask(service: Service, fields: dict[str, Any], command_id: str, reason: str = "as agreed") -> CommandOutcome:
    """Each that two people have to agree on names the second one, or it could not be called."""
    if "approver_id" in inspect.signature(service).parameters:
        fields = {"approver_id": APPROVER_ID, **fields}
    return service(actor_id=STAFF_ID, reason=reason, command_id=command_id, **fields)


def test_each_is_done_once_told_in_a_sentence_and_sent_by_an_admin(world: World, engine: InProcessEngine) -> None:
    told = {}
    for name, (service, fields) in services(world).items():
        outcome = ask(service, fields, f"id-{len(told)}")
        assert (outcome.done, outcome.reason) == (True, "")
        assert outcome.reference > 0, name
        assert ask(service, fields, f"id-{len(told)}") == outcome, name
        told[name] = outcome.sentence
    order_id = Order.objects.get().pk
    assert told == {
        "limit an account": "The account's limits are set, for orders from now on.",
        "adjust": "The balance was adjusted by -12.50 USD.",
        "cancel": f"Order {order_id} is canceled.",
        "suspend": "The account is suspended.",
        "reinstate": "The account is active.",
        "limit an instrument": f"The limits of {SYMBOL} are changed, for orders from now on.",
        "halt": f"Trading in {SYMBOL} is halted.",
        "resume": f"The halt of {SYMBOL} is lifted.",
    }
    assert {command.actor for command in engine.sent} == {Actor(STAFF_ID, Role.ADMIN)}
    row = Account.objects.get(pk=world.bob.pk)
    assert (row.status, row.max_open_orders, row.max_order_notional) == ("ACTIVE", 3, Decimal("5000.5"))
    assert row.orders_per_second == 5
    assert LedgerAccount.objects.get(account=world.bob, asset__code="USD").total == Decimal("99987.5")
    instrument = Instrument.objects.get()
    assert (instrument.max_quantity, instrument.max_notional, instrument.collar_bps) == (5, 400, 70)
    assert world.violations() == [] and world.replay() == []


def test_the_reference_of_an_adjustment_is_its_transfer(world: World, engine: InProcessEngine) -> None:
    service, fields = services(world)["adjust"]
    outcome = ask(service, fields, "id-1", "a refund")
    assert (Transfer.objects.get(pk=outcome.reference).memo, outcome.done) == ("a refund", True)


def test_a_bad_reason_is_refused_by_every_one_and_may_be_sent_again(world: World, engine: InProcessEngine) -> None:
    for service, fields in services(world).values():
        outcome = ask(service, fields, "same-id", "no")
        assert (outcome.done, outcome.reason) == (False, "INVALID_FIELD")
        assert outcome.sentence == "reason must be printable text of 3 to 200 characters, was 'no'"


def test_an_id_that_was_used_for_something_else_is_told(world: World, engine: InProcessEngine) -> None:
    for name, (service, fields) in services(world).items():
        ask(service, fields, f"id-of-{len(name)}-{name[0]}")
        outcome = ask(service, fields, f"id-of-{len(name)}-{name[0]}", "another reason")
        assert (outcome.done, outcome.reason) == (False, "ID_REUSED"), name
        assert "sent before with other values" in outcome.sentence


def test_without_an_engine_nobody_knows(world: World, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No stand-in: the real client finds nobody at the socket."""
    settings.ENGINE_URL = f"unix://{tmp_path}/nobody.sock"
    monkeypatch.setattr(send_command, "__defaults__", (0.05,))
    assert outcomes.get_client is get_client
    for name, (service, fields) in services(world).items():
        outcome = ask(service, fields, "id-1")
        assert (outcome.done, outcome.reason) == (None, "UNAVAILABLE"), name
        assert "it is not known yet whether this was done" in outcome.sentence


def test_why_it_was_not_done_is_told_plainly(world: World, engine: InProcessEngine) -> None:
    asked = services(world)
    order = {"account_id": world.bob.pk, "order_id": world.submit(world.bob, "BUY", "1", None).order_id}
    unopened = Account.objects.create(user=type(world.bob.user).objects.create_user("new@tredye.example", "x")).pk
    too_much = asked["adjust"][1] | {"amount": Decimal(-100_000)}
    told = [
        ask(orders.force_cancel, order, "id-1"),
        ask(ledger.adjust_balance, too_much, "id-2"),
        ask(accounts.reinstate_account, {"account_id": unopened}, "id-3"),
        ask(accounts.suspend_account, {"account_id": 987_654}, "id-4"),
        ask(instruments.halt, {"symbol": "NO-PE"}, "id-5"),
    ]
    assert [(outcome.done, outcome.reason, outcome.sentence) for outcome in told] == [
        (False, "ORDER_NOT_OPEN", "This order is no longer open. It was filled."),
        (False, "INSUFFICIENT_FUNDS", "There is not that much USD available; what open orders hold is not touched."),
        (False, "ACCOUNT_NOT_ACTIVE", "This account was never opened: it becomes active with its paper deposit."),
        (False, "UNKNOWN_ACCOUNT", "account_id must be an account that exists"),
        (False, "UNKNOWN_SYMBOL", "symbol must be one that is traded, was 'NO-PE'"),
    ]


@pytest.mark.parametrize("amount", ["0", "0.123456789", "NaN", "1E+20"])
def test_an_amount_that_cannot_be_is_refused_by_the_engine(world: World, engine: InProcessEngine, amount: str) -> None:
    fields = {"account_id": world.bob.pk, "asset": "USD", "amount": Decimal(amount)}
    outcome = ask(ledger.adjust_balance, fields, "id-1")
    assert (outcome.done, outcome.reason) == (False, "INVALID_NUMBER")


def test_every_reason_has_a_sentence() -> None:
    assert set(SENTENCES) == set(Reason)

"""A button sends one command, with a reason, whatever happens on the way: to the real engine, and back."""

import html
import json
import re
from typing import Any

import pytest
from django.test import Client

from apps.accounts.models import Account, User
from apps.backoffice import buttons
from apps.backoffice.buttons import CommandButton
from apps.backoffice.models import Proposal, TrailEntry
from apps.commands.client import EngineUnavailableError
from apps.commands.types import ForceCancelOrder, HaltInstrument
from apps.core.enums import Role
from apps.instruments.models import Instrument
from apps.ledger.models import LedgerAccount, Transfer
from apps.orders.models import Order
from tests.backoffice.pressing import REASON, body_of, of_proposal, press, press_with_two
from tests.engine.world import SYMBOL, World
from tests.inprocess import InProcessEngine
from tests.pages import client_of
from tests.staff import make_staff

pytestmark = pytest.mark.django_db


def instrument() -> Instrument:
    return Instrument.objects.get(symbol=SYMBOL)


def address_of(model: str, key: int, button: str) -> str:
    return f"/admin/{model}/{key}/{button}/"


def halting() -> str:
    return address_of("instruments/instrument", instrument().pk, "halt")


def open_form(proposer: Client, address: str) -> str:
    """The id of the command that the form was opened for."""
    response = proposer.get(address)
    assert response.status_code == 200
    return id_in(response)


def id_in(response: Any) -> str:
    found = re.search(r'name="command_id" value="([A-Za-z0-9_-]+)"', response.content.decode())
    assert found is not None
    return found[1]


def test_a_halt_and_a_resume(proposer: Client, approver: Client, engine: InProcessEngine, ann: User) -> None:
    response = proposer.get(halting())
    assert re.search(r"<td>State</td><td>OPEN</td><td[^>]*>HALTED</td>", response.content.decode())
    assert not engine.sent and not TrailEntry.objects.exists()
    response = press(proposer, halting())
    assert response["Location"] == f"/admin/instruments/instrument/{instrument().pk}/change/"
    assert "Trading in BTC-USD is halted." in proposer.get(response["Location"]).content.decode()
    assert (instrument().trading_state, instrument().state_reason) == ("HALTED", REASON)
    entry = TrailEntry.objects.get()
    assert (entry.kind, entry.actor, entry.action, entry.subject, entry.reason, entry.account_id) == (
        "COMMAND", ann, "HALT_INSTRUMENT", SYMBOL, REASON, None,
    )  # fmt: skip
    assert (json.loads(entry.before), json.loads(entry.after)) == ({"State": "OPEN"}, {"State": "HALTED"})
    assert entry.outcome == "DONE: Trading in BTC-USD is halted."
    (sent,) = engine.sent
    assert isinstance(sent, HaltInstrument)
    assert (sent.command_id, sent.actor.user_id, sent.actor.role) == (entry.command_id, ann.pk, Role.ADMIN)
    resume = address_of("instruments/instrument", instrument().pk, "resume")
    assert press_with_two(proposer, approver, resume).status_code == 302
    assert instrument().trading_state == "OPEN"


def test_the_limits_of_an_instrument(proposer: Client, approver: Client, engine: InProcessEngine) -> None:
    address = address_of("instruments/instrument", instrument().pk, "limits")
    assert 'value="10000000"' in proposer.get(address).content.decode()
    assert (
        press_with_two(proposer, approver, address, max_quantity="5.5", max_notional="1000", collar_bps="250").status_code == 302
    )
    row = instrument()
    assert (str(row.max_quantity), str(row.max_notional), row.collar_bps) == ("5.50000000", "1000.00000000", 250)
    after = json.loads(TrailEntry.objects.get(action="PROPOSE_SET_INSTRUMENT_LIMITS").after)
    assert after == {"Quantity of one order": "5.5", "Value of one order": "1000", "Distance from the market": "250"}


def test_the_tick_and_the_lot_of_an_instrument_change_only_while_it_is_closed_without_orders(
    proposer: Client, approver: Client, engine: InProcessEngine, world: World
) -> None:
    address = address_of("instruments/instrument", instrument().pk, "grid")
    assert "BTC-USD is OPEN." in proposer.get(address).content.decode()
    order = world.submit(world.alice, "BUY", "1", "90").order_id
    press(proposer, address_of("instruments/instrument", instrument().pk, "close"))
    refused = press_with_two(proposer, approver, address, tick_size="0.05", lot_size="0.01")
    assert refused.status_code == 422
    assert "BTC-USD has open orders, or is not closed" in html.unescape(refused.content.decode())
    world.cancel(world.alice, order)
    kept = instrument()
    assert press_with_two(proposer, approver, address, tick_size="0.05", lot_size="0.01").status_code == 302
    row = instrument()
    assert (str(row.tick_size), str(row.lot_size)) == ("0.05000000", "0.01000000")
    assert (row.max_quantity, row.taker_fee_ppm, row.calendar) == (kept.max_quantity, kept.taker_fee_ppm, kept.calendar)
    off_grid = press_with_two(proposer, approver, address, tick_size="0.05", lot_size="7")
    assert off_grid.status_code == 422 and "max_quantity" in off_grid.content.decode()
    assert world.violations() == [] and world.replay() == []


def test_an_order_is_canceled_and_an_order_that_is_not_open_has_no_button(
    proposer: Client, engine: InProcessEngine, world: World
) -> None:
    order_id = world.submit(world.alice, "BUY", "1", "90").order_id
    address = address_of("orders/order", order_id, "force-cancel")
    assert address in proposer.get(f"/admin/orders/order/{order_id}/change/").content.decode()
    assert press(proposer, address).status_code == 302
    order = Order.objects.get(pk=order_id)
    assert (order.status, order.held) == ("CANCELED", 0)
    assert isinstance(engine.sent[-1], ForceCancelOrder)
    assert TrailEntry.objects.get().account_id == world.alice.pk
    page = proposer.get(f"/admin/orders/order/{order_id}/change/").content.decode()
    assert address not in page
    assert "there is nothing to cancel" in page
    sent = len(engine.sent)
    response = proposer.post(address, {"command_id": "another-1", "reason": REASON})
    assert response.status_code == 409
    assert len(engine.sent) == sent
    assert TrailEntry.objects.count() == 1
    assert world.violations() == []


def test_an_account_is_suspended_limited_and_reinstated(
    proposer: Client, approver: Client, engine: InProcessEngine, world: World
) -> None:
    def press_account(button: str, **values: str) -> None:
        address = address_of("accounts/account", world.alice.pk, button)
        assert press_with_two(proposer, approver, address, **values).status_code == 302

    assert press(proposer, address_of("accounts/account", world.alice.pk, "suspend")).status_code == 302
    assert Account.objects.get(pk=world.alice.pk).status == "SUSPENDED"
    press_account("reinstate")
    assert Account.objects.get(pk=world.alice.pk).status == "ACTIVE"
    press_account("limits", max_open_orders="3", max_order_notional="", orders_per_second="5")
    row = Account.objects.get(pk=world.alice.pk)
    assert (row.max_open_orders, row.max_order_notional, row.orders_per_second) == (3, None, 5)
    entry = TrailEntry.objects.get(action="PROPOSE_SET_ACCOUNT_LIMITS")
    before, after = (json.loads(text) for text in (entry.before, entry.after))
    assert (before["Open orders at once"], before["Orders a second"]) == ("the venue's", "the venue's")
    assert (after["Open orders at once"], after["Orders a second"]) == ("3", "5")
    address = address_of("accounts/account", world.alice.pk, "limits")
    assert 'value="5"' in proposer.get(address).content.decode()
    refused = press_with_two(proposer, approver, address, max_open_orders="3", orders_per_second="51")
    assert "orders_per_second must be from 1 to 50, was 51" in html.unescape(refused.content.decode())


def test_a_balance_is_adjusted_once_by_a_transfer(
    proposer: Client, approver: Client, engine: InProcessEngine, world: World
) -> None:
    bucket = LedgerAccount.objects.get(account=world.alice, asset__code="USD")
    address = address_of("ledger/ledgeraccount", bucket.pk, "adjust")
    body = body_of(proposer, address, amount="-12.5")
    for _ in range(2):  # the same form again: from the history, or by a second click
        assert proposer.post(address, body)["Location"] == f"/admin/backoffice/proposal/{Proposal.objects.get().pk}/change/"
    assert not engine.sent and not Transfer.objects.filter(kind="ADJUSTMENT").exists()
    approval = body_of(approver, of_proposal("approve"))
    for _ in range(2):
        assert approver.post(of_proposal("approve"), approval).status_code == 302
    bucket.refresh_from_db()
    assert str(bucket.total) == "99987.50000000"
    assert Transfer.objects.filter(kind="ADJUSTMENT").count() == 1
    assert len(engine.sent) == 1
    outcomes = [entry.outcome for entry in TrailEntry.objects.order_by("pk")]
    assert [outcome.startswith("DONE: The balance was adjusted by -12.5") for outcome in outcomes] == [True, True]
    page = approver.get(of_proposal("change")).content.decode()
    assert "This was sent before, and nothing was sent now." in page
    assert proposer.post(address, body).status_code == 302  # proposed once more after it was done
    assert len(engine.sent) == 1 and Proposal.objects.count() == 1
    assert world.violations() == []


def test_the_same_form_with_another_amount_is_refused(proposer: Client, engine: InProcessEngine, world: World) -> None:
    bucket = LedgerAccount.objects.get(account=world.alice, asset__code="USD")
    address = address_of("ledger/ledgeraccount", bucket.pk, "adjust")
    body = {"command_id": open_form(proposer, address), "reason": REASON, "amount": "5"}
    proposer.post(address, body)
    for changed in ({"amount": "6"}, {"reason": "another reason"}):
        response = proposer.post(address, {**body, **changed})
        assert response.status_code == 409
        assert "sent before with other values" in response.content.decode()
    other = client_of(make_staff("second@example.com", Role.ADMIN))
    assert other.post(address, body).status_code == 409
    assert not engine.sent
    assert Proposal.objects.count() == TrailEntry.objects.count() == 1


def test_of_two_forms_with_one_id_at_once_only_the_one_in_the_trail_is_sent(
    proposer: Client, engine: InProcessEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    body = body_of(proposer, halting())
    looks = iter([lambda _: None])  # the first look of the second form comes before the first form is written
    find = buttons.find_command
    assert proposer.post(halting(), body).status_code == 302
    monkeypatch.setattr(buttons, "find_command", lambda command_id: next(looks, find)(command_id))
    monkeypatch.setattr(CommandButton, "why_not", lambda *_: "")
    assert proposer.post(halting(), {**body, "reason": "another reason"}).status_code == 409
    assert len(engine.sent) == 1


def test_of_two_proposals_with_one_id_at_once_only_the_first_is_one(
    proposer: Client, engine: InProcessEngine, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    bucket = LedgerAccount.objects.get(account=world.alice, asset__code="USD")
    address = address_of("ledger/ledgeraccount", bucket.pk, "adjust")
    body = body_of(proposer, address, amount="5")
    looks = iter([lambda _: None])
    find = buttons.find_command
    assert proposer.post(address, body).status_code == 302
    monkeypatch.setattr(buttons, "find_command", lambda command_id: next(looks, find)(command_id))
    assert proposer.post(address, {**body, "amount": "6"}).status_code == 409
    assert json.loads(Proposal.objects.get().payload)["texts"] == {"amount": "5"}


def test_a_denial_is_told_and_kept_and_ends_the_proposal(
    proposer: Client, approver: Client, engine: InProcessEngine, world: World
) -> None:
    bucket = LedgerAccount.objects.get(account=world.alice, asset__code="USD")
    response = press_with_two(proposer, approver, address_of("ledger/ledgeraccount", bucket.pk, "adjust"), amount="-100000.01")
    assert response.status_code == 422
    entry = TrailEntry.objects.get(action="PROPOSE_ADJUST_BALANCE")
    assert entry.outcome.startswith("INSUFFICIENT_FUNDS: ")
    assert entry.outcome == Proposal.objects.get().outcome
    assert entry.outcome.partition(": ")[2] in response.content.decode()
    assert not Transfer.objects.filter(kind="ADJUSTMENT").exists()
    page = approver.get(of_proposal("approve")).content.decode()
    assert "It is decided: approved." in page


def test_while_the_engine_is_away_nothing_is_known_and_the_same_form_settles_it(
    proposer: Client, engine: InProcessEngine, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The worst case: the command was done, and its answer lost."""
    send = InProcessEngine.send

    def lost(self: InProcessEngine, command: Any, *, deadline_s: float = 2.0) -> Any:
        send(self, command, deadline_s=deadline_s)
        raise EngineUnavailableError(command.command_id, deadline_s)

    monkeypatch.setattr(InProcessEngine, "send", lost)
    command_id = open_form(proposer, halting())
    body = {"command_id": command_id, "reason": REASON}
    response = proposer.post(halting(), body)
    assert response.status_code == 503
    assert id_in(response) == command_id
    page = response.content.decode()
    assert "not known" in page
    assert "readonly" in page
    assert TrailEntry.objects.get().outcome == ""
    assert instrument().trading_state == "HALTED"
    monkeypatch.setattr(InProcessEngine, "send", send)
    assert proposer.post(halting(), body).status_code == 302
    assert TrailEntry.objects.get().outcome == "DONE: Trading in BTC-USD is halted."
    assert [command.command_id for command in engine.sent] == [command_id, command_id]


@pytest.mark.parametrize("reason", ["", "no", "x" * 201, "a\x00b c", "\u202e hidden"])
def test_without_a_reason_nothing_is_sent(proposer: Client, engine: InProcessEngine, reason: str) -> None:
    response = proposer.post(halting(), {"command_id": open_form(proposer, halting()), "reason": reason})
    assert response.status_code == 422
    assert "A reason must be 3 to 200 printable characters." in response.content.decode()
    assert not engine.sent
    assert not TrailEntry.objects.exists()


@pytest.mark.parametrize("amount", ["", "0", "-0", "--1", "+1", "1e3", "NaN", "1_0", "１２", "0.000000001", "1" * 13, "\x00"])
def test_a_number_is_read_by_the_strict_parser(proposer: Client, engine: InProcessEngine, world: World, amount: str) -> None:
    bucket = LedgerAccount.objects.get(account=world.alice, asset__code="USD")
    assert press(proposer, address_of("ledger/ledgeraccount", bucket.pk, "adjust"), amount=amount).status_code == 422
    assert not engine.sent
    assert not TrailEntry.objects.exists()


@pytest.mark.parametrize("command_id", ["", "a b", "x" * 49, "ä"])
def test_a_form_without_its_id_is_not_sent_and_gets_one(proposer: Client, engine: InProcessEngine, command_id: str) -> None:
    response = proposer.post(halting(), {"command_id": command_id, "reason": REASON})
    assert response.status_code == 422
    assert id_in(response)
    assert not engine.sent


def test_a_button_needs_the_token_a_post_and_an_admin(proposer: Client, engine: InProcessEngine, world: World, ann: User) -> None:
    address, body = halting(), {"command_id": "halt-1", "reason": REASON}
    checked = client_of(ann)
    checked.handler.enforce_csrf_checks = True
    assert checked.post(address, body).status_code == 403
    assert proposer.put(address, body).status_code == 405
    support = client_of(make_staff("support@example.com", Role.SUPPORT))
    bare = client_of(make_staff("bare@example.com", Role.ADMIN, second_factor=False))
    assert [each.post(address, body).status_code for each in (support, client_of(world.alice.user))] == [404, 404]
    assert bare.post(address, body)["Location"] == "/settings/security/"
    assert Client().post(address, body)["Location"].startswith("/login/")
    assert not engine.sent
    assert not TrailEntry.objects.exists()


def test_the_venue_s_own_accounts_have_no_buttons_that_work(proposer: Client, engine: InProcessEngine) -> None:
    house = Account.objects.exclude(kind="CUSTOMER").order_by("pk")[0]
    for button in ("suspend", "limits"):
        address = address_of("accounts/account", house.pk, button)
        assert "the venue&#x27;s own" in proposer.get(address).content.decode()
        response = proposer.post(address, {"command_id": "c-1", "reason": REASON, "max_open_orders": "1"})
        assert response.status_code == 409
    assert not engine.sent


def test_the_trail_leads_to_the_journal_and_shows_before_and_after(proposer: Client, engine: InProcessEngine) -> None:
    press(proposer, halting())
    entry = TrailEntry.objects.get()
    page = proposer.get(f"/admin/backoffice/trailentry/{entry.pk}/change/").content.decode()
    assert "HALTED" in page
    found = proposer.get("/admin/engine/journal/", {"q": entry.command_id}).content.decode()
    assert "1 HaltInstrument" in found
    key = re.search(r"/admin/engine/journal/(\d+)/change/", found)
    assert key is not None
    batch = proposer.get(key[0]).content.decode()
    assert entry.command_id in batch
    assert REASON in batch

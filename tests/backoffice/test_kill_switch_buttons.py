"""The buttons that move an instrument among its states and stop trading, and what everybody reads then."""

import json

import pytest
from django.test import Client

from apps.backoffice.models import TrailEntry
from apps.engine.models import Lease
from apps.instruments.models import Instrument
from apps.orders.models import Order
from tests.backoffice.pressing import REASON, approve_newest, press
from tests.engine.world import SYMBOL, World
from tests.inprocess import InProcessEngine
from tests.pages import client_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def customer(world: World) -> Client:
    return client_of(world.alice.user)


def of_instrument(button: str) -> str:
    return f"/admin/instruments/instrument/{Instrument.objects.get(symbol=SYMBOL).pk}/{button}/"


def state() -> str:
    return Instrument.objects.get(symbol=SYMBOL).trading_state


def market_page(customer: Client) -> str:
    return customer.get(f"/markets/{SYMBOL}/").content.decode()


def test_an_instrument_is_closed_called_and_opened(proposer: Client, engine: InProcessEngine, customer: Client) -> None:
    for button, after, words in (
        ("close", "CLOSED", "No order is taken now."),
        ("pre-open", "PRE_OPEN", "Trading begins soon."),
        ("open", "OPEN", ""),
    ):
        assert press(proposer, of_instrument(button)).status_code == 302
        assert state() == after
        page = market_page(customer)
        assert words in page and (REASON in page) is (after != "OPEN")
    assert [json.loads(entry.after) for entry in TrailEntry.objects.order_by("pk")] == [
        {"State": "CLOSED"}, {"State": "PRE_OPEN"}, {"State": "OPEN"},
    ]  # fmt: skip


@pytest.mark.parametrize("button", ["open", "pre-open", "resume"])
def test_what_the_table_of_states_does_not_allow_cannot_be_pressed(
    proposer: Client, engine: InProcessEngine, button: str
) -> None:
    response = proposer.post(of_instrument(button), {"command_id": "another-1", "reason": REASON})
    assert response.status_code == 409 and not engine.sent and state() == "OPEN"


def test_a_halt_that_cancels(proposer: Client, engine: InProcessEngine, world: World, customer: Client) -> None:
    order = world.submit(world.alice, "BUY", "1", "90").order_id
    assert press(proposer, of_instrument("halt-cancel")).status_code == 302
    world.batch()
    assert Order.objects.get(pk=order).reason == "CANCELED_BY_KILL_SWITCH"
    assert state() == "HALTED" and "Nothing trades" in market_page(customer)


def test_a_suspension_that_cancels(proposer: Client, engine: InProcessEngine, world: World) -> None:
    order = world.submit(world.alice, "BUY", "1", "90").order_id
    assert press(proposer, f"/admin/accounts/account/{world.alice.pk}/suspend-cancel/").status_code == 302
    assert Order.objects.get(pk=order).status == "CANCELED"
    assert TrailEntry.objects.get().account_id == world.alice.pk


def test_all_trading_is_stopped_told_to_everybody_and_allowed_again(
    proposer: Client, approver: Client, engine: InProcessEngine, world: World, customer: Client
) -> None:
    order = world.submit(world.alice, "BUY", "1", "90").order_id
    address = f"/admin/engine/lease/{Lease.objects.get().pk}/"
    assert press(proposer, f"{address}kill/").status_code == 302
    world.batch()
    assert Order.objects.get(pk=order).status == "CANCELED"
    for page in (market_page(customer), Client().get("/").content.decode(), customer.get("/orders/").content.decode()):
        assert "All trading is stopped." in page and REASON in page
    assert proposer.post(f"{address}kill/", {"command_id": "another-1", "reason": REASON}).status_code == 409
    assert press(proposer, f"{address}restore/").status_code == 302
    assert "All trading is stopped." in market_page(customer), "one person alone stops, two allow it again"
    assert approve_newest(approver).status_code == 302
    assert "All trading is stopped." not in market_page(customer)
    assert [entry.action for entry in TrailEntry.objects.order_by("pk")] == [
        "KILL_VENUE", "PROPOSE_RESTORE_VENUE", "APPROVE_RESTORE_VENUE",
    ]  # fmt: skip
    assert world.violations() == [] and world.replay() == []

"""Closing a position from its page: what it says first, what it does, and that it is done once."""

import pytest
from django.test import Client

from apps.orders.models import Order
from tests.engine.world import SYMBOL, World
from tests.inprocess import InProcessEngine, connect
from tests.pages import client_of

pytestmark = pytest.mark.django_db
ADDRESS = f"/orders/close/{SYMBOL}/"


@pytest.fixture
def world(db: None) -> World:
    return World()


@pytest.fixture
def engine(world: World, monkeypatch: pytest.MonkeyPatch) -> InProcessEngine:
    return connect(world, monkeypatch)


@pytest.fixture
def alice(world: World, engine: InProcessEngine) -> Client:
    return client_of(world.alice)


def test_it_names_the_sells_that_it_cancels_and_sells_all(alice: Client, world: World) -> None:
    sell = world.submit(world.alice, "SELL", "1", "105")
    buy = world.submit(world.alice, "BUY", "1", "98")
    page = alice.get(ADDRESS).content.decode()
    assert f"Limit {sell.order_id}" in page and f"Limit {buy.order_id}" not in page
    response = alice.post(ADDRESS, {"command_id": "out"})
    closing = Order.objects.get(client_order_id="out")
    assert response.status_code == 302 and response.headers["Location"] == f"/orders/{closing.pk}/"
    assert (closing.order_type, closing.side, closing.quantity) == ("MARKET", "SELL", 100)
    assert Order.objects.get(pk=sell.order_id).reason == "POSITION_CLOSED"
    assert Order.objects.get(pk=buy.order_id).status == "ACCEPTED"


def test_sent_twice_it_is_done_once(alice: Client) -> None:
    first = alice.post(ADDRESS, {"command_id": "out"})
    again = alice.post(ADDRESS, {"command_id": "out"})
    assert first.headers["Location"] == again.headers["Location"] and Order.objects.count() == 1


def test_what_cannot_be_done_is_said(alice: Client, world: World) -> None:
    assert alice.post(ADDRESS, {"command_id": ""}).status_code == 422
    world.quote("99.00", "101.00", 10_000_000)
    alice.post(ADDRESS, {"command_id": "out"})
    response = alice.post(ADDRESS, {"command_id": "more"})
    assert response.status_code == 422
    assert "There is nothing of this instrument that could be sold." in response.content.decode()
    assert alice.get("/orders/close/NONE-USD/").status_code == 404

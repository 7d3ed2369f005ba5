"""Closing a position from its page: what it says first, what it does, and that it is done once."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from apps.commands.types import Actor, SetInstrumentLimits
from apps.core.enums import Role
from apps.orders.models import Order
from tests.approvals import approved
from tests.engine.world import SYMBOL, World
from tests.inprocess import InProcessEngine
from tests.pages import client_of
from tests.prices import seen, set_price

pytestmark = pytest.mark.django_db
ADDRESS = f"/orders/close/{SYMBOL}/"


@pytest.fixture
def alice(world: World, engine: InProcessEngine) -> Client:
    set_price(SYMBOL, "99.00", "101.00")
    return client_of(world.alice)


def confirmed(command_id: str, **price: Any) -> dict[str, str]:
    """The form as a page at the price of now has it."""
    return {"command_id": command_id, "confirms": seen("99.00", "101.00", **price)}


def test_it_names_the_sells_that_it_cancels_and_sells_all(alice: Client, world: World) -> None:
    sell = world.submit(world.alice, "SELL", "1", "105")
    buy = world.submit(world.alice, "BUY", "1", "98")
    page = alice.get(ADDRESS).content.decode()
    assert f"Limit {sell.order_id}" in page and f"Limit {buy.order_id}" not in page
    response = alice.post(ADDRESS, confirmed("out"))
    closing = Order.objects.get(client_order_id="out")
    assert response.status_code == 302 and response.headers["Location"] == f"/orders/{closing.pk}/"
    assert (closing.order_type, closing.side, closing.quantity) == ("MARKET", "SELL", 100)
    assert Order.objects.get(pk=sell.order_id).reason == "POSITION_CLOSED"
    assert Order.objects.get(pk=buy.order_id).status == "ACCEPTED"


def test_sent_twice_it_is_done_once(alice: Client) -> None:
    first = alice.post(ADDRESS, confirmed("out"))
    again = alice.post(ADDRESS, confirmed("out"))
    assert first.headers["Location"] == again.headers["Location"] and Order.objects.count() == 1


def test_what_is_more_than_one_order_may_be_is_sold_in_parts(alice: Client, world: World) -> None:
    sell = world.submit(world.alice, "SELL", "1", "105")
    assert "Sell it in parts" not in alice.get(ADDRESS).content.decode()
    limits = {"max_notional": "1000000", "collar_bps": 1000, "reason": "risk"}
    staff = Actor(900, Role.ADMIN)
    for number, (quantity, notional, reason) in enumerate((("40", "1000000", "MAX_QUANTITY"), ("500", "5000", "MAX_NOTIONAL"))):
        fields = limits | {"max_quantity": quantity, "max_notional": notional}
        limit = SetInstrumentLimits(command_id=f"limits-{number}", actor=staff, symbol=SYMBOL, **fields)
        assert world.do(approved(limit)).reason == ""
        shown = " ".join(alice.get(ADDRESS).content.decode().split())
        told = f"One order sells at most {quantity}"
        assert (told in shown) == (reason == "MAX_QUANTITY")
        response = alice.post(ADDRESS, confirmed(f"out-{number}"))
        page = " ".join(response.content.decode().split())
        assert response.status_code == 422 and told in page and "Sell it in parts" in page
        assert "Nothing was sold or canceled." in page and "use several smaller ones." in page
        assert f'value="out-{number}"' not in page, "the id is used up"
        denied = Order.objects.get(client_order_id=f"out-{number}")
        assert (denied.status, denied.reason) == ("DENIED", reason)
        assert Order.objects.get(pk=sell.order_id).status == "ACCEPTED"


def test_what_cannot_be_done_is_said(alice: Client, world: World) -> None:
    assert alice.post(ADDRESS, {"command_id": ""}).status_code == 422
    world.quote("99.00", "101.00", 10_000_000)
    alice.post(ADDRESS, confirmed("out"))
    response = alice.post(ADDRESS, confirmed("more"))
    assert response.status_code == 422
    assert "There is nothing of this instrument that could be sold." in response.content.decode()
    assert alice.get("/orders/close/NONE-USD/").status_code == 404


# What you saw is what you trade


def carried_by(page: str) -> str:
    found = re.search(r'name="confirms" value="([^"]+)"', page)
    assert found
    return found[1]


def test_the_page_shows_the_bid_and_carries_it(alice: Client) -> None:
    page = alice.get(ADDRESS).content.decode()
    assert "Sell all BTC at about 99.00" in page and "100.000 BTC" in page
    assert carried_by(page).split(":")[3:] == ["99", "101"]


def test_a_price_that_moved_is_asked_about_and_its_confirmation_is_the_same_closing(
    alice: Client, engine: InProcessEngine
) -> None:
    set_price(SYMBOL, "97.00", "99.00", sequence=2)
    asked = alice.post(ADDRESS, confirmed("out"))
    page = asked.content.decode()
    assert asked.status_code == 422 and "The price has moved. Not sent yet." in page and 'value="out"' in page
    assert "99.00" in page and "Sell all BTC at about 97.00" in page and engine.sent == []
    set_price(SYMBOL, "95.00", "97.00", sequence=3)
    again = alice.post(ADDRESS, {"command_id": "out", "confirms": carried_by(page)})
    assert again.status_code == 422 and engine.sent == [], "it moved again"
    assert alice.post(ADDRESS, {"command_id": "out", "confirms": carried_by(again.content.decode())}).status_code == 302
    set_price(SYMBOL, "90.00", "92.00", sequence=4)
    assert alice.post(ADDRESS, confirmed("out")).status_code == 302, "what was decided has its answer"
    assert Order.objects.count() == 1


@pytest.mark.parametrize(
    ("confirms", "told"),
    [
        ({}, "Look at the price first"),
        ({"confirms": "nonsense"}, "Look at the price first"),
        ({"confirms": 31}, "The price you saw is old"),
    ],
)
def test_a_page_that_is_old_or_shows_no_price_is_asked_again(
    alice: Client, engine: InProcessEngine, confirms: dict[str, Any], told: str
) -> None:
    if isinstance(confirms.get("confirms"), int):
        confirms = confirmed("out", age=timedelta(seconds=confirms["confirms"]))
    asked = alice.post(ADDRESS, {"command_id": "out"} | confirms)
    assert asked.status_code == 422 and told in asked.content.decode() and engine.sent == []


def test_without_a_young_price_there_is_nothing_to_confirm(alice: Client, engine: InProcessEngine) -> None:
    set_price(SYMBOL, "99.00", "101.00", age=timedelta(seconds=10))
    page = alice.get(ADDRESS).content.decode()
    assert "There is no price to trade on now" in page and 'name="confirms"' not in page and "Sell all" not in page
    assert "There is no price to trade on." in alice.post(ADDRESS, confirmed("out")).content.decode()
    assert engine.sent == []

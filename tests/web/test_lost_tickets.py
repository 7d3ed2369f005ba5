"""A ticket whose answer was lost: looked for until a time that is told, and then known for certain, done once or never."""

import html
import re
import time
from typing import Any

import pytest
from django.test import Client

from apps.commands.answers import ConflictAnswer
from apps.commands.types import SubmitOrder
from apps.core.enums import OrderStatus
from apps.orders.checking import CHECK_S
from apps.orders.models import Fill, Order
from tests.engine.world import SYMBOL, World
from tests.inprocess import InProcessEngine
from tests.web.frozen import Frozen
from tests.web.test_ticket import HTMX, submit, text_of

PATH = "/orders/by-client-id/ticket-1/"


@pytest.fixture
def frozen(engine: InProcessEngine, monkeypatch: pytest.MonkeyPatch) -> Frozen:
    return Frozen(engine, monkeypatch)


@pytest.fixture
def unknown(alice: Client, frozen: Frozen) -> Any:
    """The answer to a ticket that a frozen engine did not answer."""
    frozen.is_frozen = True
    return submit(alice, price="101.00")


def query(seconds_ago: float = 0, **more: str) -> str:
    asked = int((time.time() - seconds_ago) * 1000)
    return "&".join(f"{name}={value}" for name, value in {"asked": asked, "symbol": SYMBOL, "side": "BUY", **more}.items())


def look(client: Client, seconds_ago: float = 0) -> Any:
    return client.get(f"{PATH}?{query(seconds_ago, quantity='0.5', price='101')}", headers=HTMX)


def settle(client: Client, seconds_ago: float = 20, **more: str) -> Any:
    return client.post(f"{PATH}settle/?{query(seconds_ago, **{'quantity': '0.5', 'price': '101'} | more)}", headers=HTMX)


def test_the_page_says_until_when_it_looks_in_the_readers_zone(alice: Client, world: World, unknown: Any) -> None:
    text = text_of(unknown)
    assert re.search(r"checking until <time [^>]*>\d\d:\d\d:\d\d</time>", text)
    address = re.search(r'hx-get="([^"]+)"', unknown.content.decode())
    assert address
    alice.post("/settings/profile/", {"name": "", "time_zone": "Asia/Kolkata"})
    told = [
        re.search(r">(\d\d:\d\d):\d\d</time>", text_of(each))
        for each in (unknown, alice.get(html.unescape(address[1]), headers=HTMX))
    ]
    utc, kolkata = (int(each[1][:2]) * 60 + int(each[1][3:]) for each in told if each)
    assert (kolkata - utc) % 1440 == 330, "the same instant, five and a half hours later"


def test_until_then_it_only_looks(alice: Client, engine: InProcessEngine, frozen: Frozen, unknown: Any) -> None:
    frozen.lose()
    for _ in range(2):
        assert "Not known yet: checking until" in text_of(look(alice))
    assert "Not known yet: checking until" in text_of(settle(alice, seconds_ago=5))
    assert engine.sent == [] and not Order.objects.exists()


def test_an_engine_that_wakes_in_time_has_done_it(alice: Client, frozen: Frozen, unknown: Any) -> None:
    frozen.wake()
    assert "Bought" in text_of(look(alice))
    assert "Bought" in text_of(settle(alice))
    assert Order.objects.count() == 1


def test_what_the_engine_never_got_is_said_and_can_never_be_done_later(
    alice: Client, world: World, frozen: Frozen, unknown: Any
) -> None:
    late = frozen.kept[0]
    assert isinstance(late, SubmitOrder)
    frozen.lose()
    assert "hx-post" in look(alice, seconds_ago=20).content.decode()
    told = settle(alice)
    assert "Not received: nothing was sent" in text_of(told)
    assert 'id="ticket-client-order-id"' in told.content.decode(), "sending it again is a new order"
    order = Order.objects.get()
    assert (order.status, order.reason) == (OrderStatus.REJECTED, "EXPIRES_TOO_SOON")
    # The lost one comes through after all, from whatever socket it was in.
    assert isinstance(frozen.engine.send(late), ConflictAnswer)
    assert Order.objects.count() == 1 and not Fill.objects.exists() and world.violations() == []
    for response in (look(alice), settle(alice), alice.get(PATH)):
        assert "Not received: nothing was sent" in text_of(response)
    again = re.search(r'href="(/markets/[^"]+)"', told.content.decode())
    assert again and html.unescape(again[1]) == f"/markets/{SYMBOL}/?side=BUY&quantity=0.5&price=101#ticket"
    assert "Bought" in text_of(submit(alice, price="101.00", client_order_id="ticket-2"))


def test_the_history_calls_what_closed_the_id_what_it_is(alice: Client, frozen: Frozen, unknown: Any) -> None:
    submit(alice, side="SELL", quantity="500", price="105.00", client_order_id="denied")
    frozen.lose()
    submit(alice, side="SELL", quantity="500", price="105.00", client_order_id="denied")
    settle(alice)
    closed = Order.objects.get(client_order_id="ticket-1").pk

    def shown(query: str) -> list[int]:
        return [order.id for order in alice.get(f"/orders/?{query}").context["page"].orders]

    both = shown("status=refused")
    assert len(both) == 2 and shown("") == both
    assert shown("state=not_received") == [closed]
    assert shown("state=rejected") == [] and closed not in shown("state=denied") and len(shown("state=denied")) == 1
    page = alice.get("/orders/?state=not_received")
    assert '<option value="not_received" selected>Not received</option>' in page.content.decode()
    assert [chip.label for chip in page.context["chips"]] == ["Not received"]
    assert page.context["chips"][0].without == "?status=refused" and page.context["newest_address"] == "?state=not_received"
    row = text_of(page).split(f"#{closed}")[1]
    assert "Not received" in row and "Rejected" not in row.split("ticket")[0][:200]
    file = b"".join(alice.get("/orders/csv/?state=not_received")).decode().splitlines()
    assert len(file) == 2 and ",NOT_RECEIVED,NEVER_RECEIVED," in file[1]
    story = text_of(alice.get(f"/orders/{closed}/"))
    assert "Tredye never received this order." in story and "Its id was closed" in story and "NEVER_RECEIVED" in story
    assert "1970" not in story.split("What happened")[0] and "last instant has already passed" not in story


def test_an_order_that_is_decided_in_that_very_moment_is_the_truth(alice: Client, frozen: Frozen, unknown: Any) -> None:
    frozen.wakes_with_the_next = True
    assert "Bought" in text_of(settle(alice))
    assert Order.objects.get().status == OrderStatus.FILLED


def test_a_pair_that_is_decided_in_that_very_moment_is_found(alice: Client, frozen: Frozen) -> None:
    frozen.is_frozen = True
    submit(alice, side="SELL", order_type="PAIR", price="105.00", trigger_price="95.00")
    frozen.wakes_with_the_next = True
    assert "The other order of the pair" in text_of(settle(alice, side="SELL", price="105"))
    assert Order.objects.count() == 2


def test_while_the_engine_is_away_nothing_is_said_for_certain(alice: Client, frozen: Frozen, unknown: Any) -> None:
    first, later = settle(alice, seconds_ago=20), settle(alice, seconds_ago=40)
    for response in (first, later):
        assert "Trading does not answer at the moment" in text_of(response)
        assert "hx-post" in response.content.decode()
    frozen.wake()  # the lost order was first in its socket, the closings behind it
    assert "Bought" in text_of(look(alice))
    assert Order.objects.count() == 1


@pytest.mark.parametrize(
    "known",
    [
        {"quantity": "", "price": ""},
        {"quantity": "0.00001", "price": "0.001"},
        {"quantity": "1e9", "price": "-1"},
        {"quantity": "99999999"},
    ],
)
def test_the_id_is_closed_whatever_the_page_still_knows(
    alice: Client, frozen: Frozen, unknown: Any, known: dict[str, str]
) -> None:
    frozen.lose()
    assert "Not received" in text_of(settle(alice, **known))


@pytest.mark.parametrize("address", ["", "?asked=x&symbol=%00", "?asked=99999999999999999999&symbol=NO-SUCH", "?asked=-1"])
def test_an_address_without_sense_says_what_it_can(alice: Client, frozen: Frozen, unknown: Any, address: str) -> None:
    assert "Not known yet" in text_of(alice.get(f"{PATH}{address}", headers=HTMX))
    assert "Not known yet" in text_of(alice.post(f"{PATH}settle/{address}", headers=HTMX))


def test_somebody_else_closes_nothing_of_it(alice: Client, bob: Client, frozen: Frozen, unknown: Any) -> None:
    late = frozen.kept[0]
    frozen.lose()
    assert "Not received" in text_of(settle(bob))
    frozen.engine.send(late)
    assert "Bought" in text_of(look(alice))


def test_without_scripts_the_page_looks_again_and_then_has_a_button(alice: Client, frozen: Frozen, unknown: Any) -> None:
    page = alice.get(f"{PATH}?{query()}").content.decode()
    assert '<noscript><meta http-equiv="refresh"' in page and "Find out now" not in page
    frozen.lose()
    late = alice.get(f"{PATH}?{query(20)}").content.decode()
    button = re.search(r'<form method="post" action="([^"]+/settle/[^"]+)">', late)
    assert button and "Find out now" in late
    assert "Not received: nothing was sent" in text_of(alice.post(html.unescape(button[1])))
    assert CHECK_S == 15

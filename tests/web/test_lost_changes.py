"""A change whose answer was lost: looked for until a time that is told, and then known for certain, done once or never."""

import html
import re
import time
from typing import Any

import pytest
from django.test import Client

from apps.commands.answers import ConflictAnswer
from apps.commands.types import CancelOrder, CloseId
from apps.core.enums import OrderStatus
from apps.engine.models import CommandRecord
from apps.orders.models import Fill, Order
from apps.orders.services import cancel_id, order_of_cancel
from tests.engine.world import World
from tests.inprocess import InProcessEngine
from tests.web.frozen import Frozen
from tests.web.test_changing_orders import command_id_of, placed, text_of
from tests.web.test_lost_answers import CHANGES
from tests.web.test_ticket import HTMX

JSON = {"Accept": "application/json"}
NOT_RECEIVED = "Not received: nothing was done."
LATE_S = 20


@pytest.fixture
def frozen(engine: InProcessEngine, monkeypatch: pytest.MonkeyPatch) -> Frozen:
    return Frozen(engine, monkeypatch)


@pytest.fixture
def kind() -> str:
    return "amend"


@pytest.fixture
def change(kind: str, alice: Client, frozen: Frozen) -> Any:
    """The page that a change without an answer leaves, and what is told of it once it is done."""
    placed(alice)
    send, told = CHANGES[kind]
    frozen.is_frozen = True
    return send(alice, "lost-1"), told


def asked(response: Any, *, seconds_ago: float = 0) -> str:
    """The address that the page looks at, as if it had been sent a while ago."""
    found = re.search(r'hx-(?:get|post)="(/orders/asked/[^"]+)"', response.content.decode())
    assert found
    return re.sub(
        r"asked=\d+", f"asked={int((time.time() - seconds_ago) * 1000)}", html.unescape(found[1]).replace("/settle/", "/")
    )


def settle(client: Client, response: Any, *, seconds_ago: float = LATE_S, **headers: Any) -> Any:
    return client.post(asked(response, seconds_ago=seconds_ago).replace("/?", "/settle/?"), **headers)


def test_it_says_until_when_it_looks_and_until_then_only_looks(
    alice: Client, engine: InProcessEngine, frozen: Frozen, change: Any
) -> None:
    page, _ = change
    assert re.search(r"checking until <time [^>]*>\d\d:\d\d:\d\d</time>", page.content.decode())
    frozen.lose()
    sent = len(engine.sent)
    for response in (alice.get(asked(page), headers=HTMX), settle(alice, page, seconds_ago=5, headers=HTMX)):
        assert "checking until" in text_of(response) and "hx-get" in response.content.decode()
    assert len(engine.sent) == sent


@pytest.mark.parametrize("kind", CHANGES)
def test_what_the_engine_never_got_is_said_and_can_never_be_done_later(
    alice: Client, world: World, frozen: Frozen, change: Any
) -> None:
    page, _ = change
    late, before = frozen.kept[0], Order.objects.count()
    frozen.lose()
    assert "hx-post" in alice.get(asked(page, seconds_ago=LATE_S), headers=HTMX).content.decode()
    told = settle(alice, page, headers=HTMX)
    assert told.status_code == 200 and told["HX-Redirect"] == page.wsgi_request.path, "where it can be sent anew"
    again = alice.get(told["HX-Redirect"])
    assert NOT_RECEIVED in text_of(again) and command_id_of(again) != "lost-1"
    # The lost one comes through after all, from whatever socket it was in.
    assert isinstance(frozen.engine.send(late), ConflictAnswer)
    assert Order.objects.count() == before and not Fill.objects.exists() and world.violations() == []
    assert Order.objects.get().status == OrderStatus.ACCEPTED and Order.objects.get().price == 90
    world.restart()
    assert isinstance(frozen.engine.send(late), ConflictAnswer), "and so after the engine was begun anew"
    assert NOT_RECEIVED in text_of(alice.get(asked(page), follow=True))
    answer = alice.get("/orders/asked/lost-1/", headers=JSON)
    assert (answer.status_code, answer.json()["outcome"]) == (422, "refused")


@pytest.mark.parametrize("kind", CHANGES)
def test_what_is_decided_in_that_very_moment_is_the_truth(alice: Client, frozen: Frozen, change: Any) -> None:
    page, told = change
    frozen.wakes_with_the_next = True
    found = settle(alice, page, follow=True)
    assert told in text_of(found) and NOT_RECEIVED not in text_of(found)
    assert CommandRecord.objects.filter(command_id="lost-1").count() == 1


def test_while_the_engine_is_away_it_says_so_and_resolves_when_it_is_back(alice: Client, frozen: Frozen, change: Any) -> None:
    page, told = change
    for seconds in (LATE_S, 40):
        response = settle(alice, page, seconds_ago=seconds, headers=HTMX)
        assert "Trading does not answer at the moment" in text_of(response) and "hx-post" in response.content.decode()
    frozen.wake()  # the lost one was first in its socket, the closings of its id behind it
    found = alice.get(asked(page), headers=HTMX)
    assert told in text_of(alice.get(found["HX-Redirect"]))


def test_without_scripts_the_page_looks_again_and_then_has_a_button(alice: Client, frozen: Frozen, change: Any) -> None:
    page, _ = change
    early = alice.get(asked(page)).content.decode()
    assert '<noscript><meta http-equiv="refresh"' in early and "Find out now" not in early
    frozen.lose()
    late = alice.get(asked(page, seconds_ago=LATE_S)).content.decode()
    button = re.search(r'<form method="post" action="([^"]+/settle/[^"]+)">', late)
    assert button and "Find out now" in late
    assert NOT_RECEIVED in text_of(alice.post(html.unescape(button[1]), follow=True))


def test_a_script_is_told_the_same(alice: Client, frozen: Frozen, change: Any) -> None:
    page, _ = change
    assert settle(alice, page, headers=JSON).json()["outcome"] == "unknown"
    frozen.lose()
    answer = settle(alice, page, headers=JSON)
    assert answer.json()["outcome"] == "refused" and NOT_RECEIVED in answer.json()["text"]


def test_somebody_else_closes_nothing_of_it(alice: Client, bob: Client, frozen: Frozen, change: Any) -> None:
    page, told = change
    late = frozen.kept[0]
    frozen.lose()
    settle(bob, page)
    frozen.engine.send(late)
    assert told in text_of(alice.get(asked(page), follow=True))


def test_an_id_is_closed_of_the_own_account_alone(world: World, alice: Client, engine: InProcessEngine) -> None:
    settle(alice, alice.get("/orders/asked/free/"))
    (mine,) = (each for each in engine.sent if isinstance(each, CloseId))
    stranger = CloseId(command_id="theirs", actor=mine.actor, account_id=world.bob.pk)
    assert world.do(stranger).reason == "UNKNOWN_ACCOUNT"
    assert not CommandRecord.objects.filter(command_id="theirs").exists()
    assert world.do(mine) == world.do(mine), "asked again it answers the same"
    assert world.replay() == []


# The cancel of one order: its id is one for ever, so it is asked for again instead of closed.


@pytest.fixture
def order(alice: Client, frozen: Frozen) -> Order:
    placed(alice)
    frozen.is_frozen = True
    return Order.objects.get()


def cancel(client: Client, order: Order, headers: Any = HTMX) -> Any:
    return client.post(f"/orders/{order.pk}/cancel/", headers=headers)


def test_a_lost_cancel_is_a_note_that_looks_and_then_tells(alice: Client, frozen: Frozen, order: Order) -> None:
    note = cancel(alice, order)
    assert re.search(r"checking until <time [^>]*>\d\d:\d\d:\d\d</time>", note.content.decode())
    assert "checking until" in text_of(alice.get(asked(note), headers=HTMX))
    frozen.wake()
    found = alice.get(asked(note), headers=HTMX)
    assert "The order was canceled." in text_of(found) and "orders-changed" in found["HX-Trigger"]
    assert "hx-get" not in found.content.decode()


def test_a_cancel_that_never_arrived_is_asked_for_again(alice: Client, frozen: Frozen, order: Order) -> None:
    note = cancel(alice, order)
    assert "hx-post" in settle(alice, note, headers=HTMX).content.decode(), "the engine is away still"
    frozen.lose()
    assert "checking until" in text_of(settle(alice, note, seconds_ago=5, headers=HTMX))
    assert Order.objects.get().status == OrderStatus.ACCEPTED
    assert "The order was canceled." in text_of(settle(alice, note, headers=HTMX))
    assert Order.objects.get().status == OrderStatus.CANCELED
    assert {type(each) for each in frozen.engine.sent[1:]} == {CancelOrder}


def test_without_scripts_a_lost_cancel_leads_to_its_page_and_from_there_to_the_order(
    alice: Client, frozen: Frozen, order: Order
) -> None:
    page = cancel(alice, order, headers={})
    assert page.status_code == 302 and page["Location"].startswith(f"/orders/asked/{cancel_id(order.account_id, order.pk)}/")
    assert "checking until" in text_of(alice.get(page["Location"]))
    frozen.wake()
    found = alice.get(page["Location"], follow=True)
    assert found.redirect_chain[-1][0] == f"/orders/{order.pk}/" and "The order was canceled." in text_of(found)


def test_an_id_names_the_order_that_it_cancels() -> None:
    assert order_of_cancel(7, "cancel-7-12") == 12
    for other in ("cancel-7-x", "cancel-8-12", "cancel-7-", "x", "cancel-7-" + "9" * 30):
        assert order_of_cancel(7, other) is None

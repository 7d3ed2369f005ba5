"""The order's page over a life with everything in it: who did what, what it changed, and where each step can be found."""

import html
import json
import re

import pytest
from django.test import Client

from apps.commands.types import Bracket, Leg
from apps.core.enums import OrderType
from apps.orders import causes, story
from apps.orders.causes import Who, cause_of
from apps.orders.models import AccountEvent
from apps.orders.selectors import access_order, list_events
from tests.engine.world import World


def text_of(client: Client, order_id: int, query: str = "") -> str:
    answer = client.get(f"/orders/{order_id}/{query}")
    assert answer.status_code == 200
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", answer.content.decode())))


def move(world: World, bid: str, ask: str) -> None:
    """The feed's quote, and what it sets off."""
    world.clock.advance_ns(1_000_001)
    crossed = world.quote(bid, ask)
    assert crossed is not None
    world.session.process_raw([], world.clock.now_ns(), [crossed])


def causes_of(order_id: int) -> list[tuple[str, Who]]:
    return [(event.type, cause_of(event).who) for event in list_events(order_id)]


def test_an_amendment_says_what_it_was_and_what_it_is(world: World, alice: Client) -> None:
    order = world.submit(world.alice, "BUY", "0.5", "98.00")
    world.amend(world.alice, order.order_id, quantity="0.4")
    world.amend(world.alice, order.order_id, quantity="0.6", price="98.50")
    text = text_of(alice, order.order_id)
    assert "Quantity0.500 →to 0.400" in text and "Its place in the queue was kept." in text
    assert "Quantity0.400 →to 0.600 Limit98.00 →to 98.50" in text and "It took a new place at the end of the queue." in text
    assert causes_of(order.order_id) == [("ORDER_ACCEPTED", Who.CUSTOMER)] + [("ORDER_AMENDED", Who.CUSTOMER)] * 2


@pytest.mark.parametrize("steps", [1, 2, 3, 4])
def test_a_later_page_of_the_steps_knows_what_was_before_it(
    world: World, alice: Client, monkeypatch: pytest.MonkeyPatch, steps: int
) -> None:
    order = world.submit(world.alice, "SELL", "0.5", None, order_type=OrderType.TRAILING_STOP, trail_amount="2.00")
    move(world, "101.00", "103.00")  # the trigger moves from 98 to 100
    world.amend(world.alice, order.order_id, quantity="0.4")
    world.amend(world.alice, order.order_id, quantity="0.3")
    whole = [step.changes for step in story.tell_story(access_order(world.alice.pk, order.order_id)).steps]
    assert [[(change.label, str(change.old), str(change.new)) for change in changes] for changes in whole] == [
        [], [], [("Quantity", "0.5", "0.4")], [("Quantity", "0.4", "0.3")]
    ]  # fmt: skip
    monkeypatch.setattr(story, "STEPS_PER_PAGE", steps)
    paged, after = [], 0
    while after is not None:
        told = story.tell_story(access_order(world.alice.pk, order.order_id), after)
        paged += [step.changes for step in told.steps]
        after = told.next_after
    assert paged == whole


def test_who_did_it_is_told(world: World, alice: Client) -> None:
    crossing = world.submit(world.alice, "BUY", "0.1", None)
    resting = world.submit(world.alice, "BUY", "0.1", "99.50")
    world.submit(world.bob, "SELL", "0.1", "99.50")
    stop = world.submit(world.alice, "SELL", "0.1", None, order_type=OrderType.STOP, trigger_price="95.00")
    denied = world.submit(world.alice, "SELL", "900", "150.00")
    canceled = world.submit(world.alice, "BUY", "0.1", "98.00")
    world.cancel(world.alice, canceled.order_id)
    move(world, "93.00", "95.00")
    assert causes_of(crossing.order_id)[-1] == ("ORDER_FILLED", Who.ENGINE)
    assert "the order crossed and was matched as it came" in text_of(alice, crossing.order_id)
    assert "Matching engine: another order met it in the book" in text_of(alice, resting.order_id)
    assert ("ORDER_TRIGGERED", Who.TRIGGER) in causes_of(stop.order_id)
    assert "Risk check" in text_of(alice, denied.order_id)
    assert causes_of(canceled.order_id)[-1] == ("ORDER_CANCELED", Who.CUSTOMER)
    assert set(causes.ICONS) == set(Who)


def test_an_exit_and_its_entry_lead_to_each_other(world: World, alice: Client) -> None:
    target, stop = Leg(order_type=OrderType.LIMIT, price="110.00"), Leg(order_type=OrderType.STOP, trigger_price="95.00")
    bracket = Bracket(target=target, stop=stop)
    entry = world.submit(world.alice, "BUY", "0.1", "101.00", bracket=bracket)
    exits = [order.id for order in story.tell_story(access_order(world.alice.pk, entry.order_id)).related]
    assert len(exits) == 2
    assert all(f'href="/orders/{each}/"' in alice.get(f"/orders/{entry.order_id}/").content.decode() for each in exits)
    page = alice.get(f"/orders/{exits[0]}/").content.decode()
    assert f'href="/orders/{entry.order_id}/"' in page and f'href="/orders/{exits[1]}/"' in page
    assert causes_of(exits[0])[0] == ("ORDER_ACCEPTED", Who.LINKED)
    assert f"made when its entry, order {entry.order_id}, was filled" in text_of(alice, exits[0])


def test_each_step_has_its_event_its_money_and_a_link_for_support(world: World, alice: Client) -> None:
    order = world.submit(world.alice, "BUY", "0.1", None)
    body = alice.get(f"/orders/{order.order_id}/").content.decode()
    published = [json.loads(html.unescape(raw)) for raw in re.findall(r"<pre[^>]*>(.*?)</pre>", body, re.DOTALL)]
    assert published == [event.data for event in AccountEvent.objects.filter(order_id=order.order_id).order_by("id")]
    step = story.tell_story(access_order(world.alice.pk, order.order_id)).steps[-1]
    assert step.transfer is not None
    statement = f"/ledger/?before={step.transfer.id + 1}"
    assert f'href="{statement}"' in body
    assert alice.get(statement).context["page"].transfers[0].id == step.transfer.id
    assert f'value="http://testserver/support/orders/{order.order_id}/"' in body

"""The dead man's switch on the pages: set, shown, renewed, off, and told when it fired; with the engine behind it."""

from typing import Any

import pytest
from django.test import Client

from apps.accounts.models import Account
from apps.commands.types import Actor, SetDeadMansSwitch
from apps.core.enums import Role
from apps.orders.models import Order
from tests.engine.world import SYMBOL, World
from tests.inprocess import InProcessEngine
from tests.web.test_changing_orders import placed, text_of, unavailable
from tests.web.test_ticket import HTMX

PATH = "/orders/dead-mans-switch/"


def set_to(client: Client, minutes: int, **more: str) -> Any:
    return client.post(PATH, {"do": "set", "minutes": str(minutes), **more})


def seconds_sent(engine: InProcessEngine) -> list[int]:
    return [command.seconds for command in engine.sent if isinstance(command, SetDeadMansSwitch)]


def let_it_fire(world: World, minutes: int) -> None:
    world.clock.advance_ns(minutes * 60_000_000_000)
    world.batch()


def test_it_is_set_shown_where_orders_are_and_switched_off(alice: Client, world: World, engine: InProcessEngine) -> None:
    assert "all open orders are canceled at" not in text_of(alice.get("/orders/"))
    response = set_to(alice, 5, next="/orders/")
    assert (response.status_code, response["Location"]) == (302, "/orders/")
    assert seconds_sent(engine) == [300]
    fires_at = Account.objects.get(pk=world.alice.pk).dead_man_at
    assert fires_at is not None
    for path in ("/orders/", f"/markets/{SYMBOL}/", PATH):
        page = alice.get(path)
        assert "all open orders are canceled at" in text_of(page), path
        assert f'data-countdown="{int(fires_at.timestamp() * 1000)}"' in page.content.decode()
        assert f'name="next" value="{path}"' in page.content.decode(), "the buttons lead back"
        assert "data-renew-before" not in page.content.decode(), "nobody has allowed that"
    assert "On: all open orders are canceled at" in text_of(alice.get("/settings/trading/"))
    alice.post(PATH, {"do": "off"})
    assert Account.objects.get(pk=world.alice.pk).dead_man_at is None
    assert "all open orders are canceled at" not in text_of(alice.get("/orders/"))


def test_renewing_puts_it_off_by_what_was_chosen(alice: Client, world: World, engine: InProcessEngine) -> None:
    set_to(alice, 2)
    order_id = placed(alice)
    for _ in range(3):
        world.clock.advance_ns(90_000_000_000)
        response = alice.post(PATH, {"do": "renew"}, headers=HTMX)
        assert response.status_code == 200 and "Renew for 2 min" in text_of(response)
        assert "<html" not in response.content.decode(), "the line alone"
    assert seconds_sent(engine) == [120, 120, 120, 120]
    world.batch()
    assert Order.objects.get(pk=order_id).status == "ACCEPTED"


def test_what_it_canceled_is_told_until_it_is_read(alice: Client, world: World) -> None:
    order_id = placed(alice)
    set_to(alice, 1)
    let_it_fire(world, 1)
    assert Order.objects.get(pk=order_id).reason == "CANCELED_BY_DEAD_MANS_SWITCH"
    text = text_of(alice.get("/orders/"))
    assert "The dead man's switch fired" in text and "and canceled one order" in text
    assert "dead man's switch was not renewed in time" in text_of(alice.get(f"/orders/{order_id}/"))
    late = text_of(alice.post(PATH, {"do": "renew"}, headers=HTMX))
    assert "It was not renewed: it had fired" in late and "and canceled one order" in late
    assert Account.objects.get(pk=world.alice.pk).dead_man_at is None, "a late renewal does not arm it again"
    assert "fired" not in text_of(alice.post(PATH, {"do": "seen"}, headers=HTMX))
    assert "The dead man's switch fired" not in text_of(alice.get("/orders/"))
    assert "It last fired at" in text_of(alice.get(PATH))


def test_a_page_may_renew_only_where_that_was_chosen(alice: Client, world: World) -> None:
    set_to(alice, 5, by_itself="on")
    page = alice.get("/orders/").content.decode()
    assert 'data-renew-before="150"' in page and "This page renews it." in page


def test_what_a_program_has_set_is_shown_and_not_put_off(alice: Client, world: World, engine: InProcessEngine) -> None:
    owner = Actor(world.alice.user_id, Role.CUSTOMER)
    world.do(SetDeadMansSwitch(command_id="by-key", actor=owner, account_id=world.alice.pk, seconds=30))
    text = text_of(alice.get("/orders/"))
    assert "A program or another log-in has set it" in text and "Renew for" not in text
    assert "It was not renewed" in text_of(alice.post(PATH, {"do": "renew"}, headers=HTMX))
    assert seconds_sent(engine) == []
    alice.post(PATH, {"do": "off"})
    assert seconds_sent(engine) == [0]


def test_somebody_else_s_switch_is_nowhere(alice: Client, bob: Client, world: World) -> None:
    set_to(alice, 5)
    assert "all open orders are canceled at" not in text_of(bob.get("/orders/"))
    bob.post(PATH, {"do": "off"})
    assert Account.objects.get(pk=world.alice.pk).dead_man_at is not None


@pytest.mark.parametrize("minutes", ["0", "61", "x", "", "5.0"])
def test_a_time_that_is_not_offered_sets_nothing(alice: Client, engine: InProcessEngine, minutes: str) -> None:
    response = alice.post(PATH, {"do": "set", "minutes": minutes})
    assert response.status_code == 422 and engine.sent == []


def test_without_an_answer_it_says_what_is_stored(alice: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    set_to(alice, 5)
    unavailable(monkeypatch)
    response = alice.post(PATH, {"do": "off"})
    assert response.status_code == 503
    assert "No answer yet whether that was done" in text_of(response) and "all open orders are canceled at" in text_of(response)
    part = alice.post(PATH, {"do": "off"}, headers=HTMX)
    assert part.status_code == 200 and "No answer yet" in text_of(part), "htmx swaps no error in"


def test_a_way_back_that_is_not_ours_is_not_taken(alice: Client) -> None:
    for evil in ("https://evil.example/", "//evil.example", "javascript:alert(1)"):
        assert set_to(alice, 5, next=evil)["Location"] == PATH

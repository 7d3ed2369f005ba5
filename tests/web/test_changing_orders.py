"""Preview, amend, cancel all, and the choice of self-trade prevention: the pages, with the engine behind them."""

import html
import re
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from apps.accounts.models import Account
from apps.commands.client import EngineUnavailableError
from apps.commands.rate import TooFastError
from apps.commands.types import Actor, Bracket, Leg, SubmitPair
from apps.core.enums import OrderType, Role, Side
from apps.orders.models import Order, OrderTerms
from tests.engine.world import SYMBOL, World
from tests.inprocess import InProcessEngine
from tests.pages import stop_the_clock
from tests.web.test_ticket import HTMX, fields, submit


def text_of(response: Any) -> str:
    return html.unescape(" ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split()))


def command_id_of(response: Any) -> str:
    found = re.search(r'name="command_id" value="([^"]+)"', response.content.decode())
    assert found is not None
    return found[1]


def placed(client: Client, **changes: str) -> int:
    """The id of an order that rests."""
    assert submit(client, **({"price": "90.00", "quantity": "2"} | changes)).status_code == 200
    return Order.objects.latest("id").pk


def unavailable(monkeypatch: pytest.MonkeyPatch, what: str = "apps.orders.services") -> None:
    class Away:
        def send(self, command: Any, *, deadline_s: float = 2.0) -> Any:
            raise EngineUnavailableError(command.command_id, deadline_s)

    monkeypatch.setattr(f"{what}.get_client", Away)


# Preview


def test_preview_tells_what_the_order_would_do_and_places_nothing(alice: Client, world: World) -> None:
    response = alice.post("/orders/preview/", fields(order_type="MARKET", quantity="1"), headers=HTMX)
    text = text_of(response)
    assert response.status_code == 200
    assert "Would be filled at once" in text and "Nothing was sent." in text
    assert "Average price 101.00 Worst price 101.00 Value 101.00 USD Fee 0.20 USD Left after 99,898.80 USD" in text
    assert not Order.objects.exists()
    assert submit(alice).status_code == 200  # the ticket's id is free


def test_preview_without_htmx_is_a_page_with_the_ticket_as_it_was(alice: Client) -> None:
    response = alice.post("/orders/preview/", fields(price="90.00"))
    page = response.content.decode()
    assert response.status_code == 200
    assert "Would rest in the book" in page and 'value="ticket-1"' in page and 'value="90.00"' in page
    assert 'formaction="/orders/preview/"' in page


def test_preview_says_why_it_would_be_denied_and_warns(alice: Client) -> None:
    assert "Would not be accepted There is not enough" in text_of(
        alice.post("/orders/preview/", fields(side="SELL", quantity="101"), headers=HTMX)
    )
    most = text_of(alice.post("/orders/preview/", fields(quantity="950", price="100.00"), headers=HTMX))
    assert "more than nine tenths of the money" in most


@pytest.mark.parametrize(("changes", "field"), [({"quantity": "x"}, "quantity"), ({"price": "1.001"}, "price")])
def test_preview_of_a_bad_ticket_names_the_field(
    alice: Client, engine: InProcessEngine, changes: dict[str, str], field: str
) -> None:
    response = alice.post("/orders/preview/", fields(**changes), headers=HTMX)
    assert response.status_code == 422 and f"{field} must be" in text_of(response)
    assert engine.sent == []


def test_preview_without_an_engine_or_too_fast_says_so(alice: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    unavailable(monkeypatch)
    response = alice.post("/orders/preview/", fields())
    assert (
        response.status_code == 503
        and "Nothing was sent" in text_of(response)
        and 'value="ticket-1"' in response.content.decode()
    )
    stop_the_clock(monkeypatch)
    for _ in range(20):
        response = alice.post("/orders/preview/", fields(), headers=HTMX)
    assert response.status_code == 429


# Amend


def test_amend_form_shows_what_is_and_changes_it(alice: Client) -> None:
    order_id = placed(alice)
    page = alice.get(f"/orders/{order_id}/amend/")
    assert 'value="2"' in page.content.decode() and 'value="90"' in page.content.decode()
    body = {"command_id": command_id_of(page), "quantity": "1.5", "price": "90"}
    response = alice.post(f"/orders/{order_id}/amend/", body, follow=True)
    assert "The order was amended. It kept its place in the queue." in text_of(response)
    order = Order.objects.get(pk=order_id)
    assert (order.quantity, order.price) == (1.5, 90)
    assert "Amended" in text_of(response) and "Its place in the queue was kept." in text_of(response)
    again = alice.post(f"/orders/{order_id}/amend/", body, follow=True)  # the same form, sent twice, is done once
    assert "The order was amended." in text_of(again)
    moved = alice.post(f"/orders/{order_id}/amend/", {**body, "command_id": "m-1", "price": "91.00"}, follow=True)
    assert "a new place at the end of the queue" in text_of(moved)
    crossed = alice.post(f"/orders/{order_id}/amend/", {**body, "command_id": "m-2", "price": "101.00"}, follow=True)
    assert "It traded at once: 1 of 1.5 are filled." in text_of(crossed)


def test_trigger_of_a_waiting_order_is_amended(alice: Client, world: World) -> None:
    stop = world.submit(world.alice, "SELL", "1", None, order_type=OrderType.STOP, trigger_price="95.00").order_id
    page = alice.get(f"/orders/{stop}/amend/").content.decode()
    assert 'name="trigger_price" value="95"' in page and 'name="price"' not in page
    body = {"command_id": "s-1", "quantity": "1", "trigger_price": "96.00"}
    assert "The order was amended." in text_of(alice.post(f"/orders/{stop}/amend/", body, follow=True))
    assert OrderTerms.objects.get(order_id=stop).trigger_price == 96


def paired(world: World) -> tuple[int, int]:
    """The ids of a pair of Alice's: one that rests at 100.50, one that waits for 95.00."""
    pair = SubmitPair(
        command_id="pair",
        actor=Actor(world.alice.user_id, Role.CUSTOMER),
        account_id=world.alice.pk,
        symbol=SYMBOL,
        side=Side.SELL,
        quantity="1",
        first=Leg(order_type=OrderType.LIMIT, price="100.50"),
        second=Leg(order_type=OrderType.STOP, trigger_price="95.00"),
    )
    first, second = (order.order_id for order in world.do(pair).orders)
    return first, second


def form_of(page: Any) -> dict[str, str]:
    """What a browser sends of the form when nothing is changed."""
    inputs = re.findall(r"<input[^>]*>", page.content.decode())
    pairs = [(re.search(r'name="([^"]*)"', each), re.search(r'value="([^"]*)"', each)) for each in inputs]
    found = {name[1]: value[1] for name, value in pairs if name is not None and value is not None}
    asked = ("command_id", "quantity", "price", "trigger_price")
    return {name: found[name] for name in found if name.removeprefix("initial-") in asked}


def test_quantity_of_a_linked_order_changes_that_of_the_other(alice: Client, world: World) -> None:
    first, second = paired(world)
    page = alice.get(f"/orders/{second}/amend/")
    assert "The order that it is linked to changes by as much." in text_of(page)
    body = form_of(page) | {"quantity": "0.4"}
    assert "It kept its place in the queue." in text_of(alice.post(f"/orders/{second}/amend/", body, follow=True))
    assert [Order.objects.get(pk=each).quantity for each in (first, second)] == [Decimal("0.4")] * 2
    other = text_of(alice.get(f"/orders/{first}/"))
    assert "The quantity of the order that it is linked to was changed, and its own with it." in other
    assert world.violations() == [] and world.replay() == []


def test_what_a_fill_took_off_is_not_asked_for_again_by_who_changes_a_price(alice: Client, world: World) -> None:
    first, second = paired(world)
    page = alice.get(f"/orders/{second}/amend/")
    world.submit(world.bob, "BUY", "0.6", "100.50")  # takes 0.6 off both while the form is open
    body = form_of(page) | {"trigger_price": "96"}
    assert "The order was amended." in text_of(alice.post(f"/orders/{second}/amend/", body, follow=True))
    assert [Order.objects.get(pk=each).quantity for each in (first, second)] == [Decimal(1), Decimal("0.4")]
    assert OrderTerms.objects.get(order_id=second).trigger_price == 96
    assert world.violations() == [] and world.replay() == []


def test_exits_beyond_what_was_bought_are_denied_in_words(alice: Client, world: World) -> None:
    exits = Bracket(target=Leg(order_type=OrderType.LIMIT, price="108.00"))
    entry = world.submit(world.alice, "BUY", "1", None, order_type=OrderType.MARKET, bracket=exits).order_id
    target = OrderTerms.objects.get(parent_id=entry).pk
    body = form_of(alice.get(f"/orders/{target}/amend/"))
    response = alice.post(f"/orders/{target}/amend/", body | {"quantity": "1.1"})
    assert response.status_code == 422
    assert "cannot sell more than its entry bought and they have not sold yet. QUANTITY_ABOVE_ENTRY" in text_of(response)


def test_denied_amendment_says_why_and_offers_another_try(alice: Client) -> None:
    order_id = placed(alice)
    response = alice.post(f"/orders/{order_id}/amend/", {"command_id": "a-1", "quantity": "2", "price": "150.00"})
    assert response.status_code == 422
    assert "The price is too far from the market. PRICE_COLLAR" in text_of(response)
    assert 'value="150.00"' in response.content.decode() and command_id_of(response) != "a-1"
    assert Order.objects.get(pk=order_id).price == 90


@pytest.mark.parametrize(
    "body", [{"quantity": "x"}, {"quantity": "0"}, {"quantity": "1.0001"}, {"price": "-1"}, {"command_id": "ä"}]
)
def test_bad_amendment_is_named_and_nothing_is_sent(alice: Client, engine: InProcessEngine, body: dict[str, str]) -> None:
    order_id = placed(alice)
    sent = len(engine.sent)
    response = alice.post(f"/orders/{order_id}/amend/", {"command_id": "a-1", "quantity": "2", "price": "90"} | body)
    assert response.status_code == 422 and "must be" in text_of(response)
    assert len(engine.sent) == sent


def test_order_that_has_ended_cannot_be_amended(alice: Client) -> None:
    order_id = placed(alice)
    alice.post(f"/orders/{order_id}/cancel/")
    assert "no longer open" in text_of(alice.get(f"/orders/{order_id}/amend/", follow=True))
    response = alice.post(f"/orders/{order_id}/amend/", {"command_id": "a-1", "quantity": "1", "price": "90"})
    assert response.status_code == 422 and "It was canceled." in text_of(response)


def test_amendment_without_an_answer_keeps_its_id(alice: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    order_id = placed(alice)
    unavailable(monkeypatch)
    response = alice.post(f"/orders/{order_id}/amend/", {"command_id": "a-1", "quantity": "1", "price": "90"})
    assert response.status_code == 503 and command_id_of(response) == "a-1"


def test_amendment_that_comes_too_fast_was_not_sent(alice: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    order_id = placed(alice)

    def refuse(key: object) -> None:
        raise TooFastError(10)

    monkeypatch.setattr("apps.orders.services.ORDER_RATE.check", refuse)
    response = alice.post(f"/orders/{order_id}/amend/", {"command_id": "a-1", "quantity": "1", "price": "90"})
    assert response.status_code == 429 and command_id_of(response) == "a-1"
    assert alice.post("/orders/cancel-all/", {"command_id": "a-2"}).status_code == 429


# Cancel all


def test_cancel_all_shows_which_and_cancels_them(alice: Client) -> None:
    for side, price in (("BUY", "90.00"), ("BUY", "91.00"), ("SELL", "110.00")):
        placed(alice, side=side, price=price, client_order_id=f"t-{side}-{price[:2]}")
    page = alice.get("/orders/cancel-all/")
    assert "Cancel these 3 orders" in text_of(page)
    narrow = alice.get("/orders/cancel-all/", {"symbol": SYMBOL, "side": "BUY"})
    assert "Cancel these 2 orders" in text_of(narrow)
    body = {"command_id": command_id_of(narrow), "symbol": SYMBOL, "side": "BUY"}
    assert "2 orders were canceled." in text_of(alice.post("/orders/cancel-all/", body, follow=True))
    assert Order.objects.filter(status="ACCEPTED").count() == 1
    assert "2 orders were canceled." in text_of(alice.post("/orders/cancel-all/", body, follow=True))  # once
    assert Order.objects.filter(status="ACCEPTED").count() == 1
    assert "Cancel this order" in text_of(alice.get("/orders/cancel-all/"))


def test_cancel_all_of_nothing_says_so(alice: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "there is nothing to cancel" in text_of(alice.get("/orders/cancel-all/"))
    assert "There was no open order to cancel." in text_of(alice.post("/orders/cancel-all/", {"command_id": "x"}, follow=True))
    assert alice.post("/orders/cancel-all/", {"command_id": "no id"}).status_code == 422
    unavailable(monkeypatch)
    assert alice.post("/orders/cancel-all/", {"command_id": "x"}).status_code == 503


def test_lists_lead_to_amending_and_to_canceling_all(alice: Client) -> None:
    order_id = placed(alice)
    for address in ("/orders/open/", "/orders/?status=open", f"/orders/{order_id}/"):
        page = alice.get(address).content.decode()
        assert f"/orders/{order_id}/amend/" in page, address
    assert "/orders/cancel-all/" in alice.get("/orders/open/").content.decode()
    assert "/orders/cancel-all/" in alice.get("/orders/?status=open").content.decode()


# Self-trade prevention


def test_choice_is_shown_saved_and_kept_by_the_engine(alice: Client, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    page = alice.get("/settings/trading/")
    assert re.search(r'value="CANCEL_NEWEST"[^>]* checked', page.content.decode())
    body = {"mode": "DECREMENT", "command_id": command_id_of(page)}
    assert "Your choice was saved." in text_of(alice.post("/settings/trading/", body, follow=True))
    assert Account.objects.get(pk=world.alice.pk).self_trade_prevention == "DECREMENT"
    assert re.search(r'value="DECREMENT"[^>]* checked', alice.get("/settings/trading/").content.decode())
    assert alice.post("/settings/trading/", {**body, "mode": "NONE"}).status_code == 422
    conflict = alice.post("/settings/trading/", {**body, "mode": "CANCEL_BOTH"})
    assert conflict.status_code == 422 and command_id_of(conflict) != body["command_id"]
    unavailable(monkeypatch, "apps.commands.outcomes")
    assert alice.post("/settings/trading/", {**body, "command_id": "s-9"}).status_code == 503

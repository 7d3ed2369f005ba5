"""A market order whose price is not the one that was seen is asked for again, with scripts and without, and sent once."""

import re
from typing import Any

import pytest
from django.test import Client
from prometheus_client import REGISTRY

from apps.accounts.preferences import set_tolerance
from apps.orders.models import Order
from tests.engine.world import SYMBOL, World
from tests.inprocess import InProcessEngine
from tests.prices import seen, set_price
from tests.web.test_ticket import fields, submit, text_of

MARKET = {"order_type": "MARKET", "time_in_force": "IOC", "price": ""}


def confirms(response: Any) -> str:
    found = re.search(r'name="confirms" value="([^"]+)"', response.content.decode())
    assert found, "there is nothing to confirm"
    return found[1]


def asked(why: str) -> float:
    return REGISTRY.get_sample_value("tredye_orders_asked_again_total", {"why": why}) or 0.0


def test_a_price_that_moved_is_shown_and_its_confirmation_is_the_same_order(alice: Client, engine: InProcessEngine) -> None:
    before = asked("moved")
    set_price(SYMBOL, "100.00", "103.00", sequence=2)
    question = submit(alice, **MARKET)
    assert question.status_code == 422
    text = text_of(question)
    assert "The price has moved. Not sent yet." in text
    assert "101.00" in text and "103.00" in text and "+198.0" in text
    assert 'id="ticket-client-order-id"' not in question.content.decode(), "the ticket keeps its id"
    assert engine.sent == [] and asked("moved") == before + 1
    done = submit(alice, **MARKET, confirms=confirms(question))
    assert "Bought" in text_of(done)
    assert Order.objects.get().client_order_id == "ticket-1"
    again = submit(alice, **MARKET, confirms=confirms(question))
    assert f"Order {Order.objects.get().pk}" in text_of(again)


def test_a_price_that_moves_again_before_the_answer_is_asked_about_again(alice: Client, engine: InProcessEngine) -> None:
    set_price(SYMBOL, "100.00", "103.00", sequence=2)
    first = submit(alice, **MARKET)
    set_price(SYMBOL, "100.00", "106.00", sequence=3)
    second = submit(alice, **MARKET, confirms=confirms(first))
    assert second.status_code == 422
    assert "103.00" in text_of(second) and "106.00" in text_of(second) and "101.00" not in text_of(second)
    assert engine.sent == []
    assert "Bought" in text_of(submit(alice, **MARKET, confirms=confirms(second)))
    assert Order.objects.count() == 1


def test_the_tolerance_is_the_accounts_own(alice: Client, bob: Client, world: World) -> None:
    set_tolerance(account_id=world.alice.pk, tolerance_bps=300)
    set_price(SYMBOL, "100.00", "103.00", sequence=2)
    assert submit(bob, **MARKET).status_code == 422
    assert "Bought" in text_of(submit(alice, **MARKET))


@pytest.mark.parametrize("carried", ["(absent)", "", "nonsense", "1:2:3"])
def test_a_ticket_that_tells_of_no_price_is_shown_one(alice: Client, engine: InProcessEngine, carried: str) -> None:
    question = submit(alice, **MARKET, seen=carried)
    assert "Look at the price first. Not sent yet." in text_of(question)
    assert engine.sent == []
    assert "Bought" in text_of(submit(alice, **MARKET, seen=carried, confirms=confirms(question)))


def test_what_names_its_own_price_or_waits_is_not_asked_about(alice: Client, world: World) -> None:
    set_price(SYMBOL, "150.00", "153.00", sequence=2)
    assert "Bought" in text_of(submit(alice, price="101.00", seen=""))
    stop = {"order_type": "STOP", "trigger_price": "105.00", "price": "", "client_order_id": "ticket-2"}
    assert submit(alice, **stop, seen="").status_code == 200


def test_a_ticket_that_was_decided_gets_its_answer_whatever_the_price_is(alice: Client, engine: InProcessEngine) -> None:
    submit(alice, **MARKET)
    set_price(SYMBOL, "100.00", "150.00", sequence=2)
    again = submit(alice, **MARKET)
    assert "Bought" in text_of(again)
    assert Order.objects.count() == 1


def test_without_scripts_the_question_is_a_page_with_the_same_button(alice: Client) -> None:
    set_price(SYMBOL, "100.00", "103.00", sequence=2)
    page = alice.post("/orders/submit/", fields(**MARKET))
    assert page.status_code == 422
    body = page.content.decode()
    assert "Is this still what you want?" in body and 'form="ticket-form"' in body
    hidden = dict(re.findall(r'name="(client_order_id|seen|symbol)" value="([^"]*)"', body))
    done = alice.post("/orders/submit/", fields(**MARKET) | hidden | {"confirms": confirms(page)}, follow=True)
    assert "Bought" in text_of(done)
    assert Order.objects.count() == 1


def test_the_page_carries_the_price_that_it_shows(alice: Client) -> None:
    set_price(SYMBOL, "99.50", "100.50", sequence=5)
    page = alice.get(f"/markets/{SYMBOL}/").content.decode()
    assert re.search(r'name="seen" value="1:5:\d{13}:99.5:100.5"', page)


def test_an_address_fills_the_ticket_and_a_default_size_stands_in_an_empty_one(alice: Client) -> None:
    alice.post("/settings/trading/sizes/", {"symbol": SYMBOL, "quantity": "0.125"})
    page = alice.get(f"/markets/{SYMBOL}/").content.decode()
    assert re.search(r'id="ticket-quantity"[^>]*value="0.125"', page) and 'data-size="0.125"' in page
    wanted = "side=SELL&type=STOP_LIMIT&quantity=0.75&price=98.5"
    page = alice.get(f"/markets/{SYMBOL}/?{wanted}").content.decode()
    assert re.search(r'value="SELL" checked', page) and re.search(r'value="STOP_LIMIT" checked', page)
    assert re.search(r'id="ticket-quantity"[^>]*value="0.75"', page) and re.search(r'id="ticket-price"[^>]*value="98.5"', page)
    nonsense = "side=HOLD&type=ICEBERG&quantity=1e3&price=%3Cscript%3E"
    page = alice.get(f"/markets/{SYMBOL}/?{nonsense}").content.decode()
    assert re.search(r'value="BUY" checked', page) and re.search(r'value="LIMIT" checked', page)
    assert re.search(r'id="ticket-quantity"[^>]*value="0.125"', page) and "script&gt;" not in page
    assert seen("1", "2").split(":")[3:] == ["1", "2"]

"""The ticket: what is refused at the form's door, what is asked of the engine, and how every answer is told."""

import html
import re
from typing import Any

import pytest
from django.test import Client
from prometheus_client import REGISTRY

from apps.core.enums import OrderStatus, TradingState
from apps.core.numbers import shown
from apps.instruments.models import Instrument
from apps.orders.models import Order
from tests.engine.world import SYMBOL, World
from tests.faults.figures import note
from tests.inprocess import InProcessEngine
from tests.pages import stop_the_clock
from tests.prices import seen
from tests.web.corpus import NOT_NUMBERS

HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}


def fields(**changes: str) -> dict[str, str]:
    ticket = {
        "symbol": SYMBOL,
        "client_order_id": "ticket-1",
        "side": "BUY",
        "order_type": "LIMIT",
        "quantity": "0.5",
        "price": "100.00",
        "time_in_force": "GTC",
        "seen": seen("99.00", "101.00"),
    }
    return {name: value for name, value in (ticket | changes).items() if value != "(absent)"}


def submit(client: Client, **changes: str) -> Any:
    return client.post("/orders/submit/", fields(**changes), headers=HTMX)


def text_of(response: Any) -> str:
    return " ".join(response.content.decode().split())


@pytest.mark.fault("F27")
@pytest.mark.parametrize("field", ["quantity", "price"])
def test_a_bad_number_is_named_with_its_field_and_nothing_is_sent(alice: Client, engine: InProcessEngine, field: str) -> None:
    for value in NOT_NUMBERS:
        response = submit(alice, **{field: value})
        assert response.status_code == 422, value
        text = html.unescape(text_of(response))
        assert f"{field} must be" in text, value
        assert f", was {shown(value)}" in text, value
        assert "<b>1" not in response.content.decode()
    assert engine.sent == []
    assert not Order.objects.exists()
    note("F27", f"the ticket's {field}: each of {len(NOT_NUMBERS)} texts that are no number is named, and nothing is sent")


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("quantity", "0.0005", "quantity must be a multiple of 0.001"),
        ("price", "100.005", "price must be a multiple of 0.01"),
        ("side", "HOLD", "side must be one of BUY, SELL, was &#x27;HOLD&#x27;"),
        ("side", "(absent)", "side must be one of"),
        ("order_type", "ICEBERG", "order type must be one of"),
        ("time_in_force", "GTX", "time in force must be one of"),
        ("client_order_id", "a b", "client order id must be"),
        ("client_order_id", "x" * 49, "client order id must be"),
        ("client_order_id", "(absent)", "client order id must be"),
        ("symbol", "NO-SUCH", "symbol must be one of the instruments, was &#x27;NO-SUCH&#x27;"),
        ("symbol", "\x00", "symbol must be one of the instruments"),
    ],
)
def test_a_bad_field_is_named_and_nothing_is_sent(
    alice: Client, engine: InProcessEngine, field: str, value: str, message: str
) -> None:
    response = submit(alice, **{field: value})
    assert response.status_code == 422
    assert message in text_of(response)
    assert engine.sent == []


def test_a_market_order_needs_no_price_whatever_stands_in_the_field(alice: Client) -> None:
    response = submit(alice, order_type="MARKET", price="what was typed before", time_in_force="IOC")
    assert response.status_code == 200
    assert "Bought" in text_of(response)


def test_a_fill_is_told_with_price_quantity_and_fee(alice: Client) -> None:
    response = submit(alice, price="101.00")
    text = text_of(response)
    assert "Bought" in text
    assert "0.500 BTC at 101.00 USD" in text
    assert "fee 0.10 USD" in text
    assert response["HX-Trigger"] == "orders-changed, balances-changed"


def test_the_same_ticket_twice_is_one_order_and_one_answer(alice: Client) -> None:
    first, second = submit(alice), submit(alice)
    order = Order.objects.get()
    assert f"Order {order.pk}" in text_of(first)
    assert f"Order {order.pk}" in text_of(second)


def test_the_same_id_with_another_body_is_a_conflict_and_gives_a_new_id(alice: Client) -> None:
    submit(alice)
    order = Order.objects.get()
    response = submit(alice, quantity="0.7")
    text = text_of(response)
    assert "ID_REUSED" in text
    assert "This ticket was already sent" in text
    assert f"Order {order.pk}" in text
    assert "Nothing was done" not in text
    assert 'name="client_order_id"' in response.content.decode()
    assert 'value="ticket-1"' not in response.content.decode()
    again = alice.get("/orders/by-client-id/ticket-1/?sent-before", headers=HTMX)
    assert "This ticket was already sent" in text_of(again)
    page = alice.post("/orders/submit/", fields(quantity="0.8"), follow=True)
    assert page.redirect_chain == [(f"/orders/{order.pk}/", 302)]
    assert "This ticket was already sent" in text_of(page)
    assert Order.objects.count() == 1


def test_the_commands_of_a_request_carry_its_id(alice: Client, engine: InProcessEngine) -> None:
    trace_id = "0af7651916cd43dd8448eb211c80319c"
    story = {"traceparent": f"00-{trace_id}-b7ad6b7169203331-01", "X-Request-ID": "story-12345"}
    alice.post("/orders/submit/", fields(), headers=HTMX | story)
    alice.post(f"/orders/{Order.objects.get().pk}/cancel/", headers=HTMX | story)
    alice.post("/ledger/deposit/", {"asset": "USD", "amount": "5", "command_id": "money-1"}, headers=story)
    assert [type(command).__name__ for command in engine.sent] == ["SubmitOrder", "CancelOrder", "Deposit"]
    assert {command.correlation_id for command in engine.sent} == {trace_id}


def test_how_long_a_submit_took_is_counted_by_its_outcome(alice: Client) -> None:
    def count(outcome: str) -> float:
        return REGISTRY.get_sample_value("tredye_orders_submit_seconds_count", {"outcome": outcome}) or 0.0

    before = {outcome: count(outcome) for outcome in ("accepted", "denied", "refused")}
    submit(alice)
    submit(alice, quantity="0.7")
    submit(alice, quantity="0.6", price="0.01", client_order_id="ticket-2")
    assert {outcome: count(outcome) - old for outcome, old in before.items()} == {"accepted": 1, "denied": 1, "refused": 1}


def test_a_complaint_has_a_stable_code_beside_its_sentence(alice: Client) -> None:
    assert '<code class="muted">UNKNOWN_SYMBOL</code>' in text_of(submit(alice, symbol="NO-SUCH"))
    assert "<code>UNKNOWN_SYMBOL</code>" in text_of(alice.post("/orders/submit/", fields(symbol="NO-SUCH")))
    assert '<code class="muted">INVALID_NUMBER</code>' in text_of(submit(alice, quantity="x"))
    assert '<code class="muted">INVALID_FIELD</code>' in text_of(submit(alice, side="HOLD"))


def test_a_definite_answer_gives_the_ticket_a_new_id_and_a_bad_number_does_not(alice: Client) -> None:
    assert 'id="ticket-client-order-id"' in submit(alice).content.decode()
    assert 'id="ticket-client-order-id"' not in submit(alice, quantity="x", client_order_id="ticket-2").content.decode()


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"quantity": "999", "price": "109.00"}, "INSUFFICIENT_FUNDS"),
        ({"side": "SELL", "quantity": "999"}, "INSUFFICIENT_POSITION"),
        ({"price": "900.00"}, "PRICE_COLLAR"),
        ({"quantity": "1.5", "price": "100.00", "time_in_force": "FOK"}, "FOK_NOT_FILLABLE"),
    ],
)
def test_a_decision_against_the_order_is_told_with_its_sentence_and_code(
    alice: Client, changes: dict[str, str], reason: str
) -> None:
    if reason == "FOK_NOT_FILLABLE":
        changes = {**changes, "quantity": "1.5", "price": "100.00"}
    response = submit(alice, **changes)
    assert response.status_code == 200
    assert "was not accepted" in text_of(response)
    assert reason in text_of(response)
    assert Order.objects.get().status in (OrderStatus.DENIED, OrderStatus.REJECTED)


def test_a_halted_instrument_says_so(alice: Client, world: World, engine: InProcessEngine) -> None:
    from apps.commands.types import HaltInstrument
    from tests.engine.world import SYSTEM

    world.do(HaltInstrument(command_id="halt-1", actor=SYSTEM, symbol=SYMBOL, reason="A test"))
    assert Instrument.objects.get(symbol=SYMBOL).trading_state == TradingState.HALTED
    assert "INSTRUMENT_HALTED" in text_of(submit(alice))
    assert "A test" in alice.get(f"/markets/{SYMBOL}/").content.decode()


def test_without_an_answer_it_is_not_known_yet_and_the_ticket_keeps_its_id(
    alice: Client, monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Any
) -> None:
    from apps.commands.client import get_client

    settings.ENGINE_URL = f"unix://{tmp_path}/nobody.sock"
    monkeypatch.setattr("apps.orders.services.get_client", get_client)
    monkeypatch.setattr("apps.orders.services.DEADLINE_S", 0.1)
    response = submit(alice)
    assert response.status_code == 200
    text = response.content.decode()
    assert "Not known yet" in text
    assert re.search(r"checking until <time [^>]*>[0-9:]{8}</time>", text)
    assert 'hx-get="/orders/by-client-id/ticket-1/?asked=' in text
    assert 'id="ticket-client-order-id"' not in text
    plain = alice.post("/orders/submit/", fields())
    assert plain.status_code == 302
    assert plain["Location"].startswith("/orders/by-client-id/ticket-1/?asked=")
    assert "Not known yet" in alice.get(plain["Location"]).content.decode()


def test_a_lost_answer_is_found_by_its_client_order_id(alice: Client, bob: Client, world: World) -> None:
    world.submit(world.alice, "BUY", "0.5", "101.00", command_id="lost-1")
    found = alice.get("/orders/by-client-id/lost-1/", headers=HTMX)
    assert "Bought" in text_of(found)
    assert "HX-Trigger" not in found
    resolved = alice.get("/orders/by-client-id/lost-1/", headers={**HTMX, "HX-Source": "div#order-unknown"})
    assert resolved["HX-Trigger"] == "orders-changed, balances-changed"
    order = Order.objects.get(client_order_id="lost-1")
    page = alice.get("/orders/by-client-id/lost-1/")
    assert page["Location"] == f"/orders/{order.pk}/"
    assert "Not known yet" in text_of(bob.get("/orders/by-client-id/lost-1/", headers=HTMX))


def test_the_result_of_an_order_that_rests_follows_it_until_it_ends(alice: Client, world: World) -> None:
    result = submit(alice, price="95.00").content.decode()
    assert 'hx-get="/orders/by-client-id/ticket-1/"' in result
    world.cancel(world.alice, Order.objects.get().pk)
    ended = alice.get("/orders/by-client-id/ticket-1/", headers=HTMX).content.decode()
    assert "Order was canceled" in ended
    assert "hx-get=" not in ended


def test_without_javascript_an_order_leads_to_its_page_with_a_message(alice: Client) -> None:
    response = alice.post("/orders/submit/", fields(price="101.00"), follow=True)
    order = Order.objects.get()
    assert response.redirect_chain == [(f"/orders/{order.pk}/", 302)]
    assert "Bought." in response.content.decode()


def test_without_javascript_a_bad_number_shows_the_ticket_again_with_what_was_typed(alice: Client) -> None:
    response = alice.post("/orders/submit/", fields(quantity='1e3"><script>'))
    assert response.status_code == 422
    text = response.content.decode()
    assert "quantity must be" in text
    assert 'value="1e3&quot;&gt;&lt;script&gt;"' in text
    assert 'value="ticket-1"' in text


def test_too_many_orders_in_a_second_are_not_sent(
    alice: Client, engine: InProcessEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop_the_clock(monkeypatch)
    answers = [submit(alice, client_order_id=f"fast-{i}", price="90.01") for i in range(25)]
    refused = [answer for answer in answers if answer.status_code == 429]
    assert refused
    assert "TOO_FAST" in text_of(refused[0])
    assert len(engine.sent) == len(answers) - len(refused)
    assert len(engine.sent) <= 20


def test_a_cancel_ends_an_open_order_and_a_second_one_does_no_harm(alice: Client, world: World) -> None:
    order_id = world.submit(world.alice, "BUY", "0.5", "95.00").order_id
    first = alice.post(f"/orders/{order_id}/cancel/", headers=HTMX)
    assert "The order was canceled." in text_of(first)
    assert first["HX-Trigger"] == "orders-changed, balances-changed"
    assert Order.objects.get().status == OrderStatus.CANCELED
    second = alice.post(f"/orders/{order_id}/cancel/", follow=True)
    assert second.redirect_chain == [(f"/orders/{order_id}/", 302)]
    assert "canceled" in second.content.decode()


def test_a_cancel_of_a_filled_order_says_that_it_is_done(alice: Client, world: World) -> None:
    order_id = world.submit(world.alice, "BUY", "0.5", "101.00").order_id
    assert "no longer open" in text_of(alice.post(f"/orders/{order_id}/cancel/", headers=HTMX))


def test_nobody_cancels_the_order_of_somebody_else(bob: Client, support: Client, admin: Client, world: World) -> None:
    order_id = world.submit(world.alice, "BUY", "0.5", "95.00").order_id
    for client in (bob, support, admin):
        assert client.post(f"/orders/{order_id}/cancel/").status_code == 404
    assert Order.objects.get().status == OrderStatus.ACCEPTED


def test_staff_and_visitors_place_no_orders(support: Client, admin: Client, engine: InProcessEngine) -> None:
    for client in (support, admin):
        assert submit(client).status_code == 404
    visitor = submit(Client())
    assert visitor.status_code == 401
    assert visitor["HX-Redirect"] == "/login/"
    assert Client().post("/orders/submit/", fields())["Location"] == "/login/"
    assert engine.sent == []


def test_fields_that_the_ticket_does_not_have_change_nothing(alice: Client, world: World) -> None:
    data = fields() | {"account_id": str(world.bob.pk), "status": "FILLED", "fee": "0", "is_staff": "1"}
    alice.post("/orders/submit/", data, headers=HTMX)
    order = Order.objects.get()
    assert order.account_id == world.alice.pk
    assert order.status == OrderStatus.ACCEPTED

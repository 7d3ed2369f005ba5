"""Where receipts begin: the pages note what they know, without asking the database, and take what browsers tell."""

import json
import re
import time
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from apps.orders.models import Order
from apps.receipts import line as line_module
from apps.receipts import views
from apps.receipts.line import ReceiptLine
from apps.receipts.models import Receipt
from tests.engine.world import SYMBOL, World
from tests.inprocess import InProcessEngine
from tests.prices import seen, set_price
from tests.web.test_ticket import submit


@pytest.fixture
def line(world: World, monkeypatch: pytest.MonkeyPatch) -> ReceiptLine:
    """A line of this test's own; nobody writes but the test. The engine's clock shows today, and a little more: whatever a
    request takes here, it came before the decision."""
    world.clock.advance_ns(time.time_ns() + 20_000_000_000 - world.clock.now_ns())
    world.quote("99.00", "101.00")
    made = ReceiptLine()
    monkeypatch.setattr(line_module, "_line", made)
    return made


def tell(client: Client, *seen: Any, **more: Any) -> int:
    body = json.dumps({"v": 1, "d": seen} | more)
    return client.post("/receipts/", body, content_type="application/json").status_code


def test_an_order_s_receiving_is_noted_before_it_was_committed(alice: Client, line: ReceiptLine) -> None:
    before_us = time.time_ns() // 1000
    shown = submit(alice).content.decode()
    order = Order.objects.get()
    line.flush()
    receipt = Receipt.objects.get()
    assert (receipt.order_id, receipt.account_id, receipt.door) == (order.pk, order.account_id, "PAGE")
    received = re.search(rf'data-receipt="{order.pk}" data-received="(\d+)" data-answered="(\d+)"', shown)
    assert received, shown
    assert before_us <= int(received[1]) <= int(received[2]) <= time.time_ns() // 1000
    assert receipt.received_at is not None
    assert round(receipt.received_at.timestamp() * 1_000_000) == int(received[1])


def test_order_entry_asks_the_database_nothing_for_it(alice: Client, line: ReceiptLine) -> None:
    with CaptureQueriesContext(connection) as queries:
        submit(alice)
    assert not [query["sql"] for query in queries if "receipt" in query["sql"]]
    assert len(line._known) == 1


def test_what_makes_no_order_leaves_nothing(alice: Client, line: ReceiptLine) -> None:
    submit(alice, quantity="x")
    submit(alice, symbol="NO-SUCH", client_order_id="ticket-2")
    alice.get("/orders/by-client-id/ticket-1/")
    assert not line._known


def test_an_order_that_was_denied_has_a_receipt_as_well(alice: Client, line: ReceiptLine) -> None:
    shown = submit(alice, quantity="999", price="100.00").content.decode()
    assert "data-receipt=" in shown
    line.flush()
    assert Receipt.objects.get().order_id == Order.objects.get().pk


def test_both_orders_of_a_pair_have_one(alice: Client, line: ReceiptLine) -> None:
    submit(alice, client_order_id="entry", price="101.00")
    shown = submit(
        alice, client_order_id="pair", side="SELL", order_type="PAIR", price="110.00", pair_stop="STOP", trigger_price="90.00"
    ).content.decode()
    pair = list(Order.objects.exclude(client_order_id="entry").order_by("pk").values_list("pk", flat=True))
    assert len(pair) == 2, shown
    assert f'data-receipt="{pair[0]} {pair[1]}"' in shown
    line.flush()
    assert set(Receipt.objects.values_list("order_id", flat=True)) == {*pair, Order.objects.get(client_order_id="entry").pk}


def test_a_closing_has_one(alice: Client, line: ReceiptLine) -> None:
    submit(alice, price="101.00")
    set_price(SYMBOL, "99.00", "101.00")
    alice.post(f"/orders/close/{SYMBOL}/", {"command_id": "close-1", "confirms": seen("99.00", "101.00")})
    line.flush()
    assert Receipt.objects.filter(order_id=Order.objects.get(client_order_id="close-1").pk, door="PAGE").exists()


def test_the_answer_to_a_repeat_keeps_the_first_receiving(
    alice: Client, line: ReceiptLine, monkeypatch: pytest.MonkeyPatch
) -> None:
    submit(alice)
    line.flush()
    first = Receipt.objects.get().received_at
    submit(alice)
    line.flush()
    assert Receipt.objects.get().received_at == first
    # An answer that was lost: only the second request, seconds later, is heard of the decision.
    Receipt.objects.all().delete()
    now_ns = time.time_ns()
    monkeypatch.setattr("apps.receipts.services.time.time_ns", lambda: now_ns + 60_000_000_000)
    submit(alice)
    line.flush()
    assert not Receipt.objects.exists(), "what was received after the decision is not what was decided"


def test_a_browser_s_claim_comes_to_the_receipt(alice: Client, bob: Client, line: ReceiptLine) -> None:
    submit(alice)
    order = Order.objects.get()
    line.flush()
    received = Receipt.objects.get().received_at
    assert received is not None
    received_us = round(received.timestamp() * 1_000_000)
    assert tell(bob, [order.pk, received_us - 1, received_us + 1]) == 204
    assert tell(alice, [order.pk, received_us - 12_000, received_us + 41_000]) == 204
    line.flush()
    receipt = Receipt.objects.get()
    assert receipt.clicked_at is not None and receipt.painted_at is not None
    assert (receipt.painted_at - receipt.clicked_at).total_seconds() == pytest.approx(0.053)
    page = alice.get(f"/orders/{order.pk}/").content.decode()
    assert "From the click to the exchange 12 ms" in page and "on the screen 53 ms after the click" in page


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b"[]", b"null", b"\xff", b"[" * 3000,
        b'{"v":1}', b'{"v":2,"d":[[1,2,3]]}', b'{"v":1,"d":[]}', b'{"v":1,"d":[[1,2]]}', b'{"v":1,"d":[[1,2,3,4]]}',
        b'{"v":1,"d":[["1",2,3]]}', b'{"v":1,"d":[[1.5,2,3]]}', b'{"v":1,"d":[[0,2,3]]}', b'{"v":1,"d":[[1,-2,3]]}',
        b'{"v":1,"d":[[9223372036854775808,2,3]]}', b'{"v":1,"d":[[1,2,4102444800000000]]}', b'{"v":1,"d":[[1,2,3]],"account":7}',
        json.dumps({"v": 1, "d": [[1, 2, 3]] * 21}).encode(),
    ],
)  # fmt: skip
def test_what_is_not_exactly_a_claim_is_refused(alice: Client, line: ReceiptLine, body: bytes) -> None:
    assert alice.post("/receipts/", body, content_type="application/json").status_code == 400
    assert not line._claims


def test_a_claim_too_large_is_not_read(alice: Client, line: ReceiptLine) -> None:
    body = b'{"v":1,"d":[[1,2,3]]}'.ljust(views.BODY_BYTES_MAX + 1)
    assert alice.post("/receipts/", body, content_type="application/json").status_code == 413


def test_an_account_may_claim_so_often(alice: Client, bob: Client, line: ReceiptLine) -> None:
    assert [tell(alice, [1, None, None]) for _ in range(2)] == [204, 204]
    assert tell(alice, [1, None, None]) == 429
    assert tell(bob, [1, None, None]) == 204


def test_the_script_is_where_the_ticket_is_and_knows_where_to_tell(alice: Client, world: World, engine: InProcessEngine) -> None:
    page = alice.get(f"/markets/{SYMBOL}/").content.decode()
    assert "orders/receipt" in page and 'data-receipts-url="/receipts/"' in page
    assert "orders/receipt" not in Client().get(f"/markets/{SYMBOL}/").content.decode()


def test_a_result_that_is_asked_for_again_claims_no_click(alice: Client, line: ReceiptLine) -> None:
    submit(alice)
    again = alice.get("/orders/by-client-id/ticket-1/", headers={"HX-Request": "true"}).content.decode()
    assert "result" in again and "data-receipt=" not in again

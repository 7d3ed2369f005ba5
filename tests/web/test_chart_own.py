"""What an account has on a chart: ``GET /orders/chart/``, and the amend and cancel of its lines, as JSON."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from apps.commands.rate import TooFastError
from apps.core.numbers import plain
from apps.orders import selectors_chart
from apps.orders.models import AccountEvent, Order, Trade
from apps.orders.selectors_chart import list_chart_fills
from tests.engine.world import SYMBOL, World
from tests.pages import counted_queries
from tests.web.test_changing_orders import placed, unavailable
from tests.web.test_ticket import submit

JSON = {"Accept": "application/json"}


def chart(client: Client, query: str = "") -> dict[str, Any]:
    response = client.get(f"/orders/chart/?symbol={SYMBOL}{query}")
    assert response.status_code == 200
    body: dict[str, Any] = response.json()
    return body


def amended(client: Client, order_id: int, command_id: str = "drag-1", **changes: str) -> Any:
    before = {"quantity": "2", "price": "90"}
    body = {f"initial-{name}": value for name, value in before.items()} | before | {"command_id": command_id} | changes
    return client.post(f"/orders/{order_id}/amend/", body, headers=JSON)


def test_open_orders_and_fills_are_told_as_text(alice: Client, world: World) -> None:
    order_id = placed(alice)
    assert submit(alice, order_type="MARKET", quantity="1", price="", client_order_id="market").status_code == 200
    body = chart(alice)
    assert [(order["id"], order["side"], order["label"], order["price"]) for order in body["orders"]] == [
        (order_id, "BUY", "Limit", "90")
    ]
    assert body["orders"][0]["movable"] == ["price"]
    [fill] = body["fills"]
    assert fill[2:5] == ["BUY", "101", "1"]
    assert fill[5] == Order.objects.latest("id").pk
    newest = AccountEvent.objects.filter(account=world.alice).latest("account_sequence")
    assert body["account_sequence"] == newest.account_sequence


def test_the_own_prints_are_known_by_what_the_tape_tells_of_them(alice: Client, bob: Client) -> None:
    """As ``apps/realtime`` writes a print: the instant in whole milliseconds, price and quantity as plain text."""
    for number, quantity in enumerate(("1", "0.5")):
        submit(alice, order_type="MARKET", quantity=quantity, price="", client_order_id=f"m-{number}")
    prints = alice.get(f"/orders/prints/?symbol={SYMBOL}")
    trades = [(trade.at, plain(trade.price), plain(trade.quantity)) for trade in Trade.objects.order_by("id")]
    assert len(trades) == 2
    assert prints.json()["fills"] == [[round(at.timestamp() * 1e6) // 1000, *numbers] for at, *numbers in trades]
    assert prints["Cache-Control"] == "no-store"
    assert bob.get(f"/orders/prints/?symbol={SYMBOL}").json() == {"fills": []}
    for query in ("", "?symbol=OTHER", "?symbol=%00"):
        assert alice.get(f"/orders/prints/{query}").json() == {"fills": []}
    assert f'data-own-prints="/orders/prints/?symbol={SYMBOL}"' in alice.get(f"/markets/{SYMBOL}/").content.decode()
    assert "data-own-prints" not in Client().get(f"/markets/{SYMBOL}/").content.decode()


def test_the_own_prints_are_the_newest_and_no_more_than_a_tape_has_rows(world: World, alice: Client) -> None:
    first = events(world, 200, apart_s=60)
    fills = alice.get(f"/orders/prints/?symbol={SYMBOL}").json()["fills"]
    assert len(fills) == 40
    assert fills[-1] == [int((first + timedelta(minutes=198)).timestamp()) * 1000, "10", "1"]


def test_another_account_and_another_instrument_have_nothing_here(alice: Client, bob: Client) -> None:
    placed(alice)
    submit(alice, order_type="MARKET", quantity="1", price="", client_order_id="market")
    theirs = chart(bob)
    assert (theirs["fills"], theirs["orders"]) == ([], [])
    assert alice.get("/orders/chart/?symbol=OTHER").json()["orders"] == []
    assert alice.get("/orders/chart/?symbol=OTHER").json()["fills"] == []
    assert alice.get("/orders/chart/").json()["orders"] == []


def test_a_stop_has_its_trigger_to_move_and_a_trailing_one_nothing(alice: Client) -> None:
    submit(alice, order_type="STOP_LIMIT", trigger_price="120", price="121", quantity="1", client_order_id="stop")
    submit(alice, order_type="TRAILING_STOP", trail="5", price="", quantity="1", client_order_id="trail")
    orders = {order["label"]: order for order in chart(alice)["orders"]}
    assert orders["Stop limit"]["movable"] == ["price", "trigger_price"]
    assert (orders["Stop limit"]["trigger_price"], orders["Stop limit"]["waiting"]) == ("120", True)
    assert orders["Trailing stop"]["movable"] == []
    assert orders["Trailing stop"]["trigger_price"] != ""


@pytest.mark.parametrize("query", ["&from=-1", "&from=x", "&to=1.5", "&to=99999999999", "&from=１２"])
def test_a_bad_second_is_named(alice: Client, query: str) -> None:
    response = alice.get(f"/orders/chart/?symbol={SYMBOL}{query}")
    assert response.status_code == 400
    assert response.json()["error"]["field"] in query


def events(world: World, count: int, *, apart_s: int) -> datetime:
    """Fills of alice, one every ``apart_s`` seconds, between other events; returns the instant of the first."""
    first = datetime(2026, 1, 1, tzinfo=UTC)
    start = AccountEvent.objects.filter(account=world.alice).count()
    AccountEvent.objects.bulk_create(
        AccountEvent(
            id=10**9 + n,
            account=world.alice,
            account_sequence=start + n + 1,
            epoch=1,
            order_id=77,
            type="ORDER_FILLED" if n % 2 == 0 else "ORDER_ACCEPTED",
            data={"symbol": SYMBOL, "side": "BUY", "price": "10", "quantity": "1", "trade_id": n},
            at=first + timedelta(seconds=n * apart_s),
        )
        for n in range(count)
    )
    return first


def test_a_stretch_of_time_is_found_wherever_it_lies(world: World) -> None:
    first = events(world, 900, apart_s=3600)
    for begin in (0, 100, 888):
        start, until = first + timedelta(hours=begin), first + timedelta(hours=begin + 11)
        fills = list_chart_fills(world.alice.pk, SYMBOL, start, until)
        wanted = [n for n in range(900) if n % 2 == 0 and begin <= n < begin + 11]
        assert [fill.trade_id for fill in fills] == wanted
    assert list_chart_fills(world.alice.pk, SYMBOL, first - timedelta(days=9), first) == ()


def test_the_newest_fills_are_told_and_the_walk_is_bounded(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    first = events(world, 1200, apart_s=60)
    later = first + timedelta(days=30)
    fills = list_chart_fills(world.alice.pk, SYMBOL, first, later)
    assert [fill.trade_id for fill in fills] == list(range(200, 1200, 2))
    monkeypatch.setattr(selectors_chart, "WALK_MAX", 100)
    assert len(list_chart_fills(world.alice.pk, SYMBOL, first, later)) == 50


def test_it_asks_the_same_of_postgres_however_much_there_is(alice: Client, world: World) -> None:
    placed(alice)
    chart(alice)
    counts = []
    for more in (0, 700):
        events(world, more, apart_s=1)
        with counted_queries() as queries:
            chart(alice)
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 7


def test_a_dragged_line_amends_once(alice: Client) -> None:
    order_id = placed(alice)
    for _ in range(2):  # the same id again has the same answer
        response = amended(alice, order_id, price="91.5")
        assert response.status_code == 200
        assert response.json()["outcome"] == "done"
        assert "The order was amended." in response.json()["text"]
    assert chart(alice)["orders"][0]["price"] == "91.5"
    assert AccountEvent.objects.filter(order_id=order_id, type="ORDER_AMENDED").count() == 1
    assert list(alice.get("/orders/").context["messages"]) == []  # it was told where it was done


def test_a_refused_amendment_says_why_and_changes_nothing(alice: Client) -> None:
    order_id = placed(alice)
    off_step = amended(alice, order_id, price="91.501")
    assert (off_step.status_code, off_step.json()["outcome"]) == (422, "refused")
    assert "price must be a multiple of" in off_step.json()["text"]
    dear = amended(alice, order_id, "drag-2", price="90", quantity="5000")
    assert (dear.status_code, dear.json()["outcome"]) == (422, "refused")
    assert dear.json()["text"]
    assert chart(alice)["orders"][0]["price"] == "90"


def test_an_answer_that_is_lost_is_unknown_until_it_is_found(alice: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    order_id = placed(alice)
    with monkeypatch.context() as patched:
        unavailable(patched)
        response = amended(alice, order_id, price="91")
        assert (response.status_code, response.json()["outcome"]) == (503, "unknown")
        assert alice.get("/orders/asked/drag-1/", headers=JSON).json()["outcome"] == "unknown"
        canceled = alice.post(f"/orders/{order_id}/cancel/", headers=JSON)
        assert (canceled.status_code, canceled.json()["outcome"]) == (503, "unknown")
    assert amended(alice, order_id, price="91").json()["outcome"] == "done"
    assert alice.get("/orders/asked/drag-1/", headers=JSON).json()["outcome"] == "done"


def test_too_fast_is_refused(alice: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    order_id = placed(alice)

    def too_fast(**_: object) -> None:
        raise TooFastError(1)

    monkeypatch.setattr("apps.orders.views.amend.amend_order", too_fast)
    response = amended(alice, order_id, price="91")
    assert (response.status_code, response.json()["outcome"]) == (429, "refused")


def test_a_line_is_canceled_and_an_ended_one_says_so(alice: Client, bob: Client) -> None:
    order_id = placed(alice)
    assert bob.post(f"/orders/{order_id}/cancel/", headers=JSON).status_code == 404
    first, second = (alice.post(f"/orders/{order_id}/cancel/", headers=JSON).json() for _ in range(2))
    assert first == {"outcome": "done", "text": "The order was canceled."}
    assert second["outcome"] in ("done", "refused") and second["text"]
    assert chart(alice)["orders"] == []


def test_the_page_has_the_chart_of_its_interval(alice: Client, client: Client) -> None:
    page = alice.get(f"/markets/{SYMBOL}/?interval=4h").content.decode()
    assert 'data-code="4h" data-seconds="14400" data-interval="1h" data-base-seconds="3600"' in page
    assert re.search(r'data-code="4h"[^>]*aria-current="true"', page)
    assert 'data-zone="UTC"' in page
    assert "/orders/chart/" in page
    visitor = client.get(f"/markets/{SYMBOL}/?interval=nope").content.decode()
    assert 'data-code="1m" data-seconds="60"' in visitor
    assert "data-chart-own" not in visitor

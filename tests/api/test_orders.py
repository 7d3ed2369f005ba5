"""Orders of programs, through real servers to a real engine: placed, looked up, changed, canceled, and never twice."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from apps.commands.types import AmendOrder
from apps.engine.matching import venue
from tests.api.world import ApiWorld, Person, an_order
from tests.realtime.conftest import Server, until

pytestmark = pytest.mark.processes

_RECEIPT = """SELECT door, clicked_at, received_at, (SELECT created_at FROM orders_order WHERE id = order_id), pushed_at,
                     painted_at
              FROM receipts_receipt WHERE account_id = %s AND order_id = %s"""


def receipt_row(world: ApiWorld, person: Person, order_id: int) -> Any:
    """Door, clicked, received, committed, pushed, painted; None while there is no receipt."""
    return world.database.execute(_RECEIPT, [person.account_id, order_id]).fetchone()


def test_an_order_is_placed_looked_up_and_canceled(api_world: ApiWorld, server: Server) -> None:
    person = api_world.person()
    key = person.bearer()
    placed = api_world.ask(server, "POST", "/api/v1/orders", key, an_order("first"))
    assert placed.status == 200, placed.raw
    order = placed.json
    assert (order["client_order_id"], order["status"], order["leaves_quantity"]) == ("first", "ACCEPTED", "0.01")

    by_id = api_world.ask(server, "GET", f"/api/v1/orders/{order['order_id']}", key)
    by_client_id = api_world.ask(server, "GET", "/api/v1/orders/by-client-id/first", key)
    assert by_id.status == by_client_id.status == 200
    assert by_id.json == by_client_id.json
    shared = order.keys() & by_id.json.keys()
    assert {name: by_id.json[name] for name in shared} == {name: order[name] for name in shared}
    assert by_id.json["placed_at"] == order["at"]
    listed = api_world.ask(server, "GET", "/api/v1/orders", key).json
    assert [each["order_id"] for each in listed["orders"]] == [order["order_id"]]
    assert listed["next_before"] is None

    canceled = api_world.ask(server, "POST", "/api/v1/orders/cancel", key, {"client_order_id": "first"})
    assert (canceled.status, canceled.json["status"]) == (200, "CANCELED"), canceled.raw
    assert api_world.ask(server, "GET", "/api/v1/orders", key).json["orders"] == []
    again = api_world.ask(server, "POST", "/api/v1/orders/cancel", key, {"order_id": order["order_id"]})
    assert again.json == canceled.json, "the second cancel is the first"


def test_a_fill_is_told_with_its_price_and_fee(api_world: ApiWorld, uvicorn: Server) -> None:
    key = api_world.person().bearer()
    bought = api_world.ask(uvicorn, "POST", "/api/v1/orders", key, an_order(order_type="MARKET", price=None)).json
    assert (bought["status"], bought["average_price"]) == ("FILLED", "100.5"), bought
    (fill,) = bought["fills"]
    assert (fill["price"], fill["quantity"], fill["liquidity_side"]) == ("100.5", "0.01", "TAKER")
    stored = api_world.ask(uvicorn, "GET", f"/api/v1/orders/{bought['order_id']}", key).json
    assert [{name: each[name] for name in fill} for each in stored["fills"]] == [fill]
    assert (stored["fee"], stored["average_price"]) == (bought["fee"], bought["average_price"])


def test_the_same_order_twice_is_one_order_and_another_body_is_refused(api_world: ApiWorld, server: Server) -> None:
    person = api_world.person()
    key, order = person.bearer(), an_order("once")
    first = api_world.ask(server, "POST", "/api/v1/orders", key, order)
    second = api_world.ask(server, "POST", "/api/v1/orders", person.bearer(), {**order, "price": "95.0"})
    assert first.json == second.json
    other = api_world.ask(server, "POST", "/api/v1/orders", key, {**order, "price": "94.99"})
    assert (other.status, other.code) == (409, "ID_REUSED")
    assert api_world.orders_of(person) == [("once", "ACCEPTED")]


def test_thirty_at_once_with_one_id_are_one_order(api_world: ApiWorld, uvicorn: Server) -> None:
    person = api_world.person()
    key, order = person.bearer(), an_order("race")
    with ThreadPoolExecutor(15) as pool:
        answers = list(pool.map(lambda _: api_world.ask(uvicorn, "POST", "/api/v1/orders", key, order), range(30)))
    assert {answer.status for answer in answers} == {200}
    assert len({answer.raw for answer in answers}) == 1
    assert api_world.orders_of(person) == [("race", "ACCEPTED")]


def test_two_accounts_may_use_one_id_at_once_and_each_gets_its_own_answer(api_world: ApiWorld, uvicorn: Server) -> None:
    people = [api_world.person() for _ in range(8)]
    keys = [person.bearer() for person in people]
    body = [an_order("same", quantity=f"0.0{number + 1}") for number in range(8)]
    with ThreadPoolExecutor(8) as pool:
        for _ in range(5):
            answers = list(pool.map(lambda n: api_world.ask(uvicorn, "POST", "/api/v1/orders", keys[n], body[n]).json, range(8)))
            assert [answer["quantity"] for answer in answers] == [each["quantity"] for each in body]
    assert [api_world.orders_of(person) for person in people] == [[("same", "ACCEPTED")]] * 8


def test_a_list_gets_a_result_for_each_in_their_order(api_world: ApiWorld, server: Server) -> None:
    person = api_world.person()
    bad, unknown, denied = an_order("b", quantity="x"), an_order("c", symbol="NO-SUCH"), an_order("d", price="1")
    orders = [an_order("a"), bad, unknown, an_order("a"), denied]
    answer = api_world.ask(server, "POST", "/api/v1/orders", person.bearer(), {"orders": orders})
    assert answer.status == 200, answer.raw
    results = answer.json["results"]
    assert [result["status"] for result in results] == [200, 400, 400, 200, 200]
    assert results[0] == results[3], "the same order twice in one list is one order"
    assert results[1]["problem"]["field"] == "quantity"
    assert results[1]["problem"]["value"] == "'x'"
    assert results[2]["problem"]["code"] == "UNKNOWN_SYMBOL"
    assert (results[4]["order"]["status"], results[4]["order"]["reason"]) == ("DENIED", "PRICE_COLLAR")
    assert results[4]["order"]["sentence"] == "The price is too far from the market."
    ids = [{"client_order_id": "a"}, {"client_order_id": "never"}, {"order_id": results[4]["order"]["order_id"]}]
    canceled = api_world.ask(server, "POST", "/api/v1/orders/cancel", person.bearer(), {"cancels": ids}).json["results"]
    assert [result["status"] for result in canceled] == [200, 404, 200]
    assert canceled[2]["order"]["reason"] == "ORDER_NOT_OPEN"


def test_a_hundred_are_taken_at_once_and_one_more_is_not(api_world: ApiWorld, uvicorn: Server) -> None:
    person = api_world.person()
    orders = [an_order(f"n-{number}") for number in range(100)]
    answer = api_world.ask(uvicorn, "POST", "/api/v1/orders", person.bearer(), {"orders": orders})
    assert [result["order"]["client_order_id"] for result in answer.json["results"]] == [f"n-{n}" for n in range(100)]
    assert api_world.orders_of(person) == [(f"n-{n}", "ACCEPTED") for n in range(100)], "the engine had them in their order"
    refused = api_world.ask(uvicorn, "POST", "/api/v1/orders", person.bearer(), {"orders": [*orders, an_order()]})
    assert (refused.status, refused.json["field"], refused.json["value"]) == (400, "orders", "101 of them")


def test_open_orders_are_listed_a_page_at_a_time(api_world: ApiWorld, uvicorn: Server) -> None:
    key = api_world.person().bearer()
    orders = [an_order(f"n-{number}") for number in range(7)]
    api_world.ask(uvicorn, "POST", "/api/v1/orders", key, {"orders": orders})
    seen, before = [], ""
    for _ in range(3):
        page = api_world.ask(uvicorn, "GET", f"/api/v1/orders?limit=3&symbol=BTC-USD{before}", key).json
        seen.append([each["client_order_id"] for each in page["orders"]])
        before = f"&before={page['next_before']}"
    assert seen == [["n-6", "n-5", "n-4"], ["n-3", "n-2", "n-1"], ["n-0"]]
    assert page["next_before"] is None
    assert api_world.ask(uvicorn, "GET", "/api/v1/orders?symbol=ETH-USD", key).json["orders"] == []


def test_an_amended_order_has_its_new_price_and_the_same_change_twice_is_one(api_world: ApiWorld, uvicorn: Server) -> None:
    if AmendOrder not in venue._HANDLERS:
        pytest.skip("the engine has no handler of amendments yet")
    key = api_world.person().bearer()
    order = api_world.ask(uvicorn, "POST", "/api/v1/orders", key, an_order("moved")).json
    change = {"client_order_id": "moved", "change_id": uuid.uuid4().hex, "price": "94.00", "quantity": "0.02"}
    first = api_world.ask(uvicorn, "POST", "/api/v1/orders/amend", key, change)
    assert first.status == 200, first.raw
    assert (first.json["price"], first.json["quantity"], first.json["kept_priority"]) == ("94", "0.02", False)
    assert api_world.ask(uvicorn, "POST", "/api/v1/orders/amend", key, change).json == first.json
    stored = api_world.ask(uvicorn, "GET", f"/api/v1/orders/{order['order_id']}", key).json
    assert (stored["price"], stored["quantity"], stored["status"]) == ("94", "0.02", "ACCEPTED")
    other = api_world.ask(uvicorn, "POST", "/api/v1/orders/amend", key, {**change, "price": "93.00"})
    assert (other.status, other.code) == (409, "ID_REUSED")


def test_a_program_s_order_has_a_receipt_without_a_click(api_world: ApiWorld, server: Server) -> None:
    person = api_world.person()
    order = api_world.ask(server, "POST", "/api/v1/orders", person.bearer(), an_order()).json
    door, clicked, received, committed, pushed, painted = until(
        lambda: receipt_row(api_world, person, order["order_id"]), "the receipt is written"
    )
    assert (door, clicked, pushed, painted) == ("PROGRAM", None, None, None)
    assert received <= committed
    page = api_world.ask(server, "GET", f"/orders/{order['order_id']}/", person.cookies).raw.decode()
    assert "A program sent the order: there was no click, and no screen." in page


def test_several_orders_of_a_request_were_received_together(api_world: ApiWorld, uvicorn: Server) -> None:
    person = api_world.person()
    names = [uuid.uuid4().hex for _ in range(5)]
    body = {"orders": [an_order(name) for name in names] + [an_order(quantity="x")]}
    results = api_world.ask(uvicorn, "POST", "/api/v1/orders", person.bearer(), body).json["results"]
    ids = [result["order"]["order_id"] for result in results[:5]]
    until(lambda: all(receipt_row(api_world, person, order_id) for order_id in ids), "the receipts are written")
    rows = [receipt_row(api_world, person, order_id) for order_id in ids]
    assert len({received for _, _, received, *_ in rows}) == 1
    assert all(received <= committed for _, _, received, committed, *_ in rows)

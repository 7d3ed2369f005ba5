"""What programs ask for beyond single orders, through real servers to a real engine: each done once and told in full."""

import time
import uuid
from datetime import datetime
from typing import Any

import pytest

from apps.api import limits
from apps.commands.types import Deposit, OpenAccount
from tests.api.conftest import server_of
from tests.api.world import ApiWorld, Person, an_order
from tests.engine.world import SYMBOL, SYSTEM
from tests.realtime.conftest import Server, until

pytestmark = pytest.mark.processes

ORDERS, PAIRS, CLOSE, SWITCH = "/api/v1/orders", "/api/v1/pairs", "/api/v1/positions/close", "/api/v1/dead-mans-switch"


def a_pair(client_order_id: str = "", **changes: Any) -> dict[str, Any]:
    """To sell at 105, or when it falls to 95."""
    return {
        "client_order_id": client_order_id or uuid.uuid4().hex,
        "symbol": SYMBOL,
        "side": "SELL",
        "quantity": "0.01",
        "first": {"order_type": "LIMIT", "price": "105.00"},
        "second": {"order_type": "STOP", "trigger_price": "95.00"},
    } | changes


def somebody_with_dollars(world: ApiWorld) -> Person:
    """A customer without any position."""
    person = world.person(funded=False)
    client = world.engines.client
    client.send(OpenAccount(command_id=f"open-{person.account_id}", actor=SYSTEM, account_id=person.account_id), deadline_s=10)
    client.send(
        Deposit(command_id=f"usd-{person.account_id}", actor=SYSTEM, account_id=person.account_id, asset="USD", amount="1000")
    )
    return person


def test_the_orders_of_a_pair_are_found_amended_and_canceled_by_their_own_names(api_world: ApiWorld, server: Server) -> None:
    person, stranger = api_world.person(), api_world.person()
    key = person.bearer()
    limit, stop = api_world.ask(server, "POST", PAIRS, key, a_pair("named")).json["orders"]
    assert [each["client_order_id"] for each in (limit, stop)] == [f"{limit['order_id']}.1", f"{limit['order_id']}.2"]
    for each in (limit, stop):
        address = f"{ORDERS}/by-client-id/{each['client_order_id']}"
        assert api_world.ask(server, "GET", address, key).json["order_id"] == each["order_id"]
        assert api_world.ask(server, "GET", address, stranger.bearer()).code == "UNKNOWN_ORDER"
    change = {"client_order_id": limit["client_order_id"], "change_id": "c", "price": "106"}
    amended = api_world.ask(server, "POST", f"{ORDERS}/amend", key, change)
    assert (amended.status, amended.json["price"], amended.json["order_id"]) == (200, "106", limit["order_id"]), amended.raw
    cancel = {"client_order_id": stop["client_order_id"]}
    assert api_world.ask(server, "POST", f"{ORDERS}/cancel", stranger.bearer(), cancel).code == "UNKNOWN_ORDER"
    canceled = api_world.ask(server, "POST", f"{ORDERS}/cancel", key, cancel)
    assert (canceled.status, canceled.json["status"], open_ids(api_world, server, key)) == (200, "CANCELED", [])
    for name in ("12.", ".1", "0.1", "a.1", "12.10", "12.0"):
        refused = api_world.ask(server, "POST", f"{ORDERS}/cancel", key, {"client_order_id": name})
        assert (refused.status, refused.code) == (400, "INVALID_FIELD"), name
    placed = api_world.ask(server, "POST", ORDERS, key, an_order(stop["client_order_id"]))
    assert (placed.status, placed.code) == (400, "INVALID_FIELD")


def open_ids(world: ApiWorld, server: Server, key: dict[str, str]) -> list[str]:
    return [each["client_order_id"] for each in world.ask(server, "GET", ORDERS, key).json["orders"]]


def test_a_pair_is_two_orders_that_cancel_each_other_and_is_placed_once(api_world: ApiWorld, server: Server) -> None:
    person = api_world.person()
    key = person.bearer()
    placed = api_world.ask(server, "POST", PAIRS, key, a_pair("both"))
    assert placed.status == 200, placed.raw
    limit, stop = placed.json["orders"]
    assert (limit["order_type"], limit["status"], limit["price"]) == ("LIMIT", "ACCEPTED", "105")
    assert (stop["order_type"], stop["status"], placed.json["reason"]) == ("STOP", "WAITING", "")
    assert api_world.ask(server, "POST", PAIRS, key, a_pair("both")).json == placed.json
    assert api_world.ask(server, "GET", f"{PAIRS}/by-client-id/both", key).json == placed.json
    other = api_world.ask(server, "POST", PAIRS, key, a_pair("both", quantity="0.02"))
    assert (other.status, other.code) == (409, "ID_REUSED")
    assert len(api_world.orders_of(person)) == 2

    api_world.ask(server, "POST", f"{ORDERS}/cancel", key, {"order_id": stop["order_id"]})
    ended = api_world.ask(server, "GET", f"{ORDERS}/{limit['order_id']}", key).json
    assert (ended["status"], ended["reason"]) == ("CANCELED", "LINKED_ORDER_ENDED")


def test_a_pair_that_cannot_be_is_told_by_its_member_or_its_reason(api_world: ApiWorld, uvicorn: Server) -> None:
    person = api_world.person()
    stop = {"order_type": "STOP", "trigger_price": "200.00"}
    wrong = [
        (a_pair(second=None), "second"),
        (a_pair(second={"order_type": "STOP", "trigger_price": 95}), "second.trigger_price"),
        (a_pair(first={"order_type": "STOP", "color": "red"}), "first.color"),
        (a_pair(first={"order_type": "MARKET"}), "second"),
        (a_pair(price="100"), "price"),
    ]
    answers = api_world.ask(
        uvicorn, "POST", PAIRS, person.bearer(), {"pairs": [*(body for body, _ in wrong), a_pair(second=stop)]}
    )
    *refused, denied = answers.json["results"]
    assert [(each["status"], each["problem"]["field"]) for each in refused] == [(400, field) for _, field in wrong]
    assert (denied["status"], denied["pair"]["reason"]) == (200, "TRIGGER_REACHED")
    assert {order["status"] for order in denied["pair"]["orders"]} == {"REJECTED"}


def test_an_order_with_exits_of_every_kind_has_them_when_it_fills(api_world: ApiWorld, uvicorn: Server) -> None:
    key = api_world.person().bearer()
    legs = [
        ({"order_type": "LIMIT", "price": "105.00"}, {"order_type": "TRAILING_STOP", "trail_bps": 500}),
        (
            {"order_type": "TAKE_PROFIT", "trigger_price": "105.00"},
            {"order_type": "STOP_LIMIT", "trigger_price": "95.00", "price": "94.00"},
        ),
    ]
    for target, stop in legs:
        bracket = {"target": target, "stop": stop}
        bought = api_world.ask(uvicorn, "POST", ORDERS, key, an_order(order_type="MARKET", price=None, bracket=bracket))
        assert (bought.status, bought.json["status"]) == (200, "FILLED"), bought.raw
    listed = api_world.ask(uvicorn, "GET", ORDERS, key).json["orders"]
    assert sorted(each["order_type"] for each in listed) == ["LIMIT", "STOP_LIMIT", "TAKE_PROFIT", "TRAILING_STOP"]


def test_cancel_all_takes_what_it_names_once(api_world: ApiWorld, server: Server) -> None:
    key = api_world.person().bearer()
    orders = [an_order("b1"), an_order("b2"), an_order("s1", side="SELL", price="105.00")]
    api_world.ask(server, "POST", ORDERS, key, {"orders": orders})
    buys = {"cancel_id": "c-1", "side": "BUY", "symbol": SYMBOL}
    canceled = api_world.ask(server, "POST", f"{ORDERS}/cancel-all", key, buys)
    assert canceled.status == 200, canceled.raw
    assert len(canceled.json["order_ids"]) == 2
    assert open_ids(api_world, server, key) == ["s1"]
    api_world.ask(server, "POST", ORDERS, key, an_order("b3"))
    assert api_world.ask(server, "POST", f"{ORDERS}/cancel-all", key, buys).json == canceled.json, "a repeat is the same cancel"
    assert open_ids(api_world, server, key) == ["b3", "s1"]
    assert api_world.ask(server, "POST", f"{ORDERS}/cancel-all", key, {"cancel_id": "c-1"}).code == "ID_REUSED"
    assert len(api_world.ask(server, "POST", f"{ORDERS}/cancel-all", key, {"cancel_id": "c-2"}).json["order_ids"]) == 2
    unknown = api_world.ask(server, "POST", f"{ORDERS}/cancel-all", key, {"cancel_id": "c-3", "symbol": "NO-SUCH"})
    assert (unknown.status, unknown.code) == (400, "UNKNOWN_SYMBOL")


def test_closing_sells_what_there_is_once(api_world: ApiWorld, server: Server) -> None:
    key = somebody_with_dollars(api_world).bearer()
    nothing = api_world.ask(server, "POST", CLOSE, key, {"client_order_id": "none", "symbol": SYMBOL})
    assert nothing.status == 200, nothing.raw
    assert (nothing.json["status"], nothing.json["reason"], nothing.json["order_id"]) == ("DENIED", "NOTHING_TO_CLOSE", None)
    api_world.ask(server, "POST", ORDERS, key, an_order("in", order_type="MARKET", price=None, quantity="0.05"))
    api_world.ask(server, "POST", ORDERS, key, an_order("out", side="SELL", price="105.00", quantity="0.02"))
    closed = api_world.ask(server, "POST", CLOSE, key, {"client_order_id": "flat", "symbol": SYMBOL})
    assert (closed.json["status"], closed.json["filled_quantity"]) == ("FILLED", "0.05"), closed.raw
    assert api_world.ask(server, "POST", CLOSE, key, {"client_order_id": "flat", "symbol": SYMBOL}).json == closed.json
    assert api_world.ask(server, "GET", f"{ORDERS}/by-client-id/out", key).json["reason"] == "POSITION_CLOSED"
    assert api_world.ask(server, "GET", f"{ORDERS}/by-client-id/flat", key).json["order_id"] == closed.json["order_id"]


def test_a_preview_decides_nothing_and_needs_no_right_to_trade(api_world: ApiWorld, server: Server) -> None:
    person = somebody_with_dollars(api_world)
    body = an_order(order_type="MARKET", price=None, quantity="9")
    del body["client_order_id"]
    seen = api_world.ask(server, "POST", f"{ORDERS}/preview", person.bearer("READ"), body)
    assert seen.status == 200, seen.raw
    assert (seen.json["status"], seen.json["average_price"], seen.json["worst_price"]) == ("FILLED", "100.51444444", "100.53")
    assert [each["code"] for each in seen.json["warnings"]] == ["MOST_OF_FUNDS"]
    assert "nine tenths" in seen.json["warnings"][0]["sentence"]
    poor = api_world.ask(server, "POST", f"{ORDERS}/preview", person.bearer("READ"), {**body, "quantity": "99"}).json
    assert (poor["status"], poor["reason"]) == ("DENIED", "INSUFFICIENT_FUNDS")
    assert api_world.ask(server, "POST", f"{ORDERS}/preview", person.bearer(), {**body, "quantity": "x"}).code == "INVALID_NUMBER"
    assert api_world.orders_of(person) == []


# --- The dead man's switch ------------------------------------------------------------------------------------------------------


def test_what_is_not_renewed_cancels_all_and_says_so(api_world: ApiWorld, server: Server) -> None:
    key = api_world.person().bearer()
    assert api_world.ask(server, "GET", SWITCH, key).json.items() >= {"fires_at": None, "last_fired": None}.items()
    api_world.ask(server, "POST", ORDERS, key, {"orders": [an_order("one"), an_order("two")]})
    armed = api_world.ask(server, "POST", SWITCH, key, {"seconds": 2})
    assert armed.status == 200, armed.raw
    assert api_world.ask(server, "GET", SWITCH, key).json["fires_at"] == armed.json["fires_at"]
    since = datetime.fromisoformat(armed.json["fires_at"]) - datetime.fromisoformat(armed.json["at"])
    assert since.total_seconds() == 2

    until(lambda: open_ids(api_world, server, key) == [], "both are canceled")
    assert api_world.ask(server, "GET", f"{ORDERS}/by-client-id/one", key).json["reason"] == "CANCELED_BY_DEAD_MANS_SWITCH"
    told = api_world.ask(server, "GET", SWITCH, key).json
    assert (told["fires_at"], told["last_fired"]["canceled"]) == (None, 2)
    assert told["last_fired"]["at"] >= armed.json["fires_at"]


def test_renewing_puts_it_off_and_zero_switches_it_off(api_world: ApiWorld, uvicorn: Server) -> None:
    key = api_world.person().bearer()
    api_world.ask(uvicorn, "POST", ORDERS, key, an_order("kept"))
    began, renewed = time.monotonic(), 0
    while time.monotonic() - began < 3.5:  # longer than one term of it
        assert api_world.ask(uvicorn, "POST", SWITCH, key, {"seconds": 2}).status == 200
        renewed += 1
        time.sleep(0.4)
    assert renewed > 3
    off = api_world.ask(uvicorn, "POST", SWITCH, key, {"seconds": 0})
    assert (off.json["seconds"], off.json["fires_at"]) == (0, None)
    time.sleep(2.5)  # it would have fired by now
    assert open_ids(api_world, uvicorn, key) == ["kept"]
    assert api_world.ask(uvicorn, "GET", SWITCH, key).json["last_fired"] is None


@pytest.mark.parametrize("seconds", [1, 3601, -5, "5", 2.5, True, None, 10**17])
def test_a_time_that_is_none_is_named(api_world: ApiWorld, uvicorn: Server, seconds: Any) -> None:
    answer = api_world.ask(uvicorn, "POST", SWITCH, api_world.person(funded=False).bearer(), {"seconds": seconds})
    assert (answer.status, answer.json["field"]) == (400, "seconds")
    assert "0 or a whole number from 2 to 3600" in answer.json["sentence"]


def test_too_many_orders_do_not_cost_a_program_its_life_line(api_world: ApiWorld) -> None:
    slow = server_of(api_world, "uvicorn", "paced", API_ORDERS_PER_SECOND="25")
    key = api_world.person().bearer()
    unreadable = {"orders": [an_order(quantity="x")] * 100}
    assert [api_world.ask(slow, "POST", ORDERS, key, unreadable).status for _ in range(2)] == [200, 429]
    assert api_world.ask(slow, "POST", SWITCH, key, {"seconds": 60}).status == 200
    answers = [
        api_world.ask(slow, "POST", SWITCH, key, {"seconds": 60}).status
        for _ in range(2 * limits.SWITCHES_PER_SECOND * limits.BURST_S)
    ]
    assert set(answers) <= {200, 429}
    assert answers.count(200) >= limits.SWITCHES_PER_SECOND * limits.BURST_S - 1


def test_a_read_key_may_look_at_the_switch_and_not_touch_it(api_world: ApiWorld, uvicorn: Server) -> None:
    key = api_world.person().bearer("READ")
    assert api_world.ask(uvicorn, "GET", SWITCH, key).status == 200
    assert api_world.ask(uvicorn, "POST", SWITCH, key, {"seconds": 60}).code == "READ_ONLY_KEY"

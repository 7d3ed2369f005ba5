"""An engine that dies between its commit and its answer, and a person in front of a page: what was done is found."""

import urllib.parse
from collections.abc import Iterator
from typing import Any

import pytest

from tests.api.test_account import somebody_with_dollars
from tests.api.world import ApiWorld, Person, an_order
from tests.engine.callers import wait_for_price
from tests.engine.world import SYMBOL
from tests.realtime.conftest import Server, until

pytestmark = pytest.mark.processes


@pytest.fixture(autouse=True)
def an_engine_is_there_afterwards(api_world: ApiWorld) -> Iterator[None]:
    yield
    api_world.engines.renew()
    wait_for_price(api_world.engines)


def dies_before_it_answers(api_world: ApiWorld, server: Server, person: Person) -> None:
    """An engine that has a price, and whose first commit is its last."""
    api_world.engines.stop_all()
    api_world.engines.start(FAILPOINT="engine.after_commit_before_reply:1:exit")
    body = an_order(order_type="MARKET", price=None)

    def has_a_price() -> bool:
        seen = api_world.ask(server, "POST", "/api/v1/orders/preview", person.page, body)
        return seen.status == 200 and seen.json["status"] == "FILLED"

    until(has_a_price, "there is a price")


def post(api_world: ApiWorld, server: Server, person: Person, path: str, fields: dict[str, str]) -> Any:
    headers = {**person.page, "Content-Type": "application/x-www-form-urlencoded"}
    return api_world.ask(server, "POST", path, headers, urllib.parse.urlencode(fields).encode())


def test_a_position_that_was_closed_is_found_while_no_engine_is_there(api_world: ApiWorld, uvicorn: Server) -> None:
    person = somebody_with_dollars(api_world)
    buying = an_order("in", order_type="MARKET", price=None, quantity="0.05")
    bought = api_world.ask(uvicorn, "POST", "/api/v1/orders", person.page, buying)
    assert (bought.status, bought.json["status"]) == (200, "FILLED"), bought.raw
    dies_before_it_answers(api_world, uvicorn, person)
    closing = {"command_id": "flat"}

    def close() -> Any:
        answer = post(api_world, uvicorn, person, f"/orders/close/{SYMBOL}/", {**closing, "confirms": api_world.price()})
        return None if answer.status == 422 else answer  # the price was no longer young when it came, and nothing was sent

    unknown = until(close, "it is asked for by a price of now")
    assert unknown.status == 503
    assert b"Not known yet: checking" in unknown.raw and b'value="flat"' in unknown.raw, "the form keeps its id"
    assert all(engine.poll() is not None for engine in api_world.engines.engines), "nobody could be asked"

    found = api_world.ask(uvicorn, "GET", "/orders/asked/flat/", person.cookies)
    assert found.status == 302, found.raw
    api_world.engines.start()
    again = until(close, "the same again")
    assert (again.status, again.headers["location"]) == (302, found.headers["location"])
    assert api_world.orders_of(person) == [("in", "FILLED"), ("flat", "FILLED")]
    api_world.engines.check_books()


def test_a_pair_that_was_placed_is_found_by_the_ticket_s_id(api_world: ApiWorld, uvicorn: Server) -> None:
    person = api_world.person()
    dies_before_it_answers(api_world, uvicorn, person)
    ticket = {"symbol": SYMBOL, "client_order_id": "both", "side": "SELL", "order_type": "PAIR", "quantity": "0.01"}
    ticket |= {"price": "105.00", "trigger_price": "95.00", "time_in_force": "GTC"}
    unknown = post(api_world, uvicorn, person, "/orders/submit/", ticket)
    assert (unknown.status, unknown.headers["location"].partition("?")[0]) == (302, "/orders/by-client-id/both/")
    found = api_world.ask(uvicorn, "GET", "/orders/by-client-id/both/", person.cookies)
    assert found.status == 302, found.raw
    api_world.engines.start()
    assert post(api_world, uvicorn, person, "/orders/submit/", ticket).headers["location"] == found.headers["location"]
    assert len(api_world.orders_of(person)) == 2

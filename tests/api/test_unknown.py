"""An engine that dies, freezes or comes back while programs wait: nobody is told "no" for want of an answer, and nothing is done
twice."""

import json
import signal
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.api.conftest import server_of
from tests.api.world import ApiWorld, an_order
from tests.engine.callers import wait_for_price
from tests.realtime.conftest import Server, until

pytestmark = pytest.mark.processes

PATH = "/api/v1/orders"
#: It is not known; or trading is known to be paused, and nothing was sent.
NO_ANSWER = {"UNAVAILABLE", "TRADING_PAUSED"}


@pytest.fixture(autouse=True)
def an_engine_is_there_afterwards(api_world: ApiWorld) -> Iterator[None]:
    yield
    for engine in api_world.engines.engines:
        if engine.poll() is None:
            engine.send_signal(signal.SIGCONT)
    if all(engine.poll() is not None for engine in api_world.engines.engines):
        api_world.engines.start()
    wait_for_price(api_world.engines)


def place_when_there_is_a_price(api_world: ApiWorld, server: Server, key: dict[str, str], order: dict[str, str]) -> None:
    """The order again, with a new id each time, until it is not refused for the want of a fresh price."""

    def tried() -> bool:
        answer = api_world.ask(server, "POST", PATH, key, {**order, "client_order_id": uuid.uuid4().hex})
        return answer.status == 200 and answer.json["status"] == "ACCEPTED"

    until(tried, "an order is accepted")


def test_without_an_engine_it_is_not_known_and_the_same_again_is_one_order(api_world: ApiWorld, server: Server) -> None:
    person = api_world.person()
    key, order = person.bearer(), an_order("lost")
    place_when_there_is_a_price(api_world, server, key, order)
    api_world.engines.stop_all()
    unknown = api_world.ask(server, "POST", PATH, key, order)
    assert unknown.status == 503 and unknown.code in NO_ANSWER
    assert unknown.json["resolve"] == f"{PATH}/by-client-id/lost"
    assert unknown.headers["retry-after"] == ("1" if unknown.code == "UNAVAILABLE" else "2")
    assert api_world.ask(server, "GET", unknown.json["resolve"], key).status == 404, "reading does not need the engine"
    several = api_world.ask(server, "POST", PATH, key, {"orders": [an_order("x", quantity="bad"), an_order("y")]})
    assert [result["status"] for result in several.json["results"]] == [400, 503]
    assert several.json["results"][1]["problem"]["resolve"] == f"{PATH}/by-client-id/y"

    def is_told_at_once() -> bool:
        started = time.monotonic()
        answer = api_world.ask(server, "POST", PATH, key, order)
        return answer.code == "TRADING_PAUSED" and time.monotonic() - started < 1.5

    until(is_told_at_once, "who asks is told at once that trading is paused")

    api_world.engines.start()
    place_when_there_is_a_price(api_world, server, key, order)
    done = api_world.ask(server, "POST", PATH, key, order)
    assert (done.status, done.json["status"]) == (200, "ACCEPTED"), done.raw
    assert api_world.ask(server, "POST", PATH, key, order).json == done.json
    assert [name for name, _ in api_world.orders_of(person)].count("lost") == 1


def test_what_is_no_single_order_says_where_to_look_or_to_ask_again(api_world: ApiWorld, uvicorn: Server) -> None:
    key = api_world.person().bearer()
    place_when_there_is_a_price(api_world, uvicorn, key, an_order())
    legs = {"first": {"order_type": "LIMIT", "price": "105"}, "second": {"order_type": "STOP", "trigger_price": "95"}}
    pair = {"client_order_id": "p", "symbol": "BTC-USD", "side": "SELL", "quantity": "0.01", **legs}
    everything = {"cancel_id": "all"}
    api_world.engines.stop_all()
    told = {}
    for path, body in (
        ("/api/v1/pairs", pair),
        ("/api/v1/positions/close", {"client_order_id": "c", "symbol": "BTC-USD"}),
        (f"{PATH}/cancel-all", everything),
        ("/api/v1/dead-mans-switch", {"seconds": 60}),
    ):
        answer = api_world.ask(uvicorn, "POST", path, key, body)
        assert answer.status == 503 and answer.code in NO_ANSWER
        told[path] = answer.json.get("resolve")
    assert list(told.values()) == ["/api/v1/pairs/by-client-id/p", f"{PATH}/by-client-id/c", None, "/api/v1/dead-mans-switch"]
    assert api_world.ask(uvicorn, "GET", told["/api/v1/pairs"], key).status == 404

    api_world.engines.start()
    place_when_there_is_a_price(api_world, uvicorn, key, an_order())
    done = api_world.ask(uvicorn, "POST", "/api/v1/pairs", key, pair)
    assert done.status == 200, done.raw
    assert api_world.ask(uvicorn, "GET", told["/api/v1/pairs"], key).json == done.json
    canceled = api_world.ask(uvicorn, "POST", f"{PATH}/cancel-all", key, everything).json
    assert set(canceled["order_ids"]) >= {order["order_id"] for order in done.json["orders"]}


def test_an_engine_that_comes_back_in_time_answers_without_the_caller_noticing(api_world: ApiWorld, uvicorn: Server) -> None:
    person = api_world.person()
    key = person.bearer()
    place_when_there_is_a_price(api_world, uvicorn, key, an_order())
    with ThreadPoolExecutor(1) as pool:
        api_world.engines.stop_all()
        started = pool.submit(api_world.engines.start)
        answers = []
        deadline = time.monotonic() + 20
        while not answers or answers[-1].status != 200:
            assert time.monotonic() < deadline
            answers.append(api_world.ask(uvicorn, "POST", PATH, key, an_order("patient")))
        started.result()
    assert {answer.status for answer in answers} <= {200, 503}
    assert [name for name, _ in api_world.orders_of(person)].count("patient") == 1


def test_a_frozen_engine_s_late_answer_is_nobody_else_s(api_world: ApiWorld, uvicorn: Server) -> None:
    """The engine has read the order when it freezes. What it says when it wakes belongs to an order that nobody waits for any
    more, and an order of somebody else with the same id must not take it for its own."""
    first, second = api_world.person(), api_world.person()
    first_key, second_key = first.bearer(), second.bearer()
    place_when_there_is_a_price(api_world, uvicorn, first_key, an_order())
    engine = api_world.engines.engines[-1]
    engine.send_signal(signal.SIGSTOP)
    assert api_world.ask(uvicorn, "POST", PATH, first_key, an_order("shared", quantity="0.01")).code == "UNAVAILABLE"
    with ThreadPoolExecutor(1) as pool:
        waiting = pool.submit(api_world.ask, uvicorn, "POST", PATH, second_key, an_order("shared", quantity="0.02"))
        time.sleep(0.1)  # it is on its way while the engine sleeps
        engine.send_signal(signal.SIGCONT)
        answer = waiting.result()
    deadline = time.monotonic() + 20
    while answer.status == 503 and time.monotonic() < deadline:  # where trading was known to be paused, it did not wait for long
        answer = api_world.ask(uvicorn, "POST", PATH, second_key, an_order("shared", quantity="0.02"))
    assert answer.status == 200, answer.raw
    assert answer.json["quantity"] == "0.02"
    again = api_world.ask(uvicorn, "POST", PATH, first_key, an_order("shared", quantity="0.01"))
    assert (again.status, again.json["quantity"]) == (200, "0.01")
    assert [name for name, _ in api_world.orders_of(first)].count("shared") == 1


@pytest.mark.long
def test_orders_sent_while_engines_are_killed_are_each_done_once(api_world: ApiWorld, uvicorn: Server) -> None:
    person = api_world.person()
    key = person.bearer()
    names = [f"storm-{number}" for number in range(60)]

    def insist(name: str) -> str:
        deadline = time.monotonic() + 60
        while True:
            assert time.monotonic() < deadline
            answer = api_world.ask(uvicorn, "POST", PATH, key, an_order(name))
            if answer.status == 200:
                return str(answer.json["order_id"])
            assert answer.status in (429, 503), answer.raw
            time.sleep(0.05)

    with ThreadPoolExecutor(6) as pool:
        placed = [pool.submit(insist, name) for name in names]
        for _ in range(3):
            time.sleep(0.2)
            api_world.engines.stop_all()
            api_world.engines.start()
        ids = [each.result() for each in placed]
    stored = api_world.orders_of(person)
    assert sorted(name for name, _ in stored) == sorted(names)
    assert len(set(ids)) == len(names)
    api_world.engines.check_books()


def test_without_postgres_s_answer_nobody_is_let_in(api_world: ApiWorld) -> None:
    away = server_of(api_world, "uvicorn", "away", DATABASE_URL="postgres://nobody:nothing@127.0.0.1:1/none")
    answer = api_world.ask(away, "POST", PATH, api_world.person(funded=False).bearer(), an_order())
    assert (answer.status, answer.code) == (503, "READ_UNAVAILABLE")
    assert "nothing" not in json.dumps(answer.json).replace("Nothing was sent", "")

"""What a body may be: strict JSON of known names, numbers as strings, no more than 64 KB. Each complaint names what was sent."""

import http.client
import json
import socket
import time
from typing import Any

import pytest

from apps.api import limits, reading
from apps.api.problems import Problem
from apps.commands.types import Actor, Bracket, Leg
from apps.core.enums import OrderType, Role, TimeInForce
from tests.api.conftest import server_of
from tests.api.world import ApiWorld, an_order
from tests.realtime.conftest import Server

PATH = "/api/v1/orders"
BAD_JSON = [
    b"",
    b"{",
    b"[]",
    b'"text"',
    b"null",
    b"12",
    b'{"quantity": NaN}',
    b'{"quantity": Infinity}',
    b'{"quantity": -Infinity}',
    b'{"order_id": ' + b"9" * 5000 + b"}",
    b'{"a": 1, "a": 1}',
    b'{"a": {"b": 1, "b": 2}}',
    b'{"a": 1,}',
    b"{'a': 1}",
    b'{"a": 1} {"a": 1}',
    b'\xef\xbb\xbf{"a": 1}',
    b'{"a": "\xff"}',
    '{"a": 1}'.encode("utf-16"),
    b'{"a": "\n"}',
    b"[" * 30_000,
    b'{"a":' * 10_000,
]


@pytest.mark.parametrize("body", BAD_JSON, ids=lambda body: repr(body[:24]))
def test_what_is_no_strict_json_object_is_refused(body: bytes) -> None:
    with pytest.raises(Problem) as refused:
        reading.read_json(body)
    assert refused.value.code == "BAD_JSON"


def test_a_name_that_is_given_twice_is_named() -> None:
    with pytest.raises(Problem) as refused:
        reading.read_json(b'{"price": "1", "price": "2"}')
    assert "'price'" in refused.value.sentence


def test_a_name_that_is_given_twice_among_thousands_costs_no_more_than_reading_them() -> None:
    """Regression: each name was looked for among all others, two seconds for 64 KB, in the loop that serves everybody."""
    names = [f"n{number:04}" for number in range(6_000)]

    def seconds(*more: str) -> float:
        body = ("{" + ",".join(f'"{name}":1' for name in (*names, *more)) + "}").encode()
        assert len(body) <= limits.BODY_BYTES_MAX
        began = time.process_time()
        try:
            reading.read_json(body)
        except Problem as problem:
            assert more and problem.code == "BAD_JSON"
        else:
            assert not more
        return time.process_time() - began

    assert min(seconds(names[-1]) for _ in range(5)) < 10 * min(seconds() for _ in range(5))


def order_of(**changes: Any) -> Any:
    return reading.read_order(an_order("x") | changes, 7, Actor(3, Role.CUSTOMER), "story")


BAD_FIELDS = [
    ("quantity", 1, "1"),
    ("quantity", "1e3", "'1e3'"),
    ("quantity", "1_0", "'1_0'"),
    ("quantity", " 1", "' 1'"),
    ("quantity", "-1", "'-1'"),
    ("quantity", "0", "'0'"),
    ("quantity", "NaN", "'NaN'"),
    ("quantity", "１２", "'\\uff11\\uff12'"),
    ("quantity", "9" * 40, "'" + "9" * 32 + "'..."),
    ("quantity", None, "nothing"),
    ("price", {}, "an object"),
    ("price", True, "true"),
    ("side", "buy", "'buy'"),
    ("side", ["BUY"], "a list"),
    ("order_type", "ICEBERG", "'ICEBERG'"),
    ("time_in_force", "FOREVER", "'FOREVER'"),
    ("symbol", "btc-usd", "'btc-usd'"),
    ("symbol", "\ud800", "'\\ud800'"),
    ("symbol", "A\0B", "'A\\x00B'"),
    ("client_order_id", "", "''"),
    ("client_order_id", "a.b", "'a.b'"),
    ("client_order_id", "a" * 49, "'" + "a" * 32 + "'..."),
    ("client_order_id", 17, "17"),
    ("post_only", "yes", "'yes'"),
    ("reduce_only", 1, "1"),
    ("trail_bps", "10", "'10'"),
    ("trail_bps", 0, "0"),
    ("trail_bps", True, "true"),
    ("expires_at", "2026-11-21", "'2026-11-21'"),
    ("expires_at", "2026-02-30T00:00:00Z", "'2026-02-30T00:00:00Z'"),
    ("expires_at", "2026-11-21T10:00:00+01:00", "'2026-11-21T10:00:00+01:00'"),
    ("bracket", "x", "'x'"),
    ("account_id", 8, "8"),
    ("actor", [1, "ADMIN"], "a list"),
]


@pytest.mark.parametrize(("field", "value", "shown"), BAD_FIELDS, ids=lambda value: repr(value)[:20])
@pytest.mark.fault("F27")
def test_a_wrong_member_is_named_with_what_was_sent(field: str, value: Any, shown: str) -> None:
    began = time.thread_time()
    with pytest.raises(Problem) as refused:
        order_of(**{field: value})
    assert (refused.value.field, refused.value.value) == (field, shown)
    assert refused.value.status == 400
    assert json.loads(refused.value.body())["value"] == shown, "and it can be told"
    assert time.thread_time() - began < 0.05, "of the processor: it is cut before it is looked at"


@pytest.mark.parametrize("number", ["1.5", "1e3", "1E400", "-0.0"])
@pytest.mark.fault("F27")
def test_a_number_that_is_no_string_is_named_as_json_spells_it(number: str) -> None:
    document = reading.read_json(json.dumps(an_order("x") | {"quantity": "Q"}).replace('"Q"', number).encode())
    with pytest.raises(Problem) as refused:
        reading.read_order(document, 7, Actor(3, Role.CUSTOMER), "story")
    assert (refused.value.code, refused.value.value) == ("INVALID_NUMBER", number)
    assert refused.value.sentence == f'quantity must be a string such as "12.5", was {number}'


def test_a_member_of_a_part_is_named_with_its_part() -> None:
    for bracket, field in (
        ({"target": {"order_type": "LIMIT", "price": "x"}}, "bracket.target.price"),
        ({"stop": {"order_type": "STOP", "trigger": "1"}}, "bracket.stop.trigger"),
        ({"stop": [1]}, "bracket.stop"),
        ({"entry": {}}, "bracket.entry"),
    ):
        with pytest.raises(Problem) as refused:
            order_of(bracket=bracket)
        assert refused.value.field == field


def test_every_member_of_an_order_reaches_the_command() -> None:
    command = order_of(
        order_type="STOP_LIMIT", trigger_price="96.5", time_in_force="GTD", expires_at="2026-11-21T17:00:00.000001Z",
        trail_amount="1", trail_bps=25, post_only=True, reduce_only=True,
        bracket={"target": {"order_type": "LIMIT", "price": "110"}, "stop": {"order_type": "STOP", "trigger_price": "90"}},
    )  # fmt: skip
    assert (command.command_id, command.account_id, command.actor, command.correlation_id) == (
        "x", 7, Actor(3, Role.CUSTOMER), "story",
    )  # fmt: skip
    assert (command.order_type, command.time_in_force) == (OrderType.STOP_LIMIT, TimeInForce.GTD)
    assert (command.price, command.trigger_price, command.trail_amount, command.trail_bps) == ("95.00", "96.5", "1", 25)
    assert command.expires_at_ns == 1_795_280_400_000_001_000
    assert (command.post_only, command.reduce_only) == (True, True)
    assert command.bracket == Bracket(
        target=Leg(order_type=OrderType.LIMIT, price="110"), stop=Leg(order_type=OrderType.STOP, trigger_price="90")
    )
    named = {"order_id": 5, "change_id": "c", "quantity": "2", "price": "3", "trigger_price": "4"}
    target, change = reading.read_amend(named, 7, Actor(3, Role.CUSTOMER), "story")
    assert (target.order_id, change.command_id) == (5, "amend-c")
    assert (change.quantity, change.price, change.trigger_price) == ("2", "3", "4")


def test_an_order_is_meant_by_one_id_and_not_by_two() -> None:
    with pytest.raises(Problem) as refused:
        reading.read_cancel({"order_id": 1, "client_order_id": "a"})
    assert refused.value.field == "client_order_id"
    with pytest.raises(Problem):
        reading.read_cancel({})


# --- Over the wire ------------------------------------------------------------------------------------------------------------


@pytest.mark.processes
def test_a_body_that_is_too_large_is_refused_however_it_comes(api_world: ApiWorld, server: Server) -> None:
    key = api_world.person(funded=False).bearer()
    large = b" " * (limits.BODY_BYTES_MAX + 1)
    announced = api_world.ask(server, "POST", PATH, key, large)
    assert (announced.status, announced.code) == (413, "TOO_LARGE")
    assert post_in_chunks(server, key, [b" " * 1024] * 65) == (413, "TOO_LARGE")
    assert post_in_chunks(server, key, [b" " * 1024] * 64) == (400, "BAD_JSON")
    fitting = api_world.ask(server, "POST", PATH, key, large[:-1])
    assert (fitting.status, fitting.code) == (400, "BAD_JSON")


def post_in_chunks(server: Server, key: dict[str, str], chunks: list[bytes]) -> tuple[int, str]:
    """Post a body whose length is not announced; return the status and the code."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=20)
    try:
        connection.request("POST", PATH, iter(chunks), {**key, "Content-Type": "application/json"}, encode_chunked=True)
        response = connection.getresponse()
        return response.status, json.loads(response.read())["code"]
    finally:
        connection.close()


@pytest.mark.processes
@pytest.mark.parametrize("kind", ["", "text/plain", "application/x-www-form-urlencoded", "application/jsonx"])
def test_only_json_is_read(api_world: ApiWorld, server: Server, kind: str) -> None:
    key = api_world.person(funded=False).bearer()
    answer = api_world.ask(server, "POST", PATH, {**key, "Content-Type": kind}, an_order())
    assert (answer.status, answer.code) == (415, "NOT_JSON")


@pytest.mark.processes
def test_addresses_and_methods_that_there_are_not(api_world: ApiWorld, server: Server) -> None:
    key = api_world.person(funded=False).bearer()
    endings = ("/", "/0", "/abc", "/1%00", "/{order_id}", "/by-client-id/", "/by-client-id/a.b", f"/{'9' * 300}")
    for path in ("/api/", "/api/v1", "/api/v2/orders", *(PATH + ending for ending in endings)):
        answer = api_world.ask(server, "GET", path, key)
        assert (answer.status, answer.code) == (404, "NOT_FOUND"), path
    for method, path, allowed in (
        ("PUT", PATH, "POST, GET"),
        ("DELETE", f"{PATH}/1", "GET"),
        ("GET", f"{PATH}/cancel", "POST"),
        ("OPTIONS", PATH, "POST, GET"),
    ):
        answer = api_world.ask(server, method, path, key)
        assert (answer.status, answer.headers["allow"]) == (405, allowed)
    assert api_world.ask(server, "GET", f"{PATH}/{2**63 - 1}", key).code == "UNKNOWN_ORDER"


@pytest.mark.processes
@pytest.mark.parametrize("query", ["limit=0", "limit=201", "limit=x", "before=-1", "before=" + "9" * 30, "symbol=x%00", "a=b",
                                   "limit=1&limit=2", "&&", "%ff=%ff", "limit=1" * 200])  # fmt: skip
def test_a_query_is_read_as_strictly(api_world: ApiWorld, uvicorn: Server, query: str) -> None:
    key = api_world.person(funded=False).bearer()
    answer = api_world.ask(uvicorn, "GET", f"{PATH}?{query}", key)
    assert (answer.status, answer.code) == (400, "INVALID_FIELD"), answer.raw


@pytest.mark.processes
def test_a_body_that_does_not_come_is_not_waited_for(api_world: ApiWorld, uvicorn: Server) -> None:
    key = api_world.person(funded=False).key()
    with socket.create_connection(("127.0.0.1", uvicorn.port), timeout=20) as link:
        head = f"POST {PATH} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {key}\r\nContent-Type: application/json\r\n"
        link.sendall(f"{head}Content-Length: 10\r\n\r\n".encode())
        started = time.monotonic()
        response = http.client.HTTPResponse(link)
        response.begin()
        assert (response.status, json.loads(response.read())["code"]) == (408, "TOO_SLOW")
        assert time.monotonic() - started < limits.BODY_WITHIN + 3


@pytest.mark.processes
def test_a_header_that_is_there_twice_is_refused(api_world: ApiWorld, uvicorn: Server) -> None:
    first, second = api_world.person(funded=False).key(), api_world.person(funded=False).key()
    with socket.create_connection(("127.0.0.1", uvicorn.port), timeout=20) as link:
        lines = [f"GET {PATH} HTTP/1.1", "Host: localhost", f"Authorization: Bearer {first}", f"Authorization: Bearer {second}"]
        link.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        response = http.client.HTTPResponse(link)
        response.begin()
        assert (response.status, json.loads(response.read())["field"]) == (400, "authorization")


@pytest.mark.processes
def test_more_than_the_rate_is_told_to_come_back_and_nothing_was_done(api_world: ApiWorld) -> None:
    slow = server_of(api_world, "uvicorn", "slow", API_ORDERS_PER_SECOND="25", API_LOOKUPS_PER_SECOND="1")
    person = api_world.person()
    key = person.bearer()
    first = api_world.ask(slow, "POST", PATH, key, {"orders": [an_order() for _ in range(100)]})
    assert first.status == 200
    refused = api_world.ask(slow, "POST", PATH, key, {"orders": [an_order() for _ in range(50)]})
    assert (refused.status, refused.code) == (429, "TOO_FAST")
    assert int(refused.headers["retry-after"]) == refused.json["retry_after"] == 2
    assert len(api_world.orders_of(person)) == 100
    statuses = [api_world.ask(slow, "GET", PATH, key).status for _ in range(6)]
    assert statuses[:4] == [200] * 4
    assert 429 in statuses
    assert api_world.ask(slow, "GET", PATH, api_world.person(funded=False).bearer()).status == 200, "each account has its own"

"""What is told of a request: logs and metrics that say what happened, and nothing that is secret."""

import re
import urllib.request
import uuid

import pytest

from apps.observability.tracing import trace_id_of
from tests.api.conftest import server_of
from tests.api.world import CSRF, ApiWorld, an_order
from tests.realtime.conftest import free_port, until

pytestmark = pytest.mark.processes

PATH = "/api/v1/orders"
CANARY = "c4n4ry"


@pytest.mark.parametrize("kind", ["uvicorn", "daphne"])
def test_the_log_has_a_line_for_each_request_and_no_secret(api_world: ApiWorld, kind: str) -> None:
    watched = server_of(api_world, kind, f"told-{kind}", LOG_FORMAT="json")
    person = api_world.person()
    key = person.key()
    bearer = {"Authorization": f"Bearer {key}"}
    story = f"story-{uuid.uuid4()}"
    placed = api_world.ask(watched, "POST", PATH, {**bearer, "X-Request-ID": story}, an_order(f"{CANARY}-order"))
    assert placed.headers["x-request-id"] == story
    hostile = [
        ("GET", f"{PATH}?token={CANARY}", bearer, None),
        ("GET", f"{PATH}/{CANARY}", bearer, None),
        ("GET", f"/api/{CANARY}", {}, None),
        ("POST", PATH, bearer, f'{{"password": "{CANARY}"}}'.encode()),
        ("POST", PATH, bearer, f"{CANARY}\n{CANARY}".encode()),
        ("POST", PATH, {"Authorization": f"Bearer {CANARY}"}, b"{}"),
        ("POST", PATH, {"Authorization": f"Basic {CANARY}"}, b"{}"),
        ("GET", PATH, {"Cookie": f"sessionid={CANARY}"}, None),
        ("GET", PATH, {**bearer, "X-Request-ID": f"{CANARY}\r\n {CANARY}".replace("\r\n", "")}, None),
        ("GET", PATH, {**bearer, "Referer": f"https://{CANARY}.example", "User-Agent": CANARY}, None),
        ("POST", PATH, {**person.page, "Origin": f"https://{CANARY}.example"}, b"{}"),
    ]
    api_world.ask(watched, CANARY.upper(), PATH, bearer)  # uvicorn answers an unknown method itself, Daphne asks us
    for method, path, headers, body in hostile:
        assert api_world.ask(watched, method, path, headers, body).status in (200, 400, 401, 403, 404, 405)
    lines = until(lambda: _lines(watched.log.read_text(), len(hostile) + 1), "each request has its line")
    first = next(line for line in lines if story in line)
    for told in ('"route":"/api/v1/orders"', '"status":200', f'"account_id":{person.account_id}', '"ip":"127.0.0.1"'):
        assert told in first
    text = watched.log.read_text()
    for secret in (CANARY, CANARY.upper(), key, key.split("_", 2)[2], person.session_key, CSRF):
        assert secret not in text, secret


def _lines(text: str, count: int) -> list[str] | None:
    found = [line for line in text.splitlines() if '"api_request"' in line]
    return found if len(found) >= count else None


def test_the_story_s_id_is_with_the_order_s_events(api_world: ApiWorld) -> None:
    told = server_of(api_world, "uvicorn")
    story = f"story-{uuid.uuid4()}"
    order = api_world.ask(told, "POST", PATH, {**api_world.person().bearer(), "X-Request-ID": story}, an_order()).json
    row = api_world.database.execute("SELECT data FROM orders_accountevent WHERE order_id = %s", [order["order_id"]]).fetchone()
    assert row is not None
    assert trace_id_of(story) in str(row[0])


def test_what_was_asked_is_measured(api_world: ApiWorld) -> None:
    port = free_port()
    measured = server_of(api_world, "uvicorn", "measured", METRICS_PORT=str(port))
    key = api_world.person().bearer()
    api_world.ask(measured, "POST", PATH, key, {"orders": [an_order(), an_order(price="1"), an_order(quantity="x")]})
    api_world.ask(measured, "GET", f"{PATH}/by-client-id/none", key)
    api_world.ask(measured, "GET", "/api/v1/nothing")
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
        text = answer.read().decode()
    for line in (
        'tredye_api_requests_total{route="/api/v1/orders",status="200"} 1.0',
        'tredye_api_requests_total{route="/api/v1/orders/by-client-id/{client_order_id}",status="404"} 1.0',
        'tredye_api_requests_total{route="none",status="404"} 1.0',
        'tredye_api_items_total{command="place",outcome="ACCEPTED"} 1.0',
        'tredye_api_items_total{command="place",outcome="PRICE_COLLAR"} 1.0',
        'tredye_api_items_total{command="place",outcome="INVALID_NUMBER"} 1.0',
        'tredye_api_step_seconds_count{step="admit"} 2.0',
        'tredye_api_step_seconds_count{step="engine"} 1.0',
        'tredye_api_step_seconds_count{step="lookup"} 1.0',
        'tredye_api_credentials_total{result="known"} 1.0',
        "tredye_api_in_flight 0.0",
    ):
        assert line in text, line
    assert re.search(r'tredye_api_seconds_count\{route="/api/v1/orders"\} 1\.0', text)

"""The API's bodies, addresses and headers fuzzed on a real server: every answer is one of the documented ones, and is JSON."""

import http.client
import json
import time
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import strategies as st

from apps.api.problems import PROBLEMS
from tests.api.conftest import server_of
from tests.api.test_account import a_pair
from tests.api.world import ApiWorld, Person, an_order
from tests.authorization.matrix_api import API_ROUTES
from tests.fuzzing import VALUES, changed, fuzz, fuzz_at_length

pytestmark = [pytest.mark.processes, pytest.mark.fault("F26")]

NUMBERS = ("quantity", "price", "trigger_price", "trail_amount", "trail_bps", "order_id", "seconds")
#: Refusals that say something of the server and nothing of what was sent.
NOT_EXPECTED = {"INTERNAL_ERROR", "READ_UNAVAILABLE", "UNAVAILABLE"}
#: A line that was idle for less than this is not ended by a server that keeps it for 5 s.
KEPT_S = 4.0
BODIES: dict[str, dict[str, Any]] = {each.route.partition(" ")[2]: each.body for each in API_ROUTES if each.body is not None} | {
    "/api/v1/orders": an_order("fuzz", expires_at="2100-01-01T00:00:00Z", post_only=True),
    "/api/v1/pairs": a_pair("fuzz"),
}


class Target:
    """One server whose limits are out of the way, and one customer on one connection."""

    def __init__(self, world: ApiWorld) -> None:
        limits = {"API_ORDERS_PER_SECOND": "100000", "API_LOOKUPS_PER_SECOND": "100000"}
        self.server = server_of(world, "uvicorn", "fuzzed", **limits)
        self.person: Person = world.person()
        self.key = self.person.bearer()
        self.connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=30)
        self.answered_s = time.monotonic()
        self.seen: set[str] = set()

    def ask(self, method: str, path: str, body: bytes | None, headers: dict[str, str]) -> None:
        try:
            answer, raw = self._sent(method, path, body, headers)
        except (BrokenPipeError, ConnectionResetError, http.client.RemoteDisconnected):
            if time.monotonic() - self.answered_s < KEPT_S:
                raise
            self.connection.close()
            answer, raw = self._sent(method, path, body, headers)
        told = json.loads(raw)
        code = told.get("code", "") if isinstance(told, dict) else ""
        self.seen.add(code or str(answer.status))
        assert answer.status < 500 or code == "ORDERS_PAUSED", (answer.status, raw[:500])
        assert code not in NOT_EXPECTED and (answer.status == 200 or code in PROBLEMS), (answer.status, raw[:500])
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        self.server.check()

    def _sent(
        self, method: str, path: str, body: bytes | None, headers: dict[str, str]
    ) -> tuple[http.client.HTTPResponse, bytes]:
        self.connection.request(method, path, body, {**self.key, **headers})
        answer = self.connection.getresponse()
        raw = answer.read()
        self.answered_s = time.monotonic()
        return answer, raw

    def post(self, sent: tuple[str, bytes]) -> None:
        path, body = sent
        self.ask("POST", path, body, {"Content-Type": "application/json"})

    def get(self, sent: tuple[str, dict[str, str]]) -> None:
        path, query = sent
        told = "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in query.items())
        self.ask("GET", quote(path, safe="/-_.") + (f"?{told}" if told else ""), None, {})

    def is_well(self) -> None:
        """It still takes an order that is right, and the log has no stack."""
        self.ask("POST", "/api/v1/orders", json.dumps(an_order()).encode(), {"Content-Type": "application/json"})
        assert "200" in self.seen and "Traceback" not in self.server.log.read_text()


@pytest.fixture
def target(api_world: ApiWorld) -> Target:
    return Target(api_world)


def nearly(path: str) -> st.SearchStrategy[tuple[str, bytes]]:
    document = changed(BODIES[path], numbers=NUMBERS)
    several = {"/api/v1/orders": "orders", "/api/v1/pairs": "pairs", "/api/v1/orders/cancel": "cancels"}.get(path)
    if several is not None:
        document |= st.builds(lambda items, name=several: {name: items}, st.lists(document, max_size=3))
    return st.tuples(st.just(path), document.map(lambda value: json.dumps(value).encode()) | st.binary(max_size=200))


POSTS = st.sampled_from(sorted(BODIES)).flatmap(nearly)
ORDERS = nearly("/api/v1/orders")
_WORDS = st.text(max_size=30) | st.integers().map(str) | VALUES.map(lambda value: str(value)[:200])
GETS = st.tuples(
    st.just("/api/v1/orders")
    | _WORDS.map(lambda word: f"/api/v1/orders/{word}")
    | _WORDS.map(lambda word: f"/api/v1/orders/by-client-id/{word}"),
    st.dictionaries(st.sampled_from(["symbol", "limit", "before", "extra"]), _WORDS, max_size=3),
)


def test_whatever_is_ordered_is_answered(target: Target) -> None:
    fuzz(ORDERS, target.post, 700)
    target.is_well()


def test_whatever_is_posted_or_asked_for_is_answered(target: Target) -> None:
    fuzz(POSTS, target.post, 500)
    fuzz(GETS, target.get, 300)
    target.is_well()


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_however_much_is_ordered_posted_or_asked_for_it_is_answered(target: Target) -> None:
    fuzz_at_length(ORDERS, target.post, 500_000)
    fuzz_at_length(POSTS, target.post, 300_000)
    fuzz_at_length(GETS, target.get, 200_000)
    target.is_well()

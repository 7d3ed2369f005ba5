"""The beacon: what a browser tells is read strictly, counted without a name, and weighs little. Asked as a server asks it."""

import asyncio
import json
import re
from pathlib import Path
from typing import Any

import pytest
from prometheus_client import REGISTRY

from apps.observability import beacon, metrics

ORIGIN = "http://localhost:8000"
OWN = {"Origin": ORIGIN, "Sec-Fetch-Site": "same-origin"}
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def _nobody_came_before(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    settings.PUBLIC_ORIGINS = [ORIGIN]
    monkeypatch.setattr(beacon, "_pace", beacon.Pace())


def counts(**places: int) -> list[int]:
    """A list of counts; ``at_3=2`` puts two samples into the bucket with index 3."""
    made = [0] * beacon.PLACES
    for place, count in places.items():
        made[int(place.removeprefix("at_"))] = count
    return made


def told(**changes: Any) -> dict[str, Any]:
    document = {
        "v": 1, "page": "instrument",
        "frames": counts(), "paint": counts(), "waited": counts(), "painted": counts(), "feed": counts(),
        "longtasks": 0, "longest_ms": 0, "inp_ms": 0, "reconnects": {}, "resyncs": {"checksum": 0, "gap": 0},
        "conflated": 0, "dropped": 0,
    }  # fmt: skip
    return {name: value for name, value in (document | changes).items() if value != "(absent)"}


def send(
    body: Any, headers: dict[str, str] | None = None, *, address: str = "192.0.2.1", method: str = "POST", parts: int = 1
) -> tuple[int, dict[str, str]]:
    """Status and headers of the answer."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    size = max(1, -(-len(raw) // parts))
    pieces = [raw[start : start + size] for start in range(0, len(raw), size)] or [b""]
    messages = [
        {"type": "http.request", "body": piece, "more_body": place < len(pieces) - 1} for place, piece in enumerate(pieces)
    ]
    answers: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return messages.pop(0)

    async def take(message: Any) -> None:
        answers.append(message)

    told_headers = [(name.lower().encode(), value.encode()) for name, value in (OWN if headers is None else headers).items()]
    scope = {"type": "http", "method": method, "path": beacon.PATH, "headers": told_headers, "client": (address, 1)}
    asyncio.run(beacon.beacon(scope, receive, take))
    return answers[0]["status"], {name.decode(): value.decode() for name, value in answers[0]["headers"]}


def value(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


def test_samples_fall_into_the_buckets_that_they_fell_into_in_the_browser() -> None:
    name = "tredye_browser_socket_to_painted_seconds"

    def below(edge: str) -> float:
        return value(f"{name}_bucket", page="instrument", le=edge)

    before = {edge: below(edge) for edge in ("0.004", "0.008", "0.016", "5.0", "+Inf")}
    assert send(told(painted=counts(at_3=2, at_13=1)))[0] == 204
    assert {edge: below(edge) - old for edge, old in before.items()} == {"0.004": 0, "0.008": 2, "0.016": 2, "5.0": 2, "+Inf": 3}


def test_every_part_of_a_beacon_moves_its_metric() -> None:
    page = {"page": "markets"}
    watched = {
        ("tredye_browser_frame_seconds_count", ("page", "markets")): 3,
        ("tredye_browser_paint_seconds_count", ("page", "markets")): 4,
        ("tredye_browser_wait_seconds_count", ("page", "markets")): 6,
        ("tredye_browser_feed_to_painted_seconds_count", ("page", "markets")): 5,
        ("tredye_browser_long_tasks_total", ("page", "markets")): 2,
        ("tredye_browser_longest_task_seconds_count", ("page", "markets")): 1,
        ("tredye_browser_interaction_seconds_count", ("page", "markets")): 1,
        ("tredye_browser_reconnects_total", ("why", "1006")): 2,
        ("tredye_browser_reconnects_total", ("why", "silent")): 1,
        ("tredye_browser_resyncs_total", ("why", "checksum")): 6,
        ("tredye_browser_resyncs_total", ("why", "gap")): 7,
        ("tredye_browser_ticks_total", ("fate", "conflated")): 8,
        ("tredye_browser_ticks_total", ("fate", "dropped")): 9,
        ("tredye_browser_beacons_total", ("fate", "taken")): 1,
    }
    before = {key: value(key[0], **dict([key[1]])) for key in watched}
    status, _ = send(
        told(
            **page, frames=counts(at_5=3), paint=counts(at_0=4), waited=counts(at_1=6), feed=counts(at_6=5),
            longtasks=2, longest_ms=120, inp_ms=48,
            reconnects={"1006": 2, "silent": 1}, resyncs={"checksum": 6, "gap": 7}, conflated=8, dropped=9,
        )
    )  # fmt: skip
    assert status == 204
    assert {key: value(key[0], **dict([key[1]])) - old for key, old in before.items()} == watched


@pytest.mark.parametrize(
    "body",
    [
        b"", b"[]", b"null", b"{}", b"{", b"\xff", b"[" * 8000, b"NaN",
        told(v=2), told(v="1"), told(v=1.0),
        told(page="secret"), told(page="(absent)"), told(user=7), told(ip="192.0.2.1"),
        told(frames=[0] * 13), told(frames=[0] * 15), told(frames="(absent)"), told(frames={}),
        told(painted=counts(at_1=-1)), told(painted=counts(at_1=1001)), told(painted=counts(at_1=600, at_2=600)),
        told(painted=[*counts()[1:], 0.5]), told(painted=[*counts()[1:], "1"]), told(painted=[*counts()[1:], True]),
        told(longtasks=1001), told(longest_ms=60_001), told(inp_ms=-1), told(inp_ms=10**30),
        told(reconnects={"1006": 1001}), told(reconnects={"9999": 1}), told(reconnects=[]),
        told(reconnects={"alice@example.com": 1}),
        told(resyncs={"checksum": 1, "other": 1}), told(resyncs={"checksum": -1}),
        told(conflated=100_001), told(dropped=None),
    ],
)  # fmt: skip
def test_what_is_not_exactly_a_beacon_is_refused_and_counts_nothing(body: Any) -> None:
    def everything() -> list[Any]:
        ours = [metric for metric in REGISTRY.collect() if metric.name.startswith("tredye_browser")]
        return [metric.samples for metric in ours if metric.name != "tredye_browser_beacons"]

    before, unreadable = everything(), value("tredye_browser_beacons_total", fate="unreadable")
    assert send(body)[0] == 400
    assert everything() == before
    assert value("tredye_browser_beacons_total", fate="unreadable") == unreadable + 1


def test_the_longest_body_is_read_and_one_byte_more_is_not() -> None:
    raw = json.dumps(told()).encode()
    assert send(raw.ljust(beacon.BODY_BYTES_MAX), parts=5)[0] == 204
    assert send(raw.ljust(beacon.BODY_BYTES_MAX + 1), address="192.0.2.2", parts=5)[0] == 413


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "null"},
        {"Origin": "https://evil.example"},
        {"Origin": f"{ORIGIN}.evil.example"},
        {"Origin": "https://localhost:8000"},
        {"Origin": "http://localhost:8001"},
        {"Sec-Fetch-Site": "same-origin"},
        {"Origin": ORIGIN, "Sec-Fetch-Site": "cross-site"},
        {"Origin": ORIGIN, "Sec-Fetch-Site": "same-site"},
        {"Origin": ORIGIN, "Sec-Fetch-Site": "none"},
    ],
)
def test_only_a_page_of_ours_may_send_one(headers: dict[str, str]) -> None:
    before = value("tredye_browser_beacons_total", fate="foreign")
    assert send(told(), headers)[0] == 403
    assert value("tredye_browser_beacons_total", fate="foreign") == before + 1


def test_a_browser_that_does_not_say_from_where_is_judged_by_its_origin() -> None:
    assert send(told(), {"Origin": ORIGIN})[0] == 204


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "OPTIONS"])
def test_other_methods_are_not_allowed(method: str) -> None:
    status, headers = send(told(), method=method)
    assert (status, headers["allow"]) == (405, "POST")


def test_an_address_may_send_one_in_five_seconds() -> None:
    assert send(told())[0] == 204
    status, headers = send(told())
    assert (status, headers["retry-after"]) == (429, "5")
    assert send(told(), address="192.0.2.2")[0] == 204, "another one is not hindered"


def test_an_address_is_remembered_for_five_seconds_and_only_so_many_are() -> None:
    pace = beacon.Pace()
    assert pace.take("a", 100.0) and not pace.take("a", 104.9)
    assert pace.take("a", 105.0), "from its first one on, not from its last try"
    assert all(pace.take(str(number), 105.0) for number in range(beacon.ADDRESSES_MAX - 1))
    assert not pace.take("one more", 105.1), "bounded: who comes last waits"
    assert pace.take("one more", 110.0)
    assert len(pace._seen) == 1


def test_a_body_that_never_ends_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(beacon, "BODY_WITHIN_S", 0.01)

    async def receive() -> dict[str, Any]:
        await asyncio.Event().wait()
        raise AssertionError

    assert asyncio.run(beacon._body(receive)) is None


def test_the_page_counts_in_the_buckets_and_names_the_reasons_that_the_server_knows() -> None:
    script = (ROOT / "static/realtime/measure.js").read_text()
    edges = re.search(r"EDGES_MS = \[([0-9, ]+)\]", script)
    whys = re.search(r'WHYS = new Set\("([^"]+)"', script)
    samples = re.search(r"SAMPLES_MAX = ([0-9]+);", script)
    assert edges and whys and samples
    assert tuple(map(int, edges[1].split(","))) == metrics.BROWSER_EDGES_MS
    assert {*whys[1].split(), "other"} == set(beacon.Why.__args__)  # type: ignore[attr-defined]
    assert int(samples[1]) == beacon.SAMPLES_MAX

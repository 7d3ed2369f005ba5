"""Spans: what a collector is sent, which it is not, and that one that is away hurts nothing."""

import socket
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client

from apps.observability import spans
from apps.observability.spans import ROOM, Span, SpanLine
from apps.observability.tracing import span_id_of
from stack.settings import free_ports
from tests.observability.collector import Collector, collecting
from tests.waiting import wait_until

TRACE = "0af7651916cd43dd8448eb211c80319c"
NOW = 1_795_280_400_000_000_000


def a_span(number: int = 1, trace_id: str = TRACE) -> Span:
    about: spans.About = {"tredye.command_id": "c1", "tredye.batch": 3}
    own_id = span_id_of(trace_id, "decide", str(number))
    return Span(trace_id, own_id, "b7ad6b7169203331", "decide", "SERVER", NOW, NOW + 5, about)


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A collector that is there is waited for, however busy the machine is."""
    monkeypatch.setattr(spans, "SEND_EVERY_S", 0.05)
    monkeypatch.setattr(spans, "SEND_WITHIN_S", 60.0)


@pytest.fixture
def hurried(monkeypatch: pytest.MonkeyPatch, patient: None) -> None:
    """One that is not there is given up soon."""
    monkeypatch.setattr(spans, "SEND_WITHIN_S", 0.6)


@pytest.fixture
def collector() -> Iterator[Collector]:
    with collecting() as started:
        yield started


@pytest.fixture
def sending(collector: Collector, settings: Any) -> Iterator[Collector]:
    """This process sends its spans."""
    settings.OTEL_EXPORTER_OTLP_ENDPOINT = collector.endpoint
    settings.OTEL_EXPORTER_OTLP_HEADERS = {"x-key": "of the collector"}
    spans.start()
    yield collector
    spans.stop(20)


def test_a_span_arrives_as_it_was_noted(collector: Collector) -> None:
    line = SpanLine(collector.endpoint, {"x-key": "k"}, 10_000, "engine")
    line.note(a_span())
    line.stop(60)
    ((path, headers, _),) = collector.requests
    assert (path, headers["x-key"]) == ("/v1/traces", "k")
    ((process, span),) = collector.spans
    assert (process, span.name, span.kind) == ("engine", "decide", 2)
    assert (span.trace_id.hex(), span.span_id.hex(), span.parent_span_id.hex()) == (TRACE, a_span().span_id, "b7ad6b7169203331")
    assert (span.start_time_unix_nano, span.end_time_unix_nano) == (NOW, NOW + 5)
    assert {each.key: each.value.string_value or each.value.int_value for each in span.attributes} == {
        "tredye.command_id": "c1", "tredye.batch": 3,
    }  # fmt: skip


def test_only_a_share_of_the_traces_is_wanted_and_every_process_wants_the_same() -> None:
    lines = [SpanLine("http://127.0.0.1:1", {}, 2_500, process, key=b"k") for process in ("web", "engine")]
    traces = [span_id_of("", "", str(number)) * 2 for number in range(4_000)]
    wanted = [{trace for trace in traces if line.takes(trace)} for line in lines]
    assert wanted[0] == wanted[1]
    assert 800 < len(wanted[0]) < 1_200
    other = SpanLine("http://127.0.0.1:1", {}, 2_500, "web", key=b"of another installation")
    assert {trace for trace in traces if other.takes(trace)} != wanted[0], "nobody outside can tell which ids are"
    assert not any(SpanLine("http://127.0.0.1:1", {}, 0, "web").takes(trace) for trace in traces)


def test_a_collector_that_is_away_costs_neither_time_nor_memory(hurried: None) -> None:
    (port,) = free_ports(["collector"]).values()
    line = SpanLine(f"http://127.0.0.1:{port}", {}, 10_000, "engine")
    started = time.process_time()
    for number in range(3 * ROOM):
        line.note(a_span(number % 7))
        assert len(line._queue) <= ROOM
    assert time.process_time() - started < 2, "noting waits for nothing"
    wait_until(lambda: line._told_s > 0, 60, "that spans are left out is said")
    line.stop(60)
    assert line.sent == 0


def test_a_collector_that_takes_and_says_nothing_is_given_up(hurried: None) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        line = SpanLine(f"http://127.0.0.1:{silent.getsockname()[1]}", {}, 10_000, "engine")
        line.note(a_span())
        wait_until(lambda: line._told_s > 0, 60, "the batch is given up")
        line.stop(60)
    assert line.sent == 0


def test_without_a_collector_no_span_is_wanted() -> None:
    spans.stop()
    assert not spans.are_wanted(TRACE)
    spans.note(a_span())  # and none is kept


def test_a_request_goes_on_with_its_callers_trace(sending: Collector) -> None:
    Client(SERVER_NAME="localhost").get("/livez", headers={"traceparent": f"00-{TRACE}-b7ad6b7169203331-00"})
    spans.stop(60)
    ((_, span),) = sending.of_trace(TRACE)
    assert (span.name, span.parent_span_id.hex(), span.kind) == ("GET observability:livez", "b7ad6b7169203331", 2)

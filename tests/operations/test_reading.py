"""What two askings of the processes say: rates, percentiles, processes that are away."""

import math

import pytest
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from apps.operations.components import State, component_states
from apps.operations.exposition import UnreadableError, read_exposition
from apps.operations.figures import WANTED, Asked, figures_of, process_rows, quantile
from apps.operations.panels import age, shown
from apps.operations.scrape import Scraped


def test_what_prometheus_client_shows_is_read_back() -> None:
    registry = CollectorRegistry()
    odd = 'a "quoted" \\ name,\nof two lines}'
    Counter("tredye_x", "Counted.", ["who"], registry=registry).labels(odd).inc(3)
    Gauge("tredye_y", "Stands.", registry=registry).set(-1.5)
    Histogram("tredye_z", "Timed.", buckets=(0.1, 1), registry=registry).observe(0.5)
    text = generate_latest(registry).decode()
    read = read_exposition(text, {"tredye_x_total", "tredye_y", "tredye_z_bucket"})
    assert read.value("tredye_x_total", who=odd) == 3
    assert read.value("tredye_y") == -1.5
    assert [read.value("tredye_z_bucket", le=edge) for edge in ("0.1", "1.0", "+Inf")] == [0, 1, 1]
    assert read_exposition(text, {"tredye_z_count"}).samples == {"tredye_z_count": {(): 1.0}}


@pytest.mark.parametrize("line", ["up", "up{", 'up{a="b} 1', "up{a=b} 1", "up one", 'up{a="b" c="d"} 1', "up 1 2 3"])
def test_what_is_no_sample_is_refused(line: str) -> None:
    with pytest.raises(UnreadableError):
        read_exposition(line, {"up"})
    assert read_exposition(line.replace("up", "down"), {"up"}).samples == {}


def asked(at_s: float, *texts: str) -> Asked:
    names = ("engine", "web", "stream")
    shown = (Scraped(name, "::1", read_exposition(text, WANTED)) for name, text in zip(names, texts, strict=False))
    return Asked(at_s, tuple(shown))


def hops(fast: int, slow: int) -> str:
    name = "tredye_realtime_hop_seconds_bucket"
    rows = (("0.001", fast), ("0.01", fast + slow), ("+Inf", fast + slow))
    return "\n".join(f'{name}{{hop="hub_socket",le="{edge}"}} {count}' for edge, count in rows)


def test_percentiles_are_of_the_time_between_and_over_all_processes() -> None:
    found = figures_of(asked(0, hops(1000, 0), hops(0, 0)), asked(15, hops(1050, 0), hops(0, 50)))
    assert found["hop hub_socket p50"] == pytest.approx(0.001)
    assert found["hop hub_socket p99"] == pytest.approx(0.001 + 0.009 * 0.98)
    assert found["hop feed_log p50"] is None, "nobody measured it"
    assert figures_of(None, asked(15, hops(1050, 0)))["hop hub_socket p50"] is None, "since when is not known"


def test_a_process_that_began_anew_does_not_go_backwards() -> None:
    frames = 'tredye_realtime_frames_total{frame="price",fate="sent"} %d'
    assert figures_of(asked(0, frames % 900), asked(15, frames % 1050))["frames"] == 10
    assert figures_of(asked(0, frames % 900), asked(15, frames % 30))["frames"] == 2
    assert figures_of(asked(0, ""), asked(15, frames % 30))["frames"] == 2, "the first of a process that was there"


def test_a_figure_of_each_consumer() -> None:
    lag = 'tredye_consumer_lag_records{consumer="%s"} %d'
    found = figures_of(None, asked(0, lag % ("alerts", 7), lag % ("realtime", 0)))
    assert (found["lag alerts"], found["lag realtime"]) == (7, 0)


@pytest.mark.parametrize(
    ("share", "counts", "wanted"),
    [
        (0.5, {}, None),
        (0.5, {1.0: 0.0, math.inf: 0.0}, None),
        (0.5, {1.0: 10.0, 2.0: 10.0, math.inf: 10.0}, 0.5),
        (0.99, {1.0: 0.0, 2.0: 100.0, math.inf: 100.0}, 1.99),
        (0.99, {1.0: 10.0, math.inf: 100.0}, 1.0),
    ],
)
def test_a_quantile_is_that_of_prometheus(share: float, counts: dict[float, float], wanted: float | None) -> None:
    assert quantile(share, counts) == (wanted if wanted is None else pytest.approx(wanted))


PROCESS = "process_resident_memory_bytes 1048576\nprocess_cpu_seconds_total %s\nprocess_open_fds 9\n"
PROCESS += "process_start_time_seconds 100"


def test_a_process_is_told_with_its_age_and_what_it_uses_or_why_it_is_away() -> None:
    before, now = asked(1000, PROCESS % "20"), asked(1010, PROCESS % "25")
    away = Scraped("beat", "::1", None, "ConnectionRefusedError")
    rows = process_rows(before, Asked(1010, (*now.processes, away)))
    assert rows == [
        {"process": "engine", "address": "::1", "up": True, "age_s": 910, "rss": 1048576, "files": 9, "cpu": 0.5},
        {"process": "beat", "address": "::1", "up": False, "reason": "ConnectionRefusedError"},
    ]
    assert "cpu" not in process_rows(None, now)[0]


ALL_UP = {"postgres": True, "redis": True, "engine": True, "eventlog": True}
PROCESSES = dict.fromkeys(("web", "stream", "realtime", "feed", "marketdata", "relay", "portfolio"), (1, 1))


@pytest.mark.parametrize(
    ("servers", "up", "figures", "wanted"),
    [
        ({}, {}, {}, {}),
        ({"redis": False}, {}, {}, {"updates": State.DEGRADED}),
        ({"engine": False}, {}, {}, {"trading": State.DOWN}),
        ({"eventlog": False}, {}, {}, {"history": State.DEGRADED}),
        ({"postgres": False}, {}, {}, {"money": State.DOWN, "trading": State.DOWN, "pages": State.DEGRADED}),
        ({}, {"web": (1, 2)}, {}, {"pages": State.DEGRADED}),
        ({}, {"web": (0, 2)}, {}, {"pages": State.DOWN}),
        ({}, {"stream": (0, 1)}, {}, {"updates": State.DOWN}),
        ({}, {"feed": (0, 1)}, {}, {"prices": State.DOWN}),
        ({}, {"relay": (0, 1)}, {}, {"history": State.DEGRADED}),
        ({}, {}, {"price age": 4.0}, {"prices": State.DEGRADED}),
        ({}, {}, {"price age": 31.0}, {"prices": State.DOWN}),
        ({}, {}, {"orders p95": 0.6}, {"trading": State.DEGRADED}),
        ({}, {}, {"outbox age": 11.0}, {"history": State.DEGRADED}),
        ({}, {}, {"lag alerts": 6000.0}, {"history": State.DEGRADED}),
        ({}, {}, {"stopped": 1.0}, {"history": State.DEGRADED}),
    ],
)
def test_what_is_away_or_late_makes_its_part_so_and_no_other(
    servers: dict[str, bool], up: dict[str, tuple[int, int]], figures: dict[str, float | None], wanted: dict[str, State]
) -> None:
    found = component_states(ALL_UP | servers, PROCESSES | up, figures)
    assert {name: state for name, state in found.items() if state is not State.UP} == wanted


def test_without_processes_to_ask_the_servers_decide() -> None:
    assert set(component_states(ALL_UP, {}, {}).values()) == {State.UP}


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (None, "s", "–"), (0.00042, "s", "420 µs"), (0.0123, "s", "12.3 ms"), (1.234, "s", "1.23 s"), (600, "s", "10 min"),
        (0, "s", "0 ms"), (12345.6, "rate", "12,346/s"), (0.25, "rate", "0.25/s"), (3.0, "count", "3"),
    ],
)  # fmt: skip
def test_a_value_has_its_unit(value: float | None, unit: str, text: str) -> None:
    assert shown(value, unit) == text


def test_an_age_has_two_units() -> None:
    assert [age(seconds) for seconds in (None, 9, 130, 7300, 93784)] == ["–", "9 s", "2 min", "2 h 1 min", "1 d 2 h"]

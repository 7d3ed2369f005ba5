"""What processes export, read back: by our own metrics and not by an example of them."""

import pytest
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from load.exposition import GAUGES, RATES, Sample, gauges, hops, parse, quantile, rates


def exported(*seconds: float, commands: int = 0, lag: float = 0.0) -> dict[Sample, float]:
    registry = CollectorRegistry()
    steps = Histogram("tredye_engine_step_seconds", "…", ["step"], buckets=(0.001, 0.01, 0.1), registry=registry)
    counter = Counter("tredye_engine_commands", "…", ["type", "outcome"], registry=registry)
    gauge = Gauge("tredye_consumer_lag_records", "…", ["consumer"], registry=registry)
    for value in seconds:
        steps.labels("commit").observe(value)
    counter.labels("SUBMIT_ORDER", 'a "quoted" one').inc(commands)
    gauge.labels("realtime").set(lag)
    return parse(generate_latest(registry).decode())


def test_a_hop_is_what_moved_between_two_looks_over_all_processes() -> None:
    before = {"web": exported(0.0005, 0.0005), "stream": exported(0.05)}
    after = {"web": exported(0.0005, 0.0005, 0.005, 0.005), "stream": exported(0.05, 0.005, 0.05)}

    found = hops(before, after)

    assert list(found) == ["engine_step commit"]
    assert found["engine_step commit"]["count"] == 4
    assert 1 < found["engine_step commit"]["p50_ms"] < 10
    assert 10 < found["engine_step commit"]["p99_ms"] <= 100
    assert hops(after, after) == {}


def test_a_process_that_began_anew_counts_from_nothing() -> None:
    found = hops({"web": exported(*[0.005] * 9)}, {"web": exported(0.005, 0.005)})

    assert found["engine_step commit"]["count"] == 2


def test_rates_and_gauges_are_summed() -> None:
    before, after = {"a": exported(commands=5)}, {"a": exported(commands=9, lag=2), "b": exported(commands=1, lag=3)}

    assert rates(before, after)["log.commands_per_s"] == 5
    assert gauges(after)["log.lag_records"] == 5


def test_a_quantile_is_read_within_its_bucket_and_not_beyond_the_last() -> None:
    edges, counts = [0.1, 0.2, float("inf")], [50.0, 100.0, 110.0]

    assert quantile(edges, counts, 50 / 110) == pytest.approx(0.1)
    assert quantile(edges, counts, 75 / 110) == pytest.approx(0.15)
    assert quantile(edges, counts, 1.0) == 0.2


def test_what_is_no_line_of_metrics_is_refused() -> None:
    with pytest.raises(ValueError, match="a line of metrics"):
        parse("<html>")


def test_every_metric_that_the_report_asks_for_is_one_of_ours() -> None:
    from apps.observability import metrics

    known = {
        name
        for each in vars(metrics).values()
        if isinstance(each, Counter | Gauge)
        for family in each.describe()
        for name in (family.name, f"{family.name}_total")
    }
    assert {*RATES, *GAUGES} <= known

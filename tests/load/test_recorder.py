"""Latencies are counted in buckets: near enough to the truth, whatever comes."""

import random
import statistics

import pytest

from load.recorder import Recorder


def test_percentiles_are_within_a_hundredth_of_the_sorted_truth() -> None:
    chance = random.Random(3)
    values = [chance.lognormvariate(-5, 1.2) for _ in range(10_000)]
    recorder = Recorder()
    for value in values:
        recorder.record(value)

    found = recorder.total()

    exact = statistics.quantiles(values, n=1000, method="inclusive")
    assert found["count"] == 10_000
    for name, at in (("p50_ms", 499), ("p95_ms", 949), ("p99_ms", 989), ("p99.9_ms", 998)):
        assert found[name] == pytest.approx(exact[at] * 1000, rel=0.03)
    assert found["max_ms"] == pytest.approx(max(values) * 1000, rel=0.01)


def test_a_window_holds_what_came_since_the_last_and_the_total_all() -> None:
    recorder = Recorder()
    recorder.record(0.010)
    first = recorder.take_window()
    recorder.record(0.030)

    assert (first["count"], first["p50_ms"]) == (1, pytest.approx(10, rel=0.01))
    assert recorder.take_window()["p50_ms"] == pytest.approx(30, rel=0.01)
    assert recorder.take_window() == {"count": 0}
    assert recorder.total()["count"] == 2


@pytest.mark.parametrize(("seconds", "shown_ms"), [(-1.0, 0.001), (0.0, 0.001), (3600.0, 60_000)])
def test_what_cannot_be_is_counted_at_the_edge_and_never_lost(seconds: float, shown_ms: float) -> None:
    recorder = Recorder()
    recorder.record(seconds)

    assert recorder.total()["count"] == 1
    assert recorder.total()["max_ms"] == pytest.approx(shown_ms, rel=0.01)

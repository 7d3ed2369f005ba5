"""The report: made of whatever there was, needing no network, and nothing in it that somebody else wrote runs."""

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from load.lanes import find_lane
from load.report.charts import line_chart, number_text, ticks
from load.report.page import render
from load.results import make_results
from load.run import Outcome
from load.sampling import Sampler, process_figures, tree_figures
from load.target import Target


def outcome(**more: object) -> Outcome:
    found = Outcome(find_lane("step"), "lrun", datetime(2026, 11, 22, tzinfo=UTC), 0.5, is_own=True, event_log="kafka")
    found.machine = {"cores": 2, "python": "3.11", "commit": "<b>abc</b>"}
    for name, value in more.items():
        setattr(found, name, value)
    return found


def test_a_run_that_was_ended_before_anything_came_has_a_report() -> None:
    results = make_results(outcome(interrupted=True))
    page = render(results)

    assert not results["met"]
    assert "It was ended early." in page
    assert "Nothing was measured." in page
    assert "<b>abc</b>" not in page and "&lt;b&gt;abc&lt;/b&gt;" in page


def test_steps_and_their_knee_are_in_the_results_and_on_the_page() -> None:
    def step(offered: int, good: int, p99: float) -> dict[str, object]:
        return {"counts": {"offered": offered, "good": good}, "kinds": {"request": {"count": good, "p99_ms": p99}}}

    total = {
        "kinds": {}, "counts": {"offered": 900, "good": 700}, "outcomes": {"place: UNKNOWN (timeout)": 3, "place: FILLED": 7},
        "stretches": {"0": step(300, 300, 12.0), "1": step(600, 400, 4000.0)},
        "client": {"was_limit": True, "why": "it used 85% of a core"},
    }  # fmt: skip
    results = make_results(outcome(offered_s=30.0, totals={"orders": total}))
    page = render(results)

    assert results["figures"]["knee.carried_per_s"] == 20
    assert results["client_limits"] == ["orders: it used 85% of a core"]
    assert "The client was the limit" in page
    assert "<h2>The knee</h2>" in page
    assert '<td class="bad">place: UNKNOWN (timeout)</td>' in page
    assert '<td class="bad">place: FILLED</td>' not in page


def test_a_chart_is_of_lines_dots_or_a_sentence() -> None:
    lines = line_chart("CPU", "cores", {"a & b": [(0, 1.0), (5, 2.5)], "empty": []})

    assert lines.count("<polyline") == 1 and "a &amp; b <b>2.5</b>" in lines
    assert "<circle" in line_chart("CPU", "", {"once": [(1, 1.0)]})
    assert "Nothing was measured." in line_chart("CPU", "", {"never": []})


@pytest.mark.parametrize("highest", [0.0003, 0.7, 1.0, 3.0, 99.0, 12_345.0])
def test_ticks_are_round_few_and_reach_the_highest(highest: float) -> None:
    found = ticks(highest)

    assert found[0] == 0 and found[-1] >= highest * 0.999
    assert 4 <= len(found) <= 6
    assert ticks(0) == [0.0, 1.0]


@pytest.mark.parametrize(("value", "text"), [(None, "–"), (0, "0"), (1234567, "1,234,567"), (0.12345, "0.123"), (123.4, "123")])
def test_numbers_are_short(value: float | None, text: str) -> None:
    assert number_text(value) == text


@pytest.fixture
def sleeper() -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen([sys.executable, "-c", "import sys; sys.stdin.read()"], stdin=subprocess.PIPE) as process:
        yield process
        process.kill()


def test_a_process_is_looked_at_and_its_successor_is_a_restart(sleeper: "subprocess.Popen[bytes]") -> None:
    pids = {"engine": os.getpid(), "gone": 2**22 - 1}
    sampler = Sampler(Target("", "", "", {}, {}, lambda: pids, "", is_own=True))

    sampler._processes(0.0)
    sampler._processes(5.0)
    pids["engine"] = sleeper.pid
    sampler._processes(10.0)

    assert dict(sampler.restarts) == {"engine": 1}
    assert [t for t, _ in sampler.series["process.engine.rss_mib"]] == [0.0, 5.0, 10.0]
    assert sampler.series["process.engine.rss_mib"][0][1] > 5
    assert "process.gone.rss_mib" not in sampler.series


def test_a_server_counts_with_what_it_started(sleeper: "subprocess.Popen[bytes]") -> None:
    alone, together = process_figures(os.getpid()), tree_figures(os.getpid())

    assert together[1] > alone[1] * 0.9 + process_figures(sleeper.pid)[1] * 0.1
    assert alone[2] is not None and alone[2] > 2

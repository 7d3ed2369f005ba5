"""What changed between two runs, and whether that is better."""

import json
from pathlib import Path
from typing import Any

import pytest

from load.compare import changes, compare_files, word_of
from load.goals import GOALS, judge


def run(name: str, **figures: float) -> dict[str, Any]:
    verdict = [{"figure": "orders.request.p99_ms", "met": figures["orders.request.p99_ms"] <= 250}]
    return {
        "run": name, "lane": "standard", "started_at": "2026-11-22T06:00:00+00:00", "offered_s": 120.0, "figures": figures,
        "machine": {"commit": "abc1234", "load_before": 0.3}, "verdict": verdict, "client_limits": [],
    }  # fmt: skip


def written(path: Path, document: dict[str, Any]) -> str:
    path.mkdir()
    (path / "results.json").write_text(json.dumps(document))
    return str(path)


def test_changes_are_told_with_what_they_mean_and_noise_is_not(tmp_path: Path) -> None:
    before = run(
        "lold", **{"orders.request.p99_ms": 40.0, "orders.good_share": 1.0, "cpu.engine": 0.2, "sockets.frames_per_s": 100.0}
    )
    after = run(
        "lnew", **{"orders.request.p99_ms": 400.0, "orders.good_share": 0.99, "cpu.engine": 0.1, "sockets.frames_per_s": 200.0}
    )
    said: list[str] = []

    code = compare_files([written(tmp_path / "a", before), written(tmp_path / "b", after)], said.append)

    text = "\n".join(said)
    assert code == 1
    assert "MISSED NOW: orders.request.p99_ms" in text
    rows = {line.split()[0]: line.split() for line in said if line.startswith(("orders", "cpu", "sockets"))}
    assert rows["orders.request.p99_ms"] == ["orders.request.p99_ms", "40", "400", "+900%", "worse"]
    assert rows["cpu.engine"] == ["cpu.engine", "0.2", "0.1", "-50%", "better"]
    assert rows["sockets.frames_per_s"] == ["sockets.frames_per_s", "100", "200", "+100%"]
    assert "orders.good_share" not in rows
    assert (tmp_path / "b" / "compared-with-lold.txt").read_text().splitlines() == said[:-1]


def test_two_runs_alike_have_nothing_to_tell(tmp_path: Path) -> None:
    alike = run("lone", **{"orders.request.p99_ms": 40.0})
    said: list[str] = []

    assert compare_files([written(tmp_path / "a", alike), written(tmp_path / "b", alike)], said.append) == 0
    assert "No figure changed by 10% or more." in said


def test_what_was_nothing_and_is_something_comes_first() -> None:
    found = changes({"journal.lost": 0, "orders.place.p50_ms": 10}, {"journal.lost": 1, "orders.place.p50_ms": 20})

    assert [(each.figure, each.word, each.share) for each in found] == [
        ("journal.lost", "worse", None),
        ("orders.place.p50_ms", "worse", 1.0),
    ]


@pytest.mark.parametrize(
    ("figure", "more_is"),
    [("pages.page.p95_ms", "worse"), ("orders.good_per_s", "better"), ("knee.carried_per_s", "better"),
     ("sockets.back.p95_s", "worse"), ("database.commits_per_s", ""), ("prices.timed", "")],
)  # fmt: skip
def test_the_word_is_by_the_figures_kind(figure: str, more_is: str) -> None:
    assert word_of(figure, 1.0) == more_is


def test_a_goal_without_a_figure_is_missed() -> None:
    verdicts = judge("standard", {"journal.lost": 0, "orders.good_share": 0.98})

    met = {verdict.goal.figure: verdict.met for verdict in verdicts}
    assert len(met) == len(verdicts) == len(GOALS["standard"])
    assert met["journal.lost"]
    assert not met["orders.good_share"]
    assert not met["replay.differences"]

"""What Grafana shows and Prometheus watches is measured: no panel and no rule asks for a metric, a label or a value there is not.

Here that is held against what this process declares; tests/e2e holds it against what a whole running product exports.
"""

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml
from django_prometheus.middleware import Metrics

from apps.observability.metrics import exposition
from tests.docker.compose import ROOT
from tests.docker.promql import Catalog, complaints, exported, metrics_of, with_recorded

BOARDS = sorted((ROOT / "ops/grafana/boards").glob("*.json"))
RULES = sorted((ROOT / "ops/prometheus/rules").glob("*.yml"))
RUNBOOK = ROOT / "docs/runbook.md"
#: What an installation is asked to show.
WANTED_BOARDS = {"market", "orders", "stream", "database", "kafka", "business", "slos"}


def board(path: Path) -> dict[str, Any]:
    read: dict[str, Any] = json.loads(path.read_text())
    return read


def panels() -> Iterator[tuple[str, dict[str, Any]]]:
    for path in BOARDS:
        for panel in board(path)["panels"]:
            yield path.stem, panel


def rules() -> Iterator[dict[str, Any]]:
    for path in RULES:
        for group in yaml.safe_load(path.read_text())["groups"]:
            yield from group["rules"]


def alerts() -> Iterator[dict[str, Any]]:
    return (rule for rule in rules() if "alert" in rule)


def all_complaints(catalog: Catalog) -> list[str]:
    """Of every panel and every rule, with where it stands."""
    known = with_recorded(catalog, rules())
    found = [
        f"{name}, {panel['title']}: {wrong}"
        for name, panel in panels()
        for target in panel.get("targets", ())
        for wrong in complaints(target["expr"], known, target["legendFormat"])
    ]
    for rule in rules():
        notes = rule.get("annotations", {})
        shown = f"{notes.get('summary', '')} {notes.get('description', '')}".replace("$value", "")
        found += [f"{rule.get('alert') or rule['record']}: {wrong}" for wrong in complaints(rule["expr"], known, shown)]
    return found


@cache
def declared() -> Catalog:
    Metrics.get_instance()  # made by the middleware, of which this test loads none
    return exported([exposition()[0].decode()])


SOCKETS = "tredye_realtime_sockets"
STEPS = "tredye_engine_step_seconds"


@pytest.mark.parametrize(
    ("expression", "shown", "wrong"),
    [
        (f'sum by (step) (rate({STEPS}_bucket{{step="risk"}}[5m]))', "{{step}}", []),
        (f"histogram_quantile(0.9, sum by (le) (rate({STEPS}_bucket[$__rate_interval])))", "", []),
        (STEPS, "", [f"no metric {STEPS}"]),
        ("sum(tredye_never_was_total)", "", ["no metric tredye_never_was_total"]),
        (f"sum by (colour) ({SOCKETS})", "", ["nothing there to group has a label colour"]),
        (f'{SOCKETS}{{size="1"}}', "", [f"{SOCKETS} has no label size"]),
        (f'rate({STEPS}_count{{step="comit"}}[5m])', "", [f"{STEPS}_count has no step comit"]),
        (f'rate({STEPS}_count{{step=~"match|comit"}}[5m])', "", [f"{STEPS}_count has no step comit"]),
        (f'rate({STEPS}_bucket{{le="0.3"}}[5m])', "", [f"{STEPS}_bucket has no le 0.3"]),
        ('up{process="engin"}', "", ["up has no process engin"]),
        (f"sum({SOCKETS})", "{{process}}", ["the result has no label process"]),
        (f"histogram_quantile(0.9, sum by (step) (rate({STEPS}_bucket[5m])))", "", ["histogram_quantile without le"]),
        (f"{SOCKETS} / on (step) up", "", ["the left side has no label step", "the right side has no label step"]),
        (f"sum({SOCKETS}", "", ["it is no PromQL: unclosed left parenthesis"]),
    ],
)
def test_this_check_bites(expression: str, shown: str, wrong: list[str]) -> None:
    assert complaints(expression, declared(), shown) == wrong


def test_what_a_rule_records_is_known_with_its_labels() -> None:
    recording = {"record": "a:b", "expr": f"sum({SOCKETS})", "labels": {"slo": "x"}}
    known = with_recorded(declared(), [recording])
    assert complaints('a:b{slo="x"}', known, "{{slo}}") == []
    assert complaints('a:b{slo="y"}', known, "{{process}}") == ["a:b has no slo y", "the result has no label process"]


def test_every_panel_and_every_rule_asks_for_what_is_declared() -> None:
    assert all_complaints(declared()) == []


def test_there_are_the_boards_and_rules() -> None:
    assert {path.stem for path in BOARDS} == WANTED_BOARDS and RULES and list(alerts())


@pytest.mark.parametrize("path", BOARDS, ids=lambda path: path.name)
def test_a_board_is_whole(path: Path) -> None:
    read = board(path)
    assert read["uid"] == f"tredye-{path.stem}" and read["title"] and read["editable"] is False
    ids = [panel["id"] for panel in read["panels"]]
    assert len(set(ids)) == len(ids)
    taken: set[tuple[int, int]] = set()
    for panel in read["panels"]:
        place = panel["gridPos"]
        cells = {(x, y) for x in range(place["x"], place["x"] + place["w"]) for y in range(place["y"], place["y"] + place["h"])}
        assert place["x"] + place["w"] <= 24 and not cells & taken, panel["title"]
        taken |= cells


def test_a_panel_says_what_it_is_and_what_is_sane() -> None:
    for name, panel in panels():
        if panel["type"] == "row":
            continue
        assert panel["targets"] and panel["fieldConfig"]["defaults"]["unit"], (name, panel["title"])
        assert panel["datasource"] == {"type": "prometheus", "uid": "prometheus"}
        assert re.search(r"\bSane: .+\.$", panel["description"]), (name, panel["title"], panel["description"])
        assert all(target["legendFormat"] for target in panel["targets"])


def test_a_rule_says_how_bad_it_is_and_what_it_found() -> None:
    for rule in alerts():
        assert rule["labels"]["severity"] in ("info", "warning", "critical"), rule["alert"]
        assert len(rule["annotations"]["summary"]) > 10 and len(rule["annotations"]["description"]) > 20, rule["alert"]
    names = [rule["alert"] for rule in alerts()]
    assert len(set(names)) == len(names)


def sections(text: str) -> dict[str, str]:
    found = re.split(r"(?m)^### (\w+)$", text)
    return dict(zip(found[1::2], found[2::2], strict=True))


def test_each_alert_has_its_section_in_the_runbook_and_each_section_its_alert() -> None:
    told = sections(RUNBOOK.read_text())
    assert set(told) == {rule["alert"] for rule in alerts()}
    for rule in alerts():
        text = told[rule["alert"]]
        assert text.strip().startswith(rule["labels"]["severity"].capitalize()), rule["alert"]
        assert re.search(r"\n- Look at: \S", text) and re.search(r"\n- Do: \S", text), rule["alert"]
        waits = f"after {rule['for']}." if "for" in rule else "at once."
        assert waits in text.strip().split("\n", 1)[0], rule["alert"]


def test_prometheus_reads_the_rules() -> None:
    settings = yaml.safe_load((ROOT / "ops/prometheus/prometheus.yml").read_text())
    assert settings["rule_files"] == ["rules/*.yml"]


def test_every_metric_of_the_product_is_on_a_board() -> None:
    """One that nobody looks at is not worth its cost."""
    shown = set().union(*(metrics_of(target["expr"]) for _, panel in panels() for target in panel.get("targets", ())))
    families = {re.sub(r"_(bucket|count|sum)$", "", name) for name in shown if not name.startswith("tredye:")}
    wanted = {re.sub(r"_(bucket|count|sum)$", "", name) for name in declared() if name.startswith("tredye_")}
    assert wanted - families == {"tredye_process_info"}

"""Prometheus itself on its configuration, its rules, and what the rules say to series that are played to them."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from tests.docker.compose import ROOT

PROMETHEUS = ROOT / "ops/prometheus"
PLAYED = PROMETHEUS / "tests/alerts.yml"


@pytest.fixture(scope="module")
def promtool() -> str:
    found = os.environ.get("PROMTOOL") or shutil.which("promtool")
    if not found:
        pytest.skip("there is no promtool here, and apt-get cannot fetch it")
    return found


def run(promtool: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run([promtool, *arguments], capture_output=True, text=True, timeout=60)


def test_it_takes_the_configuration_and_every_rule(promtool: str, tmp_path: Path) -> None:
    done = run(promtool, "check", "config", "--lint=all", str(PROMETHEUS / "prometheus.yml"))
    assert done.returncode == 0, done.stdout + done.stderr
    wrong = tmp_path / "wrong.yml"
    wrong.write_text("groups: [{name: x, rules: [{alert: X, expr: 'sum(up', labels: {severity: info}}]}]")
    assert run(promtool, "check", "rules", str(wrong)).returncode != 0, "this check bites"


def test_the_alerts_fire_when_they_must_and_not_before(promtool: str) -> None:
    done = run(promtool, "test", "rules", str(PLAYED))
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_rule_that_is_looser_is_found(promtool: str, tmp_path: Path) -> None:
    shutil.copytree(PROMETHEUS, tmp_path / "prometheus")
    prices = tmp_path / "prometheus/rules/prices.yml"
    limit = "tredye_marketdata_price_age_seconds) > 3"
    prices.write_text(prices.read_text().replace(limit, f"{limit}0"))
    done = run(promtool, "test", "rules", str(tmp_path / "prometheus/tests/alerts.yml"))
    assert done.returncode != 0 and "PricesAreOld" in done.stdout + done.stderr


def test_every_file_of_rules_is_played_to() -> None:
    named = {Path(name).name for name in yaml.safe_load(PLAYED.read_text())["rule_files"]}
    assert named == {path.name for path in (PROMETHEUS / "rules").glob("*.yml")}

"""Every panel and every rule against what the processes of a running product export: none can be empty by a typo."""

import json
import urllib.request
from typing import Any

import pytest

from stack.cluster import Cluster
from tests.docker import test_boards as files
from tests.docker.promql import Catalog, exported
from tests.waiting import wait_until

pytestmark = pytest.mark.e2e


def texts(cluster: Cluster) -> dict[str, str]:
    """What each process shows, by its name."""
    found = {}
    for target in cluster.env["METRICS_TARGETS"].split(","):
        name, _, address = target.partition("=")
        with urllib.request.urlopen(f"http://{address}/metrics", timeout=10) as response:
            found[name] = response.read().decode()
    return found


@pytest.fixture
def shown(cluster: Cluster) -> Catalog:
    """When prices flow: before that there are no series of hops."""
    with urllib.request.urlopen(f"{cluster.web_url}/status/", timeout=30) as response:
        assert response.status == 200
    wait_until(lambda: "tredye_realtime_hop_seconds_count{" in texts(cluster)["realtime"], 60, "the first hop")
    return exported(texts(cluster).values())


def test_each_process_shows_itself(cluster: Cluster) -> None:
    shown = texts(cluster)
    assert set(shown) == set(cluster.names)
    for name, text in shown.items():
        assert f'tredye_process_info{{name="{name}"}} 1.0' in text
        for figure in ("resident_memory_bytes", "open_fds", "cpu_seconds_total", "start_time_seconds"):
            assert f"\nprocess_{figure} " in text, (name, figure)


def test_no_panel_and_no_rule_asks_in_vain(shown: Catalog) -> None:
    assert files.all_complaints(shown) == []


@pytest.mark.parametrize(
    ("right", "typo", "wrong"),
    [
        ("tredye_realtime_hop_seconds_bucket", "tredye_realtime_hops_seconds_bucket", "no metric"),
        ("sum by (le, hop)", "sum by (le, hopp)", "label hopp"),
        ('where=\\"cache\\"', 'where=\\"cashe\\"', "no where cashe"),
        ('le=\\"0.25\\"', 'le=\\"0.26\\"', "no le 0.26"),
    ],
)
def test_a_planted_typo_is_found(shown: Catalog, monkeypatch: pytest.MonkeyPatch, right: str, typo: str, wrong: str) -> None:
    told = json.dumps([[name, panel] for name, panel in files.panels()])
    rules = json.dumps(list(files.rules()))
    assert right in told + rules

    def planted(text: str) -> Any:
        return json.loads(text.replace(right, typo, 1))

    monkeypatch.setattr(files, "panels", lambda: iter(planted(told)))
    monkeypatch.setattr(files, "rules", lambda: iter(planted(rules)))
    found = files.all_complaints(shown)
    assert found and any(wrong in complaint for complaint in found)

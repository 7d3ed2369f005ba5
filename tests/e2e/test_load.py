"""``make load LANE=smoke`` on the stack that the browser's tests run: the same clients, checks and report as every lane."""

from pathlib import Path

import pytest

from load.goals import judge
from load.lanes import find_lane
from load.report.page import write_report
from load.results import make_results
from load.run import run_lane
from load.target import of_cluster
from stack.cluster import Cluster

# With the start of the stack before it, where this test is the first that asks for one.
pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]


def test_a_little_load_is_carried_and_all_of_it_is_right(cluster: Cluster, tmp_path: Path) -> None:
    lane = find_lane("smoke")
    said: list[str] = []

    results = make_results(run_lane(lane, of_cluster(cluster, is_own=False), tmp_path, said.append))

    assert results["met"], [each for each in results["verdict"] if not each["met"]]
    assert results["figures"]["orders.offered"] > 100
    assert results["journal"]["accepted"] > 50
    assert results["figures"]["pages.visits"] > 0
    assert results["invariants"]["checks"] >= 50
    assert any("orders" in line and "sockets" in line and "errors 0" in line for line in said)
    _check_that_everything_was_looked_at(results)
    _check_that_the_verdict_can_fail(results)
    write_report(results, tmp_path / "report.html")
    page = (tmp_path / "report.html").read_text()
    assert "http://" not in page and "https://" not in page and "<script" not in page
    assert page.count("<svg") > 20
    assert not list(tmp_path.glob("p*.json")), "keys and passwords are left behind"


def _check_that_everything_was_looked_at(results: dict) -> None:
    """Series of each kind came, from every process, the database and the log; and hops from feed and order to the client."""
    series = results["series"]
    for name in ("engine", "relay", "feed", "realtime", "marketdata", "portfolio", "web", "stream"):
        for figure in ("cpu", "rss_mib", "fds"):
            assert series[f"process.{name}.{figure}"], name
    for name in ("database.commits_per_s", "log.lag_records", "log.feed_ticks_per_s", "sockets.feed_to_client.p99_ms"):
        assert series[name], name
    for hop in ("realtime_hop hub_socket", "engine_step commit", "api_step engine", "relay_publish"):
        assert results["hops"][hop]["count"] > 0


def _check_that_the_verdict_can_fail(results: dict) -> None:
    for figure, bad in (("journal.lost", 1), ("orders.good_share", 0.1), ("invariants.violated", 2), ("processes.restarts", 1)):
        assert not all(verdict.met for verdict in judge("smoke", {**results["figures"], figure: bad})), figure

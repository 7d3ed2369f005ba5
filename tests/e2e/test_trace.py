"""An order's story on the whole stack: one id in the logs of six processes, the outbox and the topics, and all of its spans."""

import json
import subprocess
from collections.abc import Iterator
from typing import Any

import psycopg
import pytest
from playwright.sync_api import Page, expect

from stack.cluster import Cluster
from tests.e2e.conftest import Clusters
from tests.e2e.people import place, sign_up
from tests.observability.collector import Collector, collecting
from tests.waiting import wait_until

pytestmark = [pytest.mark.e2e, pytest.mark.long, pytest.mark.timeout(300)]
SYMBOL = "BTC-USD"
SPEAKERS = {"web", "engine", "relay", "realtime", "portfolio", "stream"}


@pytest.fixture
def collector() -> Iterator[Collector]:
    with collecting() as started:
        yield started


@pytest.fixture
def cluster(request: pytest.FixtureRequest, clusters: Clusters, collector: Collector) -> Iterator[Cluster]:
    clusters.end()  # one at a time
    env = {"LOG_FORMAT": "json", "OTEL_EXPORTER_OTLP_ENDPOINT": collector.endpoint}
    with Cluster(event_log=request.param, env=env) as started:
        yield started


def story_of(cluster: Cluster, *asked: str) -> dict[str, Any]:
    """What ``manage.py trace`` says; nothing while it has nothing to say."""
    program = [str(cluster.settings.venv_python), "manage.py", "trace", *asked, "--json"]
    done = subprocess.run(program, cwd=cluster.settings.root, env=cluster.env, capture_output=True, text=True, timeout=120)
    return dict(json.loads(done.stdout)) if done.returncode == 0 else {}


def sources(story: dict[str, Any]) -> set[str]:
    return {entry["source"] for entry in story.get("entries", ())}


def is_whole(story: dict[str, Any]) -> bool:
    words = {source.partition(":")[0] for source in sources(story)}
    return {f"log:{name}" for name in SPEAKERS} <= sources(story) and {
        "browser", "web", "engine", "database", "ledger", "topic", "stream",
    } <= words  # fmt: skip


@pytest.mark.parametrize("cluster", ["kafka", "embedded"], indirect=True)
def test_an_orders_story_is_told_whole(page: Page, cluster: Cluster, collector: Collector) -> None:
    sign_up(page, cluster)
    page.goto(f"/markets/{SYMBOL}/")
    expect(page.locator("#ticket-funds")).to_contain_text("100,000")
    place(page, "Market", "0.5")
    expect(page.locator("#order-result")).to_contain_text("Bought")
    with psycopg.connect(cluster.database_url) as database:
        row = database.execute("SELECT id, account_id, client_order_id FROM orders_order ORDER BY id DESC LIMIT 1").fetchone()
        assert row is not None
        order_id, account_id, client_order_id = map(str, row)
        events = database.execute("SELECT id, epoch, data FROM orders_accountevent WHERE order_id = %s", [order_id]).fetchall()
    story: dict[str, Any] = {}

    def told() -> bool:
        story.update(story_of(cluster, order_id))
        return is_whole(story)

    try:
        wait_until(told, 90, "the whole story")
    except AssertionError:
        raise AssertionError(f"told by {sorted(sources(story))}, {story.get('notes')}") from None
    (trace_id,) = story["trace_ids"]
    assert {json.loads(data)["correlation_id"] for _, _, data in events} == {trace_id}
    assert [entry["at"] for entry in story["entries"]] == sorted(entry["at"] for entry in story["entries"])
    records = [entry["facts"] for entry in story["entries"] if entry["source"].startswith("topic:orders.events-")]
    assert [record["headers"]["event-id"] for record in records] == [f"{epoch}-{number}" for number, epoch, _ in sorted(events)]
    assert all(record["headers"]["traceparent"].startswith(f"00-{trace_id}-") for record in records)
    assert story["notes"] == []

    assert story_of(cluster, account_id, client_order_id)["orders"] == story["orders"]
    assert [order["id"] for order in story_of(cluster, trace_id)["orders"]] == [int(order_id)]

    wait_until(lambda: {name for name, _ in collector.of_trace(trace_id)} >= SPEAKERS, 60, "spans of every process")
    spans = {span.span_id: span for _, span in collector.of_trace(trace_id)}
    roots = [span for span in spans.values() if span.parent_span_id not in spans]
    assert [span.name for span in roots] == ["POST orders:submit"], "everything hangs below the request"

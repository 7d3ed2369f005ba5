import ast
import socket
import urllib.request
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from prometheus_client import Counter
from prometheus_client.metrics import MetricWrapperBase

from apps.observability import metrics

pytestmark = pytest.mark.django_db


def text(client: Client) -> str:
    return client.get("/metrics").content.decode()


NAMES = [
    # the order path
    "tredye_engine_batch_commands_bucket",
    "tredye_engine_quotes_total",
    "tredye_engine_open_orders",
    "tredye_engine_epoch",
    "tredye_orders_submit_seconds",
    "tredye_relay_depth_batches",
    "tredye_relay_oldest_seconds",
    "tredye_relay_published_total",
    "tredye_relay_publish_seconds_bucket",
    # the tick path
    "tredye_feed_ticks_total",
    "tredye_feed_publish_seconds",
    "tredye_feed_dropped_total",
    "tredye_feed_skipped_total",
    "tredye_feed_quarantined_total",
    "tredye_feed_gaps_total",
    "tredye_feed_missed_total",
    "tredye_feed_resnapshots_total",
    "tredye_feed_resets_total",
    "tredye_feed_flagged",
    "tredye_feed_lag_seconds",
    "tredye_feed_active",
    "tredye_consumer_records_total",
    "tredye_consumer_lag_records",
    "tredye_consumer_parked_total",
    "tredye_consumer_stopped_partitions",
    "tredye_marketdata_bars_total",
    "tredye_marketdata_late_total",
    "tredye_realtime_sockets",
    "tredye_realtime_frames_total",
    "tredye_realtime_ticks_in_total",
    "tredye_realtime_flush_seconds_bucket",
    "tredye_realtime_heartbeats_total",
    "tredye_realtime_closes_total",
    "tredye_realtime_hop_seconds",
    # the process and what serves it
    "tredye_process_info",
    "process_resident_memory_bytes",
    "django_http_requests_before_middlewares_total",
    "django_db_execute_total",
]


def test_the_metrics_of_both_paths_are_there(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    exposed = text(client)
    # A metric with labels shows its help before its first value.
    assert [
        name for name in NAMES if f"\n{name}" not in exposed and f"# TYPE {name.removesuffix('_total')}" not in exposed
    ] == []


def test_every_metric_is_declared_with_a_meaning() -> None:
    declared = [value for value in vars(metrics).values() if isinstance(value, MetricWrapperBase)]
    assert len(declared) > 30
    for metric in declared:
        assert metric._name.startswith("tredye_")
        assert len(metric._documentation) > 10, metric._name


def names_used(tree: ast.AST) -> set[str]:
    """Every name and attribute that is read below ``tree``."""
    names = (node for node in ast.walk(tree) if isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Load))
    return {node.attr if isinstance(node, ast.Attribute) else node.id for node in names}


def unobserved(declared: dict[str, MetricWrapperBase], users: list[ast.AST]) -> set[str]:
    """The metrics that no user names. One that is reached through a child (a step of ENGINE_STEP_SECONDS) is reached."""
    used = set().union(*map(names_used, users))
    reached = {metric._name for name, metric in declared.items() if name in used}
    return {name for name, metric in declared.items() if metric._name not in reached}


def test_every_metric_is_observed_by_the_product() -> None:
    # A metric that nothing moves misleads whoever watches it.
    own = Path(metrics.__file__).parent
    product = [path for folder in (own.parents[1], own.parents[2] / "tredye") for path in folder.rglob("*.py")]
    users: list[ast.AST] = [ast.parse(path.read_text()) for path in product if path.parent != own]
    users += [node for path in own.glob("*.py") for node in ast.parse(path.read_text()).body if isinstance(node, ast.FunctionDef)]
    declared = {name: value for name, value in vars(metrics).items() if isinstance(value, MetricWrapperBase)}
    assert unobserved(declared, users) == set()
    planted = Counter("tredye_planted", "Nothing moves it.", registry=None)
    assert unobserved(declared | {"PLANTED": planted}, users) == {"PLANTED"}


def test_a_request_is_counted(client: Client) -> None:
    client.get("/livez")
    assert 'view="observability:livez"' in text(client)


@pytest.mark.parametrize(
    ("caller", "status"),
    [
        ({"REMOTE_ADDR": "127.0.0.1"}, 200),
        ({"REMOTE_ADDR": "::1"}, 200),
        ({"REMOTE_ADDR": "10.0.0.9"}, 404),
        ({"REMOTE_ADDR": ""}, 404),
        ({"REMOTE_ADDR": "127.0.0.1", "HTTP_X_FORWARDED_FOR": "203.0.113.9"}, 404),
        ({"REMOTE_ADDR": "127.0.0.1", "HTTP_FORWARDED": "for=203.0.113.9"}, 404),
        ({"REMOTE_ADDR": "10.0.0.9", "HTTP_AUTHORIZATION": "Bearer s3cret-token"}, 200),
        ({"REMOTE_ADDR": "10.0.0.9", "HTTP_AUTHORIZATION": "Bearer s3cret-tokem"}, 404),
        ({"REMOTE_ADDR": "10.0.0.9", "HTTP_AUTHORIZATION": "Bearer "}, 404),
        ({"REMOTE_ADDR": "10.0.0.9", "HTTP_AUTHORIZATION": "Bearer s3cr\u00e9t"}, 404),
    ],
)
def test_only_operators_may_read_them(client: Client, settings: Any, caller: dict[str, str], status: int) -> None:
    settings.METRICS_TOKEN = "s3cret-token"
    assert client.get("/metrics", **caller).status_code == status


def test_no_token_set_opens_nothing(client: Client, settings: Any) -> None:
    settings.METRICS_TOKEN = ""
    for offered in ("Bearer ", "Bearer", ""):
        assert client.get("/metrics", REMOTE_ADDR="10.0.0.9", HTTP_AUTHORIZATION=offered).status_code == 404


def test_a_worker_serves_them_on_loopback(settings: Any) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        settings.METRICS_PORT = free.getsockname()[1]
    metrics.serve_metrics()
    with urllib.request.urlopen(f"http://127.0.0.1:{settings.METRICS_PORT}/metrics", timeout=30) as response:
        assert b"tredye_relay_published" in response.read()
    with pytest.raises(OSError, match=f"METRICS_PORT {settings.METRICS_PORT} cannot be opened"):
        metrics.serve_metrics()


def test_port_zero_serves_nothing(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.METRICS_PORT = 0
    monkeypatch.setattr(metrics.process, "start_http_server", lambda *_args, **_kw: pytest.fail("a server was started"))
    metrics.serve_metrics()

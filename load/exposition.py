"""Prometheus' text, as much of it as our processes write: histograms become percentiles of a while, counters rates, gauges
values."""

import math
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import NamedTuple

_LINE = re.compile(r"([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)")
_LABEL = re.compile(r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\.)*)"')
#: Histograms whose every label is a hop of its own are ours; of Django's the time of a page by view is wanted.
_HOPS = ("tredye_", "django_http_requests_latency_seconds_by_view_method", "django_db_query_duration_seconds")
_PIECES = ("django_http_requests_latency_seconds_by_view_method",)
#: Counters whose rate belongs into the report, and what it is called there.
RATES = {
    "tredye_feed_ticks_total": "log.feed_ticks_per_s",
    "tredye_producer_sent_total": "log.produced_per_s",
    "tredye_relay_published_total": "log.relayed_per_s",
    "tredye_consumer_records_total": "log.consumed_per_s",
    "tredye_realtime_frames_total": "log.frames_per_s",
    "tredye_engine_commands_total": "log.commands_per_s",
    "tredye_engine_quotes_total": "log.engine_quotes_per_s",
}
#: Gauges by name, summed over processes, but the largest of those that say how old or how far behind.
GAUGES = {
    "tredye_consumer_lag_records": "log.lag_records",
    "tredye_relay_depth_batches": "log.outbox_batches",
    "tredye_relay_oldest_seconds": "log.outbox_oldest_s",
    "tredye_realtime_sockets": "log.sockets",
    "tredye_engine_open_orders": "log.open_orders",
    "tredye_marketdata_price_age_seconds": "log.price_age_s",
    "tredye_consumer_stopped_partitions": "log.stopped_partitions",
}


class Sample(NamedTuple):
    """Labels as pairs, sorted."""

    name: str
    labels: tuple[tuple[str, str], ...]


Metrics = dict[Sample, float]
#: By process.
Scrape = dict[str, Metrics]


def parse(text: str) -> Metrics:
    """Every sample of one process. Raises ValueError for a line that is none."""
    found: Metrics = {}
    for line in text.splitlines():
        if not line or line.startswith("#"):
            continue
        match = _LINE.fullmatch(line)
        if match is None:
            raise ValueError(f"a line of metrics was {line[:80]!r}")
        labels = tuple(sorted((name, value) for name, value in _LABEL.findall(match[2] or "")))
        found[Sample(match[1], labels)] = float(match[3])
    return found


def hops(before: Scrape, after: Scrape) -> dict[str, dict[str, float]]:
    """Percentiles in milliseconds, and counts, of every histogram of times that moved, over all processes. Named by metric and
    labels: ``engine_step commit``."""
    buckets: defaultdict[str, defaultdict[float, float]] = defaultdict(lambda: defaultdict(float))
    for name, edge, moved in _moved_buckets(before, after):
        buckets[name][edge] += moved
    found = {}
    for name, cumulative in buckets.items():
        edges = sorted(cumulative)
        counts = [cumulative[edge] for edge in edges]
        if counts and counts[-1] > 0:
            found[name] = {"count": counts[-1]} | {
                f"p{share:g}_ms": quantile(edges, counts, share / 100) * 1000 for share in (50, 95, 99)
            }
    return found


def _moved_buckets(before: Scrape, after: Scrape) -> Iterator[tuple[str, float, float]]:
    for process, metrics in after.items():
        earlier = before.get(process, {})
        for sample, value in metrics.items():
            if not sample.name.endswith("_seconds_bucket") and not sample.name.endswith("_method_bucket"):
                continue
            if not sample.name.startswith(_HOPS):
                continue
            moved = value - earlier.get(sample, 0.0)
            if moved < 0:
                moved = value  # the process began anew
            labels = dict(sample.labels)
            edge = float(labels.pop("le"))
            yield _hop_name(sample.name, labels), edge, moved


def _hop_name(metric: str, labels: Mapping[str, str]) -> str:
    short = metric.removesuffix("_bucket").removeprefix("tredye_").removesuffix("_seconds")
    if metric.startswith(_PIECES):
        short, labels = "page", {"view": f"{labels.get('method', '')} {labels.get('view', '')}"}
    return " ".join([short, *labels.values()])


def quantile(edges: list[float], cumulative: list[float], share: float) -> float:
    """The value below which ``share`` lies, read within its bucket as if its samples were spread evenly. In the open bucket at
    the end it is the last edge: no more is known."""
    wanted = cumulative[-1] * share
    low_edge, low_count = 0.0, 0.0
    for edge, count in zip(edges, cumulative, strict=True):
        if count >= wanted and count > low_count:
            if math.isinf(edge):
                return low_edge
            return low_edge + (edge - low_edge) * (wanted - low_count) / (count - low_count)
        low_edge, low_count = edge if not math.isinf(edge) else low_edge, count
    return low_edge


def rates(before: Scrape, after: Scrape) -> dict[str, float]:
    """How much each counter of :data:`RATES` moved, over all processes and labels."""
    moved: defaultdict[str, float] = defaultdict(float)
    for process, metrics in after.items():
        earlier = before.get(process, {})
        for sample, value in metrics.items():
            if name := RATES.get(sample.name):
                moved[name] += max(value - earlier.get(sample, 0.0), 0.0)
    return dict(moved)


def gauges(scrape: Scrape) -> dict[str, float]:
    """The gauges of :data:`GAUGES` as they are now."""
    found: defaultdict[str, float] = defaultdict(float)
    for metrics in scrape.values():
        for sample, value in metrics.items():
            if name := GAUGES.get(sample.name):
                found[name] = max(found[name], value) if name.endswith("_s") else found[name] + value
    return dict(found)

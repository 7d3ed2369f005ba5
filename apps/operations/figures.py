"""What two askings, some seconds apart, say of the time between them: rates, percentiles, and what stands at the end. Pure.

A counter that is smaller than before belongs to a process that began anew: all that it shows came since.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from apps.operations.exposition import Exposition, Labels
from apps.operations.scrape import Scraped

#: What one process shows of itself, by prometheus_client.
_RSS, _CPU, _FILES, _START = (
    "process_resident_memory_bytes",
    "process_cpu_seconds_total",
    "process_open_fds",
    "process_start_time_seconds",
)
HOPS = ("feed_log", "log_consumer", "consumer_hub", "hub_socket")
STEPS = ("wait", "parse", "risk", "match", "commit", "answer")

Figures = dict[str, float | None]


@dataclass(frozen=True, slots=True)
class Asked:
    """All processes at one time. ``at_s`` in seconds since 1970."""

    at_s: float
    processes: tuple[Scraped, ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of a chart: where it comes from. ``kind``: rate, sum, max; of a histogram p50, p95, p99."""

    name: str
    kind: str
    metric: str
    labels: tuple[tuple[str, str], ...] = ()
    by: str = ""  # a label: then a figure for each of its values, "name value"

    @property
    def sample(self) -> str:
        return f"{self.metric}_bucket" if self.kind in _QUANTILES else self.metric


_QUANTILES = {"p50": 0.5, "p95": 0.95, "p99": 0.99}


def _both(name: str, metric: str, **labels: str) -> tuple[Figure, Figure]:
    """The half, and 99 of a hundred."""
    return tuple(Figure(f"{name} {kind}", kind, metric, tuple(labels.items())) for kind in ("p50", "p99"))  # type: ignore[return-value]


FIGURES: tuple[Figure, ...] = (
    *(figure for hop in HOPS for figure in _both(f"hop {hop}", "tredye_realtime_hop_seconds", hop=hop)),
    *(figure for step in STEPS for figure in _both(f"step {step}", "tredye_engine_step_seconds", step=step)),
    *_both("event", "tredye_realtime_event_seconds"),
    Figure("orders p50", "p50", "tredye_orders_submit_seconds"),
    Figure("orders p95", "p95", "tredye_orders_submit_seconds"),
    Figure("orders p99", "p99", "tredye_orders_submit_seconds"),
    Figure("commands", "rate", "tredye_engine_commands_total"),
    Figure("trades", "rate", "tredye_engine_trades_total"),
    Figure("batch p99", "p99", "tredye_engine_batch_commands"),
    Figure("open orders", "sum", "tredye_engine_open_orders"),
    Figure("ticks", "rate", "tredye_feed_ticks_total"),
    Figure("price age", "max", "tredye_marketdata_price_age_seconds"),
    Figure("sockets", "sum", "tredye_realtime_sockets"),
    Figure("frames", "rate", "tredye_realtime_frames_total", (("fate", "sent"),)),
    Figure("skipped", "rate", "tredye_realtime_frames_total", (("fate", "skipped"),)),
    Figure("conflated", "rate", "tredye_realtime_conflated_total"),
    Figure("reconnects", "rate", "tredye_realtime_reconnects_total"),
    Figure("lag", "max", "tredye_consumer_lag_records", by="consumer"),
    Figure("records", "rate", "tredye_consumer_records_total", by="consumer"),
    Figure("stopped", "sum", "tredye_consumer_stopped_partitions"),
    Figure("outbox depth", "sum", "tredye_relay_depth_batches"),
    Figure("outbox age", "max", "tredye_relay_oldest_seconds"),
    *_both("database", "tredye_database_query_seconds"),
    Figure("queries", "rate", "tredye_database_query_seconds_count"),
    Figure("pool waiting", "sum", "tredye_database_pool_waiting"),
    Figure("missing", "max", "tredye_database_missing", by="what"),
    *_both("pages", "django_http_requests_latency_seconds_by_view_method"),
    Figure("page views", "rate", "django_http_requests_latency_seconds_by_view_method_count"),
    Figure("tasks", "rate", "tredye_tasks_total", by="outcome"),
    Figure("beat sent", "max", "tredye_beat_sent_seconds"),
    Figure("jobs missing", "max", "tredye_jobs_missing"),
    Figure("invariants violated", "max", "tredye_invariants_violated"),
    Figure("invariants asked", "max", "tredye_invariants_asked_seconds"),
)
#: What to read of the processes' answers; the rest is passed over.
WANTED = frozenset({_RSS, _CPU, _FILES, _START, *(figure.sample for figure in FIGURES)})


def process_rows(before: Asked | None, now: Asked) -> list[dict[str, object]]:
    """Each process as a page shows it: up, its age in seconds, memory, files, and the share of a core that it used."""
    former = {} if before is None else {(each.process, each.address): each.shown for each in before.processes}
    rows = []
    for each in now.processes:
        row: dict[str, object] = {"process": each.process, "address": each.address, "up": each.shown is not None}
        if each.shown is None:
            row["reason"] = each.reason
        else:
            start_s, last = each.shown.value(_START), former.get((each.process, each.address))
            row |= {
                "age_s": None if start_s is None else round(max(0.0, now.at_s - start_s)),
                "rss": each.shown.value(_RSS),
                "files": each.shown.value(_FILES),
            }
            cpu_s = each.shown.value(_CPU)
            if before is not None and last is not None and cpu_s is not None:
                row["cpu"] = round(_grown(last.value(_CPU), cpu_s) / max(1.0, now.at_s - before.at_s), 4)
        rows.append(row)
    return rows


def figures_of(before: Asked | None, now: Asked) -> Figures:
    """Every figure of :data:`FIGURES`; None where nobody measured anything. Without ``before`` no rates and percentiles."""
    found: Figures = {}
    for figure in FIGURES:
        if not figure.by:
            found[figure.name] = _figure(figure, before, now, lambda labels: True)
            continue
        values = {dict(labels).get(figure.by, "") for each in _shown(now) for labels in each.samples.get(figure.sample, {})}
        for value in sorted(values):
            found[f"{figure.name} {value}"] = _figure(figure, before, now, _has(figure.by, value))
    return {name: None if value is None else _rounded(value) for name, value in found.items()}


def _has(name: str, value: str) -> Callable[[Labels], bool]:
    return lambda labels: (name, value) in labels


def _shown(asked: Asked) -> list[Exposition]:
    return [each.shown for each in asked.processes if each.shown is not None]


def _figure(figure: Figure, before: Asked | None, now: Asked, chosen: Callable[[Labels], bool]) -> float | None:
    def matches(labels: Labels) -> bool:
        return chosen(labels) and all(pair in labels for pair in figure.labels)

    if figure.kind in ("sum", "max"):
        values = [
            value for each in _shown(now) for labels, value in each.samples.get(figure.metric, {}).items() if matches(labels)
        ]
        return (sum(values) if figure.kind == "sum" else max(values)) if values else None
    if before is None:
        return None
    growth = [pair for pair in _growth(figure.sample, before, now) if matches(pair[0])]
    if figure.kind == "rate":
        return sum(more for _, more in growth) / max(1.0, now.at_s - before.at_s) if growth else None
    return quantile(_QUANTILES[figure.kind], _buckets(growth))


def _growth(sample: str, before: Asked, now: Asked) -> Iterable[tuple[Labels, float]]:
    """By how much each series of each process grew. A process that was not asked before is left out: since when is not known."""
    former = {(each.process, each.address): each.shown for each in before.processes if each.shown is not None}
    for each in now.processes:
        last = former.get((each.process, each.address))
        if each.shown is None or last is None:
            continue
        old = last.samples.get(sample, {})
        for labels, value in each.shown.samples.get(sample, {}).items():
            yield labels, _grown(old.get(labels), value)


def _grown(old: float | None, new: float) -> float:
    return new if old is None or new < old else new - old


def _buckets(growth: Iterable[tuple[Labels, float]]) -> dict[float, float]:
    """How many fell at or below each edge, over all series."""
    counts: dict[float, float] = {}
    for labels, more in growth:
        edge = float(dict(labels)["le"])
        counts[edge] = counts.get(edge, 0.0) + more
    return counts


def quantile(share: float, counts: Mapping[float, float]) -> float | None:
    """The value below which ``share`` of the samples lie, by the rule of Prometheus: straight lines within a bucket, and the last
    finite edge for what is beyond it. None without samples."""
    edges: Sequence[float] = sorted(counts)
    if not edges or not counts[edges[-1]]:
        return None
    rank, below, edge_below = share * counts[edges[-1]], 0.0, 0.0
    for edge in edges:
        if counts[edge] >= rank:
            if math.isinf(edge):
                return edge_below
            width = counts[edge] - below
            return edge_below + (edge - edge_below) * ((rank - below) / width if width else 1.0)
        below, edge_below = counts[edge], edge
    return edge_below


def _rounded(value: float) -> float:
    """Six digits are more than any chart shows, and a row of text stays short."""
    return float(f"{value:.6g}") if abs(value) < 1e9 else round(value)

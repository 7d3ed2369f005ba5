"""Expressions of PromQL held against what processes export: each metric, each label and each value must be there.

The parser is the real grammar (promql-parser). What it reads is walked with the labels that each part of it has, so that a label
which an aggregation has dropped is as wrong as one that never was.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import promql_parser as promql
from prometheus_client import REGISTRY, Histogram
from prometheus_client.metrics import MetricWrapperBase
from prometheus_client.parser import text_string_to_metric_families

from apps.commands import types
from apps.eventlog.registry import CONSUMERS
from stack.processes import TREDYE

#: What Prometheus adds to every series that it scrapes (ops/prometheus/prometheus.yml), and the series that it makes itself.
ADDED = frozenset({"process", "instance", "job"})
OF_PROMETHEUS = ("up",)
_SUFFIXES = {"counter": ("_total",), "histogram": ("_bucket", "_count", "_sum"), "info": ("_info",)}
#: Sets that are closed elsewhere than in a metric's own meaning, by label.
ELSEWHERE: dict[str, frozenset[str]] = {
    "process": frozenset(TREDYE.names),
    "job": frozenset({"tredye", "prometheus"}),
    "consumer": frozenset(CONSUMERS),
    "type": frozenset(name for name, value in vars(types).items() if isinstance(value, type)),
    "status": frozenset(str(status) for status in range(100, 600)),
}


@dataclass
class Series:
    """What is known of one name: its labels, and the values of each that somebody exported or that its meaning names."""

    labels: frozenset[str]
    values: dict[str, set[str]] = field(default_factory=dict)
    words: frozenset[str] = frozenset()

    def has(self, label: str, pattern: "re.Pattern[str]") -> bool:
        known = self.values.get(label, set()) | ELSEWHERE.get(label, frozenset()) | self.words
        return any(pattern.fullmatch(value) for value in known)


Catalog = dict[str, Series]


def declared_labels() -> dict[str, tuple[frozenset[str], frozenset[str]]]:
    """By the name of a family: the labels of a metric that this product or a library declares, and the edges of its buckets."""
    found = {}
    for collector in set(REGISTRY._collector_to_names):
        if isinstance(collector, MetricWrapperBase):
            edges = frozenset(map(_edge, collector._upper_bounds)) if isinstance(collector, Histogram) else frozenset()
            found[collector._name] = (frozenset(collector._labelnames), edges)
    return found


def _edge(bound: float) -> str:
    return "+Inf" if bound == float("inf") else str(bound)


def exported(texts: Iterable[str]) -> Catalog:
    """What processes that answered ``texts`` export. A metric without a series yet is known by its declaration."""
    declared, catalog = declared_labels(), {name: Series(ADDED) for name in OF_PROMETHEUS}
    for text in texts:
        for family in text_string_to_metric_families(text):
            labels, edges = declared.get(family.name, (frozenset(), frozenset()))
            words = frozenset(re.findall(r"[A-Za-z0-9_]+", family.documentation))
            for suffix in _SUFFIXES.get(family.type, ("",)):
                name = family.name + suffix
                own = labels | ({"le"} if suffix == "_bucket" else frozenset()) | ADDED
                series = catalog.setdefault(name, Series(own, {"le": set(edges)}, words))
                for sample in family.samples:
                    if sample.name == name:
                        series.labels |= frozenset(sample.labels)
                        for label, value in sample.labels.items():
                            series.values.setdefault(label, set()).add(value)
    return catalog


def with_recorded(catalog: Catalog, rules: Iterable[Mapping[str, Any]]) -> Catalog:
    """And what rules record: the labels of their expression, and those that they put on."""
    found = dict(catalog)
    for rule in rules:
        if "record" in rule:
            labels, _ = examine(rule["expr"], found)
            series = found.setdefault(rule["record"], Series(labels | frozenset(rule["labels"])))
            for label, value in rule["labels"].items():
                series.values.setdefault(label, set()).add(value)
    return found


def examine(expression: str, catalog: Catalog) -> tuple[frozenset[str], list[str]]:
    """The labels of the result, and what is wrong. An expression that does not parse is wrong as a whole."""
    try:
        tree = promql.parse(expression.replace("$__rate_interval", "5m"))
    except ValueError as error:
        return frozenset(), [f"it is no PromQL: {error}"]
    wrong: list[str] = []
    labels = _labels(tree, catalog, wrong)
    return labels, wrong


def complaints(expression: str, catalog: Catalog, shown: str = "") -> list[str]:
    """What in ``expression``, or among the labels that the text ``shown`` beside its result names, nobody exports."""
    labels, wrong = examine(expression, catalog)
    named = re.findall(r"\{\{\s*(?:\$labels\.)?([a-z_]+)\s*(?:\|[^}]*)?\}\}", shown)
    return wrong + [f"the result has no label {label}" for label in named if label not in labels]


def metrics_of(expression: str) -> set[str]:
    """The names that an expression asks for."""
    return {selector.name for selector in _selectors(promql.parse(expression.replace("$__rate_interval", "5m")))}


def _selectors(tree: Any) -> Iterator[Any]:
    if isinstance(tree, promql.VectorSelector):
        yield tree
    for child in _children(tree):
        yield from _selectors(child)


def _children(tree: Any) -> list[Any]:
    if isinstance(tree, promql.BinaryExpr):
        return [tree.lhs, tree.rhs]
    if isinstance(tree, promql.Call):
        return list(tree.args)
    if isinstance(tree, promql.AggregateExpr):
        return [tree.expr, *([tree.param] if tree.param is not None else [])]
    if isinstance(tree, promql.MatrixSelector):
        return [tree.vector_selector]
    if isinstance(tree, promql.ParenExpr | promql.SubqueryExpr | promql.UnaryExpr):
        return [tree.expr]
    return []


def _labels(tree: Any, catalog: Catalog, wrong: list[str]) -> frozenset[str]:
    """The labels that ``tree`` has; what it asks for in vain goes to ``wrong``."""
    if isinstance(tree, promql.VectorSelector):
        return _selected(tree, catalog, wrong)
    if isinstance(tree, promql.BinaryExpr):
        return _joined(tree, catalog, wrong)
    inner = [_labels(child, catalog, wrong) for child in _children(tree)]
    if isinstance(tree, promql.AggregateExpr):
        return _aggregated(tree, inner[0], wrong)
    if isinstance(tree, promql.Call) and tree.func.name == "histogram_quantile":
        wrong += [] if "le" in inner[1] else ["histogram_quantile without le"]
        return inner[1] - {"le"}
    return frozenset().union(*inner)


def _selected(tree: Any, catalog: Catalog, wrong: list[str]) -> frozenset[str]:
    series = catalog.get(tree.name)
    if series is None:
        wrong.append(f"no metric {tree.name}")
        return frozenset()
    for matcher in tree.matchers.matchers:
        if matcher.name not in series.labels:
            wrong.append(f"{tree.name} has no label {matcher.name}")
            continue
        is_pattern = matcher.op in (promql.MatchOp.Re, promql.MatchOp.NotRe)
        for value in matcher.value.split("|") if is_pattern else [matcher.value]:
            if not series.has(matcher.name, re.compile(value if is_pattern else re.escape(value))):
                wrong.append(f"{tree.name} has no {matcher.name} {value}")
    return series.labels


def _aggregated(tree: Any, inner: frozenset[str], wrong: list[str]) -> frozenset[str]:
    named = frozenset(tree.modifier.labels) if tree.modifier is not None else frozenset()
    wrong += [f"nothing there to group has a label {label}" for label in sorted(named - inner)]
    if str(tree).startswith(("topk", "bottomk")):
        return inner
    is_without = tree.modifier is not None and tree.modifier.type == promql.AggModifierType.Without
    return inner - named if is_without else named


def _joined(tree: Any, catalog: Catalog, wrong: list[str]) -> frozenset[str]:
    left, right = _labels(tree.lhs, catalog, wrong), _labels(tree.rhs, catalog, wrong)
    matching = tree.modifier.matching if tree.modifier is not None else None
    if matching is None:
        return left or right
    for label in matching.labels:
        for side, labels in (("left", left), ("right", right)):
            wrong += [] if label in labels else [f"the {side} side has no label {label}"]
    return left

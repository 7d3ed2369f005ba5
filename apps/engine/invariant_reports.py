"""Asking the invariants of the running product, keeping what they came to, and being loud when one does not hold.

A violation is an error in the log, a metric that is an alarm, and a line on the status page that everybody can read.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import structlog
from django.db import connection

from apps.engine.checks import Result, ask_each
from apps.engine.invariants import LIVE
from apps.engine.laws import LAWS
from apps.engine.models import InvariantReport
from apps.observability import metrics

log = structlog.get_logger(__name__)

LIVE_SCOPE, ALL_SCOPE = "LIVE", "ALL"
#: Every minute, beside a market that trades: a check that takes longer than a second has outgrown its place there.
EACH_S = 3.0
ALL_S = 20.0


@dataclass(frozen=True, slots=True)
class CheckView:
    """One check as it was answered. ``status``: HOLDS, VIOLATED or UNANSWERED."""

    name: str
    meaning: str
    status: str
    rows: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LawView:
    """A law with its checks. ``status`` is the worst of theirs; ``failing`` are those that do not hold."""

    name: str
    title: str
    status: str
    failing: tuple[CheckView, ...]


@dataclass(frozen=True, slots=True)
class ReportView:
    asked_at: datetime
    took_ms: int
    checks: tuple[CheckView, ...]
    violated_at: datetime | None

    @property
    def laws(self) -> tuple[LawView, ...]:
        """In their order, each once."""
        by_name: dict[str, list[CheckView]] = {}
        for check in self.checks:
            by_name.setdefault(check.name, []).append(check)
        return tuple(_law(name, checks) for name, checks in by_name.items())

    @property
    def violated(self) -> int:
        return sum(check.status == "VIOLATED" for check in self.checks)

    @property
    def unanswered(self) -> int:
        return sum(check.status == "UNANSWERED" for check in self.checks)


def _law(name: str, checks: Sequence[CheckView]) -> LawView:
    failing = tuple(check for check in checks if check.status != "HOLDS")
    worst = next((status for status in ("VIOLATED", "UNANSWERED") if any(c.status == status for c in failing)), "HOLDS")
    return LawView(name, LAWS.get(name, checks[0].meaning.capitalize()), worst, failing)


def ask_and_record() -> ReportView:
    """Ask what is cheap enough for every minute; record, count and, if need be, shout."""
    connection.ensure_connection()
    began = time.monotonic()
    results = ask_each(connection.connection, LIVE, each_s=EACH_S, all_s=ALL_S)
    return record(LIVE_SCOPE, results, round((time.monotonic() - began) * 1000))


def record(scope: str, results: Sequence[Result], took_ms: int) -> ReportView:
    """Keep ``results`` as the newest of ``scope``, set the metrics, and log each violation as an error."""
    now = datetime.now(UTC)
    for result in results:
        if result.rows:
            log.error("invariant_violated", check=result.check.name, meaning=result.check.meaning, rows=_texts(result))
        elif result.error:
            log.warning("invariant_unanswered", check=result.check.name, meaning=result.check.meaning, why=result.error)
    violated = sum(bool(result.rows) for result in results)
    fields: dict[str, Any] = {"asked_at": now, "took_ms": took_ms, "results": [_document(result) for result in results]}
    InvariantReport.objects.update_or_create(scope=scope, defaults=fields | ({"violated_at": now} if violated else {}))
    if scope == LIVE_SCOPE:
        metrics.INVARIANTS_VIOLATED.set(violated)
        metrics.INVARIANTS_UNANSWERED.set(sum(bool(result.error) for result in results))
        metrics.INVARIANTS_ASKED.set(now.timestamp())
        metrics.INVARIANTS_SECONDS.set(took_ms / 1000)
    report = get_report(scope)
    if report is None:
        raise RuntimeError(f"the report {scope} is gone")
    return report


def get_report(scope: str = LIVE_SCOPE) -> ReportView | None:
    """The newest one; None before the first."""
    row = InvariantReport.objects.filter(scope=scope).first()
    if row is None:
        return None
    checks = tuple(CheckView(entry["name"], entry["meaning"], entry["status"], tuple(entry["rows"])) for entry in row.results)
    return ReportView(row.asked_at, row.took_ms, checks, row.violated_at)


def _document(result: Result) -> dict[str, object]:
    status = "VIOLATED" if result.rows else "UNANSWERED" if result.error else "HOLDS"
    return {
        "name": result.check.name, "meaning": result.check.meaning, "status": status, "rows": _texts(result),
        "took_ms": result.took_ms,
    }  # fmt: skip


def _texts(result: Result) -> list[str]:
    return [", ".join(map(str, row))[:300] for row in result.rows]

"""The books on the status page: what is always true of them, in sentences."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from apps.engine.invariant_reports import CheckView, ReportView

#: What waits longer than this is late; a commit is usually published within a tenth of a second.
OUTBOX_LATE_AFTER = timedelta(seconds=5)

#: Title, the checks that it stands on (their law, and how their meaning begins), and what it means.
_INVARIANTS = (
    (
        "Money is conserved",
        "I1",
        "",
        "Of every currency and share, what all accounts have adds up to what came in from outside: nothing is made here, and "
        "nothing is lost.",
    ),
    (
        "No balance is negative",
        "I3",
        "held and available",
        "Nobody has spent what they did not have: of every customer's balance, what is free and what is held back for open "
        "orders are zero or more.",
    ),
    (
        "No book is crossed",
        "I10",
        "",
        "In every market the best buyer offers less than the best seller asks: whoever could have traded has traded.",
    ),
)


@dataclass(frozen=True, slots=True)
class Invariant:
    """``status`` is HOLDS, VIOLATED, UNANSWERED or LATE; ``now`` is what there is to say of this moment, empty for nothing."""

    title: str
    meaning: str
    status: str
    now: str = ""


def invariants(report: ReportView | None, waiting_since: datetime | None, now: datetime) -> Iterator[Invariant]:
    """The few that everybody understands; before the first report, the outbox alone."""
    for title, law, beginning, meaning in _INVARIANTS if report is not None else ():
        checks = [check for check in report.checks if check.name == law and check.meaning.startswith(beginning)] if report else []
        yield Invariant(title, meaning, _worst(checks))
    waits = timedelta() if waiting_since is None else max(timedelta(), now - waiting_since)
    yield Invariant(
        "The outbox is drained",
        "Whatever the engine has decided is told to everybody else: to charts, histories, alerts and programs that follow.",
        "LATE" if waits > OUTBOX_LATE_AFTER else "HOLDS",
        f"What waits longest was decided {waits // timedelta(seconds=1)} s ago." if waiting_since else "Nothing waits.",
    )


def _worst(checks: list[CheckView]) -> str:
    found = {check.status for check in checks}
    return next((status for status in ("VIOLATED", "UNANSWERED") if status in found), "HOLDS" if found else "UNANSWERED")

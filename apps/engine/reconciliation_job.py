"""The job ``reconciliation``: the books are computed again from what they are made of, and any difference is an alarm.

The questions are those of :mod:`apps.engine.invariants` that recompute a balance, asked in one snapshot: what a running engine
commits meanwhile is either in all of it or in none, and so is no difference.
"""

from datetime import date

import structlog
from django.db import connection

from apps.engine.invariants import CHECKS, find_violations
from apps.jobs.registry import Progress
from apps.ledger.differences import record_differences

log = structlog.get_logger(__name__)

#: More differences of one kind than this are not listed; that there are some is the alarm.
ROWS_PER_CHECK = 100
_RECONCILING = tuple(check for check in CHECKS if check.reconciles)


def reconcile(day: date, progress: Progress) -> dict[str, object]:
    """Compare, store what differs, and return how many rows did (``alarm``). The books as they are now, not those of ``day``."""
    progress(f"asking {len(_RECONCILING)} questions")
    connection.ensure_connection()
    found = find_violations(connection.connection, _RECONCILING, ROWS_PER_CHECK)
    for violation in found:
        log.error(
            "reconciliation_difference",
            check=violation.name,
            meaning=violation.meaning,
            row=[str(part) for part in violation.row],
        )
    record_differences(day, [(violation.name, violation.meaning, ", ".join(map(str, violation.row))) for violation in found])
    return {"checks": len(_RECONCILING), "alarm": len(found)}

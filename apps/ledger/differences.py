"""What a reconciliation found wrong with the books, kept for ever."""

from collections.abc import Sequence
from datetime import date

from django.utils import timezone

from apps.ledger.models import ReconciliationDifference


def record_differences(day: date, found: Sequence[tuple[str, str, str]]) -> None:
    """Keep each (check, meaning, subject) that was found by the run of ``day``; what is kept already is kept once."""
    now = timezone.now()
    rows = [
        ReconciliationDifference(day=day, check_name=check, meaning=meaning[:120], subject=subject[:200], found_at=now)
        for check, meaning, subject in found
    ]
    ReconciliationDifference.objects.bulk_create(rows, ignore_conflicts=True)

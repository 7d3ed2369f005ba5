"""The last hash of each closed day, kept for ever: what the status page publishes, and others may keep.

Which hash it is, the engine's journal says; who reads that hands it in.
"""

from dataclasses import dataclass
from datetime import date

from apps.ledger.models import DayHash

#: Of the list of all: some eleven years of them are 400 KB.
DAYS_MAX = 4000


@dataclass(frozen=True, slots=True)
class DayHashView:
    """The commit with the last transfer of ``day`` ended with ``last_sequence`` and carries ``hash``, in hexadecimal digits."""

    day: date
    last_sequence: int
    hash: str


def keep_day_hash(day: date, last_sequence: int, made: bytes) -> None:
    """Once: what was kept for the day stays."""
    DayHash.objects.get_or_create(day=day, defaults={"last_sequence": last_sequence, "hash": made})


def get_day_hash(day: date) -> DayHashView | None:
    found = DayHash.objects.filter(day=day).first()
    return None if found is None else _view(found)


def list_day_hashes(limit: int = DAYS_MAX) -> list[DayHashView]:
    """Newest first, at most ``limit``."""
    return [_view(row) for row in DayHash.objects.order_by("-day")[:limit]]


def _view(row: DayHash) -> DayHashView:
    return DayHashView(row.day, row.last_sequence, bytes(row.hash).hex())

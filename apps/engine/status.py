"""Who holds the engine's lease and what was decided last, for the people who run it."""

from dataclasses import dataclass
from datetime import UTC, datetime

from apps.engine.models import Journal, Lease


@dataclass(frozen=True, slots=True)
class EngineStatus:
    """``last_sequence`` and ``decided_at`` are of the newest batch, None before the first."""

    epoch: int
    holder: str
    taken_at: datetime
    last_sequence: int | None
    decided_at: datetime | None


def find_kill_reason() -> str | None:
    """Why all trading is stopped; None when it is not. One row by its key."""
    row = Lease.objects.filter(is_killed=True).order_by("shard").values_list("kill_reason", flat=True).first()
    return None if row is None else str(row)


def get_engine_status() -> EngineStatus | None:
    """None before an engine ever ran."""
    lease = Lease.objects.order_by("shard").first()
    if lease is None:
        return None
    newest = Journal.objects.order_by("-last_sequence").values_list("last_sequence", "now_ns").first()
    sequence, now_ns = newest if newest else (None, None)
    decided_at = datetime.fromtimestamp(now_ns // 10**9, UTC) if now_ns is not None else None
    return EngineStatus(lease.epoch, lease.holder, lease.taken_at, sequence, decided_at)

"""Who holds the engine's lease and what was decided last, for the people who run it."""

from dataclasses import dataclass
from datetime import UTC, datetime

from apps.core.sentences import as_sentence
from apps.engine.models import Journal, Lease, ProofKey


@dataclass(frozen=True, slots=True)
class EngineStatus:
    """``last_sequence`` and ``decided_at`` are of the newest batch, None before the first; ``kill_reason`` is why all trading is
    stopped, as a sentence, None when it is not."""

    epoch: int
    holder: str
    taken_at: datetime
    last_sequence: int | None
    decided_at: datetime | None
    kill_reason: str | None


def find_kill_reason() -> str | None:
    """Why all trading is stopped, as a sentence; None when it is not. One row by its key."""
    row = Lease.objects.filter(is_killed=True).order_by("shard").values_list("kill_reason", flat=True).first()
    return None if row is None else as_sentence(str(row))


def get_engine_status() -> EngineStatus | None:
    """None before an engine ever ran."""
    lease = Lease.objects.order_by("shard").first()
    if lease is None:
        return None
    newest = Journal.objects.order_by("-last_sequence").values_list("last_sequence", "now_ns").first()
    sequence, now_ns = newest if newest else (None, None)
    decided_at = datetime.fromtimestamp(now_ns // 10**9, UTC) if now_ns is not None else None
    kill_reason = as_sentence(lease.kill_reason) if lease.is_killed else None
    return EngineStatus(lease.epoch, lease.holder, lease.taken_at, sequence, decided_at, kill_reason)


def list_proof_keys() -> list[tuple[str, datetime]]:
    """The public halves of the keys that proofs are signed with, in hexadecimal digits, and since when; newest first."""
    return list(ProofKey.objects.order_by("-at", "public_key").values_list("public_key", "at")[:10])

"""Who holds the engine's lease and what was decided last, for the people who run it."""

from dataclasses import dataclass
from datetime import UTC, datetime

from django.db.models import Subquery

from apps.core.sentences import as_sentence
from apps.engine.models import Journal, Lease, ProofKey
from apps.eventlog.waiting import oldest_waiting


@dataclass(frozen=True, slots=True)
class EngineStatus:
    """``last_sequence`` and ``decided_at`` are of the newest batch, None before the first; ``kill_reason`` is why all trading is
    stopped, as a sentence, None when it is not; ``proof_key`` the public half of what proofs are signed with since
    ``proof_key_at``, None before the first; ``waiting_since`` when the oldest commit that is not published was made."""

    epoch: int
    holder: str
    taken_at: datetime
    last_sequence: int | None
    decided_at: datetime | None
    kill_reason: str | None
    proof_key: str | None = None
    proof_key_at: datetime | None = None
    waiting_since: datetime | None = None


def find_kill_reason() -> str | None:
    """Why all trading is stopped, as a sentence; None when it is not. One row by its key."""
    row = Lease.objects.filter(is_killed=True).order_by("shard").values_list("kill_reason", flat=True).first()
    return None if row is None else as_sentence(str(row))


def get_engine_status() -> EngineStatus | None:
    """None before an engine ever ran."""
    newest, key = Journal.objects.order_by("-last_sequence"), ProofKey.objects.order_by("-at", "public_key")
    lease = (
        Lease.objects.order_by("shard")
        .annotate(
            last_sequence=Subquery(newest.values("last_sequence")[:1]),
            now_ns=Subquery(newest.values("now_ns")[:1]),
            proof_key=Subquery(key.values("public_key")[:1]),
            proof_key_at=Subquery(key.values("at")[:1]),
            waiting_since=Subquery(oldest_waiting()),
        )
        .first()
    )
    if lease is None:
        return None
    decided_at = datetime.fromtimestamp(lease.now_ns // 10**9, UTC) if lease.now_ns is not None else None
    kill_reason = as_sentence(lease.kill_reason) if lease.is_killed else None
    return EngineStatus(
        lease.epoch,
        lease.holder,
        lease.taken_at,
        lease.last_sequence,
        decided_at,
        kill_reason,
        lease.proof_key,
        lease.proof_key_at,
        lease.waiting_since,
    )


def list_proof_keys() -> list[tuple[str, datetime]]:
    """The public halves of the keys that proofs are signed with, in hexadecimal digits, and since when; newest first."""
    return list(ProofKey.objects.order_by("-at", "public_key").values_list("public_key", "at")[:10])

"""Writing the trail. A look is written before it is shown, a command before it is sent: what is not written did not happen."""

from dataclasses import dataclass

from django.db import connection, transaction

from apps.backoffice.models import REASON_LENGTH_MAX, REASON_LENGTH_MIN, TrailEntry, TrailKind
from apps.backoffice.selectors import count_actions

OUTCOME_LENGTH_MAX = 200


class ReasonError(ValueError):
    """The reason is missing, too long or not plain text; the message says what it must be."""


class TooManyLooksError(RuntimeError):
    """Somebody looked as often as the limit allows. Nothing was written, and nothing may be shown."""

    def __init__(self, most: int, period: str) -> None:
        self.most = most
        self.period = period
        super().__init__(f"at most {most} in a {period}")


@dataclass(frozen=True, slots=True)
class LookLimit:
    """How often one person may do ``actions``, all of them together."""

    actions: tuple[str, ...]
    per_minute: int
    per_day: int


def read_reason(text: str) -> str:
    """Return ``text`` trimmed; raises :class:`ReasonError`."""
    reason = " ".join(text.split())
    if not REASON_LENGTH_MIN <= len(reason) <= REASON_LENGTH_MAX or not reason.isprintable():
        raise ReasonError(f"A reason must be {REASON_LENGTH_MIN} to {REASON_LENGTH_MAX} printable characters.")
    return reason


def record_look(
    *, actor_id: int, action: str, subject: str, reason: str, account_id: int | None = None, limit: LookLimit | None = None
) -> int:
    """Write that somebody of the staff looks at a customer's data; return the entry's id.

    Raises :class:`ReasonError`, and :class:`TooManyLooksError` above ``limit``. The trail itself is counted, one request of a
    person at a time, so the limit holds exactly over all processes and needs nothing but the database.
    """
    text = read_reason(reason)
    with transaction.atomic():
        if limit is not None:
            _check_limit(actor_id, limit)
        entry = TrailEntry.objects.create(
            kind=TrailKind.LOOK, actor_id=actor_id, action=action, subject=subject, account_id=account_id, reason=text
        )
    return entry.pk


def _check_limit(actor_id: int, limit: LookLimit) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('backoffice.look'), %s)", [actor_id % 2**31])
    counts = count_actions(actor_id, limit.actions)
    if counts.last_minute >= limit.per_minute:
        raise TooManyLooksError(limit.per_minute, "minute")
    if counts.last_day >= limit.per_day:
        raise TooManyLooksError(limit.per_day, "day")


def record_command(
    *,
    actor_id: int,
    action: str,
    subject: str,
    reason: str,
    command_id: str,
    account_id: int | None = None,
    before: str = "",
    after: str = "",
) -> int:
    """Write that a command is about to be sent; return the entry's id. The same ``command_id`` again is the same entry.

    Raises :class:`ReasonError`.
    """
    entry, _ = TrailEntry.objects.get_or_create(
        command_id=command_id,
        defaults={
            "kind": TrailKind.COMMAND,
            "actor_id": actor_id,
            "action": action,
            "subject": subject,
            "account_id": account_id,
            "reason": read_reason(reason),
            "before": before,
            "after": after,
        },
    )
    return entry.pk


def record_outcome(entry_id: int, outcome: str) -> None:
    """Write what became of a command, once: a second answer to the same id is the same answer."""
    TrailEntry.objects.filter(pk=entry_id, outcome="").update(outcome=outcome[:OUTCOME_LENGTH_MAX])


def record_outcome_of(command_id: str, outcome: str) -> None:
    """As :func:`record_outcome`, by the command's id."""
    TrailEntry.objects.filter(command_id=command_id, kind=TrailKind.COMMAND, outcome="").update(
        outcome=outcome[:OUTCOME_LENGTH_MAX]
    )

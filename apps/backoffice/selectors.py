"""The trail, as plain values."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import F
from django.db.models.functions import Now

from apps.backoffice.models import Proposal, TrailEntry, TrailKind
from apps.core.enums import Role

#: No page shows more entries at once.
LIMIT_MAX = 200
#: What a customer and the staff read for the code of a look; a code that is not here is shown as it is.
LABELS = {
    "SEARCH": "Search",
    "CUSTOMER_PAGE": "Overview",
    "CUSTOMER_ORDERS": "Order history",
    "CUSTOMER_LEDGER": "Balances and transfers",
    "CUSTOMER_STATEMENTS": "Statements",
    "CUSTOMER_TRAIL": "Who looked",
    "ORDER_PAGE": "Order",
}
#: What has to be approved by a second person.
PROPOSED_ACTIONS = (
    "ADJUST_BALANCE",
    "REINSTATE_ACCOUNT",
    "SET_ACCOUNT_LIMITS",
    "RESUME_INSTRUMENT",
    "SET_INSTRUMENT_LIMITS",
    "CONFIGURE_INSTRUMENT",
    "RESTORE_VENUE",
    "CHANGE_ROLE",
    "RESET_SECOND_FACTOR",
    "REACTIVATE_PERSON",
)
#: How the codes begin of what is done with a proposal, and how they are told; the rest is the code of what is proposed.
OF_PROPOSALS = {"PROPOSE_": "Proposed", "APPROVE_": "Approved", "REFUSE_": "Refused", "WITHDRAW_": "Withdrawn"}
#: Of what staff do by a button, these are no commands of the engine's: they change a row of another table, or none.
WITHOUT_THE_ENGINE = (
    "REVOKE_API_KEY",
    "REQUEST_DONE",
    "REQUEST_REFUSED",
    "DEACTIVATE_PERSON",
    "PROPOSE_CHANGE_ROLE",
    "PROPOSE_RESET_SECOND_FACTOR",
    "PROPOSE_REACTIVATE_PERSON",
)
#: Nor are those that begin so: the command is that of the proposal, and in the trail by who proposed it.
DECISIONS = ("APPROVE_", "REFUSE_", "WITHDRAW_")
#: Of somebody's newest entries so many are counted at most: above any limit that is counted with them.
COUNTED_MAX = 20_000
#: No front page counts more proposals.
WAITING_MAX = 100
_COUNTS = """
SELECT count(*) FILTER (WHERE at > now() - interval '1 minute'), count(*)
  FROM (SELECT at, action FROM backoffice_trailentry WHERE actor_id = %(actor)s ORDER BY id DESC LIMIT %(most)s) AS newest
 WHERE action = ANY(%(actions)s) AND at > now() - interval '1 day'
"""


def label_of(action: str) -> str:
    """In words: "Adjust balance", "Proposed: adjust balance"."""
    for prefix, word in OF_PROPOSALS.items():
        rest = action.removeprefix(prefix)
        if rest != action and rest in PROPOSED_ACTIONS:
            return f"{word}: {label_of(rest).lower()}"
    return LABELS.get(action, action.replace("_", " ").capitalize())


@dataclass(frozen=True, slots=True)
class TrailView:
    id: int
    at: datetime
    kind: TrailKind
    actor: str
    role: Role
    action: str
    subject: str
    account_id: int | None
    reason: str
    outcome: str

    @property
    def label(self) -> str:
        return label_of(self.action)

    @property
    def deed(self) -> str:
        """As its customer reads it: what was looked at, done, or proposed by one and approved by another."""
        if self.kind is TrailKind.LOOK:
            return f"Looked at: {self.label}"
        return self.label if self.action.startswith(tuple(OF_PROPOSALS)) else f"Did: {self.label}"


@dataclass(frozen=True, slots=True)
class Counts:
    """How often somebody of the staff did something."""

    last_minute: int
    last_day: int


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many proposals wait for a second person, how many of them are the reader's own, and for how long the oldest does."""

    count: int
    own: int
    oldest: timedelta


@dataclass(frozen=True, slots=True)
class CommandView:
    """A command as the trail has it; ``outcome`` is empty while nobody knows it."""

    id: int
    actor_id: int
    action: str
    subject: str
    reason: str
    after: str
    outcome: str

    def is_same(self, other: "CommandView") -> bool:
        """Whether ``other`` is the same for the same reason. What was before may have been changed by this very command."""
        mine, theirs = ((each.actor_id, each.action, each.subject, each.reason, each.after) for each in (self, other))
        return mine == theirs


def find_command(command_id: str) -> CommandView | None:
    """The command that was written with this id, by whomever; None when there is none."""
    entry = TrailEntry.objects.filter(command_id=command_id).exclude(command_id="").first()
    if entry is None:
        return None
    return CommandView(entry.pk, entry.actor_id, entry.action, entry.subject, entry.reason, entry.after, entry.outcome)


def count_waiting(user_id: int = 0) -> Waiting:
    """Of the newest :data:`WAITING_MAX`; what has expired does not wait."""
    rows = Proposal.objects.filter(decision="", expires_at__gt=Now()).annotate(age=Now() - F("proposed_at")).order_by("-id")
    found = list(rows.values_list("proposed_by_id", "age")[:WAITING_MAX])
    return Waiting(len(found), sum(proposer == user_id for proposer, _ in found), found[-1][1] if found else timedelta(0))


def list_trail_of_account(account_id: int, before: int | None = None, limit: int = 50) -> tuple[TrailView, ...]:
    """Who of the staff looked at this account or acted on it, newest first, by keyset: ``before`` is an entry's id."""
    entries = TrailEntry.objects.filter(account_id=account_id).select_related("actor").defer("actor__password").order_by("-id")
    if before is not None:
        entries = entries.filter(pk__lt=before)
    return tuple(_view(entry) for entry in entries[: min(limit, LIMIT_MAX)])


def count_actions(actor_id: int, actions: Iterable[str]) -> Counts:
    """How often ``actor_id`` did one of ``actions`` within the last minute and the last 24 hours."""
    with connection.cursor() as cursor:
        cursor.execute(_COUNTS, {"actor": actor_id, "actions": list(actions), "most": COUNTED_MAX})
        return Counts(*cursor.fetchone())


def _view(entry: TrailEntry) -> TrailView:
    return TrailView(
        id=entry.pk,
        at=entry.at,
        kind=TrailKind(entry.kind),
        actor=str(entry.actor),
        role=Role(entry.actor.role),
        action=entry.action,
        subject=entry.subject,
        account_id=entry.account_id,
        reason=entry.reason,
        outcome=entry.outcome,
    )

"""What one admin proposes and another approves: written down, decided once within a day, and done as exactly what was seen.

What is bound is the payload: canonical JSON of who, what, on which row, the values as they were typed, why, and what was then.
Its digest is in the row, in the form that the second person sends, and made again before anything is done. Who decides and who
proposed are both looked at again, locked, in the transaction of the decision; the database refuses the same things by itself.
"""

import hashlib
import json
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models.functions import Now

from apps.backoffice.models import PROPOSAL_HOURS_MAX, Decision, Proposal
from apps.backoffice.selectors import CommandView, find_command
from apps.backoffice.services import OUTCOME_LENGTH_MAX, read_reason, record_command, record_outcome_of
from apps.core.enums import Role

__all__ = [
    "Decision",
    "Draft",
    "Proposal",
    "ProposalRefusedError",
    "approve",
    "decline",
    "propose",
    "read_draft",
    "write_outcome",
]


class ProposalRefusedError(ValueError):
    """It cannot be decided so; the message says why."""


@dataclass(frozen=True, slots=True)
class Draft:
    """All that is proposed. ``page`` is the label of a model of the admin and ``row`` the key of one of its rows, ``button`` the
    word of one of its buttons; ``texts`` are its form's fields as they were typed. ``before`` is what was then. ``person`` is who
    it is about, when it changes a person's rights, and who therefore may not approve it."""

    action: str
    page: str
    row: str
    button: str
    subject: str
    account_id: int | None
    reason: str
    proposed_by: int
    command_id: str
    texts: dict[str, str] = field(default_factory=dict)
    before: dict[str, str] = field(default_factory=dict)
    after: dict[str, str] = field(default_factory=dict)
    person: int | None = None

    def payload(self) -> str:
        """Canonical: the same draft is the same text."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def digest(payload: str) -> str:
    return hashlib.sha256(payload.encode()).hexdigest()


def read_draft(proposal: Proposal) -> Draft:
    """What was proposed. Raises :class:`ProposalRefusedError` when the row is not what was written."""
    try:
        draft = Draft(**json.loads(proposal.payload))
    except (TypeError, ValueError):
        draft = None
    told = (
        proposal.action, proposal.subject, proposal.account_id, proposal.reason, proposal.proposed_by_id, proposal.command_id
    )  # fmt: skip
    if (
        draft is None
        or digest(proposal.payload) != proposal.payload_sha256
        or told != (draft.action, draft.subject, draft.account_id, draft.reason, draft.proposed_by, draft.command_id)
    ):
        raise ProposalRefusedError("This is not what was proposed: the row was changed. Nothing was done.")
    return draft


def action_of_trail(action: str) -> str:
    """The code of a proposal's row in the trail: the command has its id, and is done when its outcome says so."""
    return f"PROPOSE_{action}"


def propose(draft: Draft) -> int:
    """Write the proposal and its row of the trail; return its id. The same command's id again is the same proposal.

    Raises :class:`ReasonError`, and :class:`ProposalRefusedError` where that id is something else's.
    """
    payload = draft.payload()
    asked = CommandView(
        0, draft.proposed_by, action_of_trail(draft.action), draft.subject, draft.reason, document(draft.after), ""
    )
    with transaction.atomic():
        record_command(
            actor_id=draft.proposed_by, action=action_of_trail(draft.action), subject=draft.subject, reason=draft.reason,
            command_id=draft.command_id, account_id=draft.account_id, before=document(draft.before), after=document(draft.after),
        )  # fmt: skip
        written = find_command(draft.command_id)
        if written is None or not written.is_same(asked):  # the same id came twice at once, and the other was written
            raise ProposalRefusedError("This form was sent before with other values.")
        made, _ = Proposal.objects.get_or_create(
            command_id=draft.command_id,
            defaults={
                "expires_at": Now() + timedelta(hours=PROPOSAL_HOURS_MAX),
                "proposed_by_id": draft.proposed_by,
                "action": draft.action,
                "subject": draft.subject,
                "account_id": draft.account_id,
                "reason": read_reason(draft.reason),
                "payload": payload,
                "payload_sha256": digest(payload),
            },
        )
    return made.pk


def approve(proposal_id: int, *, approver_id: int, seen: str, note: str) -> Proposal:
    """Decide that it be done, and return the row as it is decided; ``seen`` is the digest that the approver's form was made of.

    One that was approved and whose outcome nobody knows is returned again until it expires: its command has one id, and is done
    once. Raises :class:`ProposalRefusedError`, and :class:`ReasonError`.
    """
    with transaction.atomic():
        proposal = _locked(proposal_id)
        draft = read_draft(proposal)
        if seen != proposal.payload_sha256:
            raise ProposalRefusedError("This is not what you saw. Look at the proposal again.")
        if approver_id == draft.proposed_by:
            raise ProposalRefusedError("You proposed this yourself: somebody else has to approve it.")
        if approver_id == draft.person:
            raise ProposalRefusedError("It is about you: somebody else has to approve it.")
        _check_open(proposal, again=Decision.APPROVED)
        _check_admins(draft.proposed_by, approver_id)
        if not proposal.decision:
            _decide(proposal, Decision.APPROVED, approver_id, note)
    return proposal


def decline(proposal_id: int, *, actor_id: int, note: str) -> Decision:
    """Refuse it, or withdraw it where it is the actor's own; return which of both it was. Nothing is done then, ever.

    Raises :class:`ProposalRefusedError`, and :class:`ReasonError`.
    """
    with transaction.atomic():
        proposal = _locked(proposal_id)
        _check_open(proposal)
        decision = Decision.WITHDRAWN if actor_id == proposal.proposed_by_id else Decision.REFUSED
        _decide(proposal, decision, actor_id, note)
        record_outcome_of(proposal.command_id, f"{decision.value}: {proposal.note}")
    return decision


def write_outcome(proposal: Proposal, outcome: str) -> None:
    """Write what became of an approved one, and into the trail's row of who proposed it; once."""
    with transaction.atomic():
        Proposal.objects.filter(pk=proposal.pk, outcome="").update(outcome=outcome[:OUTCOME_LENGTH_MAX])
        record_outcome_of(proposal.command_id, outcome)


def document(values: dict[str, str]) -> str:
    return json.dumps(values, ensure_ascii=False)


def _locked(proposal_id: int) -> Proposal:
    proposal = Proposal.objects.select_for_update().annotate(now=Now()).filter(pk=proposal_id).first()
    if proposal is None:
        raise ProposalRefusedError("There is no such proposal.")
    return proposal


def _check_open(proposal: Any, again: Decision | None = None) -> None:
    """``again`` is a decision that may be made once more while nobody knows its outcome."""
    if proposal.decision and (proposal.decision != again or proposal.outcome):
        raise ProposalRefusedError(f"It was decided before: {proposal.get_decision_display().lower()}.")
    if proposal.now >= proposal.expires_at:
        raise ProposalRefusedError("It has expired: nobody decided within a day. Propose it anew.")


def _check_admins(proposer_id: int, approver_id: int) -> None:
    """Both may still do this. Every admin's row is locked, always in one order: who takes a right away meanwhile waits, or was
    first."""
    rows = get_user_model().objects.select_for_update(no_key=True).filter(role=Role.ADMIN, is_active=True)
    admins = {person.pk for person in rows.order_by("pk")}
    if approver_id not in admins:
        raise ProposalRefusedError("You may not approve this any more.")
    if proposer_id not in admins:
        raise ProposalRefusedError("Who proposed it may not do so any more. Propose it anew.")


def _decide(proposal: Proposal, decision: Decision, actor_id: int, note: str) -> None:
    text = read_reason(note)
    Proposal.objects.filter(pk=proposal.pk).update(decision=decision.value, decided_by_id=actor_id, decided_at=Now(), note=text)
    proposal.decision, proposal.decided_by_id, proposal.note = decision.value, actor_id, text

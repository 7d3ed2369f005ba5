"""What an approved proposal does: the button that it was made of, on the row as it is now, in the name of who proposed it."""

from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.contrib import admin
from django.contrib.admin.exceptions import NotRegistered
from django.core.exceptions import ValidationError
from django.db import transaction

from apps.backoffice.buttons import Approved, CommandAdmin, CommandButton, Sending
from apps.backoffice.forms import read_asks
from apps.backoffice.proposals import Decision, Draft, Proposal, ProposalRefusedError, approve, read_draft, write_outcome
from apps.backoffice.services import ReasonError
from apps.commands.outcomes import CommandOutcome

GONE = "What it is about is not there any more. Refuse it."


@dataclass(frozen=True, slots=True)
class Target:
    """What a proposal is about, as it is now: ``before``. ``why_not`` says why it cannot be done as it was proposed."""

    button: CommandButton
    row: Any
    values: dict[str, Any]
    before: dict[str, str]
    why_not: str


def find_target(draft: Draft) -> Target:
    """Raises :class:`ProposalRefusedError` when the button, its row or its values are no more."""
    try:
        model_admin = admin.site.get_model_admin(apps.get_model(draft.page))
    except (LookupError, ValueError, NotRegistered):
        raise ProposalRefusedError(GONE) from None
    buttons = model_admin.commands if isinstance(model_admin, CommandAdmin) else ()
    button = next((each for each in buttons if each.name == draft.button and each.four_eyes), None)
    try:
        row = None if button is None else model_admin.rows().filter(pk=draft.row).first()  # type: ignore[attr-defined]
    except (ValidationError, ValueError):
        row = None
    if button is None or row is None or button.action_of(row) != draft.action:
        raise ProposalRefusedError(GONE)
    values, errors = read_asks(draft.texts, button.asks)
    if errors:
        raise ProposalRefusedError("Its values cannot be read any more. Refuse it.")
    before, after = button.change(row, values)
    return Target(button, row, values, before, button.refuse(row) or _what_moved(button, draft, before, after))


def _what_moved(button: CommandButton, draft: Draft, before: dict[str, str], after: dict[str, str]) -> str:
    """What is other than it was when this was proposed, where it matters: approved would be something that nobody proposed."""
    moved = [
        name for name in {**draft.before, **before} if name not in button.moves and draft.before.get(name) != before.get(name)
    ]
    if moved:
        return f"Since it was proposed this has changed: {', '.join(moved)}. Propose it anew."
    return "" if after == draft.after else "It would be another change than was proposed. Propose it anew."


def approve_and_send(proposal: Proposal, values: dict[str, Any], sending: Sending) -> CommandOutcome:
    """The ``send`` of the button that approves. ``sending`` is the approver's; ``values`` has the digest that it was made of."""
    try:
        target = find_target(read_draft(proposal))
        if target.why_not and not proposal.decision:
            raise ProposalRefusedError(target.why_not)
        with transaction.atomic() if target.button.by_rows else nullcontext():
            decided = approve(proposal.pk, approver_id=sending.actor_id, seen=values["seen"], note=sending.reason)
            return _send(decided, target)
    except (ProposalRefusedError, ReasonError) as refused:
        return CommandOutcome(False, f"{refused} Nothing was done.", reason="NOT_APPROVED")


def _send(proposal: Proposal, target: Target) -> CommandOutcome:
    if proposal.decision != Decision.APPROVED or proposal.decided_by_id is None:
        raise ProposalRefusedError("It is not approved.")
    asked = Approved(proposal.proposed_by_id, proposal.reason, proposal.command_id, proposal.decided_by_id)
    outcome = target.button.send(target.row, target.values, asked)
    if outcome.done is not None:
        write_outcome(proposal, f"{'DONE' if outcome.done else outcome.reason}: {outcome.sentence}")
    return outcome

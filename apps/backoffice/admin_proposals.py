"""The proposals in the Django admin: what waits for a second person, and what became of the others."""

from collections.abc import Iterable
from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from apps.adminlists.cells import Column, Link, Table, admin_link, list_address, make_table
from apps.adminlists.narrowing import Choice, Number, Period, by_number, by_text
from apps.backoffice.approving import approve_and_send, find_target
from apps.backoffice.buttons import CommandAdmin, CommandButton, Sending
from apps.backoffice.forms import Ask
from apps.backoffice.models import Decision, Proposal
from apps.backoffice.proposals import Draft, ProposalRefusedError, decline, read_draft
from apps.backoffice.selectors import PROPOSED_ACTIONS, label_of
from apps.backoffice.services import ReasonError
from apps.commands.outcomes import CommandOutcome

OPEN = Q(decision="", expires_at__gt=Now())
STATES = {
    "OPEN": OPEN,
    "APPROVED": Q(decision=Decision.APPROVED),
    "REFUSED": Q(decision=Decision.REFUSED),
    "WITHDRAWN": Q(decision=Decision.WITHDRAWN),
    "EXPIRED": Q(decision="", expires_at__lte=Now()),
}


def state_of(proposal: Any) -> str:
    """``now`` is the database's, as :meth:`ProposalAdmin.rows` reads it."""
    if proposal.decision:
        return str(proposal.get_decision_display())
    return "Expired" if proposal.expires_at <= proposal.now else "Open"


def only_open(proposal: Proposal) -> str:
    state = state_of(proposal)
    return "" if state == "Open" else f"It is decided: {state.lower()}." if proposal.decision else "It has expired."


def can_be_approved(proposal: Any) -> str:
    """Also once more what was approved, while nobody knows what became of it: it is one command, and done once."""
    if proposal.decision == Decision.APPROVED and not proposal.outcome and proposal.expires_at > proposal.now:
        return ""
    try:
        return only_open(proposal) or find_target(read_draft(proposal)).why_not
    except ProposalRefusedError as refused:
        return str(refused)


def another_than_who_proposed(proposal: Proposal, actor_id: int) -> str:
    return "You proposed it: somebody else decides." if actor_id == proposal.proposed_by_id else ""


def nobody_concerned(proposal: Proposal, actor_id: int) -> str:
    draft = _draft(proposal)
    if draft is not None and draft.person == actor_id:
        return "It is about you: somebody else decides."
    return another_than_who_proposed(proposal, actor_id)


def only_who_proposed(proposal: Proposal, actor_id: int) -> str:
    return "" if actor_id == proposal.proposed_by_id else "Only who proposed it may withdraw it."


def _draft(proposal: Proposal) -> Draft | None:
    try:
        return read_draft(proposal)
    except ProposalRefusedError:
        return None


def _change(proposal: Proposal, values: dict[str, Any]) -> tuple[dict[str, str], dict[str, str]]:
    """What is now, and what will be."""
    try:
        draft = read_draft(proposal)
        return find_target(draft).before, draft.after
    except ProposalRefusedError:
        return {}, {}


def _was_then(proposal: Proposal) -> dict[str, str]:
    draft = _draft(proposal)
    return {} if draft is None else draft.before


def _title(proposal: Proposal) -> str:
    return f"{label_of(proposal.action)}, {proposal.subject}"


def _facts(proposal: Proposal) -> dict[str, str]:
    return {"Proposed by": str(proposal.proposed_by), "Because": proposal.reason}


def _decline(proposal: Proposal, values: dict[str, Any], sending: Sending) -> CommandOutcome:
    try:
        decision = decline(proposal.pk, actor_id=sending.actor_id, note=sending.reason)
    except (ProposalRefusedError, ReasonError) as refused:
        return CommandOutcome(False, str(refused), reason="DECIDED")
    return CommandOutcome(True, f"The proposal is {decision.label.lower()}. Nothing was done.", reference=proposal.pk)


def _ending(name: str, label: str, explains: str, bars: Any) -> CommandButton:
    return CommandButton(
        name, label, lambda proposal: f"{name.upper()}_{proposal.action}", explains, _decline, lambda proposal, values: ({}, {}),
        lambda proposal: proposal.subject, refuse=only_open, bars=bars, account_id=lambda proposal: proposal.account_id,
        facts=_facts, titled=_title,
    )  # fmt: skip


@admin.register(Proposal)
class ProposalAdmin(CommandAdmin):
    commands = (
        CommandButton(
            "approve", "Approve", lambda proposal: f"APPROVE_{proposal.action}",
            "It is done at once, exactly as it was proposed. Your reason says what you have looked at.",
            approve_and_send, _change, lambda proposal: proposal.subject, refuse=can_be_approved, bars=nobody_concerned,
            account_id=lambda proposal: proposal.account_id, then=_was_then, facts=_facts, titled=_title,
            asks=(Ask("seen", "What was seen", lambda text, label: text, lambda row: row.payload_sha256, hidden=True),),
        ),
        _ending("refuse", "Refuse", "It is not done. Who proposed it reads the reason.", another_than_who_proposed),
        _ending("withdraw", "Withdraw", "You take it back, and it is not done.", only_who_proposed),
    )  # fmt: skip
    name = "Proposals"
    description = "What one admin proposes and another has to approve within a day, newest first. Nothing is done before."
    list_display = ("id", "proposed_at", "proposed_by", "what", "subject", "reason", "state", "outcome")
    list_select_related = ("proposed_by", "decided_by")
    search = (by_number(), by_text("command_id"))
    search_help_text = "Id of the proposal, or the whole command id"
    filters = (
        Choice("state", tuple((each, each.capitalize()) for each in STATES), "State", conditions=STATES),
        Choice("action", tuple((each, label_of(each)) for each in PROPOSED_ACTIONS), "What"),
        Number("account", "Account id", "account_id"),
        Number("person", "Proposed by (user id)", "proposed_by_id"),
        Period("proposed_at"),
    )
    fieldsets = (
        (None, {"fields": ("id", "state", "what", "concerns", "account_page", "reason")}),
        ("Who", {"fields": ("proposed_by", "proposed_at", "expires_at", "decided_by", "decided_at", "note")}),
        ("The command", {"fields": ("command_id", "outcome", "digest")}),
    )

    def rows(self) -> QuerySet[Any]:
        return super().rows().annotate(now=Now())

    @admin.display(description="What")
    def what(self, proposal: Proposal) -> str:
        return label_of(proposal.action)

    @admin.display(description="State")
    def state(self, proposal: Proposal) -> str:
        return state_of(proposal)

    @admin.display(description="Digest of what was proposed")
    def digest(self, proposal: Proposal) -> str:
        return proposal.payload_sha256

    @admin.display(description="About")
    def concerns(self, proposal: Proposal) -> Any:
        draft = _draft(proposal)
        return proposal.subject if draft is None else admin_link(draft.page, draft.row, proposal.subject)

    @admin.display(description="Account")
    def account_page(self, proposal: Proposal) -> Any:
        return admin_link("accounts.account", proposal.account_id)

    def links(self, proposal: Proposal) -> Iterable[Link]:
        yield Link("Trail", list_address("backoffice.trailentry", f"q={proposal.command_id}"))
        if proposal.decision == Decision.APPROVED:
            yield Link("Journal", list_address("engine.journal", f"q={proposal.command_id}"))

    def tables(self, proposal: Proposal) -> Iterable[Table]:
        draft = _draft(proposal)
        if draft is None:
            return
        columns = (
            Column("What", lambda name: name),
            Column("When proposed", lambda name: draft.before.get(name)),
            Column("After", lambda name: draft.after.get(name)),
        )
        yield make_table("What it changes", columns, dict.fromkeys([*draft.before, *draft.after]))

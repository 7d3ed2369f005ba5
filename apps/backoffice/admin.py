"""The trail of staff in the Django admin: who looked, who did what, on whom, why, and what became of it."""

import json
from collections.abc import Iterable
from typing import Any

from django.contrib import admin

from apps.adminlists.cells import Column, Link, Table, admin_link, list_address, make_table
from apps.adminlists.narrowing import Choice, Number, Period, by_number, by_text
from apps.adminlists.pages import ReadOnlyAdmin
from apps.backoffice import admin_proposals  # noqa: F401 - registers them
from apps.backoffice.buttons import CommandAdmin, CommandButton, Sending
from apps.backoffice.models import RequestKind, RequestOutcome, StaffRequest, TrailEntry, TrailKind
from apps.backoffice.requests import end_request
from apps.backoffice.selectors import label_of
from apps.commands.outcomes import CommandOutcome


@admin.register(TrailEntry)
class TrailEntryAdmin(ReadOnlyAdmin):
    name = "Trail"
    description = "Each look at a customer's data and each command that staff sent, newest first. Nobody can change it."
    list_display = ("id", "at", "actor", "what", "concerns", "reason", "outcome")
    list_select_related = ("actor",)
    search = (by_number(), by_text("command_id"))
    search_help_text = "Id of the entry, or the whole command id"
    filters = (
        Number("account", "Account id", "account_id"),
        Number("actor", "User id of staff", "actor_id"),
        Choice.of("kind", TrailKind),
        Period("at"),
    )
    fieldsets = (
        (None, {"fields": ("id", "at", "kind", "actor", "action", "subject", "account_page", "reason")}),
        ("The command", {"fields": ("command_id", "outcome")}),
    )

    @admin.display(description="Action")
    def what(self, entry: TrailEntry) -> str:
        """In words: a code has no space where a narrow column could break it."""
        return label_of(entry.action)

    @admin.display(description="Subject")
    def concerns(self, entry: TrailEntry) -> Any:
        """A link to what was looked at or changed; what somebody searched for is nothing but text."""
        kind, _, key = entry.subject.partition(" ")
        model = {"account": "accounts.account", "order": "orders.order"}.get(kind)
        return admin_link(model, key, entry.subject) if model and entry.account_id and key.isdecimal() else entry.subject

    @admin.display(description="Account")
    def account_page(self, entry: TrailEntry) -> Any:
        return admin_link("accounts.account", entry.account_id)

    def links(self, entry: TrailEntry) -> Iterable[Link]:
        if entry.action.startswith("PROPOSE_"):
            yield Link("Proposal", list_address("backoffice.proposal", f"q={entry.command_id}"))
        if entry.command_id:
            yield Link("Journal", list_address("engine.journal", f"q={entry.command_id}"))

    def tables(self, entry: TrailEntry) -> Iterable[Table]:
        if entry.kind != TrailKind.COMMAND:
            return
        before, after = (json.loads(text) if text else {} for text in (entry.before, entry.after))
        columns = (
            Column("What", lambda name: name),
            Column("Before", lambda name: before.get(name)),
            Column("After", lambda name: after.get(name)),
        )
        yield make_table("What it changes", columns, dict.fromkeys([*before, *after]))


def _has_ended(request: StaffRequest) -> str:
    return f"It was ended: {request.get_outcome_display().lower()}." if request.outcome else ""


def _ending(name: str, label: str, outcome: RequestOutcome, explains: str) -> CommandButton:
    """A button that ends a request. Its reason is the note that support reads."""

    def end(request: StaffRequest, values: dict[str, Any], sending: Sending) -> CommandOutcome:
        if end_request(request_id=request.pk, actor_id=sending.actor_id, outcome=outcome, note=sending.reason):
            return CommandOutcome(True, f"Request {request.pk} is ended: {outcome.label.lower()}.", reference=request.pk)
        return CommandOutcome(False, "It was ended before.", reason="ENDED")

    return CommandButton(
        name, label, f"REQUEST_{outcome.value}", explains, end,
        lambda request, values: ({"Request": "open"}, {"Request": outcome.label.lower()}), str, refuse=_has_ended,
    )  # fmt: skip


@admin.register(StaffRequest)
class StaffRequestAdmin(CommandAdmin):
    commands = (
        _ending("done", "Done", RequestOutcome.DONE, "It has been done, with a button of its own. The reason is the note."),
        _ending("refuse", "Refuse", RequestOutcome.REFUSED, "It will not be done. The reason is the note that support reads."),
    )
    name = "Requests"
    description = "What support asks for, newest first. A request does nothing: do it with its own button, then say so here."
    list_display = ("id", "made_at", "made_by", "kind", "concerns", "reason", "outcome")
    list_select_related = ("made_by",)
    search = (by_number(),)
    search_help_text = "Id of the request"
    filters = (
        Number("account", "Account id", "account_id"),
        Choice.of("kind", RequestKind),
        Choice.of("outcome", RequestOutcome),
        Period("made_at"),
    )
    fieldsets = (
        (None, {"fields": ("id", "made_at", "made_by", "kind", "concerns", "account_page", "reason")}),
        ("The end", {"fields": ("outcome", "note", "ended_at", "ended_by")}),
    )

    @admin.display(description="About")
    def concerns(self, request: StaffRequest) -> Any:
        if request.order_id is None:
            return admin_link("accounts.account", request.account_id)
        return admin_link("orders.order", request.order_id, f"order {request.order_id}")

    @admin.display(description="Account")
    def account_page(self, request: StaffRequest) -> Any:
        return admin_link("accounts.account", request.account_id)

"""The trail of staff in the Django admin: who looked, who did what, on whom, why, and what became of it."""

import json
from collections.abc import Iterable
from typing import Any

from django.contrib import admin

from apps.adminlists.cells import Column, Link, Table, admin_link, list_address, make_table
from apps.adminlists.narrowing import Choice, Number, Period, by_number, by_text
from apps.adminlists.pages import ReadOnlyAdmin
from apps.backoffice.models import TrailEntry, TrailKind
from apps.backoffice.selectors import label_of


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

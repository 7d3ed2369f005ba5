"""The engine in the Django admin: who holds the lease, and what it decided, batch by batch."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from django.contrib import admin
from django.db.models import QuerySet
from django.urls import reverse

from apps.adminlists.cells import Column, Link, Table, admin_link, list_address, make_table
from apps.adminlists.keyset import first_key_at
from apps.adminlists.narrowing import Period, read_number
from apps.adminlists.pages import ReadOnlyAdmin
from apps.backoffice.buttons import Change, CommandAdmin, CommandButton, Sending
from apps.commands.outcomes import CommandOutcome
from apps.core.enums import Role
from apps.engine import services
from apps.engine.journal import JournaledInputs, JournaledQuote, decode_inputs
from apps.engine.models import CommandRecord, Journal, Lease

#: Of one batch: it has a few hundred at most.
ROWS_MAX = 1000
#: A command's record keeps microseconds, the journal nanoseconds: its batch is one of the first from there.
BATCHES_NEAR = 8
#: What every command has; the rest of it is what it asks for.
_COMMON = ("command_id", "actor", "correlation_id", "account_id")

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def to_ns(instant: datetime) -> int:
    return (instant - EPOCH) // timedelta(microseconds=1) * 1000


def change_of_switch(is_killed: bool) -> Change:
    words = {True: "stopped everywhere", False: "possible"}
    return lambda lease, values: ({"Trading": words[lease.is_killed]}, {"Trading": words[is_killed]})


def change_of_restoring(lease: Lease, values: dict[str, Any]) -> tuple[dict[str, str], dict[str, str]]:
    before, after = change_of_switch(False)(lease, values)
    return before | {"Because": lease.kill_reason}, after


def _kill(lease: Lease, values: dict[str, Any], sending: Sending) -> CommandOutcome:
    return services.kill_venue(**asdict(sending))


def _restore(lease: Lease, values: dict[str, Any], sending: Sending) -> CommandOutcome:
    return services.restore_venue(**asdict(sending))


SWITCH = (
    CommandButton(
        "kill", "Stop all trading", "KILL_VENUE",
        "Every new order is refused at once, in all instruments. All open orders are canceled, which cannot be undone.",
        _kill, change_of_switch(True), lambda lease: "the venue", grave=True,
        refuse=lambda lease: "Trading is stopped already." if lease.is_killed else "",
    ),
    CommandButton(
        "restore", "Allow trading again", "RESTORE_VENUE",
        "Orders are taken again, each instrument in the state that it is in. The orders that were canceled do not come back.",
        _restore, change_of_restoring, lambda lease: "the venue", four_eyes=True,
        refuse=lambda lease: "" if lease.is_killed else "Trading is not stopped.",
    ),
)  # fmt: skip


@admin.register(Lease)
class LeaseAdmin(CommandAdmin):
    name = "Lease"
    description = "Who may write, and the switch that stops all trading. An older epoch is refused every write."
    commands = SWITCH
    list_display = ("shard", "epoch", "holder", "taken_at", "is_killed")
    fieldsets = (
        (None, {"fields": ("shard", "epoch", "holder", "taken_at")}),
        ("Kill switch", {"fields": ("is_killed", "kill_reason")}),
    )


def by_sequence(rows: QuerySet[Journal], text: str) -> Iterable[int]:
    """The batch that gave out a sequence: the id of an order, a trade, a transfer or an event."""
    if not (text.isascii() and text.isdecimal()):
        return []
    sequence = read_number(text, "The sequence")
    row = rows.filter(last_sequence__gte=sequence).order_by("last_sequence").first()
    return [row.pk] if row is not None and row.first_sequence <= sequence else []


def by_command_id(rows: QuerySet[Journal], text: str) -> Iterable[int]:
    """The batch that decided a command of staff: its record says when, and the batches near that instant are read."""
    record = CommandRecord.objects.filter(scope=0, command_id=text).first()
    edge = first_key_at(rows, "last_sequence", "now_ns", to_ns(record.at)) if record is not None else None
    if edge is None:
        return []
    near = rows.filter(last_sequence__gte=edge).order_by("last_sequence")[:BATCHES_NEAR]
    return [row.pk for row in near if text in {command.command_id for command in _inputs_of(row).commands}]


def _inputs_of(row: Journal) -> JournaledInputs:
    """What the batch read; nothing where this version cannot read it any more."""
    try:
        return decode_inputs(bytes(row.inputs))
    except msgspec.MsgspecError:
        return JournaledInputs([], [], [])


@admin.register(Journal)
class JournalAdmin(ReadOnlyAdmin):
    name = "Journal"
    description = "Every batch that the engine decided, newest first: all that a replay needs."
    list_display = ("last_sequence", "first_sequence", "decided_at", "epoch", "commands", "bytes_read")
    search = (by_sequence, by_command_id)
    search_help_text = "Id of an order, trade, transfer or event, or a command id of staff"
    filters = (Period("now_ns", "last_sequence", to_ns),)
    fieldsets = ((None, {"fields": ("last_sequence", "first_sequence", "decided_at", "epoch", "commands", "bytes_read")}),)

    @admin.display(description="Decided at")
    def decided_at(self, row: Journal) -> datetime:
        return EPOCH + timedelta(microseconds=row.now_ns // 1000)

    @admin.display(description="Commands")
    def commands(self, row: Journal) -> str:
        kinds = [type(command).__name__ for command in _inputs_of(row).commands]
        return ", ".join(f"{kinds.count(kind)} {kind}" for kind in dict.fromkeys(kinds)) or "none"

    @admin.display(description="Bytes")
    def bytes_read(self, row: Journal) -> int:
        return len(row.inputs)

    def links(self, row: Journal) -> Iterable[Link]:
        yield Link("The lease", reverse("admin:engine_lease_changelist"))

    def tables(self, row: Journal) -> Iterable[Table]:
        inputs = _inputs_of(row)
        commands = inputs.commands[:ROWS_MAX]
        answers = _answers_to(commands)
        columns = (
            Column("Command", lambda command: type(command).__name__),
            Column("Id", lambda command: command.command_id),
            Column("Asked by", _actor_of),
            Column("Account", lambda command: admin_link("accounts.account", getattr(command, "account_id", None))),
            Column("What", _details_of),
            Column("Answer", lambda command: answers.get(_key_of(command)) or _order_of(command)),
        )
        yield make_table("Commands", columns, commands)
        of_quotes = tuple(Column.of(name) for name in JournaledQuote.__struct_fields__)
        note = "Prices in ticks, quantities in lots, times in nanoseconds."
        yield make_table("Quotes that the decisions read", of_quotes, inputs.quotes[:ROWS_MAX], note=note)


def _key_of(command: Any) -> tuple[int, str]:
    scope = getattr(command, "account_id", 0) if command.actor.role is Role.CUSTOMER else 0
    return scope, command.command_id


def _answers_to(commands: list[Any]) -> dict[tuple[int, str], dict[str, Any]]:
    """(scope, id) -> the answer that was kept, for every command that is not an order."""
    keys = [_key_of(command) for command in commands]
    records = CommandRecord.objects.filter(pk__in=keys) if keys else ()
    return {(record.scope, record.command_id): msgspec.msgpack.decode(bytes(record.answer)) for record in records}


def _order_of(command: Any) -> Any:
    if type(command).__name__ != "SubmitOrder":
        return None
    return Link("order", list_address("orders.order", f"q={command.account_id}+{command.command_id}"))


def _actor_of(command: Any) -> Any:
    actor = command.actor
    return admin_link("accounts.user", actor.user_id, f"{actor.role} {actor.user_id}") if actor.user_id else str(actor.role)


def _details_of(command: Any) -> dict[str, Any]:
    fields = {name: getattr(command, name) for name in command.__struct_fields__ if name not in _COMMON}
    return {name: value for name, value in fields.items() if value is not msgspec.UNSET}

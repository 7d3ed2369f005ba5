"""The event log in the Django admin: how far the relay and the consumers are, and what could not be read."""

from collections import Counter
from collections.abc import Iterable

from django.contrib import admin

from apps.adminlists.cells import Column, Table, make_table
from apps.adminlists.keyset import Order
from apps.adminlists.narrowing import by_number
from apps.adminlists.pages import ReadOnlyAdmin
from apps.eventlog.models import ConsumerPosition, OutboxBatch, ParkedMessage, RelayCursor
from apps.eventlog.outbox import DamagedOutboxError, unpack

ROWS_MAX = 500
BATCHES_MAX = 30
VALUE_LENGTH_MAX = 8000


@admin.register(RelayCursor)
class RelayCursorAdmin(ReadOnlyAdmin):
    name = "Outbox and consumers"
    description = "How far the relay has published each lane of the outbox, and how far each consumer has read."
    order = Order("lane", descending=False)
    list_display = ("lane", "last_sequence", "moved_at")
    fieldsets = ((None, {"fields": ("lane", "last_sequence", "moved_at")}),)

    def list_tables(self) -> Iterable[Table]:
        positions = ConsumerPosition.objects.order_by("consumer", "topic", "partition")[:ROWS_MAX]
        names = ("consumer", "topic", "partition", "next_offset", "moved_at")
        yield make_table("Positions of consumers", tuple(Column.of(name) for name in names), positions)

    def tables(self, cursor: RelayCursor) -> Iterable[Table]:
        of_lane = OutboxBatch.objects.filter(lane=cursor.lane)
        waiting = of_lane.filter(last_sequence__gt=cursor.last_sequence).order_by("last_sequence")[:BATCHES_MAX]
        yield make_table("Waiting to be published", BATCH_COLUMNS, waiting, note=f"The oldest {BATCHES_MAX} at most.")
        newest = of_lane.order_by("-last_sequence")[:BATCHES_MAX]
        yield make_table("Newest batches", BATCH_COLUMNS, newest, note="What is published is removed after a while.")


def messages_of(batch: OutboxBatch) -> str:
    """How many messages for which topic."""
    try:
        topics = Counter(message.topic for message in unpack(bytes(batch.messages)))
    except DamagedOutboxError as error:
        return str(error)
    return ", ".join(f"{count} {topic}" for topic, count in sorted(topics.items()))


BATCH_COLUMNS = (
    Column.of("last_sequence"),
    Column.of("recorded_at"),
    Column("Messages", messages_of),
    Column("Bytes", lambda batch: len(batch.messages)),
)


@admin.register(ParkedMessage)
class ParkedMessageAdmin(ReadOnlyAdmin):
    description = "Messages that a display stream could not read, put aside so that the others go on. On a good day: none."
    list_display = ("id", "parked_at", "consumer", "topic", "partition", "offset", "error")
    search = (by_number(),)
    search_help_text = "Id"
    fieldsets = (
        (None, {"fields": ("id", "parked_at", "consumer", "topic", "partition", "offset", "error")}),
        ("The message", {"fields": ("size", "text")}),
    )

    @admin.display(description="Bytes")
    def size(self, message: ParkedMessage) -> int:
        return len(message.value)

    @admin.display(description="As text")
    def text(self, message: ParkedMessage) -> str:
        return bytes(message.value[:VALUE_LENGTH_MAX]).decode("utf-8", "backslashreplace")

"""The outbox, the relay's cursor, the consumers' positions, and the embedded log."""

from django.db import models
from django.db.models.functions import Now


class OutboxBatch(models.Model):
    """What one commit wants published, in order. Append-only; ``lane`` separates writers that have sequences of their own."""

    lane = models.CharField(max_length=16)
    last_sequence = models.BigIntegerField()
    messages = models.BinaryField(help_text="MessagePack: [[topic, key, event id, value], ...] in order.")
    recorded_at = models.DateTimeField(db_default=Now())
    pk = models.CompositePrimaryKey("lane", "last_sequence")

    def __str__(self) -> str:
        return f"{self.lane} to {self.last_sequence}"


class RelayCursor(models.Model):
    """How far the relay has published a lane. Moved after the log acknowledged."""

    lane = models.CharField(max_length=16, primary_key=True)
    last_sequence = models.BigIntegerField()
    moved_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.lane} at {self.last_sequence}"


class LostRange(models.Model):
    """Sequences of a lane that nobody's books know: the books were restored from a backup that ends before them.

    Above ``after_sequence`` and up to ``up_to_sequence``. What the log holds of them happened and was undone; the writer goes on
    behind the range, so no number is ever given out twice.
    """

    lane = models.CharField(max_length=16)
    after_sequence = models.BigIntegerField()
    up_to_sequence = models.BigIntegerField()
    restored_at = models.DateTimeField(db_default=Now())
    pk = models.CompositePrimaryKey("lane", "after_sequence")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(up_to_sequence__gt=models.F("after_sequence")), name="lost_range_rises"),
        ]

    def __str__(self) -> str:
        return f"{self.lane} {self.after_sequence} to {self.up_to_sequence}"


class ConsumerPosition(models.Model):
    """Where a consumer stands in a partition: moved in the transaction that applies the effect, so each event counts once.

    ``topic`` names the log as well, see ``positions.place_of``.
    """

    consumer = models.CharField(max_length=40)
    topic = models.CharField(max_length=80)
    partition = models.IntegerField()
    next_offset = models.BigIntegerField()
    moved_at = models.DateTimeField()
    pk = models.CompositePrimaryKey("consumer", "topic", "partition")

    def __str__(self) -> str:
        return f"{self.consumer} {self.topic}/{self.partition} at {self.next_offset}"


class LogInUse(models.Model):
    """Which log the positions are of: one row, missing until the first preparation that knew of more than one log."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    identity = models.CharField(max_length=200)
    since = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(id=1), name="log_in_use_is_one")]

    def __str__(self) -> str:
        return f"{self.identity} since {self.since:%Y-%m-%d}"


class AppliedEvent(models.Model):
    """Highest sequence that a consumer applied per key: drops what the relay published twice.

    Events of one key carry rising sequences, so one row a key is enough where one row an event would grow for ever.
    """

    consumer = models.CharField(max_length=40)
    key = models.CharField(max_length=48)
    last_sequence = models.BigIntegerField()
    pk = models.CompositePrimaryKey("consumer", "key")

    def __str__(self) -> str:
        return f"{self.consumer} {self.key} at {self.last_sequence}"


class ParkedMessage(models.Model):
    """A message that a display stream could not read, put aside so that the others go on."""

    consumer = models.CharField(max_length=40)
    topic = models.CharField(max_length=80)
    partition = models.IntegerField()
    offset = models.BigIntegerField()
    value = models.BinaryField()
    error = models.CharField(max_length=400)
    parked_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["consumer", "topic", "partition", "offset"], name="parked_message_once"),
        ]

    def __str__(self) -> str:
        return f"{self.topic}/{self.partition}@{self.offset}"


class LogPartition(models.Model):
    """The head of one partition of the embedded log: the only row that an append locks, and what makes its order.

    ``kept`` says in which of the two tables the records are, once and for all; ``first_offset`` is the oldest one there.
    """

    topic = models.CharField(max_length=120, help_text="With the deployment's prefix.")
    number = models.IntegerField()
    kept = models.BooleanField()
    retention_ms = models.BigIntegerField(help_text="-1 keeps for ever.")
    first_offset = models.BigIntegerField(default=0)
    next_offset = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["topic", "number"], name="log_partition_once"),
            models.CheckConstraint(
                condition=models.Q(first_offset__gte=0, next_offset__gte=models.F("first_offset")), name="log_offsets_rise"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.topic}/{self.number} {self.first_offset} to {self.next_offset}"


class LogRecord(models.Model):
    """One message of the embedded log. Written by ``eventlog_append`` alone, never changed.

    No foreign key to the partition: it would run a trigger for every record, for a row that the append holds locked anyway.
    """

    partition_id = models.IntegerField()
    offset = models.BigIntegerField()
    kept = models.BooleanField()
    at = models.DateTimeField(help_text="When it was appended, by the database's clock.")
    key = models.TextField()
    value = models.BinaryField()
    headers = models.BinaryField(help_text="MessagePack: [[name, value], ...]; empty for none.")
    pk = models.CompositePrimaryKey("partition_id", "offset", "kept")

    def __str__(self) -> str:
        return f"{self.partition_id}@{self.offset}"


class LogMember(models.Model):
    """A process that reads the embedded log as a member of a group, and the session by which it does."""

    group = models.CharField(max_length=160, db_column="group_name")
    member = models.CharField(max_length=80)
    token = models.UUIDField(help_text="Of the one reader that is this member; another one's means that it was replaced.")
    pid = models.IntegerField()
    backend_start = models.DateTimeField()
    seen_at = models.DateTimeField()
    pk = models.CompositePrimaryKey("group", "member")

    def __str__(self) -> str:
        return f"{self.group} {self.member}"

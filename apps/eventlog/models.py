"""The outbox, the relay's cursor, and the consumers' positions."""

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


class ConsumerPosition(models.Model):
    """Where a consumer stands in a partition: moved in the transaction that applies the effect, so each event counts once."""

    consumer = models.CharField(max_length=40)
    topic = models.CharField(max_length=80)
    partition = models.IntegerField()
    next_offset = models.BigIntegerField()
    moved_at = models.DateTimeField()
    pk = models.CompositePrimaryKey("consumer", "topic", "partition")

    def __str__(self) -> str:
        return f"{self.consumer} {self.topic}/{self.partition} at {self.next_offset}"


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

"""The engine's own tables: who may write, what was read, and what other commands were answered."""

from django.db import models
from django.db.models.functions import Now


class Lease(models.Model):
    """One row a shard. ``epoch`` fences: a write whose epoch is not this one is refused by the settlement function."""

    shard = models.IntegerField(primary_key=True)
    epoch = models.IntegerField()
    holder = models.CharField(max_length=80)
    taken_at = models.DateTimeField()
    is_killed = models.BooleanField(default=False, db_default=False, help_text="The kill switch of the whole venue.")
    kill_reason = models.CharField(max_length=200, blank=True, default="", db_default="")

    def __str__(self) -> str:
        return f"shard {self.shard} epoch {self.epoch}"


class Journal(models.Model):
    """One row a batch: all that a replay needs to reach the same decisions again."""

    last_sequence = models.BigIntegerField(primary_key=True, help_text="The engine's sequence after this batch.")
    first_sequence = models.BigIntegerField()
    epoch = models.IntegerField()
    now_ns = models.BigIntegerField(help_text="The engine's clock when the batch was decided.")
    inputs = models.BinaryField(help_text="MessagePack: the commands and the quotes that the decisions read, in order.")
    hash = models.BinaryField(
        null=True, help_text="SHA-256 over the fills and transfers of this batch and the hash of the one before; docs/proof.md."
    )

    def __str__(self) -> str:
        return f"batch to {self.last_sequence}"


class ChainStart(models.Model):
    """Where the chain of hashes begins: the batches up to ``after_sequence``, back to one that has a hash, were written by a
    version of the product that made none."""

    after_sequence = models.BigIntegerField(primary_key=True)
    hash_before = models.BinaryField(help_text="What the first hash after it is made with: the last one before, or zeros.")
    epoch = models.IntegerField()
    at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"the chain from {self.after_sequence} on"


class ProofKey(models.Model):
    """The public half of a key that proofs are signed with: published, and enough to check a signature with."""

    public_key = models.CharField(max_length=64, primary_key=True, help_text="Of Ed25519, in hexadecimal digits.")
    at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return self.public_key


class CommandRecord(models.Model):
    """The answer of every decided command that is not an order, kept for ever: the same id again gets the same answer.

    An id is unique in its scope: nobody's can be taken by a stranger who guessed it.
    """

    pk = models.CompositePrimaryKey("scope", "command_id")
    scope = models.BigIntegerField(help_text="The account whose customer asked; 0 for the venue's own people and processes.")
    command_id = models.CharField(max_length=48)
    account_id = models.BigIntegerField(null=True, blank=True)
    body_digest = models.BinaryField(help_text="16 bytes of BLAKE2b over the command without its actor and correlation id.")
    answer = models.BinaryField(help_text="MessagePack, as it was sent.")
    at = models.DateTimeField()

    def __str__(self) -> str:
        return self.command_id


class Approval(models.Model):
    """That a second person approved what a first one asked for, written in the commit of what it did.

    ``backoffice.Proposal`` has the same command's id, and says what both of them saw.
    """

    command_id = models.CharField(max_length=48, primary_key=True)
    kind = models.CharField(max_length=40, help_text="The command's tag, such as ADJUST_BALANCE.")
    reference = models.BigIntegerField(help_text="What it made or concerned: of an adjustment, its transfer.")
    proposed_by = models.BigIntegerField(help_text="User id.")
    approved_by = models.BigIntegerField(help_text="User id.")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["-at"], name="approval_newest")]
        constraints = [
            models.CheckConstraint(condition=~models.Q(approved_by=models.F("proposed_by")), name="approval_by_somebody_else"),
            models.UniqueConstraint(
                fields=["reference"], condition=models.Q(kind="ADJUST_BALANCE"), name="approval_one_of_an_adjustment"
            ),
        ]

    def __str__(self) -> str:
        return f"approval of {self.command_id}"


class InvariantReport(models.Model):
    """What the invariants came to when they were asked last: one row for each way of asking (``LIVE`` every minute, ``ALL``)."""

    scope = models.CharField(max_length=8, primary_key=True)
    asked_at = models.DateTimeField()
    took_ms = models.IntegerField()
    results = models.JSONField(help_text="In order: name, meaning, status (HOLDS, VIOLATED, UNANSWERED), rows, took_ms.")
    violated_at = models.DateTimeField(null=True, blank=True, help_text="When one was last found violated.")

    class Meta:
        constraints = [models.CheckConstraint(condition=models.Q(scope__in=["LIVE", "ALL"]), name="invariant_report_scope_known")]

    def __str__(self) -> str:
        return f"{self.scope} at {self.asked_at:%Y-%m-%d %H:%M:%S}"

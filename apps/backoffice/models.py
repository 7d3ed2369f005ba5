"""The trail of staff: one row for each look at a customer's data and each button that sends a command.

Rows are immutable but for ``outcome``, which is written once, when the answer is known; a trigger refuses the rest.
"""

from django.db import models
from django.db.models.functions import Now

REASON_LENGTH_MIN, REASON_LENGTH_MAX = 3, 200


class TrailKind(models.TextChoices):
    LOOK = "LOOK"
    COMMAND = "COMMAND"


class TrailEntry(models.Model):
    """Who, what, on whom, why. ``before`` and ``after`` are JSON documents of what a command changes, empty for a look.

    ``command_id`` finds the command in the engine's journal. ``outcome`` is empty while nobody knows the answer.
    """

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(db_default=Now())
    kind = models.CharField(max_length=8, choices=TrailKind.choices)
    actor = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+", db_index=False)
    action = models.CharField(max_length=40, help_text="A code, such as CUSTOMER_PAGE or HALT_INSTRUMENT.")
    subject = models.CharField(max_length=80, help_text="What it was about, such as order 123 or AAPL-USD.")
    account_id = models.BigIntegerField(null=True, blank=True, help_text="The customer's account, when there is one.")
    reason = models.CharField(max_length=REASON_LENGTH_MAX)
    command_id = models.CharField(max_length=48, blank=True)
    before = models.TextField(blank=True)
    after = models.TextField(blank=True)
    outcome = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["account_id", "-id"], name="trail_of_account", condition=models.Q(account_id__isnull=False)),
            models.Index(fields=["actor", "-id"], name="trail_of_actor"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=TrailKind.values), name="trail_kind_known"),
            models.CheckConstraint(
                condition=models.Q(reason__regex=rf"^.{{{REASON_LENGTH_MIN},{REASON_LENGTH_MAX}}}$"), name="trail_has_a_reason"
            ),
            models.CheckConstraint(
                condition=models.Q(kind="LOOK", command_id="") | (models.Q(kind="COMMAND") & ~models.Q(command_id="")),
                name="trail_command_has_its_id",
            ),
            models.UniqueConstraint(fields=["command_id"], condition=~models.Q(command_id=""), name="trail_one_of_a_command"),
        ]

    def __str__(self) -> str:
        return f"{self.action} {self.subject}"

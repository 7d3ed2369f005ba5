"""The trail of staff: one row for each look at a customer's data and each button that sends a command.

Rows are immutable but for ``outcome``, which is written once, when the answer is known; a trigger refuses the rest.
"""

from datetime import timedelta

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


class TrailLink(models.Model):
    """One link of the chain over the trail (``apps/backoffice/trail_chain.py``): of an entry as it was written, and later of its
    outcome. ``texts`` is the digest of what people wrote, made with ``salt``; without the salt the texts were erased, and the
    chain goes on over their digest. Append-only but for that."""

    number = models.BigIntegerField(primary_key=True, help_text="From 1 on, without a gap.")
    entry = models.ForeignKey(TrailEntry, on_delete=models.PROTECT, related_name="+", db_index=False)
    of_outcome = models.BooleanField()
    salt = models.BinaryField(max_length=16, null=True)
    texts = models.BinaryField(max_length=32)
    hash = models.BinaryField(max_length=32)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entry", "of_outcome"], name="trail_link_once"),
            models.CheckConstraint(condition=models.Q(number__gte=1), name="trail_link_number"),
        ]

    def __str__(self) -> str:
        return f"link {self.pk}"


class RequestKind(models.TextChoices):
    """What support may ask admins to do. The first two are about an order, the third may be, the others are about an account."""

    FORCE_CANCEL = "FORCE_CANCEL", "Cancel the order"
    HALT_INSTRUMENT = "HALT_INSTRUMENT", "Halt the instrument"
    ADJUST_BALANCE = "ADJUST_BALANCE", "Adjust the balance"
    SUSPEND_ACCOUNT = "SUSPEND_ACCOUNT", "Suspend the account"
    REINSTATE_ACCOUNT = "REINSTATE_ACCOUNT", "Reinstate the account"
    SET_LIMITS = "SET_LIMITS", "Set the account's limits"
    RESET_SECOND_FACTOR = "RESET_SECOND_FACTOR", "Reset the second factor"
    REVOKE_API_KEY = "REVOKE_API_KEY", "Revoke an API key"
    OTHER = "OTHER", "Something else"


class RequestOutcome(models.TextChoices):
    DONE = "DONE", "Done"
    REFUSED = "REFUSED", "Refused"


#: About an order, and never about an account alone.
OF_ORDERS = (RequestKind.FORCE_CANCEL.value, RequestKind.HALT_INSTRUMENT.value)


class StaffRequest(models.Model):
    """Something that support asks of the admins. It does nothing by itself: who ends it has done it, or says why not.

    A row is written when it is asked for and once more when it is ended; a trigger refuses everything else.
    """

    id = models.BigAutoField(primary_key=True)
    made_at = models.DateTimeField(db_default=Now())
    made_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+", db_index=False)
    kind = models.CharField(max_length=24, choices=RequestKind.choices)
    account_id = models.BigIntegerField(help_text="The customer's account.")
    order_id = models.BigIntegerField(null=True, blank=True)
    reason = models.CharField(max_length=REASON_LENGTH_MAX)
    form_id = models.CharField(max_length=48, unique=True, help_text="Of the form: sent twice, it is one request.")
    outcome = models.CharField(max_length=8, choices=RequestOutcome.choices, blank=True, help_text="Empty while it is open.")
    note = models.CharField(max_length=REASON_LENGTH_MAX, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, related_name="+", db_index=False, null=True, blank=True
    )

    class Meta:
        indexes = [
            models.Index(fields=["-id"], name="request_open", condition=models.Q(outcome="")),
            models.Index(fields=["account_id", "-id"], name="request_of_account"),
            models.Index(fields=["made_by", "-id"], name="request_of_person"),
        ]
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=RequestKind.values), name="request_kind_known"),
            models.CheckConstraint(
                condition=~models.Q(kind__in=OF_ORDERS) | models.Q(order_id__isnull=False), name="request_names_its_order"
            ),
            models.CheckConstraint(
                condition=models.Q(reason__regex=rf"^.{{{REASON_LENGTH_MIN},{REASON_LENGTH_MAX}}}$"), name="request_has_a_reason"
            ),
            models.CheckConstraint(
                condition=models.Q(outcome="", note="", ended_at__isnull=True, ended_by__isnull=True)
                | models.Q(
                    outcome__in=RequestOutcome.values,
                    note__regex=rf"^.{{{REASON_LENGTH_MIN},{REASON_LENGTH_MAX}}}$",
                    ended_at__isnull=False,
                    ended_by__isnull=False,
                ),
                name="request_ends_whole",
            ),
            models.UniqueConstraint(
                fields=["kind", "account_id", "order_id"],
                condition=models.Q(outcome=""),
                nulls_distinct=False,
                name="request_open_once",
            ),
        ]

    def __str__(self) -> str:
        return f"request {self.pk}"


class Decision(models.TextChoices):
    APPROVED = "APPROVED", "Approved"
    REFUSED = "REFUSED", "Refused"
    WITHDRAWN = "WITHDRAWN", "Withdrawn"


#: How long a proposal may wait for a second person.
PROPOSAL_HOURS_MAX = 24


class Proposal(models.Model):
    """What one admin proposes and another approves; nothing is done before.

    ``payload`` is all of it as canonical JSON, and ``payload_sha256`` its digest: what is approved is what was seen. The command
    has ``command_id`` too, so an approval that is sent twice is done once. ``outcome`` is what became of it, empty while nobody
    knows. A trigger takes one decision, before ``expires_at``, and one outcome, and refuses everything else.
    """

    id = models.BigAutoField(primary_key=True)
    proposed_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField()
    proposed_by = models.ForeignKey("accounts.User", on_delete=models.PROTECT, related_name="+", db_index=False)
    action = models.CharField(max_length=32, help_text="A code, such as ADJUST_BALANCE.")
    subject = models.CharField(max_length=80, help_text="What it is about, such as account 7 or AAPL-USD.")
    account_id = models.BigIntegerField(null=True, blank=True, help_text="The customer's account, when there is one.")
    reason = models.CharField(max_length=REASON_LENGTH_MAX)
    command_id = models.CharField(max_length=48, unique=True)
    payload = models.TextField(help_text="Canonical JSON of all that is proposed, and of what was then.")
    payload_sha256 = models.CharField(max_length=64)
    decision = models.CharField(max_length=9, choices=Decision.choices, blank=True, help_text="Empty while it is open.")
    decided_by = models.ForeignKey(
        "accounts.User", on_delete=models.PROTECT, related_name="+", db_index=False, null=True, blank=True
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    note = models.CharField(max_length=REASON_LENGTH_MAX, blank=True)
    outcome = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["-id"], name="proposal_open", condition=models.Q(decision="")),
            models.Index(fields=["account_id", "-id"], name="proposal_of_account"),
            models.Index(fields=["proposed_by", "-id"], name="proposal_of_person"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(decision__in=["APPROVED", "REFUSED"]) | ~models.Q(decided_by=models.F("proposed_by")),
                name="proposal_decided_by_somebody_else",
            ),
            models.CheckConstraint(
                condition=~models.Q(decision="WITHDRAWN") | models.Q(decided_by=models.F("proposed_by")),
                name="proposal_withdrawn_by_who_made_it",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    expires_at__gt=models.F("proposed_at"),
                    expires_at__lte=models.F("proposed_at") + timedelta(hours=PROPOSAL_HOURS_MAX),
                ),
                name="proposal_expires_within_a_day",
            ),
            models.CheckConstraint(
                condition=models.Q(reason__regex=rf"^.{{{REASON_LENGTH_MIN},{REASON_LENGTH_MAX}}}$"), name="proposal_has_a_reason"
            ),
            models.CheckConstraint(
                condition=models.Q(decision="", note="", decided_at__isnull=True, decided_by__isnull=True, outcome="")
                | models.Q(
                    decision__in=Decision.values,
                    note__regex=rf"^.{{{REASON_LENGTH_MIN},{REASON_LENGTH_MAX}}}$",
                    decided_at__gte=models.F("proposed_at"),
                    decided_at__lt=models.F("expires_at"),
                    decided_by__isnull=False,
                ),
                name="proposal_decided_whole",
            ),
            models.CheckConstraint(
                condition=models.Q(outcome="") | models.Q(decision="APPROVED"), name="proposal_outcome_of_an_approval"
            ),
        ]

    def __str__(self) -> str:
        return f"proposal {self.pk}"

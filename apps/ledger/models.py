"""The money truth.

- A **ledger account** is one bucket of one asset of one trading account: ``total = held + available``.
- A **transfer** moves money; it is immutable and has an id, a kind and an instant. A correction is a new transfer.
- A **posting** is one leg of it: a signed amount on one ledger account, with the total that it left behind. The postings of a
  transfer sum to zero per asset.

A hold is money set aside for an open order. It is kept where it changes, on the order (``orders.Order.held``), and summed per
ledger account here: one row fewer to write per command. Rows are written by the engine's settlement alone; triggers refuse
an update or a delete of transfers and postings, and a set of postings that does not balance.

What jobs add is derived and append-only as well: the end of each business day, the statement of each account and day, and the
differences that a reconciliation found.
"""

from django.db import models
from django.db.models.functions import Now


class TransferKind(models.TextChoices):
    TRADE = "TRADE"
    DEPOSIT = "DEPOSIT"
    WITHDRAWAL = "WITHDRAWAL"
    ADJUSTMENT = "ADJUSTMENT"


class LedgerAccount(models.Model):
    id = models.BigIntegerField(primary_key=True)
    account = models.ForeignKey("accounts.Account", on_delete=models.PROTECT, related_name="+")
    asset = models.ForeignKey("instruments.Asset", on_delete=models.PROTECT, related_name="+")
    may_be_negative = models.BooleanField(default=False, help_text="True for the house and the outside world only.")
    total = models.DecimalField(max_digits=36, decimal_places=8, default=0)
    held = models.DecimalField(max_digits=36, decimal_places=8, default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "asset"], name="ledger_account_one_per_asset"),
            models.CheckConstraint(condition=models.Q(held__gte=0), name="ledger_account_held_not_negative"),
            models.CheckConstraint(
                condition=models.Q(may_be_negative=True) | models.Q(total__gte=models.F("held")),
                name="ledger_account_available_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return f"ledger account {self.pk}"


class Transfer(models.Model):
    id = models.BigIntegerField(primary_key=True, help_text="The engine's sequence.")
    kind = models.CharField(max_length=12, choices=TransferKind.choices)
    trade_id = models.BigIntegerField(null=True, blank=True)
    command_id = models.CharField(max_length=48, blank=True)
    memo = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(kind__in=TransferKind.values), name="transfer_kind_known"),
            models.CheckConstraint(
                condition=models.Q(kind="TRADE", trade_id__isnull=False) | (~models.Q(kind="TRADE") & ~models.Q(command_id="")),
                name="transfer_has_its_cause",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Posting(models.Model):
    pk = models.CompositePrimaryKey("transfer_id", "leg")
    transfer = models.ForeignKey(Transfer, on_delete=models.PROTECT, db_constraint=False, related_name="postings", db_index=False)
    leg = models.SmallIntegerField()
    ledger_account = models.ForeignKey(
        LedgerAccount, on_delete=models.PROTECT, db_constraint=False, related_name="+", db_index=False
    )
    asset_id = models.IntegerField()
    amount = models.DecimalField(max_digits=36, decimal_places=8)
    balance_after = models.DecimalField(max_digits=36, decimal_places=8)

    class Meta:
        indexes = [models.Index(fields=["ledger_account", "transfer"], name="posting_statement")]
        constraints = [
            models.CheckConstraint(condition=~models.Q(amount=0), name="posting_moves_something"),
        ]

    def __str__(self) -> str:
        return f"leg {self.leg} of transfer {self.transfer_id}"


class BusinessDay(models.Model):
    """Where a UTC day ended in the engine's sequence, decided once: every transfer is in exactly one day's statement."""

    day = models.DateField(primary_key=True)
    last_transfer_id = models.BigIntegerField(help_text="The last transfer of the day, or of an earlier one; 0 before the first.")
    closed_at = models.DateTimeField(help_text="When this was decided.")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(last_transfer_id__gte=0), name="business_day_ends_at_a_transfer"),
        ]

    def __str__(self) -> str:
        return f"{self.day} to transfer {self.last_transfer_id}"


class DayHash(models.Model):
    """The hash of the commit with which a UTC day ended: published, so that nobody can make the day another one afterwards."""

    day = models.DateField(primary_key=True)
    last_sequence = models.BigIntegerField(help_text="The engine's sequence after the last commit of the day.")
    hash = models.BinaryField(help_text="The 32 bytes that the commit carries; docs/proof.md.")
    at = models.DateTimeField(db_default=Now())

    def __str__(self) -> str:
        return f"{self.day} to sequence {self.last_sequence}"


class DailyStatement(models.Model):
    """One account's statement of one UTC business day: the transfers in (``after_transfer_id``, ``last_transfer_id``]."""

    account = models.ForeignKey("accounts.Account", on_delete=models.PROTECT, related_name="+", db_index=False)
    day = models.DateField()
    after_transfer_id = models.BigIntegerField()
    last_transfer_id = models.BigIntegerField()
    transfers = models.IntegerField(help_text="How many transfers moved something of this account on the day.")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "day"], name="daily_statement_one_a_day"),
            models.CheckConstraint(
                condition=models.Q(
                    after_transfer_id__gte=0, last_transfer_id__gte=models.F("after_transfer_id"), transfers__gte=0
                ),
                name="daily_statement_runs_forward",
            ),
        ]

    def __str__(self) -> str:
        return f"account {self.account_id} on {self.day}"


class DailyStatementLine(models.Model):
    """One asset in a daily statement. Movements are signed: opening + all movements = closing, to the last digit."""

    statement = models.ForeignKey(DailyStatement, on_delete=models.PROTECT, related_name="lines", db_index=False)
    asset = models.ForeignKey("instruments.Asset", on_delete=models.PROTECT, related_name="+", db_index=False)
    opening = models.DecimalField(max_digits=36, decimal_places=8, default=0)
    deposits = models.DecimalField(max_digits=36, decimal_places=8, default=0)
    withdrawals = models.DecimalField(max_digits=36, decimal_places=8, default=0)
    trades = models.DecimalField(max_digits=36, decimal_places=8, default=0)
    fees = models.DecimalField(max_digits=36, decimal_places=8, default=0)
    adjustments = models.DecimalField(max_digits=36, decimal_places=8, default=0)
    closing = models.DecimalField(max_digits=36, decimal_places=8, default=0)
    transfers = models.IntegerField(help_text="How many transfers moved this asset.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["statement", "asset"], name="daily_statement_line_one_an_asset"),
            models.CheckConstraint(
                condition=models.Q(
                    closing=models.F("opening")
                    + models.F("deposits")
                    + models.F("withdrawals")
                    + models.F("trades")
                    + models.F("fees")
                    + models.F("adjustments")
                ),
                name="daily_statement_line_adds_up",
            ),
            models.CheckConstraint(
                condition=models.Q(deposits__gte=0, withdrawals__lte=0, fees__lte=0, transfers__gte=0),
                name="daily_statement_line_signs",
            ),
        ]

    def __str__(self) -> str:
        return f"asset {self.asset_id} of statement {self.statement_id}"


class ReconciliationDifference(models.Model):
    """Something that a reconciliation found wrong with the books: kept for ever, whatever became of it."""

    day = models.DateField(help_text="The business day that the run was about.")
    check_name = models.CharField(max_length=8, help_text="Which law is broken, as docs/jobs.md names it.")
    meaning = models.CharField(max_length=120)
    subject = models.CharField(max_length=200, help_text="The row that breaks it: ids and numbers, in the order of the check.")
    found_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["day", "check_name", "meaning", "subject"], name="reconciliation_difference_once"),
        ]

    def __str__(self) -> str:
        return f"{self.check_name} {self.meaning}: {self.subject}"

"""The money truth.

- A **ledger account** is one bucket of one asset of one trading account: ``total = held + available``.
- A **transfer** moves money; it is immutable and has an id, a kind and an instant. A correction is a new transfer.
- A **posting** is one leg of it: a signed amount on one ledger account, with the total that it left behind. The postings of a
  transfer sum to zero per asset.

A hold is money set aside for an open order. It is kept where it changes, on the order (``orders.Order.held``), and summed per
ledger account here: one row fewer to write per command. Rows are written by the engine's settlement alone; triggers refuse
an update or a delete of transfers and postings, and a set of postings that does not balance.
"""

from django.db import models


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

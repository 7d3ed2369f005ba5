"""Positions with their cost and realised P&L: a projection of the fills, by average cost."""

from django.db import models


class Position(models.Model):
    """``cost`` is what the open quantity cost, fees included; ``realized_pnl`` what closing earned, fees taken off.

    Both in the instrument's quote currency. The average cost is cost / quantity, computed when shown and never stored.
    """

    account_id = models.BigIntegerField()
    instrument_id = models.IntegerField()
    quantity = models.DecimalField(max_digits=20, decimal_places=8)
    cost = models.DecimalField(max_digits=36, decimal_places=8)
    realized_pnl = models.DecimalField(max_digits=36, decimal_places=8)
    fees = models.DecimalField(max_digits=36, decimal_places=8)
    last_sequence = models.BigIntegerField(help_text="The engine's sequence of the last fill counted.")
    updated_at = models.DateTimeField()
    pk = models.CompositePrimaryKey("account_id", "instrument_id")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(quantity__gte=0, cost__gte=0), name="position_long_or_flat"),
            models.CheckConstraint(condition=models.Q(quantity__gt=0) | models.Q(cost=0), name="position_flat_costs_nothing"),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} in {self.instrument_id}"


class AccountProgress(models.Model):
    """How far the events of an account have been counted: what is newer than this is not in its positions yet."""

    account_id = models.BigIntegerField(primary_key=True)
    account_sequence = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.account_id} to {self.account_sequence}"


class EquitySnapshot(models.Model):
    """What an account was worth at the end of a UTC business day, in the reporting asset at the day's last prices.

    ``missing`` names the assets without a price, which are not in ``value``; a snapshot that lacks nothing is never changed.
    """

    account_id = models.BigIntegerField()
    day = models.DateField()
    value = models.DecimalField(max_digits=36, decimal_places=8)
    deposits = models.DecimalField(
        max_digits=36, decimal_places=8, help_text="Deposits, withdrawals, adjustments of the day: no profit, no loss."
    )
    missing = models.CharField(max_length=400, blank=True, help_text="Codes of assets without a price, separated by spaces.")
    taken_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account_id", "day"], name="equity_snapshot_one_a_day"),
        ]

    def __str__(self) -> str:
        return f"account {self.account_id} on {self.day}: {self.value}"

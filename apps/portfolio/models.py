"""Positions with their cost and realised P&L: a projection of the fills, by average cost."""

from django.db import models

from apps.core.enums import Side


class Position(models.Model):
    """``cost`` is what the open quantity cost, fees included; ``realized_pnl`` what closing earned, fees taken off.

    Both in the instrument's quote currency. The average cost is cost / quantity, computed when shown and never stored.

    ``day`` is the UTC day of the last fill counted, and ``day_…`` is how the position stood when that day began: what is earned
    today is told from there. None where the day began before anybody kept it.
    """

    account_id = models.BigIntegerField()
    instrument_id = models.IntegerField()
    quantity = models.DecimalField(max_digits=20, decimal_places=8)
    cost = models.DecimalField(max_digits=36, decimal_places=8)
    realized_pnl = models.DecimalField(max_digits=36, decimal_places=8)
    fees = models.DecimalField(max_digits=36, decimal_places=8)
    last_sequence = models.BigIntegerField(help_text="The engine's sequence of the last fill counted.")
    updated_at = models.DateTimeField()
    day = models.DateField(null=True, blank=True)
    day_quantity = models.DecimalField(max_digits=20, decimal_places=8, default=0, db_default=0)
    day_cost = models.DecimalField(max_digits=36, decimal_places=8, default=0, db_default=0)
    day_realized_pnl = models.DecimalField(max_digits=36, decimal_places=8, default=0, db_default=0)
    pk = models.CompositePrimaryKey("account_id", "instrument_id")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(quantity__gte=0, cost__gte=0), name="position_long_or_flat"),
            models.CheckConstraint(condition=models.Q(quantity__gt=0) | models.Q(cost=0), name="position_flat_costs_nothing"),
            models.CheckConstraint(
                condition=models.Q(day_quantity__gt=0, day_cost__gte=0) | models.Q(day_quantity=0, day_cost=0),
                name="position_day_began_long_or_flat",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} in {self.instrument_id}"


class PositionFill(models.Model):
    """One fill as its position counted it: how quantity and cost stood after it, and what it earned.

    The way from the first fill to the average cost, in the order of the trades. Append-only but for a rebuild.
    """

    account_id = models.BigIntegerField()
    instrument_id = models.IntegerField()
    trade_id = models.BigIntegerField()
    order_id = models.BigIntegerField()
    side = models.CharField(max_length=4, choices=[(s.value, s.value) for s in Side])
    price = models.DecimalField(max_digits=20, decimal_places=8)
    quantity = models.DecimalField(max_digits=20, decimal_places=8)
    fee = models.DecimalField(max_digits=36, decimal_places=8)
    at = models.DateTimeField()
    quantity_after = models.DecimalField(max_digits=20, decimal_places=8)
    cost_after = models.DecimalField(max_digits=36, decimal_places=8)
    realized_pnl = models.DecimalField(max_digits=36, decimal_places=8, help_text="Of this fill alone; a buy earns nothing.")
    pk = models.CompositePrimaryKey("account_id", "instrument_id", "trade_id")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(price__gt=0, quantity__gt=0, fee__gte=0), name="position_fill_positive"
            ),
            models.CheckConstraint(
                condition=models.Q(quantity_after__gt=0, cost_after__gte=0) | models.Q(quantity_after=0, cost_after=0),
                name="position_fill_leaves_long_or_flat",
            ),
            models.CheckConstraint(
                condition=~models.Q(side="BUY") | models.Q(realized_pnl=0), name="position_fill_buy_earns_nothing"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.side} {self.quantity} of {self.instrument_id} in trade {self.trade_id}"


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

"""Orders, trades, fills and the events of an account. Rows are written by the engine's settlement alone.

These tables are hot: keys to accounts and instruments carry no per-row foreign key trigger, which would be the dearest part of
a settlement. The settlement function checks set-wise instead that every row it touched exists, and raises otherwise.
"""

from django.db import models

from apps.core.enums import LiquiditySide, OrderStatus, OrderType, Side, TimeInForce
from apps.orders.fields import DocumentField

OPEN_STATUSES = (OrderStatus.ACCEPTED.value, OrderStatus.PARTIALLY_FILLED.value)


class Order(models.Model):
    id = models.BigIntegerField(primary_key=True, help_text="The engine's sequence at the decision.")
    account = models.ForeignKey(
        "accounts.Account", on_delete=models.PROTECT, db_constraint=False, db_index=False, related_name="+"
    )
    client_order_id = models.CharField(max_length=48)
    instrument = models.ForeignKey(
        "instruments.Instrument", on_delete=models.PROTECT, db_constraint=False, db_index=False, related_name="+"
    )
    side = models.CharField(max_length=4, choices=[(s.value, s.value) for s in Side])
    order_type = models.CharField(max_length=12, choices=[(t.value, t.value) for t in OrderType])
    time_in_force = models.CharField(max_length=4, choices=[(t.value, t.value) for t in TimeInForce])
    quantity = models.DecimalField(max_digits=20, decimal_places=8)
    price = models.DecimalField(max_digits=20, decimal_places=8, null=True, blank=True)
    status = models.CharField(max_length=18, choices=[(s.value, s.value) for s in OrderStatus])
    reason = models.CharField(max_length=32, blank=True)
    filled_quantity = models.DecimalField(max_digits=20, decimal_places=8)
    filled_notional = models.DecimalField(max_digits=36, decimal_places=8, help_text="Sum of price x quantity over the fills.")
    fee = models.DecimalField(max_digits=36, decimal_places=8, help_text="In the quote currency.")
    held = models.DecimalField(max_digits=36, decimal_places=8, help_text="Money set aside: quote for a buy, base for a sell.")
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    class Meta:
        constraints = [
            # The account first: ids are random, and with them first the orders of a few busy accounts touch all of the index.
            models.UniqueConstraint(fields=["account", "client_order_id"], name="order_client_order_id_once"),
            models.CheckConstraint(
                condition=models.Q(quantity__gt=0, filled_quantity__gte=0, filled_quantity__lte=models.F("quantity")),
                name="order_filled_within_quantity",
            ),
            models.CheckConstraint(
                condition=models.Q(order_type="MARKET", price__isnull=True) | models.Q(order_type="LIMIT", price__gt=0),
                name="order_price_fits_type",
            ),
            models.CheckConstraint(condition=models.Q(status__in=[s.value for s in OrderStatus]), name="order_status_known"),
            models.CheckConstraint(
                condition=models.Q(status__in=OPEN_STATUSES, held__gt=0)
                | (~models.Q(status__in=OPEN_STATUSES) & models.Q(held=0)),
                name="order_holds_money_while_open",
            ),
            models.CheckConstraint(
                condition=~models.Q(status="FILLED") | models.Q(filled_quantity=models.F("quantity")), name="order_filled_is_full"
            ),
        ]
        indexes = [
            models.Index(fields=["account", "-id"], name="order_history"),
            models.Index(fields=["instrument", "id"], condition=models.Q(status__in=OPEN_STATUSES), name="order_open"),
        ]

    def __str__(self) -> str:
        return f"order {self.pk}"


class Trade(models.Model):
    """The public print of a match in Tredye's own book: one trade, two fills."""

    id = models.BigIntegerField(primary_key=True, help_text="The engine's sequence.")
    instrument = models.ForeignKey(
        "instruments.Instrument", on_delete=models.PROTECT, db_constraint=False, db_index=False, related_name="+"
    )
    epoch = models.IntegerField()
    instrument_sequence = models.BigIntegerField(help_text="Counts the trades of this instrument without a gap.")
    price = models.DecimalField(max_digits=20, decimal_places=8)
    quantity = models.DecimalField(max_digits=20, decimal_places=8)
    aggressor_side = models.CharField(max_length=4, choices=[(s.value, s.value) for s in Side])
    quote_source = models.CharField(
        max_length=32, blank=True, help_text="Of a fill against the house: the quote it was made against."
    )
    quote_epoch = models.BigIntegerField(null=True, blank=True)
    quote_sequence = models.BigIntegerField(null=True, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["instrument", "instrument_sequence"], name="trade_once_in_its_instrument"),
            models.CheckConstraint(condition=models.Q(price__gt=0, quantity__gt=0), name="trade_positive"),
        ]

    def __str__(self) -> str:
        return f"trade {self.pk}"


class Fill(models.Model):
    """One order's share of a trade. The house's fills have no order.

    No index leads from an order to its fills: its events name the trades, and a trade's id gives the ids of its fills.
    """

    id = models.BigIntegerField(primary_key=True, help_text="2 x trade id for the buyer, 2 x trade id + 1 for the seller.")
    trade = models.ForeignKey(Trade, on_delete=models.PROTECT, db_constraint=False, db_index=False, related_name="fills")
    order = models.ForeignKey(
        Order, on_delete=models.PROTECT, db_constraint=False, db_index=False, null=True, blank=True, related_name="fills"
    )
    account = models.ForeignKey(
        "accounts.Account", on_delete=models.PROTECT, db_constraint=False, db_index=False, related_name="+"
    )
    instrument = models.ForeignKey(
        "instruments.Instrument", on_delete=models.PROTECT, db_constraint=False, db_index=False, related_name="+"
    )
    side = models.CharField(max_length=4, choices=[(s.value, s.value) for s in Side])
    liquidity_side = models.CharField(max_length=5, choices=[(s.value, s.value) for s in LiquiditySide])
    price = models.DecimalField(max_digits=20, decimal_places=8)
    quantity = models.DecimalField(max_digits=20, decimal_places=8)
    fee = models.DecimalField(max_digits=36, decimal_places=8)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(price__gt=0, quantity__gt=0, fee__gte=0), name="fill_positive"),
        ]

    def __str__(self) -> str:
        return f"fill {self.pk}"


class AccountEvent(models.Model):
    """One thing that happened to an account. The account's sequence has no gap, so a stream can prove that nothing is missing."""

    id = models.BigIntegerField(primary_key=True, help_text="The engine's sequence: orders the events of all accounts.")
    account = models.ForeignKey(
        "accounts.Account", on_delete=models.PROTECT, db_constraint=False, db_index=False, related_name="+"
    )
    account_sequence = models.BigIntegerField()
    epoch = models.IntegerField()
    order_id = models.BigIntegerField(null=True, blank=True)
    type = models.CharField(max_length=32)
    data = DocumentField(help_text="The event as it was published, numbers as strings.")
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "account_sequence"], name="account_event_in_sequence"),
        ]
        indexes = [
            models.Index(fields=["order_id"], condition=models.Q(order_id__isnull=False), name="account_event_of_order"),
        ]

    def __str__(self) -> str:
        return f"{self.type} {self.pk}"


class EventPosition(models.Model):
    """Where an order event stands in the event log, so that a person can find it there. One row an order event (about 70 bytes
    with its index, a tenth of the event itself); events of other topics are not recorded.

    The one table here that the engine does not write: a consumer learns the place when it reads the event, and tells
    ``event_positions.record``. Absent while the event is on its way.
    """

    event_id = models.BigIntegerField(primary_key=True, help_text="The engine's sequence of the event.")
    partition = models.SmallIntegerField()
    offset = models.BigIntegerField()

    def __str__(self) -> str:
        return f"event {self.event_id} at {self.partition}-{self.offset}"

"""Orders, trades, fills and the events of an account. Rows are written by the engine's settlement alone.

These tables are hot: keys to accounts and instruments carry no per-row foreign key trigger, which would be the dearest part of
a settlement. The settlement function checks set-wise instead that every row it touched exists, and raises otherwise.
"""

from django.db import models

from apps.core.enums import LiquiditySide, OrderStatus, OrderType, Side, TimeInForce
from apps.orders.fields import DocumentField

OPEN_STATUSES = (OrderStatus.WAITING.value, OrderStatus.ACCEPTED.value, OrderStatus.PARTIALLY_FILLED.value)
#: Open and in the book.
RESTING_STATUSES = OPEN_STATUSES[1:]
#: Types with a price of their own.
PRICED_TYPES = (OrderType.LIMIT.value, OrderType.STOP_LIMIT.value)
#: Types that wait for a trigger, and so have a row of terms.
TRIGGERED_TYPES = tuple(t.value for t in OrderType if t not in (OrderType.MARKET, OrderType.LIMIT))


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
    order_type = models.CharField(max_length=16, choices=[(t.value, t.value) for t in OrderType])
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
                condition=models.Q(order_type__in=PRICED_TYPES, price__gt=0)
                | (~models.Q(order_type__in=PRICED_TYPES) & models.Q(price__isnull=True)),
                name="order_price_fits_type",
            ),
            models.CheckConstraint(condition=models.Q(status__in=[s.value for s in OrderStatus]), name="order_status_known"),
            models.CheckConstraint(
                condition=~models.Q(status="WAITING") | models.Q(order_type__in=TRIGGERED_TYPES, filled_quantity=0),
                name="order_waits_for_a_trigger",
            ),
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
            models.Index(fields=["account", "-id"], condition=models.Q(status__in=OPEN_STATUSES), name="order_open_of_account"),
        ]

    def __str__(self) -> str:
        return f"order {self.pk}"


class OrderTerms(models.Model):
    """What an order has beyond side, type, quantity and price. Plain orders, which most are, have no row here.

    Kept apart so that the hot table stays narrow; a row is written with its order, and again when the order is amended, trails
    or is linked anew.
    """

    order = models.OneToOneField(
        Order, on_delete=models.PROTECT, primary_key=True, db_constraint=False, related_name="terms"
    )
    trigger_price = models.DecimalField(
        max_digits=20, decimal_places=8, null=True, blank=True, help_text="The reference that sets it off; a trailing one moves."
    )
    trail_amount = models.DecimalField(max_digits=20, decimal_places=8, null=True, blank=True)
    trail_bps = models.PositiveIntegerField(null=True, blank=True, help_text="Distance in basis points of the reference.")
    expires_at = models.DateTimeField(null=True, blank=True)
    post_only = models.BooleanField(default=False)
    reduce_only = models.BooleanField(default=False)
    priority = models.BigIntegerField(help_text="Its place in the queue: the engine's sequence when it took it.")
    link_id = models.BigIntegerField(null=True, blank=True, help_text="Orders of one link cancel each other.")
    parent_id = models.BigIntegerField(null=True, blank=True, help_text="The entry that this exit belongs to.")
    exits = DocumentField(null=True, blank=True, help_text="Of a bracket's entry: its target and its stop, as asked for.")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(trigger_price__isnull=True) | models.Q(trigger_price__gt=0), name="terms_trigger_positive"
            ),
            models.CheckConstraint(
                condition=models.Q(trail_amount__isnull=True, trail_bps__isnull=True)
                | models.Q(trail_amount__gt=0, trail_bps__isnull=True, trigger_price__isnull=False)
                | models.Q(trail_amount__isnull=True, trail_bps__gt=0, trail_bps__lt=10_000, trigger_price__isnull=False),
                name="terms_trail_is_one_distance",
            ),
            models.CheckConstraint(condition=models.Q(priority__gt=0), name="terms_priority_positive"),
        ]
        indexes = [
            models.Index(fields=["link_id"], condition=models.Q(link_id__isnull=False), name="terms_of_link"),
            models.Index(fields=["parent_id"], condition=models.Q(parent_id__isnull=False), name="terms_of_parent"),
        ]

    def __str__(self) -> str:
        return f"terms of order {self.pk}"


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

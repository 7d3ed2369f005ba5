"""The receipts. Plain ids: a row is written beside the order path, and no key of it may ever make an order wait."""

from datetime import timedelta

from django.db import models
from django.db.models import F, Q

#: What a browser claims is kept when it is not further than this from what the server saw.
PLAUSIBLE = timedelta(seconds=60)


class Door(models.TextChoices):
    """Where the order came in; empty while only its push is known."""

    PAGE = "PAGE"
    PROGRAM = "PROGRAM"


class Receipt(models.Model):
    """About 90 bytes an order with its index, whose entries are appended: orders' ids rise.

    ``received_at`` and ``pushed_at`` are the servers'; ``clicked_at`` and ``painted_at`` are the browser's claims.
    """

    order_id = models.BigIntegerField(primary_key=True, help_text="The engine's sequence at the decision.")
    account_id = models.BigIntegerField()
    door = models.CharField(max_length=7, choices=Door.choices, blank=True)
    clicked_at = models.DateTimeField(null=True, blank=True)
    received_at = models.DateTimeField(null=True, blank=True)
    pushed_at = models.DateTimeField(null=True, blank=True)
    painted_at = models.DateTimeField(null=True, blank=True)
    noted_at = models.DateTimeField(help_text="When the row was made: it is kept for a time from then on.")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(received_at__isnull=False, door__in=Door.values)
                | Q(received_at__isnull=True, door="", pushed_at__isnull=False),
                name="receipt_knows_its_door",
            ),
            models.CheckConstraint(
                condition=Q(clicked_at__isnull=True)
                | Q(door=Door.PAGE, clicked_at__lte=F("received_at"), clicked_at__gte=F("received_at") - PLAUSIBLE),
                name="receipt_click_is_plausible",
            ),
            models.CheckConstraint(
                condition=Q(painted_at__isnull=True)
                | Q(door=Door.PAGE, painted_at__gte=F("received_at"), painted_at__lte=F("received_at") + PLAUSIBLE),
                name="receipt_painting_is_plausible",
            ),
        ]

    def __str__(self) -> str:
        return f"receipt of order {self.pk}"


class ShownQuote(models.Model):
    """The quote that the page showed when the order was sent from it, as the page says: nobody else knows what was on a screen.

    One row an order that came from a page and carried one, some 90 bytes. It decides nothing, and is written once.
    """

    order_id = models.BigIntegerField(primary_key=True)
    account_id = models.BigIntegerField()
    epoch = models.BigIntegerField(help_text="With the sequence, which quote of the feed.")
    sequence = models.BigIntegerField()
    quoted_at = models.DateTimeField(help_text="The feed's instant, to the millisecond.")
    bid = models.DecimalField(max_digits=20, decimal_places=8)
    ask = models.DecimalField(max_digits=20, decimal_places=8)
    was_asked = models.BooleanField(help_text="The page had asked again, and this is the price that was confirmed.")
    noted_at = models.DateTimeField(help_text="When the row was made: it is kept as long as a receipt.")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(bid__gt=0, ask__gt=0, epoch__gte=0, sequence__gte=0), name="shown_quote_positive"),
        ]

    def __str__(self) -> str:
        return f"shown with order {self.pk}"

"""Bars, the newest values of every instrument, one-second frames of the quotes; the feeds, and what they kept back."""

from django.db import models


class Interval(models.TextChoices):
    SECOND = "1s", "1 second"
    MINUTE = "1m", "1 minute"
    FIVE_MINUTES = "5m", "5 minutes"
    HOUR = "1h", "1 hour"
    DAY = "1d", "1 day"


INTERVAL_SECONDS: dict[str, int] = {"1s": 1, "1m": 60, "5m": 300, "1h": 3600, "1d": 86_400}


class Bar(models.Model):
    """Open, high, low, close and volume of an interval, from trade prints of the feed and of Tredye's own book."""

    instrument_id = models.IntegerField()
    interval = models.CharField(max_length=2, choices=Interval.choices)
    start = models.DateTimeField()
    open = models.DecimalField(max_digits=20, decimal_places=8)
    high = models.DecimalField(max_digits=20, decimal_places=8)
    low = models.DecimalField(max_digits=20, decimal_places=8)
    close = models.DecimalField(max_digits=20, decimal_places=8)
    volume = models.DecimalField(max_digits=28, decimal_places=8)
    trades = models.IntegerField()
    pk = models.CompositePrimaryKey("instrument_id", "interval", "start")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(low__gt=0, low__lte=models.F("open"), high__gte=models.F("open"), volume__gte=0)
                & models.Q(low__lte=models.F("close"), high__gte=models.F("close")),
                name="bar_holds_its_prices",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.instrument_id} {self.interval} {self.start}"


class LatestPrice(models.Model):
    """The newest quote and print of an instrument, moved about once a second: what a page shows before its stream is live."""

    instrument_id = models.IntegerField(primary_key=True)
    source = models.CharField(max_length=32)
    epoch = models.BigIntegerField()
    sequence = models.BigIntegerField()
    bid = models.DecimalField(max_digits=20, decimal_places=8)
    ask = models.DecimalField(max_digits=20, decimal_places=8)
    bid_quantity = models.DecimalField(max_digits=20, decimal_places=8)
    ask_quantity = models.DecimalField(max_digits=20, decimal_places=8)
    quoted_at = models.DateTimeField()
    last = models.DecimalField(max_digits=20, decimal_places=8, null=True, blank=True)
    last_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(bid__gt=0, ask__gt=models.F("bid")), name="latest_price_not_crossed"),
        ]

    def __str__(self) -> str:
        return f"{self.instrument_id}: {self.bid} / {self.ask}"


class QuoteFrame(models.Model):
    """The last quote of one second, kept for 30 days: what a person could have seen then. A partition a day."""

    instrument_id = models.IntegerField()
    second = models.DateTimeField()
    source = models.CharField(max_length=32)
    epoch = models.BigIntegerField()
    sequence = models.BigIntegerField()
    bid = models.DecimalField(max_digits=20, decimal_places=8)
    ask = models.DecimalField(max_digits=20, decimal_places=8)
    bid_quantity = models.DecimalField(max_digits=20, decimal_places=8)
    ask_quantity = models.DecimalField(max_digits=20, decimal_places=8)
    pk = models.CompositePrimaryKey("instrument_id", "second")

    def __str__(self) -> str:
        return f"{self.instrument_id} at {self.second}"


class FeedState(models.Model):
    """Who publishes as a source: the process of the highest epoch. It writes here every second that it is there."""

    source = models.CharField(max_length=31, primary_key=True)
    epoch = models.BigIntegerField()
    holder = models.CharField(max_length=80)
    taken_at = models.DateTimeField()
    beat_at = models.DateTimeField()
    standby_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    published = models.BigIntegerField(default=0)
    quarantined = models.BigIntegerField(default=0)
    flagged = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(epoch__gt=0, published__gte=0, quarantined__gte=0, flagged__gte=0), name="feed_state_counts"
            ),
        ]

    def __str__(self) -> str:
        return self.source


class QuarantinedTick(models.Model):
    """A tick that was not published, as the source sent it: its numbers are texts, because they may be none."""

    id = models.BigAutoField(primary_key=True)
    seen_at = models.DateTimeField()
    source = models.CharField(max_length=31)
    symbol = models.CharField(max_length=32)
    kind = models.CharField(max_length=5, choices=[("quote", "Quote"), ("trade", "Trade")])
    reason = models.CharField(max_length=8)
    sequence = models.BigIntegerField()
    made_at = models.DateTimeField(null=True, blank=True)
    bid = models.CharField(max_length=40, blank=True)
    ask = models.CharField(max_length=40, blank=True)
    bid_quantity = models.CharField(max_length=40, blank=True)
    ask_quantity = models.CharField(max_length=40, blank=True)
    price = models.CharField(max_length=40, blank=True)
    quantity = models.CharField(max_length=40, blank=True)
    reference = models.DecimalField(max_digits=20, decimal_places=8, null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.source} {self.symbol} {self.sequence}: {self.reason}"

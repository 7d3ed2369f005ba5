"""Assets and instruments. Rows are written by the engine's settlement alone (``ConfigureInstrument`` and its kin)."""

from django.db import models

from apps.core.enums import AssetClass, TradingState


def choices(enum: type) -> list[tuple[str, str]]:
    return [(member.value, member.value) for member in enum]  # type: ignore[attr-defined]


class Asset(models.Model):
    """Anything that a ledger account can hold. Amounts of every asset are kept at eight decimals."""

    id = models.IntegerField(primary_key=True)
    code = models.CharField(max_length=12, unique=True)
    name = models.CharField(max_length=80)
    asset_class = models.CharField(max_length=12)
    display_decimals = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(display_decimals__lte=8), name="asset_display_decimals_max_8"),
        ]

    def __str__(self) -> str:
        return self.code


class Instrument(models.Model):
    """What is traded: ``base`` for ``quote``, on a grid of ticks and lots."""

    id = models.IntegerField(primary_key=True)
    symbol = models.CharField(max_length=16, unique=True)
    name = models.CharField(max_length=80)
    asset_class = models.CharField(max_length=12, choices=choices(AssetClass))
    base = models.ForeignKey(Asset, on_delete=models.PROTECT, related_name="+")
    quote = models.ForeignKey(Asset, on_delete=models.PROTECT, related_name="+")
    tick_size = models.DecimalField(max_digits=20, decimal_places=8)
    lot_size = models.DecimalField(max_digits=20, decimal_places=8)
    price_decimals = models.PositiveSmallIntegerField()
    quantity_decimals = models.PositiveSmallIntegerField()
    max_quantity = models.DecimalField(max_digits=20, decimal_places=8, help_text="Largest quantity of one order.")
    max_notional = models.DecimalField(max_digits=28, decimal_places=8, help_text="Largest value of one order.")
    collar_bps = models.PositiveIntegerField(help_text="How far from the reference a limit may be, in basis points.")
    maker_fee_ppm = models.PositiveIntegerField(help_text="Fee of a resting order, in millionths of the notional.")
    taker_fee_ppm = models.PositiveIntegerField(help_text="Fee of a crossing order, in millionths of the notional.")
    ladder_step_ticks = models.PositiveIntegerField(help_text="Distance between the house's levels, in ticks.")
    trading_state = models.CharField(max_length=12, choices=choices(TradingState))
    state_reason = models.CharField(max_length=200, blank=True)
    state_changed_at = models.DateTimeField()
    band_bps = models.PositiveIntegerField(
        default=1000, db_default=1000, help_text="How far one tick may be from the one before it, in basis points."
    )
    paused_until = models.DateTimeField(null=True, blank=True, help_text="Of a pause that ends by itself.")
    is_sweeping = models.BooleanField(
        default=False, db_default=False, help_text="Its open orders are being canceled by the kill switch."
    )
    around_the_clock = models.BooleanField(
        default=True, db_default=True, help_text="Never closes; the end of a session only expires day orders."
    )
    calendar = models.CharField(
        max_length=12,
        default="24x7",
        db_default="24x7",
        help_text="By whose calendar its sessions are made: 24x7, or an exchange.",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(is_sweeping=False) | models.Q(trading_state="HALTED", paused_until__isnull=True),
                name="instrument_swept_is_halted",
            ),
            models.CheckConstraint(condition=models.Q(band_bps__gt=0), name="instrument_band_positive"),
            models.CheckConstraint(
                condition=models.Q(paused_until__isnull=True) | models.Q(trading_state="HALTED"),
                name="instrument_paused_is_halted",
            ),
            models.CheckConstraint(condition=models.Q(tick_size__gt=0, lot_size__gt=0), name="instrument_steps_positive"),
            models.CheckConstraint(condition=~models.Q(base=models.F("quote")), name="instrument_base_is_not_quote"),
            models.CheckConstraint(
                condition=models.Q(trading_state__in=[state.value for state in TradingState]), name="instrument_state_known"
            ),
            models.CheckConstraint(condition=models.Q(ladder_step_ticks__gt=0), name="instrument_ladder_step_positive"),
        ]

    def __str__(self) -> str:
        return self.symbol


class TradingSession(models.Model):
    """One session that an instrument has, as the engine knows it: PRE_OPEN, OPEN, and CLOSED (or nothing, around the clock)."""

    id = models.BigAutoField(primary_key=True)
    instrument = models.ForeignKey(Instrument, on_delete=models.PROTECT, related_name="sessions")
    pre_open_at = models.DateTimeField()
    opens_at = models.DateTimeField()
    closes_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(pre_open_at__lte=models.F("opens_at"), opens_at__lt=models.F("closes_at")),
                name="session_in_order",
            ),
            models.UniqueConstraint(fields=["instrument", "closes_at"], name="session_once_in_its_instrument"),
        ]

    def __str__(self) -> str:
        return f"{self.instrument_id} {self.opens_at:%Y-%m-%d}"


class StateChange(models.Model):
    """One change of an instrument's trading state, or of the venue's kill switch. Written by a trigger of the database, never
    changed. What was decided in the same batch may have come before it or after it."""

    instrument = models.ForeignKey(
        Instrument,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="+",
        help_text="Empty: the venue.",
    )
    state = models.CharField(max_length=12)
    after_sequence = models.BigIntegerField(help_text="The engine's sequence before the batch that changed it.")
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["instrument", "after_sequence"], name="state_change_in_sequence")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(instrument__isnull=False, state__in=[state.value for state in TradingState])
                | models.Q(instrument__isnull=True, state__in=["OPEN", "KILLED"]),
                name="state_change_known",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.instrument_id or 'venue'} {self.state} after {self.after_sequence}"

"""What was asked, what fired, what was told. Laws are constraints here as well; the trigger of 0002 marks what changed."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from apps.alerts.kinds import NOTE_LENGTH_MAX, ORDER_KINDS, SLOTS, Basis, Direction, Kind, State

_KIND_CODES = [kind.value for kind in ORDER_KINDS]


def _account() -> "models.ForeignKey[Any, Any]":
    return models.ForeignKey("accounts.Account", models.PROTECT, related_name="+", db_index=False)


def _instrument() -> "models.ForeignKey[Any, Any]":
    return models.ForeignKey("instruments.Instrument", models.PROTECT, related_name="+", db_index=False)


class MailState(models.TextChoices):
    WAITING = "WAITING"
    SENDING = "SENDING"
    SENT = "SENT"
    FAILED = "FAILED"


class PriceAlert(models.Model):
    """``slot`` is one of the account's hundred while the alert is watched or may be turned on: the database counts.

    Ticks made from ``watch_from`` on, and before ``expires_at``, may fire it. ``is_armed`` is false from its firing until the
    price was on the other side again. ``version`` rises with every change of what it means; who fires it names the version that
    was watched, so that one that was changed meanwhile does not fire. ``changed_xid`` is the transaction that changed it last.
    """

    account = _account()
    instrument = _instrument()
    basis = models.CharField(max_length=4, choices=[(each.value, each.value) for each in Basis])
    direction = models.CharField(max_length=5, choices=[(each.value, each.value) for each in Direction])
    price = models.DecimalField(max_digits=20, decimal_places=8)
    note = models.CharField(max_length=NOTE_LENGTH_MAX, blank=True)
    in_app = models.BooleanField(default=True)
    by_mail = models.BooleanField(default=False)
    pause_s = models.IntegerField(null=True, help_text="Seconds that it rests after it fired; empty: it fires once.")
    expires_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=8, choices=[(each.value, each.value) for each in State], default=State.ACTIVE)
    deleted_from = models.CharField(max_length=8, blank=True, help_text="Its state before it was deleted.")
    slot = models.SmallIntegerField(null=True)
    is_armed = models.BooleanField(default=True)
    watch_from = models.DateTimeField()
    version = models.IntegerField(default=1)
    fired_count = models.IntegerField(default=0)
    last_fired_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    changed_xid = models.BigIntegerField(default=0)

    class Meta:
        indexes = [
            models.Index(fields=["account", "-id"], name="price_alert_of_account"),
            models.Index(fields=["changed_xid"], name="price_alert_changed"),
            models.Index(fields=["id"], name="price_alert_active", condition=Q(state="ACTIVE")),
        ]
        constraints = [
            models.UniqueConstraint(fields=["account", "slot"], name="price_alert_one_a_slot"),
            models.CheckConstraint(condition=Q(slot__isnull=True) | Q(slot__range=(1, SLOTS)), name="price_alert_slots"),
            models.CheckConstraint(
                condition=Q(state__in=["ACTIVE", "OFF"], slot__isnull=False)
                | Q(state__in=["FIRED", "EXPIRED", "DELETED"], slot__isnull=True),
                name="price_alert_slot_while_it_lives",
            ),
            models.CheckConstraint(condition=Q(price__gt=0), name="price_alert_price_positive"),
            models.CheckConstraint(condition=Q(in_app=True) | Q(by_mail=True), name="price_alert_tells"),
            models.CheckConstraint(condition=Q(pause_s__isnull=True) | Q(pause_s__range=(60, 604_800)), name="price_alert_pause"),
            models.CheckConstraint(condition=Q(basis__in=[each.value for each in Basis]), name="price_alert_basis"),
            models.CheckConstraint(condition=Q(direction__in=[each.value for each in Direction]), name="price_alert_direction"),
        ]

    def __str__(self) -> str:
        return f"{self.pk}: {self.basis} {self.direction} {self.price} of {self.instrument_id}"


class Firing(models.Model):
    """When an alert fired, at which price, and by which quote or print: once for each version of it."""

    alert_id = models.BigIntegerField()
    version = models.IntegerField()
    account = _account()
    instrument = _instrument()
    basis = models.CharField(max_length=4)
    direction = models.CharField(max_length=5)
    price = models.DecimalField(max_digits=20, decimal_places=8, help_text="What was asked for.")
    value = models.DecimalField(max_digits=28, decimal_places=12, help_text="What the price was.")
    note = models.CharField(max_length=NOTE_LENGTH_MAX, blank=True)
    at = models.DateTimeField(help_text="The instant of the quote or print.")
    fired_at = models.DateTimeField(help_text="When it was seen.")
    source = models.CharField(max_length=31)
    epoch = models.BigIntegerField()
    sequence = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["account", "-id"], name="firing_of_account")]
        constraints = [
            models.UniqueConstraint(fields=["alert_id", "version"], name="firing_once"),
            models.CheckConstraint(condition=Q(price__gt=0, value__gt=0), name="firing_numbers_positive"),
            models.CheckConstraint(
                condition=Q(direction="ABOVE", value__gte=models.F("price")) | Q(direction="BELOW", value__lte=models.F("price")),
                name="firing_was_reached",
            ),
        ]

    def __str__(self) -> str:
        return f"alert {self.alert_id} at {self.value}"


class OrderAlert(models.Model):
    """A wish to be told whatever becomes of one order, beside what the account is told of all."""

    account = _account()
    order_id = models.BigIntegerField()
    in_app = models.BooleanField(default=True)
    by_mail = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, help_text="When its order ended.")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "order_id"], name="order_alert_one_an_order"),
            models.CheckConstraint(condition=Q(in_app=True) | Q(by_mail=True), name="order_alert_tells"),
        ]

    def __str__(self) -> str:
        return f"order {self.order_id}"


class AlertSettings(models.Model):
    """What an account is told of its orders. An account without a row is told the default, in the page."""

    account_id = models.BigIntegerField(primary_key=True)
    in_app = ArrayField(models.CharField(max_length=16), default=list)
    by_mail = ArrayField(models.CharField(max_length=16), default=list)
    tells_at_once = models.BooleanField(default=False, help_text="Also what the answer to the order has said already.")
    mail_off = models.BooleanField(default=False, help_text="No mail about alerts at all.")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(in_app__contained_by=_KIND_CODES, by_mail__contained_by=_KIND_CODES), name="alert_settings_kinds"
            ),
        ]

    def __str__(self) -> str:
        return f"account {self.account_id}"


class NoticeHead(models.Model):
    """How far an account's notices have come. Who writes a notice holds this row, so they are numbered in their order."""

    account_id = models.BigIntegerField(primary_key=True)
    last_sequence = models.BigIntegerField(default=0)
    minute = models.DateTimeField(null=True, help_text="In which orders were told of last.")
    in_minute = models.IntegerField(default=0)

    def __str__(self) -> str:
        return f"account {self.account_id} to {self.last_sequence}"


class Mail(models.Model):
    """One mail: of one notice, or of many (a digest). ``attempts`` counts from its making to its end."""

    account = _account()
    state = models.CharField(max_length=8, choices=MailState.choices, default=MailState.WAITING)
    attempts = models.SmallIntegerField(default=0)
    next_at = models.DateTimeField()
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["next_at", "id"], name="mail_due", condition=Q(state__in=["WAITING", "SENDING"])),
            models.Index(fields=["account", "-created_at"], name="mail_of_account"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="SENT", sent_at__isnull=False) | (~Q(state="SENT") & Q(sent_at__isnull=True)),
                name="mail_sent_has_its_time",
            ),
        ]

    def __str__(self) -> str:
        return f"mail {self.pk} to account {self.account_id}: {self.state}"


class Notice(models.Model):
    """What an account was told. ``data`` holds its words' numbers as strings. One that goes by mail gets its mail later."""

    account = _account()
    sequence = models.BigIntegerField()
    kind = models.CharField(max_length=16, choices=[(each.value, each.value) for each in Kind])
    instrument = models.ForeignKey("instruments.Instrument", models.PROTECT, related_name="+", db_index=False, null=True)
    order_id = models.BigIntegerField(null=True)
    data = models.JSONField()
    in_app = models.BooleanField()
    by_mail = models.BooleanField()
    at = models.DateTimeField(help_text="When it happened.")
    created_at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    minute = models.DateTimeField(null=True, help_text="Of one that stands for many: their minute.")
    mail = models.ForeignKey(Mail, models.SET_NULL, null=True, related_name="notices")

    class Meta:
        indexes = [
            models.Index(fields=["account"], name="notice_unread", condition=Q(in_app=True, read_at__isnull=True)),
            models.Index(fields=["account", "id"], name="notice_to_mail", condition=Q(by_mail=True, mail__isnull=True)),
            models.Index(fields=["created_at"], name="notice_by_age"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["account", "sequence"], name="notice_in_order"),
            models.UniqueConstraint(fields=["account", "minute"], name="notice_one_for_many"),
            models.CheckConstraint(condition=Q(in_app=True) | Q(by_mail=True), name="notice_tells"),
            models.CheckConstraint(condition=Q(by_mail=True) | Q(mail__isnull=True), name="notice_mail_was_wanted"),
        ]

    def __str__(self) -> str:
        return f"{self.account_id} #{self.sequence}: {self.kind}"


class Beginning(models.Model):
    """One row: since when order events are told. What happened before this app was there is nobody's news."""

    at = models.DateTimeField()

    def __str__(self) -> str:
        return str(self.at)

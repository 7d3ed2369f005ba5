"""Alerts, firings and notices as plain values, always of one account."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone

from apps.alerts.kinds import IN_APP_AT_FIRST, SLOTS, Basis, Direction, Kind, State
from apps.alerts.models import AlertSettings, Firing, Notice, OrderAlert, PriceAlert
from apps.alerts.words import condition, number, text_of, title_of
from apps.instruments.selectors import InstrumentView, instruments_by_id
from apps.marketdata.selectors import PriceView, latest_prices
from apps.stores.prepared import fetch_row

LIMIT_MAX = 200
#: More unread notices than this are not counted.
UNREAD_MAX = 100

_BELL = """
SELECT coalesce((SELECT last_sequence FROM alerts_noticehead WHERE account_id = %s), 0),
       (SELECT count(*) FROM (SELECT FROM alerts_notice WHERE account_id = %s AND in_app AND read_at IS NULL LIMIT 100) AS unread)
"""


@dataclass(frozen=True, slots=True)
class AlertView:
    """``state`` as it is now: one whose time is over is EXPIRED. ``now`` is the price it watches, None where none is known."""

    id: int
    instrument: InstrumentView
    basis: Basis
    direction: Direction
    price: Decimal
    note: str
    in_app: bool
    by_mail: bool
    pause_s: int | None
    expires_at: datetime | None
    state: State
    is_armed: bool
    watch_from: datetime
    fired_count: int
    last_fired_at: datetime | None
    created_at: datetime
    now: Decimal | None = None

    @property
    def is_on(self) -> bool:
        return self.state is State.ACTIVE

    @property
    def can_change(self) -> bool:
        return self.state in (State.ACTIVE, State.OFF, State.EXPIRED)

    @property
    def rests(self) -> bool:
        """It fired, and waits for its pause or for the other side."""
        return self.is_on and not self.is_armed

    @property
    def words(self) -> str:
        return condition(self.basis, self.direction, number(str(self.price), self.instrument.price_decimals))

    @property
    def away_percent(self) -> Decimal | None:
        """How far the price must go to it, in percent of what it is."""
        return (self.price - self.now) / self.now * 100 if self.now else None


@dataclass(frozen=True, slots=True)
class FiringView:
    id: int
    alert_id: int
    instrument: InstrumentView
    basis: Basis
    direction: Direction
    price: Decimal
    value: Decimal
    note: str
    at: datetime
    fired_at: datetime
    source: str
    epoch: int
    sequence: int

    @property
    def words(self) -> str:
        return condition(self.basis, self.direction, number(str(self.price), self.instrument.price_decimals))

    @property
    def late_s(self) -> int:
        """Whole seconds from the price to the notice."""
        return int((self.fired_at - self.at).total_seconds())


@dataclass(frozen=True, slots=True)
class NoticeView:
    sequence: int
    kind: Kind
    title: str
    text: str
    symbol: str
    order_id: int | None
    at: datetime
    created_at: datetime
    read_at: datetime | None


@dataclass(frozen=True, slots=True)
class Bell:
    """``sequence`` of the newest notice; ``unread`` at most :data:`UNREAD_MAX`."""

    sequence: int
    unread: int

    @property
    def shown(self) -> str:
        return f"{UNREAD_MAX - 1}+" if self.unread >= UNREAD_MAX else str(self.unread)


@dataclass(frozen=True, slots=True)
class SettingsView:
    in_app: frozenset[str]
    by_mail: frozenset[str]
    tells_at_once: bool
    mail_off: bool


@dataclass(frozen=True, slots=True)
class OrderAlertView:
    order_id: int
    in_app: bool
    by_mail: bool
    created_at: datetime


def price_of(view: PriceView | None, basis: Basis) -> Decimal | None:
    """The price that an alert on ``basis`` is held against."""
    if view is None:
        return None
    return {Basis.LAST: view.last, Basis.BID: view.bid, Basis.ASK: view.ask, Basis.MID: view.mid}[basis]


def list_alerts(account_id: int) -> list[AlertView]:
    """All that are watched, off or expired, by symbol and price, with the newest prices: a hundred at most."""
    rows = PriceAlert.objects.filter(account_id=account_id, slot__isnull=False).order_by("instrument__symbol", "-price", "id")
    instruments = instruments_by_id()
    return _with_prices([_alert(row, instruments) for row in rows[:SLOTS]])


def find_alert(account_id: int, alert_id: int) -> AlertView | None:
    row = PriceAlert.objects.filter(account_id=account_id, pk=alert_id).first()
    return _with_prices([_alert(row, instruments_by_id())])[0] if row else None


def find_deleted(account_id: int, alert_id: int, within: timedelta) -> AlertView | None:
    """The alert if it was deleted so short a time ago."""
    row = PriceAlert.objects.filter(
        account_id=account_id, pk=alert_id, state=State.DELETED, changed_at__gt=timezone.now() - within
    ).first()
    return _alert(row, instruments_by_id()) if row else None


def list_firings(account_id: int, before: int | None, limit: int) -> list[FiringView]:
    """Newest first."""
    rows = Firing.objects.filter(account_id=account_id)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found, instruments = list(rows.order_by("-id")[: min(limit, LIMIT_MAX)]), instruments_by_id()
    return [
        FiringView(
            row.pk, row.alert_id, instruments[row.instrument_id], Basis(row.basis), Direction(row.direction), row.price,
            row.value, row.note, row.at, row.fired_at, row.source, row.epoch, row.sequence,
        )
        for row in found
    ]  # fmt: skip


def list_order_alerts(account_id: int) -> list[OrderAlertView]:
    """The orders that are followed and have not ended."""
    rows = OrderAlert.objects.filter(account_id=account_id, ended_at__isnull=True).order_by("-order_id")[:LIMIT_MAX]
    return [OrderAlertView(row.order_id, row.in_app, row.by_mail, row.created_at) for row in rows]


def find_order_alert(account_id: int, order_id: int) -> OrderAlertView | None:
    row = OrderAlert.objects.filter(account_id=account_id, order_id=order_id).first()
    return OrderAlertView(row.order_id, row.in_app, row.by_mail, row.created_at) if row else None


def get_settings(account_id: int) -> SettingsView:
    row = AlertSettings.objects.filter(pk=account_id).first()
    if row is None:
        return SettingsView(frozenset(IN_APP_AT_FIRST), frozenset(), tells_at_once=False, mail_off=False)
    return SettingsView(frozenset(row.in_app), frozenset(row.by_mail), row.tells_at_once, row.mail_off)


def get_bell(account_id: int) -> Bell:
    """For the frame of every page: one statement that Postgres has planned already."""
    row = fetch_row(_BELL, [account_id, account_id])
    return Bell(*row) if row else Bell(0, 0)


def list_notices(account_id: int, before: int | None, limit: int) -> list[NoticeView]:
    """Newest first; those that go by mail alone are not among them."""
    rows = Notice.objects.filter(account_id=account_id, in_app=True)
    if before is not None:
        rows = rows.filter(sequence__lt=before)
    return notice_views(rows.order_by("-sequence")[: min(limit, LIMIT_MAX)])


def list_unseen(account_id: int, after: int, since: datetime, limit: int) -> list[NoticeView]:
    """The newest unread notices above ``after`` that were written after ``since``, newest first."""
    rows = Notice.objects.filter(
        account_id=account_id, in_app=True, read_at__isnull=True, sequence__gt=after, created_at__gt=since
    )
    return notice_views(rows.order_by("-sequence")[: min(limit, LIMIT_MAX)])


def notice_views(rows: Iterable[Notice]) -> list[NoticeView]:
    found = list(rows)
    instruments = instruments_by_id() if found else {}
    return [_notice(row, instruments.get(row.instrument_id or 0)) for row in found]


def _notice(row: Notice, instrument: InstrumentView | None) -> NoticeView:
    kind, data = Kind(row.kind), row.data
    return NoticeView(
        row.sequence, kind, title_of(kind, data, instrument), text_of(kind, data, instrument, row.order_id),
        instrument.symbol if instrument else "", row.order_id, row.at, row.created_at, row.read_at,
    )  # fmt: skip


def _alert(row: PriceAlert, instruments: dict[int, InstrumentView]) -> AlertView:
    state = State(row.state)
    if state is State.ACTIVE and row.expires_at is not None and row.expires_at <= timezone.now():
        state = State.EXPIRED
    fields: dict[str, Any] = {
        name: getattr(row, name)
        for name in ("id", "price", "note", "in_app", "by_mail", "pause_s", "expires_at", "is_armed", "watch_from", "fired_count",
                     "last_fired_at", "created_at")
    }  # fmt: skip
    basis, direction = Basis(row.basis), Direction(row.direction)
    return AlertView(instrument=instruments[row.instrument_id], basis=basis, direction=direction, state=state, **fields)


def _with_prices(alerts: list[AlertView]) -> list[AlertView]:
    prices = latest_prices({alert.instrument.id for alert in alerts})
    return [replace(alert, now=price_of(prices.get(alert.instrument.id), alert.basis)) for alert in alerts]

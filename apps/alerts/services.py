"""What a person does with alerts. Each takes the account's lock, so that two tabs count its slots one after the other."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone

from apps.alerts.kinds import IN_APP_AT_FIRST, ORDER_ALERTS_MAX, SLOTS, State
from apps.alerts.models import AlertSettings, OrderAlert, PriceAlert
from apps.alerts.wishes import PriceWish

#: A deleted alert can be had back so long.
UNDO_FOR = timedelta(minutes=10)
#: An account makes so many alerts an hour at most, whatever became of them.
MADE_AN_HOUR = 300


class AlertNotFoundError(LookupError):
    """The account has no such alert."""


class TooManyAlertsError(Exception):
    """There is no room for another one; says which bound it was."""


@contextmanager
def _alone(account_id: int) -> Iterator[datetime]:
    """One who changes the alerts of this account at a time; gives the instant."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"tredye alerts {account_id}"])
        yield timezone.now()


def make_price_alert(*, account_id: int, wish: PriceWish) -> tuple[int, bool]:
    """Returns its id, and whether it is new: the same one that is watched already is not made twice.

    Raises :class:`TooManyAlertsError`.
    """
    with _alone(account_id) as now:
        same = PriceAlert.objects.filter(
            account_id=account_id, state=State.ACTIVE, instrument_id=wish.instrument_id, basis=wish.basis,
            direction=wish.direction, price=wish.price,
        ).first()  # fmt: skip
        if same is not None and (same.expires_at is None or same.expires_at > now):
            return same.pk, False
        if PriceAlert.objects.filter(account_id=account_id, created_at__gt=now - timedelta(hours=1)).count() >= MADE_AN_HOUR:
            raise TooManyAlertsError(f"You made {MADE_AN_HOUR} alerts within an hour. Try again later.")
        row = PriceAlert.objects.create(
            account_id=account_id, slot=_free_slot(account_id), watch_from=now, created_at=now, changed_at=now, **asdict(wish)
        )
        return row.pk, True


def change_price_alert(*, account_id: int, alert_id: int, wish: PriceWish) -> None:
    """It is watched anew, from now on, as it is now wished. Raises :class:`AlertNotFoundError`."""
    with _alone(account_id) as now:
        row = _find(account_id, alert_id, State.ACTIVE, State.OFF)
        for name, value in asdict(wish).items():
            setattr(row, name, value)
        row.state = State.ACTIVE
        _anew(row, now)


def turn_price_alert(*, account_id: int, alert_id: int, on: bool) -> None:
    """Raises :class:`AlertNotFoundError`."""
    with _alone(account_id) as now:
        row = _find(account_id, alert_id, State.ACTIVE, State.OFF)
        row.state = State.ACTIVE if on else State.OFF
        _anew(row, now)


def delete_price_alert(*, account_id: int, alert_id: int) -> None:
    """Raises :class:`AlertNotFoundError`."""
    with _alone(account_id) as now:
        row = _find(account_id, alert_id, State.ACTIVE, State.OFF, State.FIRED, State.EXPIRED)
        row.deleted_from, row.state, row.slot = row.state, State.DELETED, None
        _anew(row, now)


def restore_price_alert(*, account_id: int, alert_id: int) -> None:
    """Undo a deletion; it is watched from now on. Raises :class:`AlertNotFoundError` and :class:`TooManyAlertsError`."""
    with _alone(account_id) as now:
        row = _find(account_id, alert_id, State.DELETED)
        if row.changed_at < now - UNDO_FOR:
            raise AlertNotFoundError(f"alert {alert_id} was deleted too long ago")
        row.state, row.deleted_from = row.deleted_from, ""
        if row.state in (State.ACTIVE, State.OFF):
            row.slot = _free_slot(account_id)
        _anew(row, now)


def follow_order(*, account_id: int, order_id: int, in_app: bool, by_mail: bool) -> None:
    """Tell whatever becomes of this order of the account. Raises :class:`TooManyAlertsError`."""
    with _alone(account_id) as now:
        followed = OrderAlert.objects.filter(account_id=account_id, ended_at__isnull=True)
        if not followed.filter(order_id=order_id).exists() and followed.count() >= ORDER_ALERTS_MAX:
            raise TooManyAlertsError(f"You follow {ORDER_ALERTS_MAX} orders already. Stop following one first.")
        OrderAlert.objects.update_or_create(
            account_id=account_id, order_id=order_id, defaults={"in_app": in_app, "by_mail": by_mail},
            create_defaults={"in_app": in_app, "by_mail": by_mail, "created_at": now},
        )  # fmt: skip


def leave_order(*, account_id: int, order_id: int) -> None:
    OrderAlert.objects.filter(account_id=account_id, order_id=order_id).delete()


def choose_settings(
    *, account_id: int, in_app: frozenset[str], by_mail: frozenset[str], tells_at_once: bool, mail_off: bool
) -> None:
    """What the account is told of all its orders."""
    chosen = {"in_app": sorted(in_app), "by_mail": sorted(by_mail), "tells_at_once": tells_at_once, "mail_off": mail_off}
    AlertSettings.objects.update_or_create(account_id=account_id, defaults=chosen)


def turn_mail_off(*, account_id: int) -> None:
    """No mail about alerts any more; what is told in the page stays as it was chosen."""
    chosen = {"in_app": sorted(IN_APP_AT_FIRST), "mail_off": True}
    AlertSettings.objects.update_or_create(account_id=account_id, defaults={"mail_off": True}, create_defaults=chosen)


def _free_slot(account_id: int) -> int:
    taken = set(PriceAlert.objects.filter(account_id=account_id, slot__isnull=False).values_list("slot", flat=True))
    free = next((slot for slot in range(1, SLOTS + 1) if slot not in taken), None)
    if free is None:
        raise TooManyAlertsError(f"You have {SLOTS} alerts already. Delete one first.")
    return free


def _find(account_id: int, alert_id: int, *states: State) -> PriceAlert:
    row = PriceAlert.objects.select_for_update().filter(account_id=account_id, pk=alert_id, state__in=states).first()
    if row is None:
        raise AlertNotFoundError(f"account {account_id} has no alert {alert_id}")
    return row


def _anew(row: PriceAlert, now: datetime) -> None:
    """What it was before is not watched any more, and what it is now not by ticks of before."""
    row.version += 1
    row.is_armed, row.watch_from, row.changed_at = True, now, now
    row.save()

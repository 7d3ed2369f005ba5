"""What the evaluator writes: firings, and the notices about them and about orders. In the transaction of the log's position."""

from collections.abc import Sequence
from datetime import datetime

from django.db import connection
from django.utils import timezone

from apps.alerts.kinds import IN_APP_AT_FIRST, Kind, State
from apps.alerts.models import AlertSettings, Beginning, Firing, OrderAlert, PriceAlert
from apps.alerts.notices import Draft, write_notices
from apps.alerts.order_news import data_of, ends_order, kind_of, was_answered
from apps.alerts.watching import Hit
from apps.core.clock import instant
from apps.core.numbers import plain
from apps.eventlog.inbox import drop_seen
from apps.eventlog.schemas.accounts import OrderEvent
from apps.observability import metrics

CONSUMER = "alerts"

# What was changed, turned off or deleted meanwhile has another version, and does not fire. Rows are locked in the order of ids.
_CLAIM = """
UPDATE alerts_pricealert AS alert
SET version = alert.version + 1, is_armed = NOT fires AND rearms, watch_from = resumes,
    state = CASE WHEN fires AND alert.pause_s IS NULL THEN 'FIRED' ELSE alert.state END,
    slot = CASE WHEN fires AND alert.pause_s IS NULL THEN NULL ELSE alert.slot END,
    fired_count = alert.fired_count + fires::int,
    last_fired_at = CASE WHEN fires THEN at ELSE alert.last_fired_at END
FROM (
    SELECT hit.* FROM unnest(%s::bigint[], %s::int[], %s::bool[], %s::bool[], %s::timestamptz[], %s::timestamptz[])
        AS hit (id, version, fires, rearms, at, resumes)
    JOIN alerts_pricealert AS held ON held.id = hit.id AND held.version = hit.version AND held.state = 'ACTIVE'
    ORDER BY hit.id FOR UPDATE OF held
) AS hit
WHERE alert.id = hit.id AND alert.version = hit.version AND alert.state = 'ACTIVE'
RETURNING alert.id, hit.version
"""


def fire(hits: Sequence[Hit]) -> dict[int, int]:
    """Write that these alerts were reached, each at most once for its version; returns the newest notice by account.

    One alert may be hit more than once in a batch (fired, armed, fired again): hits are claimed round by round.
    """
    told: dict[int, int] = {}
    left = list(hits)
    while left:
        this_round: list[Hit] = []
        later: list[Hit] = []
        seen = set[int]()
        for hit in left:
            (later if hit.alert.alert_id in seen else this_round).append(hit)
            seen.add(hit.alert.alert_id)
        told |= _fire_each_once(this_round)
        left = later
    return told


def _fire_each_once(hits: Sequence[Hit]) -> dict[int, int]:
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, _columns(hits))
        claimed = set(cursor.fetchall())
    fired = [hit for hit in hits if hit.alert.is_armed and (hit.alert.alert_id, hit.alert.version) in claimed]
    if not fired:
        return {}
    rows = PriceAlert.objects.in_bulk([hit.alert.alert_id for hit in fired])
    firings = Firing.objects.bulk_create([_firing(rows[hit.alert.alert_id], hit) for hit in fired])
    metrics.ALERTS_FIRED.inc(len(fired))
    return write_notices([_draft(rows[firing.alert_id], firing, hit) for firing, hit in zip(firings, fired, strict=True)])


def _columns(hits: Sequence[Hit]) -> list[list[object]]:
    rows = [
        (hit.alert.alert_id, hit.alert.version, hit.alert.is_armed, not hit.alert.is_armed, instant(hit.at_ns), _resumes(hit))
        for hit in hits
    ]
    return [list(column) for column in zip(*rows, strict=True)]


def _resumes(hit: Hit) -> datetime:
    rest = hit.alert.fired(hit.at_ns) if hit.alert.is_armed else None
    return instant(hit.at_ns if rest is None else rest.from_ns)


def _firing(row: PriceAlert, hit: Hit) -> Firing:
    alert = hit.alert
    return Firing(
        alert_id=alert.alert_id, version=alert.version, account_id=row.account_id, instrument_id=row.instrument_id,
        basis=alert.basis, direction=alert.direction, price=alert.price, value=hit.value, note=row.note, at=instant(hit.at_ns),
        fired_at=timezone.now(), source=hit.source, epoch=hit.epoch, sequence=hit.sequence,
    )  # fmt: skip


def _draft(row: PriceAlert, firing: Firing, hit: Hit) -> Draft:
    data = {
        "alert": row.pk, "firing": firing.pk, "basis": firing.basis, "direction": firing.direction, "price": plain(firing.price),
        "value": plain(hit.value), "note": firing.note, "again": row.state == State.ACTIVE,
    }  # fmt: skip
    return Draft(row.account_id, Kind.PRICE, row.instrument_id, data, row.in_app, row.by_mail, firing.at)


def tell_orders(events: Sequence[OrderEvent]) -> dict[int, int]:
    """Write the notices that the owners of these orders asked for; returns the newest notice by account.

    The relay may publish an event twice, and a person may have the log read again: of each account only events above the last
    one that was looked at are news.
    """
    news = [(event, kind) for event in events if (kind := kind_of(event)) is not None]
    ended = [event for event in events if ends_order(event)]
    if not news and not ended:
        return {}
    fresh = drop_seen(CONSUMER, [(str(event.account_id), event.account_sequence) for event, _ in news])
    news = [news[index] for index in fresh]
    since = Beginning.objects.values_list("at", flat=True).first()
    settings = AlertSettings.objects.in_bulk({event.account_id for event, _ in news})
    accounts, orders = {event.account_id for event in events}, {event.order_id for event in events}
    singles = {row.order_id: row for row in OrderAlert.objects.filter(account_id__in=accounts, order_id__in=orders)}
    drafts = [
        draft
        for event, kind in news
        if (since is None or instant(event.at_ns) >= since)
        and (draft := _order_draft(event, kind, settings.get(event.account_id), singles.get(event.order_id)))
    ]
    over = [event.order_id for event in ended if event.order_id in singles]
    if over:
        OrderAlert.objects.filter(order_id__in=over, ended_at__isnull=True).update(ended_at=timezone.now())
    return write_notices(drafts)


def _order_draft(event: OrderEvent, kind: Kind, settings: AlertSettings | None, single: OrderAlert | None) -> Draft | None:
    in_app = kind in IN_APP_AT_FIRST if settings is None else kind in settings.in_app
    by_mail = settings is not None and kind in settings.by_mail
    if was_answered(event) and (settings is None or not settings.tells_at_once):
        in_app = by_mail = False
    if single is not None:
        in_app, by_mail = in_app or single.in_app, by_mail or single.by_mail
    if not in_app and not by_mail:
        return None
    at = instant(event.at_ns)
    return Draft(event.account_id, kind, event.instrument_id, data_of(event), in_app, by_mail, at, event.order_id)

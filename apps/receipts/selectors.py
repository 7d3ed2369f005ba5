"""Reading a receipt."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db import connection

from apps.receipts.models import Door, Receipt, ShownQuote

__all__ = ["Door", "Pace", "ShownView", "StoredReceipt", "find_paces", "find_receipt", "find_shown"]


@dataclass(frozen=True, slots=True)
class StoredReceipt:
    """Each instant is None where it is not known. ``door`` is None when nobody noted where the order came in."""

    door: Door | None
    clicked_at: datetime | None
    received_at: datetime | None
    pushed_at: datetime | None
    painted_at: datetime | None


def find_receipt(account_id: int, order_id: int) -> StoredReceipt | None:
    """The receipt of an order of that account; None when none was kept."""
    found = Receipt.objects.filter(order_id=order_id, account_id=account_id).first()
    if found is None:
        return None
    door = Door(found.door) if found.door else None
    return StoredReceipt(door, found.clicked_at, found.received_at, found.pushed_at, found.painted_at)


@dataclass(frozen=True, slots=True)
class ShownView:
    """The quote that was on the page when the order was sent, as the page says. ``was_asked``: the page had asked again first."""

    epoch: int
    sequence: int
    quoted_at: datetime
    bid: Decimal
    ask: Decimal
    was_asked: bool


def find_shown(account_id: int, order_id: int) -> ShownView | None:
    """What the page of an order of that account showed; None when it carried nothing, or none was kept."""
    found = ShownQuote.objects.filter(order_id=order_id, account_id=account_id).first()
    if found is None:
        return None
    return ShownView(found.epoch, found.sequence, found.quoted_at, found.bid, found.ask, found.was_asked)


@dataclass(frozen=True, slots=True)
class Pace:
    """How long orders took from the door to the push of their decision, in milliseconds: of ``count`` orders, half took at most
    ``median_ms`` and 95 of a hundred at most ``p95_ms``."""

    count: int
    median_ms: int
    p95_ms: int


#: A walk down the primary key's end, however many receipts there are.
_PACES = """
WITH newest AS MATERIALIZED (
    SELECT received_at, pushed_at FROM receipts_receipt ORDER BY order_id DESC LIMIT %(orders)s)
SELECT count(received_at),
       percentile_disc(ARRAY[0.5, 0.95]) WITHIN GROUP (ORDER BY extract(epoch FROM pushed_at - received_at) * 1000)
  FROM unnest(%(since)s::timestamptz[]) WITH ORDINALITY AS span (since, place)
  LEFT JOIN newest ON received_at > since AND pushed_at >= received_at
 GROUP BY place ORDER BY place
"""
PACE_ORDERS_MAX = 5_000


def find_paces(*since: datetime) -> tuple[Pace | None, ...]:
    """For each instant, of the orders received after it, the newest 5,000 at most; None when there were none. What nobody was
    there to be told of does not count. One query."""
    with connection.cursor() as cursor:
        cursor.execute(_PACES, {"orders": PACE_ORDERS_MAX, "since": list(since)})
        rows = cursor.fetchall()
    return tuple(Pace(count, round(times[0]), round(times[1])) if count else None for count, times in rows)

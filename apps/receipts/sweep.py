"""Receipts that are old: they are about speed, and nobody asks how fast an order of last spring was."""

from collections.abc import Callable
from datetime import datetime, timedelta

from apps.receipts.models import Receipt

KEPT = timedelta(days=90)
_CHUNK = 1_000


def sweep_receipts(now: datetime, progress: Callable[[str], None]) -> int:
    """Remove the receipts that were made before the limit at ``now``, a bounded chunk at a time; returns how many went.

    They are looked at in the order of their orders, which is nearly that of their making, until some are young: no index of
    instants is needed, and none is written with every order.
    """
    removed = 0
    while True:
        oldest = Receipt.objects.order_by("order_id").values_list("order_id", "noted_at")[:_CHUNK]
        old = [order_id for order_id, noted_at in oldest if noted_at < now - KEPT]
        removed += Receipt.objects.filter(order_id__in=old).delete()[0]
        if len(old) < _CHUNK:
            return removed
        progress(f"{removed} receipts removed")

"""Receipts that are old, and what pages showed: they are about speed, and nobody asks how fast an order of last spring was."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import models

from apps.receipts.models import Receipt, ShownQuote

KEPT = timedelta(days=90)
_CHUNK = 1_000


def sweep_receipts(now: datetime, progress: Callable[[str], None]) -> int:
    """Remove the receipts that were made before the limit at ``now``, a bounded chunk at a time; returns how many went.

    They are looked at in the order of their orders, which is nearly that of their making, until some are young: no index of
    instants is needed, and none is written with every order.
    """
    return _sweep(Receipt.objects, "receipts", now, progress) + _sweep(ShownQuote.objects, "shown quotes", now, progress)


def _sweep(
    rows: "models.Manager[Receipt] | models.Manager[ShownQuote]", name: str, now: datetime, progress: Callable[[str], None]
) -> int:
    removed = 0
    while True:
        oldest = rows.order_by("order_id").values_list("order_id", "noted_at")[:_CHUNK]
        old = [order_id for order_id, noted_at in oldest if noted_at < now - KEPT]
        removed += rows.filter(order_id__in=old).delete()[0]
        if len(old) < _CHUNK:
            return removed
        progress(f"{removed} {name} removed")

"""Keeping what was sampled, and removing what is too old."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from apps.operations.components import State
from apps.operations.models import Sample, Slot
from apps.operations.times import EVERY, SLOT, floor

SAMPLES_KEPT = timedelta(hours=2)
SLOTS_KEPT = timedelta(days=7)
#: At most so many go at once; one comes each 15 s.
_CHUNK = 100
#: Of each slot so many samples of a pace: as many as it has, and some.
_PACES_MAX = 80


def keep_sample(*, at: datetime, figures: dict[str, Any], states: Mapping[str, State], paces: Mapping[str, int | None]) -> bool:
    """Store a sample and count it in its slot; False, and nothing is written, when another process has stored one of these 15 s.

    ``paces`` in whole milliseconds.
    """
    with transaction.atomic():
        row, made = Sample.objects.get_or_create(taken_at=floor(at, EVERY), defaults={"figures": figures})
        if not made:
            return False
        slot, _ = Slot.objects.select_for_update().get_or_create(begins_at=floor(at, SLOT), defaults={"counts": {}, "paces": {}})
        for component, state in states.items():
            counts = slot.counts.setdefault(component, [0, 0, 0])
            counts[state] += 1
        for pace, milliseconds in paces.items():
            if milliseconds is not None:
                slot.paces[pace] = [*slot.paces.get(pace, []), milliseconds][-_PACES_MAX:]
        slot.save(update_fields=["counts", "paces"])
        old = Sample.objects.filter(taken_at__lt=row.taken_at - SAMPLES_KEPT).order_by("taken_at")
        Sample.objects.filter(pk__in=list(old.values_list("pk", flat=True)[:_CHUNK])).delete()
        past = Slot.objects.filter(begins_at__lt=slot.begins_at - SLOTS_KEPT).order_by("begins_at")
        Slot.objects.filter(pk__in=list(past.values_list("pk", flat=True)[:_CHUNK])).delete()
        return True

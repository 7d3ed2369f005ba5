"""Where each UTC day ends in the engine's sequence.

A transfer has an id, which rises from commit to commit, and an instant, which comes from a clock. Days are divided by the id: the
end of a day is looked up by the clock once and then kept, so that every transfer is in exactly one day, whatever happens to a
clock afterwards. One that is committed late, with an instant in a day that is closed, is in the statement of the next day.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone

from apps.ledger.models import BusinessDay, Transfer

#: An idle market shows no transfer of the next day. The engine's clock and its longest commit are well within this.
MARGIN = timedelta(minutes=2)


class DayStillOpenError(RuntimeError):
    """A transfer of the day may still be committed."""


@dataclass(frozen=True, slots=True)
class DayRange:
    """The transfers of a day: those with an id in (``after_transfer_id``, ``last_transfer_id``]."""

    day: date
    after_transfer_id: int
    last_transfer_id: int


def close_day(day: date) -> DayRange:
    """Decide where ``day`` ended, or read it when that was decided; raises :class:`DayStillOpenError`."""
    with transaction.atomic():
        with connection.cursor() as cursor:
            # Two that close neighbouring days at once could each see the other's missing.
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('ledger close_day'))")
        after = _close(day - timedelta(days=1))
        return DayRange(day, after, _close(day))


def get_day_range(day: date) -> DayRange | None:
    """The range of a day that is closed; None for another."""
    ends = dict(BusinessDay.objects.filter(day__in=[day - timedelta(days=1), day]).values_list("day", "last_transfer_id"))
    after, last = ends.get(day - timedelta(days=1)), ends.get(day)
    return None if after is None or last is None else DayRange(day, after, last)


def _close(day: date) -> int:
    stored = BusinessDay.objects.filter(day=day).first()
    if stored is not None:
        return stored.last_transfer_id
    end = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(days=1)
    last = _last_before(end)
    if not Transfer.objects.filter(pk__gt=last).exists() and timezone.now() < end + MARGIN:
        raise DayStillOpenError(
            f"{day} may still get transfers: it is closed {MARGIN.seconds} s after its end, or after the next one"
        )
    # Between what earlier and later days were given, should the clock have been set back.
    earlier = BusinessDay.objects.filter(day__lt=day).order_by("-day").first()
    later = BusinessDay.objects.filter(day__gt=day).order_by("day").first()
    if earlier is not None:
        last = max(last, earlier.last_transfer_id)
    if later is not None:
        last = min(last, later.last_transfer_id)
    BusinessDay.objects.create(day=day, last_transfer_id=last, closed_at=timezone.now())
    return last


def _last_before(end: datetime) -> int:
    """The last transfer with an instant before ``end``, 0 without any: halving the ids, some 40 look-ups by primary key.

    An index on the instant would answer the same, and cost every settlement for a question that is asked once a day.
    """
    newest = Transfer.objects.order_by("-pk").values_list("pk", flat=True).first()
    low, high = 0, newest or 0
    while low < high:
        middle = (low + high + 1) // 2
        found = Transfer.objects.filter(pk__gte=middle, pk__lte=high).order_by("pk").values_list("pk", "at").first()
        if found is None or found[1] >= end:
            high = middle - 1
        else:
            low = found[0]
    return low

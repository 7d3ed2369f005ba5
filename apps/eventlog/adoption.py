"""Taking a log into use: what was read on the one before may not be what is missing on this one.

A position is an offset of one log. The two kinds of log have positions of their own (``positions.place_of``), but there is more
than one Kafka: on another cluster, under another prefix, on topics made anew, the same number would skip messages or repeat
them, without a word. And whatever the log, messages of the one before that nobody had read yet are not on this one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from apps.eventlog.log import event_log
from apps.eventlog.models import ConsumerPosition, LogInUse
from apps.eventlog.port import Partition
from apps.eventlog.positions import place_of
from apps.eventlog.topics import TOPICS

#: What was there before anybody wrote down which log it was.
_UNWRITTEN = "kafka"

_MOVE = """
UPDATE eventlog_consumerposition AS stored SET next_offset = ends.n, moved_at = statement_timestamp()
FROM unnest(%s::text[], %s::int[], %s::bigint[]) AS ends (t, p, n)
WHERE stored.topic = ends.t AND stored.partition = ends.p
"""


@dataclass(frozen=True, slots=True)
class Adopted:
    """``is_new``: readers have stood on another log, or on topics that are gone. ``before`` and ``now`` are the kinds of the
    logs, "kafka" or "embedded"."""

    before: str
    now: str
    is_new: bool


def adopt_log(created: Iterable[str]) -> Adopted:
    """Write down which log is in use. Where it is not the one of before, and on topics that were ``created`` just now, every
    position that is stored for it becomes the end of what is there.

    The end, because all that this log holds already is from an earlier time on it: what matters of it was read then, or can be
    had from the tables, which hold every money event. Call it when the topics are there and before readers start; one that runs
    all the same is thrown back to the new position by the fence in ``positions.move``.

    Raises :class:`~apps.eventlog.port.LogUnavailableError`.
    """
    log = event_log()
    found = log.identity()
    identity = f"{found} {settings.KAFKA_TOPIC_PREFIX}".strip()
    with transaction.atomic():
        row = LogInUse.objects.select_for_update().first()
        before = row.identity if row else _UNWRITTEN
        is_same = before == identity if row else found.startswith(_UNWRITTEN)
        was_read = ConsumerPosition.objects.exists()
        topics = set(created) if is_same else set(TOPICS)
        moved = _move_to_ends(log.ends(), topics) if topics and was_read else 0
        if row is None or not is_same:
            LogInUse.objects.update_or_create(id=1, defaults={"identity": identity, "since": timezone.now()})
    return Adopted(before.split()[0], identity.split()[0], is_new=bool(moved) or (was_read and not is_same))


def _move_to_ends(ends: Mapping[Partition, int], topics: set[str]) -> int:
    """Returns how many positions there were."""
    wanted = sorted(each for each in ends if each[0] in topics)
    places, numbers = [place_of(topic) for topic, _ in wanted], [number for _, number in wanted]
    with connection.cursor() as cursor:
        cursor.execute(_MOVE, [places, numbers, [ends[each] for each in wanted]])
        return int(cursor.rowcount)

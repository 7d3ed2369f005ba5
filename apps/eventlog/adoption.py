"""Taking a log into use: the positions that another one left behind must not be used on it.

A position is an offset of one log. On another one (Kafka in the place of the embedded log, or back; another cluster; other
topics) the same number would skip messages or repeat them, without a word.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from apps.eventlog.log import event_log
from apps.eventlog.models import LogInUse
from apps.eventlog.port import Partition
from apps.eventlog.topics import TOPICS

#: What was there before anybody wrote down which log it was.
_UNWRITTEN = "kafka"

_MOVE = """
UPDATE eventlog_consumerposition AS stored SET next_offset = ends.n, moved_at = statement_timestamp()
FROM unnest(%s::text[], %s::int[], %s::bigint[]) AS ends (t, p, n)
WHERE stored.topic = ends.t AND stored.partition = ends.p AND stored.topic = ANY (%s)
RETURNING stored.topic
"""


@dataclass(frozen=True, slots=True)
class Adopted:
    """``topics``: those on which some reader stood elsewhere, and now stands at the end. ``before`` and ``now`` are the first
    words of the logs' identities, "kafka" or "embedded"."""

    before: str
    now: str
    topics: frozenset[str]


def adopt_log(created: Iterable[str]) -> Adopted:
    """Write down which log is in use. On another one than before, and on topics that were ``created`` just now, every stored
    position becomes the end of what is there.

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
        topics = set(created) if is_same else set(TOPICS)
        moved = _move_to_ends(log.ends(), topics) if topics else frozenset()
        if row is None or not is_same:
            LogInUse.objects.update_or_create(id=1, defaults={"identity": identity, "since": timezone.now()})
    return Adopted(before.split()[0], identity.split()[0], moved)


def _move_to_ends(ends: Mapping[Partition, int], topics: set[str]) -> frozenset[str]:
    known = sorted(ends)
    names, numbers = [topic for topic, _ in known], [number for _, number in known]
    with connection.cursor() as cursor:
        cursor.execute(_MOVE, [names, numbers, [ends[each] for each in known], sorted(topics)])
        return frozenset(topic for (topic,) in cursor.fetchall())

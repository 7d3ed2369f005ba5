"""Where a consumer stands, in Postgres, moved in the transaction of the effect. The log is never asked and never told."""

from collections.abc import Iterable, Mapping

from django.conf import settings
from django.db import connection

from apps.eventlog.port import Partition

#: The log whose topics are stored under their plain names.
_PLAIN = "kafka"

_MOVE = """
INSERT INTO eventlog_consumerposition AS stored (consumer, topic, partition, next_offset, moved_at)
SELECT %s, t, p, after, statement_timestamp()
FROM unnest(%s::text[], %s::int[], %s::bigint[], %s::bigint[]) AS moved (t, p, before, after)
ON CONFLICT (consumer, topic, partition) DO UPDATE SET next_offset = EXCLUDED.next_offset, moved_at = EXCLUDED.moved_at
WHERE stored.next_offset = ANY (
    SELECT before FROM unnest(%s::text[], %s::int[], %s::bigint[]) AS expected (t, p, before)
    WHERE t = stored.topic AND p = stored.partition
)
"""


class PositionTakenError(RuntimeError):
    """Another member moved the position: it owns the partition now, and what was just applied here must be rolled back."""


def place_of(topic: str) -> str:
    """``topic`` as positions name it: an offset in one log says nothing in the other, so each has positions of its own."""
    return topic if settings.EVENT_LOG == _PLAIN else f"{topic}@{settings.EVENT_LOG}"


def stored(consumer: str, partitions: Iterable[Partition]) -> dict[Partition, int]:
    """Return the next offset of each of ``partitions`` that this consumer has ever moved."""
    wanted = {(place_of(topic), number): (topic, number) for topic, number in partitions}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT topic, partition, next_offset FROM eventlog_consumerposition WHERE consumer = %s ORDER BY topic, partition",
            [consumer],
        )
        found = {(place, number): offset for place, number, offset in cursor.fetchall()}
    return {partition: found[place] for place, partition in wanted.items() if place in found}


def move(consumer: str, moves: Mapping[Partition, tuple[int, int]]) -> None:
    """Move each partition from its offset to the next, or raise :class:`PositionTakenError`.

    The condition on the old offset is the fence: a member that was thrown out of the group without noticing it still holds
    its batch, and may not apply it a second time.
    """
    ordered = sorted(moves.items())
    topics = [place_of(topic) for (topic, _), _ in ordered]
    numbers = [number for (_, number), _ in ordered]
    before = [offsets[0] for _, offsets in ordered]
    after = [offsets[1] for _, offsets in ordered]
    with connection.cursor() as cursor:
        cursor.execute(_MOVE, [consumer, topics, numbers, before, after, topics, numbers, before])
        if cursor.rowcount != len(ordered):
            raise PositionTakenError(f"{consumer} expected to stand at {dict(ordered)}, another member has moved on")


def rewrite(consumer: str, partition: Partition, offset: int) -> None:
    """Set a position whatever it was: after the log lost what it pointed to, or when a person asks for a replay."""
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO eventlog_consumerposition (consumer, topic, partition, next_offset, moved_at)"
            " VALUES (%s, %s, %s, %s, statement_timestamp())"
            " ON CONFLICT (consumer, topic, partition) DO UPDATE SET next_offset = EXCLUDED.next_offset,"
            " moved_at = EXCLUDED.moved_at",
            [consumer, place_of(partition[0]), partition[1], offset],
        )


def begin_again(topics: Iterable[str]) -> None:
    """Set every consumer that has read ``topics`` to their beginning: what they hold is all new, or new on this log."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE eventlog_consumerposition SET next_offset = 0, moved_at = statement_timestamp() WHERE topic = ANY(%s)",
            [[place_of(topic) for topic in topics]],
        )

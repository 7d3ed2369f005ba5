"""Applying each event once. Call these inside the transaction that holds the effect.

Positions already make a consumer exact towards the log; what remains is that the relay may publish an event twice, at two
offsets. Events of one key carry rising sequences, so the highest applied one is all that must be remembered.
"""

from collections.abc import Sequence

from django.db import connection, transaction

from apps.core.checks import check

_RAISE = """
INSERT INTO eventlog_appliedevent (consumer, key, last_sequence)
SELECT %s, k, s FROM unnest(%s::text[], %s::bigint[]) AS fresh (k, s)
ON CONFLICT (consumer, key) DO UPDATE SET last_sequence = EXCLUDED.last_sequence
WHERE eventlog_appliedevent.last_sequence < EXCLUDED.last_sequence
"""


def first_time(consumer: str, key: str, sequence: int) -> bool:
    """Return True, once, for each rising ``sequence`` of ``key``; False for one that was applied before."""
    return drop_seen(consumer, [(key, sequence)]) == [0]


def drop_seen(consumer: str, events: Sequence[tuple[str, int]]) -> list[int]:
    """Return the indexes of those ``(key, sequence)`` that were not applied before, and remember them as applied.

    ``events`` must be in the order of their topic per key; one that repeats inside the batch is dropped as well.
    """
    check(transaction.get_connection().in_atomic_block, "the inbox must be asked inside the effect's transaction")
    if not events:
        return []
    highest = _highest(consumer, sorted({key for key, _ in events}))
    fresh: list[int] = []
    raised: dict[str, int] = {}
    for index, (key, sequence) in enumerate(events):
        if sequence > highest.get(key, -1):
            highest[key] = raised[key] = sequence
            fresh.append(index)
    if raised:
        keys = sorted(raised)  # one lock order for everyone
        with connection.cursor() as cursor:
            cursor.execute(_RAISE, [consumer, keys, [raised[key] for key in keys]])
    return fresh


def _highest(consumer: str, keys: list[str]) -> dict[str, int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT key, last_sequence FROM eventlog_appliedevent WHERE consumer = %s AND key = ANY(%s) ORDER BY key FOR UPDATE",
            [consumer, keys],
        )
        return dict(cursor.fetchall())

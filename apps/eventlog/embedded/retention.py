"""Removing what is older than its topic keeps: in small pieces, from a thread of the process that tends the outbox too."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from apps.eventlog.database import Connection, own_connection
from apps.eventlog.embedded import sql
from apps.eventlog.topics import short_name
from apps.observability import metrics

log = logging.getLogger(__name__)

#: Records removed in one transaction: a few milliseconds, and the head of the partition is locked for the last of them only.
CHUNK_MAX = 2_000
_PAUSE_S = 5.0

_EXPIRED = """
SELECT p.id, p.kept, p.topic, p.first_offset, p.retention_ms FROM eventlog_logpartition AS p, LATERAL (
    SELECT r.at FROM eventlog_logrecord AS r
    WHERE r.partition_id = p.id AND r.kept = p.kept AND r."offset" >= p.first_offset ORDER BY r."offset" LIMIT 1
) AS oldest
WHERE p.retention_ms >= 0 AND oldest.at < clock_timestamp() - p.retention_ms * interval '1 millisecond'
"""
_REMOVE = """
WITH last AS MATERIALIZED (
    SELECT max(o."offset") AS "offset" FROM (
        SELECT "offset", at FROM eventlog_logrecord
        WHERE partition_id = %(id)b AND kept = %(kept)b AND "offset" >= %(first)b ORDER BY "offset" LIMIT %(chunk)b
    ) AS o WHERE o.at < clock_timestamp() - %(retention_ms)b * interval '1 millisecond'
), gone AS (
    DELETE FROM eventlog_logrecord AS r USING last
    WHERE r.partition_id = %(id)b AND r.kept = %(kept)b AND r."offset" BETWEEN %(first)b AND last."offset" RETURNING 1
)
UPDATE eventlog_logpartition AS p SET first_offset = last."offset" + 1 FROM last
WHERE p.id = %(id)b AND p.first_offset <= last."offset"
RETURNING p.first_offset, (SELECT count(*) FROM gone)
"""


def remove_expired(database: Connection, stopping: threading.Event | None = None, chunk: int = CHUNK_MAX) -> int:
    """Remove all that is too old now, ``chunk`` records a transaction; returns how many. Raises psycopg.Error."""
    removed = 0
    for number, kept, topic, first, retention_ms in database.execute(_EXPIRED).fetchall():
        while stopping is None or not stopping.is_set():
            arguments = {"id": number, "kept": kept, "first": first, "retention_ms": retention_ms, "chunk": chunk}
            row = database.execute(_REMOVE, arguments).fetchone()
            if row is None:
                break
            first = row[0]
            removed += row[1]
            metrics.LOG_REMOVED.labels(short_name(topic)).inc(row[1])
            if row[1] < chunk:
                break
    return removed


@contextmanager
def tended() -> Iterator[None]:
    """Remove what is too old every few seconds, until left."""
    stopping = threading.Event()
    thread = threading.Thread(target=_tend, args=[stopping], name="log-retention", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopping.set()
        thread.join(5)


def _tend(stopping: threading.Event) -> None:
    while not stopping.is_set():
        try:
            # Not worth a wait for the disk: what a crash brings back is removed again.
            with own_connection("tredye log retention", options=f"{sql.READING} -c synchronous_commit=off") as database:
                while not stopping.is_set():
                    remove_expired(database, stopping)
                    stopping.wait(_PAUSE_S)
        except psycopg.Error as error:
            log.warning("the log is not tended, next attempt in %.0f s: %s", _PAUSE_S, str(error).strip())
            stopping.wait(_PAUSE_S)

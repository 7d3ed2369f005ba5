"""The topics of the embedded log: a row for each partition."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import psycopg

from apps.eventlog.database import Connection, own_connection
from apps.eventlog.port import Difference, LogUnavailableError, Partition
from apps.eventlog.topics import FOREVER_MS, TOPICS, full_name, short_name

_CREATE = """
INSERT INTO eventlog_logpartition (topic, number, kept, retention_ms, first_offset, next_offset)
SELECT %s, n, %s, %s, 0, 0 FROM generate_series(0, %s - 1) AS n ON CONFLICT (topic, number) DO NOTHING
"""


@contextmanager
def _connected() -> Iterator[Connection]:
    try:
        with own_connection("tredye log topics") as database:
            yield database
    except psycopg.Error as error:
        raise LogUnavailableError(str(error).strip()) from error


def ensure_topics() -> list[str]:
    with _connected() as database:
        found = _differences(database)
        missing = sorted({each.topic for each in found if each.found is None})
        for name in missing:
            topic = TOPICS[name]
            forever = topic.retention_ms == FOREVER_MS
            database.execute(_CREATE, [full_name(name), forever, topic.retention_ms, topic.partitions])
        for each in found:
            if each.what == "retention_ms":
                database.execute(
                    "UPDATE eventlog_logpartition SET retention_ms = %s WHERE topic = %s", [each.declared, full_name(each.topic)]
                )
        return missing


def remove_topics(names: Sequence[str]) -> None:
    topics = [full_name(name) for name in names]
    with _connected() as database, database.transaction():
        # The heads first: whoever appends holds one of them, and finds it gone afterwards.
        rows = database.execute("DELETE FROM eventlog_logpartition WHERE topic = ANY(%s) RETURNING id", [topics]).fetchall()
        database.execute("SET LOCAL statement_timeout = 0")
        database.execute("DELETE FROM eventlog_logrecord WHERE partition_id = ANY(%s)", [[row[0] for row in rows]])


def compare_topics() -> list[Difference]:
    with _connected() as database:
        return _differences(database)


def missing_topics() -> list[str]:
    return [each.topic for each in compare_topics() if each.found is None]


def ends() -> dict[Partition, int]:
    with _connected() as database:
        rows = database.execute(
            "SELECT topic, number, next_offset FROM eventlog_logpartition WHERE topic = ANY(%s)",
            [[full_name(name) for name in TOPICS]],
        ).fetchall()
    return {(short_name(topic), number): end for topic, number, end in rows}


def _differences(database: Connection) -> list[Difference]:
    rows = database.execute(
        "SELECT topic, count(*), min(retention_ms) FROM eventlog_logpartition WHERE topic = ANY(%s) GROUP BY topic",
        [[full_name(name) for name in TOPICS]],
    ).fetchall()
    there = {name: (partitions, retention_ms) for name, partitions, retention_ms in rows}
    result = []
    for topic in TOPICS.values():
        partitions, retention_ms = there.get(full_name(topic.name), (None, topic.retention_ms))
        if partitions != topic.partitions:
            result.append(Difference(topic.name, "partitions", topic.partitions, partitions))
        if retention_ms != topic.retention_ms:
            result.append(Difference(topic.name, "retention_ms", topic.retention_ms, retention_ms))
    return result

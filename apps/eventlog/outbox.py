"""The rows that wait for the log: their packing, and what the relay asks of the table.

``eventlog_outboxbatch`` is append-only. In a lane with a single writer, the sequence is assigned and committed by one process,
one transaction after another, so a row that is visible can never be preceded by a smaller sequence that commits later: reading
everything above the cursor, in order, misses nothing. A lane with several writers would not have that promise (a sequence is
drawn before the commit that shows it), which is why each such writer needs a lane of its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

import msgspec

from apps.eventlog.database import Connection

ENGINE_LANE = "engine"
CHANNEL = "tredye_outbox"


class Message(NamedTuple):
    """One message as it waits: ``topic`` without prefix, ``value`` encoded."""

    topic: str
    key: str
    event_id: str
    value: bytes


class DamagedOutboxError(ValueError):
    """A row is not what :func:`pack` wrote. Nothing behind it may be published before a person has looked."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A batch that is not published yet."""

    last_sequence: int
    messages: list[Message]


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(list[tuple[str, str, str, bytes]])


def pack(messages: Sequence[tuple[str, str, str, bytes]]) -> bytes:
    """Return ``messages`` as the column holds them."""
    return _encoder.encode(messages)


def unpack(packed: bytes) -> list[Message]:
    """The inverse of :func:`pack`; raises :class:`DamagedOutboxError`."""
    try:
        return [Message(*each) for each in _decoder.decode(packed)]
    except msgspec.MsgspecError as error:
        raise DamagedOutboxError(f"outbox messages must be [[topic, key, event id, value], ...]: {error}") from None


def cursor_of(database: Connection, lane: str) -> int:
    """Return the last published sequence of ``lane``, 0 before the first."""
    database.execute(
        "INSERT INTO eventlog_relaycursor (lane, last_sequence, moved_at) VALUES (%s, 0, now()) ON CONFLICT DO NOTHING", [lane]
    )
    row = database.execute("SELECT last_sequence FROM eventlog_relaycursor WHERE lane = %s", [lane]).fetchone()
    return int(row[0]) if row else 0


def waiting(database: Connection, lane: str, after: int, limit: int) -> list[Waiting]:
    """Return the oldest batches above ``after``, in order; raises :class:`DamagedOutboxError`."""
    rows = database.execute(
        "SELECT last_sequence, messages FROM eventlog_outboxbatch"
        " WHERE lane = %s AND last_sequence > %s ORDER BY last_sequence LIMIT %s",
        [lane, after, limit],
    ).fetchall()
    return [Waiting(sequence, unpack(packed)) for sequence, packed in rows]


def move_cursor(database: Connection, lane: str, before: int, after: int) -> bool:
    """Move the cursor if it still stands at ``before``; False says that another relay is at work."""
    moved = database.execute(
        "UPDATE eventlog_relaycursor SET last_sequence = %s, moved_at = now() WHERE lane = %s AND last_sequence = %s",
        [after, lane, before],
    )
    return moved.rowcount == 1


def backlog(database: Connection, lane: str, after: int, limit: int) -> tuple[int, datetime | None]:
    """Return how many batches wait (counted up to ``limit``) and when the oldest was recorded."""
    row = database.execute(
        "SELECT count(*), min(recorded_at) FROM (SELECT recorded_at FROM eventlog_outboxbatch"
        " WHERE lane = %s AND last_sequence > %s ORDER BY last_sequence LIMIT %s) AS waiting",
        [lane, after, limit],
    ).fetchone()
    return (int(row[0]), row[1]) if row else (0, None)


def prune(database: Connection, lane: str, published: int, older_than_s: float, limit: int) -> int:
    """Remove at most ``limit`` batches that are published and older than ``older_than_s``; returns how many."""
    removed = database.execute(
        "DELETE FROM eventlog_outboxbatch WHERE lane = %(lane)s AND last_sequence IN ("
        " SELECT last_sequence FROM eventlog_outboxbatch WHERE lane = %(lane)s AND last_sequence <= %(published)s"
        " AND recorded_at < now() - make_interval(secs => %(age)s) ORDER BY last_sequence LIMIT %(limit)s)",
        {"lane": lane, "published": published, "age": older_than_s, "limit": limit},
    )
    return removed.rowcount

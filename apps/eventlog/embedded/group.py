"""Who reads what: the members of a group, alive by their session and their heartbeat, and the share of each.

A member is a row, written when it joins and touched once a second, and the session that wrote it. It is alive while that session
is open and the row fresh: a process that was killed is missed by the next look, one that was frozen when the session timeout is
over. The partitions go round the living members, sorted by name; everybody comes to the same answer by looking at the same rows,
and the advisory lock on each partition sees to it that a moment of disagreement is a moment of nobody reading, never of two.
"""

import threading
import time
from dataclasses import dataclass
from uuid import UUID, uuid4

import psycopg

from apps.eventlog.database import Connection, own_connection
from apps.eventlog.embedded import sql
from apps.eventlog.port import SESSION_TIMEOUT_S, FencedMemberError, Partition
from apps.eventlog.topics import full_name, short_name

_LOOK_S = 1.0
_LOOK_S_UNSETTLED = 0.1

_JOIN = """
INSERT INTO eventlog_logmember AS m (group_name, member, token, pid, backend_start, seen_at)
SELECT %b, %b, %b, a.pid, a.backend_start, clock_timestamp() FROM pg_stat_activity AS a WHERE a.pid = pg_backend_pid()
ON CONFLICT (group_name, member) DO UPDATE SET
    token = EXCLUDED.token, pid = EXCLUDED.pid, backend_start = EXCLUDED.backend_start, seen_at = EXCLUDED.seen_at
"""
_BEAT = _JOIN + " WHERE m.token = EXCLUDED.token"
_LIVING = """
SELECT m.member FROM eventlog_logmember AS m
WHERE m.group_name = %b AND m.seen_at > clock_timestamp() - make_interval(secs => %b)
  AND EXISTS (SELECT 1 FROM pg_stat_activity AS a WHERE a.pid = m.pid AND a.backend_start = m.backend_start)
"""
_PARTITIONS = """
SELECT topic, number, id, kept, first_offset, next_offset FROM eventlog_logpartition WHERE topic = ANY(%b)
"""
_TAKE = "SELECT id FROM unnest(%b::int[]) AS id WHERE pg_try_advisory_lock(%b::int, id)"
_RELEASE = "SELECT count(pg_advisory_unlock(%b::int, id)) FROM unnest(%b::int[]) AS id"
# A session that holds a partition and is no living member's is one of a process that was frozen, or replaced under its name.
_EVICT = """
SELECT pg_terminate_backend(l.pid) FROM pg_locks AS l
WHERE l.locktype = 'advisory' AND l.objsubid = 2 AND l.granted AND l.pid <> pg_backend_pid()
  AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
  AND l.classid = (%b::bigint & 4294967295)::oid AND l.objid::bigint = ANY(%b::bigint[])
  AND NOT EXISTS (
    SELECT 1 FROM eventlog_logmember AS m
    WHERE m.group_name = %b AND m.pid = l.pid AND m.seen_at > clock_timestamp() - make_interval(secs => %b)
  )
"""
_LEAVE = """
WITH unlocked AS MATERIALIZED (SELECT pg_advisory_unlock_all()),
gone AS (DELETE FROM eventlog_logmember WHERE group_name = %b AND member = %b AND token = %b RETURNING 1)
SELECT (SELECT count(*) FROM unlocked), pg_notify(%b, '')
"""


@dataclass(frozen=True, slots=True)
class Span:
    """What the log holds of one partition: offsets ``first`` to ``next`` - 1. ``id`` is that of its row."""

    id: int
    kept: bool
    first: int
    next: int


class Membership:
    """One process's place in a group. It lives on the reader's own connection and ends with it."""

    def __init__(self, database: Connection, group: str, member: str, topics: list[str]) -> None:
        """Join. ``group`` with prefix, ``topics`` without. Raises psycopg.Error."""
        self.group = group
        self.member = member
        self.spans: dict[Partition, Span] = {}
        self._database = database
        self._token: UUID = uuid4()
        self._full_names = [full_name(topic) for topic in topics]
        self._class = sql.lock_class(group)
        self._members: list[str] = []
        self._looked_s = self._beaten_s = time.monotonic()
        self._due = True
        self._unsettled = False
        self._taken = False
        self._closed = threading.Event()
        database.execute(_JOIN, [group, member, self._token])
        self._ring()
        threading.Thread(target=self._keep_beating, name="log-member", daemon=True).start()

    def hurry(self) -> None:
        """Something has changed: look at the next chance."""
        self._due = True

    def retry(self) -> None:
        """Not everything was to be had yet: look again soon."""
        self._unsettled = True

    def is_due(self) -> bool:
        pause_s = _LOOK_S_UNSETTLED if self._unsettled else _LOOK_S
        return self._due or time.monotonic() - self._looked_s > pause_s

    def look(self) -> set[Partition]:
        """Beat, see who lives and what there is, and return this member's share. Raises FencedMemberError, psycopg.Error."""
        self._due = self._unsettled = False
        self._looked_s = time.monotonic()
        self._beat()
        if self._taken:
            raise FencedMemberError(f"another process reads as member {self.member} of {self.group}")
        living = self._database.execute(_LIVING, [self.group, SESSION_TIMEOUT_S], binary=True).fetchall()
        self._members = sorted({name for (name,) in living} | {self.member})
        rows = self._database.execute(_PARTITIONS, [self._full_names], binary=True).fetchall()
        self.spans = {(short_name(topic), number): Span(*span) for topic, number, *span in rows}
        rank, size = self._members.index(self.member), len(self._members)
        return {partition for place, partition in enumerate(sorted(self.spans)) if place % size == rank}

    def take(self, ids: list[int]) -> set[int]:
        """Lock what can be locked of ``ids``, and end the sessions of the dead that hold the rest."""
        taken = {number for (number,) in self._database.execute(_TAKE, [ids, self._class], binary=True).fetchall()}
        if missing := sorted(set(ids) - taken):
            self._database.execute(_EVICT, [self._class, missing, self.group, SESSION_TIMEOUT_S])
            self.retry()
        return taken

    def release(self, ids: list[int]) -> None:
        self._database.execute(_RELEASE, [self._class, ids])
        self._ring()

    def was_taken(self) -> bool:
        """Whether another process has joined as this member; asked on a fresh connection, because the own one is broken."""
        if self._taken:
            return True
        try:
            with own_connection(f"tredye log {self.group}") as database:
                row = database.execute(
                    "SELECT token FROM eventlog_logmember WHERE group_name = %s AND member = %s", [self.group, self.member]
                ).fetchone()
        except psycopg.Error:
            return False  # nobody can join either
        return row is not None and row[0] != self._token

    def leave(self) -> None:
        """Let everything go and say so."""
        self._closed.set()
        if not self._database.closed:
            self._database.execute(_LEAVE, [self.group, self.member, self._token, sql.group_bell(self.group)])

    def _ring(self) -> None:
        sql.ring(self._database, [sql.group_bell(self.group)])

    def _beat(self) -> None:
        if self._database.execute(_BEAT, [self.group, self.member, self._token]).rowcount == 0:
            self._taken = True
        self._beaten_s = time.monotonic()

    def _keep_beating(self) -> None:
        """For the time in which the reader's thread is at work for longer than a beat."""
        while not self._closed.wait(_LOOK_S / 2):
            if time.monotonic() - self._beaten_s < 2 * _LOOK_S:
                continue
            try:
                self._beat()
            except psycopg.Error:
                if self._database.closed:
                    return  # the reader meets the same at its next poll, and says so

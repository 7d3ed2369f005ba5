"""Reading the embedded log as a member of a group: waits for the bell, and looks once a second lest it was missed."""

import logging
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import msgspec
import psycopg
from django.conf import settings

from apps.eventlog.database import Connection, own_connection
from apps.eventlog.embedded import sql
from apps.eventlog.embedded.group import Membership, Span
from apps.eventlog.lost import report_lost
from apps.eventlog.port import FETCH_BYTES_MAX, FencedMemberError, Headers, Load, LogUnavailableError, Lost, Partition

log = logging.getLogger(__name__)

_WAIT_S_FLOWING = 0.005
_WAIT_S_IDLE = 0.020
_FLOWING_S = 0.1

_unpack_headers = msgspec.msgpack.Decoder(list[tuple[str, bytes]]).decode

# Everything that is new in the partitions given, oldest first, each with an equal part of the records and the bytes that one poll
# may bring; at least one record of each.
_FETCH = """
SELECT own.id, own."end", r."offset", r.key, r.value, r.headers, (extract(epoch FROM r.at) * 1000)::bigint
FROM (
    SELECT p.id, p.kept, given.next, p.next_offset AS "end", count(*) OVER () AS behind
    FROM unnest(%b::int[], %b::bigint[]) AS given (id, next)
    JOIN eventlog_logpartition AS p ON p.id = given.id AND p.next_offset > given.next
) AS own,
LATERAL (
    SELECT t.* FROM (
        SELECT l."offset", l.key, l.value, l.headers, l.at, sum(octet_length(l.value)) OVER (ORDER BY l."offset") AS bytes
        FROM (
            SELECT * FROM eventlog_logrecord AS x
            WHERE x.partition_id = own.id AND x.kept = own.kept AND x."offset" >= own.next
            ORDER BY x."offset" LIMIT (%b::int + own.behind - 1) / own.behind
        ) AS l
    ) AS t WHERE t.bytes - octet_length(t.value) < %b::bigint / own.behind
) AS r
ORDER BY own.id, r."offset"
"""
# The newest record that is older, found from the end: what is read on the way is what will be read anyway.
_SINCE = """
SELECT given.id, old."offset" + 1
FROM unnest(%b::int[], %b::boolean[]) AS given (id, kept),
LATERAL (
    SELECT x."offset" FROM eventlog_logrecord AS x
    WHERE x.partition_id = given.id AND x.kept = given.kept AND x.at < clock_timestamp() - make_interval(secs => %b)
    ORDER BY x."offset" DESC LIMIT 1
) AS old
"""
_SPANS = "SELECT id, kept, first_offset, next_offset FROM eventlog_logpartition WHERE id = ANY(%b::int[])"


@dataclass(frozen=True, slots=True)
class EmbeddedRecord:
    """A record as the table holds it."""

    offset: int
    key: bytes
    value: bytes
    timestamp: int
    packed_headers: bytes

    @property
    def headers(self) -> Headers:
        return _unpack_headers(self.packed_headers) if self.packed_headers else []


class EmbeddedReader:
    """One connection for everything: membership, locks, bells and records. When it is lost, so is all the rest, at once."""

    def __init__(
        self,
        group: str,
        topics: Sequence[str],
        *,
        member: str,
        load: Load | None,
        lost: Lost,
        records_max: int,
        look_back_s: float = 0.0,
    ) -> None:
        self._group = group
        self._look_back_s = look_back_s
        self._load = load
        self._lost = lost
        self._records_max = records_max
        self._next: dict[Partition, int] = {}
        self._locked: dict[Partition, int] = {}
        self._held: set[Partition] = set()
        self._more = True
        self._last_record_s = time.monotonic()
        try:
            self._database = self._connect(member)
        except psycopg.Error as error:
            raise LogUnavailableError(str(error).strip()) from error
        try:
            full_group = f"{settings.KAFKA_TOPIC_PREFIX}{group}"
            self._group_bell = sql.group_bell(full_group)
            for bell in {self._group_bell, *(sql.topic_bell(topic) for topic in topics)}:
                self._database.execute(f"LISTEN {bell}")
            self._membership = Membership(self._database, full_group, member, list(topics))
        except psycopg.Error as error:
            self._database.close()
            raise LogUnavailableError(str(error).strip()) from error

    def _connect(self, member: str) -> Connection:
        database = own_connection(f"tredye log {self._group} {member}", options=sql.READING)
        database.prepare_threshold = 0  # few statements, run for ever
        return database

    def poll(self) -> tuple[dict[Partition, list[EmbeddedRecord]], bool]:
        with self._translated():
            rung = self._listen()
            changed = self._follow()
            if not (rung or self._more or changed):
                return {}, False
            fresh = self._fetch()
        if fresh:
            self._last_record_s = time.monotonic()
        return fresh, changed

    def moved(self, partition: Partition, next_offset: int) -> None:
        self._next[partition] = next_offset

    def next_offset(self, partition: Partition) -> int:
        return self._next[partition]

    def hold(self, partition: Partition) -> None:
        self._held.add(partition)

    def reload(self) -> None:
        self._next.clear()
        with self._translated():
            self._seek()

    @property
    def assignment(self) -> set[Partition]:
        return set(self._next)

    @property
    def held(self) -> set[Partition]:
        return set(self._held)

    def lag(self) -> int:
        spans = self._membership.spans
        return sum(max(0, spans[each].next - offset) for each, offset in self._next.items() if each in spans)

    def close(self) -> None:
        try:
            self._membership.leave()
        except psycopg.Error as error:
            log.warning("%s did not leave its group cleanly: %s", self._group, str(error).strip())
        self._database.close()

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """Postgres's errors in the port's words. What ``load`` and ``lost`` raise is Django's, and the caller's to mend."""
        try:
            yield
        except psycopg.Error as error:
            if self._membership.was_taken():
                raise FencedMemberError(f"another process has taken the place of this member of {self._group}") from error
            raise LogUnavailableError(str(error).strip()) from error

    def _listen(self) -> bool:
        """Wait for the bell, unless more is known to be there. Returns whether it rang for a topic."""
        if self._more or self._membership.is_due():
            return False
        flowing = time.monotonic() - self._last_record_s < _FLOWING_S
        rung = False
        for notice in self._database.notifies(timeout=_WAIT_S_FLOWING if flowing else _WAIT_S_IDLE, stop_after=1):
            if notice.channel == self._group_bell:
                self._membership.hurry()
            else:
                rung = True
        return rung

    def _follow(self) -> bool:
        """Make what is locked this member's share. Returns whether partitions came or went."""
        if self._locked.keys() != self._next.keys():
            self._seek()  # the stored positions could not be read the last time
        if not self._membership.is_due():
            return False
        before = self._locked.copy()
        share = self._membership.look()
        wanted = {partition: self._membership.spans[partition].id for partition in share}
        self._let_go({partition: number for partition, number in before.items() if wanted.get(partition) != number})
        missing = {number: partition for partition, number in wanted.items() if partition not in self._locked}
        if missing:
            for number in self._membership.take(sorted(missing)):
                self._locked[missing[number]] = number
        self._more = self._more or self._is_behind()
        if self._locked == before:
            return False
        log.info("%s reads %s", self._group, sorted(self._locked))
        self._seek()
        return True

    def _let_go(self, gone: dict[Partition, int]) -> None:
        if not gone:
            return
        self._membership.release(sorted(gone.values()))
        for partition in gone:
            del self._locked[partition]
            self._next.pop(partition, None)
            self._held.discard(partition)

    def _is_behind(self) -> bool:
        """By the last look: for the bell that was missed. Steps over what was removed while we stood before it."""
        behind = False
        for partition, offset in self._next.items():
            span = self._membership.spans[partition]
            if offset < span.first:
                self._skip(partition, offset, span)
            behind = behind or (partition not in self._held and self._next[partition] < span.next)
        return behind

    def _seek(self) -> None:
        """Find where to read on in the partitions that are locked and have no position yet."""
        new = {number: partition for partition, number in self._locked.items() if partition not in self._next}
        if not new:
            return
        stored = self._load(new.values()) if self._load else {}
        rows = self._database.execute(_SPANS, [sorted(new)], binary=True).fetchall()
        spans = [Span(*row) for row in rows]
        latest = {} if self._load else self._latest(spans)
        for span in spans:
            partition = new[span.id]
            offset = stored.get(partition, span.first) if self._load else latest[span.id]
            if span.first <= offset <= span.next:
                self._next[partition] = offset
            else:
                self._skip(partition, offset, span)
        self._more = True

    def _latest(self, spans: list[Span]) -> dict[int, int]:
        """The end of each, or where the time begins that is looked back on."""
        if not self._look_back_s:
            return {span.id: span.next for span in spans}
        arguments = [[span.id for span in spans], [span.kept for span in spans], self._look_back_s]
        found: dict[int, int] = dict(self._database.execute(_SINCE, arguments, binary=True).fetchall())
        # What was removed meanwhile is not read; what came meanwhile is; where nothing is older, all that there is.
        return {span.id: max(span.first, min(span.next, found.get(span.id, span.first))) for span in spans}

    def _skip(self, partition: Partition, offset: int, span: Span) -> None:
        """What stood at ``offset`` is no longer there: read on from the beginning of what is."""
        if self._load is not None:
            report_lost(self._group, partition, offset, span.first, span.next)
            self._lost(partition, span.first)
        self._next[partition] = span.first

    def _fetch(self) -> dict[Partition, list[EmbeddedRecord]]:
        self._more = False
        own = {self._locked[each]: each for each in self._next if each not in self._held and each in self._locked}
        if not own:
            return {}
        starts = [self._next[partition] for partition in own.values()]
        arguments = [list(own), starts, self._records_max, FETCH_BYTES_MAX]
        rows: list[Any] = self._database.execute(_FETCH, arguments, binary=True).fetchall()
        fresh: dict[Partition, list[EmbeddedRecord]] = {}
        ends: dict[Partition, int] = {}
        for number, end, offset, key, value, headers, at_ms in rows:
            partition = own[number]
            ends[partition] = end
            fresh.setdefault(partition, []).append(EmbeddedRecord(offset, key.encode(), value, at_ms, headers))
        for partition, records in fresh.items():
            first = records[0].offset
            if first != self._next[partition]:
                span = self._membership.spans[partition]
                self._skip(partition, self._next[partition], Span(span.id, span.kept, first, ends[partition]))
            self._more = self._more or records[-1].offset + 1 < ends[partition]
        return fresh

"""The consumer runner: reads a handler's topics, applies each message once, and survives its servers.

One step is: poll, decode, apply in one transaction with the new positions, tick. The log is told nothing.

- Postgres away: the connection is closed, the same batch is tried again with a growing pause. A connection outside a request
  never heals by itself.
- The log away: the reader is built anew, from the stored positions.
- A message that cannot be applied: tried three times, then isolated by applying one message at a time, then stopped at or
  parked, as the handler says.
- No progress for 30 s, whatever the reason (a client library that stalls included): the process ends with an error, and whoever
  supervises it starts another.
"""

import logging
import time
from collections.abc import Callable, Iterable, Mapping
from threading import Event
from typing import Any

from django.db import DatabaseError, InterfaceError, OperationalError, connection, transaction

from apps.core.failpoint import failpoint
from apps.eventlog import lost_ranges, poison, positions
from apps.eventlog.codec import UnreadableMessageError, decode
from apps.eventlog.handler import Handler, Record
from apps.eventlog.log import event_log
from apps.eventlog.lost_ranges import LostRanges
from apps.eventlog.port import Batch, FencedMemberError, LogUnavailableError, Partition, RawRecord, Reader
from apps.eventlog.positions import PositionTakenError
from apps.eventlog.stories import header, tells_stories
from apps.eventlog.telling import ConsumerTeller, within_story
from apps.eventlog.watchdog import Watchdog
from apps.observability import metrics
from apps.observability.callers import called
from apps.observability.tracing import HEADER as TRACEPARENT

log = logging.getLogger(__name__)

Batches = dict[Partition, list[Record]]

_TRIES = 3
_BACKOFF_S = 0.05
_BACKOFF_MAX_S = 5.0
_RECORDS_MAX = 1_000
_ALARM_S = 30.0
_LAG_S = 1.0


class Runner:
    """Runs one handler until ``stopping`` is set. ``member`` names this process among those of the same consumer."""

    def __init__(self, handler: Handler, stopping: Event, *, member: str = "1", watchdog: Watchdog | None = None) -> None:
        self._handler = handler
        self._stopping = stopping
        self._member = member
        self._watchdog = watchdog or Watchdog(limit_s=None)
        self._stored = handler.positions == "database"
        self._teller = ConsumerTeller(handler.name)
        self._undone = LostRanges()
        self._alarmed_s = 0.0
        self._lag_s = 0.0
        self._batch_seconds = metrics.CONSUMER_BATCH_SECONDS.labels(handler.name)
        self._batch_records = metrics.CONSUMER_BATCH_RECORDS.labels(handler.name)
        self._delay_seconds = metrics.CONSUMER_DELAY_SECONDS.labels(handler.name)

    def run(self) -> None:
        """Run until told to stop. Raises FencedMemberError when another process runs as the same member."""
        with called(self._handler.name):
            self._run()

    def _run(self) -> None:
        self._handler.start()
        try:
            pause_s = _BACKOFF_S
            while not self._stopping.is_set():
                began_s = time.monotonic()
                try:
                    self._read()
                except FencedMemberError:
                    log.error("%s: another process runs as member %s", self._handler.name, self._member)
                    raise
                except LogUnavailableError as error:
                    pause_s = _BACKOFF_S if time.monotonic() - began_s > _ALARM_S else min(pause_s * 2, _BACKOFF_MAX_S)
                    metrics.CONSUMER_FAILURES.labels(self._handler.name, "eventlog").inc()
                    log.warning("%s: the event log failed, next attempt in %.2f s: %s", self._handler.name, pause_s, error)
                    self._wait(pause_s)
        finally:
            self._handler.stop()
            self._teller.write()
            connection.close()

    def _read(self) -> None:
        """Read with one reader until told to stop, or until it fails."""
        if self._stored:  # what stores nothing needs no Postgres to begin
            self._persist(self._learn_what_was_undone)
        reader = event_log().reader(
            self._handler.name,
            self._handler.topics,
            member=self._member,
            load=self._load if self._stored else None,
            lost=self._lost,
            records_max=_RECORDS_MAX,
            look_back_s=self._handler.look_back_s,
        )
        try:
            while not self._stopping.is_set():
                self._step(reader)
        finally:
            reader.close()

    def _step(self, reader: Reader) -> None:
        try:
            raw, changed = reader.poll()
        except (OperationalError, InterfaceError) as error:
            self._heal(error, _BACKOFF_S)
            return
        if changed:
            self._handler.forget()
        if raw:
            self._take(reader, raw)
        self._watchdog.beat()
        self._teller.write_soon()
        self._persist(lambda: self._handler.tick(time.monotonic_ns()))
        self._observe(reader)

    def _take(self, reader: Reader, raw: Mapping[Partition, Batch]) -> None:
        began_s = time.monotonic()
        try:
            self._apply(reader, self._decoded(reader, raw))
        except PositionTakenError as taken:
            # Everything in hand is from before; nothing of it may be applied, or parked, at positions read anew.
            log.warning("%s: %s", self._handler.name, taken)
            self._handler.forget()
            self._persist(reader.reload)
        self._measure(raw, time.monotonic() - began_s)

    def _measure(self, raw: Mapping[Partition, Batch], seconds: float) -> None:
        newest_ms = max(entries[-1].timestamp for entries in raw.values())
        self._batch_seconds.observe(seconds)
        self._batch_records.observe(sum(map(len, raw.values())))
        self._delay_seconds.observe(max(0.0, time.time() - newest_ms / 1000))

    def _decoded(self, reader: Reader, raw: Mapping[Partition, Batch]) -> Batches:
        """Decode until the first message of a partition that its schema refuses; what precedes it is applied first."""
        batches: Batches = {}
        for (topic, number), entries in raw.items():
            good: list[Record] = []
            for entry in entries:
                try:
                    message = decode(topic, entry.value)
                except UnreadableMessageError as error:
                    # The same bytes are refused however often they are read: no second try.
                    if not self._refuse(reader, (topic, number), good, entry, error):
                        break
                    good = []
                    continue
                good.append(record_of(topic, number, entry, message))
            else:
                if good:
                    batches[(topic, number)] = good
        return batches

    def _refuse(self, reader: Reader, where: Partition, before: list[Record], entry: RawRecord, error: Exception) -> bool:
        """Apply what came before a bad message, then follow the handler's policy. Returns False when the partition stops."""
        if before:
            self._apply(reader, {where: before})
        if where in reader.held:
            return False
        return self._poisoned(reader, record_of(*where, entry, None), error)

    def _apply(self, reader: Reader, batches: Batches) -> None:
        """Apply ``batches`` together; when that fails for good, one message at a time to find the one that fails.

        Raises :class:`PositionTakenError` when another member has applied them.
        """
        if not batches:
            return
        error = self._apply_once(reader, batches)
        if error is None or self._stopping.is_set():
            return
        records = [record for batch in batches.values() for record in batch]
        if len(records) == 1:
            self._poisoned(reader, records[0], error)
            return
        for where, batch in batches.items():
            for record in batch:
                if where in reader.held or self._stopping.is_set():
                    break
                self._apply(reader, {where: [record]})

    def _apply_once(self, reader: Reader, batches: Batches) -> Exception | None:
        """Three tries. Returns the error of the last one; failures of Postgres itself are waited out and do not count."""
        records = [record for batch in batches.values() for record in batch]
        moves = {where: (reader.next_offset(where), batch[-1].offset + 1) for where, batch in batches.items()}
        tries, pause_s = 0, _BACKOFF_S
        while not self._stopping.is_set():
            began_ns = time.time_ns()
            try:
                with within_story(records):
                    self._transact(records, moves)
            except (OperationalError, InterfaceError) as error:
                self._heal(error, pause_s)
                pause_s = min(pause_s * 2, _BACKOFF_MAX_S)
                continue
            except PositionTakenError:
                raise
            except Exception as error:  # whatever a handler raises is its verdict on these records
                self._handler.forget()
                tries += 1
                metrics.CONSUMER_FAILURES.labels(self._handler.name, "handler").inc()
                if tries >= _TRIES:
                    return error
                self._wait(_BACKOFF_S * 2**tries)
                continue
            self._moved(reader, batches, moves)
            self._teller.tell(records, began_ns)
            return None
        return None

    def _transact(self, records: list[Record], moves: Mapping[Partition, tuple[int, int]]) -> None:
        if not self._stored:
            self._handler.handle(records)
            return
        known = [record for record in records if not self._undone.cover(record)] if self._undone else records
        with transaction.atomic():
            if known:
                self._handler.handle(known)
            positions.move(self._handler.name, moves)
            failpoint("consumer.after_effect_before_commit")

    def _moved(self, reader: Reader, batches: Batches, moves: Mapping[Partition, tuple[int, int]]) -> None:
        for where, (_, after) in moves.items():
            reader.moved(where, after)
            metrics.CONSUMER_RECORDS.labels(self._handler.name, where[0]).inc(len(batches[where]))

    def _poisoned(self, reader: Reader, record: Record, error: Exception) -> bool:
        """Park ``record`` or stop its partition. Returns True when the partition goes on."""
        with within_story([record]):
            return self._parked(reader, record, error)

    def _parked(self, reader: Reader, record: Record, error: Exception) -> bool:
        where = (record.topic, record.partition)
        if self._handler.poison == "stop":
            reader.hold(where)
            self._alarmed_s = 0.0
            poison.report_stopped(self._handler.name, record, error)
            return False
        move = (reader.next_offset(where), record.offset + 1)

        def park() -> None:
            poison.park(self._handler.name, record, error, {where: move} if self._stored else {})

        self._persist(park)
        reader.moved(where, record.offset + 1)
        return True

    def _persist(self, write: Callable[[], None]) -> None:
        """Run ``write``, waiting out failures of Postgres."""
        pause_s = _BACKOFF_S
        while not self._stopping.is_set():
            try:
                write()
                return
            except (OperationalError, InterfaceError) as error:
                self._heal(error, pause_s)
                pause_s = min(pause_s * 2, _BACKOFF_MAX_S)

    def _heal(self, error: DatabaseError | InterfaceError, pause_s: float) -> None:
        metrics.CONSUMER_FAILURES.labels(self._handler.name, "postgres").inc()
        log.warning("%s: postgres failed, next attempt in %.2f s: %s", self._handler.name, pause_s, str(error).strip())
        self._handler.forget()
        connection.close()
        self._wait(pause_s)

    def _wait(self, seconds: float) -> None:
        self._watchdog.beat()
        self._stopping.wait(seconds)
        self._watchdog.beat()

    def _load(self, partitions: Iterable[Partition]) -> dict[Partition, int]:
        return positions.stored(self._handler.name, partitions)

    def _learn_what_was_undone(self) -> None:
        self._undone = lost_ranges.load()

    def _lost(self, partition: Partition, offset: int) -> None:
        positions.rewrite(self._handler.name, partition, offset)

    def _observe(self, reader: Reader) -> None:
        now_s = time.monotonic()
        if now_s - self._lag_s > _LAG_S:
            self._lag_s = now_s
            metrics.CONSUMER_LAG.labels(self._handler.name).set(reader.lag())
            metrics.CONSUMER_STOPPED_PARTITIONS.labels(self._handler.name).set(len(reader.held))
        if reader.held and now_s - self._alarmed_s > _ALARM_S:
            self._alarmed_s = now_s
            log.error("%s is stopped at %s: a message there cannot be applied", self._handler.name, sorted(reader.held))


def record_of(topic: str, number: int, entry: RawRecord, message: Any) -> Record:
    """A message of a topic as a handler gets it."""
    key = (entry.key or b"").decode("utf-8", "replace")
    named = ("", "")
    if tells_stories(topic) and (headers := entry.headers):
        named = (header(headers, "event-id"), header(headers, TRACEPARENT))
    return Record(topic, number, entry.offset, key, entry.value or b"", entry.timestamp, message, *named)

"""The relay: publishes the outbox to the log in order, at least once.

Read behind the cursor, send, wait for the acknowledgements, move the cursor. A crash in between publishes the same messages once
more; they carry their event id and rising sequences, and consumers apply each once.

Order is kept by three things: one relay at a time (an advisory lock, and a cursor that moves only from where this relay saw
it), one partition per key, and a producer that never gives up on one message while a later one goes through: its delivery
timeout is endless, and what the log does not acknowledge in ``_PATIENCE_S`` is given up all together, with the producer.

No other process ever waits for this one.
"""

import logging
import time
from collections import Counter
from datetime import UTC, datetime
from threading import Event

import psycopg

from apps.core.failpoint import failpoint
from apps.eventlog import outbox, producer
from apps.eventlog.database import Connection, own_connection
from apps.eventlog.log import event_log
from apps.eventlog.outbox import DamagedOutboxError, Waiting
from apps.eventlog.port import Producer, PublishError, RefusedMessageError, UnacknowledgedError
from apps.eventlog.stories import headers_of, story_in
from apps.eventlog.telling import RelayTeller
from apps.eventlog.topics import UnknownTopicError
from apps.eventlog.watchdog import Watchdog
from apps.observability import metrics

log = logging.getLogger(__name__)

#: Published batches stay readable this long, for people who look into a fault.
RETENTION_S = 3_600.0
_BATCHES_MAX = 64
_UNDER_WAY_MAX = 8 * 1024 * 1024
_WAIT_S = 0.05
_BACKOFF_S = 0.1
_BACKOFF_MAX_S = 5.0
_PATIENCE_S = 30.0
_ENDLESS_MS = 30 * 24 * 3_600_000
_DEPTH_MAX = 10_000
_OBSERVE_S = 1.0
_ALARM_S = 30.0
_PRUNE_S = 1.0
_PRUNE_MAX = 500
#: The first half of the advisory lock's key; the second is the lane's.
_LOCK = 0x7265_6C61


class LostLaneError(RuntimeError):
    """Another relay publishes this lane."""


def take_lane_lock(database: Connection, lane: str) -> bool:
    """Whether this session is now the one that publishes ``lane``, until it ends."""
    row = database.execute("SELECT pg_try_advisory_lock(%s, hashtext(%s))", [_LOCK, lane]).fetchone()
    return bool(row and row[0])


class Relay:
    """Publishes one lane until ``stopping`` is set."""

    def __init__(
        self,
        stopping: Event,
        *,
        lane: str = outbox.ENGINE_LANE,
        watchdog: Watchdog | None = None,
        retention_s: float = RETENTION_S,
    ) -> None:
        self._stopping = stopping
        self._lane = lane
        self._watchdog = watchdog or Watchdog(limit_s=None)
        self._retention_s = retention_s
        self._producer: Producer | None = None
        self._teller = RelayTeller()
        self._database: Connection | None = None  # while it serves, published or not
        self._cursor = 0
        self._observed_s = self._pruned_s = float("-inf")

    def run(self) -> None:
        with event_log().tended():
            self._run()

    def _run(self) -> None:
        pause_s = _BACKOFF_S
        try:
            while not self._stopping.is_set():
                began_s = time.monotonic()
                try:
                    self._serve()
                except (psycopg.Error, LostLaneError) as error:
                    self._report("postgres", error)
                except (DamagedOutboxError, RefusedMessageError, UnknownTopicError) as error:
                    # No second try helps, and what is behind may not overtake: the lane waits for a person.
                    self._drop_producer()
                    metrics.RELAY_FAILURES.labels("outbox").inc()
                    log.error("%s stops behind sequence %d: %s", self._lane, self._cursor, error)
                    self._wait(_ALARM_S)
                except PublishError as error:
                    self._report("eventlog", error)
                    self._drop_producer()
                pause_s = _BACKOFF_S if time.monotonic() - began_s > _ALARM_S else min(pause_s * 2, _BACKOFF_MAX_S)
                self._wait(pause_s)
        finally:
            self._drop_producer()
            self._teller.write()

    def _serve(self) -> None:
        """Publish over one connection to Postgres until it fails or the process ends."""
        with own_connection(f"tredye relay {self._lane}", caller="relay") as database:
            if not self._take_lane(database):
                return
            database.execute(f"LISTEN {outbox.CHANNEL}")
            self._cursor = outbox.cursor_of(database, self._lane)
            log.info("lane %s is published from sequence %d on", self._lane, self._cursor)
            self._database = database
            try:
                self._publish(database)
            finally:
                self._database = None

    def _publish(self, database: Connection) -> None:
        while not self._stopping.is_set():
            self._watchdog.beat()
            self._teller.write_soon()
            self._measure()
            if not self._publish_some(database):
                self._tend(database)
                # A notice ends the wait at once; without one (the writer may not send any) the pause is the limit.
                for _ in database.notifies(timeout=_WAIT_S, stop_after=1):
                    pass

    def _take_lane(self, database: Connection) -> bool:
        """Wait for the lane's lock; False when the process shall end. A standby waits here."""
        told = False
        while not self._stopping.is_set():
            if take_lane_lock(database, self._lane):
                return True
            if not told:
                log.info("another relay publishes lane %s, standing by", self._lane)
                told = True
            self._wait(0.5)
        return False

    def _publish_some(self, database: Connection) -> bool:
        """Publish the oldest waiting batches and move the cursor. Returns whether there were any."""
        began_s = time.monotonic()
        batches = outbox.waiting(database, self._lane, self._cursor, _BATCHES_MAX)
        if not batches or not self._send(batches):
            return False
        failpoint("relay.after_send_before_mark")
        last = batches[-1].last_sequence
        if not outbox.move_cursor(database, self._lane, self._cursor, last):
            raise LostLaneError(f"the cursor of lane {self._lane} is no longer at {self._cursor}")
        self._cursor = last
        self._teller.tell()
        for topic, count in Counter(message.topic for batch in batches for message in batch.messages).items():
            metrics.RELAY_PUBLISHED.labels(topic).inc(count)
        metrics.RELAY_PUBLISH_SECONDS.observe(time.monotonic() - began_s)
        if began_s - self._pruned_s > _PRUNE_S:
            self._tend(database)
        return True

    def _send(self, batches: list[Waiting]) -> bool:
        """Send and wait until all are acknowledged; False when the process shall end before that."""
        if self._producer is None:
            self._producer = producer.connect(f"relay-{self._lane}", self._wait, linger_ms=1, delivery_timeout_ms=_ENDLESS_MS)
        if self._producer is None:
            return False
        self._teller.forget()
        size = 0
        for batch in batches:
            for topic, key, event_id, value in batch.messages:
                size += len(value)
                if size > _UNDER_WAY_MAX:
                    # Well below what the producer buffers: a backlog of large batches is never too much at once.
                    if not self._acknowledged(self._producer):
                        return False
                    size = len(value)
                story = story_in(topic, value)
                self._producer.send(topic, key, value, headers=headers_of(event_id, story.correlation_id))
                if story.correlation_id:
                    self._teller.note(topic, event_id, story)
        return self._acknowledged(self._producer)

    def _acknowledged(self, log_producer: Producer) -> bool:
        """Wait for it; once at least, so that who is told to end does not leave what went through to be published again."""
        deadline_s = time.monotonic() + _PATIENCE_S
        while True:
            self._watchdog.beat()
            self._measure()
            try:
                log_producer.flush(1.0)
                return True
            except UnacknowledgedError as error:
                if self._stopping.is_set():
                    return False
                if time.monotonic() > deadline_s:
                    raise
                log.warning("lane %s: %s", self._lane, error)

    def _tend(self, database: Connection) -> None:
        """Between batches: remove what is long published."""
        now_s = time.monotonic()
        if now_s - self._pruned_s > _PRUNE_S:
            removed = outbox.prune(database, self._lane, self._cursor, self._retention_s, _PRUNE_MAX)
            metrics.RELAY_PRUNED.labels(self._lane).inc(removed)
            # A full chunk says that there is more: come back at the next chance.
            self._pruned_s = now_s if removed < _PRUNE_MAX else float("-inf")

    def _measure(self) -> None:
        """The backlog, once a second whatever it waits for: nobody else tells how old it is."""
        now_s = time.monotonic()
        if self._database is None or now_s - self._observed_s <= _OBSERVE_S:
            return
        self._observed_s = now_s
        depth, oldest = outbox.backlog(self._database, self._lane, self._cursor, _DEPTH_MAX)
        age_s = (datetime.now(UTC) - oldest).total_seconds() if oldest else 0.0
        metrics.RELAY_DEPTH.labels(self._lane).set(depth)
        metrics.RELAY_OLDEST_SECONDS.labels(self._lane).set(max(0.0, age_s))

    def _report(self, server: str, error: Exception) -> None:
        metrics.RELAY_FAILURES.labels(server).inc()
        log.warning("lane %s: %s failed and is tried again: %s", self._lane, server, str(error).strip())

    def _drop_producer(self) -> None:
        if self._producer is not None:
            self._producer.close()
            self._producer = None

    def _wait(self, seconds: float) -> bool:
        """Wait, and say whether the process shall end."""
        deadline_s = time.monotonic() + seconds
        while not self._stopping.is_set() and time.monotonic() < deadline_s:
            self._watchdog.beat()
            self._measure()
            self._stopping.wait(min(1.0, deadline_s - time.monotonic()))
        return self._stopping.is_set()

"""Appending to the embedded log: senders fill a bounded buffer, one thread empties it, a transaction for all that waits.

What is appended to topics that are kept for ever is on disk when it is acknowledged. Appends that concern only topics that pass
away anyway (ticks, depth) do not wait for the disk: a crash of Postgres itself may take the last 600 ms of them. Even then
nothing is out of order and no stored position is ahead, since Postgres loses only the newest part of its log, positions included.
"""

import logging
import threading
import time
from collections import deque
from collections.abc import Sequence
from itertools import groupby
from typing import NamedTuple

import msgspec
import psycopg

from apps.eventlog.database import Connection, own_connection
from apps.eventlog.embedded import sql
from apps.eventlog.outstanding import Outstanding
from apps.eventlog.port import MESSAGE_BYTES_MAX, Headers, PublishError, RefusedMessageError, UnacknowledgedError
from apps.eventlog.topics import FOREVER_MS, full_name, get_topic, partition_of

log = logging.getLogger(__name__)

_BATCH_MESSAGES_MAX = 2_000
_BATCH_BYTES_MAX = 4 * 1024 * 1024
_BACKOFF_S = 0.05
_BACKOFF_S_MAX = 1.0
_CLOSE_S = 3.0
#: A statement that the server has not answered for this long beyond its own timeout never will be.
_STUCK_S = 10.0
_NO_SUCH_PARTITION = "TL404"

_ARRAYS = "%b::text[], %b::int[], %b::int[], %b::text[], %b::bytea[], %b::bytea[]"
_APPEND = f"SELECT eventlog_append({_ARRAYS})"
_APPEND_PASSING = f"SELECT {sql.AT_EASE}, eventlog_append({_ARRAYS}), {sql.RING}"

pack_headers = msgspec.msgpack.Encoder().encode


class _Message(NamedTuple):
    topic: str
    number: int
    key: str
    value: bytes
    headers: bytes
    sent_s: float
    ticket: int


class EmbeddedProducer:
    """Acknowledged when committed, in order per partition, at least once: what was cut off in the middle is appended again."""

    def __init__(self, client_id: str, *, linger_ms: int, delivery_timeout_ms: int, connect_timeout_ms: int) -> None:
        self._name = f"tredye log {client_id}"
        self._linger_s = linger_ms / 1_000
        self._patience_s = delivery_timeout_ms / 1_000
        self._outstanding = Outstanding()
        self._waiting: deque[_Message] = deque()
        self._changed = threading.Condition()
        self._hurried = self._closing = False
        self._under_way_s: float | None = None
        try:
            # libpq counts in whole seconds and takes 1 for 2
            self._database: Connection | None = self._connect(max(2, round(connect_timeout_ms / 1_000)))
        except psycopg.Error as error:
            raise PublishError(f"no Postgres for the event log: {str(error).strip()}") from error
        self._thread = threading.Thread(target=self._run, name=f"append-{client_id}", daemon=True)
        self._thread.start()

    def send(self, topic: str, key: str, value: bytes, partition: int | None = None, headers: Headers | None = None) -> None:
        get_topic(topic), key.encode()  # what these refuse must not reach the thread
        number = partition_of(key, topic) if partition is None else partition
        size = len(value)
        ticket = self._outstanding.admit(topic, size)
        if size > MESSAGE_BYTES_MAX or "\x00" in key:
            error = RefusedMessageError(f"{topic} did not take a message of {size} bytes, at most {MESSAGE_BYTES_MAX}")
            self._outstanding.settle(ticket, topic, size, error)
            raise error
        packed = pack_headers(headers) if headers else b""
        message = _Message(topic, number, key, value, packed, time.monotonic(), ticket)
        with self._changed:
            self._waiting.append(message)
            if len(self._waiting) == 1:
                self._changed.notify()

    def flush(self, timeout_s: float) -> None:
        self._hurry()
        try:
            self._outstanding.wait(timeout_s)
        except UnacknowledgedError as error:
            began_s = self._under_way_s
            if began_s is not None and time.monotonic() - began_s > self._patience_s + _STUCK_S:
                raise PublishError(f"{error}, and Postgres does not answer at all") from None
            raise

    def oldest_s(self) -> float:
        return self._outstanding.oldest_s()

    def close(self) -> None:
        try:
            self.flush(_CLOSE_S)
        except PublishError as error:
            log.warning("producer closes with messages left: %s", error)
        with self._changed:
            self._closing = True
            self._changed.notify()
        self._thread.join(_CLOSE_S)

    def _hurry(self) -> None:
        with self._changed:
            self._hurried = bool(self._waiting)
            self._changed.notify()

    def _connect(self, timeout_s: int = 2) -> Connection:
        database = own_connection(self._name, connect_timeout_s=timeout_s)
        database.prepare_threshold = 0  # few statements, run for ever
        return database

    def _run(self) -> None:
        while batch := self._take():
            self._under_way_s = time.monotonic()
            self._deliver(batch)
            self._under_way_s = None
        for message in self._waiting:
            self._settle([message], UnacknowledgedError("the producer was closed"))
        if self._database is not None:
            self._database.close()

    def _take(self) -> list[_Message]:
        """Wait for messages, then for more as long as the linger says; empty when closing."""
        with self._changed:
            self._changed.wait_for(lambda: self._waiting or self._closing)
            if self._linger_s and not self._closing:
                self._changed.wait_for(lambda: self._hurried or self._closing, self._linger_s)
            self._hurried = False
            if self._closing:
                return []
            batch: list[_Message] = []
            size = 0
            while self._waiting and len(batch) < _BATCH_MESSAGES_MAX and size < _BATCH_BYTES_MAX:
                batch.append(self._waiting.popleft())
                size += len(batch[-1].value)
            return batch

    def _deliver(self, batch: list[_Message]) -> None:
        """Append ``batch``, again and again until it is in or its time is over."""
        pause_s = _BACKOFF_S
        while True:
            try:
                self._append(batch)
                return
            except psycopg.Error as error:
                if error.sqlstate == _NO_SUCH_PARTITION:
                    self._deliver_apart(batch, error)
                    return
                batch = self._give_up_late(batch, error)
                if not batch:
                    return
                log.warning("the log did not take %d messages, again in %.2f s: %s", len(batch), pause_s, str(error).strip())
            with self._changed:
                self._changed.wait_for(lambda: self._closing, pause_s)
            pause_s = min(pause_s * 2, _BACKOFF_S_MAX)

    def _give_up_late(self, batch: list[_Message], error: psycopg.Error) -> list[_Message]:
        """Fail what has waited longer than the delivery timeout, all when closing; return the rest."""
        now_s = time.monotonic()
        rest = [] if self._closing else [message for message in batch if now_s - message.sent_s <= self._patience_s]
        kept = set(map(id, rest))
        self._settle([message for message in batch if id(message) not in kept], error)
        return rest

    def _deliver_apart(self, batch: list[_Message], error: psycopg.Error) -> None:
        """A partition does not exist: its messages fail. Those of the others are delivered with the patience of any batch: were
        they failed by a connection that broke just now, later ones would overtake them."""
        places = [list(group) for _, group in groupby(sorted(batch, key=_place), key=_place)]
        if len(places) > 1:
            for messages in places:
                self._deliver(messages)
            return
        log.error("the log did not take %d messages of %s: %s", len(batch), batch[0].topic, str(error).strip())
        self._settle(batch, error)

    def _append(self, batch: list[_Message]) -> None:
        """One transaction, one round trip. Raises psycopg.Error; then nothing was acknowledged."""
        bells = sorted({sql.topic_bell(message.topic) for message in batch})
        is_kept = any(get_topic(message.topic).retention_ms == FOREVER_MS for message in batch)
        try:
            if self._database is None or self._database.closed:
                self._database = self._connect()
            arrays = _arrays(sorted(batch, key=_place))  # stable: the order within a partition stays
            self._database.execute(*((_APPEND, arrays) if is_kept else (_APPEND_PASSING, [*arrays, bells])))
        except psycopg.Error:
            raise
        except Exception as error:
            # No failure of Postgres, which would be tried again: these cannot be written, and the thread must live for others.
            log.exception("the log did not take %d messages", len(batch))
            self._settle(batch, error)
            return
        self._settle(batch, None)
        if is_kept:
            self._ring(bells)

    def _ring(self, bells: list[str]) -> None:
        try:
            if self._database is not None:
                sql.ring(self._database, bells)
        except psycopg.Error as error:
            # The messages are in; readers look by themselves once a second.
            log.warning("the readers were not woken: %s", str(error).strip())

    def _settle(self, messages: Sequence[_Message], error: BaseException | None) -> None:
        for message in messages:
            self._outstanding.settle(message.ticket, message.topic, len(message.value), error)


def _place(message: _Message) -> tuple[str, int]:
    return message.topic, message.number


def _arrays(ordered: Sequence[_Message]) -> list[list[object]]:
    """The arguments of ``eventlog_append``: the partitions with how many messages each gets, then the messages."""
    topics: list[object] = []
    numbers: list[object] = []
    counts: list[object] = []
    for (topic, number), group in groupby(ordered, key=_place):
        topics.append(full_name(topic))
        numbers.append(number)
        counts.append(sum(1 for _ in group))
    keys: list[object] = [message.key for message in ordered]
    values: list[object] = [message.value for message in ordered]
    headers: list[object] = [message.headers for message in ordered]
    return [topics, numbers, counts, keys, values, headers]

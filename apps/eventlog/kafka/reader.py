"""Reading the log: Kafka's consumer, bent to positions of our own.

What this works around in kafka-python 3.0, each seen on a real broker:

- No rebalance listener (partitions have stuck behind one): the assignment is compared after every poll instead.
- A poll shorter than the look-up of the group's coordinator starts that look-up anew each time and so never joins: with 5 ms it
  never did. So polls are long until there is an assignment, and now and then when all is quiet. Records end any poll at once; one
  that is shorter than the fetch only crosses to the client's thread and back for nothing.
- A leader that joins anew because the topics' partitions changed forgets so while it joins: the assignment that it makes then is
  of the new ones. A poll that ends between that and the join's own end was the last to wait for the join: the client saw no need
  for it any more, and polled for ever, a core for itself, without partitions and without heartbeats. So what has begun to join is
  told after each poll to go on, and its polls are long.
- A heartbeat that is due and gets no answer makes a poll a loop without a pause, a core of it: a frozen broker would slow down
  everybody else on the machine. Then the pause is ours, and so it is while the coordinator is looked for.
- While a fetch waits at the broker for some partitions, a new record of another waits with it: ``fetch_wait_ms`` bounds that.
"""

import logging
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from kafka import KafkaConsumer, TopicPartition
from kafka.errors import KafkaError
from kafka.structs import MemberState

from apps.eventlog.lost import report_lost
from apps.eventlog.port import (
    FETCH_BYTES_MAX,
    SESSION_TIMEOUT_S,
    FencedMemberError,
    Load,
    LogUnavailableError,
    Lost,
    Partition,
)
from apps.eventlog.topics import full_name, short_name
from apps.observability import metrics

log = logging.getLogger(__name__)

_POLL_MS = 20
#: Doubled after each poll that brought no assignment: on a machine that is busy enough even this one is too short to join.
_POLL_MS_JOINING = 250
_POLL_MS_JOINING_MAX = 4_000
_POLL_MS_LONG = 100
_QUIET_S = 1.0
#: While records come a poll ends by itself.
_SPIN_AFTER_S = 0.25
_SILENT_S = 1.0
_HEARTBEAT_S = 2
#: After it the client itself takes a request for lost, and its coordinator with it.
_REQUEST_TIMEOUT_S = 10
_ABSENCE_S = 5.0
#: How long the broker may hold a fetch for which it has less than the bytes wanted. What is shown must be there at once; what is
#: stored may come 50 ms later, so that a steady trickle is a transaction for each 50 ms and not for each record.
_FETCH_WAIT_MS_LATEST = 10
_FETCH_WAIT_MS_STORED = 50
_FETCH_BYTES_STORED = 16 * 1024


@contextmanager
def _translated() -> Iterator[None]:
    """Kafka's errors in the port's words."""
    try:
        yield
    except KafkaError as error:
        raise LogUnavailableError(repr(error)) from error


class KafkaLogReader:
    """A static member of a consumer group that commits nothing to Kafka."""

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
        self._member = member
        self._load = load
        self._lost = lost
        self._next: dict[Partition, int] = {}
        self._held: set[Partition] = set()
        self._gaps: dict[Partition, int] = {}
        self._last_record_s = time.monotonic()
        self._last_long_s = 0.0
        self._joining_ms = _POLL_MS_JOINING
        self._silent_s: float | None = None
        self._lapsed_s: float | None = None
        self._absent_s: float | None = None
        self._warned_s: float | None = None
        with _translated():
            self._kafka = self._connect(topics, records_max)

    def _connect(self, topics: Sequence[str], records_max: int) -> KafkaConsumer:
        return KafkaConsumer(
            *[full_name(topic) for topic in topics],
            bootstrap_servers=settings.KAFKA_BOOTSTRAP,
            client_id=f"{self._group}-{self._member}",
            group_id=f"{settings.KAFKA_TOPIC_PREFIX}{self._group}",
            group_instance_id=self._member,
            enable_auto_commit=False,
            auto_offset_reset="latest" if self._load is None else "earliest",
            fetch_max_wait_ms=_FETCH_WAIT_MS_LATEST if self._load is None else _FETCH_WAIT_MS_STORED,
            fetch_min_bytes=1 if self._load is None else _FETCH_BYTES_STORED,
            fetch_max_bytes=FETCH_BYTES_MAX,
            max_poll_records=records_max,
            session_timeout_ms=SESSION_TIMEOUT_S * 1_000,
            heartbeat_interval_ms=_HEARTBEAT_S * 1_000,
            request_timeout_ms=_REQUEST_TIMEOUT_S * 1_000,
            reconnect_backoff_max_ms=1_000,
            bootstrap_timeout_ms=2_000,
            allow_auto_create_topics=False,
            metrics_enabled=False,
        )

    def poll(self) -> tuple[dict[Partition, list[Any]], bool]:
        with _translated():
            return self._poll()

    def _poll(self) -> tuple[dict[Partition, list[Any]], bool]:
        wait_ms = self._poll_ms()
        if self._would_spin():
            time.sleep(wait_ms / 1_000)
            wait_ms = 0
        batches = self._kafka.poll(timeout_ms=wait_ms)
        if self._joins():
            self._kafka._coordinator.request_rejoin()
        self._check_membership()
        if batches:
            self._last_record_s = time.monotonic()
        changed = self._follow_assignment()
        fresh: dict[Partition, list[Any]] = {}
        for owned, records in batches.items():
            partition = (short_name(owned.topic), owned.partition)
            if records and not (changed and self._load) and self._expected(partition, records):
                fresh[partition] = records
        return fresh, changed

    def moved(self, partition: Partition, next_offset: int) -> None:
        self._next[partition] = next_offset

    def next_offset(self, partition: Partition) -> int:
        return self._next[partition]

    def hold(self, partition: Partition) -> None:
        self._held.add(partition)
        with _translated():
            self._kafka.pause(_broker(partition))

    def reload(self) -> None:
        owned = set(self._next)
        self._next.clear()
        self._gaps.clear()
        with _translated():
            self._seek(owned)

    @property
    def assignment(self) -> set[Partition]:
        return set(self._next)

    @property
    def held(self) -> set[Partition]:
        return set(self._held)

    def lag(self) -> int:
        total = 0
        for partition, next_offset in self._next.items():
            end = self._kafka.highwater(_broker(partition))
            total += max(0, end - next_offset) if end is not None else 0
        return total

    def close(self) -> None:
        try:
            self._kafka.close(autocommit=False, timeout_ms=2_000)
        except KafkaError as error:
            log.warning("%s did not leave its group cleanly: %r", self._group, error)

    def _joins(self) -> bool:
        """Whether a join was begun that no poll has seen the end of."""
        return bool(self._kafka._coordinator.rejoining)

    def _poll_ms(self) -> int:
        now = time.monotonic()
        if not self._next or self._joins():  # a member that joins is given no records
            joining_ms, self._joining_ms = self._joining_ms, min(self._joining_ms * 2, _POLL_MS_JOINING_MAX)
            return joining_ms
        self._joining_ms = _POLL_MS_JOINING
        if self._kafka._coordinator.coordinator_unknown():
            return _POLL_MS_JOINING
        quiet_s = now - self._last_record_s
        if quiet_s > _QUIET_S and now - self._last_long_s > _QUIET_S:
            self._last_long_s = now
            return _POLL_MS_LONG
        return _POLL_MS

    def _would_spin(self) -> bool:
        coordinator = self._kafka._coordinator
        is_quiet = time.monotonic() - self._last_record_s > _SPIN_AFTER_S
        return is_quiet and not coordinator.coordinator_unknown() and not self._joins() and coordinator.time_to_next_poll() == 0

    def _check_membership(self) -> None:
        """Raise FencedMemberError when another process has joined as this member.

        The client only logs it, ceases to send heartbeats and reads on for ever beside the other one, "stable" by its own word.
        """
        coordinator = self._kafka._coordinator
        self._report_absence(coordinator.coordinator_unknown())
        joined = self._kafka.group_metadata().state == MemberState.STABLE and not coordinator.need_rejoin()
        if not joined or coordinator._heartbeat_enabled:
            self._silent_s = None
        elif self._silent_s is None:
            self._silent_s = time.monotonic()  # may be the moment between the end of a join and the first heartbeat
        elif time.monotonic() - self._silent_s > _SILENT_S:
            raise FencedMemberError(f"another process reads as member {self._member} of {self._group}")
        self._check_heartbeats(coordinator)

    def _check_heartbeats(self, coordinator: Any) -> None:
        """Raise LogUnavailableError when the group has been silent for longer than the client itself waits for it.

        After a session without an answer the client looks for its coordinator anew, once the heartbeat under way is answered or
        given up. A broker that is only slow is thus the client's own affair; one that does not even come to that stands still.
        """
        settled = not coordinator.need_rejoin() and not coordinator.coordinator_unknown()
        if not settled or not coordinator.heartbeat.session_timeout_expired():
            self._lapsed_s = None
        elif self._lapsed_s is None:
            self._lapsed_s = time.monotonic()
        elif time.monotonic() - self._lapsed_s > _HEARTBEAT_S + _REQUEST_TIMEOUT_S:
            raise LogUnavailableError(f"member {self._member} of {self._group} sends no heartbeats")

    def _report_absence(self, absent: bool) -> None:
        """Say that the broker is away: the client goes on trying for ever, and its own log of that is hundreds of lines."""
        now_s = time.monotonic()
        if not absent:
            if self._warned_s:
                log.info("%s has found its broker again", self._group)
            self._absent_s = self._warned_s = None
        elif self._absent_s is None:
            self._absent_s = now_s
        elif now_s - (self._warned_s or self._absent_s) > _ABSENCE_S:
            self._warned_s = now_s
            metrics.CONSUMER_FAILURES.labels(self._group, "eventlog").inc()
            log.warning("%s has not reached its broker for %.0f s and goes on trying", self._group, now_s - self._absent_s)

    def _follow_assignment(self) -> bool:
        owned = {(short_name(each.topic), each.partition) for each in self._kafka.assignment()}
        known = set(self._next)
        if owned == known:
            return False
        self._gaps.clear()  # what is dropped now looks like a hole, and must be asked for twice again
        for partition in known - owned:
            del self._next[partition]
            self._held.discard(partition)
        self._seek(owned - known)
        if self._load is not None:
            # Kafka stands behind what this poll brought of the partitions that stay, and that is dropped.
            for partition in owned & known:
                self._kafka.seek(_broker(partition), self._next[partition])
        log.info("%s reads %s", self._group, sorted(owned))
        return True

    def _seek(self, partitions: set[Partition]) -> None:
        if not partitions:
            return
        brokers = [_broker(partition) for partition in partitions]
        if self._load is None:
            self._seek_latest(partitions, brokers)
            return
        stored = self._load(partitions)
        begins = self._kafka.beginning_offsets(brokers, timeout_ms=5_000)
        ends = self._kafka.end_offsets(brokers, timeout_ms=5_000)
        for partition in sorted(partitions):
            begin, end = begins[_broker(partition)], ends[_broker(partition)]
            offset = stored.get(partition, begin)
            if not begin <= offset <= end:
                self._report_lost(partition, offset, begin, end)
                offset = begin
            self._next[partition] = offset
            self._kafka.seek(_broker(partition), offset)
            if partition in self._held:
                self._kafka.pause(_broker(partition))

    def _seek_latest(self, partitions: set[Partition], brokers: list[TopicPartition]) -> None:
        """Kafka's own position decides what is read; ours is where that starts, for the lag."""
        ends = self._kafka.end_offsets(brokers, timeout_ms=5_000)
        self._next.update({partition: ends[_broker(partition)] for partition in partitions})
        if not self._look_back_s:
            return
        since_ms = int((time.time() - self._look_back_s) * 1_000)
        found = self._kafka.offsets_for_times(dict.fromkeys(brokers, since_ms), timeout_ms=5_000)
        for partition in partitions:
            broker = _broker(partition)
            # None: nothing has come since then.
            start = found.get(broker)
            self._next[partition] = start.offset if start is not None else self._next[partition]
            self._kafka.seek(broker, self._next[partition])

    def _expected(self, partition: Partition, records: list[Any]) -> bool:
        """Whether ``records`` continue where the caller stands. If not, go back there and drop them.

        Kafka may reset a position on its own: after a rebalance that ended with the same partitions, or when the log was cut.
        """
        if partition in self._held:
            self._kafka.pause(_broker(partition))
            return False
        first, expected = records[0].offset, self._next[partition]
        if self._load is None or first == expected:
            self._gaps.pop(partition, None)
            return True
        if first > expected and self._gaps.pop(partition, None) == expected:
            return True  # asked for it a second time and got the same: the log has a hole here, not our position
        broker = _broker(partition)
        begin = self._kafka.beginning_offsets([broker], timeout_ms=5_000)[broker]
        end = self._kafka.end_offsets([broker], timeout_ms=5_000)[broker]
        if begin <= expected <= end:
            self._gaps[partition] = expected
            self._kafka.seek(broker, expected)
        else:
            self._report_lost(partition, expected, begin, end)
            self._kafka.seek(broker, begin)
            self._next[partition] = begin
        return False

    def _report_lost(self, partition: Partition, offset: int, begin: int, end: int) -> None:
        report_lost(self._group, partition, offset, begin, end)
        self._lost(partition, begin)


def _broker(partition: Partition) -> TopicPartition:
    return TopicPartition(full_name(partition[0]), partition[1])

"""What an event log must be able to do, and how it fails: all that the rest of this app knows of the log underneath.

Two adapters fill it, ``kafka`` and ``embedded``; ``log`` chooses. Both promise the same, and one test suite holds them to it:

- What was acknowledged is kept over a restart of any process, each message at least once.
- Messages of one partition have rising offsets and are read in that order; a reader never passes one that appears later.
- The members of a group share the partitions, each read by one of them at a time. The partitions of a member that is gone go to
  the others: at once when it said so, within ``SESSION_TIMEOUT_S`` when it did not.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

#: (topic without prefix, partition)
Partition = tuple[str, int]
Headers = list[tuple[str, bytes]]

#: A message that the log has not acknowledged after this long has failed.
DELIVERY_TIMEOUT_MS = 10_000
MESSAGE_BYTES_MAX = 1_000_000
#: What may wait for the log at once; beyond it a sender is told, rather than the memory filled.
BUFFER_BYTES_MAX = 32 * 1024 * 1024
#: What one poll of a reader may bring.
FETCH_BYTES_MAX = 8 * 1024 * 1024
#: Members that vanish without a word are missed after this long; their partitions stand still until then.
SESSION_TIMEOUT_S = 6


class LogError(RuntimeError):
    """Whatever the event log says no with."""


class LogUnavailableError(LogError):
    """The log did not answer, or refused."""


class FencedMemberError(LogError):
    """Another process has joined the group as this member."""


class PublishError(LogError):
    """The log did not acknowledge what was sent. Whoever must not lose it sends it again."""


class RefusedMessageError(PublishError):
    """The message is larger than the log takes. Sending it again changes nothing."""


class UnacknowledgedError(PublishError):
    """Not yet acknowledged, nor failed: flush again, or give up."""


class Producer(Protocol):
    def send(self, topic: str, key: str, value: bytes, partition: int | None = None, headers: Headers | None = None) -> None:
        """Hand over one message of ``topic`` (without prefix). Without ``partition`` the key decides.

        Returns at once as a rule, within ``block_ms_max`` in any case. Raises :class:`PublishError` when the buffer is full or
        the log cannot be reached, :class:`RefusedMessageError` when it is too large, and UnknownTopicError when nobody declared
        the topic.
        """

    def flush(self, timeout_s: float) -> None:
        """Wait until everything handed over is acknowledged. Raises :class:`PublishError` naming the first failure since
        the last flush, and :class:`UnacknowledgedError` when the time is over."""

    def oldest_s(self) -> float:
        """Seconds for which the oldest message has waited for the log, 0 when none waits. Asks nobody, waits for nobody."""

    def close(self) -> None:
        """Send what is left, for a few seconds at most, and let go."""


class RawRecord(Protocol):
    """A message as it was read, not decoded. ``timestamp`` in milliseconds since 1970."""

    @property
    def offset(self) -> int: ...
    @property
    def key(self) -> bytes | None: ...
    @property
    def value(self) -> bytes: ...
    @property
    def headers(self) -> Sequence[tuple[str, bytes]]: ...
    @property
    def timestamp(self) -> int: ...


Batch = Sequence[RawRecord]
#: (first offset, or how far before the end; how many)
Stretch = tuple[int, int]


class Reader(Protocol):
    """Reads topics as one member of a group, from positions that the caller keeps.

    Every method may raise :class:`LogUnavailableError`, after which the reader is closed and another is made.
    """

    def poll(self) -> tuple[Mapping[Partition, Batch], bool]:
        """Return the new records by partition, in order, and whether partitions came or went.

        Waits some milliseconds for records, fewer while they flow. Raises :class:`FencedMemberError`.
        """

    def moved(self, partition: Partition, next_offset: int) -> None:
        """The caller has applied everything before ``next_offset``."""

    def next_offset(self, partition: Partition) -> int: ...

    def hold(self, partition: Partition) -> None:
        """Read nothing more of ``partition`` until it is assigned anew."""

    def reload(self) -> None:
        """Start again from the stored positions: what was delivered and not applied comes once more."""

    @property
    def assignment(self) -> set[Partition]: ...

    @property
    def held(self) -> set[Partition]: ...

    def lag(self) -> int:
        """Messages between our positions and the end of the log, as far as the last look knew."""

    def close(self) -> None:
        """Leave the group, so that the others take over at once."""


Load = Callable[[Iterable[Partition]], Mapping[Partition, int]]
Lost = Callable[[Partition, int], None]


@dataclass(frozen=True, slots=True)
class Difference:
    """What the log has otherwise than the table of topics says. ``found`` None: the topic is not there."""

    topic: str
    what: str
    declared: int
    found: int | None


class Log(Protocol):
    """One event log."""

    def producer(
        self,
        client_id: str,
        *,
        linger_ms: int,
        delivery_timeout_ms: int,
        connect_timeout_ms: int,
        block_ms_max: int,
        topics: Sequence[str],
    ) -> Producer:
        """Connect; raises :class:`PublishError` when the log does not answer in time."""

    def reader(
        self,
        group: str,
        topics: Sequence[str],
        *,
        member: str,
        load: Load | None,
        lost: Lost,
        records_max: int,
        look_back_s: float = 0.0,
    ) -> Reader:
        """Join ``group`` as ``member``, which names this process within it: after a crash it takes its partitions back.

        ``load`` returns the stored next offsets of some partitions; None instead of it means: always from the end, or from
        ``look_back_s`` before it, by the time at which a message was put on the log. ``lost`` is told a partition and the offset
        read on from when the log no longer holds the stored one.
        """

    def ensure_topics(self) -> list[str]:
        """Create what is missing and set the declared retention where it differs. Returns the names created. Safe to repeat.

        The number of partitions of an existing topic is left alone: changing it would move keys to other partitions and so
        break their order; ``compare_topics`` shows it. Raises :class:`LogUnavailableError`.
        """

    def remove_topics(self, names: Sequence[str]) -> None:
        """Remove these topics with all that is on them; ``ensure_topics`` makes them anew, empty. Only a person asks for it.

        Returns when they are gone; raises :class:`LogUnavailableError`.
        """

    def compare_topics(self) -> list[Difference]:
        """Return where the log differs from the table. Raises :class:`LogUnavailableError`."""

    def identity(self) -> str:
        """Return which log this is, in at most 60 characters: a position stored for another one means nothing here.

        Raises :class:`LogUnavailableError`.
        """

    def ends(self) -> Mapping[Partition, int]:
        """Return the next offset of every partition of every topic. Raises :class:`LogUnavailableError`."""

    def look(self, partition: Partition, stretches: Sequence[Stretch]) -> Sequence[RawRecord]:
        """Return the records of some stretches of a partition, as far as they are kept, without reading as anybody: for a person
        who looks into something. The caller bounds the stretches. Raises :class:`LogUnavailableError` within 20 s.
        """

    def ask(self) -> None:
        """Return when the log can be used now; raises whatever says why it cannot. Within a second, for ``/readyz``."""

    def tended(self) -> AbstractContextManager[None]:
        """While this is entered, what is older than its topic's retention is removed, if the log does not see to it itself."""

"""What the consumer runner calls: one handler per consumer, one record per message."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Literal


@dataclass(frozen=True, slots=True)
class Record:
    """One message of a topic. ``topic`` is without the deployment's prefix; ``message`` is decoded by the topic's schema.

    ``traceparent`` is the header's value, whatever it is: read it with ``observability.tracing``.
    """

    topic: str
    partition: int
    offset: int
    key: str
    value: bytes
    timestamp_ms: int
    message: Any
    #: Of an event that belongs to a story; never of a tick.
    event_id: str = ""
    traceparent: str = ""


class Handler(ABC):
    """Reacts to the records of some topics.

    ``positions``
        ``database``: ``handle`` runs inside a transaction that also stores where the consumer stands, so that an effect and
        its position are kept or lost together. ``latest``: starts at the end of the log and stores nothing; for what is only
        shown, where an old value is worth nothing.
    ``look_back_s``
        With ``latest``: how far before the end a partition is begun that comes to this process, so that what came while nobody
        read it is not missed. The handler must know what it has seen.
    ``poison``
        What becomes of a message that cannot be read or applied: ``stop`` holds its partition until a person has looked
        (money), ``park`` puts it aside and goes on (display).
    """

    name: ClassVar[str]
    topics: ClassVar[tuple[str, ...]]
    positions: ClassVar[Literal["database", "latest"]]
    look_back_s: ClassVar[float] = 0.0
    poison: ClassVar[Literal["stop", "park"]]

    def start(self) -> None:  # noqa: B027 - optional
        """Called once before the first record."""

    def stop(self) -> None:  # noqa: B027 - optional
        """Called once after the last record, also when the process is told to end."""

    @abstractmethod
    def handle(self, records: Sequence[Record]) -> None:
        """Apply ``records``, which are in order per partition. May be called again with the same records after an error."""

    def tick(self, now_ns: int) -> None:  # noqa: B027 - optional
        """Called between polls with the monotonic clock: every few milliseconds while records flow, some 20 ms
        apart when they have ceased, with one pause of 100 ms each second once nothing has come for a second."""

    def forget(self) -> None:  # noqa: B027 - optional
        """Drop what is remembered of the database: a transaction was rolled back, or partitions came or went."""

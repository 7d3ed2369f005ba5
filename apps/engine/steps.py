"""What is handed from one step of a batch to the next: read from the socket, looked up, decided."""

from typing import NamedTuple

from apps.commands.types import AnyCommand
from apps.engine.repeats import Key, Known
from apps.engine.store import StoredOrder, StoredRecord


class Request(NamedTuple):
    """A command and the MessagePack it came as, which is what the journal keeps."""

    command: AnyCommand
    raw: bytes


class Lookups(NamedTuple):
    """What memory and the database know of the ids in a batch. Memory's answers are held here, and those that the batch gives
    are added, so that none can be forgotten between the look-up and the decision."""

    recent_orders: dict[Key, Known]
    recent: dict[Key, Known]
    orders: dict[Key, StoredOrder]
    records: dict[Key, StoredRecord]
    ended: dict[int, StoredOrder]


class Decided(NamedTuple):
    """A batch that was decided ``at`` a reading of the performance counter. Its answers leave when it is durable."""

    answers: list[bytes]
    at: float
    is_sent: bool  # False when nothing had to be written
    last: int  # the engine's sequence after it

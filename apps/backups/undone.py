"""What a restoration undid, as far as the event log still tells it: events that are on it and not in the books."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import msgspec

from apps.core.clock import instant
from apps.eventlog.log import event_log
from apps.eventlog.port import Partition, RawRecord
from apps.eventlog.topics import get_topic

_TOPICS = ("orders.events", "accounts.events", "instruments.events")
_CHUNK = 500
#: Of one partition: whoever lost more than this has the log to read.
_READ_MAX = 200_000


class _Told(msgspec.Struct, frozen=True):
    type: str = ""
    sequence: int = 0
    at_ns: int = 0


@dataclass
class Undone:
    """``kinds`` counts the events by type. ``first_at`` and ``last_at`` are in nanoseconds since 1970, 0 without an event;
    ``is_all`` is False when there were more than are counted."""

    kinds: Counter[str] = field(default_factory=Counter)
    first_at: int = 0
    last_at: int = 0
    is_all: bool = True

    def lines(self) -> list[str]:
        if not self.kinds:
            return ["the event log knows of nothing after the backup"]
        more = "" if self.is_all else ", and more before them"
        spans = f"from {instant(self.first_at):%Y-%m-%d %H:%M:%S} to {instant(self.last_at):%H:%M:%S} UTC"
        head = f"the event log tells of {self.kinds.total()} events after the backup, {spans}{more}:"
        return [head, *(f"  {count:>8} {kind}" for kind, count in sorted(self.kinds.items()))]


def find_undone(after: int) -> Undone:
    """Read the topics of money and orders from their ends back to the engine's sequence ``after``. Raises LogUnavailableError."""
    found = Undone()
    ends = event_log().ends()
    for topic in _TOPICS:
        for number in range(get_topic(topic).partitions):
            end = ends.get((topic, number), 0)
            for record in _backwards((topic, number), end):
                told = msgspec.json.decode(record.value, type=_Told)
                if told.sequence <= after:
                    break
                found.kinds[told.type] += 1
                found.first_at = min(found.first_at or told.at_ns, told.at_ns)
                found.last_at = max(found.last_at, told.at_ns)
            else:
                found.is_all = found.is_all and end <= _READ_MAX
    return found


def _backwards(partition: Partition, end: int) -> Iterator[RawRecord]:
    least = max(0, end - _READ_MAX)
    while end > least:
        first = max(least, end - _CHUNK)
        yield from reversed(event_log().look(partition, [(first, end - first)]))
        end = first

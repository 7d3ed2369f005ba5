"""Reading topics from their beginning up to somewhere, as nobody's consumer: what a projection is made again from."""

from collections.abc import Iterator, Mapping

from apps.eventlog.codec import UnreadableMessageError, decode
from apps.eventlog.consumer import record_of
from apps.eventlog.handler import Record
from apps.eventlog.log import event_log
from apps.eventlog.lost_ranges import LostRanges
from apps.eventlog.port import LogUnavailableError, Partition
from apps.eventlog.topics import FOREVER_MS, get_topic

_CHUNK = 5_000


def read_history(
    froms: Mapping[Partition, int], until: Mapping[Partition, int], undone: LostRanges, *, skip_unreadable: bool
) -> Iterator[list[Record]]:
    """The records of each partition of ``until`` before its offset there, in order, some at a time.

    ``froms`` are the offsets to begin at, the beginning where there is none. What a restoration undid is left out, and so is what
    cannot be read where ``skip_unreadable`` says so, as a consumer that parks it does. Raises
    :class:`~apps.eventlog.port.LogUnavailableError`, also when a topic that is kept for ever does not have all of it.
    """
    for partition, end in sorted(until.items()):
        first = froms.get(partition, 0)
        while first < end:
            records = event_log().look(partition, [(first, min(_CHUNK, end - first))])
            if not records and get_topic(partition[0]).retention_ms == FOREVER_MS:
                raise LogUnavailableError(f"{partition[0]}/{partition[1]} does not hold offset {first}")
            batch = []
            for raw in records:
                try:
                    batch.append(record_of(*partition, raw, decode(partition[0], raw.value)))
                except UnreadableMessageError:
                    if not skip_unreadable:
                        raise
            if batch := [record for record in batch if not undone.cover(record)]:
                yield batch
            first = records[-1].offset + 1 if records else first + _CHUNK

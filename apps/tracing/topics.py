"""What the event log has of an order: its records with their places and headers."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime

from apps.eventlog.log import event_log
from apps.eventlog.port import LogUnavailableError, RawRecord, Stretch
from apps.eventlog.stories import header
from apps.eventlog.topics import partition_of
from apps.orders.timeline import Step
from apps.tracing.entries import Entry, Told

TOPIC = "orders.events"
#: Where no consumer has said yet where an event stands, so many of the newest records of its partition are looked through.
NEWEST = 2_000
#: Places that are near each other are read together.
_NEAR = 50


def tell(account_id: int, steps: Sequence[Step]) -> Told:
    """The records of the order's events. Those of one account are all in one partition."""
    wanted = {f"{step.event.epoch}-{step.event.sequence}" for step in steps}
    places = {step.event.sequence: step.place for step in steps if step.place is not None}
    unplaced = [step for step in steps if step.place is None]
    number = next((place.partition for place in places.values()), partition_of(account_id, TOPIC))
    stretches = [*_stretches(sorted(place.offset for place in places.values())), *([(-NEWEST, NEWEST)] if unplaced else [])]
    if not stretches:
        return Told()
    try:
        records = event_log().look((TOPIC, number), stretches)
    except LogUnavailableError as error:
        return Told(notes=(f"the event log does not answer, so nothing of {TOPIC} is told: {error}",))
    found = {record.offset: record for record in records if _event_id(record) in wanted}
    missing = wanted - {_event_id(record) for record in found.values()}
    return Told(tuple(_entries(number, found)), tuple(_notes(number, missing, is_searched=bool(unplaced))))


def _stretches(offsets: Sequence[int]) -> Iterator[Stretch]:
    first = last = -1
    for offset in offsets:
        if last < 0 or offset - last > _NEAR:
            if last >= 0:
                yield first, last - first + 1
            first = offset
        last = offset
    if last >= 0:
        yield first, last - first + 1


def _event_id(record: RawRecord) -> str:
    return header(record.headers, "event-id")


def _entries(number: int, found: Mapping[int, RawRecord]) -> Iterator[Entry]:
    for offset, record in sorted(found.items()):
        headers = {name: value.decode("ascii", "replace") for name, value in record.headers}
        told = " ".join(f"{name}={value}" for name, value in headers.items())
        key = (record.key or b"").decode("utf-8", "replace")
        at = datetime.fromtimestamp(record.timestamp / 1000, UTC)
        what = f"key {key}, {len(record.value)} bytes, {told}"
        facts = {"topic": TOPIC, "partition": number, "offset": offset, "key": key, "headers": headers}
        yield Entry(at, f"topic:{TOPIC}-{number}@{offset}", what, facts)


def _notes(number: int, missing: set[str], *, is_searched: bool) -> Iterator[str]:
    if missing:
        some = ", ".join(sorted(missing)[:5])
        how = f"the newest {NEWEST:,} records" if is_searched else "the places that were noted for them"
        yield (
            f"{len(missing)} event(s) are not at {TOPIC}-{number} among {how}: {some}. Published a moment ago, or the relay is "
            "behind (its metric tredye_relay_depth says so), or the log is another one than then"
        )

"""The event log made anew from the books: what became of orders, accounts and instruments, each event as it was.

Every event of an account is a row (``orders_accountevent``), byte for byte as it was published. Those of instruments are not
kept: the journal is lived through again, and says them anew. Market data is not published: it passes away within days, and all
that is made of it is in tables.

Consumers begin at the start of the new topics. What they did is not done again: each knows, in Postgres, the last sequence of
each key that it applied. So nobody is mailed twice, and what they had not read yet they read now.
"""

import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db import transaction

from apps.engine.retelling import instrument_messages
from apps.eventlog import outbox, positions
from apps.eventlog.adoption import adopt_log
from apps.eventlog.database import own_connection
from apps.eventlog.log import event_log
from apps.eventlog.outbox import ENGINE_LANE, Message
from apps.eventlog.port import Producer, PublishError, UnacknowledgedError
from apps.eventlog.producer import open_producer
from apps.eventlog.provision import ensure_topics
from apps.eventlog.relay import take_lane_lock
from apps.eventlog.stories import headers_of, story_in
from apps.eventlog.topics import FOREVER_MS, TOPICS
from apps.orders import event_positions
from apps.orders.selectors_events import iterate_published

#: What is kept for ever is what can be said again.
REBUILT = tuple(topic.name for topic in TOPICS.values() if topic.retention_ms == FOREVER_MS)
_UNDER_WAY_MAX = 8 * 1024 * 1024
_PATIENCE_S = 60.0
_SAY_APART_S = 2.0
_PATIENT = "-c statement_timeout=0 -c idle_in_transaction_session_timeout=0"

Say = Callable[[str], None]


class RebuildRefusedError(RuntimeError):
    """Nothing was changed; the text says why, and what to do."""


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """How many events were published by topic; all up to the relay's cursor, behind which the relay goes on."""

    counts: dict[str, int]
    up_to: int


def rebuild_log(*, replace: bool, say: Say) -> Rebuilt:
    """Publish every event that the relay has published before, in order, onto empty topics.

    1. The relay's lock is taken, so that nothing newer overtakes; orders go on, and wait in the outbox.
    2. Topics that are missing are made. Those that hold something are refused; with ``replace`` they are removed and made anew.
    3. All consumers are set to the beginning of these topics, and the places of events in the former log are forgotten.
    4. The events are published with their keys, ids and stories, per key in the order of the engine's sequence.

    It may be done again after it was cut off, with ``replace``. Raises :class:`RebuildRefusedError`,
    :class:`~apps.eventlog.port.LogError` and the database's errors.
    """
    with own_connection("tredye rebuild_log", options=_PATIENT) as database:
        if not take_lane_lock(database, ENGINE_LANE):
            raise RebuildRefusedError("a relay is at work: stop it first (orders go on, and wait in the outbox)")
        adopt_log(ensure_topics())
        _make_empty(replace=replace)
        up_to = outbox.cursor_of(database, ENGINE_LANE)
        with transaction.atomic():
            positions.begin_again(REBUILT)
            event_positions.forget_all()
        counts = _publish(up_to, say)
    return Rebuilt(counts, up_to)


def _make_empty(*, replace: bool) -> None:
    log = event_log()
    held = sorted({topic for (topic, _), end in log.ends().items() if end and topic in REBUILT})
    if not held:
        return
    if not replace:
        raise RebuildRefusedError(
            f"{', '.join(held)} hold records. --replace removes these topics and makes them anew, with what the books know alone"
        )
    log.remove_topics(REBUILT)
    ensure_topics()


def _publish(up_to: int, say: Say) -> dict[str, int]:
    counts: Counter[str] = Counter()
    producer = open_producer("rebuild-log", linger_ms=5)
    try:
        under_way = 0
        said_s = time.monotonic()
        for sequence, message in _messages(up_to, say):
            story = story_in(message.topic, message.value)
            producer.send(message.topic, message.key, message.value, headers=headers_of(message.event_id, story.correlation_id))
            counts[message.topic] += 1
            under_way += len(message.value)
            if under_way > _UNDER_WAY_MAX:
                _flush(producer)
                under_way = 0
            if time.monotonic() - said_s >= _SAY_APART_S:
                said_s = time.monotonic()
                say(f"{counts.total()} events published, to sequence {sequence} of {up_to}")
        _flush(producer)
    finally:
        producer.close()
    return {topic: counts[topic] for topic in REBUILT}


def _messages(up_to: int, say: Say) -> Iterator[tuple[int, Message]]:
    for event in iterate_published(up_to):
        topic = "accounts.events" if event.order_id is None else "orders.events"
        yield event.sequence, Message(topic, str(event.account_id), f"{event.epoch}-{event.sequence}", event.data)
    say("living through the journal for the events of instruments")
    yield from instrument_messages(up_to)


def _flush(producer: Producer) -> None:
    deadline_s = time.monotonic() + _PATIENCE_S
    while True:
        try:
            producer.flush(1.0)
            return
        except UnacknowledgedError as error:
            if time.monotonic() > deadline_s:
                raise PublishError(f"the event log does not take what is sent: {error}; begin again with --replace") from error

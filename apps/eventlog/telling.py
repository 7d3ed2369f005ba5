"""What a relay and a consumer say of the events that belong to a story: a line of the log each, and spans where they are sent."""

import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from apps.eventlog.handler import Record
from apps.eventlog.stories import Told
from apps.observability import spans
from apps.observability.lines import PER_SECOND_MAX, Lines
from apps.observability.logs import correlated
from apps.observability.spans import About, Span
from apps.observability.tracing import CONSUME, DECIDE, PUBLISH, read_traceparent, span_id_of


class RelayTeller:
    """Of what is sent it is told when all of it was acknowledged."""

    def __init__(self) -> None:
        self._lines = Lines("event_published", __name__, per_second=PER_SECOND_MAX)
        self._sent: list[tuple[str, str, Told, int]] = []

    def note(self, topic: str, event_id: str, told: Told) -> None:
        """An event of a story was handed over."""
        self._sent.append((topic, event_id, told, time.time_ns()))

    def forget(self) -> None:
        """It was not acknowledged, and will be sent again."""
        self._sent.clear()

    def tell(self) -> None:
        sent, self._sent = self._sent, []
        ended_ns = time.time_ns()
        for topic, event_id, told, sent_ns in sent:
            trace_id = told.correlation_id
            if self._lines.has_room():
                self._lines.note(correlation_id=trace_id, event_id=event_id, topic=topic)
            if spans.are_wanted(trace_id):
                span_id = span_id_of(trace_id, PUBLISH, event_id)
                parent_id = span_id_of(trace_id, DECIDE, told.causation_id)
                about: About = {"messaging.destination.name": topic, "tredye.event_id": event_id}
                spans.note(Span(trace_id, span_id, parent_id, f"publish {topic}", "PRODUCER", sent_ns, ended_ns, about))

    def write_soon(self) -> None:
        self._lines.write_soon()

    def write(self) -> None:
        self._lines.write()


class ConsumerTeller:
    def __init__(self, consumer: str) -> None:
        self._consumer = consumer
        self._lines = Lines("event_applied", __name__, per_second=PER_SECOND_MAX)

    def tell(self, records: Sequence[Record], began_ns: int) -> None:
        """``records`` were applied together, from ``began_ns`` until now."""
        ended_ns = time.time_ns()
        for record in records:
            if not record.traceparent or (parent := read_traceparent(record.traceparent)) is None:
                continue
            trace_id, span_id = parent
            if self._lines.has_room():
                self._lines.note(
                    correlation_id=trace_id,
                    consumer=self._consumer,
                    topic=record.topic,
                    partition=record.partition,
                    offset=record.offset,
                    event_id=record.event_id,
                )
            if spans.are_wanted(trace_id):
                own_id = span_id_of(trace_id, CONSUME, f"{self._consumer} {record.event_id}")
                about: About = {
                    "messaging.destination.name": record.topic,
                    "messaging.destination.partition.id": str(record.partition),
                    "messaging.kafka.offset": record.offset,
                    "tredye.event_id": record.event_id,
                }
                name = f"consume {record.topic}"
                spans.note(Span(trace_id, own_id, span_id, name, "CONSUMER", began_ns, ended_ns, about))

    def write_soon(self) -> None:
        self._lines.write_soon()

    def write(self) -> None:
        self._lines.write()


@contextmanager
def within_story(records: Sequence[Record]) -> Iterator[None]:
    """What is logged inside belongs to the story of the one record that ``records`` are; of many nobody knows whose it is."""
    parent = read_traceparent(records[0].traceparent) if len(records) == 1 else None
    if parent is None:
        yield
        return
    with correlated(parent[0]):
        yield

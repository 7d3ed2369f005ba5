"""Which story a message belongs to: its ``correlation_id``, and in the log the header ``traceparent``.

An event carries its id in its own text, so a writer of the outbox need not say it a second time; the relay reads it there. Ticks
belong to no story, and cost none of this.
"""

from collections.abc import Sequence
from functools import cache
from typing import get_args

import msgspec

from apps.eventlog.codec import schema_of
from apps.eventlog.port import Headers
from apps.eventlog.producer import story_headers
from apps.observability import spans, tracing
from apps.observability.tracing import PUBLISH, span_id_of


class Told(msgspec.Struct, frozen=True, gc=False):
    """What of an event says where it belongs."""

    correlation_id: str = ""
    causation_id: str = ""


_told = msgspec.json.Decoder(Told).decode
_NOTHING = Told()


@cache
def tells_stories(topic: str) -> bool:
    """Whether the messages of ``topic`` are events with a correlation id."""
    schema = schema_of(topic)
    return all("correlation_id" in each.__struct_fields__ for each in get_args(schema) or (schema,))


def story_in(topic: str, value: bytes) -> Told:
    """What an event says; nothing where it belongs to no story, or to one of a time when ids were not trace ids."""
    if not tells_stories(topic):
        return _NOTHING
    try:
        told = _told(value)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return _NOTHING  # whoever applies it says what is wrong with it
    return told if tracing.is_trace_id(told.correlation_id) else _NOTHING


def headers_of(event_id: str, trace_id: str) -> Headers:
    """The headers of an event that is published: with a story, its publication is the parent of what consumers do."""
    if not trace_id:
        return story_headers(event_id)
    span_id = span_id_of(trace_id, PUBLISH, event_id)
    traceparent = tracing.write_traceparent(trace_id, span_id, sampled=spans.are_wanted(trace_id))
    return story_headers(event_id, traceparent=traceparent)


def header(headers: Sequence[tuple[str, bytes]], name: str) -> str:
    """The value of the one header of that name; empty where there is none, or more than one."""
    found = [value for each, value in headers if each == name]
    return found[0].decode("ascii", "replace") if len(found) == 1 else ""

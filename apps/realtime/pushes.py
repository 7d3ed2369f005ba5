"""What is said of events that were handed to a socket of their account: to the receipts of orders, the log, and the spans."""

import time
from collections.abc import Sequence

import msgspec

from apps.observability import metrics, spans
from apps.observability.lines import Lines
from apps.observability.spans import About, Span
from apps.observability.tracing import CONSUME, PUSH, is_trace_id, span_id_of
from apps.realtime.reader import StoredEvent
from apps.receipts.services import note_pushed

#: Every order's first event is one of these.
_DECISIONS = frozenset({"ORDER_ACCEPTED", "ORDER_DENIED", "ORDER_REJECTED"})
#: Whose bell it is that has events read and pushed.
_BELL = "realtime"


class _Event(msgspec.Struct):
    """What is needed of any event; the rest is passed over."""

    type: str
    at_ns: int = 0
    order_id: int = 0
    epoch: int = 0
    sequence: int = 0
    correlation_id: str = ""


_read = msgspec.json.Decoder(_Event).decode


def note_pushes(account_id: int, events: Sequence[StoredEvent], began_ns: int, lines: Lines, *, is_live: bool = True) -> None:
    """``events`` were just handed over; reading and sending them began at ``began_ns``. Costs some microseconds each, and waits
    for nothing. The metric is of the newest."""
    now_ns = time.time_ns()
    for event in events:
        read = _read(event.data)
        if read.type in _DECISIONS:
            note_pushed(account_id, read.order_id, decided_ns=read.at_ns, at_ns=now_ns)
        if is_trace_id(read.correlation_id):
            _tell(account_id, read, began_ns, now_ns, lines)
    if is_live and events and read.at_ns:
        metrics.REALTIME_EVENT_SECONDS.observe(max(0, now_ns - read.at_ns) / 1e9)


def _tell(account_id: int, read: _Event, began_ns: int, now_ns: int, lines: Lines) -> None:
    trace_id, event_id = read.correlation_id, f"{read.epoch}-{read.sequence}"
    if lines.has_room():
        lines.note(correlation_id=trace_id, event_id=event_id, type=read.type, account_id=account_id)
    if spans.are_wanted(trace_id):
        # A bell brought it as a rule, so it hangs below that; what was asked for without one hangs there as well.
        parent_id = span_id_of(trace_id, CONSUME, f"{_BELL} {event_id}")
        # One push to each socket: the instant tells them apart.
        span_id = span_id_of(trace_id, PUSH, f"{event_id} {now_ns}")
        about: About = {"tredye.event_id": event_id}
        spans.note(Span(trace_id, span_id, parent_id, f"push {read.type}", "PRODUCER", began_ns, now_ns, about))

"""The ids of a story: what a click, its command, its events and their pushes have in common, as W3C Trace Context spells it.

The correlation id of everything is the trace id. A span's id is not carried from process to process: it is a digest of what the
span is about, so that whoever comes next knows it without being told.
"""

import re
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from hashlib import blake2b
from typing import NamedTuple

HEADER = "traceparent"
#: Kinds of spans whose ids are digests.
REQUEST, SEND, DECIDE, PUBLISH, CONSUME, PUSH = "request", "send", "decide", "publish", "consume", "push"
_TRACEPARENT = re.compile(r"00-(?P<trace>[0-9a-f]{32})-(?P<span>[0-9a-f]{16})-[0-9a-f]{2}", re.ASCII)
_TRACE_ID = re.compile(r"[0-9a-f]{32}", re.ASCII)
# Anything else could forge a log line, or fill one.
_REQUEST_ID = re.compile(r"[A-Za-z0-9-]{8,64}", re.ASCII)
_NONE = "0"


class Story(NamedTuple):
    """``request_id`` is what the caller is told; ``parent`` the caller's own span, empty without one."""

    trace_id: str
    request_id: str
    parent: str = ""


def is_trace_id(text: str) -> bool:
    """Whether it is one as W3C has them: 32 small hexadecimal digits, not all zero."""
    return _TRACE_ID.fullmatch(text) is not None and bool(text.strip(_NONE))


def read_traceparent(text: str) -> tuple[str, str] | None:
    """The trace id and the span id of a ``traceparent``; None for anything that is none. Its flags are nobody's word here."""
    found = _TRACEPARENT.fullmatch(text)
    if found is None or not found["trace"].strip(_NONE) or not found["span"].strip(_NONE):
        return None
    return found["trace"], found["span"]


def write_traceparent(trace_id: str, span_id: str, *, sampled: bool) -> str:
    return f"00-{trace_id}-{span_id}-{'01' if sampled else '00'}"


def story_of(traceparent: str, request_id: str) -> Story:
    """The story that a request begins or belongs to, from what its caller sent: either is taken when it is plain, and else made
    here. Both are names and no more: nothing is allowed, found or counted by them."""
    plain = request_id if _REQUEST_ID.fullmatch(request_id) else ""
    parent = read_traceparent(traceparent)
    if parent is not None:
        return Story(parent[0], plain or parent[0], parent[1])
    trace_id = trace_id_of(plain) if plain else uuid.uuid4().hex
    return Story(trace_id, plain or trace_id)


def trace_id_of(request_id: str) -> str:
    """The trace id of a request that came with ``request_id``: itself where it is one, written with dashes or without."""
    bare = request_id.replace("-", "").lower()
    return bare if is_trace_id(bare) else blake2b(request_id.encode(), digest_size=16).hexdigest()


def span_id_of(trace_id: str, kind: str, subject: str) -> str:
    """The id of the span of one kind about ``subject``. A microsecond."""
    return blake2b(f"{trace_id} {kind} {subject}".encode(), digest_size=8).hexdigest()


_current: ContextVar[str] = ContextVar("tredye_span", default="")


def current_span() -> str:
    """The span in which this code runs, empty outside of one."""
    return _current.get()


@contextmanager
def inside(span_id: str) -> Iterator[None]:
    token = _current.set(span_id)
    try:
        yield
    finally:
        _current.reset(token)

"""Writing to the log.

Only processes of their own write (relay, feeds, market data): a client whose threads can stall has no place in a web request.
"""

import logging
from collections.abc import Callable, Sequence

from apps.eventlog.log import event_log
from apps.eventlog.port import DELIVERY_TIMEOUT_MS, Headers, Producer, PublishError

log = logging.getLogger(__name__)

CONNECT_TIMEOUT_MS = 2_000
_BACKOFF_MAX_S = 5.0
#: How long one who may wait lets a single send wait: for where the topic is, when nobody knows that yet.
_BLOCK_MS_MAX = 2_000


def story_headers(event_id: str, correlation_id: str = "", traceparent: str = "") -> Headers:
    """The headers every message of ours may carry: which event, which story, which trace. Empty ones are left out."""
    named = (("event-id", event_id), ("correlation-id", correlation_id), ("traceparent", traceparent))
    return [(name, text.encode()) for name, text in named if text]


def open_producer(
    client_id: str,
    *,
    linger_ms: int = 2,
    delivery_timeout_ms: int = DELIVERY_TIMEOUT_MS,
    connect_timeout_ms: int = CONNECT_TIMEOUT_MS,
    block_ms_max: int = _BLOCK_MS_MAX,
    topics: Sequence[str] = (),
) -> Producer:
    """Connect; raises :class:`~apps.eventlog.port.PublishError` when the log does not answer within ``connect_timeout_ms``.

    ``block_ms_max`` bounds a single send. Where ``topics`` are is asked before this returns, as far as the log knows: the first
    send to one of them does not wait for it.
    """
    return event_log().producer(
        client_id,
        linger_ms=linger_ms,
        delivery_timeout_ms=delivery_timeout_ms,
        connect_timeout_ms=connect_timeout_ms,
        block_ms_max=block_ms_max,
        topics=topics,
    )


def connect(
    client_id: str, stopping: Callable[[float], bool], *, linger_ms: int = 2, delivery_timeout_ms: int = DELIVERY_TIMEOUT_MS
) -> Producer | None:
    """Return a producer as soon as the log answers, trying again for ever with a growing pause of at most 5 s.

    ``stopping(seconds)`` waits that long and says whether the process should end (``Event.wait``); then None is returned.
    """
    pause_s = 0.25
    while True:
        try:
            return open_producer(client_id, linger_ms=linger_ms, delivery_timeout_ms=delivery_timeout_ms)
        except PublishError as error:
            log.warning("the event log is not there, next attempt in %.2f s: %s", pause_s, error)
        if stopping(pause_s):
            return None
        pause_s = min(pause_s * 2, _BACKOFF_MAX_S)

"""What a producer has taken and the log has not acknowledged yet: counted, bounded, waited for, and how old it is."""

import threading
import time
from collections import OrderedDict
from functools import cache

from apps.core.checks import check
from apps.eventlog import port
from apps.eventlog.port import PublishError, UnacknowledgedError
from apps.observability import metrics


@cache
def _counter(topic: str, sent: bool) -> metrics.Counter:
    """Looking a labeled counter up costs more than counting: done once."""
    return (metrics.PRODUCER_SENT if sent else metrics.PRODUCER_FAILED).labels(topic)


class Outstanding:
    """Thread-safe: senders admit, whichever thread hears of it settles."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        #: When each was taken, oldest first. Ordered by name and not by chance: a plain dict looks for its first one ever longer.
        self._since_s: OrderedDict[int, float] = OrderedDict()
        self._tickets = 0
        self._pending_bytes = 0
        self._failed = 0
        self._failure = ""

    def admit(self, topic: str, size: int) -> int:
        """Count one message in; raises :class:`PublishError` when too much waits already. Returns what settles it."""
        with self._changed:
            if self._pending_bytes + size > port.BUFFER_BYTES_MAX:
                _counter(topic, False).inc()
                raise PublishError(f"{len(self._since_s)} messages wait for the log already, the buffer is full")
            self._tickets += 1
            self._since_s[self._tickets] = time.monotonic()
            self._pending_bytes += size
            return self._tickets

    def settle(self, ticket: int, topic: str, size: int, error: BaseException | None) -> None:
        """One message is acknowledged or lost."""
        _counter(topic, error is None).inc()
        with self._changed:
            del self._since_s[ticket]
            self._pending_bytes -= size
            if error is not None:
                self._failed += 1
                self._failure = self._failure or f"{type(error).__name__} on {topic}"
            if not self._since_s:
                self._changed.notify_all()

    def oldest_s(self) -> float:
        """Seconds for which the oldest message has waited; 0 when none waits."""
        with self._changed:
            return time.monotonic() - next(iter(self._since_s.values())) if self._since_s else 0.0

    def wait(self, timeout_s: float) -> None:
        """As :meth:`apps.eventlog.port.Producer.flush`."""
        check(timeout_s > 0, f"timeout_s must be positive, was {timeout_s}")
        with self._changed:
            done = self._changed.wait_for(lambda: not self._since_s, timeout_s)
            failed, failure, pending = self._failed, self._failure, len(self._since_s)
            self._failed, self._failure = 0, ""
        if failed:
            raise PublishError(f"{failed} messages were not acknowledged, the first because of {failure}")
        if not done:
            raise UnacknowledgedError(f"{pending} messages not acknowledged within {timeout_s} s")

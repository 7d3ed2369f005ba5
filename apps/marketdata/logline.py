"""A way to the event log for those who never wait for it: what cannot be sent now is dropped, and the caller is told."""

import logging
import threading

from apps.eventlog.port import Producer, PublishError, UnacknowledgedError
from apps.eventlog.producer import open_producer

log = logging.getLogger(__name__)

_PAUSE_S_MIN, _PAUSE_S_MAX = 0.2, 5.0
_FAILING_S_MAX = 15.0
_CHECK_S = 1.0


class LogLine:
    """A producer that is there or not. Connecting blocks for seconds, so a thread of its own does it."""

    def __init__(self, client_id: str) -> None:
        self._client_id = client_id
        self._producer: Producer | None = None
        self._closing = threading.Event()
        self._connecting = threading.Thread(target=self._connect, name="log-connect", daemon=True)
        self._connecting.start()
        self._failing_since_s: float | None = None
        self._checked_s = 0.0

    def send(self, topic: str, key: str, value: bytes, partition: int) -> bool:
        """Hand over one message; False when it was dropped."""
        producer = self._producer
        if producer is None:
            return False
        try:
            producer.send(topic, key, value, partition)
        except PublishError:
            return False
        return True

    def check(self, now_s: float) -> None:
        """Call often. A producer none of whose messages has arrived for a while is replaced by a new one."""
        producer = self._producer
        if producer is None or now_s - self._checked_s < _CHECK_S:
            return
        self._checked_s = now_s
        try:
            producer.flush(0.001)
        except UnacknowledgedError:
            return  # some are under way, as always
        except PublishError as error:
            if self._failing_since_s is None:
                self._failing_since_s = now_s
                log.warning("the event log does not take ticks: %s", error)
            elif now_s - self._failing_since_s > _FAILING_S_MAX:
                self._replace(producer)
            return
        if self._failing_since_s is not None:
            log.info("the event log takes ticks again")
        self._failing_since_s = None

    def close(self) -> None:
        self._closing.set()
        self._connecting.join(timeout=5)
        if self._producer is not None:
            self._producer.close()

    def _replace(self, producer: Producer) -> None:
        log.warning("the event log took no tick for %.0f s: connecting anew", _FAILING_S_MAX)
        self._producer = None
        self._failing_since_s = None
        self._connecting = threading.Thread(target=self._connect, args=[producer], name="log-connect", daemon=True)
        self._connecting.start()

    def _connect(self, old: Producer | None = None) -> None:
        if old is not None:
            old.close()
        pause_s = _PAUSE_S_MIN
        while not self._closing.is_set():
            try:
                self._producer = open_producer(self._client_id, linger_ms=0)
                return
            except PublishError as error:
                log.warning("the event log is away, next attempt in %.1f s: %s", pause_s, error)
            self._closing.wait(pause_s)
            pause_s = min(pause_s * 2, _PAUSE_S_MAX)

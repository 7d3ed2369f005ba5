"""A way to the event log for those who never wait for it: what cannot be sent now is dropped, and the caller is told."""

import logging
import threading
import time
from collections.abc import Sequence
from typing import Literal, NamedTuple

from apps.eventlog.port import DELIVERY_TIMEOUT_MS, Producer, PublishError, RefusedMessageError, UnacknowledgedError
from apps.eventlog.producer import open_producer

log = logging.getLogger(__name__)

_PAUSE_S_MIN, _PAUSE_S_MAX = 0.2, 5.0
_FAILING_S_MAX = 15.0
_CHECK_S = 1.0
#: What is neither acknowledged nor failed so long after the log's own time for it never will be: the client stands still.
_STUCK_S = DELIVERY_TIMEOUT_MS / 1_000 + _FAILING_S_MAX
#: Who calls may not wait; a topic that no broker names yet is waited for so long, and then not again for a second.
_BLOCK_MS_MAX = 50


class Silence(NamedTuple):
    """For how long the log has owed an answer, and why: it is ``away`` (no connection), does not acknowledge
    (``late``), or says no to all of a topic (``refused``)."""

    seconds: float
    why: Literal["away", "late", "refused"]


class LogLine:
    """A producer that is there or not. Connecting blocks for seconds, so a thread of its own does it."""

    def __init__(self, client_id: str, topics: Sequence[str]) -> None:
        """``topics``: to which it will send. The first message to another one may be dropped."""
        self._client_id = client_id
        self._topics = topics
        self._producer: Producer | None = None
        self._closing = threading.Event()
        self._away_since_s = time.monotonic()
        self._refused_since_s: dict[str, float] = {}  # by topic
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
        except RefusedMessageError:
            return False
        except PublishError:
            self._refused_since_s.setdefault(topic, time.monotonic())
            return False
        if self._refused_since_s:
            self._refused_since_s.pop(topic, None)
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
            if producer.oldest_s() > _STUCK_S:
                self._replace(producer)
            if producer.oldest_s() > _CHECK_S:
                return  # not taken, and not failed either
            # some are under way, as always
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

    @property
    def is_connected(self) -> bool:
        return self._producer is not None

    def silence(self) -> Silence:
        """What this line has really seen; it asks nobody. 0 seconds when nothing waits."""
        producer = self._producer
        if producer is None:
            return Silence(time.monotonic() - self._away_since_s, "away")
        now_s = time.monotonic()
        refused_s = now_s - min([*self._refused_since_s.values(), self._failing_since_s or now_s])
        late_s = producer.oldest_s()
        return Silence(refused_s, "refused") if refused_s > late_s else Silence(late_s, "late")

    def drain(self, timeout_s: float) -> bool:
        """Wait until the log has all that it was given, for those who can wait; False when it has not, or lost some."""
        producer = self._producer
        if producer is None:
            return False
        try:
            producer.flush(timeout_s)
        except PublishError:
            return False
        return True

    def close(self) -> None:
        self._closing.set()
        self._connecting.join(timeout=5)
        if self._producer is not None:
            self._producer.close()

    def _replace(self, producer: Producer) -> None:
        log.warning("the event log took no tick for %.0f s: connecting anew", _FAILING_S_MAX)
        self._away_since_s = time.monotonic() - self.silence().seconds
        self._producer = None
        self._failing_since_s = None
        self._refused_since_s.clear()
        self._connecting = threading.Thread(target=self._connect, args=[producer], name="log-connect", daemon=True)
        self._connecting.start()

    def _connect(self, old: Producer | None = None) -> None:
        pause_s = _PAUSE_S_MIN
        while not self._closing.is_set():
            try:
                leaving, old = old, None
                if leaving is not None:
                    leaving.close()
                self._producer = open_producer(self._client_id, linger_ms=0, block_ms_max=_BLOCK_MS_MAX, topics=self._topics)
                return
            except PublishError as error:
                log.warning("the event log is away, next attempt in %.1f s: %s", pause_s, error)
            except Exception:  # whatever the client library raises: without this thread nobody would ever connect again
                log.exception("the event log cannot be reached, next attempt in %.1f s", pause_s)
            self._closing.wait(pause_s)
            pause_s = min(pause_s * 2, _PAUSE_S_MAX)

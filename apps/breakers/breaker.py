"""One server's breaker in this process: open or closed, since when, and the thread that asks whether it is back."""

import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta

import structlog

from apps.core.clock import instant, process_clock
from apps.degraded import Dependency, failed, saw
from apps.observability import metrics

#: Seconds after which a server that has answered nobody is asked by a question of our own, whether it still answers at all.
SUSPECT_AFTER_S = 1.0
#: Seconds that a question may go unanswered while nobody else's is answered either: then the breaker opens. Whoever waits is told
#: within two, on a busy machine too.
SILENT_S = 1.8
#: Seconds between two questions of our own while it is open.
ASK_EVERY_S = 0.25

log = structlog.get_logger(__name__)


class RefusedError(Exception):
    """What a question raises of a server that surely cannot be used now: it takes no connections, or says that it is starting."""


class SilentError(Exception):
    """What a question raises that was not answered in time."""


class Breaker:
    """``ask`` returns when the server answers, and raises :class:`RefusedError` or :class:`SilentError` when it does not; the
    latter opens the breaker once nobody has heard of the server for ``silent_s``.

    Thread-safe. :attr:`is_open` and :attr:`answered_s` are read without the lock: a value that is a moment old does no harm.
    """

    def __init__(self, dependency: Dependency, ask: Callable[[], None], *, silent_s: float = SILENT_S) -> None:
        self.name = dependency.value
        self._dependency = dependency
        self._ask = ask
        self._silent_s = silent_s
        self._lock = threading.Lock()
        self._asking = False
        self._listeners: list[Callable[[], None]] = []
        self._state = metrics.BREAKER_OPEN.labels(self.name)
        self.is_armed = False
        self.is_open = False
        #: When the server last answered anybody here, by the monotonic clock.
        self.answered_s = time.monotonic()
        #: Since when it has not; None while the breaker is closed.
        self.away_since: datetime | None = None
        self.reason = ""
        self._opened_s = 0.0

    def arm(self) -> None:
        """From now on it opens when it has to. Called once, by a process that somebody waits for."""
        self.is_armed = True
        self._state.set(0)

    def on_open(self, listener: Callable[[], None]) -> None:
        """``listener`` is called each time it opens, in whichever thread saw it: it must not wait, and not raise."""
        self._listeners.append(listener)

    def forget(self, listener: Callable[[], None]) -> None:
        self._listeners.remove(listener)

    def answered(self) -> None:
        self.answered_s = time.monotonic()

    def silent_s(self) -> float:
        """For how long nobody here has heard of it."""
        return time.monotonic() - self.answered_s

    def suspect(self) -> None:
        """Something failed that looks as if the server were away: ask it, unless it is being asked."""
        if self.is_armed:
            self._ask_beside()

    def open(self, reason: str) -> None:
        """The server is away, as far as this process can tell."""
        with self._lock:
            if self.is_open or not self.is_armed:
                return
            silent_s = self.silent_s()
            self.away_since = instant(process_clock().now_ns()) - timedelta(seconds=silent_s)
            self.reason = reason
            self._opened_s = time.monotonic()
            self.is_open = True
        self._state.set(1)
        metrics.BREAKER_OPENED.labels(self.name).inc()
        log.error("breaker_opened", server=self.name, reason=reason, silent_s=round(silent_s, 3))
        for listener in tuple(self._listeners):
            listener()
        self._ask_beside()

    def _ask_beside(self) -> None:
        with self._lock:
            if self._asking:
                return
            self._asking = True
        threading.Thread(target=self._keep_asking, name=f"breaker-{self.name}", daemon=True).start()

    def _keep_asking(self) -> None:
        """One question after another until one is answered, for whoever opened it, also while a question was under way."""
        while True:
            is_back = self._ask_once()
            with self._lock:
                if is_back or not self.is_open:
                    self._asking = False
                    closed = self.is_open
                    self.is_open = False
                    break
            time.sleep(ASK_EVERY_S)
        if closed:
            self._closed()

    def _ask_once(self) -> bool:
        asked_s = time.monotonic()
        try:
            self._ask()
        except (RefusedError, SilentError) as error:
            failed(self._dependency, str(error), waited_s=time.monotonic() - asked_s)
            # What was answered to somebody since it was asked is a sign of life: then it is only slow to us.
            is_silent = self.answered_s < asked_s and self.silent_s() >= self._silent_s
            if is_silent or isinstance(error, RefusedError):
                self.open(str(error))
            return False
        self.answered()
        saw(self._dependency)
        return True

    def _closed(self) -> None:
        self.away_since = None
        self._state.set(0)
        log.warning("breaker_closed", server=self.name, open_s=round(time.monotonic() - self._opened_s, 3))

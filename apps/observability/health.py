"""Is what this process needs there? Asked by supervisors and balancers, so it answers within a second whatever hangs.

Each dependency has one thread and at most one check under way; callers that come meanwhile share its answer. So a frozen server
costs one thread, and a storm of probes costs one query.
"""

import socket
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as FutureTimeoutError
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.core.cache import cache
from django.db import connection

from apps.observability.hiding import hide

TIMEOUT_S = 1.0
_CONNECT_TIMEOUT_S = 0.8


@dataclass(frozen=True, slots=True)
class Answer:
    """``reason`` is empty when the dependency is there."""

    name: str
    reason: str
    took_ms: int

    @property
    def ok(self) -> bool:
        return not self.reason


class Probe:
    """One dependency. ``ask`` returns when it is there and raises when it is not."""

    def __init__(self, name: str, ask: Callable[[], None]) -> None:
        self.name = name
        self._ask = ask
        self._thread = ThreadPoolExecutor(1, thread_name_prefix=f"probe-{name}")
        self._lock = threading.Lock()
        self._under_way: Future[Answer] | None = None

    def begin(self) -> "Future[Answer]":
        """Start a check, or join the one that is under way."""
        with self._lock:
            if self._under_way is None or self._under_way.done():
                self._under_way = self._thread.submit(self._timed)
            return self._under_way

    def _timed(self) -> Answer:
        began_s = time.monotonic()
        try:
            self._ask()
            reason = ""
        except Exception as error:  # whatever it is: the dependency did not answer, which is what is asked
            reason = hide(f"{type(error).__name__}: {error}").strip().replace("\n", " ")[:200]
        return Answer(self.name, reason, round((time.monotonic() - began_s) * 1000))


def ask_postgres() -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    finally:
        connection.close()  # back to the pool


def ask_redis() -> None:
    cache.get("readyz")  # over the cache's own pool: a probe needs no connections of its own


def ask_kafka() -> None:
    """Whether any broker accepts a connection; what it then says is the event log's business."""
    failure: OSError | None = None
    for broker in settings.KAFKA_BOOTSTRAP:
        host, _, port = broker.rpartition(":")
        try:
            socket.create_connection((host, int(port)), timeout=_CONNECT_TIMEOUT_S / len(settings.KAFKA_BOOTSTRAP)).close()
            return
        except OSError as error:
            failure = error
    raise ConnectionError(f"no broker accepts a connection: {failure}")


def ask_engine() -> None:
    url = urlsplit(settings.ENGINE_URL)
    if url.scheme == "unix":
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as caller:
            caller.settimeout(_CONNECT_TIMEOUT_S)
            caller.connect(url.path)
    else:
        socket.create_connection((url.hostname or "", url.port or 0), timeout=_CONNECT_TIMEOUT_S).close()


PROBES = (
    Probe("postgres", ask_postgres),
    Probe("redis", ask_redis),
    Probe("kafka", ask_kafka),
    Probe("engine", ask_engine),
)


def check_dependencies(probes: tuple[Probe, ...] = PROBES) -> list[Answer]:
    """Ask all of ``probes`` at once and return their answers, in order, after ``TIMEOUT_S`` at the latest."""
    deadline_s = time.monotonic() + TIMEOUT_S
    under_way = [(probe.name, probe.begin()) for probe in probes]
    answers = []
    for name, future in under_way:
        try:
            answers.append(future.result(timeout=max(0.0, deadline_s - time.monotonic())))
        except FutureTimeoutError:
            answers.append(Answer(name, f"no answer within {TIMEOUT_S} s", round(TIMEOUT_S * 1000)))
    return answers

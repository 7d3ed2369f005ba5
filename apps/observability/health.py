"""Is what this process needs there? Asked by supervisors and balancers, so it answers within a second whatever hangs.

Each dependency has one thread and at most one check under way; callers that come meanwhile share its answer. So a frozen server
costs one thread, and a storm of probes costs one query.
"""

import socket
import threading
import time
from collections.abc import Callable, Iterable
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


def ask_engine() -> None:
    url = urlsplit(settings.ENGINE_URL)
    if url.scheme == "unix":
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as caller:
            caller.settimeout(_CONNECT_TIMEOUT_S)
            caller.connect(url.path)
    else:
        socket.create_connection((url.hostname or "", url.port or 0), timeout=_CONNECT_TIMEOUT_S).close()


PROBES = {
    "postgres": Probe("postgres", ask_postgres),
    "redis": Probe("redis", ask_redis),
    "engine": Probe("engine", ask_engine),
}


def register(name: str, ask: Callable[[], None]) -> None:
    """Add a dependency that an app above this one knows how to ask for. Called once, when the apps are ready."""
    PROBES[name] = Probe(name, ask)


def check_dependencies(probes: Iterable[Probe] | None = None) -> list[Answer]:
    """Ask all of ``probes`` (None: every one there is) at once; return their answers in order, after ``TIMEOUT_S`` at most."""
    deadline_s = time.monotonic() + TIMEOUT_S
    asked = PROBES.values() if probes is None else probes
    under_way = [(probe.name, probe.begin()) for probe in asked]
    answers = []
    for name, future in under_way:
        try:
            answers.append(future.result(timeout=max(0.0, deadline_s - time.monotonic())))
        except FutureTimeoutError:
            answers.append(Answer(name, f"no answer within {TIMEOUT_S} s", round(TIMEOUT_S * 1000)))
    return answers

"""Ends a process that stands still, so that whoever supervises it starts another."""

import logging
import os
import threading
import time
from collections.abc import Callable

log = logging.getLogger(__name__)

EXIT_CODE = 70  # EX_SOFTWARE


def _exit() -> None:
    # Not sys.exit: the thread that would have to unwind is the one that is stuck.
    os._exit(EXIT_CODE)


class Watchdog:
    """Calls ``expire`` when :meth:`beat` was not called for ``limit_s`` seconds. ``None`` watches nothing."""

    def __init__(self, limit_s: float | None, expire: Callable[[], None] = _exit) -> None:
        self._limit_s = limit_s
        self._expire = expire
        self._beaten_s = time.monotonic()
        self._closed = threading.Event()
        if limit_s is not None:
            threading.Thread(target=self._watch, args=(limit_s,), name="watchdog", daemon=True).start()

    def beat(self) -> None:
        self._beaten_s = time.monotonic()

    def close(self) -> None:
        self._closed.set()

    def _watch(self, limit_s: float) -> None:
        while not self._closed.wait(min(1.0, limit_s / 4)):
            still_s = time.monotonic() - self._beaten_s
            if still_s > limit_s:
                log.critical("no progress for %.0f s, ending the process", still_s)
                self._expire()
                return

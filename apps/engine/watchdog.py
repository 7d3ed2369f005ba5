"""Ends the process when a commit hangs.

A frozen server, or a network that swallows packets, keeps a blocking call for ever: the server's own timeouts do not fire and the
kernel answers the keepalives. An engine that hangs is worse than one that restarts, so a second thread looks at the clock.
"""

import logging
import os
import threading
import time

LIMIT_S = 8.0
EXIT_CODE = 75

logger = logging.getLogger(__name__)


class Watchdog:
    """``with watchdog:`` around what must not take longer than ``limit_s``."""

    def __init__(self, limit_s: float = LIMIT_S) -> None:
        self._limit_s = limit_s
        self._began = 0.0
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="engine-watchdog", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()

    def __enter__(self) -> None:
        self._began = time.monotonic()

    def __exit__(self, *exception: object) -> None:
        self._began = 0.0

    def _watch(self) -> None:
        while not self._stopped.wait(0.5):
            began = self._began
            if began and time.monotonic() - began > self._limit_s:
                logger.critical("the database has not answered for %.1f s; the engine ends, the next one reloads", self._limit_s)
                os._exit(EXIT_CODE)

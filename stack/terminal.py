"""What the person at the terminal sees. Never in the way: a paused or closed terminal costs lines, not progress.

Lines are queued up to a limit and written by one thread, because a child whose reader waits for a terminal that
somebody has paused with Ctrl-S would stop too, and the engine is such a child. Every line is in the log files as well.
"""

import os
import threading
from collections import deque
from collections.abc import Callable
from typing import TextIO

LINES_WAITING_MAX = 2_000
REFRESH_S = 0.25
COLOURS = (36, 32, 33, 35, 34, 96, 92, 93, 95, 94)


class Terminal:
    """Prefixed lines on a stream, and on a real terminal a status line below them."""

    def __init__(self, stream: TextIO | None, *, width: int = 10) -> None:
        self._stream = stream
        self.width = width
        self.is_tty = bool(stream and stream.isatty())
        self._colour = self.is_tty and "NO_COLOR" not in os.environ
        self._colour_of: dict[str, int] = {}
        self._waiting: deque[str] = deque()
        self._dropped = 0
        self._changed = threading.Condition()
        self._closed = False
        self._broken = False
        self._status_shown = False
        # Called a few times a second by the writing thread: returns the status line, and may show() lines of its own.
        self.status: Callable[[], str] = lambda: ""
        self._thread = threading.Thread(target=self._write_for_ever, name="terminal", daemon=True)
        if stream:
            self._thread.start()

    def show(self, name: str, line: str) -> None:
        """Queue one line under a process's name; drop it, and say later how many were, when the queue is full."""
        if not self._stream:
            return
        text = f"{self._prefix(name)}{line}\n"
        with self._changed:
            if len(self._waiting) >= LINES_WAITING_MAX:
                self._dropped += 1
                return
            self._waiting.append(text)
            self._changed.notify()

    def raw(self, line: str) -> None:
        """Queue one line as it is, and wait while the queue is full: for output that somebody asked for as a whole."""
        with self._changed:
            self._changed.wait_for(lambda: len(self._waiting) < LINES_WAITING_MAX or self._closed)
            self._waiting.append(f"{line}\n")
            self._changed.notify()

    def close(self) -> None:
        """Write what is queued (for two seconds at most: the terminal may be paused) and stop."""
        with self._changed:
            self._closed = True
            self._changed.notify()
        if self._stream and self._thread.is_alive():
            self._thread.join(timeout=2)

    def _prefix(self, name: str) -> str:
        plain = f"{name:<{self.width}} | "
        if not self._colour:
            return plain
        number = self._colour_of.setdefault(name, COLOURS[len(self._colour_of) % len(COLOURS)])
        return f"\x1b[{number}m{plain}\x1b[0m"

    def _write_for_ever(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._waiting or self._closed, timeout=REFRESH_S)
                closed = self._closed
            status = "" if closed else self.status()
            with self._changed:
                lines = "".join(self._waiting)
                self._waiting.clear()
                self._changed.notify_all()
                if self._dropped:
                    lines += f"{self._prefix('tredye')}{self._dropped} lines not shown here; they are in the logs\n"
                    self._dropped = 0
            self._write(lines, status)
            if closed:
                return

    def _write(self, lines: str, status: str) -> None:
        clear = "\r\x1b[K" if self._status_shown else ""
        self._status_shown = bool(status and self.is_tty)
        text = clear + lines + (status if self._status_shown else "")
        if not text or self._broken or not self._stream:
            return
        try:
            self._stream.write(text)
            self._stream.flush()
        except (OSError, ValueError):
            # The terminal went away. The processes go on; their lines are in the logs.
            self._broken = True

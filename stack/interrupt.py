"""Ctrl-C, SIGTERM and a closed terminal: one wish to stop, noticed at safe points instead of anywhere in the code."""

import signal
import threading
from collections.abc import Callable
from types import FrameType

from stack.errors import Stopped


class Interrupt:
    """Whether somebody asked for the end, and whether they are in a hurry (asked twice)."""

    def __init__(self) -> None:
        self._asked = threading.Event()
        self.hurry = threading.Event()
        self.on_first: list[Callable[[], None]] = []
        self.on_second: list[Callable[[], None]] = []

    def install(self) -> None:
        """Take the process's signals. Only a command that owns the whole process does this; tests do not."""
        signals = [signal.SIGINT, signal.SIGTERM]
        if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
            # Under nohup it is ignored, and a closed terminal is no wish to stop.
            signals.append(signal.SIGHUP)
        for number in signals:
            signal.signal(number, self._handle)

    def _handle(self, number: int, frame: FrameType | None) -> None:
        if self._asked.is_set():
            self.hurry.set()
            for callback in self.on_second:
                callback()
            return
        self._asked.set()
        for callback in self.on_first:
            callback()

    @property
    def asked(self) -> bool:
        return self._asked.is_set()

    def check(self) -> None:
        """Raise Stopped when the end was asked for."""
        if self._asked.is_set():
            raise Stopped

    def wait(self, timeout_s: float) -> bool:
        return self._asked.wait(timeout_s)

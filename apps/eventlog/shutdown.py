"""The stop flag of a worker: set by SIGTERM and SIGINT."""

import signal
from threading import Event
from types import FrameType


def stop_flag() -> Event:
    """Return an event that SIGTERM and SIGINT set. Call it once, in the main thread."""
    stopping = Event()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        stopping.set()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    return stopping

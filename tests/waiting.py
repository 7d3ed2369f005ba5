"""Waiting for a condition instead of for a while."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

#: For what a page shows in the end, however slow the machine is.
PATIENCE_MS = 40_000


def wait_until(condition: Callable[[], T], timeout_s: float = 60.0, what: str = "the condition") -> T:
    """Return the first true value of ``condition``; fails, naming ``what`` and the last value, after ``timeout_s``."""
    deadline_s = time.monotonic() + timeout_s
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline_s:
            raise AssertionError(f"{what} did not come within {timeout_s} s, last was {value!r}")
        time.sleep(0.01)

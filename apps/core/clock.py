"""Time as a value that is passed in. Pure code takes ``now``; processes take a :class:`Clock`."""

import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    def now_ns(self) -> int:
        """Wall clock, nanoseconds since 1970 UTC: for what is shown and stored."""

    def monotonic_ns(self) -> int:
        """Monotonic clock: for ages, deadlines and rates, which a clock jump must not move."""


class SystemClock:
    def now_ns(self) -> int:
        return time.time_ns()

    def monotonic_ns(self) -> int:
        return time.monotonic_ns()


class ManualClock:
    """A clock that stands still until a test moves it."""

    def __init__(self, now_ns: int = 1_700_000_000_000_000_000) -> None:
        self._now_ns = now_ns
        self._monotonic_ns = 0

    def now_ns(self) -> int:
        return self._now_ns

    def monotonic_ns(self) -> int:
        return self._monotonic_ns

    def advance_ns(self, nanoseconds: int) -> None:
        self._now_ns += nanoseconds
        self._monotonic_ns += nanoseconds


def instant(nanoseconds: int) -> datetime:
    """Nanoseconds since 1970 as an aware datetime, truncated to the microsecond that Postgres keeps."""
    seconds, rest = divmod(nanoseconds, 1_000_000_000)
    return datetime.fromtimestamp(seconds, UTC).replace(microsecond=rest // 1000)

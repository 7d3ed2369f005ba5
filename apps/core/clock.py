"""Time as a value that is passed in. Pure code takes ``now``; what decides takes a :class:`Clock`, in a process the steady one.

A machine's clock may be set while the product runs. What that may not change is who is before whom, what has expired and how
old a price is; so nothing that decides reads the machine's clock by itself (``tests/architecture/test_time.py`` has who may, and
why).
"""

import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Protocol

#: What the wall clock moves by at once, beyond this it was set; less is followed, as clocks are steered all the time.
JUMP_NS_MAX = 500_000_000

logger = logging.getLogger(__name__)


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


def _elapsed_ns() -> int:
    """Nanoseconds since the machine started. That it slept counts, since for everybody else that time has passed."""
    return time.clock_gettime_ns(time.CLOCK_BOOTTIME)


class SteadyClock:
    """The wall clock of when it was made, carried on by what has elapsed since.

    A wall clock that is steered is followed. One that is set is not, either way: nobody knows whether it was wrong before or is
    now, and an order must not expire for it. It is followed again when it comes back, or by a process that starts anew.
    """

    def __init__(self, wall: Callable[[], int] = time.time_ns, elapsed: Callable[[], int] = _elapsed_ns) -> None:
        self._wall, self._elapsed = wall, elapsed
        self._offset_ns = wall() - elapsed()
        #: How far the wall clock stands away; 0 while it is followed.
        self.away_ns = 0

    def now_ns(self) -> int:
        elapsed_ns = self._elapsed()
        away_ns = self._wall() - elapsed_ns - self._offset_ns
        if -JUMP_NS_MAX <= away_ns <= JUMP_NS_MAX:
            self._offset_ns += away_ns
            self.away_ns = 0
        elif not -JUMP_NS_MAX <= away_ns - self.away_ns <= JUMP_NS_MAX:
            self.away_ns = away_ns
            logger.critical("the machine's clock was set by %+d ms; this process goes on as if it had not", away_ns // 1_000_000)
        return elapsed_ns + self._offset_ns

    def monotonic_ns(self) -> int:
        return time.monotonic_ns()


_steady = SteadyClock()


def process_clock() -> SteadyClock:
    """The one of this process."""
    return _steady


class ManualClock:
    """A clock that stands still until a test moves it."""

    def __init__(self, now_ns: int = 1_700_000_000_000_000_000) -> None:
        self._now_ns = now_ns
        self._monotonic_ns = 0

    def now_ns(self) -> int:
        return self._now_ns

    def monotonic_ns(self) -> int:
        return self._monotonic_ns

    def set_by_ns(self, nanoseconds: int) -> None:
        """As somebody sets a clock: no time has passed."""
        self._now_ns += nanoseconds

    def advance_ns(self, nanoseconds: int) -> None:
        self._now_ns += nanoseconds
        self._monotonic_ns += nanoseconds


def instant(nanoseconds: int) -> datetime:
    """Nanoseconds since 1970 as an aware datetime, truncated to the microsecond that Postgres keeps."""
    seconds, rest = divmod(nanoseconds, 1_000_000_000)
    return datetime.fromtimestamp(seconds, UTC).replace(microsecond=rest // 1000)

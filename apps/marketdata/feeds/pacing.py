"""How many ticks are due. PURE: time is passed in."""

import math

#: After a stall at most this much is made up for; the rest is given up, or a slow machine would chase its debt for ever.
CATCH_UP_S = 0.25


class Pacer:
    """An open loop: ticks are due by the clock, whatever became of those before them."""

    def __init__(self, rate: float, now_s: float) -> None:
        """``rate`` is in ticks a second; ``now_s`` from a monotonic clock."""
        self._rate = rate
        self._next_s = now_s
        self.given_up = 0

    def due(self, now_s: float) -> int:
        """Return the number of ticks that are due and count them as made."""
        if now_s - self._next_s > CATCH_UP_S:
            skipped = int((now_s - self._next_s - CATCH_UP_S) * self._rate)
            self.given_up += skipped
            self._next_s += skipped / self._rate
        if now_s < self._next_s:
            return 0
        count = math.floor((now_s - self._next_s) * self._rate) + 1
        self._next_s += count / self._rate
        return count

    def wait_s(self, now_s: float) -> float:
        """Seconds until the next tick is due."""
        return max(0.0, self._next_s - now_s)

"""How long to wait before the next attempt: exponential, with full jitter. PURE: time and chance are passed in."""

from random import Random

BASE_S = 0.5
CAP_S = 30.0
#: A connection that was good for so long begins again at the base.
GOOD_S = 30.0


class Backoff:
    def __init__(self, random: Random) -> None:
        self._random = random
        self._attempts = 0

    def next_s(self, lived_s: float) -> float:
        """Seconds until the next attempt, after one that lived ``lived_s``."""
        self._attempts = 0 if lived_s >= GOOD_S else self._attempts
        most = min(CAP_S, BASE_S * 2.0 ** min(self._attempts, 10))
        self._attempts += 1
        return self._random.uniform(0.0, most)

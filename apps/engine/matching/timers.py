"""What is due when: a heap of instants, each for one thing that may have to happen then.

An entry promises nothing. What it is for is looked at when it comes up, and one that came too early, because the thing was put
off, is armed anew. So at most one live entry stands for a thing, however often it is renewed. Entries of one instant come up
by kind and key, whatever the order in which they were armed: a venue that was loaded does what the former would have done.
"""

import heapq
from enum import IntEnum

#: So many dead entries are left alone: rebuilding a small heap gains nothing.
SLACK = 1000


class Timer(IntEnum):
    """What is due. At one instant the lower comes first: what stops trading before what goes on with it."""

    KILL_SWEEP = 0  # of the venue; key 0
    SWEEP = 1  # of an instrument
    EXPIRY = 2  # of an order, which is GTD
    DEAD_MAN = 3  # of an account
    PAUSE = 4  # of an instrument
    SESSION = 5  # of an instrument


class Timers:
    """``seen_ns`` is the instant up to which everything that was due has been looked at."""

    __slots__ = ("_armed", "_heap", "seen_ns")

    def __init__(self, seen_ns: int = 0) -> None:
        self.seen_ns = seen_ns
        self._heap: list[tuple[int, Timer, int]] = []
        self._armed: dict[tuple[Timer, int], int] = {}

    def __len__(self) -> int:
        return len(self._heap)

    @property
    def next_ns(self) -> int | None:
        """When something may be due next; None when nothing is. May be too early, never too late."""
        return self._heap[0][0] if self._heap else None

    def armed_ns(self, timer: Timer, key: int) -> int | None:
        return self._armed.get((timer, key))

    def arm(self, timer: Timer, key: int, at_ns: int) -> None:
        """See to it that the thing is looked at by ``at_ns``."""
        armed = self._armed.get((timer, key))
        if armed is None or at_ns < armed:
            self._armed[timer, key] = at_ns
            heapq.heappush(self._heap, (at_ns, timer, key))
            self._compact()

    def disarm(self, timer: Timer, key: int) -> None:
        """Its entry stays in the heap until it comes up, or until such entries are the most of it."""
        self._armed.pop((timer, key), None)
        self._compact()

    def pop_due(self, now_ns: int) -> tuple[Timer, int] | None:
        """The next thing to look at, which is armed no more; None when nothing is due at ``now_ns``."""
        while self._heap and self._heap[0][0] <= now_ns:
            at_ns, timer, key = heapq.heappop(self._heap)
            if self._armed.get((timer, key)) == at_ns:
                del self._armed[timer, key]
                return timer, key
        return None

    def _compact(self) -> None:
        if len(self._heap) > 2 * len(self._armed) + SLACK:
            self._heap = [(at_ns, timer, key) for (timer, key), at_ns in self._armed.items()]
            heapq.heapify(self._heap)

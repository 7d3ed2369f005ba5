"""What is due when: heaps of instants, each for one thing that may have to happen then.

An entry promises nothing. What it is for is looked at when it comes up, and one that came too early, because the thing was put
off, is armed anew, even if the later instant has come as well: it takes its turn there. So at most one live entry stands for a
thing, however often it is renewed. Entries of one instant come up by kind and key, whatever the order in which they were armed,
and a look that came too early costs nothing: a venue that was loaded does what the former would have done.
"""

import heapq
from enum import IntEnum

#: So many dead entries are left alone: rebuilding a small heap gains nothing.
SLACK = 1000


class Timer(IntEnum):
    """What is due; the number orders what is due at the same instant. The key is an id of what is in brackets."""

    # Ends orders, and has to share a batch with the others.
    KILL_SWEEP = 0  # of the venue (0)
    SWEEP = 1  # of an instrument
    EXPIRY = 2  # of an order that is GTD
    DAY_END = 3  # the DAY orders of an instrument
    DEAD_MAN = 4  # of an account
    # Moves an instrument, and is done at once.
    PAUSE = 5  # of an instrument
    SESSION = 6  # of an instrument

    @property
    def ends_orders(self) -> bool:
        return self <= Timer.DEAD_MAN


class Heap:
    """The entries of one sort."""

    __slots__ = ("_armed", "_entries")

    def __init__(self) -> None:
        self._entries: list[tuple[int, Timer, int]] = []
        self._armed: dict[tuple[Timer, int], int] = {}

    def __len__(self) -> int:
        return len(self._entries)

    @property
    def next_ns(self) -> int | None:
        """When something may be due next; None when nothing is. May be too early, never too late."""
        return self._entries[0][0] if self._entries else None

    def armed_ns(self, timer: Timer, key: int) -> int | None:
        return self._armed.get((timer, key))

    def arm(self, timer: Timer, key: int, at_ns: int) -> None:
        """See to it that the thing is looked at by ``at_ns``."""
        armed = self._armed.get((timer, key))
        if armed is None or at_ns < armed:
            self._armed[timer, key] = at_ns
            heapq.heappush(self._entries, (at_ns, timer, key))
            self._compact()

    def disarm(self, timer: Timer, key: int) -> None:
        """Its entry stays until it comes up, or until such entries are the most."""
        self._armed.pop((timer, key), None)
        self._compact()

    def pop_due(self, now_ns: int) -> tuple[int, Timer, int] | None:
        """The next thing to look at, which is armed no more, and the instant for which it was; None when nothing is due."""
        while self._entries and self._entries[0][0] <= now_ns:
            at_ns, timer, key = heapq.heappop(self._entries)
            if self._armed.get((timer, key)) == at_ns:
                del self._armed[timer, key]
                return at_ns, timer, key
        return None

    def _compact(self) -> None:
        if len(self._entries) > 2 * len(self._armed) + SLACK:
            self._entries = [(at_ns, timer, key) for (timer, key), at_ns in self._armed.items()]
            heapq.heapify(self._entries)


class Timers:
    """Both sorts. ``seen_ns`` is the instant up to which every move that was due has been made."""

    __slots__ = ("endings", "moves", "seen_ns")

    def __init__(self, seen_ns: int = 0) -> None:
        self.seen_ns = seen_ns
        self.endings = Heap()
        self.moves = Heap()

    @property
    def next_ns(self) -> int | None:
        ending, move = self.endings.next_ns, self.moves.next_ns
        return ending if move is None or (ending is not None and ending < move) else move

    def of(self, timer: Timer) -> Heap:
        return self.endings if timer.ends_orders else self.moves

    def arm(self, timer: Timer, key: int, at_ns: int) -> None:
        self.of(timer).arm(timer, key, at_ns)

    def disarm(self, timer: Timer, key: int) -> None:
        self.of(timer).disarm(timer, key)

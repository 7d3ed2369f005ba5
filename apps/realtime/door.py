"""Who may come in now: so many handshakes a second, and for a minute nobody who flooded. Pure: the caller brings the time.

After a restart every page comes back within seconds. What is turned away at the door, with a time to come back at, costs a
hundredth of what is let in and then served late.
"""

from apps.realtime import limits
from apps.realtime.rate import TokenBucket


class Door:
    """Times in seconds, monotonic. ``who`` is a log-in's digest, or an address for those without one."""

    def __init__(self, handshakes_per_second: int, now: float) -> None:
        self._handshakes = TokenBucket(handshakes_per_second, handshakes_per_second, now)
        self._pause = 1 / handshakes_per_second
        self._next_back = now
        self._banned: dict[str, float] = {}  # until when, soonest first

    def admits(self, now: float) -> bool:
        """Count a handshake at ``now``; False when there were too many."""
        return self._handshakes.take(now)

    def retry_ms(self, now: float, chance: float) -> int:
        """When one that was turned away at ``now`` may come back: each a moment of its own, as many a second as are let in.

        Left to chance, half of them would meet a full door again while it stands empty later. Whoever has none within the longest
        time is sent away for any, by ``chance`` (0 to 1).
        """
        first, last = limits.DOOR_RETRY_MS
        self._next_back = min(max(self._next_back, now + first / 1000) + self._pause, now + last / 1000)
        wait_ms = int((self._next_back - now) * 1000)
        return wait_ms if wait_ms < last else int(first + chance * (last - first))

    def ban(self, who: str, now: float) -> None:
        """Keep ``who`` out for a while. Of very many the one that would be let in soonest is let in at once."""
        self._forget(now)
        self._banned.pop(who, None)
        if len(self._banned) >= limits.BANS_MAX:
            del self._banned[next(iter(self._banned))]
        self._banned[who] = now + limits.BAN_FOR

    def is_banned(self, who: str, now: float) -> bool:
        return self._banned.get(who, now) > now

    def _forget(self, now: float) -> None:
        while self._banned and next(iter(self._banned.values())) <= now:
            del self._banned[next(iter(self._banned))]

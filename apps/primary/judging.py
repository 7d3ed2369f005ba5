"""What is to be done about the pair, from what was seen of it and for how long: pure, so that every case can be tried.

Whether the primary is gone has two witnesses: the guard, whom it does not answer, and the standby, which hears nothing of it.
One of them is not enough. A guard that is cut off would otherwise end a primary that serves everybody else; and while the
standby hears of it, the primary can have commits acknowledged.
"""

import time
from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import NamedTuple

from apps.primary.generations import Place
from apps.primary.looking import WAITS_FOR, Server, Sight
from apps.primary.witness import Note

#: Looks, a second apart, at which the primary must not answer.
MISSES_MIN = 3
#: A standby asks a primary that says nothing for an answer after half its ``wal_receiver_timeout`` of 5 s.
SILENCE_S = 3.0
#: Nearer than this commits may wait for a standby that comes back.
NEAR_BYTES = 16 * 1024 * 1024


class Act(StrEnum):
    """What is to be done now. The values are words for people."""

    NOTHING = "all is well"
    ARM = "commits will wait for the standby"
    RELEASE = "commits no longer wait for the standby, which is silent"
    RENEW = "the standby is copied anew, since the primary no longer keeps what it lacks"
    FENCE = "a former primary is awake, and is ended"
    FAIL_OVER = "the primary is gone, and the standby takes its place"
    WAIT = "waiting"
    HELPLESS = "nothing can be done without a person"


class Verdict(NamedTuple):
    """``leader`` is the primary, for FAIL_OVER the standby that will be; ``other`` the server beside it."""

    act: Act
    why: str = ""
    leader: Sight | None = None
    other: Sight | None = None


class Judge:
    """Remembers since when what is missing is missing. ``wait_s``: how long commits may wait for a standby that is silent."""

    def __init__(self, wait_s: float, now: Callable[[], float] = time.monotonic) -> None:
        self._wait_s = wait_s
        self._now = now
        self.misses = 0
        self._replied = ""
        self._silent_since: float | None = None

    def judge(self, sights: Sequence[Sight], note: Note | None) -> Verdict:
        leaders = [sight for sight in sights if sight.server and not sight.server.recovering]
        if not leaders:
            return self._without_primary(sights, note)
        leader = max(leaders, key=lambda sight: sight.server.timeline if sight.server else 0)
        if note is not None and leader.server and note.system == leader.server.system and leader.server.timeline < note.timeline:
            # Only the former primary answers. What leads is to be waited for: it has what was acknowledged since.
            return Verdict(Act.FENCE, f"{_name(leader.place)} leads no longer", _missing(sights, leader), leader)
        self.misses = 0
        other = _missing(sights, leader)
        if other is not None and other.server and not other.server.recovering:
            if not _is_former(other.server, leader.server):
                return Verdict(Act.HELPLESS, "the address names two databases, of which neither is a copy", leader, other)
            return Verdict(Act.FENCE, f"{_name(other.place)} was taken over, and takes connections", leader, other)
        return self._with_primary(leader, other, note)

    def _with_primary(self, leader: Sight, other: Sight | None, note: Note | None) -> Verdict:
        server = leader.server
        if server is None or other is None:
            raise ValueError("a pair has two servers, of which this one leads")
        hears = self._hears(server)
        if server.waits_for not in ("", WAITS_FOR):
            return Verdict(Act.HELPLESS, f"somebody else set synchronous_standby_names to {server.waits_for}", leader, other)
        if server.waits_for:
            if not hears and self._silent_s() >= self._wait_s:
                return Verdict(Act.RELEASE, f"{_name(other.place)} says nothing for {self._silent_s():.1f} s", leader, other)
            is_noted = note is not None and note.synchronous and note.timeline == server.timeline and note.system == server.system
            if hears and not is_noted:
                return Verdict(Act.ARM, "the note does not say so yet", leader, other)
            return Verdict(Act.NOTHING if hears else Act.WAIT, "" if hears else "the standby is silent", leader, other)
        if server.slot in ("lost", "unreserved") and not hears:
            return Verdict(Act.RENEW, f"its slot is {server.slot}", leader, other)
        behind = server.follower.behind if server.follower else None
        if hears and behind is not None and behind <= NEAR_BYTES:
            return Verdict(Act.ARM, f"{behind} bytes behind", leader, other)
        return Verdict(Act.WAIT, "the standby is away" if not hears else f"the standby is {behind} bytes behind", leader, other)

    def _hears(self, server: Server) -> bool:
        """Whether the standby says something to the primary; by its words' changing, for two machines' clocks may differ."""
        follower = server.follower
        now = self._now()
        if follower is not None and follower.streams and follower.replied != self._replied:
            self._replied, self._silent_since = follower.replied, None
            return True
        if self._silent_since is None:
            self._silent_since = now
        return follower is not None and follower.streams and now - self._silent_since < SILENCE_S

    def _silent_s(self) -> float:
        return 0 if self._silent_since is None else self._now() - self._silent_since

    def _without_primary(self, sights: Sequence[Sight], note: Note | None) -> Verdict:
        standby = next((sight for sight in sights if sight.server), None)
        self.misses += 1
        if standby is None or standby.server is None:
            return Verdict(Act.HELPLESS, "neither server answers: " + "; ".join(f"{_name(s.place)}: {s.why_not}" for s in sights))
        gone = _missing(sights, standby)
        if self.misses < MISSES_MIN:
            return Verdict(Act.WAIT, f"no primary answers ({self.misses} of {MISSES_MIN})", standby, gone)
        heard_s = standby.server.heard_s
        if heard_s is not None and heard_s < SILENCE_S:
            return Verdict(Act.HELPLESS, "the guard does not reach the primary, but the standby hears of it", standby, gone)
        if note is None or note.system != standby.server.system:
            return Verdict(Act.HELPLESS, "nobody noted whether the standby has all that was acknowledged", standby, gone)
        if note.primary == _name(standby.place):
            return Verdict(Act.HELPLESS, "what answers was the primary when that was noted, and follows since", standby, gone)
        if not note.synchronous:
            return Verdict(Act.HELPLESS, "the standby may lack what was acknowledged: commits did not wait for it", standby, gone)
        return Verdict(Act.FAIL_OVER, gone.why_not if gone else "", standby, gone)


def _is_former(server: Server, leader: Server | None) -> bool:
    return leader is not None and server.system == leader.system and server.timeline < leader.timeline


def _missing(sights: Sequence[Sight], present: Sight) -> Sight | None:
    return next((sight for sight in sights if sight is not present), None)


def _name(place: Place) -> str:
    return f"{place.host}:{place.port}"

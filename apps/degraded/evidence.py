"""What this process really saw of each dependency, by a monotonic clock; the wall clock only says "since" to people.

There is a record for each dependency and witness: who uses it (``Witness.USE``: a page's statement, an order's answer) and who
watches it (``Witness.WATCH``: what the dependency itself did, as the database tells of it). One does not heal what the other sees
failing: an engine whose session moves in the database may be out of this process's reach. What users saw failing is forgotten
when nobody has tried for :data:`FORGOTTEN_AFTER_S`, for then nobody knows; the next one who tries will find out.
"""

import threading
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

from apps.core.clock import Clock, instant, process_clock
from apps.degraded.table import Dependency, Fault

#: So many failures, so far apart, with nothing seen between them, are an outage.
FAILURES = 2
APART_S = 0.5
#: It has been seen for so long, and nothing failed: it is back.
WELL_S = 1.0
FORGOTTEN_AFTER_S = 5.0
_S = 1_000_000_000


class Witness(IntEnum):
    USE = 0
    WATCH = 1


@dataclass(frozen=True, slots=True)
class Standing:
    """``seen_s_ago`` is None before the dependency was ever seen; ``since``, ``for_s`` and ``why`` are None, 0 and empty unless
    it is away."""

    is_away: bool
    since: datetime | None
    for_s: float
    why: str
    seen_s_ago: float | None


class _Record:
    """One witness's word on one dependency. ``seen_ns`` is written without the lock; everything else under it."""

    __slots__ = ("away_ns", "away_wall_ns", "failures", "first_ns", "last_ns", "seen_ns", "well_ns", "why")

    def __init__(self) -> None:
        self.seen_ns: int | None = None
        self.failures = 0
        self.first_ns = self.last_ns = 0  # of the failures since it was last seen, or since it is away
        self.away_ns: int | None = None  # from when nothing was seen; None while it is not away
        self.away_wall_ns = 0
        self.well_ns: int | None = None  # from when an absent one is seen again
        self.why = ""

    def heal(self) -> None:
        self.failures, self.away_ns, self.well_ns, self.why = 0, None, None, ""

    def is_away(self, now_ns: int, *, forgets: bool) -> bool:
        if self.away_ns is None:
            return False
        if self.well_ns is not None and now_ns - self.well_ns >= WELL_S * _S:
            return False
        return not (forgets and now_ns - self.last_ns >= FORGOTTEN_AFTER_S * _S)


class Evidence:
    """Safe from any thread."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._records = {each: (_Record(), _Record()) for each in Dependency}

    def saw(self, dependency: Dependency, by: Witness = Witness.USE, *, ago_s: float = 0.0) -> None:
        """It worked, just now or ``ago_s`` before."""
        record = self._records[dependency][by]
        now_ns = self._clock.monotonic_ns()
        seen_ns = now_ns - int(ago_s * _S) if ago_s else now_ns
        if record.seen_ns is None or seen_ns > record.seen_ns:
            record.seen_ns = seen_ns
        if record.failures and seen_ns > record.last_ns:
            with self._lock:
                self._seen_again(record, now_ns, by)

    def failed(self, dependency: Dependency, why: str, by: Witness = Witness.USE, *, waited_s: float = 0.0) -> None:
        """It was not there just now, after a wait of ``waited_s``. Not for what it refused, which it must be there to do."""
        record = self._records[dependency][by]
        with self._lock:
            now_ns = self._clock.monotonic_ns()
            if self._is_over(record, now_ns, by):
                record.heal()
            record.well_ns = None
            if not record.failures:
                record.first_ns = self._begun(record, now_ns, waited_s)
            record.failures += 1
            record.last_ns, record.why = now_ns, why
            if record.away_ns is None and record.failures >= FAILURES and now_ns - record.first_ns >= APART_S * _S:
                record.away_ns = record.first_ns
                record.away_wall_ns = self._clock.now_ns() - (now_ns - record.first_ns)

    def standing(self, dependency: Dependency) -> Standing:
        """By the witnesses together: away when one of them says so, since the first of them; seen when either saw it."""
        now_ns = self._clock.monotonic_ns()
        with self._lock:
            records = self._records[dependency]
            seen_ns = max((record.seen_ns for record in records if record.seen_ns is not None), default=None)
            away = [records[by] for by in Witness if records[by].is_away(now_ns, forgets=by is Witness.USE)]
            seen_s_ago = None if seen_ns is None else (now_ns - seen_ns) / _S
            if not away:
                return Standing(False, None, 0.0, "", seen_s_ago)
            first = min(away, key=lambda record: record.away_ns or 0)
            for_s = (now_ns - (first.away_ns or 0)) / _S
            return Standing(True, instant(first.away_wall_ns), for_s, first.why, seen_s_ago)

    def faults(self) -> list[Fault]:
        """The dependencies that are away, in the order of the table."""
        found = [(each, self.standing(each)) for each in Dependency if any(record.failures for record in self._records[each])]
        return [Fault(each, said.since, said.for_s) for each, said in found if said.is_away and said.since is not None]

    def forget(self) -> None:
        """Everything: as a process that has just begun."""
        with self._lock:
            self._records = {each: (_Record(), _Record()) for each in Dependency}

    def _begun(self, record: _Record, now_ns: int, waited_s: float) -> int:
        """From when nothing was seen: the wait began, unless it was seen meanwhile by somebody else."""
        begun_ns = now_ns - int(waited_s * _S)
        return begun_ns if record.seen_ns is None else max(begun_ns, record.seen_ns)

    def _is_over(self, record: _Record, now_ns: int, by: Witness) -> bool:
        """Whether what failed before says nothing of now: it came back, or nobody has tried for long."""
        if record.away_ns is not None:
            return not record.is_away(now_ns, forgets=by is Witness.USE)
        return now_ns - record.last_ns >= FORGOTTEN_AFTER_S * _S

    def _seen_again(self, record: _Record, now_ns: int, by: Witness) -> None:
        if record.away_ns is None:
            record.failures = 0
        elif not record.is_away(now_ns, forgets=by is Witness.USE):
            record.heal()
        elif record.well_ns is None:
            record.well_ns = now_ns


_clock = process_clock()
_evidence = Evidence(_clock)
saw = _evidence.saw
failed = _evidence.failed
standing = _evidence.standing
faults = _evidence.faults
forget = _evidence.forget


def now() -> datetime:
    """By the wall clock: for what is shown."""
    return instant(_clock.now_ns())

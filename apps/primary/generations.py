"""What this process knows of the servers of a database: how often it was taken over, and which of them last took writes.

PostgreSQL counts that itself: each promotion begins a timeline, whose number is one higher. A former primary that wakes is on the
timeline of before, so whoever has seen the higher one knows it, however well it answers. A process knows what it saw; the guard's
note (:mod:`apps.primary.witness`) tells it what others saw on this machine, so that one that has just started knows it as well.
"""

import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from apps.primary import witness

#: How old what was read of the guard's note may be. A session on a former primary goes on for as long at most.
NOTE_READ_APART_S = 0.5

#: Which database this is, and on which of its timelines. Only a primary can tell the latter.
IDENTITY = """
SELECT system_identifier::text, ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::int FROM pg_control_system()"""


class Place(NamedTuple):
    host: str
    port: str


class Generation(NamedTuple):
    """``system`` is the cluster's identity, which its copies share; ``timeline`` rises with each promotion."""

    system: str
    timeline: int


class Servers:
    """The servers that one address names. Thread-safe."""

    def __init__(self, places: Sequence[Place], note: Path | None) -> None:
        self._places = list(places)
        self._note = note
        self._lock = threading.Lock()
        self._newest: Generation | None = None
        self._noted: Generation | None = None
        self._note_read_at = float("-inf")

    def in_order(self) -> list[Place]:
        """Whom to ask, one after the other: first whoever took writes last."""
        with self._lock:
            return list(self._places)

    def admit(self, place: Place, seen: Generation) -> str:
        """Empty when a session on ``place`` may be used; else why not, in words for the log."""
        noted = self._noted_now(must_read=True)
        with self._lock:
            newest = self._newest
            if newest is not None and newest.system != seen.system:
                return f"it is another database ({seen.system}) than the one seen before ({newest.system})"
            if newest is None or newest.timeline < seen.timeline:
                newest = seen
            if noted is not None and noted.system == seen.system and noted.timeline > newest.timeline:
                newest = noted
            self._newest = newest
            if seen.timeline < newest.timeline:
                return f"it was taken over: it is on timeline {seen.timeline}, and {newest.timeline} was seen"
            self._places.sort(key=lambda other: other != place)
        return ""

    def is_current(self, seen: Generation) -> bool:
        """Whether a session that was admitted may still be used. Cheap: asked before each use."""
        newest = self._newest
        if newest is not None and seen.timeline < newest.timeline:
            return False
        noted = self._noted_now()
        return noted is None or noted.system != seen.system or seen.timeline >= noted.timeline

    def _noted_now(self, *, must_read: bool = False) -> Generation | None:
        now = time.monotonic()
        if self._note is not None and (must_read or now - self._note_read_at > NOTE_READ_APART_S):
            self._note_read_at = now
            note = witness.read(self._note)
            self._noted = None if note is None else Generation(note.system, note.timeline)
        return self._noted


_known: dict[tuple[Place, ...], Servers] = {}
_known_lock = threading.Lock()


def servers_of(hosts: str, ports: str, note: Path | None) -> Servers | None:
    """What is known of the servers that libpq's ``host`` and ``port`` name; None when they name one, which nobody takes over
    from."""
    names = hosts.split(",")
    if len(names) < 2:
        return None
    numbers = ports.split(",")
    places = tuple(Place(name, numbers[at] if len(numbers) > 1 else numbers[0]) for at, name in enumerate(names))
    with _known_lock:
        return _known.setdefault(places, Servers(places, note))

"""What the books do not know although the log does: they were restored from a backup, and the log went on.

A restoration records the range of sequences that may have been given out since the backup (``models.LostRange``). The writer
goes on behind it, so whatever carries a number of the range was undone, for ever: consumers that store what they do pass over it,
from whichever offset they read.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import connection

from apps.core.checks import check
from apps.core.enums import Source
from apps.eventlog.handler import Record
from apps.eventlog.outbox import ENGINE_LANE
from apps.eventlog.schemas.base import Event
from apps.eventlog.schemas.marketdata import LevelsChanged, TradeTicks

#: Runs a query with its parameters and returns the rows.
Ask = Callable[..., list[tuple[Any, ...]]]


@dataclass(frozen=True, slots=True)
class LostRanges:
    """The engine's ranges: (after, up to)."""

    ranges: Sequence[tuple[int, int]] = ()

    def __bool__(self) -> bool:
        return bool(self.ranges)

    def have(self, sequence: int) -> bool:
        return any(after < sequence <= up_to for after, up_to in self.ranges)

    def cover(self, record: Record) -> bool:
        """Whether ``record`` tells of what was undone. Feeds number their own ticks: those are never concerned."""
        message = record.message
        if isinstance(message, TradeTicks):
            return message.source == Source.BOOK and bool(message.ticks) and self.have(message.ticks[-1].sequence)
        return isinstance(message, Event | LevelsChanged) and self.have(message.sequence)


def load() -> LostRanges:
    """Every range of the engine's lane. A restored database has new processes, so once a start is enough."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT after_sequence, up_to_sequence FROM eventlog_lostrange WHERE lane = %s ORDER BY after_sequence", [ENGINE_LANE]
        )
        return LostRanges(cursor.fetchall())


def end_of(ask: Ask, lane: str) -> int:
    """Where the last range of ``lane`` ends; 0 without one."""
    rows = ask("SELECT coalesce(max(up_to_sequence), 0) FROM eventlog_lostrange WHERE lane = %s", lane)
    return int(rows[0][0])


def record(lane: str, after: int, up_to: int) -> None:
    """Record that what ``lane`` gave out above ``after``, and up to ``up_to``, is in nobody's books. Inside a transaction."""
    check(connection.in_atomic_block, "a lost range must be recorded with the rest of a restoration")
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO eventlog_lostrange (lane, after_sequence, up_to_sequence) VALUES (%s, %s, %s)", [lane, after, up_to]
        )

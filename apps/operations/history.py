"""The last 24 hours as the public status page draws them."""

from dataclasses import dataclass
from datetime import datetime

from apps.operations.drawing import SLOT_WIDTH, Run, path, runs
from apps.operations.selectors import DAY_SLOTS, DayView, PaceView, get_history

WIDTH = DAY_SLOTS * SLOT_WIDTH
_NAMES = {
    "orders": (
        "An order's answer",
        "From the page's call of the engine to its answer, decision and settlement included: what half of the orders took.",
    ),
    "stream": (
        "A price's way",
        "From the feed through the event log to the sockets of the pages: what half of the prices took.",
    ),
}


@dataclass(frozen=True, slots=True)
class Bars:
    """A component's day, in rectangles."""

    day: DayView
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class PaceLine:
    """A duration's day, as a path; empty without any."""

    title: str
    meaning: str
    pace: PaceView
    path: str


@dataclass(frozen=True, slots=True)
class Day:
    """``since`` is the beginning of what was sampled of it; None before the first sample."""

    since: datetime | None
    first: datetime
    width: int
    bars: tuple[Bars, ...]
    lines: tuple[PaceLine, ...]


def get_day(now: datetime) -> Day:
    """One query."""
    history = get_history(now)
    bars = tuple(Bars(day, tuple(runs(day.slots))) for day in history.days)
    return Day(history.since, history.days[0].slots[0].begins_at, WIDTH, bars, tuple(map(_line, history.paces)))


def _line(pace: PaceView) -> PaceLine:
    title, meaning = _NAMES[pace.name]
    return PaceLine(title, meaning, pace, path([value for _, value in pace.slots], pace.worst_ms or 0))

"""Reading samples and slots: bounded by how many there can be."""

import statistics
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from apps.operations.components import COMPONENTS, State
from apps.operations.models import Sample, Slot
from apps.operations.times import EVERY, SLOT, floor

WINDOW = timedelta(minutes=15)
DAY_SLOTS = 96


@dataclass(frozen=True, slots=True)
class SampleView:
    taken_at: datetime
    figures: dict[str, Any]


@dataclass(frozen=True, slots=True)
class SlotView:
    """A quarter of an hour of one component. ``state`` is None where nothing was sampled; else the worst that was seen."""

    begins_at: datetime
    ends_at: datetime
    state: State | None
    up: int
    degraded: int
    down: int

    @property
    def word(self) -> str:
        return "unknown" if self.state is None else self.state.name.lower()

    @property
    def minutes_degraded(self) -> int:
        return _minutes(self.degraded)

    @property
    def minutes_down(self) -> int:
        return _minutes(self.down)


@dataclass(frozen=True, slots=True)
class DayView:
    """A component's last 24 hours, oldest first. ``up_permille`` is of what was sampled, degraded or not; None without any."""

    name: str
    title: str
    slots: tuple[SlotView, ...]
    up_permille: int | None

    @property
    def up_percent(self) -> str:
        """Never rounded up: 100 % is all of it."""
        if self.up_permille is None:
            return ""
        whole, tenth = divmod(self.up_permille, 10)
        return f"{whole}.{tenth} %" if tenth else f"{whole} %"


@dataclass(frozen=True, slots=True)
class PaceView:
    """A duration over the day: the median of each quarter of an hour in milliseconds, None where nothing was measured."""

    name: str
    slots: tuple[tuple[datetime, int | None], ...]
    median_ms: int | None
    worst_ms: int | None


@dataclass(frozen=True, slots=True)
class History:
    since: datetime | None
    days: tuple[DayView, ...]
    paces: tuple[PaceView, ...]


def _minutes(samples: int) -> int:
    """Of 15 s each, begun minutes."""
    return -(-samples * (EVERY // timedelta(seconds=1)) // 60)


def list_samples(now: datetime, window: timedelta = WINDOW) -> list[SampleView]:
    """Those of the last ``window``, oldest first."""
    rows = Sample.objects.filter(taken_at__gt=now - window, taken_at__lte=now).order_by("taken_at")
    return [SampleView(row.taken_at, row.figures) for row in rows[: window // EVERY + 1]]


def get_history(now: datetime) -> History:
    """The last 24 hours, the quarter of an hour that is under way among them."""
    first = floor(now, SLOT) - (DAY_SLOTS - 1) * SLOT
    rows = {row.begins_at: row for row in Slot.objects.filter(begins_at__gte=first, begins_at__lte=now).order_by("begins_at")}
    times = [first + number * SLOT for number in range(DAY_SLOTS)]
    days = tuple(_day(name, title, [(at, rows.get(at)) for at in times]) for name, title in COMPONENTS.items())
    paces = tuple(_pace(name, [(at, rows.get(at)) for at in times]) for name in ("orders", "stream"))
    return History(min(rows, default=None), days, paces)


def _day(name: str, title: str, rows: list[tuple[datetime, Slot | None]]) -> DayView:
    slots = tuple(_slot(at, row.counts.get(name) if row is not None else None) for at, row in rows)
    sampled = sum(slot.up + slot.degraded + slot.down for slot in slots)
    up = sum(slot.up + slot.degraded for slot in slots)
    return DayView(name, title, slots, up * 1000 // sampled if sampled else None)


def _slot(at: datetime, counts: list[int] | None) -> SlotView:
    up, degraded, down = counts or (0, 0, 0)
    state = State.DOWN if down else State.DEGRADED if degraded else State.UP if up else None
    return SlotView(at, at + SLOT, state, up, degraded, down)


def _pace(name: str, rows: list[tuple[datetime, Slot | None]]) -> PaceView:
    slots = tuple((at, round(statistics.median(row.paces[name])) if row and row.paces.get(name) else None) for at, row in rows)
    known = [value for _, value in slots if value is not None]
    return PaceView(name, slots, round(statistics.median(known)) if known else None, max(known, default=None))

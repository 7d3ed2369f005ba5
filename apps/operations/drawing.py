"""Lines and bars as SVG takes them, in whole units of a view box. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from apps.operations.selectors import SlotView

WIDTH, HEIGHT, MARGIN = 9600, 2800, 200
SLOT_WIDTH = 10


def path(values: Sequence[float | None], high: float, positions: Sequence[int] | None = None, places: int = 0) -> str:
    """The ``d`` of a path through ``values``, oldest first, from 0 at the bottom to ``high`` at the top; a None is a gap.
    ``positions`` are their places of ``places`` in all, when not every place has a value."""
    places = places or len(values)
    steps, is_drawing = [], False
    for number, value in enumerate(values):
        if value is None:
            is_drawing = False
            continue
        x = (number if positions is None else positions[number]) * WIDTH // max(1, places - 1)
        y = HEIGHT - MARGIN - round((HEIGHT - 2 * MARGIN) * min(1.0, value / high)) if high > 0 else HEIGHT - MARGIN
        # A lonely point is a short stroke.
        steps.append(f"L{x} {y}" if is_drawing else f"M{x} {y}h1")
        is_drawing = True
    return "".join(steps)


@dataclass(frozen=True, slots=True)
class Run:
    """Slots of one state side by side: one rectangle, with what it says."""

    x: int
    width: int
    first: SlotView
    last: SlotView

    @property
    def word(self) -> str:
        return self.first.word

    @property
    def minutes_degraded(self) -> int:
        return self.first.minutes_degraded

    @property
    def minutes_down(self) -> int:
        return self.first.minutes_down


def runs(slots: Iterable[SlotView]) -> list[Run]:
    """What is up, or unknown, for hours is one rectangle; a slot that was not is one of its own, for it has minutes to tell."""
    found, place = [], 0
    for _, group in groupby(enumerate(slots), lambda each: (each[1].word, _alone(*each))):
        members = [slot for _, slot in group]
        found.append(Run(place * SLOT_WIDTH, len(members) * SLOT_WIDTH, members[0], members[-1]))
        place += len(members)
    return found


def _alone(number: int, slot: SlotView) -> int:
    return number if slot.degraded or slot.down else -1

"""Where rising rates stop being carried: by what was answered well, and by how long it took."""

from collections.abc import Sequence
from typing import NamedTuple

GOOD_SHARE_MIN = 0.95
P99_MS_MAX = 500.0


class Step(NamedTuple):
    """Rates a second. ``good``: answered, and soon enough."""

    name: str
    offered: float
    good: float
    p99_ms: float


class Knee(NamedTuple):
    """``carried``: the highest step that was, None when none was. ``broke``: the first one that was not, None when all were."""

    carried: Step | None
    broke: Step | None
    why: str


def is_carried(step: Step) -> bool:
    return not why_not(step)


def why_not(step: Step) -> str:
    """What the step lacks; empty when it was carried."""
    if step.good < GOOD_SHARE_MIN * step.offered:
        return f"of {step.offered:.0f} requests a second {step.good:.0f} had a good answer, less than {GOOD_SHARE_MIN:.0%}"
    if step.p99_ms > P99_MS_MAX:
        return f"p99 was {step.p99_ms:.0f} ms, above {P99_MS_MAX:.0f}"
    return ""


def find_knee(steps: Sequence[Step]) -> Knee:
    """A step that failed between two that were carried was a hiccup of the machine: the knee is before the first failure that
    lasts, which is one with no carried step after it."""
    carried: Step | None = None
    broke: Step | None = None
    for step in steps:
        if is_carried(step):
            carried, broke = step, None
        elif broke is None:
            broke = step
    return Knee(carried, broke, why_not(broke) if broke else "all steps were carried: the knee is beyond the last")

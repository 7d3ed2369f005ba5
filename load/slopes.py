"""Does it grow? A straight line through what was seen, and how sure that line is."""

import math
import statistics
from collections.abc import Sequence
from typing import NamedTuple

#: Neighbouring samples of memory are nearly the same one: only middles of a minute count as independent.
#: The middle and not the mean: a password that is being checked takes 100 MiB for a moment.
BLOCK_S = 60.0
BLOCKS_MIN = 5
# Student's t for 95 % of both sides, by degrees of freedom.
_T = (12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131, 2.120)


class Slope(NamedTuple):
    """Growth a minute, and the bounds within which it lies with 95 % confidence."""

    per_minute: float
    low: float
    high: float
    blocks: int

    def is_flat(self, limit: float) -> bool:
        """Shown to grow by no more than ``limit`` a minute: what is merely not shown to grow is not flat."""
        return self.high <= limit


def fit(points: Sequence[tuple[float, float]], warm_s: float = 0.0, block_s: float = BLOCK_S) -> Slope | None:
    """The line through the medians of ``block_s`` seconds, after ``warm_s``; None when there are too few for a confidence."""
    blocks: dict[int, list[tuple[float, float]]] = {}
    for t, value in points:
        if t >= warm_s:
            blocks.setdefault(int((t - warm_s) // block_s), []).append((t, value))
    middles = [
        (statistics.median(t for t, _ in block) / 60, statistics.median(value for _, value in block)) for block in blocks.values()
    ]
    count = len(middles)
    if count < BLOCKS_MIN:
        return None
    middle_t, middle_value = (math.fsum(pair[axis] for pair in middles) / count for axis in (0, 1))
    spread = math.fsum((t - middle_t) ** 2 for t, _ in middles)
    slope = math.fsum((t - middle_t) * (value - middle_value) for t, value in middles) / spread
    rest = math.fsum((value - middle_value - slope * (t - middle_t)) ** 2 for t, value in middles)
    free = count - 2
    error = math.sqrt(rest / free / spread)
    t95 = _T[free - 1] if free <= len(_T) else 1.96 + 2.5 / free
    return Slope(slope, slope - t95 * error, slope + t95 * error, count)

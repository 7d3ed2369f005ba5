"""When requests are due: open loop, so the schedule is made from the lane alone and knows nothing of answers."""

import random
from collections.abc import Iterable, Iterator
from typing import NamedTuple


class Stretch(NamedTuple):
    """``seconds`` of one rate; the rate may be 0."""

    seconds: float
    per_second: float


def arrivals(stretches: Iterable[Stretch], seed: int) -> Iterator[tuple[float, int]]:
    """Yield the due time of each request, in seconds since the beginning, and the number of its stretch.

    Independent callers (a Poisson process): bursts come as they do from people. A process without memory may be cut where the
    rate changes.
    """
    chance = random.Random(seed)
    began = 0.0
    for number, stretch in enumerate(stretches):
        ends = began + stretch.seconds
        due = began
        while stretch.per_second > 0 and (due := due + chance.expovariate(stretch.per_second)) < ends:
            yield due, number
        began = ends


def expected(stretches: Iterable[Stretch]) -> float:
    """How many requests that is, on average: what the journal must have room for."""
    return sum(stretch.seconds * stretch.per_second for stretch in stretches)

"""How often a fault is made: a few times in ``make test`` and ``make prove``, as often as its row promises in ``make faults``."""

import os
import random

FULL = "FAULT_FULL"
SEED = "FAULT_SEED"
is_full = os.environ.get(FULL) == "on"


def times(promised: int, few: int) -> int:
    return promised if is_full else few


def seeds(count: int) -> list[int]:
    """So many seeds, new ones in each full run; ``FAULT_SEED`` names the first, to see a failure again."""
    given = os.environ.get(SEED)
    first = int(given) if given else random.SystemRandom().randrange(10**6) if is_full else 1
    return list(range(first, first + count))

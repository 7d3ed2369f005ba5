"""The house's ladder: the levels that the liquidity provider quotes around the feed's best bid and ask.

A pure function of the quote, because two processes must agree on it without talking: the engine fills against it and
market data draws it.
"""

LEVELS = 10


def house_ladder(best_ticks: int, best_lots: int, sign: int, step_ticks: int) -> list[tuple[int, int]]:
    """Return ``[(price in ticks, quantity in lots), ...]``, best first.

    ``sign`` is -1 for bids (prices fall away from the touch) and +1 for asks; ``step_ticks`` is the distance between levels.
    Deeper levels are larger, as in a real book: level i shows ``best_lots * (4 + i) // 4``. Levels at or below zero
    are left out.
    """
    if best_lots <= 0 or best_ticks <= 0:
        return []
    levels = []
    for i in range(LEVELS):
        ticks = best_ticks + sign * i * step_ticks
        if ticks <= 0:
            break
        levels.append((ticks, best_lots * (4 + i) // 4))
    return levels

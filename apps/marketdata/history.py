"""An invented past for a demo instrument: bars that end exactly at its start price. PURE and seeded.

The random process is in floating point, since it is not money; what leaves it is a whole number of ticks and lots.
"""

import math
from decimal import Decimal
from random import Random

from apps.core.units import Grid
from apps.marketdata.bars import SECONDS, BarChange, roll_up
from apps.marketdata.demo import DemoInstrument

#: How far back the past is drawn at each width, newest first: (seconds a bar, bars).
#: Wider bars are made of these, so that every interval has at least 300 bars and all of them agree.
_SPANS = ((1, 600), (60, 420), (300, 420), (3600, 420), (86_400, 400))
_TRADING_YEAR_S = 365 * 86_400
_CLUSTER_S = 4 * 3600.0  # how long a quiet or a wild time lasts
_CLUSTER_STRENGTH = 0.5


def make_history(instrument: DemoInstrument, instrument_id: int, grid: Grid, *, now_s: int, seed: int) -> list[BarChange]:
    """Return the bars of every interval before second ``now_s``; the last close is ``instrument.start_price``."""
    starts = _starts(now_s)
    random = Random(f"{seed}:{instrument.symbol}:history")
    steps = _steps(instrument, random, [width for _, width in starts])
    start_ticks = grid.ticks(Decimal(instrument.start_price))
    offset = steps[-1][0]
    bars: list[BarChange] = []
    opened = start_ticks
    for (start_s, width), (log_price, sigma) in zip(starts, steps, strict=True):
        closed = max(1, round(start_ticks * math.exp(log_price - offset)))
        if not bars:
            opened = closed
        bars.append(_bar(instrument, instrument_id, grid, random, start_s, width, opened, closed, sigma))
        opened = closed
    return [bar for interval in SECONDS for bar in _of_interval(bars, starts, interval)]


def _starts(now_s: int) -> list[tuple[int, int]]:
    """(start, seconds) of every base bar, oldest first: narrow near now, wide long ago, each on its own boundary."""
    starts: list[tuple[int, int]] = []
    end = now_s
    for index, (width, count) in enumerate(_SPANS):
        # A span ends at a boundary of the next one, or the wider bars would not be whole.
        next_width = _SPANS[index + 1][0] if index + 1 < len(_SPANS) else width
        begin = end - count * width
        begin -= begin % next_width
        starts += [(start, width) for start in range(end - width, begin - 1, -width)]
        end = begin
    starts.reverse()
    return starts


def _steps(instrument: DemoInstrument, random: Random, widths: list[int]) -> list[tuple[float, float]]:
    """(log price, volatility of that bar) along the past, from a walk whose volatility clusters."""
    base = instrument.annual_volatility / math.sqrt(_TRADING_YEAR_S)
    log_price, cluster, steps = 0.0, 0.0, []
    for width in widths:
        kept = math.exp(-width / _CLUSTER_S)
        cluster = cluster * kept + _CLUSTER_STRENGTH * math.sqrt(1 - kept * kept) * random.gauss(0, 1)
        sigma = base * math.sqrt(width) * math.exp(cluster - _CLUSTER_STRENGTH**2)
        log_price += random.gauss(0, sigma)
        steps.append((log_price, sigma))
    return steps


def _bar(
    instrument: DemoInstrument, instrument_id: int, grid: Grid, random: Random,
    start_s: int, width: int, opened: int, closed: int, sigma: float,
) -> BarChange:  # fmt: skip
    reach = max(opened, closed) * sigma * 0.5
    high = max(opened, closed) + round(reach * abs(random.gauss(0, 1)))
    low = max(1, min(opened, closed) - round(reach * abs(random.gauss(0, 1))))
    # Volume grows with the width and with how far the price went.
    trades = max(1, round(width * instrument.intensity / 12 * random.lognormvariate(0, 0.4)))
    lots = max(trades, round(trades * instrument.size_lots * 0.15 * random.lognormvariate(0, 0.5)))
    return BarChange(
        instrument_id, "", start_s, grid.price(opened), grid.price(high), grid.price(low), grid.price(closed),
        grid.quantity(lots), trades,
    )  # fmt: skip


def _of_interval(bars: list[BarChange], starts: list[tuple[int, int]], interval: str) -> list[BarChange]:
    width = SECONDS[interval]
    return roll_up((bar for bar, (_, own) in zip(bars, starts, strict=True) if own <= width), interval)

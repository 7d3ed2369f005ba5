"""How one instrument's simulated price behaves. PURE."""

import math
from dataclasses import dataclass
from decimal import Decimal

from apps.core.numbers import SCALE
from apps.core.units import Grid
from apps.marketdata.demo import DemoInstrument

_TRADING_YEAR_S = 365 * 86_400
#: The wanderings of an anchor may not bring a price near zero: below this many ticks there is no room for a market.
ANCHOR_TICKS_MIN = 50


@dataclass(frozen=True, slots=True)
class Profile:
    """``anchor_ticks`` is where the price is drawn back to, ``start_ticks`` where it begins; ``second_sigma`` is the usual
    standard deviation of the log price over one second.
    """

    symbol: str
    grid: Grid
    anchor_ticks: int
    start_ticks: int
    second_sigma: float
    spread_ticks: int
    size_lots: int
    intensity: int


def demo_profile(instrument: DemoInstrument, grid: Grid, start: Decimal | None = None) -> Profile:
    """The behaviour that the demo market defines, from ``start`` on (its own start price if None)."""
    anchor = grid.ticks(Decimal(instrument.start_price))
    return Profile(
        symbol=instrument.symbol,
        grid=grid,
        anchor_ticks=anchor,
        start_ticks=anchor if start is None else nearest_ticks(grid, start),
        second_sigma=instrument.annual_volatility / math.sqrt(_TRADING_YEAR_S),
        spread_ticks=instrument.spread_ticks,
        size_lots=instrument.size_lots,
        intensity=instrument.intensity,
    )


def plain_profile(symbol: str, grid: Grid, start: Decimal) -> Profile:
    """A middling behaviour for an instrument that the demo market does not know, around the price it has now."""
    ticks = nearest_ticks(grid, start)
    return Profile(symbol, grid, ticks, ticks, 0.4 / math.sqrt(_TRADING_YEAR_S), max(1, ticks // 2000), 500, 5)


def nearest_ticks(grid: Grid, price: Decimal) -> int:
    """The last stored price may lie between two ticks (a mid, or a grid that has changed since)."""
    return max(ANCHOR_TICKS_MIN, int(price.scaleb(SCALE)) // grid.tick)


class Writer:
    """Writes whole steps as plain decimal text, with the decimals of the step: ``Writer(1_000_000)(10150)`` is ``"101.50"``."""

    __slots__ = ("_decimals", "_factor", "_ones")

    def __init__(self, step: int) -> None:
        """``step`` is the size of a tick or a lot in units of 10**-8."""
        decimals = SCALE
        while decimals and step % 10 ** (SCALE - decimals + 1) == 0:
            decimals -= 1
        self._decimals = decimals
        self._ones = 10**decimals
        self._factor = step // 10 ** (SCALE - decimals)

    def __call__(self, steps: int) -> str:
        whole, rest = divmod(steps * self._factor, self._ones)
        return f"{whole}.{rest:0{self._decimals}d}" if self._decimals else str(whole)

"""What was earned day by day as an SVG drawing, in whole units of a fixed view box. Pure.

The line of zero is always within the drawing, so that a profit and a loss look like what they are.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise

from apps.portfolio.selectors_equity import EquityCurve

WIDTH = 10_000
HEIGHT = 3_000
MARGIN = 150
#: A finger or a pointer finds a day among no more than these.
BANDS_MAX = 400


@dataclass(frozen=True, slots=True)
class Band:
    """The part of the drawing that belongs to a day: ``total`` was earned until its end."""

    x: int
    width: int
    day: date
    total: Decimal


@dataclass(frozen=True, slots=True)
class Drawing:
    """``line`` is a polyline, ``area`` the polygon between it and the line of zero at ``zero_y``."""

    line: str
    area: str
    zero_y: int
    high: Decimal
    low: Decimal
    bands: tuple[Band, ...]

    width = WIDTH
    height = HEIGHT


def draw(curve: EquityCurve) -> Drawing:
    """The curve begins with nothing earned, at the end of its first day."""
    totals = [Decimal(0), *(day.total for day in curve.days)]
    high, low = max(totals), min(totals)
    xs = [i * WIDTH // (len(totals) - 1) for i in range(len(totals))]
    ys = [_y(total, low, high) for total in totals]
    line = " ".join(f"{x},{y}" for x, y in zip(xs, ys, strict=True))
    zero_y = _y(Decimal(0), low, high)
    return Drawing(line, f"0,{zero_y} {line} {WIDTH},{zero_y}", zero_y, high, low, _bands(curve, xs))


def _y(value: Decimal, low: Decimal, high: Decimal) -> int:
    span = high - low
    return HEIGHT // 2 if not span else MARGIN + int((high - value) * (HEIGHT - 2 * MARGIN) / span)


def _bands(curve: EquityCurve, xs: Sequence[int]) -> tuple[Band, ...]:
    if len(curve.days) > BANDS_MAX:
        return ()
    edges = [0, *((one + other) // 2 for one, other in pairwise(xs[1:])), WIDTH]
    return tuple(Band(edges[i], edges[i + 1] - edges[i], day.day, day.total) for i, day in enumerate(curve.days))

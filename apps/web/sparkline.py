"""A spark line: closes to the points of an SVG polyline, in whole hundredths of a unit. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

WIDTH = 9600
HEIGHT = 2800
MARGIN = 200


@dataclass(frozen=True, slots=True)
class Spark:
    """``points`` for ``<polyline>`` in a view box of ``WIDTH`` by ``HEIGHT``; ``rises`` when it ends at or above its start."""

    points: str
    rises: bool


def spark(closes: Sequence[Decimal]) -> Spark | None:
    """Return the line through ``closes``, oldest first; None when there are fewer than two."""
    if len(closes) < 2:
        return None
    low, high = min(closes), max(closes)
    span = high - low
    inner = HEIGHT - 2 * MARGIN
    points = []
    for i, close in enumerate(closes):
        x = i * WIDTH // (len(closes) - 1)
        y = HEIGHT // 2 if not span else MARGIN + int((high - close) * inner / span)
        points.append(f"{x},{y}")
    return Spark(" ".join(points), closes[-1] >= closes[0])

"""A spark line: closes to the points of an SVG polyline, in whole hundredths of a pixel. Pure."""

from collections.abc import Sequence
from decimal import Decimal

WIDTH = 9600
HEIGHT = 2800
MARGIN = 200


def spark(closes: Sequence[Decimal]) -> str:
    """Return the ``points`` of a polyline through ``closes``, oldest first, in a view box of WIDTH by HEIGHT.

    Empty when there are fewer than two closes.
    """
    if len(closes) < 2:
        return ""
    low, high = min(closes), max(closes)
    span = high - low
    inner = HEIGHT - 2 * MARGIN
    points = []
    for i, close in enumerate(closes):
        x = i * WIDTH // (len(closes) - 1)
        y = HEIGHT // 2 if not span else MARGIN + int((high - close) * inner / span)
        points.append(f"{x},{y}")
    return " ".join(points)

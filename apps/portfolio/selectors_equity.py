"""The equity curve: what an account was worth at the end of each day, as plain values."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from apps.core.sparkline import spark
from apps.portfolio.models import EquitySnapshot
from apps.portfolio.position_math import EXACT, ZERO

#: Days that a curve shows at most.
DAYS_MAX = 366


@dataclass(frozen=True, slots=True)
class EquityPoint:
    """In the reporting asset. ``missing`` are the assets that have no price and so are not in ``value``."""

    day: date
    value: Decimal
    deposits: Decimal
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class EquityCurve:
    """At least two days, oldest first: ``last = first + deposits between + earned``."""

    points: tuple[EquityPoint, ...]

    @property
    def first(self) -> EquityPoint:
        return self.points[0]

    @property
    def last(self) -> EquityPoint:
        return self.points[-1]

    @property
    def deposits(self) -> Decimal:
        """What came or went as money after the first day's end."""
        total = ZERO
        for point in self.points[1:]:
            total = EXACT.add(total, point.deposits)
        return total

    @property
    def earned(self) -> Decimal:
        return EXACT.subtract(EXACT.subtract(self.last.value, self.first.value), self.deposits)

    @property
    def missing(self) -> tuple[str, ...]:
        return tuple(sorted({code for point in self.points for code in point.missing}))

    @property
    def polyline(self) -> str:
        """The ``points`` of an SVG polyline in the view box of :mod:`apps.core.sparkline`."""
        return spark([point.value for point in self.points])


def get_equity_curve(account_id: int, days: int = 90) -> EquityCurve | None:
    """The newest ``days`` snapshots; None while there are fewer than two."""
    newest = EquitySnapshot.objects.filter(account_id=account_id).order_by("-day")[: max(2, min(days, DAYS_MAX))]
    points = tuple(EquityPoint(row.day, row.value, row.deposits, tuple(row.missing.split())) for row in reversed(list(newest)))
    return EquityCurve(points) if len(points) > 1 else None

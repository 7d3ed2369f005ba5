"""What an account earned day by day, with money paid in and out taken out. ``docs/money.md`` has worked examples.

Two figures of the same days. What was **earned** is money: the change of the value less what was paid in or out; it adds up
exactly. The **return** is time-weighted: each day's earnings in proportion to what there was to earn them with, chained, so that
the size and the moment of a deposit do not show in it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, timedelta
from decimal import Decimal
from enum import StrEnum
from itertools import pairwise

from django.utils import timezone

from apps.portfolio.models import EquitySnapshot
from apps.portfolio.position_math import EXACT, ZERO

#: Days that a curve shows at most.
DAYS_MAX = 3700
ONE = Decimal(1)
HUNDREDTH = Decimal("0.01")


class EquityRange(StrEnum):
    """As addresses name it."""

    WEEK = "1w"
    MONTH = "1m"
    QUARTER = "3m"
    ALL = "all"

    @property
    def days(self) -> int | None:
        return {EquityRange.WEEK: 7, EquityRange.MONTH: 30, EquityRange.QUARTER: 91}.get(self)

    @property
    def label(self) -> str:
        return "All" if self is EquityRange.ALL else self.upper()


@dataclass(frozen=True, slots=True)
class EquityPoint:
    """The end of a day, in the reporting asset. ``deposits`` came or went as money since the point before."""

    day: date
    value: Decimal
    deposits: Decimal


@dataclass(frozen=True, slots=True)
class EquityDay:
    """What happened between the point before and ``day``. ``total`` was earned from the beginning of the curve to its end."""

    day: date
    value: Decimal
    deposits: Decimal
    earned: Decimal
    total: Decimal
    growth: Decimal

    @property
    def percent(self) -> Decimal:
        return _percent(self.growth)


@dataclass(frozen=True, slots=True)
class EquityCurve:
    """From the end of ``first`` on, oldest first: ``last.value = first.value + deposits + earned``, exactly.

    ``left_out`` are the days on which something had no price, and ``missing`` what that was: what moved on them is counted with
    the next day that is complete.
    """

    first: EquityPoint
    days: tuple[EquityDay, ...]
    left_out: tuple[date, ...]
    missing: tuple[str, ...]

    @property
    def last(self) -> EquityDay:
        return self.days[-1]

    @property
    def deposits(self) -> Decimal:
        return sum_exactly(day.deposits for day in self.days)

    @property
    def earned(self) -> Decimal:
        return self.last.total

    @property
    def percent(self) -> Decimal:
        """The time-weighted return of all days, in percent with two decimals."""
        growth = ONE
        for day in self.days:
            growth = EXACT.multiply(growth, day.growth)
        return _percent(growth)


def sum_exactly(amounts: Iterable[Decimal]) -> Decimal:
    total = ZERO
    for amount in amounts:
        total = EXACT.add(total, amount)
    return total


def growth(before: Decimal, deposits: Decimal, earned: Decimal) -> Decimal:
    """One plus a day's return. What was paid in was there all day, and so was what was paid out: it left in the evening.

    Nothing to earn with is no return: 1.
    """
    base = EXACT.add(before, max(deposits, ZERO))
    return EXACT.add(ONE, EXACT.divide(earned, base)) if base > 0 else ONE


def make_curve(points: Sequence[EquityPoint], left_out: Sequence[date] = (), missing: Iterable[str] = ()) -> EquityCurve | None:
    """The curve through ``points``, oldest first; None while there are fewer than two."""
    if len(points) < 2:
        return None
    days: list[EquityDay] = []
    total = ZERO
    for before, point in pairwise(points):
        earned = EXACT.subtract(EXACT.subtract(point.value, before.value), point.deposits)
        total = EXACT.add(total, earned)
        grown = growth(before.value, point.deposits, earned)
        days.append(EquityDay(point.day, point.value, point.deposits, earned, total, grown))
    return EquityCurve(points[0], tuple(days), tuple(left_out), tuple(sorted(set(missing))))


def get_equity_curve(account_id: int, within: EquityRange = EquityRange.QUARTER) -> EquityCurve | None:
    """The closed days of ``within``, up to yesterday, after the end of the day before them; None while there are too few."""
    rows = EquitySnapshot.objects.filter(account_id=account_id)
    if within.days is not None:
        yesterday = timezone.now().astimezone(UTC).date() - timedelta(days=1)
        rows = rows.filter(day__gte=yesterday - timedelta(days=within.days))
    return _curve_of(list(reversed(rows.order_by("-day")[: DAYS_MAX + 1])))


def _curve_of(rows: list[EquitySnapshot]) -> EquityCurve | None:
    """A day on which something had no price is no point: its value would be wrong, and so would what was earned on two days."""
    points: list[EquityPoint] = []
    left_out: list[date] = []
    missing: list[str] = []
    moved = ZERO
    for row in rows:
        moved = EXACT.add(moved, row.deposits)
        if row.missing:
            left_out.append(row.day)
            missing += row.missing.split()
            continue
        points.append(EquityPoint(row.day, row.value, moved))
        moved = ZERO
    return make_curve(points, left_out, missing)


def _percent(growth: Decimal) -> Decimal:
    return EXACT.multiply(EXACT.subtract(growth, ONE), Decimal(100)).quantize(HUNDREDTH, context=EXACT)

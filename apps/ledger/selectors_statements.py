"""The statements of an account by day and by month, as plain values.

Those of days are made by a job after the day has ended, and never changed. Those of months are put together from them when they
are asked for: nothing is stored twice, and a month says what its days say.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise

from django.db.models import Max
from django.db.models.functions import TruncMonth

from apps.core.checks import check, check_invariant
from apps.instruments import selectors as instruments
from apps.ledger.models import BusinessDay, DailyStatement, DailyStatementLine
from apps.ledger.selectors import places_of

#: No page and no selector returns more statements than this at once.
STATEMENTS_MAX = 200


@dataclass(frozen=True, slots=True)
class StatementLineView:
    """One asset. Movements are signed, so that opening + deposits + withdrawals + trades + fees + adjustments = closing."""

    asset: instruments.AssetView
    opening: Decimal
    deposits: Decimal
    withdrawals: Decimal
    trades: Decimal
    fees: Decimal
    adjustments: Decimal
    closing: Decimal
    transfers: int

    @property
    def adds_up(self) -> bool:
        return self.opening + sum((amount for _, amount in self.movements), Decimal(0)) == self.closing

    @property
    def movements(self) -> tuple[tuple[str, Decimal], ...]:
        """What is between opening and closing, by its name on the page."""
        return (
            ("Deposits", self.deposits),
            ("Withdrawals", self.withdrawals),
            ("Trades", self.trades),
            ("Fees", self.fees),
            ("Adjustments", self.adjustments),
        )

    @property
    def places(self) -> int:
        """The decimals that show every number of the line exactly."""
        return places_of(self.asset, self.opening, *(amount for _, amount in self.movements), self.closing)


@dataclass(frozen=True, slots=True)
class DailyStatementView:
    """The statement of one UTC business day: ``lines`` by asset code, ``transfers`` those that moved something.

    The day's transfers are those whose id is in (``after_transfer_id``, ``last_transfer_id``].
    """

    account_id: int
    day: date
    made_at: datetime
    after_transfer_id: int
    last_transfer_id: int
    transfers: int
    lines: tuple[StatementLineView, ...]


@dataclass(frozen=True, slots=True)
class StatementList:
    """Newest first. ``next_before`` is the day below which the next page starts; None on the last page."""

    statements: tuple[DailyStatementView, ...]
    next_before: date | None


@dataclass(frozen=True, slots=True)
class MonthlyStatementView:
    """The closed days of a month put together: opening of the first, closing of the last, sums of what moved between.

    ``month`` is its first day. ``is_running`` while days of it are still to be stated; what is told then is of ``first_day`` to
    ``last_day``.
    """

    account_id: int
    month: date
    is_running: bool
    made_at: datetime
    after_transfer_id: int
    last_transfer_id: int
    transfers: int
    lines: tuple[StatementLineView, ...]
    days: tuple[DailyStatementView, ...]

    @property
    def first_day(self) -> date:
        return self.days[0].day

    @property
    def last_day(self) -> date:
        return self.days[-1].day


@dataclass(frozen=True, slots=True)
class MonthEntry:
    """A month in the list: its last closed day, with that day's closing balances."""

    month: date
    last: DailyStatementView
    is_running: bool


@dataclass(frozen=True, slots=True)
class MonthList:
    """Newest first. ``next_before`` is the month below which the next page starts; None on the last page."""

    months: tuple[MonthEntry, ...]
    next_before: date | None


def list_daily_statements(account_id: int, before: date | None = None, limit: int = 50) -> StatementList:
    """The account's statements of the days before ``before`` (all of them without), newest first, by keyset."""
    limit = max(1, min(limit, STATEMENTS_MAX))
    rows = DailyStatement.objects.filter(account_id=account_id)
    if before is not None:
        rows = rows.filter(day__lt=before)
    found = list(rows.order_by("-day")[: limit + 1])
    views = _views(found[:limit])
    return StatementList(views, views[-1].day if len(found) > limit else None)


def get_daily_statement(account_id: int, day: date) -> DailyStatementView | None:
    """The account's statement of ``day``; None when there is none (yet)."""
    views = _views(list(DailyStatement.objects.filter(account_id=account_id, day=day)))
    return views[0] if views else None


def list_statements_of_accounts(account_ids: list[int], day: date) -> tuple[DailyStatementView, ...]:
    """The statements of ``day`` of these accounts, by account id; two queries, however many there are."""
    return _views(list(DailyStatement.objects.filter(account_id__in=account_ids, day=day).order_by("account_id")))


def month_of(day: date) -> date:
    return day.replace(day=1)


def next_month(month: date) -> date:
    return month_of(month + timedelta(days=31))


def list_months(account_id: int, before: date | None = None, limit: int = 24) -> MonthList:
    """The months of which the account has a statement of some day, newest first, by keyset; ``before`` is a month's first day."""
    limit = max(1, min(limit, STATEMENTS_MAX))
    rows = DailyStatement.objects.filter(account_id=account_id)
    if before is not None:
        rows = rows.filter(day__lt=before)
    by_month = rows.annotate(month=TruncMonth("day")).values("month").annotate(last=Max("day")).order_by("-month")
    found = [row["last"] for row in by_month[: limit + 1]]
    last_days = _views(list(DailyStatement.objects.filter(account_id=account_id, day__in=found[:limit]).order_by("-day")))
    ended = _ended([view.day for view in last_days])
    months = tuple(MonthEntry(month_of(view.day), view, month_of(view.day) not in ended) for view in last_days)
    return MonthList(months, months[-1].month if len(found) > limit else None)


def get_monthly_statement(account_id: int, month: date) -> MonthlyStatementView | None:
    """The account's closed days of the month that begins with ``month``; None when there is none (yet).

    Days are taken up to the first one that was closed and has no statement yet, though something moved on it.
    """
    rows = DailyStatement.objects.filter(account_id=account_id, day__gte=month, day__lt=next_month(month))
    found = _views(list(rows.order_by("day")))
    days = _without_a_gap(found)
    if not days:
        return None
    complete = month in _ended([month]) and len(days) == len(found) and _reaches_both_ends(days)
    return put_together(days, is_running=not complete)


def put_together(days: Sequence[DailyStatementView], *, is_running: bool = False) -> MonthlyStatementView:
    """The law of the month, which raises where it does not hold: each day opens with what the day before closed with, and
    opening + movements = closing, for each asset.
    """
    check(bool(days), "a month is put together from at least one day")
    check_invariant(
        all(one.day < other.day and opens_with(one, other) for one, other in pairwise(days)),
        f"the days of {month_of(days[0].day):%Y-%m} do not follow from each other on account {days[0].account_id}",
    )
    lines = tuple(_line(code, days) for code in sorted({line.asset.code for day in days for line in day.lines}))
    check_invariant(all(line.adds_up for line in lines), f"the month of account {days[0].account_id} does not add up")
    return MonthlyStatementView(
        days[0].account_id, month_of(days[0].day), is_running, max(day.made_at for day in days), days[0].after_transfer_id,
        days[-1].last_transfer_id, sum(day.transfers for day in days), lines, tuple(days),
    )  # fmt: skip


def opens_with(one: DailyStatementView, other: DailyStatementView) -> bool:
    """Whether ``other`` opens with what ``one`` closed with. An asset that a day does not list was zero on it."""
    closing = {line.asset.code: line.closing for line in one.lines if line.closing}
    return closing == {line.asset.code: line.opening for line in other.lines if line.opening}


def _line(code: str, days: Sequence[DailyStatementView]) -> StatementLineView:
    of_days = [(day, line) for day in days for line in day.lines if line.asset.code == code]
    lines = [line for _, line in of_days]
    zero = Decimal(0)
    return StatementLineView(
        asset=lines[0].asset,
        opening=lines[0].opening if of_days[0][0] is days[0] else zero,
        deposits=sum((line.deposits for line in lines), zero),
        withdrawals=sum((line.withdrawals for line in lines), zero),
        trades=sum((line.trades for line in lines), zero),
        fees=sum((line.fees for line in lines), zero),
        adjustments=sum((line.adjustments for line in lines), zero),
        closing=lines[-1].closing if of_days[-1][0] is days[-1] else zero,
        transfers=sum(line.transfers for line in lines),
    )


def _without_a_gap(days: tuple[DailyStatementView, ...]) -> tuple[DailyStatementView, ...]:
    """The days before one that is missing. A day without any balance has no statement, and is not missing: nothing moved."""
    for number, (one, other) in enumerate(pairwise(days), start=1):
        if other.day - one.day > timedelta(days=1) and not opens_with(one, other):
            return days[:number]
    return days


def _reaches_both_ends(days: Sequence[DailyStatementView]) -> bool:
    """Whether what is before the first and after the last of the month's days is a time without any balance."""
    month = month_of(days[0].day)
    begins = days[0].day == month or not any(line.opening for line in days[0].lines)
    ends = days[-1].day + timedelta(days=1) == next_month(month) or not any(line.closing for line in days[-1].lines)
    return begins and ends


def _ended(days: Sequence[date]) -> set[date]:
    """The months of these days of which the last day is closed."""
    last_days = {next_month(month_of(day)) - timedelta(days=1) for day in days}
    return {month_of(day) for day in BusinessDay.objects.filter(day__in=last_days).values_list("day", flat=True)}


def _views(rows: list[DailyStatement]) -> tuple[DailyStatementView, ...]:
    assets = instruments.assets_by_id()
    lines: dict[int, list[StatementLineView]] = defaultdict(list)
    for line in DailyStatementLine.objects.filter(statement_id__in=[row.pk for row in rows]):
        lines[line.statement_id].append(
            StatementLineView(
                assets[line.asset_id], line.opening, line.deposits, line.withdrawals, line.trades, line.fees,
                line.adjustments, line.closing, line.transfers,
            )
        )  # fmt: skip
    return tuple(
        DailyStatementView(
            row.account_id, row.day, row.made_at, row.after_transfer_id, row.last_transfer_id, row.transfers,
            tuple(sorted(lines[row.pk], key=lambda line: line.asset.code)),
        )
        for row in rows
    )  # fmt: skip

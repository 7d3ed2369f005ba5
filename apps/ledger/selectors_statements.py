"""The daily statements of an account, as plain values. Made by a job after the day has ended; never changed afterwards."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from apps.instruments import selectors as instruments
from apps.ledger.models import DailyStatement, DailyStatementLine
from apps.ledger.selectors import places_of

#: No page and no selector returns more statements than this at once.
STATEMENTS_MAX = 200


@dataclass(frozen=True, slots=True)
class DailyStatementLineView:
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
    lines: tuple[DailyStatementLineView, ...]


@dataclass(frozen=True, slots=True)
class StatementList:
    """Newest first. ``next_before`` is the day below which the next page starts; None on the last page."""

    statements: tuple[DailyStatementView, ...]
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


def _views(rows: list[DailyStatement]) -> tuple[DailyStatementView, ...]:
    assets = instruments.assets_by_id()
    lines: dict[int, list[DailyStatementLineView]] = defaultdict(list)
    for line in DailyStatementLine.objects.filter(statement_id__in=[row.pk for row in rows]):
        lines[line.statement_id].append(
            DailyStatementLineView(
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

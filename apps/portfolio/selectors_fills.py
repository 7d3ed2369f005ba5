"""The fills of a position, each with how the position stood after it: how the average cost came about."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from apps.core.enums import Side
from apps.portfolio.models import PositionFill
from apps.portfolio.position_math import EXACT, average_cost, market_value

#: No page returns more fills than this at once.
LIMIT_MAX = 200


@dataclass(frozen=True, slots=True)
class PositionFillView:
    """``quantity_after`` and ``cost_after`` are of what was bought here; ``realized_pnl`` is of this fill alone."""

    trade_id: int
    order_id: int
    side: Side
    price: Decimal
    quantity: Decimal
    fee: Decimal
    at: datetime
    quantity_after: Decimal
    cost_after: Decimal
    realized_pnl: Decimal

    @property
    def notional(self) -> Decimal:
        return market_value(self.quantity, self.price)

    @property
    def is_sale(self) -> bool:
        return self.side is Side.SELL

    @property
    def average_cost_after(self) -> Decimal | None:
        return average_cost(self.quantity_after, self.cost_after)

    @property
    def cost_moved(self) -> Decimal:
        """What it added to the cost; of a sale, what it took with it, below zero."""
        if self.is_sale:
            return EXACT.subtract(self.realized_pnl, EXACT.subtract(self.notional, self.fee))
        return EXACT.add(self.notional, self.fee)

    @property
    def may_be_first(self) -> bool:
        """Whether there need not have been a fill before it."""
        return not self.quantity_after if self.is_sale else self.quantity_after == self.quantity


@dataclass(frozen=True, slots=True)
class PositionFillPage:
    """Newest first. ``next_cursor`` is the trade below which the next page starts; None on the last page.

    ``begins_later``: there were fills before the last one that is listed, and they are not kept.
    """

    fills: tuple[PositionFillView, ...]
    next_cursor: int | None
    begins_later: bool


def list_position_fills(account_id: int, instrument_id: int, cursor: int | None = None, limit: int = 50) -> PositionFillPage:
    """The account's fills in one instrument, newest first, by keyset: one walk of the primary key."""
    limit = max(1, min(limit, LIMIT_MAX))
    rows = PositionFill.objects.filter(account_id=account_id, instrument_id=instrument_id)
    if cursor is not None:
        rows = rows.filter(trade_id__lt=cursor)
    found = list(rows.order_by("-trade_id")[: limit + 1])
    fills = tuple(_view(row) for row in found[:limit])
    more = len(found) > limit
    return PositionFillPage(fills, fills[-1].trade_id if more else None, bool(fills) and not more and not fills[-1].may_be_first)


def _view(row: PositionFill) -> PositionFillView:
    return PositionFillView(
        row.trade_id, row.order_id, Side(row.side), row.price, row.quantity, row.fee, row.at, row.quantity_after,
        row.cost_after, row.realized_pnl,
    )  # fmt: skip

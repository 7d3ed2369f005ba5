"""Positions, cash and the account value, as plain values.

The order of reading is what keeps a page from lying: first the projection, then the ledger, and last the fills that the
projection has not counted. A fill that commits in between is then always found by the last step, and its position is
shown as updating.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from apps.instruments import selectors as instruments
from apps.instruments.selectors import InstrumentView
from apps.ledger import selectors as ledger
from apps.ledger.selectors import BalanceView
from apps.marketdata import selectors as marketdata
from apps.orders import selectors as orders
from apps.portfolio.models import AccountProgress, Position
from apps.portfolio.position_math import EXACT, ZERO
from apps.portfolio.valuation import (
    REPORTING_ASSET,
    CountedPosition,
    PositionView,
    Rates,
    Slice,
    Total,
    allocate,
    sum_values,
    view_position,
)

#: More fills than this that are not counted yet: everything is shown as updating.
UNCOUNTED_MAX = 200


@dataclass(frozen=True, slots=True)
class CashView:
    balance: BalanceView
    value: Decimal | None


@dataclass(frozen=True, slots=True)
class PortfolioView:
    """``realized`` and ``unrealized`` are None while a position is updating. All sums are in the reporting asset."""

    positions: tuple[PositionView, ...]
    closed: tuple[PositionView, ...]
    cash: tuple[CashView, ...]
    allocation: tuple[Slice, ...]
    account_value: Total
    realized: Total | None
    unrealized: Total | None

    @property
    def total_pnl(self) -> Decimal | None:
        if self.realized is None or self.unrealized is None:
            return None
        return EXACT.add(self.realized.value, self.unrealized.value)

    @property
    def updating(self) -> bool:
        return any(position.updating for position in self.positions)

    @property
    def oldest_quoted_at(self) -> datetime | None:
        """When the oldest price on the page was quoted: the totals are no newer than that. None when nothing has a price."""
        marks = [position.marked_at for position in self.positions]
        return min((at for at in (self.account_value.quoted_at, *marks) if at is not None), default=None)

    @property
    def moves_with_its_rows(self) -> bool:
        """Whether the totals are the sums of the rows and a constant, so that the page may move them with the rows: every
        position has a mark and is quoted in the reporting asset."""
        return bool(self.positions) and all(
            position.market_value is not None
            and position.unrealized_pnl is not None
            and position.instrument.quote.code == REPORTING_ASSET
            for position in self.positions
        )

    @property
    def value_beside_positions(self) -> Decimal:
        """What of the account's value does not move with the rows."""
        return self.account_value.value - sum((position.market_value or Decimal(0) for position in self.positions), Decimal(0))


@dataclass(frozen=True, slots=True)
class _Facts:
    """Everything that is read, in the order in which it was read."""

    known: dict[int, InstrumentView]
    counted: dict[int, CountedPosition]
    balances: dict[str, BalanceView]
    uncounted: frozenset[int]
    all_uncounted: bool


def get_portfolio(account_id: int) -> PortfolioView:
    """Everything that the account owns, in a fixed number of queries."""
    facts = _read(account_id)
    shown = [view for view in facts.known.values() if _belongs(view, facts)]
    prices = marketdata.latest_prices(facts.known)
    positions = [_view(view, facts, prices.get(view.id)) for view in sorted(shown, key=lambda view: view.symbol)]
    rates = Rates(facts.known.values(), prices)
    updating = any(position.updating for position in positions)
    holdings = [(balance.asset, balance.total) for balance in facts.balances.values()]
    return PortfolioView(
        positions=tuple(position for position in positions if position.is_open),
        closed=tuple(position for position in positions if not position.is_open),
        cash=_cash(facts, rates),
        allocation=allocate(holdings, rates),
        account_value=sum_values(((amount, asset.code) for asset, amount in holdings), rates),
        realized=None if updating else _sum(((p.realized_pnl, p) for p in positions), rates),
        unrealized=None if updating else _sum(((p.unrealized_pnl, p) for p in positions), rates),
    )


def get_position(account_id: int, instrument: InstrumentView) -> PositionView:
    """The account's position in one instrument; a flat one before the first trade."""
    facts = _read(account_id)
    return _view(instrument, facts, marketdata.latest_prices([instrument.id]).get(instrument.id))


def get_account_value(account_id: int) -> Total:
    """Every balance converted to the reporting asset at mid. Needs no projection, so it is never behind."""
    balances = ledger.list_balances(account_id)
    known = instruments.instruments_by_id()
    codes = {balance.asset.code for balance in balances}
    wanted = [view.id for view in known.values() if {view.base.code, view.quote.code} & codes]
    rates = Rates(known.values(), marketdata.latest_prices(wanted))
    return sum_values(((balance.total, balance.asset.code) for balance in balances), rates)


def _read(account_id: int) -> _Facts:
    known = instruments.instruments_by_id()
    progress = AccountProgress.objects.filter(account_id=account_id).first()
    counted = {row.instrument_id: _counted(row) for row in Position.objects.filter(account_id=account_id)}
    balances = {balance.asset.code: balance for balance in ledger.list_balances(account_id)}
    after = progress.account_sequence if progress else 0
    events = orders.list_account_events(account_id, after=after, type_="ORDER_FILLED", limit=UNCOUNTED_MAX)
    uncounted = frozenset(
        event.data["instrument_id"]
        for event in events
        if event.data["trade_id"] > counted.get(event.data["instrument_id"], CountedPosition()).last_sequence
    )
    return _Facts(known, counted, balances, uncounted, len(events) >= UNCOUNTED_MAX)


def _counted(row: Position) -> CountedPosition:
    return CountedPosition(row.quantity, row.cost, row.realized_pnl, row.fees, row.last_sequence)


def _belongs(view: InstrumentView, facts: _Facts) -> bool:
    """Whether the portfolio has a row for ``view``: it was traded, or its asset is held and can be nothing else but it."""
    if view.id in facts.counted or view.id in facts.uncounted:
        return True
    balance = facts.balances.get(view.base.code)
    return balance is not None and balance.total > 0 and _is_alone(view, facts) and not _is_cash(view.base.code, facts)


def _view(view: InstrumentView, facts: _Facts, price: marketdata.PriceView | None) -> PositionView:
    counted = facts.counted.get(view.id, CountedPosition())
    updating = view.id in facts.uncounted or (facts.all_uncounted and view.id in facts.counted)
    return view_position(view, _quantity(view, facts, counted), counted, price, updating=updating)


def _quantity(view: InstrumentView, facts: _Facts, counted: CountedPosition) -> Decimal:
    """The ledger's balance of the base asset.

    Where that asset is also money, or serves several instruments, only what was counted for this one, and never more than
    there is.
    """
    balance = facts.balances.get(view.base.code)
    total = balance.total if balance else ZERO
    return total if _is_alone(view, facts) and not _is_cash(view.base.code, facts) else min(counted.quantity, total)


def _is_alone(view: InstrumentView, facts: _Facts) -> bool:
    return Counter(other.base.code for other in facts.known.values())[view.base.code] == 1


def _is_cash(code: str, facts: _Facts) -> bool:
    return any(view.quote.code == code for view in facts.known.values())


def _cash(facts: _Facts, rates: Rates) -> tuple[CashView, ...]:
    rows = [
        CashView(balance, rates.value(balance.total, code))
        for code, balance in facts.balances.items()
        if _is_cash(code, facts) or code == REPORTING_ASSET
    ]
    return tuple(sorted(rows, key=lambda row: (row.balance.asset.code != REPORTING_ASSET, row.balance.asset.code)))


def _sum(parts: Iterable[tuple[Decimal | None, PositionView]], rates: Rates) -> Total:
    """Parts that are not known (no price yet) are named, not counted as zero."""
    known = [(amount, position) for amount, position in parts]
    unknown = tuple(sorted(position.instrument.symbol for amount, position in known if amount is None))
    total = sum_values(((amount, position.instrument.quote.code) for amount, position in known if amount is not None), rates)
    return Total(total.value, total.missing + unknown, total.quoted_at)

"""Positions, cash and the account value, as plain values.

The order of reading is what keeps a page from lying: first the projection, then the ledger, and last the fills that the
projection has not counted. A fill that commits in between is then always found by the last step, and its position is
shown as updating.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal

from django.utils import timezone

from apps.instruments import selectors as instruments
from apps.instruments.selectors import InstrumentNotFoundError, InstrumentView
from apps.ledger import selectors as ledger
from apps.ledger.selectors import BalanceView
from apps.marketdata import selectors as marketdata
from apps.orders import selectors as orders
from apps.portfolio.models import AccountProgress, Position
from apps.portfolio.position_math import EXACT, ZERO, mid
from apps.portfolio.valuation import (
    REPORTING_ASSET,
    CountedPosition,
    DayStart,
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
    """Sums of P&L and fees are None while a position is updating. All sums are in the reporting asset.

    ``today`` is what was earned since ``day_began_at``, of closed positions too; ``today_closed`` is their part of it.
    ``balances`` are by asset code.
    """

    day_began_at: datetime
    positions: tuple[PositionView, ...]
    closed: tuple[PositionView, ...]
    cash: tuple[CashView, ...]
    allocation: tuple[Slice, ...]
    account_value: Total
    realized: Total | None
    unrealized: Total | None
    today: Total | None
    today_closed: Total | None
    fees: Total | None
    balances: Mapping[str, BalanceView]

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
    def today_moves_with_its_rows(self) -> bool:
        """Whether the same holds for what was earned today."""
        return self.moves_with_its_rows and all(position.today_pnl is not None for position in self.positions)

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
    day = _day_began_at()
    facts = _read(account_id, day)
    shown = [view for view in facts.known.values() if _belongs(view, facts)]
    prices = marketdata.latest_prices(facts.known)
    positions = [_view(view, facts, prices.get(view.id)) for view in sorted(shown, key=lambda view: view.symbol)]
    closed = tuple(position for position in positions if not position.is_open)
    rates = Rates(facts.known.values(), prices)
    updating = any(position.updating for position in positions)
    holdings = [(balance.asset, balance.total) for balance in facts.balances.values()]
    return PortfolioView(
        day_began_at=day,
        positions=tuple(position for position in positions if position.is_open),
        closed=closed,
        cash=_cash(facts, rates),
        allocation=allocate(holdings, rates),
        account_value=sum_values(((amount, asset.code) for asset, amount in holdings), rates),
        realized=None if updating else _sum(((p.realized_pnl, p) for p in positions), rates),
        unrealized=None if updating else _sum(((p.unrealized_pnl, p) for p in positions), rates),
        today=None if updating else _sum(((p.today_pnl, p) for p in positions), rates),
        today_closed=None if updating else _sum(((p.today_pnl, p) for p in closed), rates),
        fees=None if updating else _sum(((p.fees, p) for p in positions), rates),
        balances=facts.balances,
    )


def get_position(account_id: int, symbol: str) -> PositionView:
    """The account's position in one instrument; a flat one before the first trade.

    Raises :class:`~apps.instruments.selectors.InstrumentNotFoundError`.
    """
    facts = _read(account_id, _day_began_at())
    instrument = next((view for view in facts.known.values() if view.symbol == symbol), None)
    if instrument is None:
        raise InstrumentNotFoundError(symbol)
    return _view(instrument, facts, marketdata.latest_prices([instrument.id]).get(instrument.id))


def get_account_value(account_id: int) -> Total:
    """Every balance converted to the reporting asset at mid. Needs no projection, so it is never behind."""
    balances = ledger.list_balances(account_id)
    known = instruments.instruments_by_id()
    codes = {balance.asset.code for balance in balances}
    wanted = [view.id for view in known.values() if {view.base.code, view.quote.code} & codes]
    rates = Rates(known.values(), marketdata.latest_prices(wanted))
    return sum_values(((balance.total, balance.asset.code) for balance in balances), rates)


def _day_began_at() -> datetime:
    """The beginning of the running business day, which is a UTC day as everywhere else."""
    return timezone.now().astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def _read(account_id: int, day: datetime) -> _Facts:
    known = instruments.instruments_by_id()
    assets = {asset.id: asset for view in known.values() for asset in (view.base, view.quote)}
    progress = AccountProgress.objects.filter(account_id=account_id).first()
    rows = list(Position.objects.filter(account_id=account_id))
    marks = marketdata.day_end_prices([row.instrument_id for row in rows], day)
    counted = {row.instrument_id: _counted(row, day, marks.get(row.instrument_id)) for row in rows}
    balances = {balance.asset.code: balance for balance in ledger.list_balances(account_id, assets)}
    after = progress.account_sequence if progress else 0
    events = orders.list_account_events(account_id, after=after, type_="ORDER_FILLED", limit=UNCOUNTED_MAX)
    uncounted = frozenset(
        event.data["instrument_id"]
        for event in events
        if event.data["trade_id"] > counted.get(event.data["instrument_id"], CountedPosition()).last_sequence
    )
    return _Facts(known, counted, balances, uncounted, len(events) >= UNCOUNTED_MAX)


def _counted(row: Position, day: datetime, marked: marketdata.DayEndPrice | None) -> CountedPosition:
    start = _day_start(row, day)
    if start is not None and marked is not None:
        start = replace(start, mark=mid(marked.bid, marked.ask))
    return CountedPosition(row.quantity, row.cost, row.realized_pnl, row.fees, row.last_sequence, start)


def _day_start(row: Position, day: datetime) -> DayStart | None:
    """How it stood when ``day`` began: as it stands, without a fill since then. None where that was not kept."""
    if row.day is not None and row.day >= day.date():
        return DayStart(row.day_quantity, row.day_cost, row.day_realized_pnl)
    if row.day is None and row.updated_at >= day:
        return None
    return DayStart(row.quantity, row.cost, row.realized_pnl)


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

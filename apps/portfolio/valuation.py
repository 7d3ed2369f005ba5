"""What an account owns and what that is worth, from plain values. Pure; the page, the fragment and the tests share it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Protocol

from apps.instruments.selectors import AssetView, InstrumentView
from apps.marketdata.selectors import STALE_AFTER, PriceView
from apps.portfolio.position_math import (
    EXACT,
    ZERO,
    average_cost,
    cost_share,
    market_value,
    mid,
    to_display_scale,
    unrealized_pnl,
)

#: Account values and totals are told in this asset.
REPORTING_ASSET = "USD"
TENTH = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class DayStart:
    """How a position stood when the running UTC day began. ``mark`` is the last mid before it; None when there was no price."""

    quantity: Decimal = ZERO
    cost: Decimal = ZERO
    realized_pnl: Decimal = ZERO
    mark: Decimal | None = None


@dataclass(frozen=True, slots=True)
class CountedPosition:
    """A row of the projection: what has been counted so far. ``day_start`` is None where nobody kept how the day began."""

    quantity: Decimal = ZERO
    cost: Decimal = ZERO
    realized_pnl: Decimal = ZERO
    fees: Decimal = ZERO
    last_sequence: int = 0
    day_start: DayStart | None = DayStart()


@dataclass(frozen=True, slots=True)
class PositionView:
    """One position as it is shown. ``quantity`` is the ledger's; ``cost`` is that of its ``known_quantity``.

    While ``updating`` the projection has not counted the newest fill yet: cost and P&L are None, for an old number would be
    taken for the new one. Amounts are in the instrument's quote currency.

    ``today_cost`` is what the known quantity would have to be worth for today to have earned nothing; None when nobody knows.
    """

    instrument: InstrumentView
    quantity: Decimal
    known_quantity: Decimal
    cost: Decimal | None
    realized_pnl: Decimal | None
    fees: Decimal | None
    mark: Decimal | None
    marked_at: datetime | None
    updating: bool
    price: PriceView | None = None
    today_cost: Decimal | None = None

    @property
    def is_open(self) -> bool:
        return self.quantity > 0 or self.updating

    @property
    def unknown_quantity(self) -> Decimal:
        """How much of it was not bought here, so that nobody knows what it cost."""
        return ZERO if self.updating else self.quantity - self.known_quantity

    @property
    def average_cost(self) -> Decimal | None:
        return None if self.cost is None else average_cost(self.known_quantity, self.cost)

    @property
    def market_value(self) -> Decimal | None:
        return None if self.mark is None else market_value(self.quantity, self.mark)

    @property
    def unrealized_pnl(self) -> Decimal | None:
        if self.cost is None or self.mark is None:
            return ZERO if self.cost is not None and not self.known_quantity else None
        return unrealized_pnl(self.known_quantity, self.cost, self.mark)

    @property
    def total_pnl(self) -> Decimal | None:
        if self.realized_pnl is None or self.unrealized_pnl is None:
            return None
        return EXACT.add(self.realized_pnl, self.unrealized_pnl)

    @property
    def today_pnl(self) -> Decimal | None:
        """What was earned since the running UTC day began; None when a price or the day's beginning is not known."""
        if self.today_cost is None:
            return None
        if not self.known_quantity:
            return EXACT.minus(self.today_cost)
        return None if self.mark is None else unrealized_pnl(self.known_quantity, self.today_cost, self.mark)

    def is_stale(self, now: datetime) -> bool:
        return self.marked_at is None or now - self.marked_at > STALE_AFTER


def view_position(
    instrument: InstrumentView, quantity: Decimal, counted: CountedPosition, price: PriceView | None, *, updating: bool
) -> PositionView:
    """Put the ledger's ``quantity`` and the projection together.

    More than was counted came from elsewhere and has no known cost; less means that some left without a sale (a withdrawal),
    and took its share of the cost with it.
    """
    mark = mid(price.bid, price.ask) if price else None
    marked_at = price.quoted_at if price else None
    if updating:
        return PositionView(instrument, quantity, quantity, None, None, None, mark, marked_at, True, price)
    known = max(min(quantity, counted.quantity), ZERO)
    cost = counted.cost
    if known < counted.quantity:
        cost = cost_share(counted.cost, known, counted.quantity) if known else ZERO
    today = today_cost(known, counted)
    return PositionView(
        instrument, quantity, known, cost, counted.realized_pnl, counted.fees, mark, marked_at, False, price, today
    )


def today_cost(known: Decimal, counted: CountedPosition) -> Decimal | None:
    """What ``known`` would have to be worth for today to have earned nothing, to eight decimals.

    That is what was there when the day began, at the last mark before, and what was paid since less what sales brought. What left
    without a sale is taken out at the same mark, so that it neither earns nor loses. None when that mark is needed and missing.
    """
    start = counted.day_start
    if start is None:
        return None
    paid = EXACT.subtract(EXACT.subtract(counted.cost, counted.realized_pnl), EXACT.subtract(start.cost, start.realized_pnl))
    kept = EXACT.subtract(start.quantity, EXACT.subtract(counted.quantity, known))
    if not kept:
        return to_display_scale(paid)
    return None if start.mark is None else to_display_scale(EXACT.add(market_value(kept, start.mark), paid))


class Quoted(Protocol):
    """A price to value at: the newest one, or the last one of a day."""

    @property
    def bid(self) -> Decimal: ...
    @property
    def ask(self) -> Decimal: ...
    @property
    def quoted_at(self) -> datetime: ...


class Rates:
    """What one unit of an asset is worth in the reporting asset, at mid."""

    def __init__(self, instruments: Iterable[InstrumentView], prices: Mapping[int, Quoted]) -> None:
        self._rates: dict[str, Decimal] = {REPORTING_ASSET: Decimal(1)}
        self._quoted_at: dict[str, datetime] = {}
        for view in instruments:
            price = prices.get(view.id)
            if price is None:
                continue
            if view.quote.code == REPORTING_ASSET:
                self._learn(view.base.code, mid(price.bid, price.ask), price.quoted_at)
            elif view.base.code == REPORTING_ASSET:
                self._learn(view.quote.code, EXACT.divide(Decimal(1), mid(price.bid, price.ask)), price.quoted_at)

    def _learn(self, asset: str, rate: Decimal, quoted_at: datetime) -> None:
        if asset not in self._rates:
            self._rates[asset] = rate
            self._quoted_at[asset] = quoted_at

    def value(self, amount: Decimal, asset: str) -> Decimal | None:
        """``amount`` of ``asset`` in the reporting asset, to eight decimals; None when nothing tells its price."""
        rate = self._rates.get(asset)
        return None if rate is None else to_display_scale(EXACT.multiply(amount, rate))

    def quoted_at(self, asset: str) -> datetime | None:
        """When the price behind the rate was quoted; None for the reporting asset itself and for what has no price."""
        return self._quoted_at.get(asset)


@dataclass(frozen=True, slots=True)
class Slice:
    """One bar of the allocation. ``percent`` is of the account value, with one decimal."""

    asset: AssetView
    value: Decimal
    percent: Decimal


@dataclass(frozen=True, slots=True)
class Total:
    """A sum in the reporting asset. ``missing`` names the assets that have no price, and so are not in it.

    ``quoted_at`` is when the oldest of the prices in it was quoted; None when the sum needs no price.
    """

    value: Decimal
    missing: tuple[str, ...] = ()
    quoted_at: datetime | None = None

    def is_stale(self, now: datetime) -> bool:
        return self.quoted_at is not None and now - self.quoted_at > STALE_AFTER


def sum_values(amounts: Iterable[tuple[Decimal, str]], rates: Rates) -> Total:
    value, missing = ZERO, []
    quoted: list[datetime] = []
    for amount, asset in amounts:
        worth = rates.value(amount, asset)
        if worth is not None:
            value = EXACT.add(value, worth)
            quoted_at = rates.quoted_at(asset) if amount else None
            if quoted_at is not None:
                quoted.append(quoted_at)
        elif amount:
            missing.append(asset)
    return Total(value, tuple(sorted(set(missing))), min(quoted, default=None))


def allocate(holdings: Iterable[tuple[AssetView, Decimal]], rates: Rates) -> tuple[Slice, ...]:
    """Shares of what the account owns, largest first. What is owed or has no price has no bar."""
    worth = [(asset, rates.value(amount, asset.code)) for asset, amount in holdings]
    owned = [(asset, value) for asset, value in worth if value is not None and value > 0]
    total = sum((value for _, value in owned), ZERO)
    shares = [Slice(asset, value, (EXACT.divide(value * 100, total)).quantize(TENTH)) for asset, value in owned]
    return tuple(sorted(shares, key=lambda share: (-share.value, share.asset.code)))

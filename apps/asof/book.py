"""The book as it was: customers' orders and what was left of the house's ladder, by price. Pure."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from apps.core.clock import instant
from apps.core.enums import Side
from apps.core.ladder import house_ladder
from apps.engine.matching.house import HOUSE_AGE_NS_MAX
from apps.engine.selectors_journal import BatchView, JournaledQuote
from apps.instruments.selectors import InstrumentView
from apps.orders.selectors_then import OpenThen, Then

LEVELS_SHOWN = 5
_MICROSECOND_NS = 1_000


@dataclass(frozen=True, slots=True)
class QuoteThen:
    """The house's quote that a decision read. ``age`` is how long the engine had had it; ``offers`` whether the
    house stood behind it.

    Prices are by the instrument's steps of today.
    """

    source: str
    epoch: int
    sequence: int
    quoted_at: datetime
    age: timedelta
    bid: Decimal
    ask: Decimal
    bid_quantity: Decimal
    ask_quantity: Decimal
    offers: bool

    @property
    def name(self) -> str:
        return f"{self.source} {self.epoch}-{self.sequence}"


@dataclass(frozen=True, slots=True)
class LevelThen:
    """A price with all that stood there; ``own`` is the part of the order's account, ``house`` the house's."""

    price: Decimal
    quantity: Decimal
    customers: Decimal
    own: Decimal
    house: Decimal


@dataclass(frozen=True, slots=True)
class BookThen:
    """Best first. ``since``: customers' orders older than this that have ended meanwhile may be missing; None when none is.
    ``house_used`` is what earlier trades had taken of the quote."""

    bids: tuple[LevelThen, ...]
    asks: tuple[LevelThen, ...]
    since: datetime | None
    house_sold: Decimal
    house_bought: Decimal


def quote_then(batch: BatchView, quote: JournaledQuote, instrument: InstrumentView) -> QuoteThen:
    grid, age_ns = instrument.grid, batch.at_ns - quote.received_ns
    return QuoteThen(
        source=quote.source,
        epoch=quote.epoch,
        sequence=quote.sequence,
        quoted_at=instant(quote.at_ns),
        age=timedelta(microseconds=age_ns // _MICROSECOND_NS),
        bid=grid.price(quote.bid_ticks),
        ask=grid.price(quote.ask_ticks),
        bid_quantity=grid.quantity(quote.bid_lots),
        ask_quantity=grid.quantity(quote.ask_lots),
        offers=-HOUSE_AGE_NS_MAX <= age_ns <= HOUSE_AGE_NS_MAX,
    )


def book_then(
    resting: Then,
    quote: JournaledQuote | None,
    used: Mapping[Side, Decimal],
    *,
    instrument: InstrumentView,
    account_id: int,
    without: Collection[int],
) -> BookThen:
    """``quote`` is None where the house offered nothing; ``without`` are orders that were on their way and rested nowhere."""
    orders = [order for order in resting.orders if order.id not in without]
    sold, bought = used.get(Side.SELL, Decimal(0)), used.get(Side.BUY, Decimal(0))
    house: dict[Side, dict[Decimal, Decimal]] = {Side.BUY: {}, Side.SELL: {}}
    if quote is not None:
        grid, step = instrument.grid, instrument.ladder_step_ticks
        bids = house_ladder(quote.bid_ticks, quote.bid_lots, -1, step)
        asks = house_ladder(quote.ask_ticks, quote.ask_lots, 1, step)
        for side, rungs, gone in ((Side.BUY, bids, bought), (Side.SELL, asks, sold)):
            house[side] = _left([(grid.price(ticks), grid.quantity(lots)) for ticks, lots in rungs], gone)
    levels = {side: _levels(side, orders, house[side], account_id) for side in Side}
    return BookThen(levels[Side.BUY], levels[Side.SELL], resting.since, sold, bought)


def _left(rungs: list[tuple[Decimal, Decimal]], used: Decimal) -> dict[Decimal, Decimal]:
    """What is left of a ladder, which is used up best price first."""
    left: dict[Decimal, Decimal] = {}
    for price, quantity in rungs:
        taken = min(used, quantity)
        used -= taken
        if quantity > taken:
            left[price] = quantity - taken
    return left


def _levels(
    side: Side, orders: list[OpenThen], house: Mapping[Decimal, Decimal], account_id: int
) -> tuple[LevelThen, ...]:
    customers: dict[Decimal, Decimal] = {}
    own: dict[Decimal, Decimal] = {}
    for order in orders:
        if order.side is side and order.price is not None:
            customers[order.price] = customers.get(order.price, Decimal(0)) + order.leaves_quantity
            if order.account_id == account_id:
                own[order.price] = own.get(order.price, Decimal(0)) + order.leaves_quantity
    prices = sorted({*customers, *house}, reverse=side is Side.BUY)[:LEVELS_SHOWN]
    nothing = Decimal(0)
    return tuple(
        LevelThen(
            price,
            customers.get(price, nothing) + house.get(price, nothing),
            customers.get(price, nothing),
            own.get(price, nothing),
            house.get(price, nothing),
        )
        for price in prices
    )

"""Closing all positions: what would be sent, and what became of each, from plain values. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_CEILING, Decimal

from apps.commands.answers import AnyAnswer, OrderAnswer
from apps.commands.reasons import sentence_of
from apps.core.enums import OrderStatus
from apps.instruments.selectors import InstrumentView
from apps.instruments.states import Act, takes
from apps.ledger.selectors import BalanceView
from apps.marketdata.selectors import STALE_AFTER, PriceView
from apps.orders.results import OrderResult, result_of_answer
from apps.portfolio.position_math import EXACT, SMALLEST, ZERO, market_value
from apps.portfolio.valuation import REPORTING_ASSET, PositionView


@dataclass(frozen=True, slots=True)
class Closing:
    """All whole lots of ``quantity`` sold at the market. ``rest`` is less than a lot and stays; ``beside`` was not bought here.
    ``held`` is what open orders to sell hold of it: they are canceled first.

    ``value`` and ``fee`` are at the newest bid, in the quote currency; None without a price. ``problem`` says why it is not sent.
    """

    instrument: InstrumentView
    quantity: Decimal
    rest: Decimal
    beside: Decimal
    held: Decimal
    bid: Decimal | None
    quoted_at: datetime | None
    value: Decimal | None
    fee: Decimal | None
    problem: str
    price: PriceView | None = None

    @property
    def brings(self) -> Decimal | None:
        return None if self.value is None or self.fee is None else EXACT.subtract(self.value, self.fee)

    @property
    def is_sent(self) -> bool:
        return not self.problem

    def is_stale(self, now: datetime) -> bool:
        return self.quoted_at is None or now - self.quoted_at > STALE_AFTER


@dataclass(frozen=True, slots=True)
class Sum:
    """What closings bring together in one currency. ``complete`` is False when one of them has no price."""

    asset: str
    places: int
    value: Decimal
    complete: bool


def plan(
    positions: Iterable[PositionView], balances: Mapping[str, BalanceView], own_notional_max: Decimal | None
) -> tuple[Closing, ...]:
    """One closing for each asset that is held, by symbol. The engine sells all of an asset, so of several instruments of one
    asset it is the one in the reporting asset, or the first by symbol.

    ``balances`` are by asset code.
    """
    chosen: dict[str, PositionView] = {}
    for position in sorted(positions, key=lambda each: (each.instrument.quote.code != REPORTING_ASSET, each.instrument.symbol)):
        chosen.setdefault(position.instrument.base.code, position)
    made = [_closing(position, balances[code], own_notional_max) for code, position in chosen.items() if code in balances]
    return tuple(sorted(made, key=lambda each: each.instrument.symbol))


def _closing(position: PositionView, balance: BalanceView, own_notional_max: Decimal | None) -> Closing:
    view, price, total = position.instrument, position.price, balance.total
    rest = total % view.lot_size
    quantity = total - rest
    value = None if price is None else market_value(quantity, price.bid)
    fee = None if value is None else taker_fee(value, view.taker_fee_ppm)
    return Closing(
        view, quantity, rest, max(total - position.quantity, ZERO), balance.held, None if price is None else price.bid,
        None if price is None else price.quoted_at, value, fee, _problem(view, quantity, price, value, own_notional_max), price,
    )  # fmt: skip


def taker_fee(value: Decimal, ppm: int) -> Decimal:
    """Rounded up to the eighth decimal: against the customer, as the engine does."""
    return EXACT.divide(EXACT.multiply(value, Decimal(ppm)), Decimal(1_000_000)).quantize(SMALLEST, rounding=ROUND_CEILING)


def _problem(
    view: InstrumentView, quantity: Decimal, price: PriceView | None, value: Decimal | None, own_notional_max: Decimal | None
) -> str:
    """What surely stands against it. A price that is old may be new by the time of the click: that is for the engine to say."""
    most = view.max_notional if own_notional_max is None else min(view.max_notional, own_notional_max)
    if not quantity:
        return f"It is less than one lot, which is {view.lot_size.normalize():f} {view.base.code}."
    if not takes(view.trading_state, Act.TRADE):
        return view.state_in_words
    if price is None or value is None:
        return "There is no price."
    if quantity > view.max_quantity:
        return f"One order sells at most {view.max_quantity.normalize():,f} {view.base.code}: sell it in parts."
    if value > most:
        return f"One order sells at most {most.normalize():,f} {view.quote.code} worth: sell it in parts."
    return ""


def sums_of(parts: Iterable[tuple[InstrumentView, Decimal | None]]) -> tuple[Sum, ...]:
    """What the parts bring, by quote currency."""
    found: dict[str, Sum] = {}
    for view, amount in parts:
        code = view.quote.code
        before = found.get(code, Sum(code, view.quote.display_decimals, ZERO, True))
        value = before.value if amount is None else EXACT.add(before.value, amount)
        found[code] = Sum(code, before.places, value, before.complete and amount is not None)
    return tuple(found[code] for code in sorted(found, key=lambda code: (code != REPORTING_ASSET, code)))


@dataclass(frozen=True, slots=True)
class Closed:
    """What became of one closing. ``result`` is None where no order was made; ``is_known`` is False while nothing is stored."""

    instrument: InstrumentView
    is_known: bool
    result: OrderResult | None
    sentence: str

    @property
    def brought(self) -> Decimal | None:
        """Proceeds less fee; None when nothing was sold."""
        if self.result is None or not self.result.filled_quantity:
            return None
        notional = sum((market_value(fill.quantity, fill.price) for fill in self.result.fills), ZERO)
        return EXACT.subtract(notional, self.result.fee)

    @property
    def left(self) -> Decimal:
        """What was to be sold and was not."""
        return ZERO if self.result is None else self.result.quantity - self.result.filled_quantity

    @property
    def state(self) -> str:
        """``done``, ``part``, ``failed`` or ``waiting``."""
        if not self.is_known:
            return "waiting"
        if self.result is None or not self.result.filled_quantity:
            return "failed"
        return "done" if self.result.status is OrderStatus.FILLED else "part"


def outcomes(base_id: str, instruments: Sequence[InstrumentView], answers: Mapping[str, AnyAnswer]) -> tuple[Closed, ...]:
    return tuple(_closed(view, answers.get(closing_id(base_id, view))) for view in instruments)


def closing_id(base_id: str, instrument: InstrumentView) -> str:
    """The command's id: the same for the same form and instrument, however often it is sent."""
    return f"{base_id}-{instrument.id}"


def _closed(view: InstrumentView, answer: AnyAnswer | None) -> Closed:
    if answer is None:
        return Closed(view, False, None, "")
    if isinstance(answer, OrderAnswer):
        result = result_of_answer(answer, view)
        return Closed(view, True, result, result.sentence)
    return Closed(view, True, None, sentence_of(getattr(answer, "reason", "")))

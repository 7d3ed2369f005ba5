"""What the engine holds in memory. Plain objects with slots; the settlement reads them after a batch.

Those that are made all the time are structs, which are made faster; those that are changed all the time are dataclasses, which
are written faster.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import msgspec

from apps.core.enums import AccountStatus, OrderStatus, OrderType, SelfTradePrevention, Side, TimeInForce, TradingState
from apps.core.units import Grid

SECOND_NS = 1_000_000_000


@dataclass(slots=True)
class Balance:
    """One ledger account. ``available`` is ``total - held``; both in units."""

    ledger_account_id: int
    account_id: int
    asset_id: int
    may_be_negative: bool
    total: int = 0
    held: int = 0

    @property
    def available(self) -> int:
        return self.total - self.held


@dataclass(slots=True)
class Account:
    account_id: int
    user_id: int | None
    status: AccountStatus
    sequence: int = 0  # of its events, counted without a gap
    open_orders: int = 0
    balances: dict[int, Balance] = field(default_factory=dict)  # by asset id
    # Its own limits, below the venue's; None is the venue's.
    max_open_orders: int | None = None
    max_order_notional: int | None = None  # units of whatever asset the order is quoted in
    orders_per_second: int | None = None  # asked by the session, before anything is decided
    self_trade_prevention: SelfTradePrevention = SelfTradePrevention.CANCEL_NEWEST
    dead_man_ns: int = 0  # when its open orders are canceled unless the switch is renewed; 0: it is off


@dataclass(slots=True)
class Asset:
    asset_id: int
    code: str
    name: str
    asset_class: str
    display_decimals: int


@dataclass(slots=True)
class Instrument:
    """``grid`` converts; ``max_notional`` is in units of the quote asset, ``max_lots`` in lots."""

    instrument_id: int
    symbol: str
    name: str
    asset_class: str
    base_id: int
    quote_id: int
    grid: Grid
    max_lots: int
    max_notional: int
    collar_bps: int
    maker_fee_ppm: int
    taker_fee_ppm: int
    ladder_step_ticks: int
    trading_state: TradingState
    state_reason: str = ""
    trade_sequence: int = 0  # of its trades, counted without a gap
    band_bps: int = 1000  # how far one tick may be from the one before it
    paused_until_ns: int = 0  # of a pause that ends by itself; 0: none
    is_sweeping: bool = False  # its open orders are being canceled by the kill switch
    around_the_clock: bool = True
    #: In order, not overlapping; one that has ended stays the first until the last of its DAY orders is expired.
    sessions: tuple[Session, ...] = ()
    calendar: str = "24x7"  # by whose calendar the sessions are made


class Session(msgspec.Struct, frozen=True, gc=False):
    """Nanoseconds since 1970, whole microseconds: ``pre_open_ns <= open_ns < close_ns``."""

    pre_open_ns: int
    open_ns: int
    close_ns: int


def whole_microseconds(at_ns: int) -> int:
    """The instant as it is stored, in nanoseconds still."""
    return at_ns // 1000 * 1000


def state_by_calendar(instrument: Instrument, now_ns: int) -> TradingState:
    """What the instrument's sessions say that it is now: OPEN around the clock, CLOSED where none is known."""
    if instrument.around_the_clock:
        return TradingState.OPEN
    for session in instrument.sessions:
        if now_ns < session.close_ns:
            if now_ns < session.pre_open_ns:
                return TradingState.CLOSED
            return TradingState.PRE_OPEN if now_ns < session.open_ns else TradingState.OPEN
    return TradingState.CLOSED


def has_session(instrument: Instrument, now_ns: int) -> bool:
    """Whether a session is known that has not ended: what a DAY order needs for its own end."""
    return bool(instrument.sessions) and instrument.sessions[-1].close_ns > now_ns


def next_boundary_ns(sessions: tuple[Session, ...], seen_ns: int) -> int | None:
    """The first instant of ``sessions`` after ``seen_ns``; None when all of them are over."""
    instants = (at for s in sessions for at in (s.pre_open_ns, s.open_ns, s.close_ns))
    return next((at for at in instants if at > seen_ns), None)


class Exit(msgspec.Struct, frozen=True, gc=False):
    """One exit of a bracket, as it was asked for: what the order will have that its entry's fills make. 0 is absent."""

    order_type: OrderType
    ticks: int = 0
    trigger_ticks: int = 0
    trail_ticks: int = 0
    trail_bps: int = 0


class Terms(msgspec.Struct, gc=False):
    """What an order has beyond a plain one; 0 is absent. ``priority`` is the sequence at which it took its place in the queue."""

    priority: int
    trigger_ticks: int = 0  # the reference that sets it off; of a trailing stop: now
    trail_ticks: int = 0
    trail_bps: int = 0
    expires_ns: int = 0  # whole microseconds
    post_only: bool = False
    reduce_only: bool = False
    link_id: int = 0  # open orders of one link cancel each other and share the largest hold
    parent_id: int = 0  # the bracket's entry
    target: Exit | None = None
    stop: Exit | None = None
    asked_lots: int = 0  # of a reduce-only order that was cut to the position; told with the decision, and then forgotten


class Order(msgspec.Struct, gc=False):
    """``ticks`` is 0 for a market order. ``notional`` and ``fee`` are sums over the fills; ``held`` is what is set aside now."""

    order_id: int
    account_id: int
    client_order_id: str
    instrument: Instrument
    side: Side
    order_type: OrderType
    time_in_force: TimeInForce
    lots: int
    ticks: int
    status: OrderStatus
    created_ns: int
    updated_ns: int
    reason: str = ""
    filled_lots: int = 0
    notional: int = 0
    fee: int = 0
    held: int = 0
    terms: Terms | None = None  # None for a plain order, which most are

    @property
    def leaves_lots(self) -> int:
        return self.lots - self.filled_lots

    @property
    def priority(self) -> int:
        """Orders of one price trade in the order of this."""
        return self.order_id if self.terms is None else self.terms.priority

    def is_over(self, now_ns: int) -> bool:
        """Whether it lasted until an instant that has come: then it trades no more, though it may not be EXPIRED yet."""
        if self.time_in_force is TimeInForce.GTD:
            return self.terms is not None and self.terms.expires_ns <= now_ns
        return self.time_in_force is TimeInForce.DAY and any(
            session.close_ns <= now_ns and self.created_ns < session.close_ns for session in self.instrument.sessions
        )


class HouseQuote(msgspec.Struct, frozen=True, gc=False):
    """The feed's newest quote of an instrument, as the house trades on it. Its identity is (source, epoch, sequence)."""

    source: str
    epoch: int
    sequence: int
    at_ns: int  # the feed's clock
    received_ns: int  # the engine's clock: ages are counted from here
    bid_ticks: int
    ask_ticks: int
    bid_lots: int
    ask_lots: int

"""Events of one account, keyed by account id: topics ``orders.events`` and ``accounts.events``.

``account_sequence`` counts the events of an account over both topics without a gap.
"""

import msgspec

from apps.core.enums import LiquiditySide, OrderStatus, OrderType, SelfTradePrevention, Side, TimeInForce
from apps.eventlog.schemas.base import Event


class AccountEvent(Event, frozen=True):
    account_id: int
    account_sequence: int


class OrderEvent(AccountEvent, frozen=True):
    order_id: int
    client_order_id: str
    instrument_id: int
    symbol: str


class ExitTerms(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """One exit of a bracket, as it was asked for."""

    order_type: OrderType
    price: str | None = None
    trigger_price: str | None = None
    trail_amount: str | None = None
    trail_bps: int | None = None


class OrderTerms(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """What an order has beyond side, type, quantity and price. ``trigger_price`` of a trailing stop is where it begins.

    Orders of one ``link_id`` cancel each other; ``parent_id`` is the entry that an exit belongs to. ``asked_quantity`` is there
    when a reduce-only order was cut to the position.
    """

    trigger_price: str | None = None
    trail_amount: str | None = None
    trail_bps: int | None = None
    expires_at_ns: int | None = None
    post_only: bool = False
    reduce_only: bool = False
    link_id: int | None = None
    parent_id: int | None = None
    target: ExitTerms | None = None
    stop: ExitTerms | None = None
    asked_quantity: str | None = None


class OrderAccepted(OrderEvent, frozen=True, kw_only=True, tag="ORDER_ACCEPTED"):
    """``terms`` is None for a plain order, which most are. Version 1 knew no terms."""

    version: int = 2
    side: Side
    order_type: OrderType
    time_in_force: TimeInForce
    quantity: str
    price: str | None
    held: str
    terms: OrderTerms | None = None


class OrderDenied(OrderEvent, frozen=True, kw_only=True, tag="ORDER_DENIED"):
    """A risk check said no."""

    version: int = 2
    side: Side
    order_type: OrderType
    time_in_force: TimeInForce
    quantity: str
    price: str | None
    reason: str
    terms: OrderTerms | None = None


class OrderRejected(OrderEvent, frozen=True, kw_only=True, tag="ORDER_REJECTED"):
    """A rule of the venue said no."""

    version: int = 2
    side: Side
    order_type: OrderType
    time_in_force: TimeInForce
    quantity: str
    price: str | None
    reason: str
    terms: OrderTerms | None = None


class OrderFilled(OrderEvent, frozen=True, kw_only=True, tag="ORDER_FILLED"):
    """One fill. The ``quote_*`` fields name the house's quote that it was made against, empty between customers."""

    version: int = 2
    trade_id: int
    side: Side
    liquidity_side: LiquiditySide
    price: str
    quantity: str
    fee: str
    status: OrderStatus
    filled_quantity: str
    leaves_quantity: str
    held: str
    quote_source: str = ""
    quote_epoch: int = 0
    quote_sequence: int = 0


class OrderCanceled(OrderEvent, frozen=True, tag="ORDER_CANCELED"):
    reason: str
    filled_quantity: str
    released: str


class OrderTriggered(OrderEvent, frozen=True, tag="ORDER_TRIGGERED"):
    """The reference, which is the mid of the named quote, reached the trigger: the order enters the market."""

    trigger_price: str
    status: OrderStatus
    quote_source: str
    quote_epoch: int
    quote_sequence: int


class OrderTriggerMoved(OrderEvent, frozen=True, tag="ORDER_TRIGGER_MOVED"):
    """A trailing stop followed the market."""

    trigger_price: str
    held: str


class OrderAmended(OrderEvent, frozen=True, tag="ORDER_AMENDED"):
    """The order as it stands from now on. ``reason`` is empty for the owner's wish, a code when the venue made it smaller or
    larger; ``kept_priority`` says whether it kept its place in the queue."""

    reason: str
    quantity: str
    price: str | None
    trigger_price: str | None
    filled_quantity: str
    leaves_quantity: str
    held: str
    status: OrderStatus
    kept_priority: bool


class OrderExpired(OrderEvent, frozen=True, tag="ORDER_EXPIRED"):
    reason: str
    filled_quantity: str
    released: str


class OrderForceCanceled(OrderEvent, frozen=True, tag="ORDER_FORCE_CANCELED"):
    """Canceled by staff. ``reason`` is the code, ``explanation`` their words for the customer."""

    reason: str
    explanation: str
    filled_quantity: str
    released: str


class AccountOpened(AccountEvent, frozen=True, tag="ACCOUNT_OPENED"):
    pass


class AccountSuspended(AccountEvent, frozen=True, tag="ACCOUNT_SUSPENDED"):
    reason: str


class AccountReinstated(AccountEvent, frozen=True, tag="ACCOUNT_REINSTATED"):
    reason: str


class AccountLimitsSet(AccountEvent, frozen=True, kw_only=True, tag="ACCOUNT_LIMITS_SET"):
    """The account's limits from now on; None is the venue's own."""

    version: int = 2
    max_open_orders: int | None
    max_order_notional: str | None
    reason: str
    orders_per_second: int | None = None  # version 1 knew no such limit


class SelfTradePreventionSet(AccountEvent, frozen=True, tag="SELF_TRADE_PREVENTION_SET"):
    mode: SelfTradePrevention


class DeadMansSwitchFired(AccountEvent, frozen=True, tag="DEAD_MANS_SWITCH_FIRED"):
    """It was not renewed in time; ``canceled`` open orders were canceled before this event."""

    canceled: int


class FundsDeposited(AccountEvent, frozen=True, tag="FUNDS_DEPOSITED"):
    transfer_id: int
    asset: str
    amount: str


class FundsWithdrawn(AccountEvent, frozen=True, tag="FUNDS_WITHDRAWN"):
    transfer_id: int
    asset: str
    amount: str


class FundsAdjusted(AccountEvent, frozen=True, tag="FUNDS_ADJUSTED"):
    """Staff corrected a balance. ``amount`` is signed; ``reason`` is also the transfer's memo."""

    transfer_id: int
    asset: str
    amount: str
    reason: str


AnyOrderEvent = (
    OrderAccepted
    | OrderDenied
    | OrderRejected
    | OrderFilled
    | OrderCanceled
    | OrderForceCanceled
    | OrderTriggered
    | OrderTriggerMoved
    | OrderAmended
    | OrderExpired
)
AnyAccountEvent = (
    AccountOpened
    | AccountSuspended
    | AccountReinstated
    | AccountLimitsSet
    | SelfTradePreventionSet
    | DeadMansSwitchFired
    | FundsDeposited
    | FundsWithdrawn
    | FundsAdjusted
)

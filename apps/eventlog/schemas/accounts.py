"""Events of one account, keyed by account id: topics ``orders.events`` and ``accounts.events``.

``account_sequence`` counts the events of an account over both topics without a gap.
"""

from apps.core.enums import LiquiditySide, OrderStatus, OrderType, Side, TimeInForce
from apps.eventlog.schemas.base import Event


class AccountEvent(Event, frozen=True):
    account_id: int
    account_sequence: int


class OrderEvent(AccountEvent, frozen=True):
    order_id: int
    client_order_id: str
    instrument_id: int
    symbol: str


class OrderAccepted(OrderEvent, frozen=True, tag="ORDER_ACCEPTED"):
    side: Side
    order_type: OrderType
    time_in_force: TimeInForce
    quantity: str
    price: str | None
    held: str


class OrderDenied(OrderEvent, frozen=True, tag="ORDER_DENIED"):
    """A risk check said no."""

    side: Side
    order_type: OrderType
    time_in_force: TimeInForce
    quantity: str
    price: str | None
    reason: str


class OrderRejected(OrderEvent, frozen=True, tag="ORDER_REJECTED"):
    """A rule of the venue said no."""

    side: Side
    order_type: OrderType
    time_in_force: TimeInForce
    quantity: str
    price: str | None
    reason: str


class OrderFilled(OrderEvent, frozen=True, tag="ORDER_FILLED"):
    """One fill. The ``quote_*`` fields name the house's quote that it was made against, empty between customers."""

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


class AccountLimitsSet(AccountEvent, frozen=True, tag="ACCOUNT_LIMITS_SET"):
    """The account's limits from now on; None is the venue's own."""

    max_open_orders: int | None
    max_order_notional: str | None
    reason: str


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


AnyOrderEvent = OrderAccepted | OrderDenied | OrderRejected | OrderFilled | OrderCanceled | OrderForceCanceled
AnyAccountEvent = (
    AccountOpened | AccountSuspended | AccountReinstated | AccountLimitsSet | FundsDeposited | FundsWithdrawn | FundsAdjusted
)

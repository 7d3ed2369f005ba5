"""Commands and answers, as they cross the engine's socket.

Frozen, versioned by their tag, refusing unknown fields. Numbers are strings, read by the engine with the strict parser of
``core.numbers``. ``command_id`` is made by the caller before sending, kept by it until a definite answer, and is the client
order id of an order: letters, digits, ``-`` and ``_``, 1 to 48 of them.
"""

import msgspec

from apps.core.enums import LiquiditySide, OrderStatus, OrderType, Role, Side, TimeInForce

COMMAND_ID_PATTERN = r"[A-Za-z0-9_-]{1,48}"
#: What a reason given by staff may be long, in characters.
REASON_LENGTH_MIN = 3
REASON_LENGTH_MAX = 200


class Actor(msgspec.Struct, frozen=True, forbid_unknown_fields=True, array_like=True):
    """Who asks. The engine checks it again: a customer acts on the own account only."""

    user_id: int | None
    role: Role


class Command(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="type"):
    command_id: str
    actor: Actor
    correlation_id: str = ""


class OpenAccount(Command, frozen=True, tag="OPEN_ACCOUNT"):
    """Make a PENDING_FUNDING account ACTIVE. The row exists already: sign-up made it."""

    account_id: int


class Deposit(Command, frozen=True, tag="DEPOSIT"):
    account_id: int
    asset: str
    amount: str
    memo: str = ""


class Withdraw(Command, frozen=True, tag="WITHDRAW"):
    account_id: int
    asset: str
    amount: str
    memo: str = ""


class SubmitOrder(Command, frozen=True, tag="SUBMIT_ORDER"):
    account_id: int
    symbol: str
    side: Side
    order_type: OrderType
    quantity: str
    price: str | None = None
    time_in_force: TimeInForce = TimeInForce.GTC


class CancelOrder(Command, frozen=True, tag="CANCEL_ORDER"):
    account_id: int
    order_id: int


# What follows is for the venue's own people and processes. A ``reason`` is printable text of REASON_LENGTH_MIN to
# REASON_LENGTH_MAX characters; it is stored with the event, and the customer reads it.


class SuspendAccount(Command, frozen=True, tag="SUSPEND_ACCOUNT"):
    account_id: int
    reason: str


class ReinstateAccount(Command, frozen=True, tag="REINSTATE_ACCOUNT"):
    """Make a SUSPENDED account ACTIVE again."""

    account_id: int
    reason: str


class SetAccountLimits(Command, frozen=True, tag="SET_ACCOUNT_LIMITS"):
    """Limits of one account, below the venue's own; None is the venue's. Both are set, whatever they were before.

    ``max_order_notional`` is the largest value of one order, in the quote asset of whatever instrument it is for.
    """

    account_id: int
    max_open_orders: int | None
    max_order_notional: str | None
    reason: str


class AdjustBalance(Command, frozen=True, tag="ADJUST_BALANCE"):
    """Correct a balance. ``amount`` is signed and not zero: ``"-12.5"`` takes what is available, never what is held."""

    account_id: int
    asset: str
    amount: str
    reason: str


class ForceCancelOrder(Command, frozen=True, tag="FORCE_CANCEL_ORDER"):
    """Cancel with words for the customer. Answered like CANCEL_ORDER."""

    account_id: int
    order_id: int
    reason: str


class HaltInstrument(Command, frozen=True, tag="HALT_INSTRUMENT"):
    symbol: str
    reason: str


class ResumeInstrument(Command, frozen=True, tag="RESUME_INSTRUMENT"):
    symbol: str
    reason: str


class SetInstrumentLimits(Command, frozen=True, tag="SET_INSTRUMENT_LIMITS"):
    """Change what one order may be at most, and how far from the market. Open orders stay as they are."""

    symbol: str
    max_quantity: str
    max_notional: str
    collar_bps: int
    reason: str


class ConfigureInstrument(Command, frozen=True, tag="CONFIGURE_INSTRUMENT"):
    """Create an instrument (and its assets), or change one. A tick or a lot changes only while CLOSED without open orders."""

    symbol: str
    name: str
    asset_class: str
    base: str
    base_name: str
    base_decimals: int
    quote: str
    quote_name: str
    quote_decimals: int
    tick_size: str
    lot_size: str
    max_quantity: str
    max_notional: str
    collar_bps: int
    maker_fee_ppm: int
    taker_fee_ppm: int
    ladder_step_ticks: int


AnyCommand = (
    OpenAccount
    | Deposit
    | Withdraw
    | SuspendAccount
    | ReinstateAccount
    | SetAccountLimits
    | AdjustBalance
    | SubmitOrder
    | CancelOrder
    | ForceCancelOrder
    | HaltInstrument
    | ResumeInstrument
    | SetInstrumentLimits
    | ConfigureInstrument
)


class Answer(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, tag_field="type"):
    command_id: str


class FillReport(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    trade_id: int
    price: str
    quantity: str
    fee: str
    liquidity_side: LiquiditySide


class OrderAnswer(Answer, frozen=True, tag="ORDER"):
    """The decision on a submitted order, after its commit. ``status`` DENIED or REJECTED carry a ``reason``."""

    order_id: int
    symbol: str
    side: Side
    order_type: OrderType
    time_in_force: TimeInForce
    quantity: str
    price: str | None
    status: OrderStatus
    reason: str
    filled_quantity: str
    leaves_quantity: str
    average_price: str | None
    fee: str
    held: str
    fills: list[FillReport]
    at_ns: int


class CancelAnswer(Answer, frozen=True, tag="CANCEL"):
    """Of both cancels. ``status`` is where the order stands now; ``reason`` ORDER_NOT_OPEN says that it had ended before."""

    order_id: int
    status: OrderStatus
    reason: str
    filled_quantity: str
    at_ns: int


class DoneAnswer(Answer, frozen=True, tag="DONE"):
    """Any other command: done, or denied for a ``reason``. ``reference`` is the id of what it made (a transfer, say)."""

    reason: str = ""
    reference: int = 0
    at_ns: int = 0


class RefusedAnswer(Answer, frozen=True, tag="REFUSED"):
    """Bad input or not allowed: nothing was stored. ``field`` and ``value`` name what was wrong."""

    reason: str
    message: str
    field: str = ""
    value: str = ""


class ConflictAnswer(Answer, frozen=True, tag="CONFLICT"):
    """The id was used before with another body. Nothing was done."""

    reason: str = "ID_REUSED"


class RetryAnswer(Answer, frozen=True, tag="RETRY"):
    """Not decided: ``reason`` is UNAVAILABLE or TOO_FAST. Ask again with the same id."""

    reason: str
    retry_after_ms: int


AnyAnswer = OrderAnswer | CancelAnswer | DoneAnswer | RefusedAnswer | ConflictAnswer | RetryAnswer

"""Answers, as they cross the engine's socket: what was decided, after its commit. Numbers are strings.

A caller may be of the version before the engine's: what it does not know of an answer it leaves unread.
"""

import msgspec

from apps.core.enums import LiquiditySide, OrderStatus, OrderType, Side, TimeInForce


class Answer(msgspec.Struct, frozen=True, kw_only=True, tag_field="type"):
    command_id: str


class FillReport(msgspec.Struct, frozen=True):
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


class AmendAnswer(Answer, frozen=True, tag="AMEND"):
    """Where the order stands after its amendment, or unchanged for a ``reason``. ``fills`` are those that it made at once."""

    order_id: int
    status: OrderStatus
    reason: str
    quantity: str
    price: str | None
    trigger_price: str | None
    filled_quantity: str
    leaves_quantity: str
    held: str
    kept_priority: bool
    fills: list[FillReport]
    at_ns: int


class PairAnswer(Answer, frozen=True, tag="PAIR"):
    """The decision on both orders of a pair, in the order in which they were named; ``reason`` when neither was accepted."""

    orders: list[OrderAnswer]
    reason: str
    at_ns: int


class CancelAllAnswer(Answer, frozen=True, tag="CANCEL_ALL"):
    """The ids of the orders that were canceled, oldest first."""

    order_ids: list[int]
    at_ns: int


class PreviewAnswer(Answer, frozen=True, tag="PREVIEW"):
    """What the order would do now. ``reason`` is why it would not be accepted, or would end unfilled; ``warnings`` are codes."""

    status: OrderStatus
    reason: str
    filled_quantity: str
    leaves_quantity: str
    average_price: str | None
    worst_price: str | None
    notional: str
    fee: str
    held: str
    available_after: str
    warnings: list[str]
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


#: The ``field`` of the refusal of what the engine could not read at all.
UNREAD = "command"

AnyAnswer = (
    OrderAnswer
    | CancelAnswer
    | AmendAnswer
    | PairAnswer
    | CancelAllAnswer
    | PreviewAnswer
    | DoneAnswer
    | RefusedAnswer
    | ConflictAnswer
    | RetryAnswer
)


def is_unread(answer: AnyAnswer) -> bool:
    """Whether the engine could not read the command. Nothing was done, and nothing is wrong with what was asked: this process is
    of a later version than the engine, whose successor will read it."""
    return isinstance(answer, RefusedAnswer) and answer.field == UNREAD

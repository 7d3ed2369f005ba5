"""The same request again: is it the same, and what was its answer?"""

import hashlib
from collections import OrderedDict
from collections.abc import Iterable
from decimal import Decimal
from itertools import takewhile
from typing import Any, NamedTuple

import msgspec

from apps.commands.answers import AnyAnswer, FillReport, OrderAnswer
from apps.commands.types import Actor, AnyCommand, SubmitOrder
from apps.core.enums import LiquiditySide, OrderStatus, OrderType, Role, Side, TimeInForce
from apps.core.numbers import UNITS_PER_ONE, NumberFormatError, parse_decimal, to_units
from apps.engine.matching.answers import text
from apps.engine.store import StoredOrder

#: Answers kept in memory, so that the usual repeat (a caller that lost its answer a moment ago) costs no query.
RECENT_MAX = 65_536

_encoder = msgspec.msgpack.Encoder()
_answers: msgspec.msgpack.Decoder[AnyAnswer] = msgspec.msgpack.Decoder(AnyAnswer)
_NOBODY = Actor(None, Role.SYSTEM)


class OrderBody(NamedTuple):
    """What was asked, in a form in which equal requests are equal: 1.50 is 1.5, and a market order is never GTC."""

    symbol: str
    side: str
    order_type: str
    time_in_force: str
    quantity: int
    price: int | None
    post_only: bool


def order_body(command: SubmitOrder) -> OrderBody | None:
    """The body of a submit; None when its numbers cannot be read, which no stored order's can."""
    try:
        quantity = to_units(parse_decimal(command.quantity, "quantity"))
        price = None if command.price is None else to_units(parse_decimal(command.price, "price"))
    except NumberFormatError:
        return None
    return OrderBody(command.symbol, command.side, command.order_type, _effective(command), quantity, price, command.post_only)


def _effective(command: SubmitOrder) -> TimeInForce:
    if command.order_type is OrderType.MARKET and command.time_in_force is TimeInForce.GTC:
        return TimeInForce.IOC
    return command.time_in_force


def stored_body(order: StoredOrder) -> OrderBody:
    """What was asked, from the order's decision: its row is what amendments made of it."""
    decided = order.events[0]
    price = None if decided["price"] is None else _units(decided["price"])
    terms = decided.get("terms") or {}
    return OrderBody(
        order.symbol,
        order.side,
        order.order_type,
        order.time_in_force,
        _units(decided["quantity"]),
        price,
        terms.get("post_only", False),
    )


def digest(command: AnyCommand) -> bytes:
    """16 bytes over the command without its actor and correlation id, which may differ between two tries."""
    bare = msgspec.structs.replace(command, actor=_NOBODY, correlation_id="")
    return hashlib.blake2b(_encoder.encode(bare), digest_size=16).digest()


def encode_answer(answer: AnyAnswer) -> bytes:
    return _encoder.encode(answer)


def decode_answer(data: bytes) -> AnyAnswer:
    return _answers.decode(data)


#: (account, client order id) of an order; (scope, command id) of any other command.
Key = tuple[int, str]
#: (what was asked, the answer)
Known = tuple[object, bytes]


class Recent:
    """The newest answers, each with what was asked; the oldest are forgotten."""

    def __init__(self, size_max: int = RECENT_MAX) -> None:
        self._size_max = size_max
        self._answers: OrderedDict[Key, Known] = OrderedDict()

    def find(self, keys: Iterable[Key]) -> dict[Key, Known]:
        """Those of ``keys`` that are here."""
        return {key: known for key in keys if (known := self._answers.get(key)) is not None}

    def put(self, key: Key, body: object, answer: bytes) -> Known:
        known = self._answers[key] = (body, answer)
        if len(self._answers) > self._size_max:
            self._answers.popitem(last=False)
        return known


def rebuild_answer(order: StoredOrder) -> bytes:
    """The answer that was given when the order was decided, byte for byte, from the events of that decision.

    What happened to the order later does not belong to it: fills as a maker, amendments, a cancel at somebody's request.
    """
    decided, *later = order.events
    if decided["type"] != "ORDER_ACCEPTED":
        status = OrderStatus.DENIED if decided["type"] == "ORDER_DENIED" else OrderStatus.REJECTED
        return encode_answer(_answer(order, status, decided["reason"], decided["quantity"], [], "0"))
    step = list(takewhile(lambda event: _is_of_decision(event, decided), later))
    fills = [event for event in step if event["type"] == "ORDER_FILLED"]
    sizes = [event["quantity"] for event in (decided, *step) if event["type"] in ("ORDER_ACCEPTED", "ORDER_AMENDED")]
    last = step[-1] if step else {"type": "ORDER_ACCEPTED", "status": OrderStatus.ACCEPTED, "held": decided["held"]}
    if last["type"] == "ORDER_CANCELED":
        return encode_answer(_answer(order, OrderStatus.CANCELED, last["reason"], sizes[-1], fills, "0"))
    return encode_answer(_answer(order, OrderStatus(last["status"]), "", sizes[-1], fills, last["held"]))


def _is_of_decision(event: dict[str, Any], decided: dict[str, Any]) -> bool:
    """Whether an order's event is of the step that decided it, when all events between the two are: fills as the taker, a size
    that self-trade prevention changed, and the end of what was left. Another command may have the same id, and the same instant;
    but what that does to the order is at its owner's or the venue's wish."""
    if event["at_ns"] != decided["at_ns"] or event["causation_id"] != decided["causation_id"]:
        return False
    if event["type"] == "ORDER_CANCELED":
        return not event["reason"].startswith("CANCELED_BY_")
    if event["type"] == "ORDER_AMENDED":
        return bool(event["reason"])
    return bool(event["type"] == "ORDER_FILLED")


def _units(number: str) -> int:
    return to_units(Decimal(number))


def _answer(
    order: StoredOrder, status: OrderStatus, reason: str, quantity: str, fills: list[dict[str, Any]], held: str
) -> OrderAnswer:
    decided = order.events[0]
    filled = sum(_units(fill["quantity"]) for fill in fills)
    notional = sum(_units(fill["quantity"]) * _units(fill["price"]) for fill in fills) // UNITS_PER_ONE
    average = text((2 * notional * UNITS_PER_ONE + filled) // (2 * filled)) if filled else None
    return OrderAnswer(
        command_id=order.client_order_id,
        order_id=order.order_id,
        symbol=order.symbol,
        side=Side(order.side),
        order_type=OrderType(order.order_type),
        time_in_force=TimeInForce(order.time_in_force),
        quantity=quantity,
        price=decided["price"],
        status=status,
        reason=reason,
        filled_quantity=text(filled),
        leaves_quantity=text(_units(quantity) - filled) if held != "0" else "0",
        average_price=average,
        fee=text(sum(_units(fill["fee"]) for fill in fills)),
        held=held,
        fills=[
            FillReport(
                trade_id=fill["trade_id"],
                price=fill["price"],
                quantity=fill["quantity"],
                fee=fill["fee"],
                liquidity_side=LiquiditySide.TAKER,
            )
            for fill in fills
        ],
        at_ns=decided["at_ns"],
    )

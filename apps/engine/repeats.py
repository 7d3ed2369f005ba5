"""The same request again: is it the same, and what was its answer?"""

import hashlib
from collections import OrderedDict
from collections.abc import Callable, Iterable
from decimal import Decimal
from itertools import takewhile
from typing import Any, NamedTuple

import msgspec

from apps.commands import types
from apps.commands.answers import AnyAnswer, FillReport, OrderAnswer
from apps.commands.reasons import Reason
from apps.commands.types import Actor, AnyCommand, PreviewOrder, SubmitOrder
from apps.core.enums import LiquiditySide, OrderStatus, OrderType, Role, Side, TimeInForce
from apps.core.numbers import UNITS_PER_ONE, NumberFormatError, parse_decimal, to_units
from apps.engine.matching.answers import text
from apps.engine.matching.state import whole_microseconds
from apps.engine.matching.terms import WAITING_TYPES
from apps.engine.store import StoredOrder

#: Answers kept in memory, so that the usual repeat (a caller that lost its answer a moment ago) costs no query.
RECENT_MAX = 65_536

_encoder = msgspec.msgpack.Encoder()
_plain: msgspec.msgpack.Decoder[dict[str, object]] = msgspec.msgpack.Decoder(dict[str, object])
_answers: msgspec.msgpack.Decoder[AnyAnswer] = msgspec.msgpack.Decoder(AnyAnswer)
_NOBODY = Actor(None, Role.SYSTEM)
_BIGINT_MAX = 2**63 - 1
# A member looked up on its class costs four times a global.
CUSTOMER = Role.CUSTOMER


class Leg(NamedTuple):
    """The prices of an order or of an exit, in units; None for what its type does not have."""

    order_type: str
    price: int | None
    trigger_price: int | None
    trail_amount: int | None
    trail_bps: int | None


class OrderBody(NamedTuple):
    """What was asked, in a form in which equal requests are equal: 1.50 is 1.5, and a market order is never GTC."""

    symbol: str
    side: str
    time_in_force: str
    quantity: int
    leg: Leg
    expires_ns: int
    post_only: bool
    reduce_only: bool
    target: Leg | None
    stop: Leg | None


def order_body(command: SubmitOrder) -> OrderBody | None:
    """The body of a submit; None when its numbers cannot be read, which no stored order's can."""
    bracket = command.bracket
    try:
        return OrderBody(
            command.symbol,
            command.side,
            _effective(command),
            to_units(parse_decimal(command.quantity, "quantity")),
            _asked_leg(command),
            0 if command.expires_at_ns is None else max(1000, whole_microseconds(command.expires_at_ns)),
            command.post_only,
            command.reduce_only,
            None if bracket is None or bracket.target is None else _asked_leg(bracket.target),
            None if bracket is None or bracket.stop is None else _asked_leg(bracket.stop),
        )
    except NumberFormatError:
        return None


def _asked_leg(leg: types.Leg | SubmitOrder) -> Leg:
    price, trigger_price, trail_amount = (
        None if each is None else to_units(parse_decimal(each, "price"))
        for each in (leg.price, leg.trigger_price, leg.trail_amount)
    )
    return Leg(leg.order_type, price, trigger_price, trail_amount, leg.trail_bps)


def _effective(command: SubmitOrder) -> TimeInForce:
    if command.order_type is OrderType.MARKET and command.time_in_force is TimeInForce.GTC:
        return TimeInForce.IOC
    return command.time_in_force


def stored_body(order: StoredOrder) -> OrderBody:
    """What was asked, from the order's decision: its row is what amendments and fills of others made of it."""
    decided = order.events[0]
    terms: dict[str, Any] = decided.get("terms") or {}
    leg = {"order_type": order.order_type, "price": decided["price"], **terms}
    if order.order_type == OrderType.TRAILING_STOP:
        leg["trigger_price"] = None  # where it began, which nobody asked for
    return OrderBody(
        order.symbol,
        order.side,
        order.time_in_force,
        _units(terms.get("asked_quantity") or decided["quantity"]),
        _stored_leg(leg),
        terms.get("expires_at_ns", 0),
        terms.get("post_only", False),
        terms.get("reduce_only", False),
        _stored_leg(terms["target"]) if "target" in terms else None,
        _stored_leg(terms["stop"]) if "stop" in terms else None,
    )


def _stored_leg(terms: dict[str, Any]) -> Leg:
    price, trigger_price, trail_amount = (
        None if each is None else _units(each)
        for each in (terms.get("price"), terms.get("trigger_price"), terms.get("trail_amount"))
    )
    return Leg(terms["order_type"], price, trigger_price, trail_amount, terms.get("trail_bps"))


#: Fields that a command was given later than it was made. Where one says nothing it is left out of the digest, so that a command
#: of an older version sent again is the same still.
_LATER: dict[type[types.Command], tuple[str, ...]] = {
    types.SubmitPair: ("post_only",),
    types.SetAccountLimits: ("orders_per_second",),
}


def digest(command: AnyCommand) -> bytes:
    """16 bytes over the command without its actor and correlation id, which may differ between two tries."""
    bare: object = msgspec.structs.replace(command, actor=_NOBODY, correlation_id="")
    later = [name for name in _LATER.get(type(command), ()) if not getattr(command, name)]
    if later:
        bare = {name: value for name, value in _plain.decode(_encoder.encode(bare)).items() if name not in later}
    return hashlib.blake2b(_encoder.encode(bare), digest_size=16).digest()


encode_answer: Callable[[AnyAnswer], bytes] = _encoder.encode
decode_answer: Callable[[bytes], AnyAnswer] = _answers.decode


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


def record_key(command: AnyCommand) -> Key:
    """(scope, id) of a command that is no order. A customer's ids are the account's own; the venue's staff share scope 0, where
    no customer can take an id before them."""
    scope = getattr(command, "account_id", 0) if command.actor.role is CUSTOMER else 0
    return scope, command.command_id


def account_id_of(command: AnyCommand) -> int:
    """The account that the command is for; 0, which is nobody's, when it is for none."""
    account_id: int = getattr(command, "account_id", 0)
    return command.order.account_id if type(command) is PreviewOrder else account_id


def is_sound(key: Key) -> bool:
    """Whether the key can be in the database at all: what cannot is not asked for (Postgres refuses NUL in a text)."""
    scope, command_id = key
    return 0 <= scope <= _BIGINT_MAX and 0 < len(command_id) <= 48 and command_id.isascii() and command_id.isprintable()


def rebuild_answer(order: StoredOrder) -> bytes:
    """The answer that was given when the order was decided, byte for byte, from the events of that decision.

    What happened to the order later does not belong to it: fills as a maker, amendments, a cancel at somebody's request.
    """
    decided, *later = order.events
    if decided["type"] == "ORDER_ACCEPTED" and order.order_type in WAITING_TYPES:
        return encode_answer(_answer(order, OrderStatus.WAITING, "", decided["quantity"], [], decided["held"]))
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
        return not event["reason"].startswith("CANCELED_BY_") and event["reason"] != Reason.POSITION_CLOSED
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

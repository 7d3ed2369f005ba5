"""Bodies, read strictly: every complaint names the field and the value that was sent.

Numbers are strings, so that no reader on the way makes a float of them. A name that is given twice is refused, since two readers
might take two different ones of it; so is a name that is not known.
"""

import functools
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, NoReturn, TypeVar

from apps.api.problems import Problem, bad_field
from apps.commands.types import (
    COMMAND_ID_PATTERN,
    DEAD_MAN_SECONDS_MAX,
    DEAD_MAN_SECONDS_MIN,
    Actor,
    AmendOrder,
    Bracket,
    CancelAll,
    ClosePosition,
    Leg,
    SetDeadMansSwitch,
    SubmitOrder,
    SubmitPair,
)
from apps.core.enums import OrderType, Side, TimeInForce
from apps.core.numbers import NumberFormatError, parse_positive, shown
from apps.instruments.symbols import is_symbol

E = TypeVar("E", bound=StrEnum)

_ID = re.compile(COMMAND_ID_PATTERN, re.ASCII)
#: What an order may be called by: its client's id, or, of a pair or an exit, the name that the engine gave it.
ORDER_NAME_PATTERN = rf"{COMMAND_ID_PATTERN}|[1-9][0-9]{{0,18}}\.[1-9]"
_ORDER_NAME = re.compile(ORDER_NAME_PATTERN, re.ASCII)
#: The id of a change, and of a cancel of all, goes to the engine with a word before it, so that it never meets another kind's.
_CHANGE_ID = re.compile(r"[A-Za-z0-9_-]{1,40}", re.ASCII)
_INSTANT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?Z", re.ASCII)
_WHOLE_DIGITS_MAX = 18
_BPS_MAX = 10_000
_A_SYMBOL = "the symbol of an instrument, such as BTC-USD"
_AN_INSTANT = "an instant in UTC such as 2026-11-21T17:00:00Z"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class _TwiceError(ValueError):
    """A name is there twice."""


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members: dict[str, Any] = {}
    for name, value in pairs:
        if name in members:
            raise _TwiceError(name)
        members[name] = value
    return members


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"{text[:32]} is not a number here")


def _whole(text: str) -> int:
    if len(text) > _WHOLE_DIGITS_MAX:
        _no_number(text)
    return int(text)


class _Fraction:
    """A number with a point or an exponent, which nothing here takes: such numbers are strings."""

    def __init__(self, text: str) -> None:
        self.text = text


_decoder = json.JSONDecoder(object_pairs_hook=_members, parse_constant=_no_number, parse_float=_Fraction, parse_int=_whole)


def read_json(body: bytes) -> dict[str, Any]:
    """The one object that ``body`` spells; raises :class:`Problem`."""
    try:
        document = _decoder.decode(body.decode("utf-8"))
    except _TwiceError as error:
        name = shown(str(error))
        raise Problem("BAD_JSON", f"The name {name} is given twice in one object.", value=name) from None
    except (ValueError, RecursionError):  # UnicodeDecodeError is one
        raise Problem("BAD_JSON") from None
    if not isinstance(document, dict):
        raise Problem("BAD_JSON", "The body must be one JSON object.")
    return document


@functools.cache
def _one_of(codes: type[StrEnum]) -> str:
    return f"one of {', '.join(code.value for code in codes)}"


class Fields:
    """The members of one object, each asked for by name; what nobody asked for is refused by :meth:`end`."""

    def __init__(self, document: Any, prefix: str = "") -> None:
        if not isinstance(document, dict):
            raise bad_field(prefix.rstrip(".") or "item", "an object", as_sent(document))
        self._left = dict(document)
        self._prefix = prefix

    def end(self) -> None:
        if self._left:
            name = next(iter(self._left))
            raise bad_field(f"{self._prefix}{shown(name)[1:-1]}", "left out: it is not known here", as_sent(self._left[name]))

    def text(self, name: str, must: str, fits: Callable[[str], Any]) -> str:
        value = self._left.pop(name, None)
        if not isinstance(value, str) or not fits(value):
            raise bad_field(self._prefix + name, must, as_sent(value))
        return value

    def text_or_none(self, name: str, must: str, fits: Callable[[str], Any]) -> str | None:
        return None if self._is_left_out(name) else self.text(name, must, fits)

    def code(self, name: str, codes: type[E]) -> E:
        return codes(self.text(name, _one_of(codes), codes.__members__.__contains__))

    def number(self, name: str) -> str:
        """A number greater than zero, as the text that was sent: the engine reads it once more."""
        value = self._left.pop(name, None)
        field = self._prefix + name
        try:
            parse_positive(value, field)
        except NumberFormatError as error:
            told = str(error) if isinstance(value, str) else f'{field} must be a string such as "12.5", was {as_sent(value)}'
            raise Problem("INVALID_NUMBER", told, field=field, value=as_sent(value)) from None
        return str(value)

    def number_or_none(self, name: str) -> str | None:
        return None if self._is_left_out(name) else self.number(name)

    def whole_or_none(self, name: str, most: int) -> int | None:
        if self._is_left_out(name):
            return None
        value = self._left.pop(name)
        if not isinstance(value, int) or isinstance(value, bool) or not 0 < value <= most:
            raise bad_field(self._prefix + name, f"a whole number from 1 to {most}", as_sent(value))
        return value

    def seconds(self, name: str, least: int, most: int) -> int:
        """Whole seconds from ``least`` to ``most``, or 0."""
        value = self._left.pop(name, None)
        if not isinstance(value, int) or isinstance(value, bool) or not (value == 0 or least <= value <= most):
            raise bad_field(self._prefix + name, f"0 or a whole number from {least} to {most}", as_sent(value))
        return value

    def switch(self, name: str) -> bool:
        value = self._left.pop(name, False)
        if not isinstance(value, bool):
            raise bad_field(self._prefix + name, "true or false", as_sent(value))
        return value

    def part(self, name: str) -> "Fields | None":
        return None if self._is_left_out(name) else Fields(self._left.pop(name), f"{self._prefix}{name}.")

    def _is_left_out(self, name: str) -> bool:
        """Left out, or null: the two mean the same."""
        if self._left.get(name) is None:
            self._left.pop(name, None)
            return True
        return False


def as_sent(value: Any) -> str:
    """A value as it may be repeated: a text or a number as it was sent, of anything else what JSON calls it."""
    if isinstance(value, _Fraction):
        return shown(value.text)[1:-1]
    if isinstance(value, str):
        return shown(value)
    return {dict: "an object", list: "a list", type(None): "nothing", bool: str(value).lower()}.get(type(value), str(value)[:32])


def read_id(fields: Fields, name: str = "client_order_id") -> str:
    return fields.text(name, "1 to 48 letters, digits, - or _", _ID.fullmatch)


def _read_order_name(fields: Fields) -> str:
    return fields.text("client_order_id", "1 to 48 letters, digits, - or _, or a name such as 12.1", _ORDER_NAME.fullmatch)


def _read_change_id(fields: Fields, name: str) -> str:
    return fields.text(name, "1 to 40 letters, digits, - or _", _CHANGE_ID.fullmatch)


def _read_symbol(fields: Fields) -> str:
    return fields.text("symbol", _A_SYMBOL, is_symbol)


def is_client_order_id(text: str) -> bool:
    return _ID.fullmatch(text) is not None


def read_instant(text: str) -> int | None:
    """Nanoseconds since 1970 of an instant in UTC; None when it is none that the calendar has."""
    if not _INSTANT.fullmatch(text):
        return None
    try:
        at = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        return None
    return (at - _EPOCH) // timedelta(microseconds=1) * 1000


def _read_life(fields: Fields) -> tuple[TimeInForce, int | None]:
    """The time in force, and the last instant of GTD in nanoseconds since 1970."""
    in_force = fields.text_or_none("time_in_force", _one_of(TimeInForce), TimeInForce.__members__.__contains__)
    expires_at = fields.text_or_none("expires_at", _AN_INSTANT, read_instant)
    return TimeInForce(in_force) if in_force else TimeInForce.GTC, read_instant(expires_at) if expires_at else None


def read_order(document: Any, account_id: int, actor: Actor, correlation_id: str, *, unnamed: str = "") -> SubmitOrder:
    """The order that ``document`` asks for. Which members go together is the engine's to say. One that is only looked at needs no
    id of its own, and has ``unnamed``."""
    fields = Fields(document)
    client_order_id = unnamed if unnamed and "client_order_id" not in document else read_id(fields)
    symbol = _read_symbol(fields)
    side = fields.code("side", Side)
    order_type = fields.code("order_type", OrderType)
    quantity = fields.number("quantity")
    price = fields.number_or_none("price")
    time_in_force, expires_at_ns = _read_life(fields)
    command = SubmitOrder(
        command_id=client_order_id,
        actor=actor,
        correlation_id=correlation_id,
        account_id=account_id,
        symbol=symbol,
        side=side,
        order_type=order_type,
        quantity=quantity,
        price=price,
        time_in_force=time_in_force,
        trigger_price=fields.number_or_none("trigger_price"),
        trail_amount=fields.number_or_none("trail_amount"),
        trail_bps=fields.whole_or_none("trail_bps", _BPS_MAX),
        expires_at_ns=expires_at_ns,
        post_only=fields.switch("post_only"),
        reduce_only=fields.switch("reduce_only"),
        bracket=_read_bracket(fields.part("bracket")),
    )
    fields.end()
    return command


def _read_bracket(fields: Fields | None) -> Bracket | None:
    if fields is None:
        return None
    target, stop = fields.part("target"), fields.part("stop")
    bracket = Bracket(
        target=None if target is None else _read_leg(target),
        stop=None if stop is None else _read_leg(stop),
    )
    fields.end()
    return bracket


def _required_part(fields: Fields, name: str) -> Fields:
    part = fields.part(name)
    if part is None:
        raise bad_field(name, "an object", "nothing")
    return part


def _read_leg(fields: Fields) -> Leg:
    leg = Leg(
        order_type=fields.code("order_type", OrderType),
        price=fields.number_or_none("price"),
        trigger_price=fields.number_or_none("trigger_price"),
        trail_amount=fields.number_or_none("trail_amount"),
        trail_bps=fields.whole_or_none("trail_bps", _BPS_MAX),
    )
    fields.end()
    return leg


def read_pair(document: Any, account_id: int, actor: Actor, correlation_id: str) -> SubmitPair:
    """Two orders that cancel each other; which two go together is the engine's to say."""
    fields = Fields(document)
    client_order_id = read_id(fields)
    symbol = _read_symbol(fields)
    side = fields.code("side", Side)
    quantity = fields.number("quantity")
    first, second = (_read_leg(_required_part(fields, name)) for name in ("first", "second"))
    time_in_force, expires_at_ns = _read_life(fields)
    fields.end()
    return SubmitPair(
        command_id=client_order_id,
        actor=actor,
        correlation_id=correlation_id,
        account_id=account_id,
        symbol=symbol,
        side=side,
        quantity=quantity,
        first=first,
        second=second,
        time_in_force=time_in_force,
        expires_at_ns=expires_at_ns,
    )


def read_close(document: Any, account_id: int, actor: Actor, correlation_id: str) -> ClosePosition:
    fields = Fields(document)
    client_order_id, symbol = read_id(fields), _read_symbol(fields)
    fields.end()
    return ClosePosition(
        command_id=client_order_id, actor=actor, correlation_id=correlation_id, account_id=account_id, symbol=symbol
    )


def read_cancel_all(document: Any, account_id: int, actor: Actor, correlation_id: str) -> CancelAll:
    """All open orders, or those of the ``symbol`` and the ``side`` that are named."""
    fields = Fields(document)
    cancel_id = _read_change_id(fields, "cancel_id")
    symbol = fields.text_or_none("symbol", _A_SYMBOL, is_symbol)
    side = fields.text_or_none("side", _one_of(Side), Side.__members__.__contains__)
    fields.end()
    return CancelAll(
        command_id=f"all-{cancel_id}",
        actor=actor,
        correlation_id=correlation_id,
        account_id=account_id,
        symbol=symbol,
        side=Side(side) if side else None,
    )


def read_dead_mans_switch(
    document: Any, account_id: int, actor: Actor, correlation_id: str, command_id: str
) -> SetDeadMansSwitch:
    fields = Fields(document)
    seconds = fields.seconds("seconds", DEAD_MAN_SECONDS_MIN, DEAD_MAN_SECONDS_MAX)
    fields.end()
    return SetDeadMansSwitch(
        command_id=command_id, actor=actor, correlation_id=correlation_id, account_id=account_id, seconds=seconds
    )


class Target:
    """Which order an item means: by its id, or by the client's, and then ``order_id`` is 0 until it was looked up."""

    __slots__ = ("client_order_id", "order_id")

    def __init__(self, fields: Fields) -> None:
        self.order_id = fields.whole_or_none("order_id", 2**53) or 0
        self.client_order_id = "" if self.order_id else _read_order_name(fields)


def read_cancel(document: Any) -> Target:
    fields = Fields(document)
    target = Target(fields)
    fields.end()
    return target


def read_amend(document: Any, account_id: int, actor: Actor, correlation_id: str) -> tuple[Target, AmendOrder]:
    """The order that is meant, and the change to it, whose ``order_id`` is still to be filled in."""
    fields = Fields(document)
    target = Target(fields)
    change_id = _read_change_id(fields, "change_id")
    command = AmendOrder(
        command_id=f"amend-{change_id}",
        actor=actor,
        correlation_id=correlation_id,
        account_id=account_id,
        order_id=target.order_id,
        quantity=fields.number_or_none("quantity"),
        price=fields.number_or_none("price"),
        trigger_price=fields.number_or_none("trigger_price"),
    )
    fields.end()
    return target, command

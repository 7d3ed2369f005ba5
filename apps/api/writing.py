"""Answers as programs read them: numbers are strings, instants ISO 8601 in UTC, ids numbers."""

from typing import Any

import msgspec

from apps.api.problems import Problem, refused
from apps.api.reader import OrderRow
from apps.commands.answers import (
    AmendAnswer,
    AnyAnswer,
    CancelAnswer,
    ConflictAnswer,
    FillReport,
    OrderAnswer,
    RefusedAnswer,
    RetryAnswer,
)
from apps.core.clock import instant
from apps.eventlog.schemas.accounts import OrderFilled
from apps.orders.results import sentence_of

_fills = msgspec.json.Decoder(OrderFilled)
encode = msgspec.json.Encoder().encode


def spelled(at_ns: int) -> str:
    """Nanoseconds since 1970 as ``2026-11-21T17:00:00.000001Z``."""
    return instant(at_ns).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def told(answer: AnyAnswer) -> dict[str, Any]:
    """What was decided. Raises :class:`Problem` when nothing was done."""
    if isinstance(answer, OrderAnswer):
        return _order(answer)
    if isinstance(answer, CancelAnswer):
        return {
            "order_id": answer.order_id,
            "status": answer.status,
            "reason": answer.reason,
            "sentence": sentence_of(answer.reason),
            "filled_quantity": answer.filled_quantity,
            "at": spelled(answer.at_ns),
        }
    if isinstance(answer, AmendAnswer):
        return _amended(answer)
    raise _problem_of(answer)


def _problem_of(answer: AnyAnswer) -> Problem:
    if isinstance(answer, RefusedAnswer):
        return refused(answer.reason, answer.message, answer.field, answer.value)
    if isinstance(answer, ConflictAnswer):
        return Problem("ID_REUSED")
    if isinstance(answer, RetryAnswer):
        return Problem("TOO_FAST", retry_after_s=max(1, -(-answer.retry_after_ms // 1000)))
    raise TypeError(f"a program is not told {type(answer).__name__}")


def _order(answer: OrderAnswer) -> dict[str, Any]:
    return {
        "order_id": answer.order_id,
        "client_order_id": answer.command_id,
        "symbol": answer.symbol,
        "side": answer.side,
        "order_type": answer.order_type,
        "time_in_force": answer.time_in_force,
        "quantity": answer.quantity,
        "price": answer.price,
        "status": answer.status,
        "reason": answer.reason,
        "sentence": sentence_of(answer.reason),
        "filled_quantity": answer.filled_quantity,
        "leaves_quantity": answer.leaves_quantity,
        "average_price": answer.average_price,
        "fee": answer.fee,
        "held": answer.held,
        "fills": [_fill(fill) for fill in answer.fills],
        "at": spelled(answer.at_ns),
    }


def _amended(answer: AmendAnswer) -> dict[str, Any]:
    return {
        "order_id": answer.order_id,
        "status": answer.status,
        "reason": answer.reason,
        "sentence": sentence_of(answer.reason),
        "quantity": answer.quantity,
        "price": answer.price,
        "trigger_price": answer.trigger_price,
        "filled_quantity": answer.filled_quantity,
        "leaves_quantity": answer.leaves_quantity,
        "held": answer.held,
        "kept_priority": answer.kept_priority,
        "fills": [_fill(fill) for fill in answer.fills],
        "at": spelled(answer.at_ns),
    }


def _fill(fill: FillReport | OrderFilled) -> dict[str, Any]:
    return {
        "trade_id": fill.trade_id,
        "price": fill.price,
        "quantity": fill.quantity,
        "fee": fill.fee,
        "liquidity_side": fill.liquidity_side,
    }


def stored_order(row: OrderRow, fills: list[str] | None = None) -> dict[str, Any]:
    """The order as it stands now; with ``fills``, the events of its fills, what each was."""
    members = row._asdict()
    members["sentence"] = sentence_of(row.reason)
    if fills is not None:
        members["fills"] = [{**_fill(event), "at": spelled(event.at_ns)} for event in map(_fills.decode, fills)]
    return members

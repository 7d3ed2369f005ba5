"""Answers as programs read them: numbers are strings, instants ISO 8601 in UTC, ids numbers."""

from datetime import UTC, datetime
from typing import Any

import msgspec

from apps.api.problems import Problem, refused
from apps.api.reader import OrderRow, SwitchRow
from apps.commands.answers import (
    AmendAnswer,
    AnyAnswer,
    CancelAllAnswer,
    CancelAnswer,
    ConflictAnswer,
    DoneAnswer,
    FillReport,
    OrderAnswer,
    PairAnswer,
    PreviewAnswer,
    RefusedAnswer,
    RetryAnswer,
)
from apps.commands.cautions import sentence_of as caution_sentence
from apps.commands.reasons import sentence_of
from apps.commands.types import AnyCommand, SetDeadMansSwitch
from apps.core.clock import instant
from apps.core.enums import OrderStatus
from apps.eventlog.schemas.accounts import OrderFilled

_fills = msgspec.json.Decoder(OrderFilled)
encode = msgspec.json.Encoder().encode
_SECOND_NS = 1_000_000_000


def spelled(at_ns: int) -> str:
    """Nanoseconds since 1970 as ``2026-11-21T17:00:00.000001Z``."""
    return spelled_instant(instant(at_ns))


def spelled_instant(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def told(answer: AnyAnswer, command: AnyCommand) -> dict[str, Any]:
    """What was decided about ``command``. Raises :class:`Problem` when nothing was done."""
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
    if isinstance(answer, PairAnswer):
        return told_pair(answer)
    if isinstance(answer, CancelAllAnswer):
        return {"order_ids": answer.order_ids, "at": spelled(answer.at_ns)}
    if isinstance(answer, PreviewAnswer):
        return _preview(answer)
    if isinstance(answer, DoneAnswer):
        return _done(answer, command)
    raise _problem_of(answer)


def told_pair(answer: PairAnswer) -> dict[str, Any]:
    return {
        "client_order_id": answer.command_id,
        "reason": answer.reason,
        "sentence": sentence_of(answer.reason),
        "orders": [_order(order) for order in answer.orders],
        "at": spelled(answer.at_ns),
    }


def _done(answer: DoneAnswer, command: AnyCommand) -> dict[str, Any]:
    """Of what makes no order: the switch, and closing what is not there."""
    if isinstance(command, SetDeadMansSwitch):
        fires_at = spelled(answer.at_ns + command.seconds * _SECOND_NS) if command.seconds else None
        return {"seconds": command.seconds, "fires_at": fires_at, "at": spelled(answer.at_ns)}
    return {
        "order_id": None,
        "client_order_id": answer.command_id,
        "status": OrderStatus.DENIED,
        "reason": answer.reason,
        "sentence": sentence_of(answer.reason),
        "at": spelled(answer.at_ns),
    }


def _preview(answer: PreviewAnswer) -> dict[str, Any]:
    return {
        "status": answer.status,
        "reason": answer.reason,
        "sentence": sentence_of(answer.reason),
        "filled_quantity": answer.filled_quantity,
        "leaves_quantity": answer.leaves_quantity,
        "average_price": answer.average_price,
        "worst_price": answer.worst_price,
        "notional": answer.notional,
        "fee": answer.fee,
        "held": answer.held,
        "available_after": answer.available_after,
        "warnings": [{"code": code, "sentence": caution_sentence(code)} for code in answer.warnings],
        "at": spelled(answer.at_ns),
    }


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


def stored_switch(row: SwitchRow) -> dict[str, Any]:
    fired = None if row.fired_at is None else {"at": spelled_instant(row.fired_at), "canceled": row.canceled}
    fires_at = None if row.fires_at is None else spelled_instant(row.fires_at)
    return {"fires_at": fires_at, "last_fired": fired, "at": spelled_instant(row.at)}

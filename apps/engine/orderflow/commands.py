"""The events format: a JSON object a line, each one of the product's own commands under its own name.

A line is the command as it crosses the engine's socket (``apps/commands/types.py``), with less to write: ``command_id``,
``actor`` and ``symbol`` have defaults, and ``order_id`` may be the ``command_id`` of the order instead of a number. ``at_ns``
counts from midnight and stays as it was where it is not given. An account is open and rich from its first mention.
"""

from pathlib import Path
from typing import Any, cast

import msgspec

from apps.commands.answers import AmendAnswer, AnyAnswer, CancelAnswer, OrderAnswer, RefusedAnswer
from apps.commands.types import AnyCommand, Command, SubmitOrder
from apps.core.enums import OrderType, Side
from apps.core.numbers import NumberFormatError, parse_positive
from apps.engine.matching.trading import other_side
from apps.engine.matching.venue import COMMANDS
from apps.engine.orderflow.files import fail
from apps.engine.orderflow.market import MIDNIGHT_NS, SYMBOL, SYSTEM, Market
from apps.engine.orderflow.tally import Tally

LINE_LENGTH_MAX = 2_000
DAY_NS = 86_400_000_000_000
_MEND = "docs/orderflow.md has the format"
_TYPES: dict[str, type[Command]] = {str(kind.__struct_config__.tag): kind for kind in COMMANDS}
#: How many ended orders may keep their names before they are looked through.
_NAMES_SPARE = 1_000


class CommandFlow:
    """Applies lines to a market."""

    def __init__(self, path: Path, market: Market, tally: Tally) -> None:
        self._path = path
        self._market = market
        self._tally = tally
        self._at_ns = 0
        self._order_ids: dict[str, int] = {}  # by command id

    def apply(self, number: int, line: str) -> tuple[bool, bool]:
        """Do what the line says; returns whether (asks, bids) may have changed."""
        command = self._read(number, line)
        self._tally.kinds[str(type(command).__struct_config__.tag)] += 1
        account_id = getattr(command, "account_id", None)
        if isinstance(account_id, int):
            self._market.ensure_account(account_id)
        now_ns = MIDNIGHT_NS + self._at_ns
        if isinstance(command, SubmitOrder):
            self._refer(command, now_ns)
        answer = self._market.apply(command, now_ns)
        self._learn(command, answer)
        changed = not isinstance(answer, RefusedAnswer)
        return changed, changed

    def _read(self, number: int, line: str) -> AnyCommand:
        try:
            fields = msgspec.json.decode(line)
        except msgspec.DecodeError as error:
            raise fail(self._path, number, f"must be a JSON object, {error}", _MEND) from error
        if not isinstance(fields, dict):
            raise fail(self._path, number, f"must be a JSON object, was {type(fields).__name__}", _MEND)
        self._at_ns = self._read_time(number, fields.pop("at_ns", self._at_ns))
        kind = _TYPES.get(str(fields.get("type")))
        if kind is None:
            problem = f"type must be one of {', '.join(sorted(_TYPES))}, was {str(fields.get('type'))[:40]!r}"
            raise fail(self._path, number, problem, _MEND)
        names = kind.__struct_fields__
        fields = {"command_id": f"line-{number}", "actor": [None, SYSTEM.role]} | fields
        if "symbol" in names:
            fields = {"symbol": SYMBOL} | fields
        if isinstance(fields.get("order_id"), str):
            fields["order_id"] = self._order_ids.get(fields["order_id"], 0)
        try:
            return cast(AnyCommand, msgspec.convert(fields, kind))
        except msgspec.ValidationError as error:
            raise fail(self._path, number, str(error), _MEND) from error

    def _read_time(self, number: int, at_ns: Any) -> int:
        if type(at_ns) is not int or not self._at_ns <= at_ns < DAY_NS:
            rule = f"at_ns must be whole nanoseconds from {self._at_ns}, as in the line above, to {DAY_NS - 1}"
            raise fail(self._path, number, f"{rule}, was {str(at_ns)[:40]}", _MEND)
        return at_ns

    def _refer(self, command: SubmitOrder, now_ns: int) -> None:
        """Put the reference where the order is: at its limit, or where a market order would trade."""
        if command.order_type is OrderType.MARKET:
            level = self._market.book.side(other_side(Side(command.side))).best()
            self._market.refer(1 if level is None else level.ticks, now_ns)
            return
        try:
            self._market.refer(self._market.instrument.grid.ticks(parse_positive(command.price, "price")), now_ns)
        except NumberFormatError:
            return  # the venue will say what is wrong

    def _learn(self, command: AnyCommand, answer: AnyAnswer) -> None:
        reason = getattr(answer, "reason", "")
        if isinstance(answer, OrderAnswer):
            self._order_ids[command.command_id] = answer.order_id
            self._tally.executions += len(answer.fills)
            if len(self._order_ids) > 2 * len(self._market.venue.orders) + _NAMES_SPARE:
                known = self._market.venue.knows_order
                self._order_ids = {name: order_id for name, order_id in self._order_ids.items() if known(order_id)}
        if reason and isinstance(answer, OrderAnswer | CancelAnswer | AmendAnswer | RefusedAnswer):
            self._tally.refused[reason] += 1

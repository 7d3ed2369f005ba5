"""Answers and reading of commands: between the strings of the wire and the engine's integers."""

from functools import lru_cache

from apps.commands.answers import AmendAnswer, CancelAnswer, DoneAnswer, FillReport, OrderAnswer
from apps.commands.reasons import Reason
from apps.commands.types import REASON_LENGTH_MAX, REASON_LENGTH_MIN, Actor
from apps.core.enums import LiquiditySide, Role
from apps.core.numbers import UNITS_PER_ONE, parse_positive, shown
from apps.core.units import Grid
from apps.engine.matching.changes import TradeRow
from apps.engine.matching.memory import Cause, Memory, Refusal
from apps.engine.matching.money import fee_of
from apps.engine.matching.state import Account, Asset, Instrument, Order
from apps.orders.status import OPEN


@lru_cache(maxsize=16_384)  # prices and quantities repeat; measured, it takes 2 of 30 microseconds off a command
def text(units: int) -> str:
    """Units of 10**-8 as a plain number, without trailing zeros: ``core.numbers.plain`` without the detour over Decimal."""
    sign, units = ("-", -units) if units < 0 else ("", units)
    whole, rest = divmod(units, UNITS_PER_ONE)
    if not rest:
        return f"{sign}{whole}"
    return f"{sign}{whole}.{rest:08d}".rstrip("0")


def average_price(order: Order) -> str | None:
    """The mean price of the fills, rounded half up to eight decimals: for showing only."""
    if not order.filled_lots:
        return None
    base = order.filled_lots * order.instrument.grid.lot
    return text((2 * order.notional * UNITS_PER_ONE + base) // (2 * base))


def order_answer(command_id: str, order: Order, trades: list[TradeRow], now_ns: int) -> OrderAnswer:
    """The decision on a submitted order; ``trades`` are those that it made, as the taker."""
    instrument = order.instrument
    tick, lot = instrument.grid.tick, instrument.grid.lot
    filled_lots = order.filled_lots
    quantity = text(order.lots * lot)
    leaves = text((order.lots - filled_lots) * lot) if filled_lots else quantity
    return OrderAnswer(
        command_id=command_id,
        order_id=order.order_id,
        symbol=instrument.symbol,
        side=order.side,
        order_type=order.order_type,
        time_in_force=order.time_in_force,
        quantity=quantity,
        price=text(order.ticks * tick) if order.ticks else None,
        status=order.status,
        reason=order.reason,
        filled_quantity=text(filled_lots * lot) if filled_lots else "0",
        leaves_quantity=leaves if order.status in OPEN else "0",
        average_price=average_price(order) if filled_lots else None,
        fee=text(order.fee) if filled_lots else "0",
        held=text(order.held),
        fills=_fills_taken(instrument, trades) if trades else [],
        at_ns=now_ns,
    )


def _fills_taken(instrument: Instrument, trades: list[TradeRow]) -> list[FillReport]:
    tick, lot, value = instrument.grid.tick, instrument.grid.lot, instrument.grid.tick_lot_value
    return [
        FillReport(
            trade_id=trade.trade_id,
            price=text(trade.ticks * tick),
            quantity=text(trade.lots * lot),
            fee=text(fee_of(trade.ticks * trade.lots * value, instrument.taker_fee_ppm)),
            liquidity_side=LiquiditySide.TAKER,
        )
        for trade in trades
    ]


def amend_answer(
    command_id: str, order: Order, reason: str, trades: list[TradeRow], now_ns: int, *, kept_priority: bool
) -> AmendAnswer:
    """Where the order stands after an amendment; ``trades`` are those that it made at once, as the taker."""
    tick, lot = order.instrument.grid.tick, order.instrument.grid.lot
    trigger_ticks = 0 if order.terms is None else order.terms.trigger_ticks
    return AmendAnswer(
        command_id=command_id,
        order_id=order.order_id,
        status=order.status,
        reason=reason,
        quantity=text(order.lots * lot),
        price=text(order.ticks * tick) if order.ticks else None,
        trigger_price=text(trigger_ticks * tick) if trigger_ticks else None,
        filled_quantity=text(order.filled_lots * lot),
        leaves_quantity=text(order.leaves_lots * lot if order.status in OPEN else 0),
        held=text(order.held),
        kept_priority=kept_priority,
        fills=_fills_taken(order.instrument, trades),
        at_ns=now_ns,
    )


def cancel_answer(command_id: str, order: Order, reason: str, now_ns: int) -> CancelAnswer:
    filled = text(order.filled_lots * order.instrument.grid.lot)
    return CancelAnswer(
        command_id=command_id, order_id=order.order_id, status=order.status, reason=reason, filled_quantity=filled, at_ns=now_ns
    )


def done(cause: Cause, reference: int = 0) -> DoneAnswer:
    return DoneAnswer(command_id=cause.command_id, reference=reference, at_ns=cause.now_ns)


def denied(cause: Cause, reason: Reason, reference: int = 0) -> DoneAnswer:
    return DoneAnswer(command_id=cause.command_id, reason=reason.value, reference=reference, at_ns=cause.now_ns)


# Reading a command: each raises Refusal, before anything has changed.


def own_account(memory: Memory, actor: Actor, account_id: int) -> Account:
    """The account that the actor may act on. Somebody else's does not exist for a customer; system accounts for nobody."""
    account = memory.accounts.get(account_id)
    stranger = actor.role is Role.CUSTOMER and (account is None or actor.user_id is None or account.user_id != actor.user_id)
    if account is None or stranger or account_id in memory.system_ids:
        raise Refusal(Reason.UNKNOWN_ACCOUNT, "account_id must be an account that exists", "account_id", shown(str(account_id)))
    return account


def own_order(memory: Memory, account: Account, order_id: int) -> Order:
    """An order of the account that is in memory: open, or ended in this batch."""
    order = memory.orders.get(order_id)
    if order is None or order.account_id != account.account_id:
        raise Refusal(Reason.UNKNOWN_ORDER, "order_id must be an order that exists", "order_id", shown(str(order_id)))
    return order


def read_lots(grid: Grid, quantity: object) -> int:
    return _lots(grid.tick, grid.lot, quantity) if type(quantity) is str else grid.lots(parse_positive(quantity, "quantity"))


def read_ticks(grid: Grid, price: object, field: str = "price") -> int:
    return _ticks(grid.tick, grid.lot, price, field) if type(price) is str else grid.ticks(parse_positive(price, field), field)


# The same few thousand numbers come again and again. A refusal is never cached, so that nobody fills a cache with nonsense. The
# grid as two numbers: to look a grid up is dearer than what is looked up.


@lru_cache(maxsize=16_384)
def _lots(tick: int, lot: int, quantity: str) -> int:
    return Grid(tick, lot).lots(parse_positive(quantity, "quantity"))


@lru_cache(maxsize=16_384)
def _ticks(tick: int, lot: int, price: str, field: str) -> int:
    return Grid(tick, lot).ticks(parse_positive(price, field), field)


def known_instrument(memory: Memory, symbol: str) -> Instrument:
    instrument = memory.instruments_by_symbol.get(symbol)
    if instrument is None:
        raise Refusal(Reason.UNKNOWN_SYMBOL, f"symbol must be one that is traded, was {shown(symbol)}", "symbol", shown(symbol))
    return instrument


def known_asset(memory: Memory, code: str) -> Asset:
    asset = memory.assets_by_code.get(code)
    if asset is None:
        raise Refusal(Reason.UNKNOWN_ASSET, f"asset must be one that exists, was {shown(code)}", "asset", shown(code))
    return asset


def check_text(value: object, field: str, length_max: int, length_min: int = 0) -> None:
    """Refuse what a column would not take, control characters included: a settlement may not fail over a word."""
    if not isinstance(value, str) or not length_min <= len(value) <= length_max or (value and not value.isprintable()):
        rule = f"{field} must be printable text of {length_min} to {length_max} characters, was {shown(value)}"
        raise Refusal(Reason.INVALID_FIELD, rule, field, shown(value))


def check_reason(value: object) -> None:
    """Why staff do what they do, in words: required, and blanks at the ends are no words."""
    check_text(value, "reason", REASON_LENGTH_MAX, REASON_LENGTH_MIN)
    check_text(str(value).strip(), "reason", REASON_LENGTH_MAX, REASON_LENGTH_MIN)


def check_command_id(value: object) -> None:
    """Letters, digits, ``-`` and ``_``, 1 to 48 of them (``commands.types.COMMAND_ID_PATTERN``), without a regex: it is hot."""
    if isinstance(value, str) and 1 <= len(value) <= 48 and value.isascii() and f"_{value.replace('-', '_')}".isidentifier():
        return
    rule = f"command_id must be 1 to 48 letters, digits, - or _, was {shown(value)}"
    raise Refusal(Reason.INVALID_FIELD, rule, "command_id", shown(value))


def check_between(value: int, field: str, least: int, most: int) -> None:
    if not least <= value <= most:
        rule = f"{field} must be from {least} to {most}, was {value}"
        raise Refusal(Reason.INVALID_FIELD, rule, field, shown(str(value)))

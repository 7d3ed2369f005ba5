"""What a batch writes, as the columns that the settlement functions take: one text a column, not one parameter a row."""

from collections.abc import Sequence
from typing import NamedTuple

from apps.engine import columns as c
from apps.engine.matching.changes import Changes, FillRow
from apps.engine.matching.state import Order

Columns = list[bytes | None]


class Record(NamedTuple):
    """The answer of a command that is not an order, to be kept for ever. Ids are unique in their ``scope`` only."""

    scope: int
    command_id: str
    account_id: int | None
    digest: bytes
    answer: bytes


class Money(NamedTuple):
    """What a batch did to money: the columns that the chain's hash is made of are among these."""

    new_balances: Columns
    trades: Columns
    fills: Columns
    transfers: Columns


def money_columns(changes: Changes) -> Money:
    return Money(_new_balances(changes), _trades(changes), _fills(changes), _transfers(changes))


def hashed_columns(money: Money) -> Columns:
    """Without texts that people wrote (command ids, memos) and without the house's quotes: ids, numbers and codes alone."""
    return [*money.new_balances, *money.trades[:6], *money.fills, *money.transfers[:3], *money.transfers[5:]]


def order_columns(orders: Sequence[Order]) -> Columns:
    if not orders:
        return [None] * 15
    return [
        c.integers([o.order_id for o in orders]),
        c.integers([o.account_id for o in orders]),
        c.texts([o.client_order_id for o in orders]),
        c.integers([o.instrument.instrument_id for o in orders]),
        c.codes([o.side for o in orders]),
        c.codes([o.order_type for o in orders]),
        c.codes([o.time_in_force for o in orders]),
        c.amounts([o.lots * o.instrument.grid.lot for o in orders]),
        c.amounts([o.ticks * o.instrument.grid.tick if o.ticks else None for o in orders]),
        *_order_states(orders),
    ]


def _order_states(orders: Sequence[Order]) -> Columns:
    return [
        c.codes([o.status for o in orders]),
        c.texts([o.reason for o in orders]),
        c.amounts([o.filled_lots * o.instrument.grid.lot for o in orders]),
        c.amounts([o.notional for o in orders]),
        c.amounts([o.fee for o in orders]),
        c.amounts([o.held for o in orders]),
    ]


def changed_order_columns(changes: Changes) -> Columns:
    if not changes.changed_orders:
        return [None] * 7
    return [c.integers(list(changes.changed_orders)), *_order_states(list(changes.changed_orders.values()))]


def _trades(changes: Changes) -> Columns:
    trades = changes.trades
    if not trades:
        return [None] * 9
    return [
        c.integers([t.trade_id for t in trades]),
        c.integers([t.instrument.instrument_id for t in trades]),
        c.integers([t.instrument_sequence for t in trades]),
        c.amounts([t.ticks * t.instrument.grid.tick for t in trades]),
        c.amounts([t.lots * t.instrument.grid.lot for t in trades]),
        c.codes([t.aggressor_side for t in trades]),
        c.texts(["" if t.quote is None else t.quote.source for t in trades]),
        c.integers([None if t.quote is None else t.quote.epoch for t in trades]),
        c.integers([None if t.quote is None else t.quote.sequence for t in trades]),
    ]


def fill_id(fill: FillRow) -> int:
    return 2 * fill.trade.trade_id + (fill.side == "SELL")


def _fills(changes: Changes) -> Columns:
    fills = changes.fills
    if not fills:
        return [None] * 10
    return [
        c.integers([fill_id(f) for f in fills]),
        c.integers([f.trade.trade_id for f in fills]),
        c.integers([None if f.order is None else f.order.order_id for f in fills]),
        c.integers([f.account_id for f in fills]),
        c.integers([f.trade.instrument.instrument_id for f in fills]),
        c.codes([f.side for f in fills]),
        c.codes([f.liquidity_side for f in fills]),
        c.amounts([f.trade.ticks * f.trade.instrument.grid.tick for f in fills]),
        c.amounts([f.trade.lots * f.trade.instrument.grid.lot for f in fills]),
        c.amounts([f.fee for f in fills]),
    ]


def _transfers(changes: Changes) -> Columns:
    transfers, postings = changes.transfers, changes.postings
    if not transfers:
        return [None] * 11
    return [
        c.integers([t.transfer_id for t in transfers]),
        c.codes([t.kind for t in transfers]),
        c.integers([t.trade_id for t in transfers]),
        c.texts([t.command_id for t in transfers]),
        c.texts([t.memo for t in transfers]),
        c.integers([p.transfer_id for p in postings]),
        c.integers([p.leg for p in postings]),
        c.integers([p.balance.ledger_account_id for p in postings]),
        c.integers([p.balance.asset_id for p in postings]),
        c.amounts([p.amount for p in postings]),
        c.amounts([p.balance_after for p in postings]),
    ]


def _new_balances(changes: Changes) -> Columns:
    balances = changes.new_balances
    if not balances:
        return [None] * 4
    return [
        c.integers([b.ledger_account_id for b in balances]),
        c.integers([b.account_id for b in balances]),
        c.integers([b.asset_id for b in balances]),
        c.codes(["t" if b.may_be_negative else "f" for b in balances]),
    ]


def balance_columns(changes: Changes) -> Columns:
    balances = [*changes.new_balances, *changes.changed_balances.values()]
    if not balances:
        return [None] * 3
    return [
        c.integers([b.ledger_account_id for b in balances]),
        c.amounts([b.total for b in balances]),
        c.amounts([b.held for b in balances]),
    ]


def one_order_columns(changes: Changes, value: bytes) -> Columns:
    """The plain values of the one order, its ledger account and its event."""
    order, event = changes.new_orders[0], changes.events[0]
    grid = order.instrument.grid
    columns: Columns = [
        str(order.order_id).encode(),
        str(order.account_id).encode(),
        order.client_order_id.encode(),
        str(order.instrument.instrument_id).encode(),
        order.side.encode(),
        order.order_type.encode(),
        order.time_in_force.encode(),
        f"{order.lots * grid.lot}e-8".encode(),
        f"{order.ticks * grid.tick}e-8".encode() if order.ticks else None,
        order.status.encode(),
        order.reason.encode(),
        f"{order.held}e-8".encode(),
    ]
    balance = next(iter(changes.changed_balances.values()), None)
    if balance is None:
        columns += [None, None, None]
    else:
        columns += [str(balance.ledger_account_id).encode(), f"{balance.total}e-8".encode(), f"{balance.held}e-8".encode()]
    return [*columns, str(event.sequence).encode(), str(event.account_sequence).encode(), event.kind.encode(), value]


def event_columns(changes: Changes, values: list[bytes]) -> Columns:
    stored = [(row, value) for row, value in zip(changes.events, values, strict=True) if row.account_id is not None]
    if not stored:
        return [None] * 6
    return [
        c.integers([row.sequence for row, _ in stored]),
        c.integers([row.account_id for row, _ in stored]),
        c.integers([row.account_sequence for row, _ in stored]),
        c.integers([None if row.order is None else row.order.order_id for row, _ in stored]),
        c.codes([row.kind for row, _ in stored]),
        c.documents([value for _, value in stored]),
    ]

"""Writing a batch: everything that follows from it, in one call of one SQL function, in one transaction.

The function (migration 0003) checks the epoch first, then writes; it raises, and so writes nothing, when the epoch is over or
a sum does not agree. Any error here means that the process must end: memory is ahead of the database, and only a reload
mends that.
"""

from collections.abc import Sequence
from itertools import count
from typing import NamedTuple, cast

import msgspec
import psycopg
from psycopg import pq

from apps.core.clock import instant
from apps.core.failpoint import failpoint
from apps.engine import columns as c
from apps.engine.events import (
    Levels,
    encode_event,
    encode_messages,
    event_message,
    level_messages,
    print_messages,
)
from apps.engine.matching.answers import text
from apps.engine.matching.changes import Changes, FillRow
from apps.engine.matching.state import Instrument, Order

STALE_EPOCH = "TD001"
BROKEN_LAW = "TD002"

Columns = list[bytes | None]
_numbers = count(1)


class SettlementError(RuntimeError):
    """The database refused the batch, or could not be reached. ``sqlstate`` is empty in the latter case."""

    def __init__(self, sqlstate: str, message: str) -> None:
        self.sqlstate = sqlstate
        super().__init__(f"settlement failed ({sqlstate or 'no connection'}): {message}")


class Record(NamedTuple):
    """The answer of a command that is not an order, to be kept for ever."""

    command_id: str
    account_id: int | None
    digest: bytes
    answer: bytes


class Batch(NamedTuple):
    """One batch to write. ``first`` and ``last`` are the engine's sequence around it; ``inputs`` the journal's MessagePack."""

    changes: Changes
    records: Sequence[Record]
    now_ns: int
    first: int
    last: int
    inputs: bytes


def _orders(orders: Sequence[Order]) -> Columns:
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
        c.amounts_or_null([o.ticks * o.instrument.grid.tick if o.ticks else None for o in orders]),
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


def _changed_orders(changes: Changes) -> Columns:
    if not changes.changed_orders:
        return [None] * 7
    return [c.integers(changes.changed_orders), *_order_states(list(changes.changed_orders.values()))]


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
        c.integers_or_null([None if t.quote is None else t.quote.epoch for t in trades]),
        c.integers_or_null([None if t.quote is None else t.quote.sequence for t in trades]),
    ]


def _fill_id(fill: FillRow) -> int:
    return 2 * fill.trade.trade_id + (fill.side == "SELL")


def _fills(changes: Changes) -> Columns:
    fills = changes.fills
    if not fills:
        return [None] * 10
    return [
        c.integers([_fill_id(f) for f in fills]),
        c.integers([f.trade.trade_id for f in fills]),
        c.integers_or_null([None if f.order is None else f.order.order_id for f in fills]),
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
        c.integers_or_null([t.trade_id for t in transfers]),
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


def _balances(changes: Changes) -> Columns:
    balances = [*changes.new_balances, *changes.changed_balances.values()]
    if not balances:
        return [None] * 3
    return [
        c.integers([b.ledger_account_id for b in balances]),
        c.amounts([b.total for b in balances]),
        c.amounts([b.held for b in balances]),
    ]


def _records(records: Sequence[Record]) -> Columns:
    if not records:
        return [None] * 4
    return [
        c.texts([r.command_id for r in records]),
        c.integers_or_null([r.account_id for r in records]),
        c.binaries([r.digest for r in records]),
        c.binaries([r.answer for r in records]),
    ]


def _decimals(units: int) -> int:
    return len(text(units).partition(".")[2])


def _instrument_row(instrument: Instrument) -> dict[str, object]:
    grid = instrument.grid
    return {
        "id": instrument.instrument_id,
        "symbol": instrument.symbol,
        "name": instrument.name,
        "asset_class": instrument.asset_class,
        "base_id": instrument.base_id,
        "quote_id": instrument.quote_id,
        "tick_size": text(grid.tick),
        "lot_size": text(grid.lot),
        "price_decimals": _decimals(grid.tick),
        "quantity_decimals": _decimals(grid.lot),
        "max_quantity": text(instrument.max_lots * grid.lot),
        "max_notional": text(instrument.max_notional),
        "collar_bps": instrument.collar_bps,
        "maker_fee_ppm": instrument.maker_fee_ppm,
        "taker_fee_ppm": instrument.taker_fee_ppm,
        "ladder_step_ticks": instrument.ladder_step_ticks,
        "trading_state": instrument.trading_state,
        "state_reason": instrument.state_reason,
    }


def _rare(changes: Changes) -> bytes | None:
    """What happens a few times a day, as one JSON document; numbers are strings, which Postgres reads as NUMERIC."""
    if not (changes.new_assets or changes.new_instruments or changes.changed_instruments or changes.changed_accounts):
        return None
    new_ids = {i.instrument_id for i in changes.new_instruments}
    return msgspec.json.encode(
        {
            "assets": [
                {
                    "id": a.asset_id,
                    "code": a.code,
                    "name": a.name,
                    "asset_class": a.asset_class,
                    "display_decimals": a.display_decimals,
                }
                for a in changes.new_assets
            ],
            "instruments": [_instrument_row(i) for i in changes.new_instruments],
            "changed_instruments": [
                _instrument_row(i) for i in changes.changed_instruments.values() if i.instrument_id not in new_ids
            ],
            "accounts": [{"id": a.account_id, "status": a.status} for a in changes.changed_accounts.values()],
        }
    )


class Settlement:
    """Writes batches over one connection, which the engine uses for nothing at the same time."""

    def __init__(self, connection: "psycopg.Connection[tuple[object, ...]]", shard: int, epoch: int) -> None:
        self._pgconn = connection.pgconn
        self._epoch = epoch
        self._shard = str(shard).encode()
        self._epoch_text = str(epoch).encode()
        # A name of its own: tests settle over one connection with many engines.
        self._name = f"engine_settle_{next(_numbers)}".encode()
        self._prepared = False

    def commit(self, batch: Batch, book: Levels, instruments: dict[int, Instrument]) -> None:
        """Write ``batch`` and return when it is durable; raise :class:`SettlementError` when it is not known to be."""
        parameters = self._parameters(batch, book, instruments)
        failpoint("engine.before_commit")
        if not self._prepared:
            self._prepare(len(parameters))
        # Straight to libpq: nothing here needs the driver's adaptation, and a batch of one is spent mostly on it. 1 = binary.
        formats = [1 if i in (6, 7) else 0 for i in range(len(parameters))]
        result = self._pgconn.exec_prepared(self._name, cast(Sequence[bytes], parameters), formats)
        self._check(result)

    def _prepare(self, arity: int) -> None:
        places = ",".join(f"${i}" for i in range(1, arity + 1))
        self._check(self._pgconn.prepare(self._name, f"SELECT engine_settle({places})".encode()))
        self._prepared = True

    def _check(self, result: pq.abc.PGresult) -> None:
        if result.status in (pq.ExecStatus.COMMAND_OK, pq.ExecStatus.TUPLES_OK):
            return
        sqlstate = (result.error_field(pq.DiagnosticField.SQLSTATE) or b"").decode()
        message = (result.error_field(pq.DiagnosticField.MESSAGE_PRIMARY) or self._pgconn.error_message or b"").decode()
        raise SettlementError(sqlstate, message.strip())

    def _parameters(self, batch: Batch, book: Levels, instruments: dict[int, Instrument]) -> Columns:
        changes = batch.changes
        advanced = batch.last > batch.first
        events, outbox = self._events(batch, book, instruments)
        return [
            self._shard,
            self._epoch_text,
            instant(batch.now_ns).isoformat().encode(),
            str(batch.now_ns).encode(),
            str(batch.first).encode(),
            str(batch.last).encode(),
            batch.inputs if advanced else None,
            outbox,
            _rare(changes),
            *_new_balances(changes),
            *_orders(changes.new_orders),
            *_changed_orders(changes),
            *_trades(changes),
            *_fills(changes),
            *_transfers(changes),
            *_balances(changes),
            *events,
            *_records(batch.records),
        ]

    def _events(self, batch: Batch, book: Levels, instruments: dict[int, Instrument]) -> tuple[Columns, bytes | None]:
        """The columns of the accounts' events, and the outbox: events, then prints, then levels."""
        epoch = self._epoch
        rows = batch.changes.events
        values = [encode_event(row, epoch) for row in rows]
        messages = [event_message(row, epoch, value) for row, value in zip(rows, values, strict=True)]
        messages += print_messages(batch.changes.trades, epoch)
        messages += level_messages(batch.changes, book, instruments, epoch, batch.now_ns)
        outbox = encode_messages(messages) if messages else None
        stored = [(row, value) for row, value in zip(rows, values, strict=True) if row.account_id is not None]
        if not stored:
            return [None] * 6, outbox
        return [
            c.integers([row.sequence for row, _ in stored]),
            c.integers_or_null([row.account_id for row, _ in stored]),
            c.integers([row.account_sequence for row, _ in stored]),
            c.integers_or_null([None if row.order is None else row.order.order_id for row, _ in stored]),
            c.codes([row.kind for row, _ in stored]),
            c.documents([value for _, value in stored]),
        ], outbox

"""Writing a batch: everything that follows from it, in one call of one SQL function, in one transaction.

A batch is sent, and waited for later: the engine decides the next one while Postgres writes this one. One is under way at a time.

The functions (migrations 0005, 0010 and 0011) check the epoch first, then write; they raise, and so write nothing, when the epoch
is over or a sum does not agree. Any error here means that the process must end: memory is ahead of the database, and only a
reload mends that.
"""

import select
from collections.abc import Sequence
from itertools import count
from typing import NamedTuple, cast

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
from apps.engine.matching.changes import Changes, FillRow
from apps.engine.matching.state import Instrument, Order
from apps.engine.rare import has_rare, rare_document
from apps.primary.connections import is_led, warnings_of

STALE_EPOCH = "TD001"
BROKEN_LAW = "TD002"

Columns = list[bytes | None]
#: Places of the parameters that are binary: the journal's, the outbox's, and the events' documents.
_BINARY = {"engine_settle": (6, 7, 73), "engine_settle_one": (6, 7)}
_numbers = count(1)


class SettlementError(RuntimeError):
    """The database refused the batch, or could not be reached. ``sqlstate`` is empty in the latter case."""

    def __init__(self, sqlstate: str, message: str) -> None:
        self.sqlstate = sqlstate
        super().__init__(f"settlement failed ({sqlstate or 'no connection'}): {message}")


class Record(NamedTuple):
    """The answer of a command that is not an order, to be kept for ever. Ids are unique in their ``scope`` only."""

    scope: int
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


def _changed_orders(changes: Changes) -> Columns:
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
        return [None] * 5
    return [
        c.integers([r.scope for r in records]),
        c.texts([r.command_id for r in records]),
        c.integers([r.account_id for r in records]),
        c.binaries([r.digest for r in records]),
        c.binaries([r.answer for r in records]),
    ]


def _is_one_order(batch: Batch) -> bool:
    """Whether the batch is one new order that made no trade: what ``engine_settle_one`` writes."""
    changes = batch.changes
    return (
        len(changes.new_orders) == 1
        and len(changes.events) == 1
        and len(changes.changed_balances) <= 1
        and not (changes.changed_orders or changes.trades or changes.transfers or changes.new_balances or batch.records)
        and not has_rare(changes)
    )


def _one_order(changes: Changes, value: bytes) -> Columns:
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


class Settlement:
    """Writes batches over one connection, which the engine uses for nothing at the same time."""

    def __init__(self, connection: "psycopg.Connection[tuple[object, ...]]", shard: int, epoch: int) -> None:
        self._connection = connection
        self._warnings = warnings_of(connection)
        self._pgconn = connection.pgconn
        self._epoch = epoch
        self._shard = str(shard).encode()
        self._epoch_text = str(epoch).encode()
        # Names of its own: tests settle over one connection with many engines.
        self._number = next(_numbers)
        self._prepared: dict[str, tuple[bytes, list[int]]] = {}
        self._under_way = False
        self._poller = select.poll()

    def start(self, batch: Batch, book: Levels, instruments: dict[int, Instrument]) -> None:
        """Send ``batch`` to be written, as soon as the one before it is durable. :meth:`wait` returns when this one is.

        What memory says is read before this returns, so the next batch may be decided meanwhile.
        """
        values = [encode_event(row, self._epoch) for row in batch.changes.events]
        outbox = self._outbox(batch, values, book, instruments)
        if _is_one_order(batch):
            function = "engine_settle_one"
            parameters = [*self._envelope(batch, outbox), *_one_order(batch.changes, values[0])]
        else:
            function = "engine_settle"
            parameters = [*self._envelope(batch, outbox), *_batch_columns(batch, values)]
        self.wait()
        failpoint("engine.before_commit")
        name, formats = self._prepare(function, len(parameters))
        # Straight to libpq: nothing here needs the driver's adaptation, and a batch of one is spent mostly on it.
        try:
            self._pgconn.send_query_prepared(name, cast(Sequence[bytes], parameters), formats)
            self._push()
        except psycopg.OperationalError as error:
            raise SettlementError("", str(error).strip()) from error
        self._under_way = True

    def wait(self) -> None:
        """Return when everything that was sent is durable; raise :class:`SettlementError` when that is not known."""
        if not self._under_way:
            return
        self._under_way = False
        try:
            while self._pgconn.is_busy():
                self._poll(select.POLLIN)
            result = self._pgconn.get_result()
            while self._pgconn.get_result() is not None:
                pass  # the end of the answer: the connection is free again
        except psycopg.OperationalError as error:
            raise SettlementError("", str(error).strip()) from error
        if result is None:
            raise SettlementError("", "the database gave no answer")
        self._check(result)

    @property
    def socket(self) -> int:
        """Readable when Postgres says something."""
        return self._pgconn.socket

    def is_under_way(self) -> bool:
        """Whether :meth:`wait` would have to wait. Takes what Postgres has said."""
        if not self._under_way:
            return False
        try:
            self._pgconn.consume_input()
            return bool(self._pgconn.is_busy())
        except psycopg.OperationalError as error:
            raise SettlementError("", str(error).strip()) from error

    def _push(self) -> None:
        """Hand everything to the kernel: Postgres begins when it has the last byte."""
        while self._pgconn.flush():
            self._poll(select.POLLIN | select.POLLOUT)

    def _poll(self, events: int) -> None:
        """Wait for the socket, and read what it has. Here rather than in libpq, which would keep the watchdog from running."""
        self._poller.register(self._pgconn.socket, events)
        if any(event & ~select.POLLOUT for _, event in self._poller.poll()):
            self._pgconn.consume_input()

    def prove_lease(self) -> None:
        """Raise :class:`SettlementError` when the epoch is over, or the connection gone. Writes nothing."""
        self.wait()
        query = b"SELECT epoch FROM engine_lease WHERE shard = $1"
        result = self._pgconn.exec_params(query, [self._shard])
        self._check(result)
        if result.get_value(0, 0) != self._epoch_text or not is_led(self._connection):
            raise SettlementError(STALE_EPOCH, f"epoch {self._epoch} of shard {self._shard.decode()} is over")

    def _prepare(self, function: str, arity: int) -> tuple[bytes, list[int]]:
        known = self._prepared.get(function)
        if known is None:
            name = f"{function}_{self._number}".encode()
            places = ",".join(f"${i}" for i in range(1, arity + 1))
            self._check(self._pgconn.prepare(name, f"SELECT {function}({places})".encode()))
            formats = [1 if i in _BINARY[function] else 0 for i in range(arity)]
            known = self._prepared[function] = (name, formats)
        return known

    def _check(self, result: pq.abc.PGresult) -> None:
        if result.status in (pq.ExecStatus.COMMAND_OK, pq.ExecStatus.TUPLES_OK):
            if self._warnings:
                raise SettlementError("", f"it may be on one server alone: {self._warnings[0]}")
            return
        sqlstate = (result.error_field(pq.DiagnosticField.SQLSTATE) or b"").decode()
        message = (result.error_field(pq.DiagnosticField.MESSAGE_PRIMARY) or self._pgconn.error_message or b"").decode()
        raise SettlementError(sqlstate, message.strip())

    def _envelope(self, batch: Batch, outbox: bytes | None) -> Columns:
        """The first parameters of both functions."""
        return [
            self._shard,
            self._epoch_text,
            instant(batch.now_ns).isoformat().encode(),
            str(batch.now_ns).encode(),
            str(batch.first).encode(),
            str(batch.last).encode(),
            batch.inputs if batch.last > batch.first else None,
            outbox,
        ]

    def _outbox(self, batch: Batch, values: list[bytes], book: Levels, instruments: dict[int, Instrument]) -> bytes | None:
        """What the batch wants published: events, then prints, then levels."""
        epoch = self._epoch
        messages = [event_message(row, epoch, value) for row, value in zip(batch.changes.events, values, strict=True)]
        messages += print_messages(batch.changes.trades, epoch)
        messages += level_messages(batch.changes, book, instruments, epoch, batch.now_ns)
        return encode_messages(messages) if messages else None


def _batch_columns(batch: Batch, values: list[bytes]) -> Columns:
    """The parameters of ``engine_settle`` after the envelope."""
    changes = batch.changes
    return [
        rare_document(changes),
        *_new_balances(changes),
        *_orders(changes.new_orders),
        *_changed_orders(changes),
        *_trades(changes),
        *_fills(changes),
        *_transfers(changes),
        *_balances(changes),
        *_events(changes, values),
        *_records(batch.records),
    ]


def _events(changes: Changes, values: list[bytes]) -> Columns:
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

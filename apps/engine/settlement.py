"""Writing a batch: everything that follows from it, in one call of one SQL function, in one transaction.

A batch is sent, and waited for later: the engine decides the next one while Postgres writes this one. One is under way at a time.

The functions (migrations 0005, 0010, 0011, 0014, 0016) check the epoch first, then write; they raise, and so write nothing, when
the epoch is over, a sum does not agree or the batch does not continue the chain. Any error here means that the process must end:
memory is ahead of the database, and only a reload mends that.
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
from apps.engine.batch_columns import (
    Columns,
    Record,
    balance_columns,
    changed_order_columns,
    event_columns,
    hashed_columns,
    money_columns,
    one_order_columns,
    order_columns,
)
from apps.engine.chain import NO_MONEY, Chain
from apps.engine.events import (
    Levels,
    encode_event,
    encode_messages,
    event_message,
    level_messages,
    print_messages,
)
from apps.engine.matching.changes import Changes
from apps.engine.matching.state import Instrument
from apps.engine.rare import has_rare, rare_document
from apps.primary.connections import is_led, warnings_of

STALE_EPOCH = "TD001"
BROKEN_LAW = "TD002"
BROKEN_CHAIN = "TD003"

#: Places of the parameters that are binary: the journal's, the outbox's, the two hashes, and the events' documents.
_BINARY = {
    "engine_settle_chained": (6, 7, 8, 9, 75),
    "engine_settle_approved": (6, 7, 8, 9, 75),
    "engine_settle_one_chained": (6, 7, 8, 9),
}
_numbers = count(1)


class SettlementError(RuntimeError):
    """The database refused the batch, or could not be reached. ``sqlstate`` is empty in the latter case."""

    def __init__(self, sqlstate: str, message: str) -> None:
        self.sqlstate = sqlstate
        super().__init__(f"settlement failed ({sqlstate or 'no connection'}): {message}")


class Batch(NamedTuple):
    """One batch to write. ``first`` and ``last`` are the engine's sequence around it; ``inputs`` the journal's MessagePack."""

    changes: Changes
    records: Sequence[Record]
    now_ns: int
    first: int
    last: int
    inputs: bytes


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
    """Whether the batch is one new order that made no trade: what ``engine_settle_one_chained`` writes."""
    changes = batch.changes
    return (
        len(changes.new_orders) == 1
        and len(changes.events) == 1
        and len(changes.changed_balances) <= 1
        and not (changes.changed_orders or changes.trades or changes.transfers or changes.new_balances or batch.records)
        and not has_rare(changes)
    )


class Settlement:
    """Writes batches over one connection, which the engine uses for nothing at the same time."""

    def __init__(self, connection: "psycopg.Connection[tuple[object, ...]]", shard: int, epoch: int, chain: Chain) -> None:
        self._connection = connection
        self._warnings = warnings_of(connection)
        self._pgconn = connection.pgconn
        self._epoch = epoch
        self._chain = chain
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
            function, hashed, columns = "engine_settle_one_chained", NO_MONEY, one_order_columns(batch.changes, values[0])
        else:
            function = "engine_settle_approved" if batch.changes.approvals else "engine_settle_chained"
            hashed, columns = _batch_columns(batch, values)
        parameters = [*self._envelope(batch, outbox), *self._link(batch, hashed), *columns]
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

    def _link(self, batch: Batch, hashed: Columns) -> Columns:
        """The hash of the commit before, and this one's; none for a batch that is not journaled, which moves nothing."""
        if batch.last == batch.first:
            return [None, None]
        return list(self._chain.link(self._epoch, batch.now_ns, batch.first, batch.last, hashed))

    def _outbox(self, batch: Batch, values: list[bytes], book: Levels, instruments: dict[int, Instrument]) -> bytes | None:
        """What the batch wants published: events, then prints, then levels."""
        epoch = self._epoch
        messages = [event_message(row, epoch, value) for row, value in zip(batch.changes.events, values, strict=True)]
        messages += print_messages(batch.changes.trades, epoch)
        messages += level_messages(batch.changes, book, instruments, epoch, batch.now_ns)
        return encode_messages(messages) if messages else None


def _batch_columns(batch: Batch, values: list[bytes]) -> tuple[Columns, Columns]:
    """What the chain's hash is over, and the parameters of ``engine_settle_chained`` after the hashes."""
    changes = batch.changes
    money = money_columns(changes)
    return hashed_columns(money), [
        rare_document(changes),
        *money.new_balances,
        *order_columns(changes.new_orders),
        *changed_order_columns(changes),
        *money.trades,
        *money.fills,
        *money.transfers,
        *balance_columns(changes),
        *event_columns(changes, values),
        *_records(batch.records),
    ]

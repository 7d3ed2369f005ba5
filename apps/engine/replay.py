"""Replay: feed the journal to a venue that starts empty, and compare what it does with what is stored.

Equal means that every decision was a function of the journal and nothing else. When the epoch changes, the venue is made anew
from the open orders and balances, as a new engine is: quotes and the house's used-up levels do not outlive an engine.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, NamedTuple

import msgspec
import psycopg

from apps.core.enums import AccountStatus
from apps.engine.events import encode_event
from apps.engine.journal import JournaledInputs, decode_inputs
from apps.engine.matching.changes import Changes, TradeRow
from apps.engine.matching.state import Account, Asset, Balance, Instrument, Order
from apps.engine.matching.venue import Venue
from apps.engine.store import Store, nanoseconds

DIFFERENCES_MAX = 20
_FETCH_ROWS = 200


class Difference(NamedTuple):
    what: str
    stored: object
    replayed: object

    def __str__(self) -> str:
        return f"{self.what}: stored {self.stored}, replayed {self.replayed}"


class JournalRow(NamedTuple):
    last_sequence: int
    first_sequence: int
    epoch: int
    now_ns: int
    inputs: bytes


def _standing(instrument: Instrument) -> tuple[object, ...]:
    return (
        instrument.trading_state,
        instrument.state_reason,
        instrument.paused_until_ns,
        instrument.is_sweeping,
        instrument.around_the_clock,
        instrument.sessions,
    )


class Replay:
    """A venue that lives through the journal, epoch after epoch."""

    def __init__(self, connection: "psycopg.Connection[Any]") -> None:
        self._connection = connection
        self._users = dict(self._select("SELECT id, user_id FROM accounts_account WHERE kind = 'CUSTOMER'"))
        self._system = Store(connection).system_account_ids()
        self._assets: dict[int, Asset] = {}
        self._instruments: dict[int, Instrument] = {}
        self._open: dict[int, Order] = {}
        self.balances: dict[int, Balance] = {}
        self.venue = self._new_venue(0, 0)
        self.differences: list[Difference] = []
        self._last_ns = 0  # of the batch before
        self.batches = 0
        self.events = 0
        self.trades = 0

    def _select(self, query: str, *parameters: object) -> list[tuple[Any, ...]]:
        with psycopg.Cursor(self._connection, row_factory=psycopg.rows.tuple_row) as cursor:
            return cursor.execute(query, parameters or None).fetchall()

    def _new_venue(self, epoch: int, sequence: int, seen_ns: int = 0) -> Venue:
        return Venue(
            epoch=epoch,
            sequence=sequence,
            seen_ns=seen_ns,
            house_id=self._system["HOUSE"],
            fees_id=self._system["FEES"],
            external_id=self._system["EXTERNAL"],
        )

    def run(self) -> list[Difference]:
        """Replay everything; return the differences, at most :data:`DIFFERENCES_MAX`."""
        for row in self._journal():
            if row.epoch != self.venue.epoch:
                self._begin_epoch(row)
            self._batch(row, decode_inputs(row.inputs))
            if len(self.differences) >= DIFFERENCES_MAX:
                return self.differences[:DIFFERENCES_MAX]
        self._compare_accounts()
        self._compare_instruments()
        self._compare_balances()
        self._compare_counts()
        return self.differences[:DIFFERENCES_MAX]

    def _journal(self) -> Iterator[JournalRow]:
        last = 0
        while True:
            rows = self._select(
                """SELECT last_sequence, first_sequence, epoch, now_ns, inputs FROM engine_journal
                   WHERE last_sequence > %s ORDER BY last_sequence LIMIT %s""",
                last,
                _FETCH_ROWS,
            )
            if not rows:
                return
            for row in rows:
                yield JournalRow(row[0], row[1], row[2], row[3], bytes(row[4]))
            last = rows[-1][0]

    def _begin_epoch(self, row: JournalRow) -> None:
        """What a new engine loads, taken from the old one's memory."""
        before, self.venue = self.venue, self._new_venue(row.epoch, row.first_sequence, self._last_ns)
        self.venue.load_kill_switch(before.is_killed, before.kill_reason)
        for asset in self._assets.values():
            self.venue.load_asset(asset)
        for instrument in self._instruments.values():
            self.venue.load_instrument(instrument)
        for account_id, account in before.accounts.items():
            if account_id in self.venue.system_ids:
                self.venue.accounts[account_id].sequence = account.sequence
            else:
                self.venue.load_account(replace(account, balances={}))
        for balance in self.balances.values():
            self.venue.load_balance(balance)
        for order in sorted(self._open.values(), key=lambda order: order.priority):
            self.venue.load_order(order)

    def _batch(self, row: JournalRow, inputs: JournaledInputs) -> None:
        venue = self.venue
        venue.begin(row.now_ns)
        self._last_ns = row.now_ns
        for quote in inputs.quotes:
            instrument = venue.instruments.get(quote.instrument_id)
            if instrument is not None:
                venue.on_quote(instrument.symbol, quote.quote(), row.now_ns)
        for instrument_id in inputs.crossed:
            venue.match_quote(instrument_id, row.now_ns)
        for command in inputs.commands:
            self._meet(getattr(command, "account_id", None))
            venue.apply(command, row.now_ns)
        changes = venue.take_changes()
        self._remember(changes)
        if venue.sequence != row.last_sequence:
            self.differences.append(Difference("sequence after a batch", row.last_sequence, venue.sequence))
        self._compare_events(row, changes)
        self._compare_trades(row, changes.trades)
        self.batches += 1

    def _meet(self, account_id: int | None) -> None:
        """An account begins as sign-up made it: its row is older than its first command."""
        if account_id is not None and account_id in self._users and not self.venue.has_account(account_id):
            self.venue.load_account(Account(account_id, self._users[account_id], AccountStatus.PENDING_FUNDING))

    def _remember(self, changes: Changes) -> None:
        self._assets |= {asset.asset_id: asset for asset in changes.new_assets}
        self._instruments |= {instrument.instrument_id: instrument for instrument in changes.new_instruments}
        self.balances |= {balance.ledger_account_id: balance for balance in changes.new_balances}
        for order in (*changes.new_orders, *changes.changed_orders.values()):
            if self.venue.knows_order(order.order_id):
                self._open[order.order_id] = order
            else:
                self._open.pop(order.order_id, None)

    def _compare_events(self, row: JournalRow, changes: Changes) -> None:
        replayed = {event.sequence: encode_event(event, row.epoch) for event in changes.events if event.account_id is not None}
        rows = dict(
            self._select(
                "SELECT id, data FROM orders_accountevent WHERE id > %s AND id <= %s", row.first_sequence, row.last_sequence
            )
        )
        stored = {sequence: msgspec.json.decode(data) for sequence, data in rows.items()}
        self.events += len(replayed)
        for sequence in sorted(stored.keys() | replayed.keys()):
            again = msgspec.json.decode(replayed[sequence]) if sequence in replayed else None
            if stored.get(sequence) != again:
                self.differences.append(Difference(f"event {sequence}", stored.get(sequence), again))

    def _compare_trades(self, row: JournalRow, trades: list[TradeRow]) -> None:
        replayed = {
            t.trade_id: (t.instrument.instrument_id, t.instrument_sequence, t.instrument.grid.price(t.ticks),
                         t.instrument.grid.quantity(t.lots), str(t.aggressor_side), "" if t.quote is None else t.quote.source,
                         None if t.quote is None else t.quote.sequence)
            for t in trades
        }  # fmt: skip
        rows = self._select(
            """SELECT id, instrument_id, instrument_sequence, price, quantity, aggressor_side, quote_source, quote_sequence
               FROM orders_trade WHERE id > %s AND id <= %s""",
            row.first_sequence,
            row.last_sequence,
        )
        stored = {found[0]: found[1:] for found in rows}
        self.trades += len(replayed)
        for trade_id in sorted(stored.keys() | replayed.keys()):
            if stored.get(trade_id) != replayed.get(trade_id):
                self.differences.append(Difference(f"trade {trade_id}", stored.get(trade_id), replayed.get(trade_id)))

    def _compare_accounts(self) -> None:
        """Status, limits and safeguards; an account that no journaled command met is as sign-up made it."""
        rows = self._select(
            f"""SELECT id, user_id, status, max_open_orders, (max_order_notional * 100000000)::numeric(44, 0),
                       self_trade_prevention, {nanoseconds("dead_man_at")}
               FROM accounts_account WHERE kind = 'CUSTOMER' ORDER BY id"""  # noqa: S608 - a column's name
        )
        for account_id, user_id, *stored in rows:
            met = self.venue.accounts.get(account_id) or Account(account_id, user_id, AccountStatus.PENDING_FUNDING)
            limits = [met.max_open_orders, met.max_order_notional]
            replayed = [met.status, *limits, met.self_trade_prevention, met.dead_man_ns]
            if stored != replayed:
                self.differences.append(Difference(f"account {account_id} (status, limits, switch)", stored, replayed))

    def _compare_instruments(self) -> None:
        """Where each stands, its sessions, and the kill switch of all."""
        for stored in Store(self._connection).instruments():
            replayed = self.venue.instruments.get(stored.instrument_id)
            if replayed is None or _standing(stored) != _standing(replayed):
                again = None if replayed is None else _standing(replayed)
                self.differences.append(Difference(f"instrument {stored.symbol} (state, sessions)", _standing(stored), again))
        rows = self._select("SELECT is_killed, kill_reason FROM engine_lease")
        for row in rows:
            if row != (self.venue.is_killed, self.venue.kill_reason):
                self.differences.append(Difference("kill switch", row, (self.venue.is_killed, self.venue.kill_reason)))

    def _compare_balances(self) -> None:
        rows = self._select(
            "SELECT id, (total * 100000000)::numeric(44, 0), (held * 100000000)::numeric(44, 0) FROM ledger_ledgeraccount"
        )
        stored = {row[0]: (int(row[1]), int(row[2])) for row in rows}
        replayed = {balance.ledger_account_id: (balance.total, balance.held) for balance in self.balances.values()}
        for ledger_account_id in sorted(stored.keys() | replayed.keys()):
            before, again = stored.get(ledger_account_id), replayed.get(ledger_account_id)
            if before != again:
                self.differences.append(Difference(f"ledger account {ledger_account_id} (total, held)", before, again))

    def _compare_counts(self) -> None:
        """Nothing is stored that no journaled batch made."""
        for table, replayed in (("orders_accountevent", self.events), ("orders_trade", self.trades)):
            stored = self._select(f"SELECT count(*) FROM {table}")[0][0]  # noqa: S608 - two names of this line
            if stored != replayed:
                self.differences.append(Difference(f"rows of {table}", stored, replayed))

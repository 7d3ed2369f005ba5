"""Replay: feed the journal to a venue that starts empty, and compare what it does with what is stored.

Equal means that every decision was a function of the journal and nothing else. When the epoch changes, the venue is made anew
from the open orders and balances, as a new engine is: quotes and the house's used-up levels do not outlive an engine.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace
from itertools import groupby
from typing import Any, NamedTuple

import psycopg

from apps.core.enums import AccountStatus
from apps.engine.batch_columns import hashed_columns, money_columns
from apps.engine.chain import GENESIS, commit_hash
from apps.engine.journal import JournaledInputs, decode_inputs
from apps.engine.matching.changes import Changes
from apps.engine.matching.state import Account, Asset, Balance, Instrument, Order
from apps.engine.matching.venue import Venue
from apps.engine.recorded import (
    KINDS,
    Digests,
    Line,
    Rows,
    add_replayed,
    book_rows,
    digest,
    follow_events,
    in_words_of_then,
    no_rows,
    stored_rows,
    told_book,
)
from apps.engine.store import Store, nanoseconds

DIFFERENCES_MAX = 20
_FETCH_ROWS = 200


#: The total of each ledger account after the last posting up to a sequence.
_TOTALS_AT = """
    SELECT DISTINCT ON (ledger_account_id) ledger_account_id, (balance_after * 100000000)::numeric(44, 0)::bigint
    FROM ledger_posting WHERE transfer_id <= %s ORDER BY ledger_account_id, transfer_id DESC, leg DESC"""


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
    hash: bytes | None


def _journal_row(row: tuple[Any, ...]) -> JournalRow:
    last, first, epoch, now_ns, inputs, found = row
    return JournalRow(last, first, epoch, now_ns, bytes(inputs), None if found is None else bytes(found))


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
    """A venue that lives through the journal, epoch after epoch.

    It always begins at the beginning, since only the journal says how an epoch began; ``epochs`` (first, last) are those that
    are compared. ``report`` is told what an epoch came to when it is over, ``progress`` the sequence that was reached,
    ``hear`` what each batch did, and in which epoch.
    """

    def __init__(
        self,
        connection: "psycopg.Connection[Any]",
        epochs: tuple[int, int] = (0, 2**31),
        report: Callable[[str, list[Line]], None] = lambda title, lines: None,
        progress: Callable[[int], None] = lambda sequence: None,
        hear: Callable[[Changes, int], None] = lambda changes, epoch: None,
    ) -> None:
        self._connection = connection
        self._first_epoch, self._last_epoch = epochs
        self._report = report
        self._progress = progress
        self._hear = hear
        self._digests = Digests()
        self._book: dict[Any, Any] = {}  # open orders as the stored events left them, by id
        self._totals: dict[int, int] = {}  # by ledger account, as the stored postings left them
        self._epoch_batches = 0
        self._users = dict(self._select("SELECT id, user_id FROM accounts_account WHERE kind = 'CUSTOMER'"))
        self._system = Store(connection).system_account_ids()
        self._assets: dict[int, Asset] = {}
        self._instruments: dict[int, Instrument] = {}
        self._open: dict[int, Order] = {}
        self.balances: dict[int, Balance] = {}
        self.venue = self._new_venue(0, 0)
        self.differences: list[Difference] = []
        self._last_ns = 0  # of the batch before
        starts = self._select("SELECT after_sequence, hash_before FROM engine_chainstart")
        self._chain_starts = {row[0]: bytes(row[1]) for row in starts}
        self._head: bytes | None = self._chain_starts.get(0)  # the stored hash of the batch before; None when it has none
        self._last_sequence = 0
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
        """Replay; return the differences, at most :data:`DIFFERENCES_MAX`."""
        for chunk in self._chunks():
            if chunk[0].epoch > self._last_epoch:
                break
            if chunk[0].epoch != self.venue.epoch:
                self._end_epoch()
                self._begin_epoch(chunk[0])
            self._live(chunk)
            if len(self.differences) >= DIFFERENCES_MAX:
                return self.differences[:DIFFERENCES_MAX]
        else:
            self._end_epoch()
            self._compare_now()
            return self.differences[:DIFFERENCES_MAX]
        self._end_epoch()
        return self.differences[:DIFFERENCES_MAX]

    def _chunks(self) -> Iterator[list[JournalRow]]:
        """The journal in order, some batches of one epoch at a time."""
        last = 0
        while True:
            rows = self._select(
                """SELECT last_sequence, first_sequence, epoch, now_ns, inputs, hash FROM engine_journal
                   WHERE last_sequence > %s ORDER BY last_sequence LIMIT %s""",
                last,
                _FETCH_ROWS,
            )
            if not rows:
                return
            for _, chunk in groupby((_journal_row(row) for row in rows), key=lambda row: row.epoch):
                yield list(chunk)
            last = rows[-1][0]

    def _live(self, chunk: list[JournalRow]) -> None:
        """Live through some batches of one epoch, then compare all that they made."""
        replayed = no_rows()
        for row in chunk:
            self._batch(row, decode_inputs(row.inputs), replayed)
        self._progress(chunk[-1].last_sequence)
        if self.venue.epoch < self._first_epoch:
            return
        stored = stored_rows(self._select, chunk[0].first_sequence, chunk[-1].last_sequence)
        in_words_of_then(stored, replayed)
        follow_events(self._book, stored["event"])
        for kind in KINDS:
            self._compare_rows(kind, stored[kind], replayed[kind])
        self._totals |= {row[0]: row[3] for row in stored["posting"].values()}
        self._digests.add(stored, replayed)
        self.events += len(replayed["event"])
        self.trades += len(replayed["trade"])

    def _compare_rows(self, what: str, stored: dict[Any, Any], replayed: dict[Any, Any]) -> None:
        if stored == replayed:
            return
        for key in sorted(stored.keys() | replayed.keys()):
            if stored.get(key) != replayed.get(key):
                self.differences.append(Difference(f"{what} {key}", stored.get(key), replayed.get(key)))

    def _end_epoch(self) -> None:
        """Report the epoch that is over: its rows, and the totals and books that it left."""
        if self._first_epoch <= self.venue.epoch and self._epoch_batches:
            stored: dict[Any, object] = {key: total for key, total in self._totals.items() if total}
            replayed: dict[Any, object] = {key: balance.total for key, balance in self.balances.items() if balance.total}
            self._compare_rows(f"total at the end of epoch {self.venue.epoch} of ledger account", stored, replayed)
            book = told_book(self._open.values())
            self._compare_rows(f"open order at the end of epoch {self.venue.epoch}", self._book, book)
            lines = [
                *self._digests.lines(),
                Line("totals", len(replayed), digest(stored), digest(replayed)),
                Line("open orders", len(book), digest(self._book), digest(book)),
            ]
            self._report(f"epoch {self.venue.epoch}: {self._epoch_batches} batches to sequence {self.venue.sequence}", lines)
        self._digests, self._epoch_batches = Digests(), 0

    def _compare_now(self) -> None:
        """What is stored without a history: balances with what is held, books, accounts, instruments."""
        stored, replayed = self._stored_balances(), self._replayed_balances()
        self._compare_rows("ledger account (total, held)", stored, replayed)
        books = book_rows(Store(self._connection).open_orders(self._instruments))
        lived = book_rows(self._open.values())
        self._compare_rows("open order", books, lived)
        self._report(
            "now",
            [
                Line("balances", len(replayed), digest(stored), digest(replayed)),
                Line("open orders", len(lived), digest(books), digest(lived)),
            ],
        )
        self._compare_accounts()
        self._compare_instruments()
        if self._first_epoch <= 1:
            self._compare_counts()

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
        for entry_id, lots in before.bought.items():
            self.venue.load_bought(entry_id, lots)
        if before.epoch < self._first_epoch <= row.epoch:
            self._book = told_book(self._open.values())
            self._totals = dict(self._select(_TOTALS_AT, row.first_sequence))

    def _batch(self, row: JournalRow, inputs: JournaledInputs, replayed: Rows) -> None:
        venue = self.venue
        venue.endings_max, venue.asks_approval = inputs.endings_max, inputs.asks_approval
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
        self._hear(changes, row.epoch)
        if venue.sequence != row.last_sequence:
            self.differences.append(Difference("sequence after a batch", row.last_sequence, venue.sequence))
        self._compare_hash(row, changes)
        add_replayed(replayed, changes, row.epoch)
        self.batches += 1
        self._epoch_batches += 1

    def _compare_hash(self, row: JournalRow, changes: Changes) -> None:
        """What was decided again has the hash that the stored batch carries."""
        before, self._head = self._head or self._chain_starts.get(self._last_sequence), row.hash
        self._last_sequence = row.last_sequence
        if row.hash is None:
            return
        hashed = hashed_columns(money_columns(changes))
        made = commit_hash(before or GENESIS, row.epoch, row.now_ns, row.first_sequence, row.last_sequence, hashed)
        if made != row.hash:
            self.differences.append(Difference(f"hash of the batch to {row.last_sequence}", row.hash.hex(), made.hex()))

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

    def _compare_accounts(self) -> None:
        """Status, limits and safeguards; an account that no journaled command met is as sign-up made it."""
        rows = self._select(
            f"""SELECT id, user_id, status, max_open_orders, (max_order_notional * 100000000)::numeric(44, 0),
                       orders_per_second, self_trade_prevention, {nanoseconds("dead_man_at")}
               FROM accounts_account WHERE kind = 'CUSTOMER' ORDER BY id"""  # noqa: S608 - a column's name
        )
        for account_id, user_id, *stored in rows:
            met = self.venue.accounts.get(account_id) or Account(account_id, user_id, AccountStatus.PENDING_FUNDING)
            limits = [met.max_open_orders, met.max_order_notional, met.orders_per_second]
            replayed = [met.status, *limits, met.self_trade_prevention, met.dead_man_ns]
            if stored != replayed:
                self.differences.append(Difference(f"account {account_id} (status, limits, safeguards)", stored, replayed))

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

    def _replayed_balances(self) -> dict[Any, object]:
        return {balance.ledger_account_id: (balance.total, balance.held) for balance in self.balances.values()}

    def _stored_balances(self) -> dict[Any, object]:
        rows = self._select(
            "SELECT id, (total * 100000000)::numeric(44, 0), (held * 100000000)::numeric(44, 0) FROM ledger_ledgeraccount"
        )
        return {row[0]: (int(row[1]), int(row[2])) for row in rows}

    def _compare_counts(self) -> None:
        """Nothing is stored that no journaled batch made."""
        for table, replayed in (("orders_accountevent", self.events), ("orders_trade", self.trades)):
            stored = self._select(f"SELECT count(*) FROM {table}")[0][0]  # noqa: S608 - two names of this line
            if stored != replayed:
                self.differences.append(Difference(f"rows of {table}", stored, replayed))

"""The engine without its socket: commands in, answers out, everything written before an answer is given.

A session holds the venue and the one connection that writes. It answers repeated commands itself: what was decided once is looked
up, never decided again. Any exception from :meth:`Session.process` means that memory may be ahead of the database: the
process must end, and the next one reloads.
"""

import time
from collections import deque
from collections.abc import Sequence

import msgspec

from apps.commands import types
from apps.commands.answers import AnyAnswer, ConflictAnswer, OrderAnswer, PairAnswer, RefusedAnswer, RetryAnswer
from apps.commands.reasons import SENTENCES, Reason
from apps.commands.types import ORDERS_PER_SECOND_MAX, AnyCommand, ClosePosition, PreviewOrder, SubmitOrder, SubmitPair
from apps.core.enums import Role
from apps.core.failpoint import failpoint
from apps.engine import repeats
from apps.engine.batch_columns import Record
from apps.engine.ended import as_stored, not_open
from apps.engine.journal import encode_inputs
from apps.engine.known_ids import KnownIds
from apps.engine.matching.preview import preview
from apps.engine.matching.state import HouseQuote, Order
from apps.engine.matching.venue import Venue
from apps.engine.pace import CANCEL_ALLS_PER_SECOND, COUNTED, PREVIEWS_AT_ONCE, PREVIEWS_PER_SECOND, SECONDS_AT_ONCE, Pace
from apps.engine.repeats import Key, Known, Recent, decode_answer, encode_answer
from apps.engine.room import Room
from apps.engine.settlement import Batch, Settlement
from apps.engine.steps import Decided, Lookups, Request
from apps.engine.store import Loaded, Store, StoredRecord
from apps.observability import metrics

_encoder = msgspec.msgpack.Encoder()

# A member looked up on its class costs four times a global.
CUSTOMER, ADMIN, SYSTEM = Role.CUSTOMER, Role.ADMIN, Role.SYSTEM
_BIGINT_MAX = 2**63 - 1
#: They make orders too: an id of theirs is no order's, and an order's is none of theirs.
_MAKERS = frozenset({ClosePosition, SubmitPair})
#: They name an order that may have ended before the batch, and so is in memory no more.
_OF_ONE_ORDER = (types.CancelOrder, types.ForceCancelOrder, types.AmendOrder)
#: Nothing was decided: the same id may be used again.
_NOT_STORED = (RefusedAnswer, RetryAnswer)
#: Whose answers are not kept: a renewal every few seconds would fill a table for ever, and doing it again does no harm; a preview
#: decides nothing.
UNRECORDED = frozenset({types.SetDeadMansSwitch, types.PreviewOrder})


class Session:
    """``apart``: ``store`` reads over another connection than the settlement's, and so also while a batch is being written."""

    def __init__(
        self, venue: Venue, store: Store, settlement: Settlement, *, apart: bool = False, room: Room | None = None
    ) -> None:
        self.venue = venue
        self._room = room
        self._store = store
        self._apart = apart
        self._settlement = settlement
        self._under_way: deque[Decided] = deque()  # two at most
        self._ending: dict[int, Order] = {}  # orders that ended in the newest batch: perhaps not yet for who reads the database
        #: When it was last known, by a commit or by asking, that the lease is still this engine's; monotonic seconds.
        self.proven_s = time.monotonic()
        self._recent_orders = Recent()
        self._recent = Recent()
        self._ids = KnownIds()
        self._records: list[Record] = []
        self._pace = Pace(SECONDS_AT_ONCE)
        self._preview_pace = Pace(PREVIEWS_AT_ONCE)
        self._cancel_all_pace = Pace(SECONDS_AT_ONCE)
        self._counts: dict[tuple[str, str], int] = {}

    def add_loaded(self, loaded: Loaded) -> None:
        """Take an account into memory: from recovery, or on its first command."""
        self.venue.load_account(loaded.account)
        for balance in loaded.balances:
            self.venue.load_balance(balance)
        self._ids.load(loaded.account.account_id, loaded.client_order_ids, complete=loaded.complete)

    def process(self, commands: Sequence[AnyCommand], now_ns: int) -> list[AnyAnswer]:
        """Decide, settle and answer ``commands`` as one batch."""
        requests = [Request(command, _encoder.encode(command)) for command in commands]
        return [decode_answer(answer) for answer in self.process_raw(requests, now_ns)]

    def process_raw(self, requests: Sequence[Request], now_ns: int, crossed: Sequence[int] = ()) -> list[bytes]:
        """Like :meth:`process`, with answers as they go over the wire. See :meth:`start` for ``crossed``."""
        self.start(requests, now_ns, crossed)
        return self.finish()

    def start(self, requests: Sequence[Request], now_ns: int, crossed: Sequence[int] = ()) -> None:
        """Decide ``requests`` and send to Postgres what follows from it. Their answers are :meth:`finish`'s, in the same order.

        While a batch is being written the next one may be started: it is decided meanwhile, and sent when the first is durable.
        ``crossed`` are instruments whose resting orders the house's new quote reaches: they are matched before the commands.
        What is due by the clock comes first of all; a batch of nothing else is how an idle engine lets time pass.
        """
        started = time.perf_counter()
        lookups = self._look_up(requests)
        self.look_for_room()
        first = self.venue.sequence
        self.venue.begin(now_ns)
        for instrument_id in crossed:
            self.venue.match_quote(instrument_id, now_ns)
        journaled: list[bytes] = []
        self.venue.stopwatch = time.perf_counter
        answers = [self._answer(request, lookups, journaled, now_ns) for request in requests]
        matched = time.perf_counter()
        trades = len(self.venue.changes.trades)
        is_sent = self._settle(first, journaled, list(crossed), now_ns)
        self._under_way.append(Decided(answers, matched, is_sent, self.venue.sequence))
        metrics.count_commands(self._counts)
        self._counts.clear()
        metrics.ENGINE_STEP_MATCH.observe(matched - started)
        if self.venue.judged_s is not None:
            metrics.ENGINE_STEP_RISK.observe(self.venue.judged_s)
            self.venue.judged_s = None
        if trades:
            metrics.ENGINE_TRADES.inc(trades)

    def finish(self) -> list[bytes]:
        """The answers of the oldest batch that was started, when it is durable."""
        return self.finish_batch().answers

    def finish_batch(self) -> Decided:
        """The oldest batch that was started, when it is durable."""
        if len(self._under_way) == 1:  # of two the second was sent, which it is only when the first is durable
            self._settlement.wait()
        decided = self._under_way.popleft()
        metrics.ENGINE_STEP_COMMIT.observe(time.perf_counter() - decided.at)
        if decided.is_sent:
            self.proven_s = time.monotonic()
            failpoint("engine.after_commit_before_book_update")
            failpoint("engine.after_commit_before_reply")
        return decided

    @property
    def socket(self) -> int:
        """Readable when Postgres says something: then ask :meth:`is_writing`."""
        return self._settlement.socket

    def is_writing(self) -> bool:
        """Whether :meth:`finish` would have to wait for Postgres."""
        return self._settlement.is_under_way()

    @property
    def next_due_ns(self) -> int | None:
        """When a batch is due even if nothing comes; None when nothing waits for its time."""
        return self.venue.timers.next_ns

    def on_quote(self, symbol: str, quote: HouseQuote, now_ns: int) -> int | None:
        """Take a feed's quote; the instrument's id when it reaches resting orders, for ``crossed`` of the next batch."""
        if not self.venue.on_quote(symbol, quote, now_ns):
            return None
        instrument = self.venue.instrument_by_symbol(symbol)
        return None if instrument is None else instrument.instrument_id

    def look_for_room(self) -> None:
        """Also to be called while nothing comes: where no page offers an order, none comes to find out that there is room."""
        if self._room is not None:
            self._room.look(self.venue.sequence, self._published, time.monotonic())

    def prove_lease(self) -> None:
        """Raise when another engine has taken over, or the database is gone."""
        self._settlement.prove_lease()
        self.proven_s = time.monotonic()

    # Answering

    def _answer(self, request: Request, lookups: Lookups, journaled: list[bytes], now_ns: int) -> bytes:
        failpoint("engine.mid_batch")
        command = request.command
        if type(command) is SubmitOrder:
            key = (command.account_id, command.command_id)
            known = self._repeated_order(command, key, lookups) or self._taken_by_pair(command, key, lookups)
            if known is not None:
                return known
            answer = self._decide(command, now_ns)
            encoded = encode_answer(answer)
            if type(answer) is OrderAnswer:
                lookups.recent_orders[key] = self._recent_orders.put(key, command, encoded)
                self._ids.add(command.account_id, command.command_id)
        elif type(command) is PreviewOrder:
            return encode_answer(self._preview(command, now_ns))
        else:
            body_digest = repeats.digest(command)
            known = self._repeated_other(command, body_digest, lookups) or self._taken_by_order(command, lookups)
            if known is not None:
                return known
            answer = self._of_ended_order(command, self._decide(command, now_ns), lookups, now_ns)
            encoded = encode_answer(answer)
            if not isinstance(answer, _NOT_STORED) and type(command) not in UNRECORDED:
                key = repeats.record_key(command)
                lookups.recent[key] = self._recent.put(key, body_digest, encoded)
                self._records.append(Record(*key, getattr(command, "account_id", None), body_digest, encoded))
            if type(command) is ClosePosition and isinstance(answer, OrderAnswer):
                key = (command.account_id, command.command_id)
                lookups.recent_orders[key] = self._recent_orders.put(key, command, encoded)
                self._ids.add(command.account_id, command.command_id)
            elif type(command) is SubmitPair and isinstance(answer, PairAnswer):
                self._ids.add(command.account_id, command.command_id)
        if not isinstance(answer, _NOT_STORED):
            journaled.append(request.raw)
        self._count(command, answer)
        return encoded

    def _count(self, command: AnyCommand, answer: AnyAnswer) -> None:
        # The commonest answer is asked for its status without a detour.
        status = answer.status if type(answer) is OrderAnswer else getattr(answer, "status", None)
        outcome = (type(command).__name__, status or getattr(answer, "reason", None) or "DONE")
        self._counts[outcome] = self._counts.get(outcome, 0) + 1

    def _decide(self, command: AnyCommand, now_ns: int) -> AnyAnswer:
        """What the venue says to a command that is new; or that its account sends too many, and then nothing was decided."""
        too_fast = None
        if type(command) in COUNTED:
            if self._room is not None and self._room.is_full:
                reason = Reason.ORDERS_PAUSED
                return RefusedAnswer(command_id=command.command_id, reason=reason.value, message=SENTENCES[reason])
            too_fast = self._too_fast(self._pace, command, None, now_ns)
        elif type(command) is types.CancelAll:
            too_fast = self._too_fast(self._cancel_all_pace, command, CANCEL_ALLS_PER_SECOND, now_ns)
        return too_fast or self.venue.apply(command, now_ns)

    def _too_fast(self, pace: Pace, command: AnyCommand, per_second: int | None, now_ns: int) -> RetryAnswer | None:
        """Take a token of the customer's own account; a stranger takes none, and is refused by the venue. Without ``per_second``
        they come at the account's limit."""
        if command.actor.role is not CUSTOMER or not self._may_ask(command):
            return None
        account_id = repeats.account_id_of(command)
        per_second = per_second or self.venue.accounts[account_id].orders_per_second or ORDERS_PER_SECOND_MAX
        wait_ms = pace.wait_ms(account_id, per_second, now_ns)
        if not wait_ms:
            return None
        return RetryAnswer(command_id=command.command_id, reason=Reason.TOO_FAST.value, retry_after_ms=wait_ms)

    def _preview(self, command: PreviewOrder, now_ns: int) -> AnyAnswer:
        """Nothing of it is stored, journaled or kept: asked again, it is looked at again."""
        answer = self._too_fast(self._preview_pace, command, PREVIEWS_PER_SECOND, now_ns) or preview(self.venue, command, now_ns)
        self._count(command, answer)
        return answer

    def _repeated_order(self, command: SubmitOrder, key: Key, lookups: Lookups) -> bytes | None:
        """The answer to an order that was decided before; None for a new one, or one that is not the actor's business."""
        recent = lookups.recent_orders.get(key)
        stored = lookups.orders.get(key) if recent is None else None
        if (recent is None and stored is None) or not self._may_ask(command):
            return None
        body = repeats.order_body(command)
        if recent is not None:
            before, encoded = recent
            same = isinstance(before, SubmitOrder) and repeats.order_body(before) == body
            return encoded if same else _conflict(command)
        if stored is None or repeats.stored_body(stored) != body:
            return _conflict(command)
        encoded = repeats.rebuild_answer(stored)
        lookups.recent_orders[key] = self._recent_orders.put(key, command, encoded)
        return encoded

    def _repeated_other(self, command: AnyCommand, body_digest: bytes, lookups: Lookups) -> bytes | None:
        key = repeats.record_key(command)
        before: Known | StoredRecord | None = lookups.recent.get(key) or lookups.records.get(key)
        if before is None or not self._may_ask(command):
            return None
        return before[1] if before[0] == body_digest else _conflict(command)

    def _taken_by_pair(self, command: SubmitOrder, key: Key, lookups: Lookups) -> bytes | None:
        """A conflict, when the order's id is a pair's: a ticket was sent in two ways, and only the first of them counts."""
        before: Known | StoredRecord | None = lookups.recent.get(key) or lookups.records.get(key)
        if before is None or not self._may_ask(command):
            return None
        return _conflict(command) if type(repeats.decode_answer(before[1])) is PairAnswer else None

    def _taken_by_order(self, command: AnyCommand, lookups: Lookups) -> bytes | None:
        """A conflict, when what the command is to make would have the id of an order that was asked for otherwise."""
        if type(command) not in _MAKERS or not self._may_ask(command):
            return None
        key = (repeats.account_id_of(command), command.command_id)
        return _conflict(command) if key in lookups.recent_orders or key in lookups.orders else None

    def _of_ended_order(self, command: AnyCommand, answer: AnyAnswer, lookups: Lookups, now_ns: int) -> AnyAnswer:
        """The venue's ``answer``, unless it is that there is no such order while it ended before this batch, and so is no longer
        in memory. The venue has judged everything else about the command, and changed nothing."""
        if (
            not isinstance(command, _OF_ONE_ORDER)
            or not isinstance(answer, RefusedAnswer)
            or answer.reason != Reason.UNKNOWN_ORDER
        ):
            return answer
        ending = self._ending.get(command.order_id)
        order = lookups.ended.get(command.order_id) if ending is None else as_stored(ending)
        if order is None or order.account_id != command.account_id:
            return answer
        return not_open(command, order, now_ns)

    def _may_ask(self, command: AnyCommand) -> bool:
        """Whether the actor may see what became of this id. The venue refuses what is not allowed; here nothing is shown."""
        role = command.actor.role
        if role is ADMIN or role is SYSTEM:
            return True
        account = self.venue.accounts.get(repeats.account_id_of(command))
        return role is CUSTOMER and account is not None and account.user_id == command.actor.user_id

    # Reading what is not in memory

    def _look_up(self, requests: Sequence[Request]) -> Lookups:
        """Load the accounts that are new to memory, and find the ids that only the database knows. No query when all is here."""
        missing = self._missing_accounts(requests)
        if missing:
            for loaded in self._reader().load_accounts(sorted(missing)):
                self.add_loaded(loaded)
        orders: set[Key] = set()
        records: set[Key] = set()
        ended: set[int] = set()
        for command, _ in requests:
            if type(command) is SubmitOrder:
                if self._ids.may_be_used(command.account_id, command.command_id):
                    orders.add((command.account_id, command.command_id))
                    records.add((command.account_id, command.command_id))
                continue
            if type(command) in _MAKERS and self._ids.may_be_used(repeats.account_id_of(command), command.command_id):
                orders.add((repeats.account_id_of(command), command.command_id))
            if type(command) in UNRECORDED:
                continue
            records.add(repeats.record_key(command))
            if isinstance(command, _OF_ONE_ORDER) and not self._knows_order(command.order_id):
                ended.add(command.order_id)
        return self._read(orders, records, [order_id for order_id in ended if 0 < order_id <= _BIGINT_MAX])

    def _read(self, orders: set[Key], records: set[Key], ended: list[int]) -> Lookups:
        recent_orders, recent = self._recent_orders.find(orders), self._recent.find(records)
        missing_orders = [key for key in orders - recent_orders.keys() if repeats.is_sound(key)]
        missing = [key for key in records - recent.keys() if repeats.is_sound(key)]
        # What the newest batch decided may not be written yet: its answers and the orders that ended in it are in memory.
        return Lookups(
            recent_orders,
            recent,
            self._reader().orders_by_client_id(missing_orders) if missing_orders else {},
            self._reader().records(missing) if missing else {},
            self._reader().orders_by_id(ended) if ended else {},
        )

    def _reader(self) -> Store:
        """The store, when it may be asked: of one connection, when nothing is being written over it."""
        if not self._apart:
            self._settlement.wait()
        return self._store

    def _published(self) -> int:
        return self._reader().published()

    def _knows_order(self, order_id: int) -> bool:
        return self.venue.knows_order(order_id) or order_id in self._ending

    def _missing_accounts(self, requests: Sequence[Request]) -> set[int]:
        accounts = self.venue.accounts
        missing = set()
        for command, _ in requests:
            account_id = command.account_id if type(command) is SubmitOrder else repeats.account_id_of(command)
            if account_id not in accounts and 0 < account_id <= _BIGINT_MAX:
                missing.add(account_id)
        return missing

    # Writing

    def _settle(self, first: int, journaled: list[bytes], crossed: list[int], now_ns: int) -> bool:
        """Send the batch to be written, and say whether there was anything to write. One that decided nothing may still answer
        from what is being written now, and so waits for it."""
        venue = self.venue
        records, self._records = self._records, []
        if venue.sequence == first and not records:
            venue.take_changes()
            self._settlement.wait()
            return False
        changes = venue.changes
        inputs = encode_inputs(changes.quotes_read, crossed, journaled)
        batch = Batch(changes, records, now_ns, first, venue.sequence, inputs)
        self._settlement.start(batch, venue, venue.instruments)
        self._ending = venue.ending()
        venue.take_changes()
        return True


def _conflict(command: AnyCommand) -> bytes:
    return encode_answer(ConflictAnswer(command_id=command.command_id))

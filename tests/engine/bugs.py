"""Bugs of everything around the core, to be planted: in the session, the settlement, the journal, recovery, and the processes.

Each is a small patch of the code as it is; one that no longer fits says so and is planted anew.
"""

from collections.abc import Callable
from dataclasses import replace
from types import ModuleType
from typing import Any

import msgspec
import pytest
from django.db import transaction

from apps.core.enums import TradingState
from apps.core.failpoint import failpoint
from apps.engine import repeats, session, settlement
from apps.engine.matching.changes import Changes
from apps.engine.matching.venue import Venue
from apps.engine.session import Session
from apps.engine.settlement import Batch, Settlement
from apps.engine.store import Store
from apps.eventlog import outbox, positions
from apps.eventlog.consumer import Runner
from apps.eventlog.relay import Relay
from apps.portfolio import services
from apps.portfolio.models import PositionFill

Patch = pytest.MonkeyPatch
Plant = Callable[[Patch], None]
#: Found by the session and the database beside the oracle.
STORED: dict[str, Plant] = {}


def bug(plant: Plant) -> Plant:
    STORED[plant.__name__] = plant
    return plant


def changed(patch: Patch, owner: type | ModuleType, name: str, change: Callable[[Any], Any]) -> None:
    """What ``owner.name`` returns goes through ``change``."""
    right = getattr(owner, name)
    patch.setattr(owner, name, lambda *args, **kwargs: change(right(*args, **kwargs)))


@bug
def repeated_order_decided_again(patch: Patch) -> None:
    patch.setattr(Session, "_repeated_order", lambda *_: None)


@bug
def repeated_command_done_again(patch: Patch) -> None:
    patch.setattr(Session, "_repeated_other", lambda *_: None)


@bug
def other_body_of_one_id_not_noticed(patch: Patch) -> None:
    changed(patch, repeats, "order_body", lambda body: body and body._replace(quantity=0))


class _Late:
    """A connection that sends each batch when the next one comes, and says of every one at once that it is durable."""

    def __init__(self, right: Any) -> None:
        self._right, self._kept = right, None

    def __getattr__(self, name: str) -> Any:
        return getattr(self._right, name)

    def send_query_prepared(self, *batch: Any) -> None:
        kept, self._kept = self._kept, batch
        self._right.send_query_prepared(*kept) if kept else self._right.send_query(b"SELECT 1")


@bug
def answered_before_the_commit(patch: Patch) -> None:
    """Each batch is written when the next one comes: a crash in between takes answers back."""
    right = Settlement.__init__

    def init(self: Settlement, *args: Any) -> None:
        right(self, *args)
        self._pgconn = _Late(self._pgconn)

    patch.setattr(Settlement, "__init__", init)


def with_changes(patch: Patch, change: Callable[[Changes], Changes]) -> None:
    """The settlement writes something else than what was done."""
    right = Settlement.start

    def start(self: Settlement, batch: Batch, *rest: Any) -> None:
        right(self, batch._replace(changes=change(batch.changes)), *rest)

    patch.setattr(Settlement, "start", start)


@bug
def trades_not_stored(patch: Patch) -> None:
    with_changes(patch, lambda changes: replace(changes, trades=[], fills=[]))


@bug
def fees_of_fills_not_stored(patch: Patch) -> None:
    def free(changes: Changes) -> Changes:
        return replace(changes, fills=[msgspec.structs.replace(fill, fee=0) for fill in changes.fills])

    with_changes(patch, free)


@bug
def changed_orders_not_stored(patch: Patch) -> None:
    with_changes(patch, lambda changes: replace(changes, changed_orders={}))


@bug
def a_posting_stored_twice(patch: Patch) -> None:
    with_changes(patch, lambda changes: replace(changes, postings=[*changes.postings, *changes.postings[-1:]]))


@bug
def events_of_makers_not_stored(patch: Patch) -> None:
    def without(changes: Changes) -> Changes:
        kept = [event for event in changes.events if event.command_id or event.kind != "ORDER_FILLED"]
        return replace(changes, events=kept)

    with_changes(patch, without)


@bug
def epoch_of_whoever_is_the_engine_now(patch: Patch) -> None:
    right = Settlement._envelope

    def envelope(self: Settlement, *args: Any) -> Any:
        columns = right(self, *args)
        found = self._pgconn.exec_(b"SELECT max(epoch) FROM engine_lease").get_value(0, 0)
        return [columns[0], found, *columns[2:]]

    patch.setattr(Settlement, "_envelope", envelope)


@bug
def sequence_skips_one_at_recovery(patch: Patch) -> None:
    changed(patch, Store, "last_batch", lambda last: (last[0] + 1, last[1]))


@bug
def an_open_order_forgotten_at_recovery(patch: Patch) -> None:
    changed(patch, Store, "open_orders", lambda orders: orders[1:])


@bug
def newest_first_after_recovery(patch: Patch) -> None:
    changed(patch, Store, "open_orders", lambda orders: orders[::-1])


@bug
def fills_forgotten_at_recovery(patch: Patch) -> None:
    def whole(orders: list[Any]) -> list[Any]:
        for order in orders:
            order.filled_lots = 0
        return orders

    changed(patch, Store, "open_orders", whole)


@bug
def holds_forgotten_at_recovery(patch: Patch) -> None:
    def free(balances: list[Any]) -> list[Any]:
        for balance in balances:
            balance.held = 0
        return balances

    changed(patch, Store, "_balances", free)


@bug
def halt_forgotten_at_recovery(patch: Patch) -> None:
    def resumed(instruments: list[Any]) -> list[Any]:
        for instrument in instruments:
            instrument.trading_state = TradingState.OPEN
        return instruments

    changed(patch, Store, "instruments", resumed)


@bug
def limits_forgotten_at_recovery(patch: Patch) -> None:
    def unlimited(loaded: list[Any]) -> list[Any]:
        for each in loaded:
            each.account.max_open_orders = each.account.max_order_notional = None
        return loaded

    changed(patch, Store, "load_accounts", unlimited)


@bug
def ids_forgotten_at_recovery(patch: Patch) -> None:
    changed(patch, Store, "load_accounts", lambda loaded: [each._replace(client_order_ids=[], complete=True) for each in loaded])


@bug
def journal_without_the_quotes(patch: Patch) -> None:
    right = session.encode_inputs
    patch.setattr(session, "encode_inputs", lambda quotes, crossed, commands: right({}, crossed, commands))


@bug
def journal_without_the_meetings_of_the_house(patch: Patch) -> None:
    right = session.encode_inputs
    patch.setattr(session, "encode_inputs", lambda quotes, crossed, commands: right(quotes, [], commands))


@bug
def journal_with_another_time(patch: Patch) -> None:
    right = Settlement._envelope

    def envelope(self: Settlement, batch: Any, outbox: Any) -> Any:
        return right(self, batch._replace(now_ns=batch.now_ns + 4_000_000_000), outbox)

    patch.setattr(Settlement, "_envelope", envelope)


@bug
def a_quote_that_nobody_reads_takes_a_number(patch: Patch) -> None:
    """A decision that depends on a quote that was not journaled: a replay cannot know it."""
    right = Venue.on_quote

    def on_quote(self: Venue, *quote: Any) -> bool:
        self.next_sequence()
        return right(self, *quote)

    patch.setattr(Venue, "on_quote", on_quote)


@bug
def a_batch_without_its_outbox(patch: Patch) -> None:
    changed(patch, Settlement, "_outbox", lambda packed: None if packed and len(packed) % 5 == 0 else packed)


@bug
def answers_of_other_commands_not_kept(patch: Patch) -> None:
    patch.setattr(settlement, "_records", lambda _: [None] * 5)


#: Found when whole processes die: name -> (fail point, process, plant).
PROCESSES: dict[str, tuple[str, str, Plant]] = {}


def process_bug(point: str, process: str) -> Callable[[Plant], Plant]:
    def register(plant: Plant) -> Plant:
        PROCESSES[plant.__name__] = (point, process, plant)
        return plant

    return register


@process_bug("engine.before_commit", "run_engine")
def acknowledged_before_the_commit(patch: Patch) -> None:
    answered_before_the_commit(patch)


@process_bug("relay.after_send_before_mark", "relay_outbox")
def marked_before_it_was_sent(patch: Patch) -> None:
    def publish(self: Relay, database: Any) -> bool:
        batches = outbox.waiting(database, self._lane, self._cursor, 1)
        if not batches:
            return False
        outbox.move_cursor(database, self._lane, self._cursor, batches[-1].last_sequence)
        self._cursor = batches[-1].last_sequence
        failpoint("relay.after_send_before_mark")
        return self._send(batches)

    patch.setattr(Relay, "_publish_some", publish)


@process_bug("relay.after_send_before_mark", "run_consumer")
def what_came_twice_counted_twice(patch: Patch) -> None:
    """The consumer does not look whether it has counted a fill, and the constraint behind that is off."""
    right = services._apply

    def apply(row: Any, fills: Any) -> Any:
        row.last_sequence = 0
        return right(row, fills)

    patch.setattr(services, "_apply", apply)
    right_create = PositionFill.objects.bulk_create
    patch.setattr(PositionFill.objects, "bulk_create", lambda rows, **more: right_create(rows, ignore_conflicts=True, **more))


@process_bug("consumer.after_effect_before_commit", "run_consumer")
def position_moved_in_a_transaction_of_its_own(patch: Patch) -> None:
    def transact(self: Runner, records: Any, moves: Any) -> None:
        positions.move(self._handler.name, moves)
        with transaction.atomic():
            self._handler.handle(records)
            failpoint("consumer.after_effect_before_commit")

    patch.setattr(Runner, "_transact", transact)

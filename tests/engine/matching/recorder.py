"""A venue that keeps what came in and what it did, so that it can be done again by another and compared."""

from copy import copy
from typing import Any, NamedTuple

import msgspec

from apps.commands.answers import AnyAnswer
from apps.core.enums import AccountStatus
from apps.engine.matching.changes import Changes
from apps.engine.matching.state import Account, HouseQuote
from apps.engine.matching.venue import Venue
from tests.engine.matching.kit import EXTERNAL, FEES, HOUSE, NAMES


class Batch(NamedTuple):
    """What the journal has of a batch, and what came of it."""

    inputs: list[tuple[Any, ...]]  # a method's name and its arguments
    read: dict[int, HouseQuote]
    picture: bytes  # of the record, with nothing live in it


class Recorder(Venue):
    """Keeps every input, every answer, and a picture of every record of changes."""

    def __init__(self, **ids: int) -> None:
        super().__init__(**ids)
        self.inputs: list[tuple[Any, ...]] = []
        self.answers: list[AnyAnswer] = []
        self.batches: list[Batch] = []
        self.written = (self.sequence, self.timers.seen_ns)  # the sequence and the instant of the last batch that was journaled

    def begin(self, now_ns: int) -> None:
        self.inputs.append(("begin", now_ns))
        super().begin(now_ns)

    def apply(self, command: Any, now_ns: int) -> AnyAnswer:
        self.inputs.append(("apply", command, now_ns))
        answer = super().apply(command, now_ns)
        self.answers.append(answer)
        return answer

    def match_quote(self, instrument_id: int, now_ns: int) -> None:
        self.inputs.append(("match_quote", instrument_id, now_ns))
        super().match_quote(instrument_id, now_ns)

    def take_changes(self) -> Changes:
        changes = super().take_changes()
        self.batches.append(Batch(self.inputs, changes.quotes_read, msgspec.msgpack.encode(changes)))
        if self.inputs and self.sequence != self.written[0]:
            self.written = (self.sequence, self.inputs[-1][-1])
        self.inputs = []
        return changes


def empty() -> Recorder:
    """A venue that knows the accounts as sign-up made them, and nothing else: as the first engine found them."""
    venue = Recorder(house_id=HOUSE, fees_id=FEES, external_id=EXTERNAL, epoch=7, sequence=1000)
    for account_id in NAMES:
        venue.load_account(Account(account_id, account_id * 10, AccountStatus.ACTIVE))
    return venue


def reloaded(old: Venue, epoch: int) -> Recorder:
    """What recovery makes of what ``old`` stored: assets, instruments, accounts, balances, and open orders by priority."""
    seen_ns = old.written[1] if isinstance(old, Recorder) else old.timers.seen_ns
    new = Recorder(house_id=HOUSE, fees_id=FEES, external_id=EXTERNAL, epoch=epoch, sequence=old.sequence, seen_ns=seen_ns)
    new.load_kill_switch(old.is_killed, old.kill_reason)
    for asset in old.assets.values():
        new.load_asset(copy(asset))
    for instrument in old.instruments.values():
        new.load_instrument(copy(instrument))
    for account in old.accounts.values():
        loaded = copy(account)
        loaded.balances = {}
        new.load_account(loaded)
        for balance in account.balances.values():
            new.load_balance(copy(balance))
    for order in sorted(old.orders.values(), key=lambda order: order.priority):
        loaded_order = copy(order)
        loaded_order.instrument = new.instruments[order.instrument.instrument_id]
        loaded_order.terms = copy(order.terms)
        new.load_order(loaded_order)
    for entry_id, lots in old.bought.items():
        new.load_bought(entry_id, lots)
    return new


def do_again(venue: Recorder, journal: list[Batch]) -> None:
    """Feed the batches of a journal, each after the quotes that its decisions read; the others had no effect."""
    for batch in journal:
        for instrument_id, quote in batch.read.items():
            if instrument_id in venue.instruments:
                venue.on_quote(venue.instruments[instrument_id].symbol, quote, 0)
        for method, *arguments in batch.inputs:
            getattr(venue, method)(*arguments)
        venue.take_changes()


def pictures(venue: Recorder) -> list[bytes]:
    return [batch.picture for batch in venue.batches]

"""The pair again, with the session and PostgreSQL in place of the bare core, and with all that can go wrong between them."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from typing import Any

import msgspec
from django.db import transaction

from apps.accounts.models import Account, User
from apps.commands.answers import AnyAnswer, CancelAnswer, ConflictAnswer, OrderAnswer, RefusedAnswer
from apps.commands.types import AnyCommand, ConfigureInstrument, OpenAccount, PreviewOrder, SubmitOrder
from apps.core import failpoint
from apps.engine.invariants import find_violations
from apps.engine.matching.changes import Changes
from apps.engine.matching.venue import Venue
from apps.engine.recovery import recover, take_lease
from apps.engine.repeats import encode_answer
from apps.engine.replay import Replay
from apps.engine.session import UNRECORDED, Session
from apps.engine.settlement import STALE_EPOCH, SettlementError
from apps.eventlog.outbox import unpack
from tests.approvals import approved
from tests.ddl import change_tables
from tests.engine.matching.driver import begin, take_a_step
from tests.engine.matching.kit import NAMES, SYSTEM, Market
from tests.engine.matching.pair import CUSTOMERS, MARKET, SYMBOLS, lots_text, price_text, step, units_of
from tests.engine.matching.pair_whole import WholePair
from tests.engine.world import OF_THE_BOOKS, shared_connection

#: Tables that a batch with an order writes to; a refusal of any of them must leave none of the others written.
WRITTEN = ("orders_order", "orders_fill", "ledger_posting", "orders_accountevent", "engine_journal", "eventlog_outboxbatch")
BEFORE_COMMIT = ("engine.mid_batch", "engine.before_commit")
AFTER_COMMIT = ("engine.after_commit_before_book_update", "engine.after_commit_before_reply")
REFUSE = """
CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'refused'; END $$;
CREATE TRIGGER refuse BEFORE INSERT ON {table} FOR EACH STATEMENT EXECUTE FUNCTION refuse();
"""


class StoredMarket(Market):
    """Commands and quotes go through a session, one batch each; money is read from the database."""

    def __init__(self, *configure: ConfigureInstrument) -> None:
        self.raw = shared_connection()
        self.sent: list[tuple[AnyCommand, bytes]] = []
        self._taken: list[Changes] = []
        self.session: Session | None = None
        super().__init__(*configure)

    def make_venue(self, venue_class: type[Venue]) -> Venue:
        self.restart()
        for account_id, name in NAMES.items():
            user = User.objects.create(id=account_id * 10, email=f"{name}@tredye.example", password="!")
            Account.objects.create(id=account_id, user=user)
            self.apply(OpenAccount(command_id=self.next_id(), actor=SYSTEM, account_id=account_id))
        return self.venue

    def restart(self) -> Session | None:
        """Another engine; the one before it stays as it was, as a frozen process would. Returns that one."""
        before = self.session
        epoch = take_lease(self.raw)
        assert epoch is not None
        self.raw.execute("SELECT pg_advisory_unlock_all()")
        self.session = recover(self.raw, epoch).session
        self.venue = self.session.venue
        take, taken = self.venue.take_changes, self._taken

        def take_and_keep() -> Changes:
            changes = take()
            taken.append(changes)
            return changes

        self.venue.take_changes = take_and_keep  # type: ignore[method-assign]
        return before

    def apply(self, command: Any) -> AnyAnswer:
        command = approved(command)
        [answer] = self.process(command)
        if not isinstance(answer, RefusedAnswer) and type(command) not in UNRECORDED:  # those are decided anew, at another time
            self.sent.append((command, encode_answer(answer)))
        self.check()
        return answer

    def preview(self, command: SubmitOrder) -> AnyAnswer:
        [answer] = self.process(PreviewOrder(command_id=command.command_id, actor=SYSTEM, order=command))
        return answer

    def process(self, *commands: AnyCommand) -> list[AnyAnswer]:
        assert self.session is not None
        return self.session.process(commands, self.now_ns)

    def check(self) -> None:
        self.venue.check_invariants()

    def begin(self, seconds: int = 0) -> None:
        self.pass_seconds(seconds)
        self.process()
        self.check()

    def match(self, instrument_id: int) -> None:
        assert self.session is not None
        self.session.process_raw([], self.now_ns, [instrument_id])

    def taken(self) -> list[Changes]:
        found = list(self._taken)
        self._taken.clear()
        return found

    def all_money(self) -> dict[tuple[int, str], tuple[int, int]]:
        rows = self.raw.execute(
            """SELECT l.account_id, a.code, (l.total * 100000000)::bigint, (l.held * 100000000)::bigint
               FROM ledger_ledgeraccount l JOIN instruments_asset a ON a.id = l.asset_id"""
        ).fetchall()
        return {(account, code): (total, held) for account, code, total, held in rows}

    @contextmanager
    def refused_by_the_database(self) -> Iterator[list[str]]:
        """What a batch wrote before it was refused is gone, as after any transaction that failed. Yields the SQLSTATE, later."""
        found: list[str] = []
        self.raw.execute("SAVEPOINT batch")
        try:
            yield found
        except SettlementError as error:
            found.append(error.sqlstate)
            self.raw.execute("ROLLBACK TO batch")
        self.raw.execute("RELEASE batch")


class StoredPair(WholePair):
    market: StoredMarket

    def make_market(self, configure: list[ConfigureInstrument]) -> StoredMarket:
        return StoredMarket(*configure)

    def check_not_open(self, answer: AnyAnswer) -> None:
        assert isinstance(answer, CancelAnswer) and answer.reason == "ORDER_NOT_OPEN", "answer: cancel"

    def compare_money(self) -> None:
        stored = self.market.all_money()
        for (account, asset), total in self.oracle.totals.items():
            expected = (total, self.oracle.held(account, asset))
            assert stored.pop((account, asset), (0, 0)) == expected, f"I3: {asset} of {account}"
        assert not any(any(money) for money in stored.values()), f"I3: {stored} that nobody has"

    def check_database(self) -> None:
        """The invariants, and every order as the oracle has it."""
        violations = [str(violation) for violation in find_violations(self.market.raw, OF_THE_BOOKS)]
        assert not violations, "; ".join(violations)
        rows = self.market.raw.execute(
            "SELECT id, status, reason, (filled_quantity * 100000000)::bigint FROM orders_order"
        ).fetchall()
        expected = {
            order_id: (order["status"], order["reason"], (order["lots"] - order["left"]) * MARKET["lot"])
            for order_id, order in self.placed.items()
        }
        assert {row[0]: tuple(row[1:]) for row in rows} == expected, "I6: stored orders"
        events = self.market.raw.execute("SELECT epoch::text || '-' || id FROM orders_accountevent").fetchall()
        batches = self.market.raw.execute("SELECT messages FROM eventlog_outboxbatch").fetchall()
        published = {message.event_id for (packed,) in batches for message in unpack(packed)}
        assert {event_id for (event_id,) in events} <= published, "I19: an event that nobody publishes"

    def _replay_log(self) -> None:
        differences = [str(difference) for difference in Replay(self.market.raw).run()]
        assert not differences, "replay: differs: " + "; ".join(differences)

    @step
    def take_over(self, seconds_back: int = 0) -> None:
        self.restart()
        self.market.now_ns -= seconds_back * 10**9
        self.compare()
        self.check_database()

    def become_another(self) -> None:
        self.restart()

    def restart(self) -> Session | None:
        former = self.market.restart()
        self.forget()
        return former

    def _command(self, account: int, symbol: str, side: str, lots: int, ticks: int | None, tif: str) -> SubmitOrder:
        price = None if ticks is None else price_text(ticks)
        return self.market.order_command(account, side, lots_text(lots), price, tif, symbol=symbol)

    def _place(self, command: SubmitOrder, *order: Any, expected: dict[str, Any] | None = None) -> None:
        """Send ``command``; it is done now, unless it was before: then ``expected`` is what became of it."""
        answer = self.market.apply(command)
        assert isinstance(answer, OrderAnswer), f"answer: order: {answer}"
        expected = expected or self.oracle.submit(*order, self.market.now_ns)
        self.placed[answer.order_id] = expected
        self.check_answer(answer, expected)
        self.compare()

    @step
    def lose(self, account: int, symbol: str, side: str, lots: int, ticks: int | None, tif: str) -> None:
        """The machine is gone before the commit, and nobody asks again."""
        self._crash("engine.before_commit", self._command(account, symbol, side, lots, ticks, tif))
        self.restart()
        self.compare()

    @step
    def crash(self, point: str, account: int, symbol: str, side: str, lots: int, ticks: int | None, tif: str) -> None:
        """The engine dies at ``point``; the next one is asked the same with the same id, and it is done once."""
        command = self._command(account, symbol, side, lots, ticks, tif)
        order = (account, symbol, side, lots, ticks, tif)
        self._crash(point, command)
        expected = None
        if point in AFTER_COMMIT:
            expected = self.oracle.submit(*order, self.market.now_ns)
        self.restart()
        self._place(command, *order, expected=expected)
        self.check_database()

    def _crash(self, point: str, command: SubmitOrder) -> None:
        failpoint.arm(f"{point}:1:raise")
        try:
            self.market.apply(command)
        except failpoint.FailpointError:
            pass
        else:
            raise AssertionError(f"{point} was not reached")
        finally:
            failpoint.arm("")

    @step
    def refuse(self, table: str, account: int, symbol: str, side: str, lots: int, ticks: int | None, tif: str) -> None:
        """The database fails while it writes ``table``: nothing of the batch is there, and the next engine does it once."""
        command = self._command(account, symbol, side, lots, ticks, tif)
        before = self.market.venue.sequence
        with self.market.refused_by_the_database() as refused:
            change_tables(self.market.raw, REFUSE.format(table=table))
            self.market.apply(command)
            raise SettlementError("", "nothing was refused")  # the order made no trade: take the batch back all the same
        assert refused in (["P0001"], [""]), refused
        self.market.taken()
        self.market.sent = [each for each in self.market.sent if each[0] is not command]
        self.restart()
        assert self.market.venue.sequence == before, "I12: what was refused left a sequence behind"
        self._place(command, account, symbol, side, lots, ticks, tif)
        self.check_database()

    @step
    def zombie(self, account: int, symbol: str, side: str, lots: int, ticks: int | None, tif: str) -> None:
        """The engine before this one wakes up and decides an order: it writes nothing. This one does."""
        former = self.restart()
        assert former is not None
        command = self._command(account, symbol, side, lots, ticks, tif)
        with self.market.refused_by_the_database() as refused:
            former.process([command], self.market.now_ns)
        assert refused == [STALE_EPOCH], "I21: a former engine was not refused"
        self.market.taken()  # it had let go of its changes when it sent them
        self._place(command, account, symbol, side, lots, ticks, tif)

    @step
    def duplicate_submit(self, number: int) -> None:
        """What was answered is asked again: the same answer, and nothing happens. An id with another order is a conflict."""
        if not self.market.sent:
            return
        command, answer = self.market.sent[number % len(self.market.sent)]
        before = self.market.venue.sequence
        [again] = self.market.process(command)
        assert encode_answer(again) == answer, "I13: another answer to the same request"
        if isinstance(command, SubmitOrder):
            other = msgspec.structs.replace(command, quantity=lots_text(units_of(command.quantity) // MARKET["lot"] + 1))
            [conflict] = self.market.process(other)
            assert isinstance(conflict, ConflictAnswer), "I13: one id, two orders"
        assert self.market.venue.sequence == before, "I13: a repeated request did something"
        self.compare()


@contextmanager
def in_a_transaction() -> Iterator[None]:
    """Everything in it is gone afterwards."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def drive_stored(pair: StoredPair, seed: int, steps: int) -> None:
    """As :func:`drive`, with a fault every few steps, and everything looked at in the end. The same seed does the same."""
    chance = Random(seed)
    begin(pair, chance)
    order_ids: list[int] = []
    seen: Counter[str] = Counter()
    for _ in range(steps):
        take_a_step(pair, chance, order_ids, seen)
        if chance.random() < 0.15:
            _fault(pair, chance)
    pair.check_database()
    pair.replay_log()


def _fault(pair: StoredPair, chance: Random) -> None:
    account, side, lots = chance.choice(CUSTOMERS), chance.choice(("BUY", "SELL")), chance.randrange(1, 30)
    order = (account, "ACME", side, lots, int(chance.gauss(10_000, 3)), chance.choice(("GTC", "GTC", "IOC")))
    dice = chance.random()
    if dice < 0.35:
        pair.duplicate_submit(chance.randrange(10**6))
        return
    if dice < 0.50:
        if chance.random() < 0.3:
            pair.halt("ACME")
        pair.take_over(chance.choice((0, 1, 61)))
    elif dice < 0.70:
        pair.crash(chance.choice(BEFORE_COMMIT + AFTER_COMMIT), *order)
    elif dice < 0.85:
        pair.refuse(chance.choice(WRITTEN), *order)
    else:
        pair.zombie(*order)
    for symbol in SYMBOLS:  # the feed is back at once
        pair.quote(symbol, 9_995, 10_005, 8, 8)
    pair.submit(*order[:4], 10_000, "GTC")

"""A day with some of everything that leaves a row behind, for questions to the books to be asked about."""

import re
from typing import Any

from django.db import connection

from apps.backoffice.proposals import Draft, approve, propose, read_draft, write_outcome
from apps.backoffice.proposals import digest as digest_of
from apps.backoffice.services import record_command, record_outcome
from apps.backoffice.trail_chain import link_new_entries
from apps.commands import types
from apps.commands.answers import DoneAnswer
from apps.commands.types import Actor, Bracket, Leg, Session, SubmitPair
from apps.core.enums import OrderType, Role, SelfTradePrevention, Side, TimeInForce
from apps.eventlog.models import LogPartition, OutboxBatch, RelayCursor
from apps.eventlog.outbox import unpack
from apps.portfolio.services import rebuild
from tests.ddl import patient
from tests.engine.world import SYMBOL, SYSTEM, World, configure, make_account
from tests.staff import make_staff

HOUR_NS = 3600 * 10**9
PUBLISHED = ("orders.events", "accounts.events")

_CONSTRAINTS = """SELECT conrelid::regclass::text, conname FROM pg_constraint
    WHERE contype = 'c' AND conrelid IN (SELECT oid FROM pg_class WHERE relname = ANY(%s))"""


def plant(statement: str, names: dict[str, int]) -> None:
    """Carry out what no engine would. What would refuse it, checks and triggers, is gone for the rest of the transaction."""
    with connection.cursor() as cursor, patient(connection.connection):
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what waits for the commit would bar the next
        cursor.execute(_CONSTRAINTS, [re.findall(r"\b[a-z]+_[a-z]+\b", statement)])
        for table, name in cursor.fetchall():
            cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT IF EXISTS "{name}"')
        cursor.execute("SET LOCAL session_replication_role = replica")  # no trigger, as a bug below them would have none
        for each in statement.format(**names).split(";"):
            cursor.execute(each)
            assert cursor.rowcount, f"nothing was planted by: {each}"
        cursor.execute("SET LOCAL session_replication_role = origin")


class Day(World):
    """``carol`` is who staff deal with; the second instrument is the one that is halted and resumed."""

    def __init__(self) -> None:
        super().__init__()
        self.names: dict[str, int] = {}  # of orders and other rows, for whoever wants to spoil them
        self.carol = make_account("carol")
        self.admin, self.second_admin = (make_staff(f"{name}@example.com", Role.ADMIN) for name in ("admin", "second"))
        self.do(types.OpenAccount(command_id=self.new_id(), actor=SYSTEM, account_id=self.carol.pk))
        self.deposit(self.carol, "USD", "5000")
        self.staff_at_work()
        link_new_entries()
        self.trading()
        self.publish_until_now()
        self.with_terms()
        self.restart()
        self.quote("99.10", "101.00")
        self.submit(self.bob, "BUY", "0.1", "100.60")
        self.names["account"] = self.alice.pk
        for name in ("trade", "transfer"):
            table = {"trade": "orders_trade", "transfer": "ledger_transfer"}[name]
            self.names[f"newest_{name}"] = self.raw.execute(f"SELECT max(id) FROM {table}").fetchone()[0]
        found = self.violations()
        assert found == [], "; ".join(found)

    def staff(self, kind: type[Any], **fields: Any) -> None:
        """A command of staff as the admin's buttons send it: written in the trail, sent, and its outcome written."""
        if issubclass(kind, types.FourEyes):
            self.four_eyes(kind, **fields)
            return
        command_id = self.new_id()
        entry = record_command(
            actor_id=self.admin.pk, action=kind.__name__, subject="somebody", reason="as agreed", command_id=command_id
        )
        fields = {"reason": "as agreed", **fields}
        actor = Actor(self.admin.pk, Role.ADMIN)
        answer = self.do(kind(command_id=command_id, actor=actor, **fields))
        assert not isinstance(answer, DoneAnswer) or not answer.reason, answer
        record_outcome(entry, "DONE: done")

    def four_eyes(self, kind: type[Any], **fields: Any) -> None:
        """What one admin proposes and another approves, as the admin's buttons do it."""
        action, command_id = kind.__struct_config__.tag, self.new_id()
        draft = Draft(
            action=action, page="accounts.account", row="1", button="any", subject="somebody", account_id=None,
            reason="as agreed", proposed_by=self.admin.pk, command_id=command_id,
        )  # fmt: skip
        proposal = approve(propose(draft), approver_id=self.second_admin.pk, seen=digest_of(draft.payload()), note="looked at it")
        assert read_draft(proposal) == draft
        actor = Actor(self.admin.pk, Role.ADMIN)
        fields = {"reason": "as agreed", "approver_id": self.second_admin.pk, **fields}
        answer = self.do(kind(command_id=command_id, actor=actor, **fields))
        assert not answer.reason, answer
        write_outcome(proposal, "DONE: done")

    def staff_at_work(self) -> None:
        self.do(configure("ETH-USD"))
        self.staff(types.KillVenue)
        self.batch()
        self.staff(types.RestoreVenue)
        self.staff(types.HaltInstrument, symbol="ETH-USD")
        self.submit(self.carol, "BUY", "1", "98.00")
        self.staff(types.ResumeInstrument, symbol="ETH-USD")
        self.staff(types.SuspendAccount, account_id=self.carol.pk, cancel_orders=True)
        self.staff(types.ReinstateAccount, account_id=self.carol.pk)
        self.staff(types.SetAccountLimits, account_id=self.carol.pk, max_open_orders=9, max_order_notional="2500")
        for amount in ("5", "-5"):
            self.staff(types.AdjustBalance, account_id=self.carol.pk, asset="USD", amount=amount)
        self.do(
            types.SetSelfTradePrevention(
                command_id=self.new_id(), actor=SYSTEM, account_id=self.bob.pk, mode=SelfTradePrevention.CANCEL_OLDEST
            )
        )
        self.do(types.SetDeadMansSwitch(command_id=self.new_id(), actor=SYSTEM, account_id=self.bob.pk, seconds=3600))
        now_ns = self.clock.now_ns() // 1000 * 1000
        hours = [Session(now_ns + n * HOUR_NS, now_ns + n * HOUR_NS, now_ns + (n + 1) * HOUR_NS) for n in range(2)]
        asked = types.SetSessions(command_id=self.new_id(), actor=SYSTEM, symbol=SYMBOL, sessions=hours, around_the_clock=True)
        assert not self.do(asked).reason
        self.quote("99.00", "101.00")

    def trading(self) -> None:
        """Two at one price, one of them filled in part; one behind them; the house after them; what rests on either side."""
        self.submit(self.alice, "SELL", "1", "100.40")
        for name in ("first", "second"):
            self.names[name] = self.submit(self.alice, "SELL", "1", "100.50").order_id
        self.submit(self.alice, "SELL", "1", "100.60", command_id="behind")
        self.submit(self.bob, "BUY", "1.5", "100.50")
        self.submit(self.bob, "BUY", "0.7", "100.50")
        self.submit(self.bob, "BUY", "3", "101.00")
        self.submit(self.alice, "SELL", "2", "100.60")
        self.submit(self.bob, "BUY", "0.5", "100.60")
        canceled = self.submit(self.bob, "BUY", "1", "98.50")
        self.names["resting_buy"] = self.submit(self.bob, "BUY", "1", "98.50").order_id
        self.names["day"] = self.submit(self.bob, "BUY", "1", "98.40", time_in_force=TimeInForce.DAY).order_id
        self.submit(self.alice, "SELL", "0.5", "98.50")
        self.cancel(self.bob, canceled.order_id)

    def with_terms(self) -> None:
        """One of each kind that waits, is linked, follows, is amended or ends at a time; one that was set off and rests."""
        self.submit(
            self.bob, "BUY", "1", "98.30",
            time_in_force=TimeInForce.GTD, expires_at_ns=self.clock.now_ns() // 1000 * 1000 + HOUR_NS,
        )  # fmt: skip
        self.names["moved"] = self.submit(self.alice, "SELL", "1", "104.00").order_id
        self.amend(self.alice, self.names["moved"], price="103.50")
        self.names["amended"], self.names["unamended"] = (
            self.submit(self.alice, "SELL", "0.3", "100.10").order_id for _ in range(2)
        )
        self.amend(self.alice, self.names["amended"], quantity="0.4")
        self.submit(self.bob, "BUY", "0.3", "100.10")
        self.submit(self.bob, "BUY", "0.4", "100.10")
        stop_limit = OrderType.STOP_LIMIT
        self.submit(self.bob, "BUY", "1", "100.30", order_type=stop_limit, trigger_price="100.20")
        self.move("99.50", "101.50")
        self.move("99.00", "101.00")
        waiting = self.submit(self.alice, "SELL", "1", "90.00", order_type=stop_limit, trigger_price="91.00")
        self.names["waiting"] = waiting.order_id
        self.submit(self.alice, "SELL", "1", None, order_type=OrderType.TRAILING_STOP, trail_amount="5")
        pair = self.do(
            SubmitPair(
                command_id=self.new_id(), actor=Actor(self.alice.user_id, Role.CUSTOMER), account_id=self.alice.pk, symbol=SYMBOL,
                side=Side.SELL, quantity="2", first=Leg(order_type=OrderType.LIMIT, price="105"),
                second=Leg(order_type=OrderType.STOP, trigger_price="92"),
            )
        )  # fmt: skip
        self.names["linked"] = pair.orders[1].order_id
        both = Bracket(
            target=Leg(order_type=OrderType.LIMIT, price="108"), stop=Leg(order_type=OrderType.STOP, trigger_price="93")
        )
        self.submit(self.bob, "BUY", "0.2", "100.60", bracket=both)

    def move(self, bid: str, ask: str) -> None:
        self.clock.advance_ns(1_000_001)
        crossed = self.quote(bid, ask)
        if crossed is not None:
            self.session.process_raw([], self.clock.now_ns(), [crossed])

    def publish_until_now(self) -> None:
        """As the relay and the portfolio's consumer would: in the embedded log, marked, and counted."""
        ids = {
            topic: LogPartition.objects.create(topic=f"day.{topic}", number=0, kept=True, retention_ms=-1).pk
            for topic in PUBLISHED
        }
        batches = list(OutboxBatch.objects.order_by("last_sequence"))
        for batch in batches:
            for message in unpack(bytes(batch.messages)):
                if message.topic in ids:
                    self.raw.execute(
                        "SELECT eventlog_append(%s, '{0}', '{1}', %s, %s, %s)",
                        [[f"day.{message.topic}"], [message.key], [message.value], [b""]],
                    )
        last = batches[-1]
        RelayCursor.objects.update_or_create(
            lane=last.lane, defaults={"last_sequence": last.last_sequence, "moved_at": last.recorded_at}
        )
        rebuild()

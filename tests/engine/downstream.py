"""The relay and a consumer of a life of :mod:`tests.engine.fates`, either of which may die."""

import time
from typing import Any

from tests.engine.bugs import PROCESSES
from tests.engine.fates import Life, digest
from tests.engine.nursery import START_S, connect

#: What the consumer makes of the events; each row tells which of them it has counted.
PROJECTED = {
    "positions": "SELECT account_id, instrument_id, quantity, cost, realized_pnl, fees, last_sequence FROM portfolio_position",
    "progress": "SELECT account_id, account_sequence FROM portfolio_accountprogress",
}
#: How many partitions of its topic the consumer has not read to their end.
_UNREAD = """SELECT count(*) FROM eventlog_logpartition p WHERE p.topic = 'story.orders.events' AND p.next_offset > coalesce(
    (SELECT c.next_offset FROM eventlog_consumerposition c WHERE c.consumer = 'portfolio'
        AND split_part(c.topic, '@', 1) = 'orders.events' AND c.partition = p.number), 0)"""


class Downstream:
    """The relay and a consumer of a life, on the embedded log of its database; whoever dies is started again at once."""

    def __init__(self, living: Life, dies: str = "", dies_at: str = "", bug: str = "") -> None:
        self._living = living
        self._process("create_topics").join(START_S)
        where = PROCESSES[bug][1] if bug else ""  # not always in whoever dies
        how = {name: (dies_at if name == dies else "", bug if name == where else "") for name in ("relay_outbox", "run_consumer")}
        self._running = {name: self._process(name, *each) for name, each in how.items()}
        self._bug = bug
        self.deaths: list[str] = []

    def _process(self, name: str, dies_at: str = "", bug: str = "") -> Any:
        argv = (name, "portfolio") if name == "run_consumer" else (name,)
        own = {"database": self._living.database, "dies_at": dies_at, "bug": bug}
        log = {"EVENT_LOG": "embedded", "KAFKA_TOPIC_PREFIX": "story.", "KAFKA_BOOTSTRAP": []}
        return self._living.nursery.start(*argv, **own, **log)

    def follow(self, limit_s: float) -> None:
        """Wait until the consumer has counted the last event of every account, which makes a round a batch for everybody."""
        behind = """SELECT e.account_id FROM (SELECT account_id, max(account_sequence) AS last FROM orders_accountevent
                        WHERE type LIKE 'ORDER_%' GROUP BY 1) e
                    LEFT JOIN portfolio_accountprogress p ON p.account_id = e.account_id
                    WHERE p.account_sequence IS DISTINCT FROM e.last"""
        deadline = time.monotonic() + limit_s
        with connect(self._living.database) as opened:
            while rows := opened.execute(behind).fetchall():
                assert time.monotonic() < deadline, f"I19: events of accounts {rows} never came; {self._living.nursery.said()}"
                self._revive(opened)
                time.sleep(0.005)

    def _revive(self, opened: Any) -> None:
        """A relay that has a bug behind it waits until all is read: what it sends again then comes to the bug, and not in
        one batch with what it sent before."""
        for name, process in self._running.items():
            if not process.is_alive():
                if self._bug and name == "relay_outbox" and opened.execute(_UNREAD).fetchone()[0]:
                    continue
                assert process.exitcode == 137, f"{name} {process.exitcode}; log: {self._living.nursery.said()}"
                self.deaths.append(name)
                self._running[name] = self._process(name)

    def made(self) -> dict[str, str]:
        with connect(self._living.database) as opened:
            return {name: digest(opened, query) for name, query in PROJECTED.items()}

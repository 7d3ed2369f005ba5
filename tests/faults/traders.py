"""Programs that trade at a steady rate whatever happens, and write down what they were told: ``make load``'s client of orders.

What has no answer is asked again in the end, with its id, until it has one. Then the journal is held against the database.
"""

import itertools
import secrets
import threading
import time
from types import TracebackType

from load import checking
from load.arrivals import Stretch
from load.children import Client, wait_until_ready
from load.journal import Answered, Line, Sent, read_on
from load.plan import Plan, write_begin
from tests.faults import figures
from tests.faults.people import make_people
from tests.faults.world import PATIENCE_S, World
from tests.waiting import wait_until

#: Longer than any test: who trades is told when to stop.
_LONG_S = 3_600.0
_COUNT = 20


class Traders:
    """``rate`` orders, amendments and cancels a second, each when it is due, over the line from ``client`` to ``door``: "stream"
    or "web", which both have the door for programs. Needs ``engine``, ``feed`` and ``door`` among the world's processes.

    Moments are those of the monotonic clock.
    """

    def __init__(self, world: World, rate: float = 20, *, door: str = "stream") -> None:
        self._world = world
        self._run = f"t{secrets.token_hex(4)}"
        self._directory = world.journals / self._run
        self._directory.mkdir()
        self._plan = self._make_plan(rate, door)
        self._client = Client("orders", self._plan.write(), dict(world.cluster.env))
        self._begin = 0.0
        self._read = 0
        self._lines: list[Line] = []
        self.is_over = False

    def __enter__(self) -> "Traders":
        try:
            wait_until_ready([self._client], PATIENCE_S, threading.Event())
            self._begin = time.monotonic()
            write_begin(self._directory, self._begin)
            wait_until(lambda: self.accepted_after(0.0), PATIENCE_S, "the first order is accepted")
        except BaseException:
            self._client.kill()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._client.kill()

    # --- what they were told so far

    def lines(self) -> list[Line]:
        """What is in the journal by now. It grows."""
        for line, end in read_on(self._directory / "orders.jsonl", self._read):
            self._lines.append(line)
            self._read = end
        return self._lines

    def answers(self, since: float = 0.0, until: float = float("inf")) -> list[Answered]:
        """First answers, the refusals and the lost ones among them, to what was sent between two moments."""
        lines = self.lines()
        sent = {line.id: line.sent_s + self._begin for line in lines if isinstance(line, Sent)}
        told = (line for line in lines if isinstance(line, Answered) and not line.again)
        return [line for line in told if since <= sent[line.id] < until]

    def latencies_s(self, since: float, until: float) -> list[float]:
        """From when each was due to its answer, of those that were answered at all, smallest first."""
        due = {line.id: line.due_s for line in self.lines() if isinstance(line, Sent)}
        return sorted(line.at_s - due[line.id] for line in self.answers(since, until) if line.status)

    def failed(self, since: float, until: float) -> list[Answered]:
        """Answers that say nothing of an order: 5xx, and those that never came."""
        return [line for line in self.answers(since, until) if not line.status or line.status >= 500]

    def accepted_after(self, moment: float) -> float | None:
        """When the first answer was given, from ``moment`` on, that says that something was done; None while there is none."""
        for line in self.lines():
            if isinstance(line, Answered) and line.status == 200 and line.at_s + self._begin >= moment:
                return line.at_s + self._begin
        return None

    def wait_accepted_after(self, moment: float, limit_s: float = PATIENCE_S) -> float:
        """Seconds from ``moment`` to the first such answer."""
        found = wait_until(lambda: self.accepted_after(moment), limit_s, "orders go on")
        assert found is not None
        return found - moment

    def pause_s(self, since: float) -> float:
        """Wait until something is done, and return the longest time from ``since`` on for which nothing was, in seconds."""
        self.wait_accepted_after(time.monotonic())
        done = sorted(line.at_s + self._begin for line in self.lines() if isinstance(line, Answered) and line.status == 200)
        return max(after - max(before, since) for before, after in itertools.pairwise(done) if after >= since)

    def wait_accepted(self, more: int) -> None:
        """Until so many more things were done."""
        before = self._done()
        wait_until(lambda: self._done() >= before + more, PATIENCE_S, f"{more} more orders")

    def _done(self) -> int:
        return sum(isinstance(line, Answered) and line.status == 200 for line in self.lines())

    # --- the end

    def finish(self) -> None:
        """No new orders; wait until each that was sent has an answer."""
        if not self.is_over:
            self.is_over = True
            self._client.ask_to_end()
            self._client.join()

    def check(self) -> None:
        """What was acknowledged is there, as it was told; nothing else is there, and nothing twice."""
        account_ids = [person.account_id for person in self._plan.people]
        stored = checking.read_orders(self._world.cluster.database_url, self._run, account_ids)
        found = checking.check_orders(self.lines(), stored)
        assert not found.faults, found.document()
        assert found.accepted
        figures.checked(("acknowledged", "one answer"))

    def summary(self) -> str:
        told = self.answers()
        failed = [line for line in told if not line.status or line.status >= 500]
        return f"{len(told)} requests, {len(failed)} without a definite answer at first, none at last"

    # --- before

    def _make_plan(self, rate: float, door: str) -> Plan:
        cluster = self._world.cluster
        market = make_people(self._world, _COUNT, self._run, self._directory)
        return Plan(
            run=self._run,
            seed=self._world.seed,
            directory=str(self._directory),
            web_url=cluster.web_url,
            stream_url=cluster.stream_url,
            api_url=f"http://127.0.0.1:{self._world.line('client', door).port}",
            origin=cluster.web_url,
            people=market.people,
            instruments=market.instruments,
            orders=[Stretch(_LONG_S, rate)],
            visits=[],
            log_ins=[],
            cancel_alls=[],
            cuts_at_s=[],
            sockets=0,
            observers=0,
            socket_life_s=0,
            visitors=0,
            spreads_addresses=False,
        )



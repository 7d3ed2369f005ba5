"""Programs that trade: orders, amendments and cancels when they are due, a journal of all, and no answer left unknown."""

import asyncio
import json
import signal
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from decimal import Decimal
from heapq import merge
from pathlib import Path
from urllib.parse import urlsplit

import uvloop

from load.arrivals import arrivals
from load.clients.base import WINDOW_S, Tally, say_ready
from load.clients.flow import Asked, Flow
from load.http import Pool, Reply, request
from load.journal import UNKNOWN, Answered, Journal, Sent
from load.plan import Plan, read_begin, read_plan

CONNECTIONS_MAX = 256
TIMEOUT_S = 5.0
#: An answer counts as good when it came within this, from the moment when the request was due.
GOOD_WITHIN_S = 1.0
#: How long what has no answer is asked again at the end.
RESOLVE_S = 60.0
_HOUSEKEEPING_S = 0.1
_PRICES_EVERY_S = 1.0
_AHEAD_S = 0.0005
#: Statuses that say that nothing was done.
NOTHING_DONE = frozenset({400, 401, 403, 404, 405, 408, 409, 413, 415, 429})


class Orders:
    """The client's state between its first request and its last answer. Times are seconds since the beginning."""

    def __init__(self, plan: Plan, journal: Journal) -> None:
        parts = urlsplit(plan.api_url)
        host, port = parts.hostname or "127.0.0.1", parts.port or 80
        name = urlsplit(plan.origin).hostname or host
        self._plan = plan
        self._host = f"{name}:{port}"
        self._pool = Pool(host, port, limit=CONNECTIONS_MAX, timeout_s=TIMEOUT_S)
        self._flow = Flow(plan.run, self._host, plan.people, plan.instruments, plan.seed)
        self._journal = journal
        self._unknown: dict[str, Asked] = {}
        self._begin = 0.0
        self.tally = Tally("orders")
        self.stop = asyncio.Event()

    # --- before

    async def learn_prices(self) -> bool:
        """Ask for the newest prices, as a page without a socket does; False when there are none."""
        symbols = ",".join(each.symbol for each in self._plan.instruments)
        reply = await self._exchange(request("GET", f"/markets/quotes?symbols={symbols}", self._host))
        if reply.status == 200:
            rows = json.loads(reply.body)["d"]
            self._flow.prices.update({row[0]: (Decimal(row[4]), Decimal(row[5])) for row in rows})
        return bool(self._flow.prices)

    async def _exchange(self, data: bytes) -> Reply:
        answered: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
        self._pool.send(data, lambda reply: None if answered.done() else answered.set_result(reply))
        return await answered

    # --- during

    async def offer(self, begin: float) -> None:
        """Send what is due when it is due, until the plan or somebody ends it."""
        self._begin = begin
        for due_s, stretch, is_cancel_all in self._schedule():
            wait_s = begin + due_s - time.monotonic()
            if wait_s > _AHEAD_S:
                try:
                    await asyncio.wait_for(self.stop.wait(), wait_s)
                    return
                except TimeoutError:
                    pass
            elif due_s and self.stop.is_set():
                return
            self._send(self._flow.cancel_all() if is_cancel_all else self._flow.next(), due_s, stretch)

    def _schedule(self) -> Iterator[tuple[float, int, bool]]:
        orders = ((due, stretch, False) for due, stretch in arrivals(self._plan.orders, self._plan.seed))
        all_of_them = ((due, stretch, True) for due, stretch in arrivals(self._plan.cancel_alls, self._plan.seed + 1))
        return merge(orders, all_of_them)

    def _send(self, asked: Asked, due_s: float, stretch: int) -> None:
        now_s = time.monotonic() - self._begin
        self.tally.time("late", now_s - due_s)
        self.tally.count("offered", stretch=stretch)
        self._journal.write(Sent(asked.id, asked.kind, asked.person.account_id, due_s, now_s, asked.order_id))
        self._pool.send(asked.data, lambda reply: self._answered(asked, reply, due_s, stretch))

    def _answered(self, asked: Asked, reply: Reply, due_s: float, stretch: int) -> None:
        at_s = reply.at - self._begin
        self._note(asked, reply, again=False)
        latency_s = at_s - due_s
        if reply.status:
            self.tally.time(asked.kind, latency_s)
            self.tally.time("request", latency_s, stretch)
        self.tally.count("answered" if reply.status else "unanswered", stretch=stretch)
        if reply.status == 200 and latency_s <= GOOD_WITHIN_S:
            self.tally.count("good", stretch=stretch)

    def _note(self, asked: Asked, reply: Reply, *, again: bool) -> None:
        outcome, order_id = read_outcome(reply)
        self._journal.write(Answered(asked.id, reply.at - self._begin, reply.status, outcome, order_id, again))
        if outcome == UNKNOWN:
            self._unknown[asked.id] = asked
        else:
            self._unknown.pop(asked.id, None)
            self._flow.learn(asked, outcome, order_id)
        if not again:
            self.tally.outcome(asked.kind, outcome if outcome != UNKNOWN else f"UNKNOWN ({reply.error or reply.status})")

    @asynccontextmanager
    async def kept(self) -> AsyncIterator[None]:
        """Timeouts, prices and the journal are looked after meanwhile."""
        tasks = [asyncio.create_task(self._keep_house()), asyncio.create_task(self._keep_prices())]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)

    async def _keep_house(self) -> None:
        next_window = time.monotonic() + WINDOW_S
        while True:
            await asyncio.sleep(_HOUSEKEEPING_S)
            self._pool.give_up_late()
            self._journal.flush()
            if self._begin and time.monotonic() >= next_window:
                self.tally.gauges["in_flight"] = self._pool.waiting
                self.tally.gauges["unknown"] = len(self._unknown)
                self.tally.window(self._begin)
                next_window = max(next_window + WINDOW_S, time.monotonic() + WINDOW_S / 2)

    async def _keep_prices(self) -> None:
        while True:
            await asyncio.sleep(_PRICES_EVERY_S)
            await self.learn_prices()

    # --- after

    async def finish(self) -> None:
        """Wait for what is on its way, then ask again, with the same id, for what nobody knows the answer of."""
        deadline = time.monotonic() + 2 * TIMEOUT_S
        while self._pool.waiting and time.monotonic() < deadline:
            await asyncio.sleep(0.02)
        first = len(self._unknown)
        deadline = time.monotonic() + RESOLVE_S
        while self._unknown and time.monotonic() < deadline:
            for asked in list(self._unknown.values()):
                reply = await self._exchange(asked.data)
                if says_what_became(reply):
                    self._note(asked, reply, again=True)
                elif time.monotonic() > deadline:
                    break
            await asyncio.sleep(0.1 if self._unknown else 0)
        self._journal.flush()
        self._pool.close()
        self.tally.end(self._begin, unknown_first=first, unknown_left=len(self._unknown))


def says_what_became(reply: Reply) -> bool:
    """Whether the answer to a repeat tells what became of the request: that this try did nothing says nothing about the first."""
    return 0 < reply.status < 500 and reply.status not in (401, 408, 429)


def read_outcome(reply: Reply) -> tuple[str, int]:
    """The order's status, DONE for all of them, the code of a problem, or UNKNOWN; and the order's id, 0 for none.

    What is known of a problem is what its status says (docs/api.md): of a 5xx, READ_UNAVAILABLE apart, nobody knows.
    """
    if not reply.status:
        return ("NOT_SENT" if reply.error in ("not sent", "refused") else UNKNOWN), 0
    try:
        body = json.loads(reply.body)
    except ValueError:
        return UNKNOWN, 0
    if reply.status == 200:
        if "order_ids" in body:
            return "DONE", 0
        reason = f" {body['reason']}" if body["status"] in ("DENIED", "REJECTED") else ""
        return body["status"] + reason, body["order_id"] or 0
    code = str(body.get("code", ""))
    is_known = reply.status in NOTHING_DONE or code == "READ_UNAVAILABLE"
    return (code if is_known else UNKNOWN), 0


async def main(path: Path) -> None:
    plan = read_plan(path)
    directory = Path(plan.directory)
    with Journal(directory / "orders.jsonl") as journal:
        client = Orders(plan, journal)
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, client.stop.set)
        async with client.kept():
            while not await client.learn_prices() and not client.stop.is_set():
                await asyncio.sleep(0.2)
            say_ready("orders")
            while (begin := read_begin(directory)) is None and not client.stop.is_set():
                await asyncio.sleep(0.01)
            if begin is not None:
                await client.offer(begin)
                with_pause = begin + plan.seconds - time.monotonic()
                if with_pause > 0 and not client.stop.is_set():
                    try:
                        await asyncio.wait_for(client.stop.wait(), with_pause)
                    except TimeoutError:
                        pass
            await client.finish()


if __name__ == "__main__":
    uvloop.run(main(Path(sys.argv[1])))

"""Pages' sockets: watch-sets as pages have them, coming and going, cut all at once when the lane says so.

Every socket answers heartbeats and comes back by the page's rules. A few observers read and time every price; the others are
counted by frame and byte, so that the client stays behind what it measures.
"""

import asyncio
import json
import random
import signal
import sys
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import uvloop

from load import frames
from load.clients.base import WINDOW_S, Tally, say_ready
from load.clients.flow import Zipf
from load.http import Pool, Reply, request
from load.journal import Journal, Pushed
from load.line import DEADLINE_S, GOOD_AFTER_S, GREETED_WITHIN_S, Line, asked_back_s, wait_s
from load.plan import Person, Plan, address, read_begin, read_plan

#: A stream process lets 40 sockets of an address in, and 8 of a user.
PER_ADDRESS = 30
PER_USER = 4
#: How fast pages open before the lane begins: below what the door lets in a second.
_OPENED_PER_S = 60
_LIVE_WITHIN_S = 120.0
_TICKET_WITHIN_S = 5.0
_LOOKS_ELSEWHERE_S = 15.0
#: Shapes of pages, in percent: markets, an instrument; the others are portfolios, of somebody who is logged in.
MARKETS, INSTRUMENT = 45, 40
_ROWS_OF_MARKETS = 15
_ROWS_OF_PORTFOLIO = 6


class World:
    """What all pages share."""

    def __init__(self, plan: Plan, tally: Tally, journal: Journal) -> None:
        self.plan = plan
        self.tally = tally
        self.journal = journal
        self.chance = random.Random(plan.seed)
        self.zipf = Zipf(len(plan.instruments), self.chance)
        self.begin = 0.0
        self.live = 0
        web = urlsplit(plan.web_url)
        self._tickets = Pool(web.hostname or "", web.port or 80, limit=16, timeout_s=_TICKET_WITHIN_S)
        self._web = f"{urlsplit(plan.origin).hostname}:{web.port}"

    def symbols(self, count: int) -> list[str]:
        return [self.plan.instruments[at].symbol for at in self.zipf.some(count)]

    async def ticket(self, person: Person) -> str:
        """As a page asks for it; empty when there is none to be had now."""
        token = "c" * 32
        headers = (
            f"Cookie: sessionid={person.session_key}; csrftoken={token}",
            f"X-CSRFToken: {token}",
            f"Origin: {self.plan.origin}",
        )
        answered: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()
        asked_at = time.monotonic()
        data = request("POST", "/stream/ticket", self._web, headers)
        self._tickets.send(data, lambda reply: None if answered.done() else answered.set_result(reply))
        try:
            async with asyncio.timeout(_TICKET_WITHIN_S):
                reply = await answered
        except TimeoutError:
            self.tally.outcome("ticket", "timeout")
            return ""
        self.tally.outcome("ticket", str(reply.status or reply.error))
        if reply.status != 200:
            return ""
        self.tally.time("ticket", time.monotonic() - asked_at)
        return str(json.loads(reply.body)["ticket"])


class Page:
    """One place on a screen: a page stands there until it is left, then the next one."""

    def __init__(self, world: World, number: int) -> None:
        self._world = world
        self._is_observer = number < world.plan.observers
        self._address = (address(number, PER_ADDRESS), 0) if world.plan.spreads_addresses else None
        self._number = number
        self._line: Line | None = None
        self._person: Person | None = None
        self._ticket = ""
        self._symbols: list[str] = []
        self._depth: list[str] = []
        self._retry_s = 0.0
        self._attempt = 0
        self._asked_at = 0.0
        self._opened_at = 0.0
        self._newest: dict[str, tuple[int, int]] = {}
        self._account_sequence = 0
        self._awaited = "to_prices"
        self.is_live = False
        self.was_live = False

    def cut(self) -> None:
        """End the socket as a network does; the page comes back."""
        if self._line is not None:
            self._asked_at, self._awaited = time.monotonic(), "back"
            self._line.cut()

    async def stand(self) -> None:
        """For ever."""
        chance = self._world.chance
        while True:
            life_s = self._world.plan.socket_life_s
            leaves_at = time.monotonic() + chance.expovariate(1 / life_s) if life_s else float("inf")
            self._turn_to()
            while time.monotonic() < leaves_at:
                if self._awaited != "back":
                    self._asked_at, self._awaited = time.monotonic(), "to_prices"
                code = await self._visit(leaves_at)
                self._set_live(False)
                if code == 0:
                    break
                self._world.tally.outcome("socket", f"closed {code}")
                if self._asked_at == 0.0 or self._awaited == "to_prices":
                    self._asked_at, self._awaited = time.monotonic(), "back"
                await asyncio.sleep(wait_s(code, self._retry_s, self._attempt))
                self._attempt += 1
                self._retry_s = 0.0
            self._attempt, self._awaited = 0, "to_prices"

    def _turn_to(self) -> None:
        """Choose what page it is."""
        shape = self._world.chance.randrange(100)
        people = self._world.plan.people
        self._person, self._depth = None, []
        if shape < MARKETS:
            self._symbols = self._world.symbols(_ROWS_OF_MARKETS)
        elif shape < MARKETS + INSTRUMENT:
            self._symbols = self._world.symbols(1)
            self._depth = self._symbols[:1]
        else:
            self._symbols = self._world.symbols(_ROWS_OF_PORTFOLIO)
            if self._number < PER_USER * len(people):
                self._person = people[self._number % len(people)]

    async def _visit(self, leaves_at: float) -> int:
        """Be connected until it ends; returns the close code, 0 when the page was left."""
        self._newest.clear()
        self._account_sequence = 0
        self._ticket = await self._world.ticket(self._person) if self._person else ""
        parts = urlsplit(self._world.plan.stream_url)
        host, port = parts.hostname or "127.0.0.1", parts.port or 80
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(GREETED_WITHIN_S):
                _, line = await loop.create_connection(
                    lambda: Line(self._greet, self._heard), host, port, local_addr=self._address
                )
        except (OSError, TimeoutError):
            return 1006
        self._line = line
        line.write(frames.handshake(host, port, self._world.plan.origin))
        looks_at = time.monotonic() + self._world.chance.expovariate(1 / _LOOKS_ELSEWHERE_S)
        try:
            while not line.ended.done():
                now = time.monotonic()
                await asyncio.wait({line.ended}, timeout=min(1.0, max(leaves_at - now, 0.0)))
                now = time.monotonic()
                if now >= leaves_at:
                    return 0
                if now - line.heard_at > (DEADLINE_S if line.is_open else GREETED_WITHIN_S):
                    return 1006
                if now >= looks_at and line.is_open:
                    looks_at = now + self._world.chance.expovariate(1 / _LOOKS_ELSEWHERE_S)
                    self._look_elsewhere(line)
        finally:
            self._line = None
            self._world.tally.count("bytes_in", line.bytes_in)
            line.cut()
        code, reason = line.ended.result()
        self._retry_s = asked_back_s(code, reason) or self._retry_s
        return code

    def _greet(self, line: Line) -> None:
        self._opened_at = time.monotonic()
        line.say(op="hello", v=1, **({"ticket": self._ticket} if self._ticket else {}))
        self._watch(line)

    def _watch(self, line: Line) -> None:
        more: dict[str, Any] = {"depth": self._depth, "bars": [[symbol, "1m"] for symbol in self._depth]} if self._depth else {}
        line.say(op="watch", symbols=self._symbols, **more)

    def _look_elsewhere(self, line: Line) -> None:
        """Scroll, or turn to another instrument."""
        self._symbols = self._world.symbols(len(self._symbols))
        self._depth = self._symbols[:1] if self._depth else []
        self._watch(line)

    def _heard(self, payload: bytes) -> None:
        self._world.tally.count("frames")
        if payload.startswith(b'{"t":"q"'):
            if self.is_live and not self._is_observer:
                return
            self._see_prices(json.loads(payload))
        elif payload.startswith(b'{"t":"h"'):
            message = json.loads(payload)
            if self._line is not None:
                self._line.say(op="ack", n=message["n"])
            if "rtt" in message:
                self._world.tally.time("round_trip", message["rtt"] / 1000)
            if time.monotonic() - self._opened_at > GOOD_AFTER_S:
                self._attempt = 0
        elif payload.startswith((b'{"t":"a"', b'{"t":"w', b'{"t":"bye"', b'{"t":"gap"', b'{"t":"err"')):
            self._hear_rest(json.loads(payload))

    def _see_prices(self, message: dict[str, Any]) -> None:
        tally = self._world.tally
        if not self.is_live and message["d"]:
            tally.time(self._awaited, time.monotonic() - self._asked_at)
            self._awaited = "to_prices"
            self._set_live(True)
        if not self._is_observer:
            return
        now_ms = time.time() * 1000
        if not message.get("full"):
            tally.time("hub_to_client", max(now_ms - message["at"], 0.0) / 1000)
        for quote in message["d"]:
            if not message.get("full"):
                tally.time("feed_to_client", max(now_ms - quote[3], 0.0) / 1000)
            place = (quote[1], quote[2])
            if self._newest.get(quote[0], place) > place:
                tally.count("older_after_newer")
            self._newest[quote[0]] = place
        tally.count("prices_timed", len(message["d"]))

    def _hear_rest(self, message: dict[str, Any]) -> None:
        kind, tally = message["t"], self._world.tally
        if kind == "a":
            self._hear_account(message["d"])
        elif kind == "welcome":
            self._account_sequence = message.get("account_sequence", 0)
        elif kind == "gap":
            tally.count("account_gaps_told")
            self._account_sequence = message["account_sequence"]
        elif kind == "bye":
            self._retry_s = message["retry_ms"] / 1000
        elif kind == "err":
            tally.outcome("socket", f"error {message['code']}")

    def _hear_account(self, events: list[dict[str, Any]]) -> None:
        world, now = self._world, time.time_ns()
        for event in events:
            sequence = event["account_sequence"]
            if sequence != self._account_sequence + 1:
                world.tally.count("account_holes")
            self._account_sequence = sequence
            world.tally.time("commit_to_client", max(now - event["at_ns"], 0) / 1e9)
            world.journal.write(Pushed(event["account_id"], sequence, event["type"], time.monotonic() - world.begin))

    def _set_live(self, is_live: bool) -> None:
        self._world.live += is_live - self.is_live
        self.is_live = is_live
        self.was_live = self.was_live or is_live


class Crowd:
    """All pages, and what happens to all of them at once."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._pages = [Page(world, number) for number in range(world.plan.sockets)]
        self._tasks: list[asyncio.Task[None]] = []
        self.stop = asyncio.Event()

    async def enter(self) -> None:
        """Open them at a pace that the door lets in; return when each has prices, or as many as come within two minutes."""
        for page in self._pages:
            self._tasks.append(asyncio.create_task(page.stand()))
            await asyncio.sleep(1 / _OPENED_PER_S)
        deadline = time.monotonic() + _LIVE_WITHIN_S
        while not all(page.was_live for page in self._pages) and time.monotonic() < deadline and not self.stop.is_set():
            await asyncio.sleep(0.05)

    async def stay(self) -> None:
        plan, tally = self._world.plan, self._world.tally
        cuts = sorted(plan.cuts_at_s)
        ends_at, next_window = self._world.begin + plan.seconds, self._world.begin + WINDOW_S
        due = time.monotonic()
        while time.monotonic() < ends_at and not self.stop.is_set():
            due += 0.05
            await asyncio.sleep(max(due - time.monotonic(), 0))
            tally.time("late", max(time.monotonic() - due, 0.0))
            due = max(due, time.monotonic() - 0.05)
            if cuts and time.monotonic() - self._world.begin >= cuts[0]:
                cuts.pop(0)
                for page in self._pages:
                    page.cut()
            if time.monotonic() >= next_window:
                tally.gauges["live"] = self._world.live
                tally.window(self._world.begin)
                self._world.journal.flush()
                next_window += WINDOW_S

    async def leave(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.wait(self._tasks)
        self._world.tally.end(self._world.begin, live_at_end=self._world.live, sockets=len(self._pages))


async def main(path: Path) -> None:
    plan = read_plan(path)
    directory = Path(plan.directory)
    with Journal(directory / "sockets.jsonl") as journal:
        world = World(plan, Tally("sockets"), journal)
        crowd = Crowd(world)
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, crowd.stop.set)
        await crowd.enter()
        say_ready("sockets")
        while (begin := read_begin(directory)) is None and not crowd.stop.is_set():
            await asyncio.sleep(0.01)
        world.begin = begin or time.monotonic()
        world.tally.forget()
        await asyncio.sleep(max(world.begin - time.monotonic(), 0))
        await crowd.stay()
        await crowd.leave()


if __name__ == "__main__":
    uvloop.run(main(Path(sys.argv[1])))

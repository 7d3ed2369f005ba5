"""Many pages at once, without the pages: sockets that behave as static/realtime/stream.js does and note what they were shown."""

import asyncio
import json
import os
import statistics
import time
from collections.abc import Callable, Iterable, Sequence
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

from load import frames
from load.line import DEADLINE_S, GOOD_AFTER_S, GREETED_WITHIN_S, Line, asked_back_s, wait_s

#: How many the promises speak of; fewer, to try the tests themselves on a busy machine.
PAGES = int(os.environ.get("FAULT_PAGES", "1000"))

_AT_ONCE = 50
_PER_SECOND = 90


class Visitor:
    """One page: it comes back by itself, by the page's rules, until it is told to leave."""

    def __init__(self, url: str, origin: str, symbols: Sequence[str], *, follows: bool) -> None:
        self._follows = follows
        self._url = url
        self._origin = origin
        self._symbols = list(symbols)
        self._attempt = 0
        self._retry_s = 0.0
        self._running: asyncio.Task[None] | None = None
        self.connections = 0
        #: When the present socket had its snapshot with prices, by the monotonic clock; None while there is none.
        self.live_at: float | None = None
        self.quotes_live = False
        #: symbol: (epoch, sequence) of the newest quote.
        self.newest: dict[str, tuple[int, int]] = {}
        self.closes: list[int] = []
        self.said_bye = 0
        #: Seconds from the tick's making to here, of each quote.
        self.ages_s: list[float] = []
        self.keeps_ages = False
        self._opened_at = 0.0
        self._line: Line

    def keep_ages(self) -> None:
        self.keeps_ages = self._follows = True

    def enter(self) -> None:
        self._running = asyncio.create_task(self._stay())

    async def leave(self) -> None:
        if self._running is not None:
            self._running.cancel()
            await asyncio.wait({self._running})

    async def _stay(self) -> None:
        while True:
            code = await self._visit()
            self.live_at, self.quotes_live = None, False
            self.closes.append(code)
            await asyncio.sleep(wait_s(code, self._retry_s, self._attempt))
            self._attempt += 1
            self._retry_s = 0.0

    async def _visit(self) -> int:
        """Be connected until it ends; returns the close code."""
        parts = urlsplit(self._url)
        host, port = parts.hostname or "127.0.0.1", parts.port or 80
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(GREETED_WITHIN_S):
                _, line = await loop.create_connection(lambda: Line(self._greet, self._heard), host, port)
        except (OSError, TimeoutError):
            return 1006
        line.write(frames.handshake(host, port, self._origin))
        try:
            while not line.ended.done():
                await asyncio.wait({line.ended}, timeout=1.0)
                if time.monotonic() - line.heard_at > (DEADLINE_S if line.is_open else GREETED_WITHIN_S):
                    return 1006
        finally:
            line.cut()
        code, reason = line.ended.result()
        self._retry_s = asked_back_s(code, reason) or self._retry_s
        return code

    def _greet(self, line: Line) -> None:
        self._line, self._opened_at = line, time.monotonic()
        line.say(op="hello", v=1)
        line.say(op="watch", symbols=self._symbols)

    def _heard(self, payload: bytes) -> None:
        if payload.startswith(b'{"t":"q"') and self.live_at is not None and not self._follows:
            return
        message = json.loads(payload)
        if message["t"] == "q" and message["d"]:
            self.live_at = self.live_at or time.monotonic()
            for quote in message["d"]:
                self.newest[quote[0]] = (quote[1], quote[2])
            if self.keeps_ages:
                now_ms = time.time() * 1000
                self.ages_s.extend((now_ms - quote[3]) / 1000 for quote in message["d"])
        elif message["t"] == "h":
            self.quotes_live = message["quotes"]
            self._line.say(op="ack", n=message["n"])
            if time.monotonic() - self._opened_at > GOOD_AFTER_S:
                self._attempt = 0
        elif message["t"] == "bye":
            self._retry_s = message["retry_ms"] / 1000
            self.said_bye += 1


class Crowd:
    """``async with Crowd(url, origin, count, symbols) as crowd``: all are live when it begins, gone when it ends.

    With ``follows`` they note every price, else only that there are some: a thousand of them share a core with what they test.
    """

    def __init__(self, url: str, origin: str, count: int, symbols: Sequence[str], *, follows: bool = True) -> None:
        self.visitors = [Visitor(url, origin, symbols, follows=follows) for _ in range(count)]

    async def __aenter__(self) -> "Crowd":
        for begin in range(0, len(self.visitors), _AT_ONCE):
            began = time.monotonic()
            group = self.visitors[begin : begin + _AT_ONCE]
            for visitor in group:
                visitor.enter()
            await until(lambda group=group: all(each.live_at for each in group), 60, "a snapshot for each")
            await asyncio.sleep(max(0.0, began + _AT_ONCE / _PER_SECOND - time.monotonic()))  # a pace that the door lets in
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await asyncio.gather(*(visitor.leave() for visitor in self.visitors))

    def live(self) -> int:
        return sum(visitor.live_at is not None for visitor in self.visitors)

    def shown(self, symbol: str, at_least: tuple[int, int]) -> int:
        """How many have that quote of ``symbol`` or a newer one."""
        return sum(visitor.newest.get(symbol, (0, 0)) >= at_least for visitor in self.visitors)

    def ages_s(self) -> list[float]:
        """Those noted since the last call."""
        found = [age for visitor in self.visitors for age in visitor.ages_s]
        for visitor in self.visitors:
            visitor.ages_s.clear()
        return found

    def closes(self) -> dict[int, int]:
        codes = [code for visitor in self.visitors for code in visitor.closes]
        return {code: codes.count(code) for code in sorted(set(codes))}

    async def back_s(self, since: float, within_s: float) -> list[float]:
        """Seconds since ``since`` after which each was live again, sorted; fails when one is not within ``within_s``."""

        def back() -> bool:
            return all(each.live_at is not None and each.live_at > since for each in self.visitors)

        await until(back, within_s, lambda: f"everybody back: {self.live()} live, closes {self.closes()}")
        return sorted(each.live_at - since for each in self.visitors if each.live_at is not None)


async def until(condition: Callable[[], Any], within_s: float, what: str | Callable[[], str]) -> None:
    deadline = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < deadline, f"not within {within_s} s: {what() if callable(what) else what}"
        await asyncio.sleep(0.02)


def percentile(values: Iterable[float], share: float) -> float:
    """The value below which that share (of a hundred) is."""
    return statistics.quantiles(values, n=1000, method="inclusive")[int(share * 10) - 1]

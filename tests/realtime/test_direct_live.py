"""A feed that goes around the event log: over a real Redis into a hub, beside what comes by the log, late and from its middle."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any

import pytest

from apps.core.enums import Side
from apps.eventlog.schemas.marketdata import QuoteTick, QuoteTicks, TradeTick, TradeTicks
from apps.marketdata.feeds import direct
from apps.marketdata.feeds.direct import DirectPath
from apps.marketdata.logline import Silence
from apps.realtime.direct import DirectLine
from apps.realtime.hub import Hub
from apps.realtime.newest import Newest
from apps.realtime.publisher import Publisher
from apps.realtime.shard_line import ShardLine
from tests.realtime.test_hub import Wire, make

pytestmark = pytest.mark.asyncio

SYMBOLS = ("DIRECT-A", "DIRECT-B", "DIRECT-C", "DIRECT-D", "DIRECT-E")
Message = QuoteTicks | TradeTicks


class Log:
    """In the place of a broker, which cannot be told when to do what: it acknowledges or not, and is read or not."""

    def __init__(self) -> None:
        self._newest = Newest()
        self._reader = Publisher(self._newest)
        self._reader.start()
        self._unread: list[Message] = []
        self._silent_since_s: float | None = None
        self.is_read = True

    def append(self, message: Message) -> None:
        self._unread.append(message)
        if self.is_read:
            self.read()

    def read(self) -> None:
        for message in self._unread:
            if isinstance(message, QuoteTicks):
                self._newest.put_quotes(message)
            else:
                self._newest.put_trades(message)
        self._reader.wake(quotes=bool(self._unread))
        self._unread.clear()

    def fall_silent(self) -> None:
        self.is_read = False
        self._silent_since_s = time.monotonic()

    def acknowledge(self) -> None:
        self._silent_since_s = None

    def read_on(self) -> None:
        self.is_read = True
        self.read()

    def silence(self) -> Silence:
        return Silence(0.0 if self._silent_since_s is None else time.monotonic() - self._silent_since_s, "late")

    def close(self) -> None:
        self._reader.stop()


class Feed:
    """Each of SYMBOLS gets a quote every 5 ms and a print with each fortieth: the screens keep the newest twenty prints."""

    def __init__(self, log: Log, *, epoch: int = 1_000) -> None:
        self.log = log
        self.epoch = epoch
        self.number = 0
        self.path = DirectPath("test-direct", epoch, log, DirectLine)

    async def run(self) -> None:
        while True:
            self.tick()
            await asyncio.sleep(0.005)

    def tick(self) -> None:
        self.number += 1
        at_ns = time.time_ns()
        quotes = [QuoteTick(symbol, self.number, at_ns, "100", "101", "1", "2") for symbol in SYMBOLS]
        messages: list[Message] = [QuoteTicks("test-direct", self.epoch, quotes)]
        if self.number % 40 == 0:
            prints = [TradeTick(symbol, self.number // 40, at_ns, "100", "1", Side.BUY) for symbol in SYMBOLS]
            messages.append(TradeTicks("test-direct", self.epoch, prints))
        for message in messages:
            self.log.append(message)
            self.path.put(message)
        self.path.look(time.monotonic())


@contextmanager
def a_log() -> Iterator[Log]:
    log = Log()
    try:
        yield log
    finally:
        log.close()


@asynccontextmanager
async def a_screen() -> AsyncIterator[tuple[Hub, Wire]]:
    loop = asyncio.get_running_loop()
    hub = Hub(loop)
    line = asyncio.create_task(ShardLine(loop, hub.ingest).run())
    _, wire = make(hub, *SYMBOLS)
    try:
        yield hub, wire
    finally:
        line.cancel()
        await asyncio.wait({line})


@asynccontextmanager
async def a_feed(log: Log) -> AsyncIterator[Feed]:
    feed = Feed(log)
    running = asyncio.create_task(feed.run())
    try:
        yield feed
        assert not running.done(), running
    finally:
        running.cancel()
        await asyncio.wait({running})
        await asyncio.to_thread(feed.path.close)


async def until(condition: Any, what: str) -> None:
    deadline = time.monotonic() + 40
    while not condition():
        assert time.monotonic() < deadline, what
        await asyncio.sleep(0.01)


def newest(wire: Wire) -> int:
    """The number up to which every symbol is shown."""
    shown = {quote[0]: quote[2] for quote in wire.quotes()}
    return min((shown.get(symbol, 0) for symbol in SYMBOLS), default=0)


def check_order(wire: Wire) -> None:
    for symbol in SYMBOLS:
        for kind in ("q", "p"):
            numbers = [each[2] for each in wire.parts(kind) if each[0] == symbol]
            assert numbers == sorted(set(numbers)), f"{kind} of {symbol} came twice, or went back"


@pytest.mark.fault("F1")
async def test_prices_go_on_while_the_log_is_silent_each_once_and_none_goes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(direct, "WELL_FOR_S", 0.3)
    with a_log() as log:
        async with a_screen() as (hub, wire), a_feed(log) as feed:
            await until(lambda: newest(wire) > 10 and hub.hears_the_log(), "prices by the log")
            assert not feed.path.is_on
            log.fall_silent()
            fell_silent_at = feed.number
            await until(lambda: feed.path.is_on, "the direct path")
            await until(lambda: newest(wire) > fell_silent_at + 50, "prices around the log")
            await until(lambda: not hub.hears_the_log(), "the stream to notice that the log brings nothing")
            assert hub.quotes_live()

            log.acknowledge()
            again_at = feed.number
            await until(lambda: feed.number > again_at + 200, "a second")
            assert feed.path.is_on, "acknowledged, but nobody reads it: the screens still need the direct path"
            log.read_on()
            await until(lambda: not feed.path.is_on, "the end of the direct path")
            ended_at = feed.number
            await until(lambda: newest(wire) > ended_at + 20 and hub.hears_the_log(), "prices by the log again")
        check_order(wire)
        for symbol in SYMBOLS:
            prints = [each[2] for each in wire.parts("p") if each[0] == symbol]
            assert prints == list(range(prints[0], prints[-1] + 1)), "none is missing, of those neither that the log never told"
            assert prints[0] < fell_silent_at // 40 + 2 and prints[-1] >= ended_at // 40


@pytest.mark.long
async def test_a_feed_that_was_replaced_shows_nothing_when_it_wakes() -> None:
    with a_log() as log:
        async with a_screen() as (_, wire):
            log.fall_silent()
            sleeper, successor = Feed(log, epoch=1_000), Feed(log, epoch=2_000)
            try:
                await until(lambda: sleeper.tick() or newest(wire) > 0, "the first feed's prices")
                await until(lambda: successor.tick() or {quote[1] for quote in wire.quotes()} == {1_000, 2_000}, "the second's")
                before = len(wire.quotes())
                for _ in range(50):
                    sleeper.tick()
                    await asyncio.sleep(0.005)
                await until(lambda: successor.tick() or len(wire.quotes()) > before + 2 * len(SYMBOLS), "more prices")
                epochs = [quote[1] for quote in wire.quotes()]
                assert epochs == sorted(epochs)
            finally:
                await asyncio.to_thread(sleeper.path.close)
                await asyncio.to_thread(successor.path.close)

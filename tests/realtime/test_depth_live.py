"""Depth and bars from the log to a browser's socket, through real processes: the whole, what changed, the whole for who asks."""

import asyncio
from decimal import Decimal
from typing import Any

import pytest

from apps.eventlog.schemas.marketdata import BarTick, BarTicks, Depth
from tests.realtime.book import PageBook
from tests.realtime.conftest import Browser, Market, Server, open_browser

pytestmark = [pytest.mark.processes, pytest.mark.asyncio]


class BookPublisher:
    """The marketdata consumer's part: a book of twenty levels, of which the first moves with each version."""

    def __init__(self, market: Market, symbol: str) -> None:
        self._market, self.symbol, self.sequence = market, symbol, 0

    def send(self) -> Depth:
        self.sequence += 1
        bids = [(str(Decimal(1000 - step) / 10), "1", "0") for step in range(10)]
        asks = [(str(Decimal(1001 + step) / 10), "1", "0") for step in range(10)]
        bids[0] = (bids[0][0], str(self.sequence), "1")
        depth = Depth(self.symbol, self._market.epoch, self.sequence, self.sequence * 1_000_000, bids, asks)
        self._market.send("marketdata.depth", self.symbol, depth)
        self._market.flush()
        return depth


def take(book: PageBook, messages: list[dict[str, Any]]) -> None:
    for message in messages:
        for part in message["d"] if message["t"] in ("d", "dd") else ():
            if message["t"] == "d":
                book.take_snapshot(part)
            else:
                assert book.take_delta(part)


async def seen(browser: Browser, sequence: int) -> None:
    """Wait until the browser was sent the book ``sequence``, whole or as a delta."""
    async with asyncio.timeout(20):
        while not any(
            part[2 if message["t"] == "d" else 3] == sequence
            for message in browser.messages
            if message["t"] in ("d", "dd")
            for part in message["d"]
        ):
            await asyncio.sleep(0.01)


async def test_a_book_comes_whole_and_then_as_what_changed_and_whole_to_who_asks(server: Server, market: Market) -> None:
    publisher = BookPublisher(market, f"BOOK-{server.port}")
    async with open_browser(server.url) as browser:
        await browser.hello()
        await browser.say(op="watch", symbols=[publisher.symbol], depth=[publisher.symbol])
        for _ in range(6):
            newest = publisher.send()
            await seen(browser, newest.sequence)
        book = PageBook()
        take(book, browser.messages)
        assert book.by_delta >= 4
        assert (book.sequence, book.bids[0]) == (newest.sequence, list(newest.bids[0]))
        wholes = len(browser.of("d"))
        await browser.say(op="resync", depth=[publisher.symbol], why="checksum")
        await browser.first("d", lambda _: len(browser.of("d")) > wholes)
        again = PageBook()
        again.take_snapshot(browser.of("d")[-1])
        assert (again.sequence, again.bids, again.asks) == (book.sequence, book.bids, book.asks)
        await seen(browser, publisher.send().sequence)
        take(again, [message for message in browser.messages if message["t"] == "dd"][-1:])
        assert again.sequence == publisher.sequence


async def test_quotes_tell_when_they_left_and_the_first_ones_that_they_are_all(server: Server, market: Market) -> None:
    async with open_browser(server.url) as browser:
        await browser.hello()
        await browser.say(op="watch", symbols=["LEFT-A"])
        assert (await browser.first("q"))["full"] is True
        sequence = market.quote("LEFT-A")
        market.flush()
        frame = await browser.first("q", lambda message: any(part[2] == sequence for part in message["d"]))
        assert "full" not in frame and frame["at"] >= frame["d"][0][3]
        await browser.first("h", lambda message: "rtt" in message)


async def test_the_bars_that_are_watched_come_as_they_change(server: Server, market: Market) -> None:
    symbol = f"BARS-{server.port}"

    def send(start_s: int, sequence: int, interval: str = "1m") -> None:
        bar = BarTick(symbol, interval, start_s, "10", "12", "9.5", "11", "3.25", sequence)  # type: ignore[arg-type]
        market.send("marketdata.bars", symbol, BarTicks([bar]))
        market.flush()

    async with open_browser(server.url) as browser, open_browser(server.url) as other:
        for each, interval in ((browser, "1m"), (other, "5m")):
            await each.hello()
            await each.say(op="watch", symbols=[], bars=[[symbol, interval]])
            await each.first("q")
        for start_s, sequence in ((60, 1), (60, 2), (120, 1)):
            send(start_s, sequence)
            await browser.first("b", lambda _, sequence=sequence, start=start_s: _is_last(browser, start, sequence))
        send(0, 7, "5m")
        await other.first("b")
        assert [part[:3] for part in other.of("b")] == [[symbol, "5m", 0]]
        assert {(part[2], part[8]) for part in browser.of("b")} == {(60_000, 1), (60_000, 2), (120_000, 1)}
        assert browser.of("b")[-1] == [symbol, "1m", 120_000, "10", "12", "9.5", "11", "3.25", 1]
        async with open_browser(server.url) as late:
            await late.hello()
            await late.say(op="watch", symbols=[], bars=[[symbol, "1m"]])
            await late.first("b")
            assert [(part[2], part[8]) for part in late.of("b")] == [(120_000, 1)]


def _is_last(browser: Browser, start_s: int, sequence: int) -> bool:
    return (browser.of("b")[-1][2], browser.of("b")[-1][8]) == (start_s * 1000, sequence)

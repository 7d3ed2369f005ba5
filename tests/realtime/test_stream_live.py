"""From a tick in the log to a browser's socket, through real processes."""

import asyncio
import json
import time

import pytest
import websockets

from apps.realtime import limits
from tests.realtime.conftest import ON_BOTH, ORIGIN, Market, Server, open_browser

pytestmark = [pytest.mark.processes, pytest.mark.asyncio]


@ON_BOTH
async def test_a_quote_in_the_log_arrives_on_a_socket(server: Server, market: Market) -> None:
    async with open_browser(server.url) as browser:
        welcome = await browser.hello()
        assert abs(welcome["now"] - time.time() * 1000) < 2000
        await browser.say(op="watch", symbols=["LIVE-A"], depth=["LIVE-A"])
        await browser.first("q")
        sequence = market.quote("LIVE-A", "12.34", "12.35")
        market.quote("LIVE-B")
        print_sequence = market.trade("LIVE-A", "12.345")
        quote = (await browser.first("q", lambda message: any(part[2] == sequence for part in message["d"])))["d"][0]
        assert quote[0] == "LIVE-A" and quote[1] == market.epoch and quote[4:] == ["12.34", "12.35", "1", "2"]
        await browser.first("p", lambda _: any(part[2] == print_sequence for part in browser.of("p")))  # after the snapshot's
        assert browser.of("p")[-1][2] == print_sequence
        assert browser.of("p")[-1][4:] == ["12.345", "0.5", "BUY", "FEED"]
        assert {part[0] for part in browser.of("q")} == {"LIVE-A"}


@ON_BOTH
async def test_the_first_frame_after_watch_is_the_snapshot(server: Server, market: Market) -> None:
    sequences = {symbol: market.quote(symbol) for symbol in ("SNAP-A", "SNAP-B")}
    market.flush()
    async with open_browser(server.url) as first:
        await first.hello()
        await first.say(op="watch", symbols=["SNAP-A", "SNAP-B"])
        # The other server's run has quoted these symbols too: what is waited for is this run's quotes.
        await first.first("q", lambda _: {part[0]: part[2] for part in first.of("q")} == sequences)
        async with open_browser(server.url) as second:
            await second.hello()
            await second.say(op="watch", symbols=["SNAP-A", "SNAP-B"])
            snapshot = await second.first("q")
            assert {part[0]: part[2] for part in snapshot["d"]} == sequences


@ON_BOTH
async def test_the_largest_watch_set_has_its_snapshot_in_one_frame(server: Server, market: Market) -> None:
    """Servers limit the size of messages, and one of them counts its own as well."""
    symbols = [f"LARGE-{server.port}-{number}"[-16:] for number in range(limits.SYMBOLS_MAX)]
    for symbol in symbols:
        market.quote(symbol, "100000000000.12345678", "100000000001.12345678")
    market.flush()
    async with open_browser(server.url) as first:
        await first.hello()
        await first.say(op="watch", symbols=symbols)
        await first.first("q", lambda _: len({part[0] for part in first.of("q")}) == len(symbols))
        await first.say(op="watch", symbols=symbols[:1])
        await first.say(op="watch", symbols=symbols)
        largest = await first.first("q", lambda message: message.get("full") and len(message["d"]) == len(symbols))
        assert len(json.dumps(largest)) > 40_000


async def test_an_idle_socket_stays_open(server: Server, market: Market) -> None:
    """The layer's client of today cuts what is idle for 5 s, unless it is told not to."""
    async with open_browser(server.url) as browser:
        await browser.hello()
        await asyncio.sleep(7)
        assert browser.close_code is None
        await browser.say(op="watch", symbols=["IDLE"])
        sequence = market.quote("IDLE")
        await browser.first("q", lambda message: any(part[2] == sequence for part in message["d"]))


async def test_heartbeats_come_each_second_and_tell_whether_quotes_come(uvicorn: Server, market: Market) -> None:
    async with open_browser(uvicorn.url) as browser:
        await browser.hello()
        market.quote("BEAT")
        await browser.first("h", lambda message: message["quotes"])
        await browser.first("h", lambda message: not message["quotes"])
        numbers = [message["n"] for message in browser.messages if message["t"] == "h"]
        assert numbers == list(range(1, len(numbers) + 1))


async def test_a_socket_that_never_answers_heartbeats_is_closed(server: Server) -> None:
    async with open_browser(server.url, acknowledges=False) as browser:
        await browser.hello()
        assert await browser.closed() == 4008


async def test_three_hundred_at_once_all_come_live(uvicorn: Server, market: Market) -> None:
    gate = asyncio.Event()

    async def one() -> float:
        async with open_browser(uvicorn.url) as browser:
            await browser.hello()
            await browser.say(op="watch", symbols=["CROWD"])
            await browser.first("q")
            ready.append(1)
            await gate.wait()
            await browser.first("q", lambda message: any(part[2] == sequence for part in message["d"]))
            return browser.arrived_at[-1]

    ready: list[int] = []
    sequence = 0
    everyone = [asyncio.create_task(one()) for _ in range(300)]
    async with asyncio.timeout(60):
        while len(ready) < 300:
            failed = [task for task in everyone if task.done()]
            assert not failed, failed[0].exception()
            await asyncio.sleep(0.05)
        sequence = market.quote("CROWD")
        market.flush()
        gate.set()
        await asyncio.gather(*everyone)


@pytest.mark.parametrize(
    "origin",
    [
        None,
        "null",
        "",
        "http://127.0.0.1",
        "https://127.0.0.1:8000",
        "http://127.0.0.1:8001",
        "http://evil.127.0.0.1:8000",
        "http://127.0.0.1:8000.evil.example",
        "http://127.0.0.1:8000/",
        "HTTP://127.0.0.1:8000",
        "http://127.0.0.1:8000\x0b",
        "http://127.0.0.1:8000\x85",
        "*",
        "file://",
        "https://app.example",
    ],
)
async def test_another_origin_is_denied_before_the_handshake(server: Server, origin: str | None) -> None:
    with pytest.raises(websockets.InvalidStatus if origin is None or origin.isprintable() else Exception) as refused:
        async with open_browser(server.url, origin=origin):
            pass
    if isinstance(refused.value, websockets.InvalidStatus):
        assert refused.value.response.status_code in (400, 403)


@pytest.mark.parametrize("origin", [ORIGIN, "https://app.example:8443"])
async def test_each_public_origin_is_let_in(server: Server, origin: str) -> None:
    async with open_browser(server.url, origin=origin) as browser:
        await browser.hello()


async def test_another_path_is_no_socket(server: Server) -> None:
    with pytest.raises(websockets.InvalidStatus):
        async with open_browser(server.url + "/other"):
            pass

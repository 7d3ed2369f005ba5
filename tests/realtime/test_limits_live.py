"""Each limit of the socket, broken once, on real servers."""

import asyncio
import contextlib
import json
import os
import re
import socket
import statistics
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import websockets

from apps.realtime import limits
from tests.realtime.conftest import ON_BOTH, ORIGIN, Browser, Market, Process, Server, open_browser

pytestmark = [pytest.mark.processes, pytest.mark.asyncio]


async def test_who_says_no_hello_is_closed(server: Server) -> None:
    async with open_browser(server.url) as browser:
        assert await browser.closed() == 1008


@pytest.mark.fault("F22")
@ON_BOTH
async def test_too_many_messages_at_once_close_and_keep_the_address_out(server: Server) -> None:
    flooding, other = ("127.0.0.77", 0), ("127.0.0.78", 0)
    async with open_browser(server.url, local_addr=flooding) as browser:
        await browser.hello()
        for number in range(limits.MESSAGE_BURST + 5):
            await browser.say(op="watch", symbols=[f"FAST-{number}"])
        assert await browser.closed() == 1008
    async with open_browser(server.url, local_addr=flooding) as again, open_browser(server.url, local_addr=other) as neighbour:
        await again.say(op="hello", v=1)
        assert await again.closed() == 1008
        await neighbour.hello()


@pytest.mark.fault("F22")
async def test_a_log_in_that_flooded_is_kept_out_wherever_it_comes_from_and_no_other(uvicorn: Server, make_owner: Any) -> None:
    flooding, neighbour = make_owner(), make_owner()
    async with open_browser(uvicorn.url, local_addr=("127.0.0.79", 0)) as browser:
        await browser.hello(ticket=flooding.ticket())
        for _ in range(limits.MESSAGE_BURST + 5):
            await browser.say(op="watch", symbols=[])
        assert await browser.closed() == 1008
    async with (
        open_browser(uvicorn.url) as again,
        open_browser(uvicorn.url, local_addr=("127.0.0.79", 0)) as beside,
        open_browser(uvicorn.url, local_addr=("127.0.0.79", 0)) as visitor,
    ):
        await again.say(op="hello", v=1, ticket=flooding.ticket())
        assert await again.closed() == 1008
        await beside.hello(ticket=neighbour.ticket())
        await visitor.hello()


@pytest.mark.fault("F26")
@ON_BOTH
async def test_a_bad_message_is_answered_and_the_third_closes(server: Server) -> None:
    async with open_browser(server.url) as browser:
        await browser.hello()
        await browser.connection.send("{")
        assert (await browser.first("err"))["code"] == "BAD_MESSAGE"
        await browser.connection.send(b"\x00\x01")
        assert browser.close_code is None
        await browser.say(op="ack", n=999)
        assert await browser.closed() == 1008
        assert len([message for message in browser.messages if message["t"] == "err"]) == 2


@pytest.mark.fault("F26")
@ON_BOTH
async def test_what_was_answered_arrives_before_the_close_also_when_all_came_at_once(server: Server) -> None:
    async with open_browser(server.url, acknowledges=False) as browser:
        await browser.hello()
        for _ in range(limits.BAD_MESSAGES_MAX):
            await browser.connection.send("{")
        assert await browser.closed() == 1008
        assert len([message for message in browser.messages if message["t"] == "err"]) == limits.BAD_MESSAGES_MAX - 1


@pytest.mark.fault("F26")
async def test_too_large_a_message_closes(server: Server) -> None:
    async with open_browser(server.url) as browser:
        await browser.hello()
        await browser.connection.send(json.dumps({"op": "hello", "v": 1, "ticket": "x" * limits.MESSAGE_BYTES_MAX}))
        assert await browser.closed() == 1008


async def test_hello_comes_first_and_once(uvicorn: Server) -> None:
    async with open_browser(uvicorn.url) as browser:
        await browser.say(op="watch", symbols=["A"])
        await browser.first("err")
        await browser.hello()
        await browser.say(op="hello", v=1)
        await browser.first("err", lambda message: "before" in message["text"])


@pytest.fixture(scope="module", params=["uvicorn", pytest.param("daphne", marks=pytest.mark.long)])
def narrow_server(request: pytest.FixtureRequest, consumer: Process, logs: Path) -> Iterator[Server]:
    limits_of = {"STREAM_SOCKETS_PER_IP": "3", "STREAM_HANDSHAKES_PER_SECOND": "8"}
    server = Server(request.param, logs / f"{request.param}-narrow.log", **limits_of)
    yield server
    server.end()


async def test_too_many_from_one_address_are_told_to_come_later(narrow_server: Server) -> None:
    async with (
        open_browser(narrow_server.url) as first,
        open_browser(narrow_server.url) as second,
        open_browser(narrow_server.url),
    ):
        async with open_browser(narrow_server.url) as fourth:
            assert await fourth.closed() == 1013
        await second.connection.close()
        await first.hello()
        async with open_browser(narrow_server.url) as instead:
            await instead.hello()


@pytest.mark.fault("F23")
async def test_more_handshakes_than_a_second_allows_are_told_when_to_come_back(narrow_server: Server) -> None:
    refused: list[Browser] = []
    async with asyncio.timeout(60):
        while len(refused) < 2:
            async with contextlib.AsyncExitStack() as stack:
                addresses = [(f"127.0.1.{number}", 0) for number in range(1, 41)]
                opening = [open_browser(narrow_server.url, local_addr=address) for address in addresses]
                browsers = await asyncio.gather(*(stack.enter_async_context(each) for each in opening))
                refused = [browser for browser in browsers if await _is_refused(browser)]
                assert len(refused) < len(browsers), "some are let in"
    for browser in refused:
        assert browser.close_code == 1013
        pause = re.fullmatch(r"retry ([0-9]+)", browser.connection.close_reason)
        assert pause and 1000 <= int(pause[1]) <= 10_000
    assert len({browser.connection.close_reason for browser in refused}) > 1, "they come back apart"


async def _is_refused(browser: Browser) -> bool:
    with contextlib.suppress(websockets.ConnectionClosed):
        await browser.say(op="hello", v=1)
    async with asyncio.timeout(20):
        while browser.close_code is None and not browser.messages:
            await asyncio.sleep(0.01)
    return browser.close_code is not None


@pytest.mark.parametrize("kind", ["uvicorn", "daphne"])
async def test_a_server_that_is_told_to_stop_says_goodbye(consumer: Process, logs: Path, kind: str) -> None:
    server = Server(kind, logs / f"{kind}-stop.log")
    try:
        async with open_browser(server.url) as browser:
            await browser.hello()
            server.terminate()
            await browser.first("bye")
            assert await browser.closed() == 1012
        assert await asyncio.to_thread(server.end) in (0, -15)
    finally:
        server.end()


# --- The reader that does not read -----------------------------------------------------------------------------------------


def rss_bytes(pid: int) -> int:
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


async def stalled(url: str, port: int, symbols: list[str]) -> Any:
    """A browser that watches and then never reads again, with a small receive buffer."""
    narrow = socket.socket()
    narrow.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 8192)
    narrow.connect(("127.0.0.1", port))
    connection = await websockets.connect(url, origin=ORIGIN, sock=narrow, compression=None)  # type: ignore[arg-type]
    await connection.send(json.dumps({"op": "hello", "v": 1}))
    await connection.recv()
    await connection.send(json.dumps({"op": "watch", "symbols": symbols}))
    connection.transport.pause_reading()
    return connection


async def read_to_the_end(connection: Any) -> None:
    """Take what is still on its way. The client's library stops reading while sixteen messages wait for its user, so one that
    takes none of them never comes to the close that follows."""
    with contextlib.suppress(websockets.ConnectionClosed):
        while True:
            await connection.recv()
    await connection.wait_closed()


async def closed_for_slowness(server: Server) -> int:
    """How many sockets the server has closed because they do not read."""

    def ask() -> str:
        with urllib.request.urlopen(f"http://127.0.0.1:{server.port}/metrics", timeout=10) as answer:
            return str(answer.read().decode())

    pattern = r'^tredye_realtime_closes_total\{code="4008",[^}]*\} ([0-9.]+)'
    found = re.findall(pattern, await asyncio.to_thread(ask), re.MULTILINE)
    return round(sum(map(float, found)))


def ages_ms(browser: Browser, since: int) -> list[float]:
    offset = time.time() - time.monotonic()
    return [
        (arrived + offset) * 1000 - part[3]
        for message, arrived in zip(browser.messages[since:], browser.arrived_at[since:], strict=False)
        if message["t"] == "q"
        for part in message["d"]
    ]


@pytest.mark.long
@pytest.mark.fault("F21")
async def test_slow_readers_cost_no_memory_delay_nobody_and_are_closed(server: Server, market: Market) -> None:
    symbols = [f"SLOW-{number}" for number in range(150)]
    async with open_browser(server.url) as healthy:
        await healthy.hello()
        await healthy.say(op="watch", symbols=symbols)
        slow = [await stalled(server.url, server.port, symbols) for _ in range(10)]
        before, began = rss_bytes(server.pid), len(healthy.messages)
        closed, rounds = await closed_for_slowness(server), 0
        # At least 8 s, and until what is sent has filled the slow ones up: on a busy machine, more is conflated.
        while rounds < 80 or (rounds < 400 and await closed_for_slowness(server) - closed < len(slow)):
            rounds += 1
            for symbol in symbols:
                market.quote(symbol)
            market.flush()
            await asyncio.sleep(0.1)
        ages = ages_ms(healthy, began)
        assert len(ages) > 1000 and healthy.close_code is None
        assert statistics.median(ages) < 1_000, "a server that waited for the slow ones would be seconds behind"
        assert rss_bytes(server.pid) - before < 12 * 2**20
        assert await closed_for_slowness(server) - closed == len(slow)
        for connection in slow:
            connection.transport.resume_reading()
            async with asyncio.timeout(30):
                await read_to_the_end(connection)
            assert connection.close_code in (4008, 1006)

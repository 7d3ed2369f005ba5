"""Whatever a client sends in place of a message: one error frame each, the third closes, and nobody else notices."""

import asyncio
import json
import socket
from typing import Any

import pytest
import websockets

from apps.realtime import limits
from tests.faults.figures import note
from tests.realtime.conftest import ON_BOTH, Market, Server, open_browser
from tests.realtime.hostile import BY_HAND, bad_messages

pytestmark = [pytest.mark.processes, pytest.mark.asyncio, pytest.mark.fault("F26")]

#: What RFC 6455 has for text that is no UTF-8, and for a message that is too large for the server.
PROTOCOL_CODES = {1002, 1006, 1007, 1008, 1009}


async def refused(server: Server, texts: list[str]) -> None:
    """Send as many as a socket may; each is answered, and the next one closes."""
    async with open_browser(server.url) as browser:
        await browser.hello()
        for text in texts:
            await browser.connection.send(text)
        async with asyncio.timeout(30):
            while len(answers(browser.messages)) < len(texts):
                assert browser.close_code is None, (browser.close_code, texts)
                await asyncio.sleep(0.005)
        await browser.connection.send("{")
        assert await browser.closed(30) == 1008
        errors = answers(browser.messages)
        assert len(errors) == len(texts), (errors, texts)
        for error in errors:
            assert error["code"] == "BAD_MESSAGE" and len(error["text"]) <= 200 and error["text"].isascii()


def answers(messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [message for message in messages if message["t"] == "err"]


async def test_each_of_many_bad_messages_is_answered_once_and_the_third_closes(server: Server, market: Market) -> None:
    corpus = bad_messages(320)
    assert len(corpus) == len(set(corpus)) == 320 and len(BY_HAND) > 80 and corpus == bad_messages(320)
    assert max(len(text.encode()) for text in corpus) <= limits.MESSAGE_BYTES_MAX
    pairs = [corpus[first : first + limits.BAD_MESSAGES_MAX - 1] for first in range(0, len(corpus), limits.BAD_MESSAGES_MAX - 1)]
    said_before = server.log.read_text()
    async with open_browser(server.url) as neighbour:
        await neighbour.hello()
        await neighbour.say(op="watch", symbols=["NEAR-HOSTILE"])
        for first in range(0, len(pairs), 20):
            await asyncio.gather(*(refused(server, pair) for pair in pairs[first : first + 20]))
        sequence = market.quote("NEAR-HOSTILE")
        market.flush()
        await neighbour.first("q", lambda message: any(part[2] == sequence for part in message["d"]), within=30)
        assert not answers(neighbour.messages)
    assert "Traceback" not in server.log.read_text().removeprefix(said_before)
    note("F26", f"{server.kind}: {len(corpus)} bad messages, each answered once, the third closes; a neighbour's prices go on")


@pytest.mark.parametrize(
    "payload",
    [b"\xff\xfe", b'{"op":"ack","n":1}\xc3', b"\xed\xa0\x80", b"\x00" * (limits.MESSAGE_BYTES_MAX + 1), b" " * (2**20 + 1)],
    ids=["no UTF-8", "cut UTF-8", "a surrogate", "12 KiB and 1", "1 MiB and 1"],
)
async def test_text_that_is_none_and_messages_beyond_the_limit_end_the_socket(
    server: Server, market: Market, payload: bytes
) -> None:
    said_before = server.log.read_text()
    async with open_browser(server.url) as browser:
        await browser.hello()
        try:
            await browser.connection.send(payload, text=True)
        except websockets.ConnectionClosed:
            pass
        assert await browser.closed(30) in PROTOCOL_CODES
    async with open_browser(server.url) as next_one:
        await next_one.hello()
    assert "Traceback" not in server.log.read_text().removeprefix(said_before)


@ON_BOTH
async def test_a_message_in_many_fragments_counts_as_one_and_an_endless_one_ends_the_socket(server: Server) -> None:
    async with open_browser(server.url) as browser:
        await browser.hello()
        await browser.connection.send(['{"op":"watch",', '"symbols":', "[]}"])
        await browser.first("q")
        assert browser.close_code is None

        def endless() -> Any:
            while True:
                yield " " * 1000

        with pytest.raises(websockets.ConnectionClosed):
            async with asyncio.timeout(30):
                await browser.connection.send(endless())
        assert await browser.closed(30) in PROTOCOL_CODES


@ON_BOTH
async def test_a_client_that_leaves_in_the_middle_of_a_frame_leaves_nothing(server: Server) -> None:
    async with open_browser(server.url) as browser:
        await browser.hello()
        raw: socket.socket = browser.connection.transport.get_extra_info("socket")
        browser.connection.transport.write(b"\x81\xfe\x10\x00abcd" + json.dumps({"op": "ack"}).encode())
        assert raw.family == socket.AF_INET
        browser.connection.transport.abort()
        assert await browser.closed(30) == 1006
    async with open_browser(server.url) as next_one:
        await next_one.hello()

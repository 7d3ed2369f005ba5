"""One socket says a thousand things a second: it is cut within 2 s, costs no memory, and is not let in for a minute."""

import asyncio
import time

import pytest

from apps.realtime import limits
from tests.faults.conftest import OwnRedis, ticking
from tests.faults.crowd import Crowd
from tests.faults.figures import note
from tests.faults.measures import counted, rss_bytes
from tests.faults.raw import RawSocket
from tests.realtime.conftest import ORIGIN, Server

pytestmark = [pytest.mark.processes, pytest.mark.asyncio, pytest.mark.fault("F22")]

SYMBOLS = ("FAULT-A",)
CUT_S = 2.0
RSS_BYTES_MAX = 5 * 2**20
#: How loopback addresses of the floods' own begin, so that their bans meet nobody else.
FLOODERS = {"uvicorn": "127.0.0.7", "daphne": "127.0.0.8"}


def flood(socket: RawSocket, seconds: float) -> tuple[float, int | None, int]:
    """A thousand messages a second until it is cut: after how long that was, with which code, and how many were said."""
    began, said = time.monotonic(), 0
    code: int | None = None
    while (elapsed := time.monotonic() - began) < seconds:
        try:
            while said < elapsed * 1000:
                said += 1
                socket.say(op="watch", symbols=[f"FLOOD-{said}"])
        except OSError:
            break
        _, code, is_over = socket.read()
        if is_over:
            break
        time.sleep(0.001)
    return time.monotonic() - began, code, said


async def check_a_flood(server: Server, *, in_time: bool) -> None:
    address = FLOODERS[server.kind] + ("1" if in_time else "0")
    async with ticking(), Crowd(server.url, ORIGIN, 20, SYMBOLS) as crowd:
        closed, banned, rss = await asyncio.to_thread(state_of, server)
        took_s, code, said = await asyncio.to_thread(come_and_flood, server, address)
        grown = rss_bytes(server.pid) - rss
        note(f"{server.kind}", f"cut after {took_s:.2f} s and {said} messages, memory +{grown / 2**20:.1f} MiB")
        assert code in (1008, None)
        again = await asyncio.to_thread(come, server, address)
        assert (await asyncio.to_thread(again.read_to_the_end))[1] == 1008, f"for {limits.BAN_FOR:.0f} s"
        again.close()
        after = await asyncio.to_thread(state_of, server)
        assert (after[0] - closed, after[1] - banned) == (2, 1), "both ends are counted, the second one as a ban"
        assert crowd.closes() == {}, "who comes from elsewhere notices nothing"
        assert grown < RSS_BYTES_MAX
        assert took_s < CUT_S or not in_time


async def test_a_flood_is_cut_and_its_sender_kept_out(server: Server, own_redis: OwnRedis) -> None:
    await check_a_flood(server, in_time=False)


@pytest.mark.long
async def test_a_flood_is_cut_within_two_seconds(server: Server, own_redis: OwnRedis) -> None:
    await check_a_flood(server, in_time=True)


def come(server: Server, address: str) -> RawSocket:
    socket = RawSocket(server.port, ORIGIN, address=address)
    socket.greet(*SYMBOLS)
    return socket


def come_and_flood(server: Server, address: str) -> tuple[float, int | None, int]:
    socket = come(server, address)
    try:
        return flood(socket, 30)
    finally:
        socket.close()


def state_of(server: Server) -> tuple[int, int, int]:
    """Sockets closed for a broken limit, those refused as banned, and the process's memory in bytes."""
    closed = counted(server.port, "tredye_realtime_closes", code="1008")
    return closed, counted(server.port, "tredye_realtime_denied", reason="ban"), rss_bytes(server.pid)

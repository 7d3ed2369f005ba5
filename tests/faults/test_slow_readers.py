"""Twenty of a thousand take nothing for twenty seconds: they cost little memory, delay nobody, and are closed.

Ten are silent. Ten say something every second to look alive, which is how a server without back-pressure is filled up for ever.
"""

import asyncio
import os

import pytest

from tests.faults.conftest import OwnRedis, feeding
from tests.faults.crowd import PAGES, Crowd, percentile
from tests.faults.figures import note
from tests.faults.measures import counted, rss_bytes
from tests.faults.raw import RawSocket
from tests.realtime.conftest import ORIGIN, Server

pytestmark = [pytest.mark.processes, pytest.mark.asyncio, pytest.mark.fault("F21")]

SYMBOLS = tuple(f"SLOW-{number}" for number in range(100))
TICK_S = 0.25
#: As much as fills whoever does not read within seconds, whatever the kernel takes for it.
FAST_TICK_S = 0.05
STALL_S = 20.0
RSS_BYTES_MAX = 20 * 2**20
STALE_BYTES_MAX = 256 * 1024
#: The others' p99 with the stalled ones, by the same without them.
P99_RATIO_MAX = 1.1


async def stall(server: Server, count: int, seconds: float, buffer_bytes: int | None = None) -> list[RawSocket]:
    """Sockets that read nothing for so long; every second one goes on talking."""
    stalled = [await asyncio.to_thread(greeted, server, buffer_bytes) for _ in range(count)]
    for _ in range(int(seconds)):
        await asyncio.sleep(1)  # they say one thing a second, far below every limit
        for each in stalled[::2]:
            try:
                each.say(op="ack", n=0)  # whoever is behind is sent no heartbeat that it could answer
            except OSError:
                pass  # the server has hung up: that is what is wanted
    return stalled


def greeted(server: Server, buffer_bytes: int | None) -> RawSocket:
    socket = RawSocket(server.port, ORIGIN, buffer_bytes=buffer_bytes)
    socket.greet(*SYMBOLS)
    return socket


def too_slow(server: Server) -> int:
    return counted(server.port, "tredye_realtime_closes", code="4008")


async def check_ends(server: Server, stalled: list[RawSocket], before: int) -> int:
    """Each was closed as too slow and takes but little that is old; returns the most bytes of one."""
    for _ in range(60):  # a machine that is busy is late with them
        if (closed := await asyncio.to_thread(too_slow, server) - before) >= len(stalled):
            break
        await asyncio.sleep(1)
    assert closed == len(stalled), "each is counted as what it was"
    most = 0
    for each in stalled:
        count, code = await asyncio.to_thread(each.read_to_the_end)
        assert code in (4008, None), "told, or cut because it did not take even that"
        most = max(most, count)
        each.close()
    assert most <= STALE_BYTES_MAX
    return most


@pytest.mark.parametrize("server", ["daphne"], indirect=True)  # of the two the one that would buffer without end
async def test_stalled_readers_are_closed_and_take_little_that_is_old(server: Server, own_redis: OwnRedis) -> None:
    async with feeding(SYMBOLS, TICK_S), Crowd(server.url, ORIGIN, 5, SYMBOLS[:1]) as crowd:
        before = await asyncio.to_thread(too_slow, server)
        stalled = await stall(server, 4, 8, buffer_bytes=8192)
        await check_ends(server, stalled, before)
        assert crowd.closes() == {}


@pytest.mark.long
@pytest.mark.timeout(600)
async def test_twenty_stalled_of_a_thousand(server: Server, own_redis: OwnRedis) -> None:
    shown = SYMBOLS[:2]
    async with feeding(SYMBOLS, FAST_TICK_S), Crowd(server.url, ORIGIN, PAGES - 20, shown, follows=False) as crowd:
        for visitor in crowd.visitors[::20]:
            visitor.keep_ages()
        alone, beside, rss = [], [], 0
        before = await asyncio.to_thread(too_slow, server)
        most = 0
        for _ in range(3):  # in turns, since what else the machine does comes and goes
            crowd.ages_s()
            await asyncio.sleep(STALL_S)
            alone.append(percentile(crowd.ages_s(), 99))
            rss_before = rss_bytes(server.pid)
            stalled = await stall(server, 20, STALL_S)
            beside.append(percentile(crowd.ages_s(), 99))
            rss = max(rss, rss_bytes(server.pid) - rss_before)
            most = max(most, await check_ends(server, stalled, before))
            before += len(stalled)
        ratio = min(with_ / without for with_, without in zip(beside, alone, strict=True))
        closes = crowd.closes()
    note(
        f"20 stalled of {PAGES}, {server.kind}",
        f"memory +{rss / 2**20:.1f} MiB, at most {most / 1024:.0f} KiB old, others' p99"
        f" {[f'{value * 1000:.0f}' for value in alone]} ms without, {[f'{value * 1000:.0f}' for value in beside]} ms with",
    )
    assert rss <= RSS_BYTES_MAX
    assert ratio <= P99_RATIO_MAX, (alone, beside, os.getloadavg())
    assert closes == {}

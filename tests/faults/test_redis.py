"""Redis is emptied, restarted, frozen: prices are on every socket again within 3 s of its being back, without a reload."""

import asyncio
import time

import pytest

from apps.realtime import limits
from tests.faults.conftest import SYMBOLS, OwnRedis, newest_of, ticking
from tests.faults.crowd import Crowd, until
from tests.faults.figures import note, recovered
from tests.realtime.conftest import ORIGIN, Market, Server

pytestmark = [pytest.mark.processes, pytest.mark.asyncio, pytest.mark.fault("F10")]

#: The promise.
BACK_S = 3.0
#: Ticks while Redis is gone, and not again: what was missed must be asked for.
ONCE = "FAULT-ONCE"


async def shown_to_all_s(crowd: Crowd, market: Market, since: float) -> float:
    """Seconds after ``since`` at which everybody had a quote of each symbol that was made after this was called."""
    after = newest_of(market)
    await until(lambda: all(crowd.shown(symbol, after) == len(crowd.visitors) for symbol in SYMBOLS), 60, "new prices for all")
    return time.monotonic() - since


async def shown_once_s(crowd: Crowd, tick: tuple[int, int], since: float) -> float:
    await until(lambda: crowd.shown(ONCE, tick) == len(crowd.visitors), 60, "the price that ticked once, for all")
    return time.monotonic() - since


async def break_redis(
    own_redis: OwnRedis, how: str, seconds: float, market: Market, crowd: Crowd
) -> tuple[float, tuple[int, int]]:
    """Returns when Redis was usable again, and the one tick of ONCE that was made meanwhile."""
    if how == "emptied":
        own_redis.flush()
        once = await tick_once(market)
    elif how == "restarted":
        own_redis.kill()
        once = await tick_once(market)
    elif how == "away":
        await asyncio.to_thread(own_redis.stop)
        once = await tick_once(market)
        await stay_away(seconds, crowd)
        own_redis.start()
    else:
        with own_redis.frozen():
            once = await tick_once(market)
            await stay_away(seconds, crowd)
    return await asyncio.to_thread(own_redis.wait_until_usable), once


async def stay_away(seconds: float, crowd: Crowd) -> None:
    """At least for so long, and when that is long enough to be seen, until everybody was told."""
    await asyncio.sleep(seconds)  # how long it is away is the point: what waits for it does so in rounds
    if seconds > limits.QUOTES_STALE_AFTER:
        await until(
            lambda: not any(each.quotes_live for each in crowd.visitors), 60, "heartbeats that say that prices are not live"
        )


async def tick_once(market: Market) -> tuple[int, int]:
    sequence = market.quote(ONCE)
    await asyncio.to_thread(market.flush)
    return market.epoch, sequence


async def check_prices_are_back(server: Server, own_redis: OwnRedis, visitors: int, how: str, seconds: float) -> None:
    async with ticking() as market, Crowd(server.url, ORIGIN, visitors, (*SYMBOLS, ONCE)) as crowd:
        await shown_to_all_s(crowd, market, 0)
        usable_at, once = await break_redis(own_redis, how, seconds, market, crowd)
        took = await asyncio.gather(shown_to_all_s(crowd, market, usable_at), shown_once_s(crowd, once, usable_at))
        await until(lambda: all(each.quotes_live for each in crowd.visitors), 60, "heartbeats that say that prices are live")
        note(f"{how} for {seconds} s, {visitors} pages, {server.kind}", f"prices on all after {max(took):.2f} s")
        recovered(max(took))
        assert crowd.closes() == {}, "nobody lost the socket, so nobody reloaded"
        assert max(took) < BACK_S, (how, seconds, took)


@pytest.mark.parametrize("server", ["uvicorn"], indirect=True)
@pytest.mark.parametrize(
    ("how", "seconds"), [("emptied", 0), ("restarted", 0), pytest.param("frozen", 3, marks=pytest.mark.fault("F11"))]
)
async def test_prices_are_back(server: Server, own_redis: OwnRedis, how: str, seconds: float) -> None:
    await check_prices_are_back(server, own_redis, 20, how, seconds)


@pytest.mark.long
@pytest.mark.parametrize(("how", "seconds"), [("emptied", 0), ("restarted", 0), ("frozen", 1.5), ("frozen", 8), ("away", 6)])
async def test_prices_are_back_on_two_hundred_sockets(server: Server, own_redis: OwnRedis, how: str, seconds: float) -> None:
    await check_prices_are_back(server, own_redis, 200, how, seconds)

"""The network between any two of them fails, in every way, while programs trade: the books are right, all goes on by itself."""

import asyncio
import itertools
import os
import time
from collections.abc import Callable
from typing import NamedTuple

import pytest

from apps.realtime import limits
from tests.faults.conftest import SYMBOLS, OwnRedis, ticking
from tests.faults.crowd import Crowd, until
from tests.faults.figures import note, recovered
from tests.faults.lanes import is_full, seeds, times
from tests.faults.measures import counted
from tests.faults.proxy import TO_CLIENT, TO_SERVER, Proxy
from tests.faults.traders import Traders
from tests.faults.world import World
from tests.realtime.conftest import ORIGIN, Server

pytestmark = [pytest.mark.processes, pytest.mark.long]

#: From the end of a fault to the next order that is accepted: a page may be in its third try, an engine in its start.
BACK_WITHIN_S = 15.0
SLOW_S = 0.5
PAGES = 20
#: A page's deadline, and a second in which it was still heard.
GIVEN_UP_WITHIN_S = 5.0 + 2.0


class Pair(NamedTuple):
    """``stops_orders``: an order is on its way through here."""

    client: str
    server: str
    stops_orders: bool


PAIRS = (
    Pair("web", "postgres", False),
    Pair("stream", "postgres", True),
    Pair("engine", "postgres", True),
    Pair("stream", "engine", True),
    Pair("feed", "engine", True),
    Pair("relay", "kafka", False),
    Pair("web", "redis", False),
    Pair("stream", "redis", False),
    Pair("client", "stream", True),
)
WAYS: dict[str, Callable[[Proxy], None]] = {
    "dropped": lambda line: line.blackhole(),
    "deaf": lambda line: line.blackhole(TO_CLIENT),
    "mute": lambda line: line.blackhole(TO_SERVER),
    "slow": lambda line: line.delay(SLOW_S),
    "reset": lambda line: line.reset(),
}
ALL = tuple(itertools.product(PAIRS, WAYS))


def fail(world: World, traders: Traders, pair: Pair, way: str) -> None:
    """One fault for a while that chance chooses: longer than the engine's patience with its database, or hardly to be seen."""
    began = time.monotonic()
    WAYS[way](world.line(pair.client, pair.server))
    time.sleep(world.chance.choice((0.3, 2.0, 5.0, 11.0 if pair.server == "postgres" else 3.0)))  # how long is the point
    ended = time.monotonic()
    world.heal()
    took_s = traders.wait_accepted_after(ended)
    what = f"{pair.client}–{pair.server} {way} for {ended - began:.1f} s"
    assert took_s <= BACK_WITHIN_S, f"{what}: orders go on after {took_s:.1f} s"
    recovered(took_s)
    if not pair.stops_orders:
        assert traders.failed(began, ended) == [], f"{what}: no order is on its way there"


@pytest.mark.fault("F18")
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("seed", seeds(times(5, 1)))
def test_each_pair_fails_in_each_way_and_the_books_are_right(seed: int) -> None:
    processes = ("engine", "relay", "feed", "portfolio", "web", "stream")
    with World(*processes, event_log="kafka", seed=seed) as world, Traders(world) as traders:
        faults = world.chance.sample(ALL, len(ALL) if is_full else 6)
        for pair, way in faults:
            fail(world, traders, pair, way)
        assert world.line("relay", "kafka").accepted > 0, "the broker is reached over the line"
        world.quiesce(traders)
        note("F18", f"seed {seed}: {len(faults)} faults of the network, {traders.summary()}")


@pytest.mark.fault("F18")
@pytest.mark.asyncio
@pytest.mark.parametrize("server", ["uvicorn"], indirect=True)
async def test_a_page_that_is_half_there_is_closed_by_both_ends_and_comes_back(server: Server, own_redis: OwnRedis) -> None:
    """Nothing arrives any more, and nobody has hung up."""
    with Proxy(("127.0.0.1", server.port)) as line:
        async with ticking(), Crowd(f"ws://127.0.0.1:{line.port}/stream", ORIGIN, PAGES, SYMBOLS) as crowd:
            before = await asyncio.to_thread(counted, server.port, "tredye_realtime_closes")
            line.blackhole()
            began = time.monotonic()
            await until(lambda: crowd.live() == 0, 60, "every page gives its socket up")
            given_up_s = time.monotonic() - began
            while await asyncio.to_thread(counted, server.port, "tredye_realtime_closes") - before < PAGES:
                assert time.monotonic() - began < 60, "the server closes every one of them"
                await asyncio.sleep(0.1)
            closed_s = time.monotonic() - began
            line.heal()
            healed = time.monotonic()
            back_s = (await crowd.back_s(healed, 60))[-1]
    recovered(back_s)
    note("F18", f"client–stream dropped: {PAGES} pages give up within {given_up_s:.1f} s, the server within {closed_s:.1f} s")
    assert given_up_s <= GIVEN_UP_WITHIN_S, f"load of the machine {os.getloadavg()}"
    assert closed_s <= GIVEN_UP_WITHIN_S + limits.HEARTBEAT_EVERY
    assert back_s <= BACK_WITHIN_S

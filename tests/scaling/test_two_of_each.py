"""Two of each on one machine share the work, and when one dies the other has its share: nothing lost, nothing shown twice."""

import asyncio
import contextlib
import logging
import re
import secrets
import signal
import time
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest

from apps.eventlog.topics import TOPICS
from apps.marketdata.handlers import MarketDataHandler
from apps.realtime.handlers import RealtimeHandler
from stack.cluster import Cluster
from stack.eventlog import KAFKA, choose
from stack.processes import TWO_OF_EACH
from stack.settings import Settings
from tests.scaling.pages import Balancer, Page
from tests.scaling.shares import LogOfCluster, bars_of
from tests.visitor import Visitor
from tests.waiting import wait_until

pytestmark = [pytest.mark.long, pytest.mark.processes, pytest.mark.asyncio, pytest.mark.timeout(600)]

logger = logging.getLogger(__name__)
EMAIL, PASSWORD = "customer@tredye.example", "a password of this test"
PROCESSES = (
    *("engine", "relay", "feed", "realtime", "realtime-2", "marketdata", "marketdata-2"),
    *("web", "web-2", "stream", "stream-2"),
)
ENVIRONMENT = {"FEED_RATE": "200", "DEMO_CUSTOMER_PASSWORD": PASSWORD, "STREAM_HANDSHAKES_PER_SECOND": "1000"}
#: A join on a machine that is busy, on top of the session timeout: no promise, only the end of waiting.
PATIENCE_S = 60.0


@pytest.fixture(params=["kafka", "embedded"])
def cluster(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cluster]:
    if request.param == KAFKA and not (by_itself := choose(Settings.from_environment())).is_kafka:
        pytest.skip(f"no Kafka here, because {by_itself.reason}")
    monkeypatch.setenv(TWO_OF_EACH, "on")
    with Cluster(PROCESSES, env=ENVIRONMENT, event_log=request.param) as running:
        yield running


def partitions_of(handler: Any) -> set[tuple[str, int]]:
    return {(topic, number) for topic in handler.topics for number in range(TOPICS[topic].partitions)}


def wait_for_shares(log: LogOfCluster, group: str, handler: Any, members: set[str]) -> dict[str, set[tuple[str, int]]]:
    """Wait until ``members`` read all partitions between them, and each has some."""

    def shared() -> dict[str, set[tuple[str, int]]] | None:
        held = log.shares(group)
        whole = set().union(*held.values()) == partitions_of(handler)
        return held if whole and set(held) == members and all(held.values()) else None

    shares = wait_until(shared, PATIENCE_S, f"the shares of {group}, which are {log.shares(group)}")
    assert sum(map(len, shares.values())) == len(partitions_of(handler)), "no partition is read by two"
    return shares


def order(visitor: Visitor) -> str:
    identity = secrets.token_hex(8)
    ticket = {"side": "BUY", "order_type": "MARKET", "time_in_force": "IOC", "price": "", "quantity": "0.01"}
    assert visitor.order("BTC-USD", client_order_id=identity, **ticket) in (200, 302)
    return identity


class Customer:
    """One person, logged in once, whom both web processes know."""

    def __init__(self, cluster: Cluster) -> None:
        first = Visitor(cluster.web_url)
        assert first.post("/login/", "/login/", login=EMAIL, password=PASSWORD) == 302
        self.at = (first, Visitor(f"http://localhost:{cluster.settings.ports['web-2']}", **first.cookies))

    async def order(self, place: int) -> None:
        await asyncio.to_thread(order, self.at[place])

    async def orders_shown(self, place: int) -> set[str]:
        _, page = await asyncio.to_thread(self.at[place]._ask, "GET", "/orders/", "")
        return set(re.findall(r'href="/orders/(\d+)/"', page))


@contextlib.asynccontextmanager
async def pages_of(cluster: Cluster, customer: Customer, symbols: list[str]) -> AsyncIterator[list[Page]]:
    """One page at each stream process, and one at what stands before both."""
    ports = [cluster.settings.ports[name] for name in ("stream", "stream-2")]
    async with Balancer(ports) as balancer:
        urls = [f"ws://localhost:{port}/stream" for port in (*ports, balancer.port)]
        pages = [Page(url, cluster.web_url, symbols, customer.at[1]) for url in urls]
        try:
            yield pages
        finally:
            for page in pages:
                await page.leave()


def kill_for_good(cluster: Cluster, name: str) -> None:
    """As a machine that is lost: no word to anybody, and nobody starts it again."""
    cluster.kill(name, signal.SIGKILL)
    cluster.stop(name)


async def everybody_has(pages: list[Page], count: int) -> None:
    for page in pages:
        await page.until(lambda page=page: len(page.events) >= count, f"{count} account events, there are {page.events}")


def check_bars(log: LogOfCluster) -> int:
    """The bars of a second are those of the prints on the log, all but the first seconds, which the seeded past may share."""
    wanted = bars_of(log.records("marketdata.trades"))
    begin = min(start for _, start in wanted) + 2
    stored = log.ask(
        "SELECT symbol, extract(epoch FROM start)::bigint, open, high, low, close, volume, trades FROM marketdata_bar"
        " JOIN instruments_instrument AS i ON i.id = instrument_id WHERE interval = '1s' AND start >= to_timestamp(%s)",
        begin,
    )
    told = {(symbol, start): tuple(values) for symbol, start, *values in stored}
    expected = {
        key: (bar.open, bar.high, bar.low, bar.close, bar.volume, bar.trades) for key, bar in wanted.items() if key[1] >= begin
    }
    assert told == expected
    return len(told)


def newest_on_the_log(log: LogOfCluster) -> dict[str, tuple[int, int]]:
    newest: dict[str, tuple[int, int]] = {}
    for message in log.records("marketdata.quotes"):
        for tick in message.ticks:
            newest[tick.symbol] = max((message.epoch, tick.sequence), newest.get(tick.symbol, (-1, -1)))
    return newest


async def test_two_of_each_share_the_work_and_take_over_from_each_other(cluster: Cluster) -> None:
    log = LogOfCluster(cluster)
    for group, handler in (("realtime", RealtimeHandler), ("marketdata", MarketDataHandler)):
        await asyncio.to_thread(wait_for_shares, log, group, handler, {"1", "2"})
    symbols = [symbol for (symbol,) in log.ask("SELECT symbol FROM instruments_instrument ORDER BY symbol")]
    customer = await asyncio.to_thread(Customer, cluster)
    async with pages_of(cluster, customer, symbols) as pages:
        for page in pages:
            await page.until(lambda page=page: set(page.quotes) == set(symbols), "a price of every symbol")

        # Placed at one, pushed by both, shown by the other.
        await customer.order(0)
        await everybody_has(pages, 2)
        assert len(await customer.orders_shown(1)) == 1

        # One of each pair of consumers is lost under load.
        before = time.monotonic()
        for name in ("realtime-2", "marketdata-2"):
            await asyncio.to_thread(kill_for_good, cluster, name)
        await customer.order(1)
        for group, handler in (("realtime", RealtimeHandler), ("marketdata", MarketDataHandler)):
            await asyncio.to_thread(wait_for_shares, log, group, handler, {"1"})
        logger.info("%s: taken over %.1f s after", cluster.event_log.name, time.monotonic() - before)
        await everybody_has(pages, 4)
        moved = [dict(page.quotes) for page in pages]
        for page, then in zip(pages, moved, strict=True):
            await page.until(lambda page=page, then=then: all(page.quotes[each] > then[each] for each in symbols), "all move")

        # It comes back and is given a share; then the first one is lost.
        for name in ("realtime-2", "marketdata-2"):
            await asyncio.to_thread(cluster.start, name)
        for group, handler in (("realtime", RealtimeHandler), ("marketdata", MarketDataHandler)):
            await asyncio.to_thread(wait_for_shares, log, group, handler, {"1", "2"})
        await asyncio.to_thread(kill_for_good, cluster, "realtime")
        await asyncio.to_thread(wait_for_shares, log, "realtime", RealtimeHandler, {"2"})

        # A stream process is lost: its pages come back, by way of the other where there is one.
        connections = [page.connections for page in pages]
        await asyncio.to_thread(kill_for_good, cluster, "stream")
        await asyncio.to_thread(kill_for_good, cluster, "web-2")
        customer.at = (customer.at[0], customer.at[0])
        for page in pages:
            page._visitor = customer.at[0]
        await customer.order(0)
        lost, near, moving = pages
        await everybody_has([near, moving], 6)
        await asyncio.to_thread(cluster.start, "stream")
        await everybody_has([lost], 6)
        assert lost.connections > connections[0] and near.connections == connections[1] == 1

        # The feed goes right after the one that told its prices: the last of them are told by the one that takes over.
        await asyncio.to_thread(cluster.start, "realtime")
        await asyncio.to_thread(wait_for_shares, log, "realtime", RealtimeHandler, {"1", "2"})
        await asyncio.to_thread(kill_for_good, cluster, "realtime-2")
        await asyncio.to_thread(cluster.stop, "feed")
        await asyncio.to_thread(wait_for_shares, log, "realtime", RealtimeHandler, {"1"})

        # All is quiet: everybody stands at the newest, and the bars are those of the log.
        newest = newest_on_the_log(log)
        for page in pages:
            await page.until(lambda page=page: page.quotes == newest, "the newest price of every symbol")
        topic = "marketdata.trades"
        ends = log.ends(topic)
        wait_until(lambda: log.stands("marketdata", topic) == {n: end for n, end in ends.items() if end}, 60, "all prints read")
        assert check_bars(log) > len(symbols)
        for page in pages:
            assert page.wrong == []
            assert page.events == list(range(page.events[0], page.events[0] + len(page.events)))
        assert pages[0].events == pages[1].events == pages[2].events

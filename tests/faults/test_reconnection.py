"""The stream's server dies, or is told to stop, with a thousand pages on it: they come back by themselves, and soon.

By the page's own rules (``crowd.Visitor``), to a server that the supervisor starts again and whose door lets in 100 a second.
"""

import asyncio
import os
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from apps.realtime import limits
from stack.cluster import Cluster
from tests.faults.conftest import SYMBOLS, OwnRedis, ticking
from tests.faults.crowd import PAGES, Crowd, percentile
from tests.faults.figures import note
from tests.realtime.conftest import ORIGIN, Process, Server

pytestmark = [pytest.mark.processes, pytest.mark.asyncio]

#: The promise, from the end of the server.
MOST_BACK_S = 15.0
ALL_BACK_S = 40.0


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    with Cluster(["engine", "feed", "realtime", "stream"], env={"STREAM_SOCKETS_PER_IP": str(2 * PAGES)}) as cluster:
        yield cluster


@pytest.mark.long
@pytest.mark.fault("F16", "F23")
@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    "number",
    [
        pytest.param(signal.SIGKILL, marks=pytest.mark.fault("F16")),
        pytest.param(signal.SIGTERM, marks=pytest.mark.fault("F17")),
    ],
)
async def test_a_thousand_pages_come_back_by_themselves(cluster: Cluster, number: signal.Signals) -> None:
    async with Crowd(f"{cluster.stream_url}/stream", cluster.web_url, PAGES, ("AAPL-USD", "BTC-USD"), follows=False) as crowd:
        connections = asyncio.create_task(most_connections(cluster))
        before = crowd.closes()
        ended_at = time.monotonic()
        cluster.kill("stream", number)
        back_s = await crowd.back_s(ended_at, 200)
        connections.cancel()
        [most] = await asyncio.gather(connections)
        if number is signal.SIGTERM:
            told = sum(visitor.said_bye for visitor in crowd.visitors)
            restarts = crowd.closes().get(1012, 0) - before.get(1012, 0)
            assert told == restarts == PAGES, "each is told when to come back, and why it was closed"
    note(
        f"{PAGES} pages after {number.name}",
        f"95 % live after {percentile(back_s, 95):.1f} s, all after {back_s[-1]:.1f} s; {most} connections to PostgreSQL",
    )
    assert most <= limits.DATABASE_CONNECTIONS_MAX
    assert percentile(back_s, 95) <= MOST_BACK_S, f"load of the machine: {os.getloadavg()}"
    assert back_s[-1] <= ALL_BACK_S


async def most_connections(cluster: Cluster) -> int:
    """Of the stream's processes to PostgreSQL at any time until cancelled."""
    most = 0
    async with await psycopg.AsyncConnection.connect(cluster.database_url, autocommit=True) as database:
        try:
            while True:
                found = await database.execute(
                    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE 'stream%'"
                )
                row = await found.fetchone()
                most = max(most, row[0] if row else 0)
                await asyncio.sleep(0.1)
        except asyncio.CancelledError:
            return most


@pytest.mark.fault("F23")
async def test_who_comes_back_needs_no_database(realtime: Process, own_redis: OwnRedis, logs: Path) -> None:
    """The whole herd comes through the door while PostgreSQL is at its busiest, or away."""
    server = Server(
        "uvicorn",
        logs / "faults-no-database.log",
        REDIS_URL=own_redis.url,
        DATABASE_URL="postgres://nobody:nothing@127.0.0.1:1/none",
    )
    try:
        async with ticking(), Crowd(server.url, ORIGIN, 20, SYMBOLS) as crowd:
            assert crowd.live() == 20
            server.check()
            note("F23", "20 pages live, with their prices, through a process that has no PostgreSQL at all")
        assert crowd.closes() == {}
    finally:
        server.end()

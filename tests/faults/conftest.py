"""The stream's processes on a Redis of the test's own, that it may take away, and a feed that never stops."""

import asyncio
import os
import signal
import time
from collections.abc import AsyncIterator, Generator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, suppress
from pathlib import Path

import psycopg
import pytest
import redis

from apps.eventlog.provision import ensure_topics
from stack.cluster import Cluster
from stack.errors import StackError
from tests.faults import world as worlds
from tests.realtime.conftest import Market, Process, Server, database, logs
from tests.waiting import wait_until

__all__ = ["database", "logs"]  # fixtures

SYMBOLS = ("FAULT-A", "FAULT-B", "FAULT-C")
TICK_S = 0.1


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A world that several tests share does not hear of one's failure: it is told here, and healed for the next one."""
    report = yield
    if call.when == "call" and report.failed and call.excinfo is not None:
        for world in worlds.running:
            world.keep(call.excinfo.value)
            with suppress(StackError):  # what cannot be healed fails the next test, with its reason
                world.heal()
    return report


class OwnRedis:
    """A Redis that is killed, frozen and emptied; the supervisor starts one that died anew, without data, on the same port."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self.url = cluster.env["REDIS_URL"]
        self._client = redis.Redis.from_url(self.url, socket_timeout=0.2, socket_connect_timeout=0.2, retry=None)

    def flush(self) -> None:
        self._client.flushall()

    def kill(self) -> None:
        self._cluster.kill("redis")

    def stop(self) -> None:
        self._cluster.stop("redis")

    def start(self) -> None:
        self._cluster.start("redis")

    @contextmanager
    def frozen(self) -> Iterator[None]:
        pid = self._cluster.pid("redis")
        os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(pid, signal.SIGCONT)

    def answers(self) -> bool:
        try:
            return bool(self._client.ping())
        except redis.RedisError:
            return False

    def wait_until_usable(self) -> float:
        """Returns when it was, by the monotonic clock."""
        wait_until(self.answers, 60, "Redis")
        return time.monotonic()


@pytest.fixture(scope="module")
def own_redis() -> Iterator[OwnRedis]:
    with pytest.MonkeyPatch.context() as patch:  # for the cluster alone: others of this process go on with the given one
        patch.delenv("REDIS_URL", raising=False)
        cluster = Cluster([])
        try:
            cluster.up_servers()
        except BaseException:
            cluster.down()
            raise
    try:
        yield OwnRedis(cluster)
    finally:
        cluster.down()


@pytest.fixture(scope="module")
def realtime(database: psycopg.Connection, own_redis: OwnRedis, logs: Path) -> Iterator[Process]:
    ensure_topics()
    process = Process(["manage.py", "run_consumer", "realtime"], logs / "faults-consumer.log", REDIS_URL=own_redis.url)
    yield process
    process.end()


@pytest.fixture(scope="module", params=["uvicorn", "daphne"])
def server(request: pytest.FixtureRequest, realtime: Process, own_redis: OwnRedis, logs: Path) -> Iterator[Server]:
    server = Server(request.param, logs / f"faults-{request.param}.log", REDIS_URL=own_redis.url)
    yield server
    server.end()


@asynccontextmanager
async def ticking() -> AsyncIterator[Market]:
    """A feed that ticks each of SYMBOLS ten times a second, whatever happens to the rest."""
    async with feeding(SYMBOLS, TICK_S) as market:
        yield market


@asynccontextmanager
async def feeding(symbols: Sequence[str], every_s: float) -> AsyncIterator[Market]:
    """A feed that ticks each of ``symbols`` every so often."""
    market = Market()
    ticking = asyncio.create_task(_tick(market, symbols, every_s))
    try:
        yield market
        assert not ticking.done(), "the feed has ended"
    finally:
        ticking.cancel()
        await asyncio.wait({ticking})
        market.close()


async def _tick(market: Market, symbols: Sequence[str], every_s: float) -> None:
    while True:
        for symbol in symbols:
            market.quote(symbol)
        await asyncio.to_thread(market.flush)
        await asyncio.sleep(every_s)


def newest_of(market: Market) -> tuple[int, int]:
    """Epoch and sequence of the feed's newest tick."""
    return market.epoch, market._sequence

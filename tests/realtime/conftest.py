"""Real processes for the stream's tests: the consumer and the socket servers, on the tests' database, Redis and event log.

They end with this directory's tests: a consumer that polls costs a tenth of a core for as long as it lives.
"""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
import websockets
from django.conf import settings

from apps.eventlog.codec import encode
from apps.eventlog.producer import open_producer
from apps.eventlog.provision import ensure_topics
from apps.eventlog.schemas.marketdata import QuoteTick, QuoteTicks, TradeTick, TradeTicks
from tests.leftovers import plain_parameters
from tests.logins import login_of
from tests.realtime.browser import browser, open_page, open_profile, proxy
from tests.realtime.owner import Owner

__all__ = ["browser", "open_page", "open_profile", "proxy"]

ROOT = Path(__file__).resolve().parents[2]
ORIGIN = "http://127.0.0.1:8000"
TOPICS = ("marketdata.quotes", "marketdata.trades", "marketdata.depth", "accounts.events")  # where they are is asked once


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def process_environment(**more: str) -> dict[str, str]:
    database = settings.DATABASES["default"]
    password = f":{database['PASSWORD']}" if database.get("PASSWORD") else ""
    url = f"postgres://{database['USER']}{password}@{database['HOST']}:{database['PORT']}/{database['NAME']}"
    return (
        os.environ
        | {
            "DJANGO_SETTINGS_MODULE": "tredye.settings.test",
            "DATABASE_URL": url,
            "STREAM_SOCKETS_PER_IP": "2000",
            "STREAM_HANDSHAKES_PER_SECOND": "2000",
            "PYTHONPATH": str(ROOT),
        }
        | more
    )


class Process:
    """A process of the product that ends with the test."""

    def __init__(self, arguments: list[str], log: Path, **environment: str) -> None:
        self.log = log
        with log.open("wb") as output:
            self._popen = subprocess.Popen(
                [sys.executable, *arguments],
                cwd=ROOT,
                env=process_environment(**login_of(arguments) | environment),
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    @property
    def pid(self) -> int:
        return self._popen.pid

    def check(self) -> None:
        assert self._popen.poll() is None, self.log.read_text()[-4000:]

    def terminate(self) -> None:
        self._popen.send_signal(signal.SIGTERM)

    def end(self) -> int:
        if self._popen.poll() is None:
            self.terminate()
        try:
            return self._popen.wait(10)
        except subprocess.TimeoutExpired:
            self._popen.kill()
            return self._popen.wait(5)


#: For what hangs on how a server sends and closes (``apps/realtime/wires.py``): tried on both each time.
ON_BOTH = pytest.mark.parametrize("server", ["uvicorn", "daphne"], indirect=True)


class Server(Process):
    """``kind`` is uvicorn or daphne."""

    def __init__(self, kind: str, log: Path, **environment: str) -> None:
        self.kind, self.port = kind, free_port()
        commands = {
            "uvicorn": [
                "-m", "uvicorn", "tredye.asgi:application", "--port", str(self.port), "--ws", "websockets-sansio",
                "--ws-per-message-deflate", "false", "--ws-max-size", "16384", "--lifespan", "off", "--log-level", "warning",
                "--timeout-graceful-shutdown", "8",
            ],
            "daphne": [
                "-m", "daphne", "-p", str(self.port), "-v", "0", "--websocket-max-message-size", "131072",
                "--websocket-max-frame-size", "16384", "tredye.asgi:application",
            ],
        }  # fmt: skip
        own = {"PUBLIC_ORIGINS": f"{ORIGIN},https://app.example:8443,http://127.0.0.1:{self.port}"}
        super().__init__(commands[kind], log, **(own | environment))
        until(lambda: self._answers(), f"{kind} opens its port")

    def _answers(self) -> bool:
        self.check()
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    @property
    def url(self) -> str:
        return f"ws://127.0.0.1:{self.port}/stream"


def until(condition: Callable[[], Any], what: str, within: float = 60.0) -> Any:
    deadline = time.monotonic() + within
    while time.monotonic() < deadline:
        if found := condition():
            return found
        time.sleep(0.05)
    raise AssertionError(f"not within {within} s: {what}")


class Browser:
    """A socket that behaves like a page's: it answers heartbeats and keeps what came."""

    def __init__(self, connection: Any, *, acknowledges: bool = True) -> None:
        self.connection = connection
        self.messages: list[dict[str, Any]] = []
        self.arrived_at: list[float] = []
        self.close_code: int | None = None
        self._acknowledges = acknowledges
        self._news = asyncio.Event()
        self._reading = asyncio.create_task(self._read())

    async def say(self, **message: Any) -> None:
        await self.connection.send(json.dumps(message))

    async def hello(self, **more: Any) -> dict[str, Any]:
        await self.say(op="hello", v=1, **more)
        return await self.first("welcome")

    async def first(self, kind: str, test: Callable[[dict[str, Any]], bool] = lambda _: True, within: float = 40.0) -> Any:
        """Return the first message of ``kind`` that passes ``test``, waiting for it."""
        try:
            async with asyncio.timeout(within):
                while True:
                    for message in self.messages:
                        if message["t"] == kind and test(message):
                            return message
                    ended = f"closed with {self.close_code} {self.connection.close_reason!r} before {kind} came"
                    assert self.close_code is None, ended
                    await self._wait()
        except TimeoutError:
            raise AssertionError(f"no {kind} within {within} s; the last were {self.messages[-5:]}") from None

    async def first_or_closed(self, kind: str, within: float = 40.0) -> bool:
        """Wait for a message of ``kind``; False when the socket was closed instead."""
        async with asyncio.timeout(within):
            while not any(message["t"] == kind for message in self.messages):
                if self.close_code is not None:
                    return False
                await self._wait()
        return True

    async def closed(self, within: float = 40.0) -> int:
        async with asyncio.timeout(within):
            while self.close_code is None:
                await self._wait()
        return self.close_code

    def of(self, kind: str) -> list[Any]:
        return [part for message in self.messages if message["t"] == kind for part in message["d"]]

    async def _wait(self) -> None:
        self._news.clear()
        await self._news.wait()

    async def _read(self) -> None:
        try:
            async for text in self.connection:
                message = json.loads(text)
                self.arrived_at.append(time.monotonic())
                self.messages.append(message)
                if message["t"] == "h" and self._acknowledges:
                    await self.say(op="ack", n=message["n"])
                self._news.set()
        except websockets.ConnectionClosed:
            pass
        finally:
            self.close_code = self.connection.close_code or 1006
            self._news.set()


@asynccontextmanager
async def open_browser(url: str, origin: str | None = ORIGIN, **more: Any) -> AsyncIterator[Browser]:
    acknowledges = more.pop("acknowledges", True)
    async with websockets.connect(url, origin=origin, open_timeout=20, compression=None, **more) as connection:
        yield Browser(connection, acknowledges=acknowledges)


class Market:
    """Publishes ticks to the log as a feed does. The epoch is new, so that what another run left is older."""

    def __init__(self) -> None:
        self.epoch = time.time_ns() // 1_000_000
        self._sequence = 0
        self._producer = open_producer("test-market", linger_ms=0, connect_timeout_ms=10_000, topics=TOPICS)

    def quote(self, symbol: str, bid: str = "100", ask: str = "101") -> int:
        self._sequence += 1
        tick = QuoteTick(symbol, self._sequence, time.time_ns(), bid, ask, "1", "2")
        self._producer.send("marketdata.quotes", symbol, encode(QuoteTicks("test", self.epoch, [tick])))
        return self._sequence

    def trade(self, symbol: str, price: str = "100.5") -> int:
        self._sequence += 1
        tick = TradeTick(symbol, self._sequence, time.time_ns(), price, "0.5", "BUY")  # type: ignore[arg-type]
        self._producer.send("marketdata.trades", symbol, encode(TradeTicks("test", self.epoch, [tick])))
        return self._sequence

    def send(self, topic: str, key: str, event: Any) -> None:
        self._producer.send(topic, key, encode(event))

    def flush(self) -> None:
        self._producer.flush(5.0)

    def close(self) -> None:
        self._producer.close()


@pytest.fixture(scope="session")
def database(django_db_setup: None, django_db_blocker: Any) -> Iterator[psycopg.Connection]:
    """A connection of the test's own, autocommit: what it writes is there for the processes."""
    with psycopg.connect(**plain_parameters(), autocommit=True, application_name="test") as connection:
        yield connection


@pytest.fixture(scope="session")
def logs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("stream")


@pytest.fixture(scope="package")
def consumer(database: psycopg.Connection, logs: Path) -> Iterator[Process]:
    ensure_topics()
    process = Process(["manage.py", "run_consumer", "realtime"], logs / "consumer.log")
    yield process
    process.end()


@pytest.fixture(scope="package")
def uvicorn(consumer: Process, logs: Path) -> Iterator[Server]:
    server = Server("uvicorn", logs / "uvicorn.log")
    yield server
    server.end()


@pytest.fixture(scope="package")
def daphne(consumer: Process, logs: Path) -> Iterator[Server]:
    server = Server("daphne", logs / "daphne.log")
    yield server
    server.end()


@pytest.fixture(params=["uvicorn", pytest.param("daphne", marks=pytest.mark.long)])
def server(request: pytest.FixtureRequest) -> Server:
    """uvicorn, as the product runs its streams; in ``make prove`` Daphne as well."""
    found: Server = request.getfixturevalue(request.param)
    found.check()
    return found


@pytest.fixture(scope="package")
def market(uvicorn: Server) -> Iterator[Market]:
    """Ticks that surely arrive: the consumer starts at the end of the log, so the first ones are sent until they come through."""
    market = Market()
    asyncio.run(_tick_until_heard(market, uvicorn))
    yield market
    market.close()


async def _tick_until_heard(market: Market, server: Server) -> None:
    async with open_browser(server.url) as browser:
        await browser.hello()
        await browser.say(op="watch", symbols=["WARM-UP"])
        deadline = time.monotonic() + 90
        while not browser.of("q"):
            assert time.monotonic() < deadline, "no tick came through the log, the consumer and the hub"
            market.quote("WARM-UP")
            market.flush()
            await asyncio.sleep(0.1)


@pytest.fixture
def make_owner(
    database: psycopg.Connection, django_db_blocker: Any, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[], Owner]]:
    # The test itself, not the product, uses the ORM on the thread of its event loop.
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    owners: list[Owner] = []

    def make() -> Owner:
        owners.append(Owner(database, django_db_blocker, uuid.uuid4().hex))
        return owners[-1]

    yield make
    for owner in owners:
        owner.erase()

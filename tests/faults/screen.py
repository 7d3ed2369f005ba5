"""A page that is watched while something fails: how long a price on it stood still, whether one went back, what it was told.

It lives in a thread of its own, so that a test may wait for processes and servers as it likes.
"""

import asyncio
import secrets
import threading
import time
from types import TracebackType
from typing import Any

from tests.faults.crowd import Visitor as Stranger
from tests.faults.world import World
from tests.scaling.pages import Page
from tests.visitor import Visitor
from tests.waiting import wait_until

#: A page greys a price that is older.
LIVE_S = 2.0
SYMBOLS = ("BTC-USD", "ETH-USD", "ALDR", "BRNT")
EMAIL, PASSWORD = "customer@tredye.example", "a password of this test"
#: For the world of a test that has a customer.
ENVIRONMENT = {"DEMO_CUSTOMER_PASSWORD": PASSWORD, "STREAM_HANDSHAKES_PER_SECOND": "1000"}
_LOOK_S = 0.05


class Screen:
    """``with Screen(world) as screen``: it shows live prices when it begins. ``as_customer`` logs in and hears of its orders; for
    that the world needs a web process and ``ENVIRONMENT``."""

    def __init__(self, world: World, *, as_customer: bool = False) -> None:
        cluster = world.cluster
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="screen", daemon=True)
        self._stranger = Stranger(cluster.stream_url + "/stream", cluster.web_url, SYMBOLS, follows=True)
        self._customer = Visitor(cluster.web_url) if as_customer else None
        self._cluster = cluster
        self._page: Page | None = None
        self._seen: dict[str, tuple[tuple[int, int], float]] = {}
        self._stood: list[tuple[float, float]] = []  # when a price moved again, and for how long it had stood
        self._dead: list[float] = []
        self.wrong: list[Any] = []

    def __enter__(self) -> "Screen":
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._open(), self._loop).result(60)
        wait_until(lambda: len(self._stranger.newest) == len(SYMBOLS) and self._stranger.quotes_live, 90, "live prices")
        self._looking = asyncio.run_coroutine_threadsafe(self._look(), self._loop)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._looking.cancel()
        asyncio.run_coroutine_threadsafe(self._close(), self._loop).result(60)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    # --- what it saw

    def stood_s(self, since: float, until: float) -> float:
        """The longest that any price stood still, between two moments of the monotonic clock."""
        running = [time.monotonic() - since_s for _, since_s in self._seen.values()] if until >= time.monotonic() else []
        return max([stood for moved, stood in self._stood if since <= moved <= until + LIVE_S] + running)

    def greyed(self, since: float, until: float) -> bool:
        """Whether the stream said meanwhile that prices are not live."""
        return any(since <= moment <= until for moment in self._dead)

    def closes(self) -> list[int]:
        return self._stranger.closes

    def told_after_s(self) -> float:
        """Send an order as the customer; seconds from its answer until the page was told of it."""
        assert self._customer is not None and self._page is not None
        before = len(self._page.events)
        ticket = {"side": "BUY", "order_type": "MARKET", "time_in_force": "IOC", "price": "", "quantity": "0.01"}
        status = self._customer.order("BTC-USD", client_order_id=secrets.token_hex(8), **ticket)
        assert status in (200, 302), status
        answered = time.monotonic()
        page = self._page
        wait_until(lambda: len(page.events) > before, 60, "the order on the page")
        return time.monotonic() - answered

    # --- in its own thread

    async def _open(self) -> None:
        self._stranger.enter()
        if self._customer is not None:
            status = await asyncio.to_thread(self._customer.post, "/login/", "/login/", login=EMAIL, password=PASSWORD)
            assert status == 302, status
            self._page = Page(self._cluster.stream_url + "/stream", self._cluster.web_url, list(SYMBOLS), self._customer)
            await self._page.until(lambda: self._page is not None and self._page.connections, "the customer's socket")

    async def _close(self) -> None:
        await self._stranger.leave()
        if self._page is not None:
            self.wrong += self._page.wrong
            await self._page.leave()

    async def _look(self) -> None:
        while True:
            now_s = time.monotonic()
            for symbol, place in list(self._stranger.newest.items()):
                before, since_s = self._seen.get(symbol, ((-1, -1), now_s))
                if place < before:
                    self.wrong.append((symbol, before, place))
                if place != before:
                    self._stood.append((now_s, now_s - since_s))
                    since_s = now_s
                self._seen[symbol] = (place, since_s)
            if not self._stranger.quotes_live:
                self._dead.append(now_s)
            await asyncio.sleep(_LOOK_S)


def ends_of_the_direct_way(world: World) -> int:
    """How often prices went back to the log's own way, by all that the feed has written."""
    return world.written("feed").count("no longer go straight")


def wait_for_the_logs_own_way(world: World, ended: int) -> None:
    wait_until(lambda: ends_of_the_direct_way(world) > ended, 150, "the log's own way again")

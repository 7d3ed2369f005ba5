"""A deploy while people trade: the version of before and that of today beside each other on one database, and then each process
replaced by another of its kind. No answer is a failure, no order is lost or done twice, and nobody misses an event."""

import asyncio
import contextlib
import http.client
import secrets
import threading
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from stack.cluster import Cluster
from tests.deploys.versions import ROOT, Version, former_tree
from tests.faults.figures import note
from tests.scaling.pages import Balancer, Page
from tests.visitor import Visitor

pytestmark = [
    pytest.mark.long, pytest.mark.processes, pytest.mark.asyncio, pytest.mark.timeout(900), pytest.mark.fault("F17"),
]  # fmt: skip

#: The newest version whose database is the one of today but for migrations that are applied beside it.
FORMER = "f9dfab0"
EMAIL, PASSWORD = "customer@tredye.example", "a password of this test"
#: Each is replaced by the second of its kind, in this order: who reads first, then who decides, then who asks.
PAIRS = {
    "realtime": "realtime-2", "marketdata": "marketdata-2", "portfolio": "portfolio-2", "relay": "relay-2",
    "engine": "standby", "feed": "feed-standby", "stream": "stream-2", "web": "web-2",
}  # fmt: skip
#: Those are replaced once more, by another of today's: who asks, and who decides.
AGAIN = ("engine", "stream", "web")
RETRIES_MAX = 100


class Trader(threading.Thread):
    """Sends tickets from the page that it was given, one after another, and again with the same id when the line was cut."""

    def __init__(self, url: str, cookies: dict[str, str]) -> None:
        super().__init__(daemon=True)
        self._visitor = Visitor(url, **cookies)
        self.stopping = threading.Event()
        self.done: dict[str, int] = {}
        self.statuses: list[int] = []
        #: Lines that ended before their answer, and answers that did not come in time.
        self.cut: list[str] = []
        self.slow = 0
        self.slowest_s = 0.0
        self.error: BaseException | None = None

    def run(self) -> None:
        try:
            while not self.stopping.wait(0.25):
                self._order(secrets.token_hex(8))
        except BaseException as error:
            self.error = error

    def _order(self, identity: str) -> None:
        ticket = {"side": "BUY", "order_type": "LIMIT", "time_in_force": "GTC", "price": "1", "quantity": "0.01"}
        began = time.monotonic()
        for _ in range(RETRIES_MAX):
            try:
                status = self._visitor.order("BTC-USD", client_order_id=identity, **ticket)
            except TimeoutError:
                self.slow += 1
                continue
            except (OSError, http.client.HTTPException) as error:
                self.cut.append(repr(error))
                time.sleep(0.05)
                continue
            self.statuses.append(status)
            if status in (200, 302):
                self.done[identity] = status
                self.slowest_s = max(self.slowest_s, time.monotonic() - began)
                return
            time.sleep(0.1)
        raise AssertionError(f"{identity} was not decided: {self.statuses[-5:]}")


@pytest.fixture
def cluster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cluster]:
    monkeypatch.setenv("TWO_OF_EACH", "on")
    environment = {"FEED_RATE": "50", "DEMO_CUSTOMER_PASSWORD": PASSWORD, "STREAM_HANDSHAKES_PER_SECOND": "1000"}
    cluster = Cluster([], seed=False, env=environment, event_log="embedded")
    try:
        cluster.up_servers()
        yield cluster
    finally:
        cluster.down()


@contextlib.asynccontextmanager
async def door(cluster: Cluster, *names: str) -> AsyncIterator[int]:
    """One address before two processes of a kind."""
    async with Balancer([cluster.settings.ports[name] for name in names]) as balancer:
        yield balancer.port


async def replace(former: Version, later: Version, pairs: dict[str, str]) -> dict[str, tuple[int, float]]:
    """Start the second one of each kind, and then end the first: how each ended."""
    ended = {}
    for first, second in pairs.items():
        await asyncio.to_thread(later.start, second)
        ended[first] = await asyncio.to_thread(former.end, first)
    return ended


def ask(cluster: Cluster, question: str, *values: Any) -> Any:
    with psycopg.connect(cluster.database_url) as connection:
        return connection.execute(question, values).fetchall()


async def traded(traders: list[Trader], more: int) -> None:
    """Return when each has had so many more orders answered."""
    before = [len(trader.done) for trader in traders]
    deadline = time.monotonic() + 90
    while any(len(trader.done) < then + more for trader, then in zip(traders, before, strict=True)):
        assert time.monotonic() < deadline and all(t.error is None for t in traders), [t.error for t in traders]
        await asyncio.sleep(0.05)


async def test_every_process_is_replaced_while_people_trade(cluster: Cluster, tmp_path: Path) -> None:
    tree = await asyncio.to_thread(former_tree, FORMER, tmp_path / "former")
    if tree is None:
        pytest.skip(f"the version of before, {FORMER}, is not in this clone")
    former, later = Version(cluster, tree, "former", tmp_path), Version(cluster, ROOT, "later", tmp_path)
    try:
        await roll(cluster, former, later)
    finally:
        for version in (former, later):
            await asyncio.to_thread(version.end_all)


async def roll(cluster: Cluster, former: Version, later: Version) -> None:
    await asyncio.to_thread(former.manage, "prepare")
    await asyncio.to_thread(former.start, "engine")
    await asyncio.to_thread(former.manage, "seed_demo")
    await asyncio.to_thread(former.start, *(name for name in PAIRS if name != "engine"))
    async with door(cluster, "web", "web-2") as web, door(cluster, "stream", "stream-2") as stream:
        visitor = Visitor(f"http://localhost:{web}")
        assert await asyncio.to_thread(lambda: visitor.post("/login/", "/login/", login=EMAIL, password=PASSWORD)) == 302
        page = Page(f"ws://localhost:{stream}/stream", f"http://localhost:{cluster.settings.ports['web']}", ["BTC-USD"], visitor)
        traders = [Trader(f"http://localhost:{web}", visitor.cookies) for _ in range(2)]
        try:
            await page.until(lambda: page.quotes, "a price")
            for trader in traders:
                trader.start()
            await traded(traders, 5)

            # Today's version is prepared and joins, process by process, while the former one still asks and answers.
            await asyncio.to_thread(later.manage, "prepare")
            ended = await replace(former, later, PAIRS)
            await traded(traders, 5)
            cut_before = [len(trader.cut) for trader in traders]
            note("F17", f"the version of before, replaced: {told(ended)}; {sum(cut_before)} lines cut, by the former version")

            # Today's version by itself: nobody's line is cut.
            again = await replace(later, later, {PAIRS[name]: name for name in AGAIN})
            await traded(traders, 5)
            cut = [line for trader, before in zip(traders, cut_before, strict=True) for line in trader.cut[before:]]
            slowest = max(trader.slowest_s for trader in traders)
            count = sum(len(trader.done) for trader in traders)
            note("F17", f"each replaced under {count} orders: {told(again)}; {len(cut)} lines cut, slowest order {slowest:.1f} s")
            assert {name: code for name, (code, _) in again.items() if code} == {}
            assert cut == []
            for trader in traders:
                trader.stopping.set()
            for trader in traders:
                await asyncio.to_thread(trader.join, 30)
            assert [trader.error for trader in traders] == [None, None]
            await check(cluster, later, traders, page)
        finally:
            for trader in traders:
                trader.stopping.set()
            await page.leave()


def told(ended: dict[str, tuple[int, float]]) -> str:
    return ", ".join(f"{name} {seconds:.1f} s" for name, (_, seconds) in ended.items())


async def check(cluster: Cluster, later: Version, traders: list[Trader], page: Page) -> None:
    """Nothing failed, nothing was lost, nothing happened twice, and the page was told everything once."""
    statuses = {status for trader in traders for status in trader.statuses}
    assert not {status for status in statuses if status >= 500}, statuses
    sent = sorted(identity for trader in traders for identity in trader.done)
    stored = sorted(
        row[0] for row in ask(cluster, "SELECT client_order_id FROM orders_order WHERE client_order_id = ANY(%s)", sent)
    )
    assert stored == sent and len(sent) >= 30
    newest = ask(cluster, "SELECT max(account_sequence) FROM orders_accountevent")[0][0]
    await page.until(lambda: page.events and page.events[-1] == newest, "the newest event")
    assert page.wrong == []
    assert page.events == list(range(page.events[0], newest + 1))
    assert "0 violations" in await asyncio.to_thread(later.manage, "check_invariants")
    assert "0 differences" in await asyncio.to_thread(later.manage, "replay_engine")

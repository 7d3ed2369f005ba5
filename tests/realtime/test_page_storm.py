"""Thousands of ticks a second in a real browser: nothing old is left on the page, nothing goes back, and nothing blocks it."""

import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from apps.eventlog.schemas.marketdata import QuoteTick, QuoteTicks
from tests.realtime.conftest import Market, Server, until
from tests.realtime.pages import Opening

pytestmark = [pytest.mark.processes, pytest.mark.e2e]

SYMBOLS = [f"STORM-{number:02}" for number in range(40)]
RATE = 2000
BATCH = 40
SECONDS = 60
LONG_TASK_MS = 50.0
WATCHER = """() => {
  window.seen = { back: 0, frames: 0, longest: 0, longTasks: [], newest: {} };
  document.addEventListener("tredye:quote", ({ detail: [symbol, , sequence] }) => {
    if (sequence <= (seen.newest[symbol] ?? 0)) seen.back += 1;
    seen.newest[symbol] = sequence;
  });
  document.addEventListener("tredye:frame", ({ detail }) => {
    seen.frames += 1;
    seen.longest = Math.max(seen.longest, detail.tookMs);
  });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) seen.longTasks.push(Math.round(entry.duration));
  }).observe({ type: "longtask" });
}"""


def page_of_rows() -> Opening:
    rows = "".join(
        f'<tr data-watch="{symbol}"><td id="{symbol}" data-live="{symbol}:bid" data-decimals="0">0</td>'
        f'<td data-live="{symbol}:ask" data-decimals="0"></td><td data-live="{symbol}:spread" data-decimals="0"></td></tr>'
        for symbol in SYMBOLS
    )
    return Opening(body=f"<table>{rows}</table>")


class Storm:
    """Ticks whose bid is their number, so that a cell says which tick it shows."""

    def __init__(self, market: Market) -> None:
        self._market = market
        self.number = 0

    def blow(self, seconds: float) -> None:
        began, sent = time.monotonic(), 0
        while (elapsed := time.monotonic() - began) < seconds:
            while sent < elapsed * RATE:
                self.tick()
                sent += BATCH
            time.sleep(0.005)
        assert sent >= seconds * RATE * 0.9
        self._market.flush()

    def tick(self) -> None:
        """One quote of each symbol."""
        self.number += 1
        quotes = [QuoteTick(symbol, self.number, time.time_ns(), str(self.number), "9999999", "1", "1") for symbol in SYMBOLS]
        self._market.send("marketdata.quotes", SYMBOLS[0], QuoteTicks("storm", self._market.epoch, quotes))


def task_times(trace: bytes) -> list[float]:
    """Milliseconds of its own that each task of the page's main thread took: what it waited for a core is not its doing."""
    events = json.loads(trace)["traceEvents"]
    mains = {(each["pid"], each["tid"]) for each in events if each.get("args", {}).get("name") == "CrRendererMain"}
    tasks = [each for each in events if each["name"].endswith("RunTask") and (each["pid"], each["tid"]) in mains]
    return [each["tdur"] / 1000 for each in tasks if "tdur" in each]


def cells(page: Page) -> set[str]:
    return set(page.evaluate("[...document.querySelectorAll('td[id]')].map((cell) => cell.textContent.replaceAll(',', ''))"))


def watched_page(person: Any, market: Market, storm: Storm) -> Page:
    page = person.open(page_of_rows())
    page.set_viewport_size({"width": 1280, "height": 1400})

    def live() -> bool:
        storm.tick()
        market.flush()
        page.wait_for_timeout(50)
        return "0" not in cells(page)

    until(live, "every row is live")
    page.evaluate(WATCHER)
    return page


def test_after_a_storm_every_cell_shows_the_newest_tick_and_none_went_back(
    uvicorn: Server, market: Market, open_profile: Callable[..., Any]
) -> None:
    storm = Storm(market)
    with open_profile(uvicorn) as person:
        page = watched_page(person, market, storm)
        storm.blow(5)
        until(lambda: cells(page) == {str(storm.number)}, "every cell is the newest")
        seen, counts = page.evaluate("seen"), page.evaluate("tredye.stream.counts()")
        assert seen["back"] == 0
        assert 20 <= seen["frames"] <= storm.number + 10  # painted in frames, at most one for what a batch brought
        assert set(seen["newest"].values()) == {storm.number}
        assert counts["reconnects"] == {}
        painted = page.evaluate("log.filter(([name]) => name === 'tredye:painted').map(([, detail]) => detail)")
        assert painted
        assert all(sample["sentAt"] and sample["paintedAt"] >= sample["receivedAt"] for sample in painted)


@pytest.mark.long
@pytest.mark.timeout(300)
def test_a_minute_of_two_thousand_ticks_a_second_has_no_long_task(
    uvicorn: Server, market: Market, browser: Browser, open_profile: Callable[..., Any]
) -> None:
    storm = Storm(market)
    with open_profile(uvicorn) as person:
        page = watched_page(person, market, storm)
        browser.start_tracing(page=page, categories=["toplevel"])
        storm.blow(SECONDS)
        tasks = task_times(browser.stop_tracing())
        until(lambda: cells(page) == {str(storm.number)}, "every cell is the newest")
        seen = page.evaluate("seen")
        assert seen["back"] == 0
        assert len(tasks) > 600
        assert max(tasks) < LONG_TASK_MS
        assert seen["frames"] >= 600

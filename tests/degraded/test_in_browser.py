"""What a person sees of an outage, in a real browser and of real processes: told within three seconds, back without a reload."""

import os
import shutil
import signal
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from stack.cluster import Cluster
from tests.e2e.conftest import CHROMIUM_ARGS
from tests.e2e.people import place, sign_up
from tests.faults.figures import note, recovered

pytestmark = [pytest.mark.processes, pytest.mark.long, pytest.mark.timeout(600)]

SYMBOL = "BTC-USD"
WITHIN_MS = 60_000
#: What customers are promised, from the fault to the banner and the ticket that is off.
TOLD_WITHIN_S = 3.0
PROCESSES = ("engine", "relay", "feed", "realtime", "marketdata", "portfolio", "web", "stream")


@pytest.fixture(scope="module")
def cluster() -> Iterator[Cluster]:
    with Cluster(PROCESSES, event_log="embedded") as cluster:
        yield cluster


@pytest.fixture(scope="module")
def page(cluster: Cluster) -> Iterator[Page]:
    """Somebody with an order that waits, on the page of its instrument, since before anything went."""
    with sync_playwright() as playwright:
        path = os.environ.get("CHROMIUM") or shutil.which("chromium")
        browser = playwright.chromium.launch(executable_path=path, headless=True, args=CHROMIUM_ARGS)
        context = browser.new_context(base_url=cluster.web_url, viewport={"width": 1280, "height": 800})
        context.set_default_timeout(WITHIN_MS)
        page = context.new_page()
        sign_up(page, cluster)
        page.goto(f"/markets/{SYMBOL}/", wait_until="load")
        expect(page.locator("[data-stream-status]").first).to_contain_text("Live")
        bid = page.locator(f'[data-live="{SYMBOL}:bid"]').first.inner_text().replace(",", "").partition(".")[0]
        place(page, "Limit", "0.1", str(int(bid) * 97 // 100))
        expect(page.locator("#order-result")).to_contain_text("waits in the book")
        page.evaluate("() => { window.neverLoadedAgain = true; }")
        yield page
        assert page.evaluate("() => window.neverLoadedAgain === true"), "the page was loaded again"
        browser.close()


def seconds_until(page: Page, condition: str) -> float:
    """From now until ``condition``, a function of the page's, holds."""
    began_s = time.monotonic()
    page.wait_for_function(condition, polling=20, timeout=WITHIN_MS)
    return time.monotonic() - began_s


IS_TOLD = """() => {
  const told = document.querySelector("#modes:not([hidden]) [data-mode=engine]");
  const buttons = document.querySelectorAll("[data-ticket-submit], [data-ticket-preview], [data-asks=cancel]");
  return Boolean(told) && buttons.length >= 3 && [...buttons].every((button) => button.disabled);
}"""
IS_BACK = """() => {
  const buttons = document.querySelectorAll("[data-ticket-submit], [data-ticket-preview], [data-asks=cancel]");
  return document.querySelector("#modes").hidden && [...buttons].every((button) => !button.disabled);
}"""


@pytest.mark.fault("F12")
@pytest.mark.parametrize("number", [signal.SIGSTOP, signal.SIGKILL], ids=["frozen", "killed"])
def test_an_engine_that_is_away_is_told_within_three_seconds_and_over_by_itself(
    cluster: Cluster, page: Page, number: signal.Signals
) -> None:
    page.wait_for_function(IS_BACK)
    pid = cluster.kill("engine", number)
    if number is signal.SIGSTOP:
        told_s = seconds_until(page, IS_TOLD)
        expect(page.locator("#modes")).to_contain_text("Trading is paused.")
        expect(page.locator("#modes")).to_contain_text("Works as ever: prices, balances, history")
        expect(page.locator("[data-asks-note]").first).to_contain_text("the button is back by itself")
        assert told_s <= TOLD_WITHIN_S
        note("F12", f"a frozen engine is on every open page after {told_s:.1f} s, with the ticket and the cancels off")
        os.kill(pid, signal.SIGCONT)
    else:
        seconds_until(page, "() => document.querySelector('#modes:not([hidden]) [data-mode=engine]') !== null")
    back_s = seconds_until(page, IS_BACK)
    recovered(back_s)
    page.locator("[data-asks=cancel]").first.click()
    expect(page.locator("#toasts")).to_contain_text("canceled")
    place(page, "Limit", "0.1", page.locator("#ticket-price").input_value())
    expect(page.locator("#order-result")).to_contain_text("waits in the book")


@pytest.mark.fault("F31")
def test_a_silent_feed_stops_market_orders_alone_and_is_said_once(cluster: Cluster, page: Page) -> None:
    page.wait_for_function(IS_BACK)
    submit = page.locator("[data-ticket-submit]").first
    page.locator("[data-ticket]").get_by_text("Market", exact=True).click()
    expect(submit).to_be_enabled()
    cluster.kill("feed", signal.SIGSTOP)
    try:
        off_s = seconds_until(page, "() => document.querySelector('[data-ticket-submit]').disabled")
        expect(page.locator("[data-mode=feed]")).to_be_visible()
        expect(page.locator("[data-stream-says]")).to_be_hidden()
        expect(page.locator("[data-asks-note]").first).to_contain_text("The price is too old to trade on")
        page.locator("[data-ticket]").get_by_text("Limit", exact=True).click()
        expect(submit).to_be_enabled()
        expect(page.locator("[data-asks=cancel]").first).to_be_enabled()
    finally:
        cluster.kill("feed", signal.SIGCONT)
    note("F31", f"a market order cannot be sent {off_s:.1f} s after the last price; a limit order and a cancel can")
    recovered(seconds_until(page, IS_BACK))

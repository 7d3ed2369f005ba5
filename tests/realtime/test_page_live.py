"""The page's scripts in a real browser, under the product's content security policy, on a real server."""

import os
import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from playwright.sync_api import Page, Request, Route, expect, sync_playwright

from apps.core.enums import Side
from apps.eventlog.schemas.marketdata import Depth
from tests.realtime.conftest import Market, Server, until

pytestmark = [pytest.mark.processes, pytest.mark.e2e]
TOKEN = "t" * 32
# The page is handed over by the test, so the browser takes it for one from the internet that reaches into this machine.
CHROMIUM_ARGS = ["--no-sandbox", "--disable-gpu", "--disable-features=LocalNetworkAccessChecks"]
PAGE = """<!doctype html><html><head>
<link rel="stylesheet" href="/static/web/layout.css"><link rel="stylesheet" href="/static/realtime/realtime.css">
<script src="/static/realtime/paint.js" defer></script><script src="/static/realtime/stream.js" defer></script>
<script src="/static/realtime/depth.js" defer></script><script src="/static/realtime/tape.js" defer></script>
<script src="/static/test/log.js" defer></script>
</head><body hx-headers:inherited='{{"X-CSRFToken": "{token}"}}' data-stream-url="" {account}>
<span class="status-chip" data-stream-status data-state="off">Not live</span><a class="topbar-value">1.00</a>
<div data-stream-banner hidden></div>
<table><tr data-watch="PAGE-A" data-decimals="2">
<td id="bid" data-live="PAGE-A:bid">0.00</td><td id="ask" data-live="PAGE-A:ask">0.00</td>
<td id="last" data-live="PAGE-A:last"></td>
<td id="spread" data-live="PAGE-A:spread"></td><td id="change" data-live="PAGE-A:change" data-reference="1000"></td>
<td id="pnl" data-pnl="PAGE-A" data-quantity="0.5" data-cost="600">0</td></tr></table>
<div id="ladder" data-depth="PAGE-A" data-decimals="2" data-quantity-decimals="1"></div>
<p data-own-symbol="PAGE-A" data-own-price="1234.5"></p>
<div id="tape" data-tape="PAGE-A" data-decimals="2" data-quantity-decimals="2"></div>
<p id="marked" data-watch="PAGE-M" data-decimals="2" data-stale><b id="marked-bid" data-live="PAGE-M:bid">1.00</b></p>
<p id="silent" data-watch="PAGE-N"><b data-live="PAGE-N:bid">1.00</b></p>
<div id="later"></div></body></html>"""
LOG = """window.log = [];
for (const name of ["tredye:price-picked", "tredye:account", "tredye:status"])
  document.addEventListener(name, (event) => window.log.push([name, event.detail]));
for (const name of ["orders-changed", "balances-changed", "positions-changed"])
  document.body.addEventListener(name, () => window.log.push([name]));
window.violations = [];
document.addEventListener("securitypolicyviolation", (event) => window.violations.push(event.violatedDirective));"""
POLICY = "default-src 'self'; script-src 'self'; style-src 'self'; connect-src 'self'; object-src 'none'; base-uri 'none'"


@pytest.fixture(scope="module")
def open_page() -> Iterator[Callable[..., Any]]:
    names = ("chromium", "chromium-browser", "google-chrome")
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)
    assert path, "a Chromium is needed: set CHROMIUM to its path"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_ARGS)

        @contextmanager
        def opened(
            server: Server, account: str = "", cookies: dict[str, str] | None = None, *, ticket: tuple[int, str] | None = None
        ) -> Iterator[Page]:
            context = browser.new_context()
            base = f"http://127.0.0.1:{server.port}"
            context.add_cookies([{"name": name, "value": value, "url": base} for name, value in (cookies or {}).items()])
            page = context.new_page()
            errors: list[str] = []
            page.on("pageerror", lambda error: errors.append(str(error)))
            page.on("console", lambda line: errors.append(line.text) if line.type == "error" else None)
            page.route(re.compile(r".*/test-page$"), lambda route: _serve(route, account))
            page.route(re.compile(r".*/static/test/log\.js$"), _serve_log)
            if ticket is not None:
                status, text = ticket
                page.route("**/stream/ticket", lambda route: route.fulfill(status=status, json={"ticket": text}))
            page.goto(f"{base}/test-page")
            yield page
            # A browser reports a refused request by itself.
            assert [error for error in errors if ticket is None or f"status of {ticket[0]}" not in error] == []
            assert page.evaluate("window.violations") == []
            context.close()

        yield opened
        browser.close()


def _serve(route: Route, account: str) -> None:
    body = PAGE.format(token=TOKEN, account=account)
    route.fulfill(body=body, content_type="text/html", headers={"Content-Security-Policy": POLICY})


def _serve_log(route: Route, _request: Request) -> None:
    route.fulfill(body=LOG, content_type="text/javascript")


def test_prices_ladder_and_tape_are_painted(uvicorn: Server, market: Market, open_page: Any) -> None:
    with open_page(uvicorn) as page:
        chip = page.locator("[data-stream-status]")
        market.quote("PAGE-A", "1234.5", "1234.75")
        market.flush()
        expect(page.locator("#bid")).to_have_text("1,234.50")
        expect(page.locator("#ask")).to_have_text("1,234.75")
        expect(page.locator("#spread")).to_have_text("0.25")
        expect(page.locator("#change")).to_have_text("+23.46%")
        expect(page.locator("#pnl")).to_have_text("+17.31")
        expect(chip).to_have_attribute("data-state", "live")
        market.quote("PAGE-A", "1233.5", "1234.75")
        expect(page.locator("#bid")).to_have_class(re.compile("down"))
        expect(page.locator("#bid")).not_to_have_class(re.compile("down"), timeout=2000)
        market.trade("PAGE-A", "1234.6")
        expect(page.locator("#last")).to_have_text("1,234.60")
        expect(page.locator("#tape .tape-row").first.locator(".tape-price")).to_have_text("1,234.60")
        assert page.locator("#tape .tape-row").first.get_attribute("data-side") == Side.BUY
        bids, asks = [("1234.5", "2", "1"), ("1234", "3", "0")], [("1234.75", "10", "0")]
        market.send("marketdata.depth", "PAGE-A", Depth("PAGE-A", market.epoch, 1, 1_000_000, bids, asks))
        market.flush()
        first_bid = page.locator("#ladder .depth-bid").first
        expect(first_bid.locator(".depth-price")).to_have_text("1,234.50")
        expect(page.locator("#ladder .depth-bid").nth(1).locator(".depth-total")).to_have_text("5.0")
        expect(first_bid).to_have_attribute("data-own", "")
        assert first_bid.evaluate("row => row.style.getPropertyValue('--share')") == "20%"
        assert first_bid.evaluate("row => row.style.getPropertyValue('--customers')") == "50%"
        assert page.locator("#ladder .depth-row").count() == 20 and page.locator("#tape .tape-row").count() == 20
        first_bid.click()
        picked = page.evaluate("window.log.filter(([name]) => name === 'tredye:price-picked')")
        assert picked == [["tredye:price-picked", {"symbol": "PAGE-A", "side": "bid", "price": "1234.5"}]]
        # No tick for more than two seconds: the row is grey and the state says so.
        expect(page.locator("tr[data-watch]")).to_have_attribute("data-stale", "", timeout=6000)
        expect(chip).to_have_attribute("data-state", "stale", timeout=6000)


def test_a_price_that_no_quote_confirms_is_marked(uvicorn: Server, market: Market, open_page: Any) -> None:
    with open_page(uvicorn) as page:
        expect(page.locator("[data-stream-status]")).to_have_attribute("data-state", re.compile("live|stale"))
        # The page has looked at ages more than once by the time that it marks what the server did not.
        expect(page.locator("#silent")).to_have_attribute("data-stale", "", timeout=6000)
        expect(page.locator("#marked")).to_have_attribute("data-stale", "")
        market.quote("PAGE-M", "7", "8")
        market.flush()
        expect(page.locator("#marked-bid")).to_have_text("7.00")
        expect(page.locator("#marked")).not_to_have_attribute("data-stale", "", timeout=1900)


def test_what_htmx_swaps_in_is_watched_and_painted_with_what_is_known(uvicorn: Server, market: Market, open_page: Any) -> None:
    with open_page(uvicorn) as page:
        market.quote("PAGE-A", "1", "2")
        market.flush()
        expect(page.locator("#bid")).to_have_text("1.00")
        page.evaluate("""() => {
            const box = document.getElementById("later");
            const element = (symbol) => Object.assign(document.createElement("b"), { id: symbol });
            for (const symbol of ["PAGE-A", "PAGE-B"]) {
              const made = element(symbol);
              made.dataset.live = `${symbol}:ask`;
              made.dataset.decimals = "1";
              box.append(made);
            }
            box.dispatchEvent(new CustomEvent("htmx:after:swap", { bubbles: true }));
        }""")
        expect(page.locator("#PAGE-A")).to_have_text("2.0")

        def painted() -> bool:
            market.quote("PAGE-B", "5", "6")
            market.flush()
            page.wait_for_timeout(50)
            return page.locator("#PAGE-B").text_content() == "6.0"

        until(painted, "the new symbol is watched")


def test_account_events_reach_the_page_and_a_reconnect_brings_the_missed_ones(
    uvicorn: Server, market: Market, make_owner: Any, open_page: Any, database: psycopg.Connection
) -> None:
    owner = make_owner()
    owner.commit(2)
    cookies = {"sessionid": owner.client.cookies["sessionid"].value, "csrftoken": TOKEN}
    account = 'data-ticket-url="/stream/ticket" data-account-sequence="1"'
    with open_page(uvicorn, account, cookies) as page:

        def seen() -> list[int]:
            return page.evaluate("log.filter(([n]) => n === 'tredye:account').map(([, event]) => event.account_sequence)")

        until(lambda: page.evaluate("log.some(([name]) => name === 'balances-changed')"), "the event is told")
        assert seen() == [2]
        page.context.set_offline(True)
        expect(page.locator("[data-stream-status]")).to_have_attribute("data-state", "down")
        owner.commit(3)
        page.context.set_offline(False)
        until(lambda: len(seen()) >= 4, "the missed events come")
        assert seen() == [2, 3, 4, 5]
        assert page.locator("body").get_attribute("data-account-sequence") == "5"


@pytest.mark.parametrize("ticket", [(403, ""), (401, ""), (200, "forged")])
def test_a_page_whose_log_in_ended_does_not_say_that_account_events_come(
    uvicorn: Server, market: Market, open_page: Any, ticket: tuple[int, str]
) -> None:
    account = 'data-ticket-url="/stream/ticket" data-account-sequence="1"'
    with open_page(uvicorn, account, ticket=ticket) as page:
        chip = page.locator("[data-stream-status]")

        def live_without_account() -> bool:
            market.quote("PAGE-A", "5", "6")
            market.flush()
            page.wait_for_timeout(50)
            return chip.text_content() == "Live, log in again for your orders"

        until(live_without_account, "prices come, and the page says that account events do not")
        expect(chip).to_have_attribute("data-state", "partial")
        expect(page.locator("#bid")).to_have_text("5.00")


def test_a_phone_s_chip_has_the_first_words_and_no_old_value_beside_it(uvicorn: Server, market: Market, open_page: Any) -> None:
    with open_page(uvicorn) as page:
        chip, value = page.locator("[data-stream-status]"), page.locator(".topbar-value")
        page.set_viewport_size({"width": 360, "height": 640})
        market.quote("PAGE-A", "5", "6")
        market.flush()
        expect(chip).to_have_text("Live")
        expect(value).to_be_visible()
        page.context.set_offline(True)
        expect(chip).to_have_text(re.compile(r"^Offline.* since [0-9]"))
        assert chip.inner_text() == "Offline"
        assert " since " in (chip.get_attribute("title") or "")
        expect(value).to_be_hidden()
        page.set_viewport_size({"width": 1280, "height": 640})
        assert " since " in chip.inner_text()
        expect(value).to_be_visible()


def test_a_page_without_an_account_is_live(uvicorn: Server, market: Market, open_page: Any) -> None:
    with open_page(uvicorn) as page:
        market.quote("PAGE-A", "5", "6")
        market.flush()
        expect(page.locator("[data-stream-status]")).to_have_text("Live")

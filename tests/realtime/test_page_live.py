"""The page's scripts in a real browser, under the product's content security policy, on a real server."""

import re
from typing import Any

import psycopg
import pytest
from playwright.sync_api import Page, expect

from apps.core.enums import Side
from apps.eventlog.schemas.marketdata import Depth
from tests.realtime.conftest import Market, Server, until
from tests.realtime.pages import LOGIN, NO_WORKER, Opening, account_of, cookies_of

pytestmark = [pytest.mark.processes, pytest.mark.e2e]


def remember(page: Page, name: str, attribute: str) -> None:
    """Keep in ``remembered`` what the attribute becomes from now on: it may be over before anybody asks the page."""
    page.evaluate(
        """([name, attribute]) => {
          const element = document.getElementById(name);
          window.remembered = [];
          new MutationObserver(() => remembered.push(element.getAttribute(attribute)))
            .observe(element, { attributeFilter: [attribute] });
        }""",
        [name, attribute],
    )


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
        remember(page, "bid", "class")
        market.quote("PAGE-A", "1233.5", "1234.75")
        until(lambda: page.evaluate("remembered.some((names) => names.split(' ').includes('down'))"), "a lower bid is pointed at")
        expect(page.locator("#bid")).not_to_have_class(re.compile("down"))
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
        assert page.locator("#ladder .depth-row").count() == 20 and page.locator("#tape .tape-row").count() == 40
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
        remember(page, "marked", "data-stale")
        market.quote("PAGE-M", "7", "8")
        market.flush()
        expect(page.locator("#marked-bid")).to_have_text("7.00")
        until(lambda: page.evaluate("remembered.includes(null)"), "the mark goes")


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
    account = account_of(owner).replace('sequence="2"', 'sequence="1"')
    with open_page(uvicorn, Opening(account=account), cookies_of(owner)) as page:

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
    account = f'data-ticket-url="/stream/ticket" data-login="{LOGIN}" data-account-sequence="1"'
    opening = Opening(account=account, init=NO_WORKER, errors_allowed=(f"status of {ticket[0]}",))
    with open_page(uvicorn, opening, ticket=ticket) as page:
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

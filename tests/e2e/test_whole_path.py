"""The whole path: a visitor signs up, sees prices move, buys, sees the position move, rests an order, cancels it, reads it all.

Feed, event log, consumers, hub, engine, relay and pages all run as they do in production; the browser is a real one.
"""

import re
import urllib.request
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from stack.cluster import Cluster
from tests.e2e.conftest import shoot
from tests.e2e.people import place, sign_up
from tests.waiting import wait_until

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]
SYMBOL = "BTC-USD"
QUIET_SYMBOL = "ALDR"
MEASURED = ("feed_to_painted", "socket_to_painted", "wait", "paint", "frame")


def live(page: Page, symbol: str, field: str) -> str:
    return page.locator(f'[data-live="{symbol}:{field}"]').first.inner_text()


def wait_for_move(page: Page, symbol: str, field: str) -> None:
    """Wait until the shown value changes without a reload."""
    page.wait_for_function(
        """([selector, before]) => document.querySelector(selector).innerText !== before""",
        arg=[f'[data-live="{symbol}:{field}"]', live(page, symbol, field)],
        timeout=20_000,
    )


def number(text: str) -> Decimal:
    return Decimal(re.sub(r"[^0-9.]", "", text))


def check_sums(page: Page) -> None:
    """The totals say what the rows say, at every moment: all of them are read in one step between two frames."""
    page.wait_for_selector("[data-sum=pnl]")
    before = page.locator("[data-pnl]").inner_text()
    page.wait_for_function("before => document.querySelector('[data-pnl]').innerText !== before", arg=before)
    total, row = page.evaluate("['[data-sum=pnl]', '[data-pnl]'].map(selector => document.querySelector(selector).innerText)")
    assert total == row


def check_measurements(page: Page, cluster: Cluster) -> None:
    """A page measures itself and tells it when it is left: how prices came to the screen, and how they were painted.

    One visit may not be enough: the server takes one beacon of an address in five seconds.
    """

    def told() -> bool:
        page.goto(f"/markets/{SYMBOL}/")
        page.wait_for_function("() => tredye.clock.rtt() !== null")
        page.evaluate("() => new Promise(resolve => document.addEventListener('tredye:painted', resolve, { once: true }))")
        page.goto("about:blank")
        return all(times_told(cluster, f"{name}_seconds_count") for name in MEASURED)

    wait_until(told, 60, "every kind of measurement of a page")
    assert not times_told(cluster, "beacons_total", '[^}]*fate="(?:foreign|unreadable)"')


def times_told(cluster: Cluster, name: str, labels: str = "") -> float:
    with urllib.request.urlopen(f"{cluster.web_url}/metrics", timeout=10) as response:
        text = response.read().decode()
    return sum(map(float, re.findall(rf"^tredye_browser_{name}{{{labels}.*}} ([0-9.]+)$", text, re.MULTILINE)))


def check_receipt(page: Page) -> None:
    """Every moment from the click to the screen is told, and their times rise."""
    moments = page.locator("[data-order-receipt] tr[data-moment]")
    names = moments.evaluate_all("rows => rows.map(row => row.dataset.moment)")
    assert names[:3] == ["clicked", "received", "committed"]
    assert sorted(names[3:]) == ["painted", "pushed"], "the answer and the push race to the screen"
    times = moments.locator("time").evaluate_all("times => times.map(time => time.dateTime)")
    assert times == sorted(times)


@pytest.mark.parametrize("cluster", ["kafka", "embedded"], indirect=True)
def test_a_visitor_trades_from_sign_up_to_the_ledger_statement(page: Page, cluster: Cluster) -> None:
    sign_up(page, cluster)
    expect(page.locator("[data-stream-status]").first).to_contain_text(re.compile("live", re.IGNORECASE))
    assert page.locator("[data-live$=':last']").count() >= 24
    wait_for_move(page, SYMBOL, "bid")
    shoot(page, "markets")

    # Buy at market: the fill is in the answer.
    page.goto(f"/markets/{SYMBOL}/")
    expect(page.locator("#ticket-funds")).to_contain_text("100,000")
    expect(page.locator(".depth-row[data-price]:not([data-price=''])").first).to_be_visible()
    place(page, "Market", "0.5")
    result = page.locator("#order-result")
    expect(result).to_contain_text("Bought")
    expect(result).to_contain_text("fee")

    # The position is there, and its P&L moves with the market.
    position = page.locator("#position")
    expect(position).to_contain_text("0.5")
    pnl = position.locator("[data-pnl]")
    expect(pnl).to_be_visible()
    before = pnl.inner_text()
    page.wait_for_function("before => document.querySelector('#position [data-pnl]')?.innerText !== before", arg=before)

    # A limit order far below the market waits, and its money is held.
    place(page, "Limit", "0.25", str(int(number(live(page, SYMBOL, "bid")) * 95 // 100)))
    expect(result).to_contain_text("waits in the book")
    expect(page.locator("#open-orders")).to_contain_text("0.25")
    shoot(page, "instrument")

    # Another, nearer to a market that moves less, rests in the depth, marked as one's own; canceled, it frees its money
    # without a reload.
    page.goto(f"/markets/{QUIET_SYMBOL}/")
    resting = page.locator('.depth-row[data-side="bid"]:not([disabled])').nth(5).get_attribute("data-price")
    assert resting is not None
    place(page, "Limit", "7", resting)
    expect(page.locator("#open-orders")).to_contain_text("7")
    page.wait_for_function(
        """price => [...document.querySelectorAll('.depth-row[data-side="bid"]')].some(row =>
             row.dataset.price === price && row.hasAttribute('data-own')
             && Number.parseFloat(row.style.getPropertyValue('--customers')) > 0)""",
        arg=resting,
    )
    available = page.locator("#ticket-funds dd").first
    while_resting = available.inner_text()
    page.locator("#open-orders").get_by_role("button", name=re.compile("Cancel")).click()
    expect(page.locator("#open-orders")).to_contain_text("No open orders")
    expect(available).not_to_have_text(while_resting)
    assert number(available.inner_text()) > number(while_resting)

    # All of it can be read: history, timeline, ledger, portfolio.
    page.goto("/orders/")
    rows = page.locator(".orders-table tbody tr")
    expect(rows).to_have_count(3)
    expect(rows.nth(0)).to_contain_text("Canceled")
    expect(rows.nth(1)).to_contain_text("Open")
    expect(rows.nth(2)).to_contain_text("Filled")
    shoot(page, "orders")

    rows.nth(2).get_by_role("link").first.click()
    timeline = page.locator(".orders-timeline")
    expect(timeline.locator("li").first).to_contain_text("Accepted")
    expect(timeline.locator("li").last).to_contain_text("Filled")  # by the house, at as many levels as it took
    expect(timeline).to_contain_text("house's quote")
    expect(timeline).to_contain_text("orders.events")  # where the log keeps it
    check_receipt(page)
    shoot(page, "order")

    page.goto("/ledger/")
    expect(page.get_by_role("main")).to_contain_text(re.compile("deposit", re.IGNORECASE))
    expect(page.get_by_role("main")).to_contain_text(re.compile("trade", re.IGNORECASE))
    expect(page.get_by_role("main")).to_contain_text("100,000")
    shoot(page, "ledger")

    page.goto("/portfolio/")
    expect(page.get_by_role("main")).to_contain_text(SYMBOL)
    check_sums(page)
    shoot(page, "portfolio")

    check_measurements(page, cluster)
    output = cluster.manage("check_invariants")
    assert "0 violations" in str(output)


def test_the_landing_page_and_the_log_in_look_right(page: Page) -> None:
    page.goto("/")
    first = page.locator("[data-live$=':last']").first.get_attribute("data-live")
    assert first is not None
    wait_for_move(page, first.split(":")[0], "last")
    shoot(page, "landing")
    page.goto("/login/")
    shoot(page, "login")
    page.goto("/signup/")
    shoot(page, "signup")


def test_with_scripts_off_a_person_can_log_in_trade_and_read(cluster: Cluster, browser: object) -> None:
    context = browser.new_context(base_url=cluster.web_url, java_script_enabled=False)  # type: ignore[attr-defined]
    page: Page = context.new_page()
    sign_up(page, cluster)
    expect(page.get_by_role("main")).to_contain_text(SYMBOL)
    page.goto(f"/markets/{SYMBOL}/")
    place(page, "Market", "0.01")
    expect(page.get_by_role("main")).to_contain_text("Filled")  # after a plain POST: the order's own page
    page.goto("/orders/")
    expect(page.locator(".orders-table tbody tr")).to_have_count(1)
    context.close()

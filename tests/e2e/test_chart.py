"""The chart on a running market: bars that grow, another interval, an own line that is dragged, and the past to its beginning."""

import re
from decimal import Decimal

import pytest
from playwright.sync_api import BrowserContext, expect

from stack.cluster import Cluster
from tests.e2e.people import place, sign_up

pytestmark = [pytest.mark.e2e, pytest.mark.long, pytest.mark.timeout(240)]
SYMBOL = "BTC-USD"
PAGES_MAX = 20
#: The market is some minutes old, and its seconds are kept for a day.
ENDED = """() => /beginning of history|kept for a day/.test(
  document.querySelector("[data-chart-edge]:not([hidden]) [data-chart-edge-text]")?.textContent ?? "")"""
EARLIEST = "() => tredye.chart.view.chart.timeScale().setVisibleLogicalRange({ from: -5, to: 60 })"


def test_a_person_reads_and_trades_on_the_chart(context: BrowserContext, cluster: Cluster) -> None:
    page = context.new_page()
    sign_up(page, cluster)
    page.goto(f"/markets/{SYMBOL}/?interval=1s")
    expect(page.locator(".chart-ready")).to_be_visible(timeout=30_000)
    newest = page.evaluate("() => tredye.chart.bars().last?.time ?? 0")
    page.wait_for_function("(before) => (tredye.chart.bars().last?.time ?? 0) > before", arg=newest, timeout=60_000)

    page.keyboard.press("]")
    expect(page.locator("[data-chart-intervals] [aria-current]")).not_to_have_text("1s")
    page.wait_for_function("() => tredye.chart.isLoaded()", timeout=30_000)
    assert "interval=" in page.url and "interval=1s" not in page.url

    bid = Decimal(re.sub(r"[^0-9.]", "", page.locator(f'[data-live="{SYMBOL}:bid"]').first.inner_text()))
    price = (bid * Decimal("0.9998")).quantize(Decimal(1))  # near enough to be on the screen of a market that is a minute old
    place(page, "Limit", "0.01", str(price))
    tag = page.locator(".chart-line-buy:not([hidden]) .chart-tag")
    expect(tag).to_contain_text("Buy")
    box = tag.bounding_box()
    assert box
    x, y = box["x"] + 12, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y + 10)
    page.mouse.move(x, y + 20)
    page.mouse.up()
    form = page.get_by_role("dialog", name=re.compile("Amend buy limit"))
    field = form.get_by_label("New price in USD")
    lower = Decimal(field.input_value())
    assert lower < price, "dragged down, it is lower, and nothing was sent yet"
    form.get_by_role("button", name="Amend").click()
    expect(page.locator("#toasts")).to_contain_text("The order was amended.", timeout=30_000)
    expect(tag).to_have_accessible_name(re.compile(re.escape(f"{lower:,.2f}")), timeout=30_000)

    for _ in range(PAGES_MAX):
        before = page.evaluate("() => tredye.chart.bars().list[0].time")
        page.evaluate(EARLIEST)
        page.wait_for_function(
            f"(before) => tredye.chart.bars().list[0].time < before || ({ENDED})()", arg=before, timeout=30_000
        )
        if page.evaluate(ENDED):
            break
    else:
        pytest.fail("the past had no end")

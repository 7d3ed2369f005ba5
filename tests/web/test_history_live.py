"""The order history in a real Chromium while orders change: rows stay where they are, and newer ones wait to be asked for."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from apps.core.enums import Side
from apps.orders.models import Order
from tests.builders import Venue
from tests.inbrowser import chromium, visit
from tests.pages import client_of

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(180)]

CHANGED = "() => document.body.dispatchEvent(new CustomEvent('orders-changed', { detail: { accountSequence: 1e9 } }))"


@pytest.fixture(scope="module", autouse=True)
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


def places(page: Page, order_ids: list[int]) -> list[list[float]]:
    """Of each row, where it is in its table, and how large."""
    found = page.evaluate(
        """(ids) => ids.map((id) => {
          const box = (name) => document.getElementById(name).getBoundingClientRect();
          const [row, list] = [box(`order-row-${id}`), box("order-rows")];
          return [row.x - list.x, row.y - list.y, row.width, row.height];
        })""",
        order_ids,
    )
    return list(found)


def test_rows_keep_their_places_and_newer_ones_wait_to_be_asked_for(browser: Browser, db: None) -> None:
    venue = Venue()
    alice = venue.customer("alice@example.com", funded="1000")
    orders = [venue.order(alice, "AAPL-USD", Side.BUY, "1", price).pk for price in ("97.00", "98.00", "98.50")]
    with visit(browser, client_of(alice)) as person:
        page = person.open("/orders/?status=open")
        before = places(page, orders)
        amend = page.get_by_role("link", name=f"Amend order {orders[0]}")
        amend.focus()
        venue.cancel(Order.objects.get(pk=orders[1]))
        newest = venue.order(alice, "AAPL-USD", Side.BUY, "1", "96.00").pk
        page.evaluate(CHANGED)
        expect(page.locator(f"#order-row-{orders[1]}")).to_contain_text("Canceled")
        newer = page.get_by_role("link", name="1 newer order: show")
        expect(newer).to_be_visible()
        assert places(page, orders) == before
        expect(amend).to_be_focused()
        expect(page.locator(f"#order-row-{newest}")).to_have_count(0)
        newer.click()
        expect(page.locator(f"#order-row-{newest}")).to_be_visible()
        expect(page.locator(f"#order-row-{orders[1]}")).to_have_count(0)  # it is open no longer
        page.get_by_label("Side").select_option("SELL")
        expect(page.get_by_text("No order fits")).to_be_visible()
        expect(page).to_have_url(re.compile(r"/orders/\?status=open&.*side=SELL"))
        page.get_by_role("link", name="Without the filter Sell").click()
        expect(page.locator(f"#order-row-{newest}")).to_be_visible()
        expect(page).to_have_url(re.compile(r"/orders/\?status=open$"))

"""The receipt of an order that a person clicked in a real browser, on a real server with a real engine."""

import re
import threading
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.api.test_orders import receipt_row
from tests.api.world import CSRF, ApiWorld, Person
from tests.engine.world import SYMBOL
from tests.realtime.conftest import Server, until
from tests.realtime.pages import chromium

#: tests/e2e follows an order of a person by Kafka as well; here the other ways that it can go.
pytestmark = [pytest.mark.processes, pytest.mark.e2e, pytest.mark.long]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started


@pytest.fixture(autouse=True)
def prices(api_world: ApiWorld) -> Iterator[None]:
    """A price as young as the feed keeps it: on an old one a market order is asked about, and none without."""
    over = threading.Event()

    def keep() -> None:
        api_world.price()
        while not over.wait(0.5):
            api_world.price()

    keeper = threading.Thread(target=keep)
    keeper.start()
    yield
    over.set()
    keeper.join()


def open_ticket(browser: Browser, server: Server, person: Person, **context: Any) -> Page:
    base = f"http://127.0.0.1:{server.port}"
    opened = browser.new_context(base_url=base, **context)
    opened.set_default_timeout(20_000)
    cookies = {"sessionid": person.session_key, "csrftoken": CSRF}
    opened.add_cookies([{"name": name, "value": value, "url": base} for name, value in cookies.items()])
    page = opened.new_page()
    page.goto(f"/markets/{SYMBOL}/")
    return page


def place(page: Page) -> int:
    """Buy at the market, and return the order's id."""
    page.locator("[name=order_type][value=MARKET]").check(force=True)
    page.locator("#ticket-quantity").fill("0.01")
    page.locator("[data-ticket-submit]").click()
    link = page.locator("#order-result a[href^='/orders/']").first
    confirm = page.locator("[data-question-confirm]")
    expect(link.or_(confirm)).to_be_visible()
    if confirm.is_visible():  # what the page showed was three seconds old by then
        confirm.click()
        expect(link).to_be_visible()
    found = re.search(r"/orders/(\d+)/", link.get_attribute("href") or "")
    assert found
    return int(found[1])


def test_the_order_of_a_person_shows_all_five_moments_rising(api_world: ApiWorld, uvicorn: Server, browser: Browser) -> None:
    person = api_world.person()
    page = open_ticket(browser, uvicorn, person)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    # The push comes by the stream, which this page is connected to.
    expect(page.locator("[data-stream-status]").first).to_have_attribute("data-state", re.compile("live|stale"))
    order_id = place(page)
    until(lambda: all(receipt_row(api_world, person, order_id) or [None]), "every moment is written", within=60)
    door, clicked, received, committed, pushed, painted = receipt_row(api_world, person, order_id)
    assert door == "PAGE"
    assert clicked <= received <= committed <= pushed, "the push is of what was committed"
    assert committed <= painted, "and so is what was on the screen"

    page.goto(f"/orders/{order_id}/")
    rows = page.locator("[data-order-receipt] tbody tr")
    names = rows.evaluate_all("rows => rows.map((row) => row.dataset.moment)")
    assert names[:3] == ["clicked", "received", "committed"] and set(names[3:]) == {"pushed", "painted"}
    shown = rows.locator("time").evaluate_all("times => times.map((time) => time.dateTime)")
    times = [datetime.fromisoformat(time) for time in shown]
    assert times == sorted({clicked, received, committed, pushed, painted}) and len(times) == 5
    expect(page.locator("[data-order-receipt]")).to_contain_text(re.compile(r"on the screen [0-9.]+ m?s after the click"))
    assert errors == []
    page.context.close()


def test_a_browser_whose_clock_is_an_hour_off_tells_the_server_s_time(
    api_world: ApiWorld, uvicorn: Server, browser: Browser
) -> None:
    person = api_world.person()
    page = open_ticket(browser, uvicorn, person)
    page.evaluate("const now = Date.now; Date.now = () => now() - 3600000;")
    order_id = place(page)
    until(lambda: (receipt_row(api_world, person, order_id) or [None])[-1], "the painting is written", within=60)
    _, clicked, received, committed, _, painted = receipt_row(api_world, person, order_id)
    assert clicked <= received <= committed <= painted
    assert (painted - clicked).total_seconds() < 60
    page.context.close()


def test_without_scripts_the_receipt_says_what_is_missing(api_world: ApiWorld, uvicorn: Server, browser: Browser) -> None:
    person = api_world.person()
    page = open_ticket(browser, uvicorn, person, java_script_enabled=False)
    page.locator("[name=order_type][value=MARKET]").check(force=True)
    page.locator("#ticket-quantity").fill("0.01")
    page.locator("[data-ticket-submit]").click()
    expect(page).to_have_url(re.compile(r"/orders/\d+/$"))

    def told() -> bool:
        page.reload()
        return "it runs no scripts" in (page.locator("[data-order-receipt]").text_content() or "")

    until(told, "the receipt is written, and says that there was no script")
    names = page.locator("[data-order-receipt] tr[data-moment]")
    expect(names).to_have_count(2)
    page.context.close()

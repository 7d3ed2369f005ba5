"""What a person does with lists and with the search of every page: in a real Chromium, by keyboard and by mouse."""

import re
from collections.abc import Callable, Iterator

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from apps.accounts.models import Account
from apps.watchlists import services
from apps.watchlists.selectors import list_watchlists
from tests.inbrowser import Visit, chromium, visit

pytestmark = pytest.mark.e2e

# Read in the same task as the key, before a frame is drawn: only then does Chromium take the focus out of a closed dialog.
REPORT_FOCUS_AFTER_ESCAPE = """() => document.getElementById("palette").addEventListener("keydown", () => queueMicrotask(
  () => { window.focusAfterEscape = document.activeElement.tagName }))"""


@pytest.fixture(scope="module", autouse=True)
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture
def lists(alice: Account, ids: dict[str, int]) -> int:
    """Of two lists the second, which is empty; ACME is on the first."""
    services.watch(account_id=alice.pk, instrument_id=ids["ACME"])
    return services.create_watchlist(account_id=alice.pk, name="Second")


@pytest.fixture
def person(browser: Browser, alice: Account, ids: dict[str, int], client_for: Callable[[Account], Client]) -> Iterator[Visit]:
    with visit(browser, client_for(alice)) as person:
        yield person


def rows(page: Page) -> list[str]:
    found: list[str] = page.locator("[data-row]").evaluate_all("rows => rows.map(row => row.dataset.row)")
    return found


def test_an_instrument_is_found_watched_and_put_in_order(person: Visit, alice: Account, ids: dict[str, int]) -> None:
    page = person.open("/markets/")
    page.keyboard.press("/")
    expect(page.locator("#palette-text")).to_be_focused()
    expect(page.locator("#palette [role=option]")).to_have_count(4)
    page.keyboard.type("usd")
    page.keyboard.press("ArrowDown")
    page.evaluate(REPORT_FOCUS_AFTER_ESCAPE)
    page.keyboard.press("Escape")
    assert page.evaluate("window.focusAfterEscape") == "BODY", "the next key would be taken for typing in the closed palette"
    expect(page.locator("#palette")).not_to_be_visible()

    page.keyboard.press("ArrowDown")
    expect(page.locator('[data-row="ACME-USD"] [data-list-link]')).to_be_focused()
    for symbol in ("ACME", "BOLT", "BTC"):
        page.keyboard.press("w")
        expect(page.locator(f'[data-row="{symbol}-USD"] [aria-pressed=true]')).to_have_count(1)
        page.locator(f'[data-row="{symbol}-USD"] [data-list-link]').focus()
        page.keyboard.press("ArrowDown")
    watched = list_watchlists(alice.pk).watched_ids
    assert watched == {ids["ACME"], ids["BOLT"], ids["BTC"]}

    person.open("/watchlists/")
    page.locator('[data-row="BTC-USD"] [data-list-link]').focus()
    page.keyboard.press("Alt+ArrowUp")
    expect(page.locator('[data-row="BTC-USD"] [data-list-link]')).to_be_focused()
    assert rows(page) == ["ACME-USD", "BTC-USD", "BOLT-USD"]
    _drag(page, "ACME-USD", below="BOLT-USD")
    _drag(page, "BOLT-USD", below=None)
    expect(page.locator(".row-dragged")).to_have_count(0)
    assert rows(page) == ["BOLT-USD", "BTC-USD", "ACME-USD"]
    page.reload()
    assert rows(page) == ["BOLT-USD", "BTC-USD", "ACME-USD"]

    page.locator('[data-row="BTC-USD"] [data-list-link]').focus()
    page.keyboard.press("s")
    expect(page).to_have_url(re.compile(r"/markets/BTC-USD/\?side=SELL#ticket$"))


def _drag(page: Page, symbol: str, *, below: str | None) -> None:
    """Drag a row below another one, or to the top."""
    handle = page.locator(f'[data-row="{symbol}"] .row-handle').bounding_box()
    other = page.locator(f'[data-row="{below}"]' if below else "[data-row] >> nth=0").bounding_box()
    assert handle and other
    page.mouse.move(handle["x"] + handle["width"] / 2, handle["y"] + handle["height"] / 2)
    page.mouse.down()
    page.mouse.move(handle["x"], other["y"] + (other["height"] - 2 if below else 2), steps=5)
    with page.expect_response(re.compile("/move/")):
        page.mouse.up()


@pytest.mark.long
def test_enter_opens_what_was_typed_even_before_it_is_found(person: Visit) -> None:
    page = person.open("/portfolio/")
    page.keyboard.press("/")
    page.keyboard.type("bol")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/markets/BOLT-USD/$"))
    page.get_by_role("link", name="Search").click()
    page.keyboard.type("no such thing")
    expect(page.locator("#palette-found")).to_contain_text("No instrument is called “no such thing”")
    page.keyboard.press("Enter")
    page.locator("#palette-text").fill("cold")
    expect(page.locator("#palette [role=option]")).to_have_count(1)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/markets/COLD-USD/$"))


def _tabs(page: Page) -> list[str]:
    found: list[str] = page.locator("[data-tab]").evaluate_all("tabs => tabs.map(tab => tab.dataset.tab)")
    return found


@pytest.mark.long
def test_a_list_s_tab_is_dragged_and_moved_by_keys(lists: int, person: Visit, alice: Account) -> None:
    page = person.open("/watchlists/")
    first, second = _tabs(page)
    assert second == str(lists)
    box = page.locator(f'[data-tab="{first}"]').bounding_box()
    other = page.locator(f'[data-tab="{second}"]').bounding_box()
    assert box and other
    page.mouse.move(box["x"] + 4, box["y"] + 4)
    page.mouse.down()
    page.mouse.move(other["x"] + other["width"], box["y"] + 4, steps=5)
    with page.expect_response(re.compile("/place/")):
        page.mouse.up()
    expect(page.locator(".tab-dragged")).to_have_count(0)
    assert _tabs(page) == [second, first]
    assert page.url.endswith("/watchlists/"), "what was dragged was not opened"
    page.locator(f'[data-tab="{first}"]').focus()
    with page.expect_response(re.compile("/place/")):
        page.keyboard.press("Alt+ArrowLeft")
    expect(page.locator(f'[data-tab="{first}"]')).to_be_focused()
    assert _tabs(page) == [first, second]
    page.locator(f'[data-tab="{second}"]').click()
    expect(page).to_have_url(re.compile(f"/watchlists/{second}/$"))
    assert [str(each.id) for each in list_watchlists(alice.pk).lists] == [first, second]


@pytest.mark.long
def test_a_star_asks_for_the_list_where_there_are_several(lists: int, person: Visit, alice: Account, ids: dict[str, int]) -> None:
    page = person.open("/markets/")
    page.locator('[data-row="BOLT-USD"] [data-star]').click()
    page.get_by_role("button", name="Second").click()
    expect(page.get_by_role("button", name="Second")).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Second")).not_to_be_visible()
    assert list_watchlists(alice.pk).with_instrument(ids["BOLT"]) == {lists}

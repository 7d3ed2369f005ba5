"""The event log is away and prices go on: the page says which of its parts stand still, and since when, and unsays it after."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from playwright.sync_api import Browser, expect

from tests.accessibility.axe import PHONE
from tests.engine.world import SYMBOL
from tests.inbrowser import Visit, chromium, visit
from tests.web.test_screen import fill

pytestmark = [pytest.mark.e2e, pytest.mark.long]
PATH = f"/markets/{SYMBOL}/"
#: For somebody who wants to look at it.
PICTURES = os.environ.get("PICTURES", "")


@pytest.fixture(scope="module", autouse=True)
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


def modes(name: str, since_ms: int) -> dict[str, object]:
    mode = {"name": name, "title": "History and alerts are late.", "meaning": "Nothing is lost.", "since": since_ms}
    return {"modes": [mode], "tone": "warn", "works": "Prices, orders and cancels work as ever.", "refused": {}}


def photograph(seen: Visit, name: str) -> None:
    if not PICTURES:
        return
    for theme in ("dark", "light"):
        seen.page.emulate_media(color_scheme=theme)
        seen.page.screenshot(path=Path(PICTURES) / f"{name}-{theme}.png")


@pytest.mark.parametrize("size", [{"width": 1280, "height": 800}, PHONE], ids=["desktop", "phone"])
def test_a_book_and_a_chart_that_stand_still_say_so(browser: Browser, alice: Client, size: dict[str, int]) -> None:
    with visit(browser, alice, size=size) as seen:
        page = seen.open(PATH)
        fill(seen)
        ladder, middle, chip = page.locator("[data-depth]"), page.locator(".depth-spread"), page.locator("[data-chart-chip]")
        expect(middle).to_contain_text("Spread")
        since_ms = time.time_ns() // 1_000_000 - 90_000
        page.evaluate("modes => tredye.modes.set(modes)", modes("log", since_ms))
        expect(middle).to_contain_text("As of ")
        expect(ladder).to_have_attribute("data-late", "")
        page.evaluate("() => document.dispatchEvent(new CustomEvent('tredye:status', { detail: { name: 'live' } }))")
        expect(chip).to_contain_text("late")  # of a page whose stream is there
        seen.quote(SYMBOL, "99.50", "100.50", sequence=3)
        expect(page.locator("#modes")).to_contain_text("History and alerts are late")
        photograph(seen, f"log-away-{size['width']}")
        page.evaluate("() => tredye.modes.set(null)")
        expect(middle).to_contain_text("Spread")
        expect(ladder).not_to_have_attribute("data-late", "")
        expect(chip).not_to_contain_text("late")

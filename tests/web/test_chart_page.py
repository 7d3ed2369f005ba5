"""The chart in a real Chromium: its past, its intervals, own orders on it, and a line that is dragged."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from playwright.sync_api import Browser, Page, Route, expect

from apps.instruments.selectors import get_instrument
from apps.marketdata.bars import BarChange, roll_up
from apps.marketdata.services import add_to_bars
from apps.orders.models import Order
from tests.accessibility.axe import DESKTOP, judge, learn
from tests.engine.world import SYMBOL, World
from tests.inbrowser import ORIGIN, Visit, chromium, visit
from tests.web.test_changing_orders import placed, unavailable
from tests.web.test_ticket import submit

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(180)]

MINUTES = 700
Opened = Callable[..., AbstractContextManager[tuple[Page, Visit]]]
LIST = "() => tredye.chart.bars().list.map(({ time }) => time)"


@pytest.fixture(scope="module", autouse=True)
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


@pytest.fixture
def minutes(world: World, alice: Client) -> list[int]:
    """Starts of the minutes that the instrument has traded in, the newest of them the engine's now; prices around 100."""
    instrument_id = get_instrument(SYMBOL).id
    now = world.clock.now_ns() // 10**9 // 60 * 60
    price = [Decimal(100) + Decimal(n % 40 - 20) / 10 for n in range(MINUTES)]
    bars = [
        BarChange(
            instrument_id, "1m", now - 60 * (MINUTES - 1 - n), at, at + 1, at - 1, at + Decimal("0.5"), Decimal(n % 7 + 1), 3
        )
        for n, at in enumerate(price)
    ]
    add_to_bars([*bars, *roll_up(bars, "5m"), *roll_up(bars, "1h"), *roll_up(bars, "1d")])
    return [bar.start_s for bar in bars]


@contextmanager
def visited(browser: Browser, client: Client, size: dict[str, int]) -> Iterator[tuple[Page, Visit]]:
    with visit(browser, client, size=size, reduced_motion="reduce") as person:
        yield person.page, person


@pytest.fixture
def opened(browser: Browser, alice: Client, minutes: list[int]) -> Opened:
    return lambda size=DESKTOP: visited(browser, alice, size)


def show(page: Page, query: str = "") -> None:
    page.goto(f"{ORIGIN}/markets/{SYMBOL}/{query}", wait_until="domcontentloaded")
    expect(page.locator(".chart-ready")).to_be_visible()


def tag(page: Page, side: str = "buy") -> Any:
    return page.locator(f".chart-line-{side}:not([hidden]) .chart-tag")


def drag(page: Page, by: int, side: str = "buy", *, drop: bool = True) -> None:
    box = tag(page, side).bounding_box()
    assert box is not None
    x, y = box["x"] + 12, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, y + by / 2)
    page.mouse.move(x, y + by)
    if drop:
        page.mouse.up()


def touch(page: Page, element: Any, by: int) -> None:
    box = element.bounding_box()
    assert box is not None
    x, y = box["x"] + 12, box["y"] + box["height"] / 2
    session = page.context.new_cdp_session(page)
    for kind, at in (("touchStart", y), ("touchMove", y + by / 2), ("touchMove", y + by), ("touchEnd", None)):
        points = [] if at is None else [{"x": x, "y": at}]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})


def price_of(order_id: int) -> Decimal | None:
    return Order.objects.get(pk=order_id).price


@pytest.mark.long
def test_the_past_joins_when_it_is_scrolled_to_and_ends_where_it_begins(opened: Opened, minutes: list[int]) -> None:
    with opened() as (page, site):
        show(page)
        assert page.evaluate(LIST) == minutes[-500:]
        before = page.evaluate("() => tredye.chart.view.chart.timeScale().getVisibleRange().to")
        site.instead("before=", lambda route: route.fulfill(status=503, body=""))
        page.evaluate("() => tredye.chart.view.chart.timeScale().setVisibleLogicalRange({ from: 0, to: 100 })")
        edge = page.locator("[data-chart-edge]")
        expect(edge).to_contain_text("Older bars could not be loaded.")
        site.again()
        edge.get_by_role("button", name="Try again").click()
        page.wait_for_function("() => tredye.chart.bars().list.length === 700")
        assert page.evaluate(LIST) == minutes
        # What was in sight is in sight: the bars came in on the left of it.
        assert page.evaluate("() => Math.round(tredye.chart.view.chart.timeScale().getVisibleLogicalRange().from)") == 200
        page.evaluate("() => tredye.chart.view.chart.timeScale().setVisibleLogicalRange({ from: 0, to: 100 })")
        expect(edge).to_contain_text("The beginning of history")
        page.get_by_role("button", name="Back to the newest bar").click()
        page.wait_for_function("(to) => tredye.chart.view.chart.timeScale().getVisibleRange().to >= to", arg=before)
        assert site.count("before=") == 2


def test_an_interval_is_chosen_by_key_kept_in_the_address_and_folded_from_the_stream(opened: Opened, minutes: list[int]) -> None:
    with opened() as (page, _):
        show(page, "?interval=5m")
        page.keyboard.press("]")
        expect(page.locator("[data-chart-intervals] [aria-current]")).to_have_text("15m")
        assert page.url.endswith("?interval=15m")
        page.wait_for_function("() => tredye.chart.isLoaded()")
        times = page.evaluate(LIST)
        assert times[-1] == minutes[-1] // 900 * 900
        assert (
            page.evaluate("() => document.querySelector('[data-chart]').dataset.interval") == "5m"
        )  # what the stream is asked for
        start = times[-1] + 900
        tell = "(bar) => document.dispatchEvent(new CustomEvent('tredye:bar', { detail: bar }))"
        page.evaluate(tell, [SYMBOL, "5m", start * 1000, "101", "104", "100", "103", "2", 5])
        page.evaluate(tell, [SYMBOL, "5m", (start + 300) * 1000, "103", "103", "90", "91.25", "0.5", 1])
        page.evaluate(tell, [SYMBOL, "1h", start * 1000, "1", "1", "1", "1", "1", 1])
        assert page.evaluate("() => tredye.chart.bars().last.texts") == ["101", "104", "90", "91.25", "2.5"]
        legend = page.locator("[data-chart-legend]")
        expect(legend.locator("[data-legend=close]")).to_have_text("91.25")
        expect(legend.locator("[data-legend=volume]")).to_have_text("2.500")
        page.keyboard.press("[")
        page.keyboard.press("[")
        expect(page.locator("[data-chart-intervals] [aria-current]")).to_have_text("1m")


@pytest.mark.long
def test_what_cannot_be_loaded_says_so_and_is_tried_again(opened: Opened) -> None:
    with opened() as (page, site):
        site.instead("/bars", lambda route: route.fulfill(status=500, body=""))
        page.goto(f"{ORIGIN}/markets/{SYMBOL}/", wait_until="domcontentloaded")
        note = page.locator("[data-chart-note]")
        expect(note).to_contain_text("The chart could not be loaded.")
        site.again()
        note.get_by_role("button", name="Try again").click()
        expect(page.locator(".chart-ready")).to_be_visible()
        expect(note).to_be_hidden()
        page.locator("[data-chart-canvas]").focus()
        page.keyboard.press("End")
        page.keyboard.press("ArrowLeft")
        expect(page.locator("[data-chart-said]")).to_contain_text(
            "open 99.80, high 100.80, low 98.80, close 100.30, volume 6.000"
        )


def test_a_line_is_dragged_and_nothing_is_sent_before_it_is_confirmed(opened: Opened, alice: Client) -> None:
    order_id = placed(alice, price="99.50", quantity="2")
    with opened() as (page, site):
        show(page)
        expect(tag(page)).to_contain_text("Buy 2 limit")
        drag(page, 20, drop=False)
        moved = tag(page).inner_text()
        assert "%" in moved and not moved.startswith("99.50")
        page.keyboard.press("Escape")  # the line goes back
        page.mouse.up()
        expect(tag(page)).to_contain_text("Buy 2 limit")
        drag(page, 20)
        form = page.get_by_role("dialog", name="Amend buy limit 2")
        expect(form.locator(".chart-form-old")).to_have_text("99.50")
        expect(form.get_by_role("button", name="Amend")).to_be_focused()
        assert site.count("POST /orders/") == 0
        form.get_by_role("button", name="Keep as it is").click()
        expect(form).to_be_hidden()
        drag(page, 20)
        field = form.get_by_label("New price in USD")
        field.fill("99.123")
        form.get_by_role("button", name="Amend").click()
        expect(form.get_by_role("alert")).to_have_text("The price must be a multiple of 0.01.")
        assert site.count("POST /orders/") == 0
        field.fill("99.25")
        field.press("Enter")
        expect(page.locator("#toasts")).to_contain_text("The order was amended.")
        expect(form).to_be_hidden()
        assert price_of(order_id) == Decimal("99.25")
        assert site.count("POST /orders/") == 1
        expect(tag(page)).to_have_accessible_name("Buy 2 limit at 99.25, amend")


@pytest.mark.long
def test_a_refusal_puts_the_line_back_and_a_lost_answer_is_looked_up(
    opened: Opened, alice: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    order_id = placed(alice, price="99.50", quantity="2")
    with opened() as (page, site):
        show(page)
        drag(page, 20)
        form = page.get_by_role("dialog", name="Amend buy limit 2")
        form.get_by_label("New price in USD").fill("250")  # beyond the collar
        form.get_by_role("button", name="Amend").click()
        expect(form.get_by_role("alert")).not_to_be_empty()
        expect(tag(page)).to_have_accessible_name("Buy 2 limit at 99.50, amend")
        assert price_of(order_id) == Decimal("99.50")
        form.get_by_label("New price in USD").fill("99.75")

        def lost(route: Route) -> None:
            site.again()
            site.lose(route)

        site.instead("POST .*/amend/", lost)
        form.get_by_role("button", name="Amend").click()
        expect(form.get_by_role("alert")).to_contain_text("checking until")
        expect(page.locator("#toasts")).to_contain_text("The order was amended.")
        expect(form).to_be_hidden()
        assert price_of(order_id) == Decimal("99.75")
        with monkeypatch.context() as patched:
            unavailable(patched)
            tag(page).press("Enter")
            form.get_by_label("New price in USD").fill("99.00")
            form.get_by_role("button", name="Amend").click()
            expect(form.get_by_role("alert")).to_contain_text("Not known yet: checking until")
        # Trading is back, and never got it: once the time has come the id is closed, and the form has a new one.
        expect(form.get_by_role("alert")).to_contain_text("Not received: nothing was done.", timeout=60_000)
        assert price_of(order_id) == Decimal("99.75")
        form.get_by_label("New price in USD").fill("99.00")
        form.get_by_role("button", name="Amend").click()
        expect(page.locator("#toasts")).to_contain_text("The order was amended.")
        assert price_of(order_id) == Decimal("99.00")


@pytest.mark.long
def test_a_line_is_canceled_and_a_price_leads_to_the_ticket_and_to_an_alert(opened: Opened, alice: Client) -> None:
    order_id = placed(alice, price="99.50", quantity="2")
    submit(alice, order_type="MARKET", quantity="1", price="", client_order_id="market")
    with opened() as (page, site):
        show(page)
        page.evaluate("""() => {
          window.told = [];
          for (const name of ["tredye:price-picked", "tredye:alert-wanted"]) document.addEventListener(name, (event) => {
            window.told.push([name, event.detail]);
            if (name.includes("alert")) event.preventDefault();
          });
        }""")
        page.get_by_role("button", name="Cancel buy limit 2 at 99.50").click()
        form = page.get_by_role("dialog", name="Cancel buy limit 2 at 99.50?")
        page.keyboard.press("Escape")
        expect(form).to_be_hidden()
        assert site.count("POST /orders/") == 0
        page.get_by_role("button", name="Cancel buy limit 2 at 99.50").click()
        form.get_by_role("button", name="Cancel the order").click()
        expect(page.locator("#toasts")).to_contain_text("The order was canceled.")
        expect(tag(page)).to_have_count(0)
        assert Order.objects.get(pk=order_id).status == "CANCELED"
        canvas = page.locator("[data-chart-canvas]")
        page.mouse.move(0, 0)
        canvas.focus()
        page.keyboard.press("End")  # the newest bar, in which the fill is
        expect(page.locator("[data-chart-tip]")).to_contain_text("Bought 1 at 101.00")
        for name in ("Sell limit at", "Alert at"):
            canvas.click(button="right", position={"x": 200, "y": 150})
            page.get_by_role("menuitem", name=name).click()
        told = page.evaluate("() => window.told")
        assert [name for name, _ in told] == ["tredye:price-picked", "tredye:alert-wanted"]
        assert told[0][1]["side"] == "SELL" and told[0][1]["symbol"] == SYMBOL
        assert Decimal(told[0][1]["price"]) % Decimal("0.01") == 0
        assert page.url.startswith(f"{ORIGIN}/markets/{SYMBOL}/")


@pytest.mark.long
def test_its_colours_follow_the_theme_and_it_fits_a_phone(opened: Opened, alice: Client) -> None:
    placed(alice, price="99.50", quantity="2")
    with opened({"width": 360, "height": 740}) as (page, site):
        show(page)
        page.emulate_media(color_scheme="light")
        background = "() => tredye.chart.view.chart.options().layout.background.color"
        page.wait_for_function(f"() => ({background})() === '#ffffff'")
        loaded = site.count("/bars")
        page.emulate_media(color_scheme="dark")
        page.wait_for_function(f"() => ({background})() === '#151a21'")
        assert site.count("/bars") == loaded  # drawn anew, not loaded anew
        assert page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
        height = page.locator("[data-chart]").evaluate("(element) => element.clientHeight")
        assert 220 <= height <= 400
        touch(page, tag(page), 20)  # a finger drags the line, and scrolls nothing
        assert page.evaluate("() => scrollY") == 0
        learn(page)
        assert judge(page, "dark") + judge(page, "light", ["color-contrast"]) == [], judge(page, "dark")
        form = page.get_by_role("dialog", name="Amend buy limit 2").bounding_box()
        assert form is not None and form["x"] >= 0 and form["x"] + form["width"] <= 360


@pytest.mark.long
def test_a_source_that_says_nothing_of_this_instrument_alone_is_told_on_its_chart(opened: Opened) -> None:
    with opened() as (page, _site):
        show(page)
        page.evaluate("""() => {
          const { paint, chip } = tredye;
          paint.take = () => {};  // nothing of it comes any more, and the stream is well
          const live = { name: "live", text: "", since: 0, missing: "" };
          tredye.stream.status = () => live;
          chip.set(live);
        }""")
        chip = page.locator("[data-chart-chip]")
        chart = page.locator("[data-chart]")
        chart.evaluate("chart => chart.toggleAttribute('data-stale', true)")
        expect(chip).to_have_text("No new price")
        chart.evaluate("chart => chart.toggleAttribute('data-stale', false)")
        expect(chip).to_be_hidden()

"""The page of an instrument as a trading screen, in a real browser: what fits, what keys do, and what is asked again."""

import re
import time
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from playwright.sync_api import Browser, Locator, Page, Route, expect

from apps.core.enums import OrderType
from apps.orders import checking
from apps.orders.models import Order
from apps.orders.tickets import ORDER_TYPE_LABELS
from tests.accessibility.axe import PHONE, give, judge, learn
from tests.engine.world import SYMBOL, World
from tests.inbrowser import Visit, chromium, visit
from tests.inprocess import InProcessEngine
from tests.prices import set_price
from tests.web.frozen import Frozen

pytestmark = pytest.mark.e2e
PATH = f"/markets/{SYMBOL}/"
#: Width, height, and by how much the page is taller: None where it may be.
WINDOWS = ((1920, 1080, 0), (1440, 900, 0), (1280, 720, 0), (800, 1000, None))


@pytest.fixture(scope="module", autouse=True)
def browser() -> Iterator[Browser]:
    with chromium() as found:
        yield found


def fill(visit: Visit) -> None:
    """A quote, a book of ten levels a side, and a full tape."""
    now_ms = time.time_ns() // 1_000_000
    visit.quote(SYMBOL, "99.00", "101.00")
    bids = [[f"{99 - step}.00", f"{step + 1}.000", "0"] for step in range(10)]
    asks = [[f"{101 + step}.00", f"{step + 1}.000", "0"] for step in range(10)]
    visit.tell(d=[[SYMBOL, 1, 5, now_ms, bids, asks]])
    visit.tell(p=[[SYMBOL, 1, n, now_ms - n, "100.00", "0.500", "BUY", "FEED"] for n in range(50)])
    expect(visit.page.locator(".tape-row").nth(5)).to_contain_text("100.00")


def overflow(page: Page) -> tuple[int, int]:
    """By how much the page is wider and taller than its window, in pixels."""
    found = page.evaluate("""() => {
      const { scrollWidth, scrollHeight, clientWidth, clientHeight } = document.documentElement;
      return [scrollWidth - clientWidth, scrollHeight - clientHeight];
    }""")
    return found[0], found[1]


def serious(page: Page) -> list[str]:
    """What axe-core has against the page as scripts have drawn it, in both themes."""
    learn(page)
    return judge(page, "dark") + judge(page, "light", ["color-contrast"])


def is_in_window(found: Locator) -> bool:
    """Whether all of it is in the window, and nothing that scrolls hides a part of it."""
    return bool(
        found.evaluate("""element => {
          const { left, right, top, bottom } = element.getBoundingClientRect();
          const inside = left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight && right > left && bottom > top;
          const [x, y] = [(left + right) / 2, bottom - 2];
          return inside && element.contains(document.elementFromPoint(x, y));
        }""")
    )


def rest(world: World, count: int = 8) -> None:
    for n in range(count):
        world.submit(world.alice, "BUY", "0.250", f"9{n}.00")


def test_at_1280_nothing_lies_below_the_fold_whatever_type_is_chosen(browser: Browser, world: World, alice: Client) -> None:
    rest(world)
    with visit(browser, alice) as person:
        page = person.open(PATH)
        fill(person)
        expect(page.locator("#open-orders tbody tr")).to_have_count(8)
        expect(page.locator("#position")).to_be_visible()
        for side in ("BUY", "SELL"):
            page.locator(f".side-{side.lower()}").click()
            for code, label in ORDER_TYPE_LABELS:
                page.locator(".ticket-types").get_by_text(label, exact=True).click()
                assert page.locator("[name=order_type]:checked").input_value() == code
                for name in ("[data-ticket-submit]", "[data-ticket-preview]", "#ticket-funds"):
                    assert is_in_window(page.locator(name)), (side, code, name)
                for place, found in enumerate(
                    page.locator(".ticket-form .field :is(input:not([type=radio]), select):visible").all()
                ):
                    assert is_in_window(found), (side, code, place)
        for name in (".area-chart", ".area-depth", ".area-tape", ".area-ticket", ".area-orders", ".area-position", ".page-foot"):
            assert is_in_window(page.locator(name)), name
        assert is_in_window(page.locator("#open-orders tbody tr").first)
        assert overflow(page) == (0, 0)
        orders = page.locator(".area-orders-list")
        assert orders.evaluate("box => box.scrollWidth - box.clientWidth") == 0
        assert not (found := serious(page)), found


@pytest.mark.parametrize(("width", "height", "tall"), [
    (1024, 768, 0),
    (360, 740, None),
    *(pytest.param(*size, marks=pytest.mark.long) for size in WINDOWS),
])  # fmt: skip
def test_nothing_is_too_wide(browser: Browser, world: World, alice: Client, width: int, height: int, tall: int | None) -> None:
    rest(world, 2)
    with visit(browser, alice, size={"width": width, "height": height}) as person:
        page = person.open(PATH)
        fill(person)
        expect(page.locator("#open-orders tbody tr")).to_have_count(2)
        expect(page.locator("#position")).to_be_visible()
        wide, high = overflow(page)
        assert wide == 0
        assert high == 0 if tall == 0 else high > 0, "a phone scrolls, a desk does not"
        for card in page.locator(".trade-grid .card:visible").all():
            assert card.evaluate("card => card.scrollWidth - card.clientWidth") <= 0, card.get_attribute("class")


VALUE = """<small><span class="not-narrow">Account value</span><span class="only-narrow">Paper</span>, prices of 06:01:54</small>
<span class="price" data-stale>1,234,567,890.12<span class="not-narrow"> USD</span></span><span>*</span>"""


def test_the_bar_has_room_for_the_account_s_value_before_and_after_it_came(browser: Browser, world: World, alice: Client) -> None:
    with visit(browser, alice, size=PHONE) as person:
        waiting: list[Route] = []
        person.page.route("**/account/value/", lambda route: waiting.append(route))
        page = person.open("/orders/")
        page.wait_for_function("() => document.querySelector('.topbar-value.htmx-request')")
        for width in (360, 320):
            assert bar(page, width) == [0, True, True], width
        give(waiting[0], body=VALUE, content_type="text/html")
        expect(page.locator(".topbar-value .price")).to_have_count(1)
        for width in (360, 414, 800, 1024):
            assert bar(page, width) == [0, True, True], width
        assert bar(page, 320)[:2] == [0, True]


def bar(page: Page, width: int) -> list[object]:
    """By how much the page is too wide, whether everything of its bar is in sight, and no digit of the value is cut off."""
    page.set_viewport_size({"width": width, "height": 740})
    found: list[object] = page.evaluate("""() => {
      tredye.chip.set({ name: "live", text: "", since: 0, missing: "" });  // where it is not, a phone shows that instead
      const isInside = each => each.getBoundingClientRect().right <= innerWidth;
      const price = document.querySelector(".topbar-value .price");
      return [document.documentElement.scrollWidth - document.documentElement.clientWidth,
              [...document.querySelectorAll(".topbar > *, .topbar-end > *")].every(isInside),
              !price || price.scrollWidth <= price.clientWidth];
    }""")
    return found


def test_an_empty_book_says_so(browser: Browser, world: World, alice: Client) -> None:
    with visit(browser, alice) as person:
        page = person.open(PATH)
        fill(person)
        expect(page.locator(".depth-spread")).to_have_text("Spread 2.00")
        person.tell(d=[[SYMBOL, 1, 6, time.time_ns() // 1_000_000, [], []]])
        expect(page.locator(".depth-spread")).to_have_text("Nobody quotes now")
        expect(page.locator(".depth-row").first).to_be_hidden()
        fill(person)


def test_the_ticket_is_previewed_and_sent_by_keyboard_alone(browser: Browser, world: World, alice: Client) -> None:
    with visit(browser, alice) as person:
        page = person.open(PATH)
        fill(person)
        page.keyboard.press("s")
        expect(page.locator("#ticket-quantity")).to_be_focused()
        expect(page.locator("[name=side][value=SELL]")).to_be_checked()
        page.keyboard.press("ArrowUp")
        page.keyboard.press("Shift+ArrowUp")
        expect(page.locator("#ticket-quantity")).to_have_value("0.011")
        page.keyboard.press("Tab")
        expect(page.locator("#ticket-price")).to_be_focused()
        page.keyboard.press("ArrowUp")  # empty: the price that a sale meets first
        page.keyboard.press("ArrowDown")
        expect(page.locator("#ticket-price")).to_have_value("98.99")
        page.keyboard.press("Enter")
        expect(page.locator("#order-result")).to_contain_text("Would be filled at once")
        assert person.ordered == ["/orders/preview/"]
        page.keyboard.press("ArrowDown")
        expect(page.locator("#order-result")).to_be_empty()  # it was about another order
        page.keyboard.press("Enter")
        expect(page.locator("#order-result")).to_contain_text("Would be filled at once")
        page.keyboard.press("Enter")
        expect(page.locator("#order-result")).to_contain_text("Sold")
        assert person.ordered == ["/orders/preview/"] * 2 + ["/orders/submit/"]
        assert [(str(order.side), str(order.price)) for order in Order.objects.all()] == [("SELL", "98.98000000")]


@pytest.mark.long
def test_the_ladder_is_walked_and_a_price_is_taken_into_the_ticket(browser: Browser, world: World, alice: Client) -> None:
    world.submit(world.alice, "BUY", "0.250", "97.00")
    world.submit(world.alice, "BUY", "0.500", "97.00")
    with visit(browser, alice) as person:
        page = person.open(PATH)
        fill(person)
        own = page.locator(".depth-row[data-own]")
        expect(own).to_have_count(1)
        expect(own.locator(".depth-own")).to_have_text("0.75")
        best = page.locator(".depth-bid").first
        best.focus()
        for _ in range(2):
            page.keyboard.press("ArrowDown")
        expect(page.locator(".depth-bid").nth(2)).to_be_focused()
        expect(page.locator(".depth-spread")).to_have_text("avg 97.67 · 586.00")  # 1 at 99, 2 at 98, 3 at 97
        assert page.locator(".depth-row[data-reach]").count() == 3
        page.keyboard.press("Enter")
        expect(page.locator("#ticket-price")).to_have_value("97.00")
        page.locator(".depth-ask").first.dispatch_event("pointerover", {"bubbles": True})
        expect(page.locator(".depth-spread")).to_have_text("avg 107.00 · 5,885.00")
        page.locator(".depth").dispatch_event("pointerleave")
        expect(page.locator(".depth-spread")).to_have_text("Spread 2.00")


@pytest.mark.long
def test_own_trades_are_marked_on_the_tape_also_those_of_before_the_page(
    browser: Browser, engine: InProcessEngine, world: World, alice: Client
) -> None:
    world.submit(world.alice, "BUY", "0.250", None, order_type=OrderType.MARKET)
    [[at, price, quantity]] = alice.get(f"/orders/prints/?symbol={SYMBOL}").json()["fills"]
    with visit(browser, alice) as person:
        page = person.open(PATH)
        others = [[SYMBOL, 1, n, at - n, "101.00", "0.250", "BUY", "BOOK"] for n in range(1, 5)]
        person.tell(p=[*others, [SYMBOL, 1, 9, at, price, quantity, "BUY", "BOOK"]])
        expect(page.locator(".tape-row[data-own]")).to_have_count(1)
        expect(page.locator(".tape-row").first).to_have_attribute("data-own", "")


@pytest.mark.long
def test_a_size_of_what_is_available_can_be_paid_for(browser: Browser, world: World, alice: Client) -> None:
    with visit(browser, alice) as person:
        page = person.open(PATH)
        fill(person)
        page.locator("#ticket-price").fill("100.50")
        half = Decimal(page.locator("[data-funds]").get_attribute("data-available-quote") or "") / 2
        page.get_by_role("button", name="50 %").click()
        assert page.locator("[data-ticket-warning]").is_hidden()
        page.locator("[data-ticket-submit]").click()
        expect(page.locator("#order-result")).to_contain_text("waits in the book")
        # All but what one more lot would cost, fee included.
        order = Order.objects.get()
        left = half - order.held
        assert Decimal(0) <= left < Decimal("0.001") * Decimal("100.50") * Decimal("1.002")


def test_on_a_phone_the_ticket_is_a_sheet_that_keeps_the_focus(browser: Browser, alice: Client) -> None:
    with visit(browser, alice, size=PHONE, has_touch=True) as person:
        page = person.open(PATH)
        fill(person)
        ticket = page.locator(".ticket")
        expect(ticket).not_to_be_visible()
        page.locator("[data-ticket-open=SELL]").click()
        expect(ticket).to_be_visible()
        expect(page.locator("#ticket-quantity")).to_be_focused()
        expect(page.locator("[name=side][value=SELL]")).to_be_checked()
        expect(page.locator("[data-ticket-submit]")).to_be_in_viewport(ratio=1)
        for _ in range(40):
            page.keyboard.press("Tab")
            assert page.evaluate("document.querySelector('.ticket').contains(document.activeElement)")
        page.keyboard.press("Escape")
        expect(ticket).not_to_be_visible()
        expect(page.locator("[data-ticket-open=SELL]")).to_be_focused()
        page.locator("[data-ticket-open=BUY]").click()
        expect(ticket).to_be_visible()
        page.go_back()
        expect(ticket).not_to_be_visible()
        expect(page).to_have_url(f"http://localhost{PATH}")


def test_a_price_that_moved_is_asked_about_and_asked_again_when_it_moves_once_more(
    browser: Browser, world: World, alice: Client
) -> None:
    with visit(browser, alice) as person:
        page = person.open(PATH)
        fill(person)
        page.locator(".ticket-types").get_by_text("Market", exact=True).click()
        page.locator("#ticket-quantity").fill("0.5")
        set_price(SYMBOL, "100.00", "102.00", sequence=3)
        page.locator("[data-ticket-submit]:not([data-question-confirm])").click()
        question = page.locator("#order-question")
        expect(question).to_contain_text("The price has moved. Not sent yet.")
        expect(question.locator("dd").nth(0)).to_have_text("101.00")
        expect(question.locator("dd").nth(2)).to_have_text("102.00")
        expect(question.locator("dd").nth(4)).to_have_text("+99.0")
        set_price(SYMBOL, "103.00", "105.00", sequence=4)
        question.locator("[data-question-confirm]").click()
        expect(question.locator("dd").nth(0)).to_have_text("102.00")
        expect(question.locator("dd").nth(2)).to_have_text("105.00")
        assert not Order.objects.exists()
        question.locator("[data-question-confirm]").click()
        expect(page.locator("#order-result")).to_contain_text("Bought")
        assert Order.objects.count() == 1
        assert person.ordered == ["/orders/submit/"] * 3


@pytest.mark.long
def test_a_page_whose_prices_stood_still_asks_before_it_sends(browser: Browser, world: World, alice: Client) -> None:
    with visit(browser, alice) as person:
        page = person.open(PATH)
        seen = page.locator("[name=seen]")
        set_price(SYMBOL, "99.00", "101.00", sequence=2)
        person.quote(SYMBOL, "99.00", "101.00", sequence=2)
        page.wait_for_function("() => document.querySelector('[name=seen]').value.split(':')[1] === '2'")
        old = seen.input_value().split(":")
        seen.evaluate("(input, value) => { input.value = value; }", ":".join([*old[:2], str(int(old[2]) - 7_200_000), *old[3:]]))
        page.locator(".ticket-types").get_by_text("Market", exact=True).click()
        page.locator("#ticket-quantity").fill("0.5")
        page.locator("[data-ticket-submit]").click()
        expect(page.locator("#order-question")).to_contain_text("The price you saw is old.")
        page.locator("[data-result-clear]").click()
        expect(page.locator("#order-result")).to_be_empty()
        set_price(SYMBOL, "99.00", "101.00", sequence=2, age=timedelta(hours=2))
        person.quote(SYMBOL, "99.00", "101.00", sequence=3)  # a page whose own price is old lets nobody send
        page.wait_for_function("() => document.querySelector('[name=seen]').value.split(':')[1] === '3'")
        page.locator("[data-ticket-submit]").click()
        expect(page.locator("#order-question")).to_contain_text("There is no price to trade on.")
        assert not Order.objects.exists()


@pytest.fixture
def frozen(engine: InProcessEngine, monkeypatch: pytest.MonkeyPatch) -> Frozen:
    monkeypatch.setattr(checking, "CHECK_S", 3)
    return Frozen(engine, monkeypatch)


def send_limit(page: Page) -> None:
    page.locator("#ticket-quantity").fill("0.5")
    page.locator("#ticket-price").fill("101.00")
    page.locator("[data-ticket-submit]").click()


def test_an_order_that_trading_never_got_is_told_of_by_itself(browser: Browser, alice: Client, frozen: Frozen) -> None:
    with visit(browser, alice) as person:
        page = person.open(PATH)
        frozen.is_frozen = True
        send_limit(page)
        result = page.locator("#order-result")
        expect(result).to_contain_text(re.compile("checking until [0-9]{2}:[0-9]{2}:[0-9]{2}"))
        before = page.locator("[name=client_order_id]").input_value()
        frozen.lose()
        expect(result).to_contain_text("Not received: nothing was sent", timeout=60_000)
        assert page.locator("[name=client_order_id]").input_value() != before
        page.locator("[data-ticket-submit]").click()
        expect(result).to_contain_text("Bought")
        assert sorted(Order.objects.values_list("status", flat=True)) == ["FILLED", "REJECTED"]


@pytest.mark.long
def test_an_engine_that_was_frozen_and_wakes_has_done_it_once(browser: Browser, alice: Client, frozen: Frozen) -> None:
    with visit(browser, alice) as person:
        page = person.open(PATH)
        frozen.is_frozen = True
        send_limit(page)
        result = page.locator("#order-result")
        expect(result).to_contain_text("Trading does not answer at the moment", timeout=60_000)
        frozen.wake()
        expect(result).to_contain_text("Bought", timeout=60_000)
        assert [order.status for order in Order.objects.all()] == ["FILLED"]


@pytest.mark.long
def test_an_answer_that_never_reaches_the_page_is_looked_for_by_the_page(browser: Browser, alice: Client) -> None:
    with visit(browser, alice) as person:
        page = person.open(PATH)
        page.locator("#ticket-quantity").fill("0.5")
        page.locator("#ticket-price").fill("101.00")
        person.loses_answers = True
        page.locator("[data-ticket-submit]").click()
        result = page.locator("#order-result")
        expect(result).to_contain_text("No answer came to this page")
        person.loses_answers = False
        expect(result).to_contain_text("Bought", timeout=60_000)
        assert Order.objects.count() == 1

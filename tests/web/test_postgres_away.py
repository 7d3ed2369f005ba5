"""What a browser shows while the server answers that Postgres is away, and that it comes back by itself."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client, RequestFactory
from playwright.sync_api import Browser, Route, expect

from apps.breakers.postgres import POSTGRES
from apps.orders.models import Order
from apps.web import away
from tests.engine.world import SYMBOL, World
from tests.inbrowser import chromium, visit
from tests.inprocess import InProcessEngine

pytestmark = [pytest.mark.long, pytest.mark.fault("F4", "F7")]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


def paused(*, begun: bool) -> dict[str, Any]:
    request = RequestFactory().post("/orders/submit/", headers={"HX-Request": "true"})
    answer = away.answer(request, begun=begun)
    return {"body": answer.content.decode(), "headers": dict(answer.items())}


@pytest.mark.parametrize(
    ("begun", "said", "unsaid"), [(False, "Not sent", "Not known yet"), (True, "Not known yet: checking", "Not sent")]
)
def test_a_ticket_is_called_not_sent_only_when_it_surely_was_not(
    browser: Browser, alice: Client, engine: InProcessEngine, begun: bool, said: str, unsaid: str
) -> None:
    def refuse(route: Route) -> None:
        answer = paused(begun=begun)
        route.fulfill(status=503, body=answer["body"], headers=answer["headers"])

    with visit(browser, alice) as person:
        page = person.open(f"/markets/{SYMBOL}/")
        person.instead("POST /orders/submit/", refuse)
        page.locator("[data-ticket]").get_by_text("Limit", exact=True).click()
        page.locator("#ticket-quantity").fill("0.1")
        page.locator("#ticket-price").fill("100")
        page.locator("[data-ticket-submit]").click()
        expect(page.locator("#order-result")).to_contain_text(said)
        expect(page.locator("#order-result")).not_to_contain_text(unsaid)
    assert not Order.objects.exists()


def test_the_page_says_what_goes_on_and_comes_back_by_itself(
    browser: Browser, alice: Client, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert alice.get("/markets/").status_code == 200  # the process knows the instruments from now on
    monkeypatch.setattr(POSTGRES, "is_open", True)
    with visit(browser, alice) as person:
        person.unanswered = True
        page = person.open("/portfolio/")
        expect(page.locator("h1")).to_have_text("Trading is paused")
        expect(page.locator("[data-away-looking]")).to_contain_text("comes back by itself")
        person.quote(SYMBOL, "99.50", "100.50")
        expect(page.locator(f'[data-live="{SYMBOL}:bid"]')).to_have_text("99.50")
        monkeypatch.setattr(POSTGRES, "is_open", False)
        expect(page.locator("h1")).to_have_text("Portfolio")
        loads = person.count(r"^GET /portfolio/$")
    assert loads == 2, "it looked without loading itself again"

"""Why an order was filled at that price, on one screen: quote, book, account and the customer's screen, as they were."""

import html
import re
import time
from typing import Any

import pytest
from django.test import Client

from apps.accounts.models import User
from apps.orders.models import AccountEvent, Order
from apps.receipts import line as line_module
from apps.receipts.line import ReceiptLine
from apps.receipts.models import ShownQuote
from tests.builders import Venue
from tests.engine.world import World
from tests.inprocess import InProcessEngine, connect
from tests.pages import PARTIAL, client_of, counted_queries
from tests.prices import seen, set_price
from tests.web.test_ticket import submit

pytestmark = pytest.mark.django_db


@pytest.fixture
def world(db: None, monkeypatch: pytest.MonkeyPatch) -> World:
    """The engine's clock shows today: receipts and quotes are compared with the decision."""
    world = World()
    world.clock.advance_ns(time.time_ns() + 20_000_000_000 - world.clock.now_ns())
    world.quote("99.00", "101.00")
    return world


@pytest.fixture
def engine(world: World, monkeypatch: pytest.MonkeyPatch) -> InProcessEngine:
    set_price("BTC-USD", "99.00", "101.00")
    return connect(world, monkeypatch)


@pytest.fixture
def line(monkeypatch: pytest.MonkeyPatch) -> ReceiptLine:
    made = ReceiptLine()
    monkeypatch.setattr(line_module, "_line", made)
    return made


def shown(desk: Client, order_id: int, query: str = "") -> str:
    """The part of the page that says how it was, tags off."""
    response = desk.get(f"/support/orders/{order_id}/{query}")
    assert response.status_code == 200
    part = response.content.decode().partition('id="as-it-was"')[2].partition("</article>")[0]
    part = part.partition('aria-label="Where it stands"')[0]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", part)).split())


def test_a_fill_against_the_house_is_answered_from_the_quote_and_the_screen(
    world: World, engine: InProcessEngine, line: ReceiptLine, desk: Client
) -> None:
    submit(client_of(world.alice), order_type="MARKET", time_in_force="IOC", price="", seen=seen("99.00", "100.50", sequence=41))
    line.flush()
    order = Order.objects.get()
    text = shown(desk, order.pk)
    assert "Filled at 101.00 because the best ask of the house was 101.00, and no customer offered better." in text
    assert "The page showed 100.50 to buy at: quote 1-41." in text
    assert "It was filled 0.50 (0.50 %) worse for the customer than was shown." in text
    trade = order.fills.get().trade
    assert f"test {trade.quote_epoch}-{trade.quote_sequence}" in text
    assert "Bid 99.00 × 1.000 Ask 101.00 × 1.000" in text and "stood behind it" in text
    assert "Ask 101.00 1.000 0.000 – Bid 99.00 1.000 0.000 –" in text
    assert "Whole: rebuilt from every order that rested then." in text
    assert "USD 100,000.00" in text and "BTC 100.0" in text


def test_a_fill_behind_the_best_price_says_what_was_taken_before(world: World, desk: Client) -> None:
    world.submit(world.bob, "BUY", "1", "101.00")
    order_id = world.submit(world.alice, "BUY", "0.5", "102.00").order_id
    text = shown(desk, order_id)
    assert "Filled at 101.01, behind the house's best ask of 101.00: 1.000 of its quote had been taken before" in text
    assert "Of this quote earlier trades had taken 1.000 of the house's asks." in text


def test_a_fill_against_a_customer_names_no_other_customer(world: World, desk: Client) -> None:
    world.submit(world.bob, "SELL", "2", "100.00")
    order_id = world.submit(world.alice, "BUY", "0.5", "100.00").order_id
    text = shown(desk, order_id)
    assert "because another customer's order stood there with the best ask of the book." in text
    assert "The house's own ask was 101.00" in text
    assert "Ask 100.00 2.000 2.000 – Bid 99.00" in text, "the book is as it was before the fill, and the order is not in it"
    assert "bob" not in text and str(world.bob.pk) not in re.findall(r"account (\d+)", text)


def test_an_order_that_rested_is_shown_in_the_book_that_came_to_it(world: World, desk: Client) -> None:
    resting = world.submit(world.alice, "SELL", "2", "100.00").order_id
    taker = world.submit(world.bob, "BUY", "0.5", "105.00").order_id
    text = shown(desk, resting)
    assert "Filled at 100.00 because that was its own limit" in text and "Another customer's order came and took it." in text
    assert "Ask 100.00 2.000 2.000 2.000 Bid 99.00" in text, "its own; and who came, with a limit of 105, rested nowhere"
    assert "105.00" not in text
    crossed = world.quote("100.50", "102.50")
    assert crossed is not None and taker
    world.clock.advance_ns(1_000_000)
    world.session.process_raw([], world.clock.now_ns(), [crossed])
    filled = AccountEvent.objects.filter(order_id=resting, type="ORDER_FILLED").order_by("-id")[0]
    text = shown(desk, resting, f"?at={filled.pk}")
    assert "The house's bid had moved to 100.50, which reached it." in text
    assert "Ask 100.00 1.500 1.500 1.500" in text


def test_the_moment_is_chosen_by_its_sequence_and_an_unknown_one_is_the_first_fill(world: World, desk: Client) -> None:
    order_id = world.submit(world.alice, "BUY", "1.5", "102.00").order_id
    accepted, first, second = AccountEvent.objects.filter(order_id=order_id).order_by("id")
    assert "Filled at 101.00 because" in shown(desk, order_id) == shown(desk, order_id, "?at=7")
    assert "Filled at 101.01, behind" in shown(desk, order_id, f"?at={second.pk}")
    text = shown(desk, order_id, f"?at={accepted.pk}")
    assert "The house's ask was 101.00: the limit of 102.00 reached it." in text
    assert f"before sequence {world.epoch}-{order_id}" in text
    assert first.pk != second.pk


def test_what_was_not_kept_or_came_from_a_program_is_said(world: World, desk: Client) -> None:
    order_id = world.submit(world.alice, "BUY", "0.5", "102.00").order_id
    assert "What the page showed is not known" in shown(desk, order_id)
    assert "in the batch of sequences up to" in shown(desk, order_id)


def test_a_moment_that_the_journal_does_not_have_is_told_without_it(venue: Venue, desk: Client) -> None:
    order = venue.bought(venue.customer("carol@example.com", funded="100000"), "AAPL-USD", "10", "187.13")
    text = shown(desk, order.pk)
    assert "Filled at 187.13, which the house offered; its quote is not in the journal." in text
    assert "The journal has no row of this moment." in text and "in the batch" not in text


def test_a_page_cannot_break_the_line_with_numbers_that_no_column_holds(
    world: World, engine: InProcessEngine, line: ReceiptLine
) -> None:
    huge = seen("99.00", "101.00", epoch=9_999_999_999_999_999_999)
    submit(client_of(world.alice), seen=huge)
    submit(client_of(world.alice), seen=seen("99.00", "101.00"), client_order_id="ticket-2")
    line.flush()
    assert ShownQuote.objects.count() == 1


def test_a_confirmed_question_is_told_from_what_the_ticket_carried(
    world: World, engine: InProcessEngine, line: ReceiptLine, desk: Client
) -> None:
    confirms = seen("99.00", "101.00", sequence=5)
    market = {"order_type": "MARKET", "time_in_force": "IOC", "price": ""}
    submit(client_of(world.alice), **market, seen=seen("90.00", "91.00"), confirms=confirms)
    line.flush()
    text = shown(desk, Order.objects.get().pk)
    assert "The page showed 101.00 to buy at, after it had asked again: quote 1-5." in text
    assert "It was filled at exactly the price that was shown." in text


def test_the_customer_s_own_page_does_not_have_it(world: World, engine: InProcessEngine) -> None:
    order_id = world.submit(world.alice, "BUY", "0.5", "102.00").order_id
    assert "as-it-was" not in client_of(world.alice).get(f"/orders/{order_id}/").content.decode()


def test_statements_do_not_grow_with_the_book_and_the_history(world: World, desk: Client) -> None:
    order_id = world.submit(world.alice, "BUY", "0.5", "102.00").order_id
    few: Any
    many: Any
    desk.get(f"/support/orders/{order_id}/")
    with counted_queries() as few:
        desk.get(f"/support/orders/{order_id}/", headers=PARTIAL)
    for number in range(30):
        world.submit(world.bob, "BUY", "1", f"{90 + number / 10:.2f}")
    later = world.submit(world.alice, "BUY", "0.5", "102.00").order_id
    with counted_queries() as many:
        desk.get(f"/support/orders/{later}/", headers=PARTIAL)
    assert len(few) == len(many) <= 36, [query["sql"][:90] for query in many.captured_queries]


def test_a_look_is_written_for_it_as_for_the_page(world: World, desk: Client, sam: User) -> None:
    order_id = world.submit(world.alice, "BUY", "0.5", "102.00").order_id
    shown(desk, order_id)
    looks = client_of(world.alice).get("/settings/looks/").content.decode()
    assert f"order {order_id}" in looks

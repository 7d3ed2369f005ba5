"""One order: its timeline with every cause, fill, ledger row and place in the event log."""

import re

import pytest

from apps.core.enums import OrderStatus, Side
from apps.ledger.models import Posting
from apps.orders import event_positions
from apps.orders.models import AccountEvent, Order
from apps.orders.selectors import OrderNotFoundError, access_order, get_by_client_order_id, list_fills
from tests.builders import Venue
from tests.pages import PARTIAL, client_of, counted_queries


@pytest.fixture
def alice(venue: Venue):
    return venue.customer("alice@example.com", funded="100000")


def page_of(account, order: Order) -> str:
    response = client_of(account).get(f"/orders/{order.pk}/")
    assert response.status_code == 200
    return response.content.decode()


def test_the_fills_of_an_order_are_those_that_its_events_name(venue: Venue, alice) -> None:
    bob = venue.customer("bob@example.com", funded="100000")
    orders = [venue.bought(customer, "AAPL-USD", "10", "187.13") for customer in (alice, bob, alice)]
    for order in orders:
        fill = order.fills.get()
        assert [found.id for found in list_fills(order.pk)] == [fill.pk]
        assert [found.id for found in list_fills(order.pk, trade_ids=[fill.trade_id])] == [fill.pk]
        assert not list_fills(order.pk, trade_ids=[0])


def test_a_filled_order_tells_its_whole_story(venue: Venue, alice) -> None:
    order = venue.bought(alice, "AAPL-USD", "10", "187.13")
    accepted, filled = AccountEvent.objects.filter(order_id=order.pk).order_by("id")
    event_positions.record([(accepted.pk, 2, 40)])
    page = page_of(alice, order)
    assert "10.0000 at 187.13" in page
    assert f"sim 7-{order.fills.get().trade.quote_sequence}" in page
    assert f">{filled.epoch}-{filled.pk}<" in page
    assert "orders.events-2-40" in page
    assert page.count("on its way") == 1  # the fill has not been read from the log yet
    assert order.client_order_id in page
    assert filled.data["causation_id"] in page and filled.data["correlation_id"] in page
    for posting in Posting.objects.filter(ledger_account__account=alice, transfer__trade_id=order.fills.get().trade_id):
        digits = 0 if posting.asset_id == order.instrument.base_id else 4
        assert f"{posting.balance_after:,.{digits}f}" in page or f"{posting.balance_after:,.2f}" in page


def test_every_ledger_row_of_a_fill_is_on_it(venue: Venue, alice) -> None:
    order = venue.bought(alice, "AAPL-USD", "10", "100")
    response = client_of(alice).get(f"/orders/{order.pk}/")
    transfer = response.context["story"].steps[1].transfer
    legs = [(posting.asset.code, posting.amount, posting.balance_after) for posting in transfer.postings]
    assert legs == [("AAPL", 10, 10), ("USD", -1000, 99000), ("USD", -1, 98999)]


def test_a_denied_order_says_why_in_a_sentence(venue: Venue, alice) -> None:
    order = venue.order(alice, "AAPL-USD", Side.SELL, "5", "90", refused=OrderStatus.DENIED, reason="INSUFFICIENT_POSITION")
    page = page_of(alice, order)
    assert "There is not enough of this instrument available to sell." in page
    assert "/cancel/" not in page


def test_an_open_order_can_be_canceled_from_its_page_and_refreshes(venue: Venue, alice) -> None:
    order = venue.order(alice, "AAPL-USD", Side.BUY, "5", "90")
    page = page_of(alice, order)
    assert f'action="/orders/{order.pk}/cancel/"' in page
    assert 'hx-trigger="orders-changed from:body"' in page
    venue.cancel(order)
    page = page_of(alice, order)
    assert "Canceled at your request." in page
    assert "/cancel/" not in page


def test_a_cancel_by_staff_is_told_with_their_words_and_without_their_name(venue: Venue, alice) -> None:
    order = venue.order(alice, "AAPL-USD", Side.BUY, "5", "90")
    venue.cancel(order, "CANCELED_BY_ADMIN", explanation="the price was <b>far</b> off")
    page = page_of(alice, order)
    told = re.sub(r"<details.*?</details>", "", page, flags=re.DOTALL)  # but for the event as it was published
    assert "Canceled by Tredye: the price was &lt;b&gt;far&lt;/b&gt; off" in told
    assert "ORDER_FORCE_CANCELED" not in told
    assert "/cancel/" not in page
    plain = venue.order(alice, "AAPL-USD", Side.BUY, "5", "90")
    venue.cancel(plain, "CANCELED_BY_ADMIN")
    assert "Canceled by Tredye. " in page_of(alice, plain)


def test_a_fill_between_customers_names_no_quote(venue: Venue, alice) -> None:
    bob = venue.customer("bob@example.com", funded="1000")
    venue.bought(bob, "AAPL-USD", "2", "100")
    resting = venue.order(alice, "AAPL-USD", Side.BUY, "2", "99")
    taking = venue.order(bob, "AAPL-USD", Side.SELL, "2", "99")
    venue.fill(taking, "2", "99", against=resting)
    assert "Against another customer" in page_of(alice, resting)
    assert "your order was waiting (maker)" in page_of(alice, resting)
    assert "bob@example.com" not in page_of(alice, resting)


def test_somebody_else_s_order_and_a_missing_one_are_the_same_404(venue: Venue, alice) -> None:
    bob = venue.customer("bob@example.com", funded="1000")
    order = venue.bought(bob, "AAPL-USD", "2", "100")
    client = client_of(alice)
    theirs, missing = client.get(f"/orders/{order.pk}/"), client.get("/orders/999999999/")
    assert theirs.status_code == missing.status_code == 404
    assert theirs.content == missing.content
    with pytest.raises(OrderNotFoundError):
        access_order(alice.pk, order.pk)


@pytest.mark.parametrize("order_id", ["9223372036854775808", "9" * 40, "0", "1e3", "-1"])
def test_an_id_that_cannot_be_one_is_a_404(venue: Venue, alice, order_id: str) -> None:
    assert client_of(alice).get(f"/orders/{order_id}/").status_code == 404


def test_the_client_s_own_id_finds_the_order(venue: Venue, alice) -> None:
    bob = venue.customer("bob@example.com", funded="1000")
    order = venue.order(alice, "AAPL-USD", Side.BUY, "1", "100", client_order_id="mine-1")
    found = get_by_client_order_id(alice.pk, "mine-1")
    assert found is not None and found.id == order.pk
    assert get_by_client_order_id(bob.pk, "mine-1") is None


def test_a_long_timeline_is_read_in_pages_with_a_fixed_number_of_queries(venue: Venue, alice) -> None:
    order = venue.order(alice, "AAPL-USD", Side.BUY, "200", "100")
    client = client_of(alice)
    venue.fill(order, "1", "100")
    client.get(f"/orders/{order.pk}/")
    with counted_queries() as few:
        client.get(f"/orders/{order.pk}/", headers=PARTIAL)
    for _ in range(119):
        venue.fill(order, "1", "100")
    with counted_queries() as many:
        first = client.get(f"/orders/{order.pk}/", headers=PARTIAL)
    assert len(few) == len(many) <= 12
    assert len(first.context["story"].steps) == 100
    rest = client.get(f"/orders/{order.pk}/?after={first.context['story'].next_after}", headers=PARTIAL)
    assert len(rest.context["story"].steps) == 21
    assert all(step.transfer and step.fill for step in rest.context["story"].steps)

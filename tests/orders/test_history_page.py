"""The order history: everything, filtered, page by page, and nobody else's."""

import pytest
from django.test import Client

from apps.core.enums import OrderStatus, Side
from apps.orders.models import Order
from apps.orders.selectors import OrderFilters, list_orders
from tests.builders import Venue
from tests.pages import PARTIAL, client_of, counted_queries


def ids_on(response: object) -> list[int]:
    return [order.id for order in response.context["page"].orders]  # type: ignore[attr-defined]


@pytest.fixture
def alice(venue: Venue):
    return venue.customer("alice@example.com", funded="100000")


def test_before_the_first_order_it_says_what_to_do_next(client: Client, alice) -> None:
    page = client_of(alice).get("/orders/")
    assert page.status_code == 200
    assert "No orders yet" in page.content.decode()
    assert 'href="/markets/"' in page.content.decode()


def test_it_shows_the_newest_first_in_the_instrument_s_precision(venue: Venue, alice) -> None:
    first = venue.bought(alice, "AAPL-USD", "10", "187.13")
    second = venue.order(alice, "BTC-USD", Side.BUY, "0.5", "61000")
    page = client_of(alice).get("/orders/")
    assert ids_on(page) == [second.pk, first.pk]
    assert "61,000.00" in page.content.decode()
    assert "0.5000" in page.content.decode()
    assert f'action="/orders/{second.pk}/cancel/"' in page.content.decode()
    assert f'action="/orders/{first.pk}/cancel/"' not in page.content.decode()


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("status=open", ["resting"]),
        ("status=filled", ["filled"]),
        ("status=canceled", ["canceled"]),
        ("status=refused", ["denied"]),
        ("symbol=BTC-USD", ["resting", "denied"]),
        ("symbol=btc-usd&side=sell", ["denied"]),
        ("side=SELL", ["denied"]),
        ("status=open&symbol=AAPL-USD", []),
        ("status=nonsense&side=UP&symbol=%3Cb%3E", ["canceled", "resting", "denied", "filled"]),
        ("before=not-a-number", ["canceled", "resting", "denied", "filled"]),
        ("before=99999999999999999999999", ["canceled", "resting", "denied", "filled"]),
    ],
)
def test_filters_are_in_the_address(venue: Venue, alice, query: str, expected: list[str]) -> None:
    orders = {
        "filled": venue.bought(alice, "AAPL-USD", "10", "187.13"),
        "denied": venue.order(
            alice, "BTC-USD", Side.SELL, "1", "70000", refused=OrderStatus.DENIED, reason="INSUFFICIENT_POSITION"
        ),
        "resting": venue.order(alice, "BTC-USD", Side.BUY, "0.5", "61000"),
        "canceled": venue.cancel(venue.order(alice, "AAPL-USD", Side.BUY, "1", "100")),
    }
    names = {order.pk: name for name, order in orders.items()}
    assert [names[order_id] for order_id in ids_on(client_of(alice).get(f"/orders/?{query}"))] == expected


def test_pages_never_overlap_though_orders_come_meanwhile(venue: Venue, alice) -> None:
    placed = [venue.order(alice, "AAPL-USD", Side.BUY, "1", "100").pk for _ in range(7)]
    first = list_orders(alice.pk, OrderFilters(), None, 3)
    venue.order(alice, "AAPL-USD", Side.BUY, "1", "100")
    second = list_orders(alice.pk, OrderFilters(), first.next_cursor, 3)
    third = list_orders(alice.pk, OrderFilters(), second.next_cursor, 3)
    seen = [order.id for page in (first, second, third) for order in page.orders]
    assert seen == placed[::-1]
    assert third.next_cursor is None


def test_a_full_last_page_has_no_next(venue: Venue, alice) -> None:
    for _ in range(3):
        venue.order(alice, "AAPL-USD", Side.BUY, "1", "100")
    assert list_orders(alice.pk, OrderFilters(), None, 3).next_cursor is None


def test_htmx_gets_the_list_alone(venue: Venue, alice) -> None:
    venue.bought(alice, "AAPL-USD", "1", "100")
    body = client_of(alice).get("/orders/", headers=PARTIAL).content.decode()
    assert body.lstrip().startswith('<section id="order-list"')
    assert "<html" not in body


def test_bob_s_orders_are_not_alice_s(venue: Venue, alice) -> None:
    bob = venue.customer("bob@example.com", funded="1000")
    venue.bought(bob, "AAPL-USD", "1", "100")
    assert ids_on(client_of(alice).get("/orders/")) == []


def test_open_orders_of_one_instrument(venue: Venue, alice) -> None:
    venue.order(alice, "AAPL-USD", Side.BUY, "1", "100")
    resting = venue.order(alice, "BTC-USD", Side.BUY, "0.5", "61000")
    body = client_of(alice).get("/orders/open/?symbol=BTC-USD", headers=PARTIAL).content.decode()
    assert f'action="/orders/{resting.pk}/cancel/"' in body
    assert body.count(' action="/orders/') == 1
    assert 'hx-get="/orders/open/?symbol=BTC-USD"' in body
    plain = client_of(alice).get("/orders/open/").content.decode()
    assert "<html" in plain and plain.count('/cancel/" hx-post') == 2


def test_what_a_person_typed_is_escaped(venue: Venue, alice) -> None:
    venue.order(
        alice, "AAPL-USD", Side.BUY, "1", "100", refused=OrderStatus.DENIED, reason="<img src=x>", client_order_id='"><svg>'
    )
    order = Order.objects.get()
    body = client_of(alice).get(f"/orders/{order.pk}/").content.decode()
    assert "<img src=x>" not in body and '"><svg>' not in body


@pytest.mark.parametrize("address", ["/orders/", "/orders/open/"])
def test_the_number_of_queries_does_not_grow(venue: Venue, alice, address: str) -> None:
    venue.order(alice, "AAPL-USD", Side.BUY, "1", "100")
    template = Order.objects.get()
    client = client_of(alice)
    client.get(address)
    counts = []
    for total in (10, 1000):
        have = Order.objects.count()
        Order.objects.bulk_create(
            Order(**{field.attname: getattr(template, field.attname) for field in Order._meta.concrete_fields}
                  | {"id": 10_000 + n, "client_order_id": f"many-{n}"})
            for n in range(have, total)
        )
        with counted_queries() as queries:
            assert client.get(address).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12

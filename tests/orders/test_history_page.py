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
        ("type=limit", ["canceled", "resting", "denied"]),
        ("type=MARKET&side=buy", ["filled"]),
        ("state=denied", ["denied"]),
        ("state=rejected", []),
        ("status=open&state=canceled", ["canceled"]),
        ("sort=oldest", ["filled", "denied", "resting", "canceled"]),
        ("sort=instrument", ["canceled", "resting", "denied", "filled"]),
        ("status=open&sort=instrument", ["resting"]),
        ("q=mine-7", ["denied"]),
        ("q=no such id&side=sell", []),
        ("client_order_id=mine-7", ["denied"]),
        ("before=not-a-number", ["canceled", "resting", "denied", "filled"]),
        ("before=99999999999999999999999", ["canceled", "resting", "denied", "filled"]),
    ],
)
def test_filters_are_in_the_address(venue: Venue, alice, query: str, expected: list[str]) -> None:
    orders = {
        "filled": venue.bought(alice, "AAPL-USD", "10", "187.13"),
        "denied": venue.order(
            alice, "BTC-USD", Side.SELL, "1", "70000", refused=OrderStatus.DENIED, reason="INSUFFICIENT_POSITION",
            client_order_id="mine-7",
        ),
        "resting": venue.order(alice, "BTC-USD", Side.BUY, "0.5", "61000"),
        "canceled": venue.cancel(venue.order(alice, "AAPL-USD", Side.BUY, "1", "100")),
    }
    names = {order.pk: name for name, order in orders.items()}
    assert [names[order_id] for order_id in ids_on(client_of(alice).get(f"/orders/?{query}"))] == expected


def test_an_order_is_found_by_its_id_however_it_was_copied(venue: Venue, alice) -> None:
    order = venue.bought(alice, "AAPL-USD", "1", "100")
    named_so = venue.order(alice, "AAPL-USD", Side.BUY, "1", "100", client_order_id=str(order.pk))
    bob = venue.customer("bob@example.com", funded="1000")
    for query in (f"q={order.pk}", f"q=%23{order.pk}", f"q=+{order.pk}+"):
        assert ids_on(client_of(alice).get(f"/orders/?{query}")) == [named_so.pk, order.pk]
        assert ids_on(client_of(bob).get(f"/orders/?{query}")) == []


def test_filters_stay_while_paging_and_each_can_be_taken_away(venue: Venue, alice, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apps.orders.views.history.PAGE_SIZE", 2)
    placed = [venue.order(alice, "BTC-USD", Side.BUY, "0.1", "61000").pk for _ in range(3)]
    client = client_of(alice)
    first = client.get("/orders/?status=open&symbol=BTC-USD&side=BUY&sort=oldest&from=2026-11-20")
    assert ids_on(first) == placed[:2]
    following = f"/orders/{first.context['next_address']}"
    assert following == f"/orders/?status=open&symbol=BTC-USD&side=BUY&from=2026-11-20&sort=oldest&after={placed[1]}"
    assert ids_on(client.get(following)) == placed[2:]
    chips = {chip.label: chip.without for chip in first.context["chips"]}
    assert chips["BTC-USD"] == "?status=open&side=BUY&from=2026-11-20&sort=oldest"
    assert chips["Buy"] == "?status=open&symbol=BTC-USD&from=2026-11-20&sort=oldest"
    assert set(chips) == {"BTC-USD", "Buy", "from 2026-11-20"}


def test_open_orders_by_instrument_are_dearest_first(venue: Venue, alice) -> None:
    asked = (("BTC-USD", "60000"), ("AAPL-USD", "100"), ("BTC-USD", "61000"))
    orders = [venue.order(alice, symbol, Side.BUY, "0.1", price).pk for symbol, price in asked]
    page = client_of(alice).get("/orders/?status=open&sort=instrument")
    assert ids_on(page) == [orders[1], orders[2], orders[0]]


def test_a_day_is_the_reader_s_own(venue: Venue) -> None:
    alice = venue.customer("alice@example.com", funded="1000", time_zone="Pacific/Auckland")
    order = venue.order(alice, "AAPL-USD", Side.BUY, "1", "100")  # 14:30 in London, and the next day there
    client = client_of(alice)
    assert ids_on(client.get("/orders/?from=2026-11-21&to=2026-11-21")) == [order.pk]
    assert ids_on(client.get("/orders/?to=2026-11-20")) == []


def rows(client: Client, page: object) -> object:
    return client.get(f"/orders/rows/{page.context['rows_address']}", headers=PARTIAL)  # type: ignore[attr-defined]


def test_rows_are_brought_up_to_date_in_their_places_and_newer_orders_are_counted(venue: Venue, alice) -> None:
    shown = [venue.order(alice, "AAPL-USD", Side.BUY, "1", "100") for _ in range(3)]
    client = client_of(alice)
    page = client.get("/orders/?status=open")
    assert "newer order" not in page.content.decode()
    venue.cancel(shown[1])
    venue.order(alice, "AAPL-USD", Side.BUY, "1", "100")
    venue.bought(alice, "AAPL-USD", "1", "100")  # not open: not one of them
    again = rows(client, page)
    assert [order.id for order in again.context["orders"]] == [order.pk for order in reversed(shown)]
    assert [order.status_label for order in again.context["orders"]] == ["Open", "Canceled", "Open"]
    assert "1 newer order: show" in again.content.decode()
    assert again.context["rows_address"] == page.context["rows_address"]


def test_the_first_order_is_told_of_on_an_empty_page_and_none_on_an_older_one(
    venue: Venue, alice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("apps.orders.views.history.PAGE_SIZE", 1)
    client = client_of(alice)
    empty = client.get("/orders/")
    first, second = (venue.order(alice, "AAPL-USD", Side.BUY, "1", "100") for _ in range(2))
    assert "2 newer orders: show" in rows(client, empty).content.decode()
    older = client.get(f"/orders/?before={second.pk}")
    venue.order(alice, "AAPL-USD", Side.BUY, "1", "100")
    assert "newer order" not in rows(client, older).content.decode()
    assert [order.id for order in rows(client, older).context["orders"]] == [first.pk]


def test_rows_are_the_reader_s_own_and_no_more_than_a_page(venue: Venue, alice) -> None:
    bob = venue.customer("bob@example.com", funded="1000")
    theirs = venue.order(bob, "AAPL-USD", Side.BUY, "1", "100")
    many = "-".join(["0", "x", "", "9" * 40, str(theirs.pk), *map(str, range(1, 5000))])
    answer = client_of(alice).get(f"/orders/rows/?shown={many}&first=1", headers=PARTIAL)
    assert answer.status_code == 200
    assert answer.context["orders"] == ()


def test_a_row_leads_to_a_ticket_for_the_same_again(venue: Venue, alice) -> None:
    venue.order(alice, "BTC-USD", Side.BUY, "0.50", "61000.00")
    body = client_of(alice).get("/orders/").content.decode()
    assert 'href="/markets/BTC-USD/?side=BUY&amp;type=LIMIT&amp;quantity=0.5&amp;price=61000#ticket"' in body


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
    assert body.count(' formaction="/orders/') == 1
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


@pytest.mark.parametrize(
    "address", ["/orders/", "/orders/open/", "/orders/?status=filled&side=BUY", "/orders/?status=open&sort=instrument"]
)
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

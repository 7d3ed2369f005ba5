"""What an order and the pages around it ask of Postgres: little, and as much with a thousand orders as with ten."""

from collections.abc import Callable

import pytest
from django.test import Client

from apps.orders.models import Order
from tests.engine.world import SYMBOL, World
from tests.pages import PARTIAL, counted_queries
from tests.web.test_ticket import submit

QUERIES_MAX = 12
#: Who asks, and the instrument. The engine asks for itself, on its own connection.
TICKET_QUERIES = 2
PAGES = ("/orders/", "/orders/open/", "/orders/{id}/", "/orders/{id}/amend/", "/portfolio/", f"/markets/{SYMBOL}/")


def grow(total: int) -> None:
    """Orders of the account that look like its newest, until there are ``total``."""
    template = Order.objects.order_by("-id").first()
    assert template is not None
    copied = {field.attname: getattr(template, field.attname) for field in Order._meta.concrete_fields}
    Order.objects.bulk_create(
        Order(**copied | {"id": 1_000_000_000 + n, "client_order_id": f"many-{n}"}) for n in range(Order.objects.count(), total)
    )


def counted(ask: Callable[[], int]) -> list[int]:
    counts = []
    for total in (10, 1000):
        grow(total)
        with counted_queries() as queries:
            assert ask() == 200
        counts.append(len(queries))
    return counts


@pytest.mark.parametrize("headers", [{}, PARTIAL], ids=["page", "fragment"])
@pytest.mark.parametrize("page", PAGES)
def test_a_page_asks_the_same_with_a_thousand_orders(world: World, alice: Client, page: str, headers: dict[str, str]) -> None:
    submit(alice)
    address = page.format(id=Order.objects.get().pk)
    alice.get(address)
    few, many = counted(lambda: alice.get(address, headers=headers).status_code)
    assert few == many <= QUERIES_MAX


def test_a_ticket_asks_who_sends_it_and_for_which_instrument(world: World, alice: Client) -> None:
    submit(alice)
    numbers = iter(range(2))
    few, many = counted(lambda: submit(alice, client_order_id=f"more-{next(numbers)}").status_code)
    assert few == many == TICKET_QUERIES

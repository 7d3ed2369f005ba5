"""Every page that a customer may open asks Postgres little, and as much with many rows behind it as with few.

The pages are those of the authorization matrix, so none can be forgotten.
"""

from collections.abc import Iterator

import pytest
from django.db import connection
from django.test import Client

from apps.accounts.models import Account
from apps.core.enums import Side, TradingState
from apps.instruments.models import Instrument
from apps.orders.models import Order
from tests.authorization.matrix import HAS_APP, LOGGED_IN, OWN_ACCOUNT, OWN_CODES, OWN_OBJECT, PUBLIC, ROUTES, Route
from tests.authorization.world import address_of
from tests.builders import Venue
from tests.ddl import analyze
from tests.pages import client_of, counted_queries

QUERIES_MAX = 12
FEW, MANY = 10, 200
THEIRS = (PUBLIC, LOGGED_IN, OWN_ACCOUNT, OWN_OBJECT, HAS_APP, OWN_CODES)
#: Whoever asks for a page that ends the log-in asks for no other afterwards.
ROUTES_OF_A_PERSON = tuple(route for route in ROUTES if route.get in THEIRS and route.path != "logout/")


def more_behind(venue: Venue, account: Account, total: int) -> None:
    """Orders, events, deposits and instruments, until there are ``total`` orders."""
    have = Order.objects.filter(account=account).count()
    template = Order.objects.filter(account=account).order_by("-id").first()
    assert template is not None
    fields = {field.attname: getattr(template, field.attname) for field in Order._meta.concrete_fields}
    Order.objects.bulk_create(
        Order(**fields | {"id": template.pk - 1_000_000 + n, "client_order_id": f"many-{n}"}) for n in range(have, total)
    )
    for number in range(have, total, max(1, (total - have) // 20)):
        venue.deposit(account, "USD", "1")
        venue.instrument(f"S{number}-USD")


@pytest.fixture
def venue(db: None) -> Venue:
    return Venue(sequence=10_000_000)


@pytest.fixture
def alice(venue: Venue) -> Account:
    return venue.customer("alice@example.com", funded="100000")


def pages_of(client: Client, order: Order) -> Iterator[str]:
    values = {
        "symbol": order.instrument.symbol,
        "order_id": str(order.pk),
        "client_order_id": order.client_order_id,
        "statement_day": "2026-11-19",
        "statement_month": "2026-11",
    }
    for route in ROUTES_OF_A_PERSON:
        address = _filled(route, values)
        answer = client.get(address) if address else None
        if answer is not None and answer.status_code == 200 and answer["Content-Type"].startswith("text/html"):
            yield address


def _filled(route: Route, values: dict[str, str]) -> str:
    try:
        return address_of(route, values)
    except KeyError:
        return ""


def count(client: Client, page: str) -> int:
    with counted_queries() as queries:
        assert client.get(page).status_code == 200
    return len(queries)


def test_every_page_asks_the_same_whatever_is_behind_it(venue: Venue, alice: Account) -> None:
    venue.bought(alice, "AAPL-USD", "10", "187.13")
    order = venue.order(alice, "AAPL-USD", Side.BUY, "1", "100")
    client = client_of(alice)
    more_behind(venue, alice, FEW)
    pages = list(pages_of(client, order))
    assert {"/", "/markets/", "/markets/AAPL-USD/", "/orders/", f"/orders/{order.pk}/", "/portfolio/", "/ledger/"} <= set(pages)
    few = {page: count(client, page) for page in pages}
    more_behind(venue, alice, MANY)
    analyze(connection.connection)
    many = {page: count(client, page) for page in pages}
    # What is kept for a second may have been read anew in one of the two: those are asked again, at once after another.
    again = {page: (count(client, page), count(client, page))[1] for page in pages if few[page] != many[page]}
    assert {page: (few[page], again[page]) for page in again if few[page] != again[page]} == {}
    assert {page: count for page, count in many.items() if count > QUERIES_MAX} == {}
    # Of what does not trade, its page also says when it will.
    Instrument.objects.filter(symbol="AAPL-USD").update(trading_state=TradingState.HALTED)
    assert count(client, "/markets/AAPL-USD/") <= QUERIES_MAX

"""``GET /markets/quotes``: what a page asks for every two seconds while no stream brings it prices."""

import time
from decimal import Decimal

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from apps.core.clock import instant
from apps.marketdata.services import NewestPrice, store_newest
from tests.marketdata.cast import T0_NS, make_instrument

pytestmark = pytest.mark.django_db


@pytest.fixture
def two_prices() -> None:
    for number, symbol in enumerate(("ACME", "BOLT", "COLD"), start=1):
        make_instrument(symbol, number=number * 10)
    numbers = [Decimal(text) for text in ("10.50", "11", "100", "7.50")]
    store_newest([NewestPrice(id_, "sim", 3, 4 + id_, *numbers, T0_NS + 678_999_999) for id_ in (10, 20)])


def test_the_newest_stored_prices_come_as_the_stream_writes_them(client: Client, two_prices: None) -> None:
    before_ms = time.time_ns() // 1_000_000
    response = client.get("/markets/quotes?symbols=BOLT,ACME,COLD,NOPE,ACME")
    body = response.json()
    at_ms = T0_NS // 1_000_000 + 678
    assert body["d"] == [
        ["ACME", 3, 14, at_ms, "10.5", "11", "100", "7.5"],
        ["BOLT", 3, 24, at_ms, "10.5", "11", "100", "7.5"],
    ]
    assert int(instant(T0_NS).timestamp()) == at_ms // 1000
    assert before_ms <= body["now"] <= time.time_ns() // 1_000_000
    assert response["Cache-Control"] == "no-store"


def test_many_symbols_are_two_queries(
    client: Client, two_prices: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    symbols = ",".join(f"S{number}" for number in range(498))
    with django_assert_num_queries(2):
        assert len(client.get(f"/markets/quotes?symbols=ACME,BOLT,{symbols}").json()["d"]) == 2


@pytest.mark.parametrize(
    "symbols",
    ["", ",", "ACME,", "acme", "<b>", "A" * 17, "ACME\x00", "ACME BOLT", ",".join(f"S{n}" for n in range(501)), "," * 9999],
)
def test_what_is_no_list_of_symbols_is_refused_and_named(client: Client, symbols: str) -> None:
    response = client.get("/markets/quotes", {"symbols": symbols})
    assert response.status_code == 400
    error = response.json()["error"]
    assert error["field"] == "symbols" and len(error["text"]) < 200


def test_no_symbols_at_all_are_refused(client: Client) -> None:
    assert client.get("/markets/quotes").status_code == 400
    assert client.post("/markets/quotes").status_code == 405

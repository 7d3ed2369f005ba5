"""``GET /markets/<symbol>/bars``: what the chart reads."""

from decimal import Decimal

import pytest
from django.test import Client

from apps.marketdata.bars import BarChange
from apps.marketdata.services import add_to_bars
from tests.marketdata.cast import make_instrument

pytestmark = pytest.mark.django_db


@pytest.fixture
def acme() -> str:
    instrument = make_instrument("ACME")
    values = [Decimal(text) for text in ("10.50", "11", "10", "10.75", "300")]
    add_to_bars([BarChange(instrument.id, "1m", 60 * minute, *values, 4) for minute in range(1, 6)])
    return instrument.symbol


def test_prices_are_text_and_the_oldest_comes_first(client: Client, acme: str) -> None:
    body = client.get(f"/markets/{acme}/bars?interval=1m").json()
    assert body["symbol"] == "ACME"
    assert body["interval"] == "1m"
    assert body["bars"][0] == [60, "10.5", "11", "10", "10.75", "300"]
    assert [bar[0] for bar in body["bars"]] == [60, 120, 180, 240, 300]


def test_before_and_limit_page_backwards(client: Client, acme: str) -> None:
    body = client.get(f"/markets/{acme}/bars?interval=1m&before=240&limit=2").json()
    assert [bar[0] for bar in body["bars"]] == [120, 180]


def test_an_unknown_symbol_is_not_found(client: Client) -> None:
    response = client.get("/markets/NOPE/bars")
    assert response.status_code == 404
    assert response.json()["error"]["field"] == "symbol"


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("interval=2m", "interval"),
        ("interval=", "interval"),
        ("limit=2001", "limit"),
        ("limit=0", "limit"),
        ("limit=1e3", "limit"),
        ("limit=１２", "limit"),
        ("before=-1", "before"),
        ("before=NaN", "before"),
        ("before=99999999999999999999", "before"),
    ],
)
def test_a_bad_parameter_is_named(client: Client, acme: str, query: str, field: str) -> None:
    response = client.get(f"/markets/{acme}/bars?{query}")
    assert response.status_code == 400
    assert response.json()["error"]["field"] == field
    assert field in response.json()["error"]["text"]


def test_it_only_reads(client: Client, acme: str) -> None:
    assert client.post(f"/markets/{acme}/bars").status_code == 405

"""The history as a file: the rows of its pages put together, a chunk at a time, and nothing that a spreadsheet computes."""

import csv
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from io import StringIO

import pytest
from django.http import StreamingHttpResponse
from django.test import Client

from apps.accounts.models import Account
from apps.commands.rate import RateLimit
from apps.core.enums import OrderStatus, Side
from apps.orders import csv_file, narrowing
from apps.orders.csv_file import OrderFile, file_name
from apps.orders.display import StatusGroup
from apps.orders.models import Order
from apps.orders.selectors import OrderFilters
from tests.builders import Venue
from tests.pages import client_of, counted_queries


@pytest.fixture
def alice(venue: Venue) -> Account:
    return venue.customer("alice@example.com", funded="1000000", time_zone="Asia/Kolkata")


@pytest.fixture(autouse=True)
def often(monkeypatch: pytest.MonkeyPatch) -> None:
    """More often than a person would; that there is a limit has a test of its own."""
    monkeypatch.setattr(csv_file, "_limit", RateLimit("orders-csv-test", 1000))


@pytest.fixture
def busy(venue: Venue, alice: Account, monkeypatch: pytest.MonkeyPatch) -> Client:
    """Orders of every kind, more than a page and a chunk hold, and some of somebody else's between them."""
    monkeypatch.setattr("apps.orders.views.history.PAGE_SIZE", 7)
    monkeypatch.setattr(csv_file, "CHUNK", 5)
    monkeypatch.setattr(narrowing, "WALK_MAX", 11)
    bob = venue.customer("bob@example.com", funded="100000")
    for n in range(8):
        venue.bought(alice, "AAPL-USD", "10", "187.13")
        venue.order(alice, "BTC-USD", Side.BUY, "0.5", str(61000 + n))
        venue.cancel(venue.order(alice, "AAPL-USD", Side.BUY, "1", "100"))
        venue.order(alice, "BTC-USD", Side.SELL, "1", "70000", refused=OrderStatus.DENIED, reason="INSUFFICIENT_POSITION")
        venue.bought(bob, "AAPL-USD", "1", "100")
    return client_of(alice)


def rows_of(response: object) -> list[dict[str, str]]:
    assert isinstance(response, StreamingHttpResponse)
    text = b"".join(response.streaming_content).decode()  # type: ignore[arg-type]
    assert text.endswith("\r\n") and "\n" not in text.replace("\r\n", "")
    return list(csv.DictReader(StringIO(text)))


def pages_of(client: Client, query: str) -> Iterator[Order]:
    address: str | None = f"/orders/?{query}"
    while address:
        context = client.get(address).context
        yield from context["page"].orders
        address = f"/orders/{context['next_address']}" if context["next_address"] else None


COUNTS = {
    "": 32,
    "sort=oldest": 32,
    "status=open": 8,
    "status=open&sort=instrument": 8,
    "status=refused": 8,
    "symbol=AAPL-USD": 16,
    "symbol=BTC-USD&side=SELL&type=LIMIT&sort=oldest": 8,
    "state=canceled&from=2026-11-20&to=2026-11-20": 8,
    "from=2026-11-21": 0,
    "q=nothing-has-this-id": 0,
}


def test_it_holds_the_rows_of_the_pages_put_together(busy: Client) -> None:
    for query, count in COUNTS.items():
        rows = rows_of(busy.get(f"/orders/csv/?{query}"))
        assert [int(row["order"]) for row in rows] == [order.id for order in pages_of(busy, query)], query
        assert len(rows) == count, query


def test_a_row_says_all_of_an_order_exactly(venue: Venue, alice: Account) -> None:
    order = venue.bought(alice, "BTC-USD", "0.12345678", "61000.01")
    (row,) = rows_of(client_of(alice).get("/orders/csv/"))
    placed = order.created_at.astimezone(UTC)
    assert datetime.fromisoformat(row["placed (UTC)"]) == datetime.fromisoformat(row["placed (Asia/Kolkata)"]) == placed
    assert row["placed (UTC)"].endswith("+00:00") and row["placed (Asia/Kolkata)"].endswith("+05:30")
    assert (row["quantity"], row["filled"], row["limit price"]) == ("0.12345678", "0.12345678", "")
    assert Decimal(row["value"]) == Order.objects.get().filled_notional == Decimal("7530.86481457")
    assert row["average price"] == "61000.01000002"  # of the value, which is kept to eight places
    assert (row["status"], row["type"], row["side"], row["currency"]) == ("FILLED", "MARKET", "BUY", "USD")


def test_nothing_in_it_is_a_formula(venue: Venue, alice: Account) -> None:
    for text in ("-2-3", "=1+1", "@sum", "+1", "\tx", '"quoted", and\r\nbroken'):
        venue.order(alice, "AAPL-USD", Side.BUY, "1", "100", client_order_id=text)
    cells = {row["client order id"] for row in rows_of(client_of(alice).get("/orders/csv/"))}
    assert cells == {"'-2-3", "'=1+1", "'@sum", "'+1", "'\tx", '"quoted", and\r\nbroken'}


def test_one_that_is_longer_than_a_file_may_be_says_so_in_its_last_line(
    busy: Client, alice: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(csv_file, "CHUNKS_MAX", 3)
    rows = rows_of(busy.get("/orders/csv/"))
    assert len(rows) == 3 * 5 + 1
    assert rows[-1]["order"] == "CUT OFF"
    assert f"ended at order {rows[-2]['order']};" in rows[-1]["client order id"]
    assert all(row["order"].isdigit() for row in rows[:-1])


def test_it_is_read_as_it_is_sent_and_no_further_than_its_reader_listens(busy: Client, alice: Account) -> None:
    def asked_by(steps: int) -> int:
        file = OrderFile(alice.pk, OrderFilters())
        with counted_queries() as queries:
            for _ in range(steps):
                next(file)
            file.close()
            assert list(file) == []
        return len(queries)

    head, one, two = asked_by(1), asked_by(2), asked_by(3)
    assert head == 0, "nothing is read before it is asked for"
    assert two > one > 0


def test_an_account_has_one_at_a_time(busy: Client, alice: Account) -> None:
    under_way = busy.get("/orders/csv/")
    second = busy.get("/orders/csv/?status=open")
    assert second.status_code == 429
    assert "One file at a time" in second.content.decode() and 'href="/orders/csv/?status=open"' in second.content.decode()
    assert len(rows_of(under_way)) == 32
    OrderFile(alice.pk, OrderFilters()).close()


def test_not_too_many_in_a_second(alice: Account, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_file, "_limit", RateLimit("orders-csv-two", 0))
    assert client_of(alice).get("/orders/csv/").status_code == 429
    monkeypatch.setattr(csv_file, "_limit", RateLimit("orders-csv-test", 1000))
    OrderFile(alice.pk, OrderFilters()).close()  # the one that was refused is not under way


def test_its_name_says_what_it_holds(busy: Client) -> None:
    response = busy.get("/orders/csv/?status=canceled&symbol=BTC-USD&side=BUY&from=2026-11-01&to=2026-11-22")
    assert response["Content-Type"].startswith("text/csv; charset=utf-8")
    name = "tredye-orders-canceled-BTC-USD-buy-from-2026-11-01-to-2026-11-22.csv"
    assert response["Content-Disposition"] == f'attachment; filename="{name}"'
    response.close()
    assert file_name(OrderFilters(), (None, None)) == "tredye-orders-all.csv"
    assert file_name(OrderFilters(group=StatusGroup.OPEN, search='x"\r\n'), (None, None)) == "tredye-orders-open-search.csv"

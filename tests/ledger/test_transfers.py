"""Transfers by kind, asset and day: the filters are in the address, the pages do not overlap, the file is what is filtered."""

import csv
from datetime import timedelta
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.test import Client

from apps.core.enums import Side
from apps.ledger import files, selectors_transfers
from apps.ledger.models import TransferKind
from apps.ledger.selectors_transfers import LedgerFilters, list_transfers
from apps.orders.models import OrderTerms
from tests.builders import START, Venue
from tests.pages import PARTIAL, client_of, counted_queries


@pytest.fixture
def alice(venue: Venue) -> Any:
    """Three days: paid in on the first, bought on the second, corrected on the third."""
    account = venue.customer("alice@example.com", funded="100000")
    venue.at = START + timedelta(days=1)
    venue.bought(account, "AAPL-USD", "10", "100")
    venue.sold(account, "AAPL-USD", "4", "110")
    venue.at = START + timedelta(days=2)
    venue.adjust(account, "USD", "-12.5", "=1+1")
    return account


@pytest.fixture(autouse=True)
def no_hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files.FILE_RATE, "per_second", 1000)


def shown(client: Client, query: str) -> list[str]:
    return [transfer.kind.value for transfer in client.get(f"/ledger/?{query}").context["page"].transfers]


def table(client: Client, query: str) -> list[dict[str, str]]:
    response = client.get(f"/ledger/transfers.csv?{query}")
    assert response.streaming and response["Content-Type"].startswith("text/csv")
    return list(csv.DictReader(StringIO(response.getvalue().decode())))


@pytest.mark.parametrize(
    ("query", "kinds"),
    [
        ("", ["ADJUSTMENT", "TRADE", "TRADE", "DEPOSIT"]),
        ("kind=trade", ["TRADE", "TRADE"]),
        ("kind=deposit&asset=AAPL", []),
        ("asset=aapl", ["TRADE", "TRADE"]),
        ("from=2026-11-21", ["ADJUSTMENT", "TRADE", "TRADE"]),
        ("to=2026-11-20", ["DEPOSIT"]),
        ("from=2026-11-21&to=2026-11-21", ["TRADE", "TRADE"]),
        ("from=2026-11-23", []),
        ("kind=nonsense&asset=%27&from=yesterday&to=2026-02-30", ["ADJUSTMENT", "TRADE", "TRADE", "DEPOSIT"]),
    ],
)
def test_a_filter_keeps_what_fits_on_the_page_and_in_the_file(alice: Any, query: str, kinds: list[str]) -> None:
    client = client_of(alice)
    assert shown(client, query) == kinds
    rows = table(client, query)
    assert list(dict.fromkeys((row["transfer"], row["kind"]) for row in rows)) == [
        (str(transfer.id), transfer.kind.value) for transfer in client.get(f"/ledger/?{query}").context["page"].transfers
    ]


def test_the_address_keeps_every_filter_through_the_pages(alice: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apps.ledger.views.statement.PAGE_SIZE", 1)
    client = client_of(alice)
    context = client.get("/ledger/?kind=trade&asset=USD&from=2026-11-21&to=2026-11-22").context
    newest = context["page"].transfers[0].id
    assert context["next_address"] == f"?asset=USD&kind=trade&from=2026-11-21&to=2026-11-22&before={newest}"
    older = client.get(f"/ledger/{context['next_address']}").context
    assert [transfer.kind for transfer in older["page"].transfers] == [TransferKind.TRADE]
    assert older["page"].transfers[0].id < newest and older["next_address"] == ""


def test_days_are_those_of_the_reader_s_zone(alice: Any, venue: Venue) -> None:
    alice.user.time_zone = "Pacific/Auckland"  # 13 hours ahead: 14:30 UTC is 03:30 of the next day
    alice.user.save()
    client = client_of(alice)
    assert shown(client, "from=2026-11-21&to=2026-11-21") == ["DEPOSIT"]
    assert shown(client, "to=2026-11-20") == []


@pytest.mark.fault("F20")
def test_a_clock_that_was_set_back_hides_nothing(alice: Any, venue: Venue) -> None:
    venue.at = START + timedelta(days=1, minutes=-2)
    late = venue.deposit(alice, "USD", "5")
    midnight = START + timedelta(days=1, minutes=-1)
    page = list_transfers(alice.pk, LedgerFilters(moved_before=midnight))
    assert late.pk in [transfer.id for transfer in page.transfers] and len(page.transfers) == 2


def test_a_page_looks_at_so_many_and_goes_on_from_there(alice: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(selectors_transfers, "WALK_MAX", 2)
    deposits = LedgerFilters(kind=TransferKind.DEPOSIT)
    first = list_transfers(alice.pk, deposits)
    assert first.transfers == () and first.cut_short and first.next_cursor is not None
    rest = list_transfers(alice.pk, deposits, first.next_cursor)
    assert [transfer.kind for transfer in rest.transfers] == [TransferKind.DEPOSIT]
    client = client_of(alice)
    page = client.get("/ledger/?kind=deposit").content.decode()
    assert "None of the transfers that were looked at fits." in page and "Look further" in page
    assert [row["kind"] for row in table(client, "kind=deposit")] == ["DEPOSIT"], "the file looks at all of them"


def test_each_transfer_folds_open_to_its_postings(alice: Any) -> None:
    response = client_of(alice).get("/ledger/")
    sale = response.context["page"].transfers[1]
    assert [(net.asset.code, net.amount) for net in sale.net] == [("AAPL", -4), ("USD", Decimal("439.56"))]
    legs = [(posting.amount, purpose) for posting, purpose in sale.legs]
    assert legs == [(-4, "Paid"), (440, "Received"), (Decimal("-0.44"), "Fee")]
    page = response.content.decode()
    assert page.count("<details class=\"ledger-row\">") == 4 and "+439.56" in page and f"transfer {sale.id}, trade" in page


def test_the_file_has_exact_numbers_and_no_formula(alice: Any, venue: Venue) -> None:
    venue.bought(alice, "BTC-USD", "0.0001", "61234.57")
    rows = table(client_of(alice), "")
    assert [row["memo"] for row in rows if row["kind"] == "ADJUSTMENT"] == ["'=1+1"]
    assert {row["for"] for row in rows if row["kind"] == "TRADE"} == {"PAID", "RECEIVED", "FEE"}
    total: dict[str, Decimal] = {}
    for row in reversed(rows):
        total[row["asset"]] = total.get(row["asset"], Decimal(0)) + Decimal(row["amount"])
    assert total["USD"] == Decimal(venue.ledger_account(alice, venue.asset("USD")).total)
    response = client_of(alice).get("/ledger/transfers.csv?kind=trade&asset=USD&from=2026-11-21")
    assert 'filename="tredye-ledger-trade-USD-from-2026-11-21.csv"' in response["Content-Disposition"]


def test_a_file_that_ends_early_says_so_in_its_last_line(alice: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("apps.ledger.views.statement.CSV_PAGES_MAX", 1)
    monkeypatch.setattr(selectors_transfers, "LIMIT_MAX", 2)
    rows = table(client_of(alice), "")
    assert rows[-1]["kind"] == "CUT OFF" and "Choose days" in rows[-1]["memo"]
    assert len({row["transfer"] for row in rows[:-1]}) == 2


def test_more_files_than_may_be_asked_for_are_refused(alice: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files.FILE_RATE, "per_second", 0)
    response = client_of(alice).get("/ledger/transfers.csv")
    assert (response.status_code, response["Retry-After"]) == (429, "1")


def test_one_account_s_file_has_nothing_of_another(alice: Any, venue: Venue) -> None:
    bob = venue.customer("bob@example.com", funded="5")
    assert [row["amount"] for row in table(client_of(bob), "")] == ["5"]


def test_filters_cost_the_same_however_many_transfers_there_are(alice: Any, venue: Venue) -> None:
    client = client_of(alice)
    client.get("/ledger/")
    counts = []
    for _ in range(2):
        with counted_queries() as queries:
            client.get("/ledger/?kind=deposit&asset=USD&from=2026-11-20&to=2026-11-22", headers=PARTIAL)
        counts.append(len(queries))
        for _ in range(8):
            venue.deposit(alice, "USD", "1")
    assert counts[0] == counts[1] <= 12


# --- what is held, and for which orders -----------------------------------------------------------------


def test_held_leads_to_the_orders_that_hold_it(alice: Any, venue: Venue) -> None:
    one = venue.order(alice, "AAPL-USD", Side.BUY, "1", "40")
    other = venue.order(alice, "AAPL-USD", Side.SELL, "2", "300")
    client = client_of(alice)
    assert 'href="/orders/held/?asset=USD"' in client.get("/ledger/").content.decode()
    page = client.get("/orders/held/?asset=USD").content.decode()
    assert f"#{one.pk}" in page and f"#{other.pk}" not in page and "40.04" in page and "<html" in page
    fragment = client.get("/orders/held/", headers=PARTIAL).content.decode()
    assert f"#{one.pk}" in fragment and f"#{other.pk}" in fragment and "<html" not in fragment
    assert "No open order holds EUR" in client.get("/orders/held/?asset=EUR").content.decode()


def test_orders_that_cancel_each_other_share_the_largest_hold(alice: Any, venue: Venue) -> None:
    pair = [venue.order(alice, "AAPL-USD", Side.BUY, quantity, "10") for quantity in ("1", "3")]
    for order in pair:
        OrderTerms.objects.create(order=order, priority=order.pk, link_id=pair[0].pk)
    (held,) = client_of(alice).get("/orders/held/?asset=USD").context["assets"]
    assert held.total == Decimal("30.03") and [hold.counted for hold in held.holds] == [True, False]

"""The ledger statement: balances that add up, every transfer, page by page."""

from decimal import Decimal

import pytest

from apps.accounts.models import AccountKind
from apps.core.enums import Side
from apps.ledger.models import Posting, Transfer
from apps.ledger.selectors import get_balance, list_balances, list_postings_of_trades, list_statement
from tests.builders import Venue
from tests.pages import PARTIAL, client_of, counted_queries


@pytest.fixture
def alice(venue: Venue):
    return venue.customer("alice@example.com", funded="100000")


def test_total_is_held_plus_available(venue: Venue, alice) -> None:
    venue.order(alice, "AAPL-USD", Side.BUY, "10", "100")
    balance = get_balance(alice.pk, "USD")
    assert balance is not None
    assert (balance.total, balance.held, balance.available) == (100000, 1001, 98999)
    page = client_of(alice).get("/ledger/").content.decode()
    for shown in ("100,000.00", "1,001.00", "98,999.00"):
        assert shown in page


def test_what_is_shown_adds_up_to_the_last_digit(venue: Venue, alice) -> None:
    """Fees are finer than a cent: rounded one by one, held and available would not make the total."""
    venue.bought(alice, "BTC-USD", "0.0001", "61234.57")
    venue.order(alice, "BTC-USD", Side.BUY, "0.0003", "61234.57")
    balance = get_balance(alice.pk, "USD")
    assert balance is not None and balance.places > 2
    page = client_of(alice).get("/ledger/").content.decode()
    for amount in (balance.total, balance.held, balance.available):
        assert f"{amount:,.{balance.places}f}" in page


def test_the_running_balance_carries_from_row_to_row(venue: Venue, alice) -> None:
    venue.bought(alice, "AAPL-USD", "10", "100")
    venue.sold(alice, "AAPL-USD", "4", "110")
    total = Decimal(0)
    for transfer in reversed(list_statement(alice.pk, "USD").transfers):
        for posting in transfer.postings:
            total += posting.amount
            assert posting.balance_after == total
    balance = get_balance(alice.pk, "USD")
    assert balance is not None and balance.total == total


def test_a_filter_by_asset_keeps_that_leg_only(venue: Venue, alice) -> None:
    venue.bought(alice, "AAPL-USD", "10", "100")
    page = list_statement(alice.pk, "AAPL")
    assert [[posting.asset.code for posting in transfer.postings] for transfer in page.transfers] == [["AAPL"]]
    response = client_of(alice).get("/ledger/?asset=AAPL")
    assert len(response.context["page"].transfers) == 1
    everything = client_of(alice).get("/ledger/?asset=%27%3B--")
    assert len(everything.context["page"].transfers) == 2


def test_it_is_read_in_pages_that_do_not_overlap(venue: Venue, alice) -> None:
    for _ in range(4):
        venue.bought(alice, "AAPL-USD", "1", "100")
    expected = list(Transfer.objects.order_by("-id").values_list("id", flat=True))
    seen, cursor = [], None
    for _ in range(10):
        page = list_statement(alice.pk, "", cursor, 2)
        seen += [transfer.id for transfer in page.transfers]
        venue.deposit(alice, "USD", "1")
        cursor = page.next_cursor
        if cursor is None:
            break
    assert seen == expected


def test_only_the_account_s_own_legs_are_shown(venue: Venue, alice) -> None:
    bob = venue.customer("bob@example.com", funded="5")
    order = venue.bought(alice, "AAPL-USD", "10", "100")
    trade_id = order.fills.get().trade_id
    assert list_postings_of_trades(bob.pk, [trade_id]) == {}
    mine = list_postings_of_trades(alice.pk, [trade_id])[trade_id]
    assert {posting.asset.code for posting in mine.postings} == {"AAPL", "USD"}
    assert len(list_statement(bob.pk).transfers) == 1


def test_an_adjustment_is_shown_with_its_sign_and_its_reason(venue: Venue, alice) -> None:
    before = list_balances(alice.pk)[0].total
    transfer = venue.adjust(alice, "USD", "-12.5", "Fee charged twice & refunded before")
    venue.adjust(alice, "USD", "0.25", "Interest")
    page = client_of(alice).get("/ledger/").content.decode()
    assert "Adjustment" in page and "Fee charged twice &amp; refunded before" in page
    assert f"transfer {transfer.pk}" in page
    assert "−12.50" in page and "+0.25" in page
    assert list_balances(alice.pk)[0].total == before - Decimal("12.25")


def test_a_new_account_is_told_what_to_do(venue: Venue) -> None:
    venue.instrument("AAPL-USD")
    empty = venue.customer("new@example.com")
    page = client_of(empty).get("/ledger/").content.decode()
    assert "No money yet" in page and 'href="/ledger/deposit/"' in page
    assert list_balances(empty.pk) == ()


def test_the_number_of_queries_does_not_grow(venue: Venue, alice) -> None:
    client = client_of(alice)
    client.get("/ledger/")
    mine, outside = venue.ledger_account(alice, venue.asset("USD")), venue.ledger_account(
        venue.system_account(AccountKind.EXTERNAL), venue.asset("USD")
    )
    counts = []
    for first, last in ((100_000, 100_010), (100_010, 101_000)):
        Transfer.objects.bulk_create(
            Transfer(id=n, kind="DEPOSIT", command_id=f"many-{n}", memo="", at=venue.at) for n in range(first, last)
        )
        Posting.objects.bulk_create(
            Posting(transfer_id=n, leg=leg, ledger_account=bucket, asset_id=bucket.asset_id, amount=amount, balance_after=1)
            for n in range(first, last)
            for leg, (bucket, amount) in enumerate(((mine, 1), (outside, -1)))
        )
        with counted_queries() as queries:
            assert len(client.get("/ledger/", headers=PARTIAL).context["page"].transfers) <= 50
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 12

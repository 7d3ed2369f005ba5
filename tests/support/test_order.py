"""The order's page: the customer's timeline, exact to the microsecond, with everything that leads further."""

from datetime import timedelta

import pytest
from django.test import Client

from apps.accounts.models import Account, User
from apps.core.enums import OrderStatus, Side
from apps.ledger.models import Posting
from apps.orders import event_positions
from apps.orders.models import AccountEvent
from apps.receipts.line import ReceiptLine
from tests.builders import Venue
from tests.pages import PARTIAL, client_of, counted_queries
from tests.receipts.test_line import received


def test_it_tells_all_that_the_customer_s_page_tells_and_more(venue: Venue, alice: Account, desk: Client) -> None:
    order = venue.bought(alice, "AAPL-USD", "10", "187.13")
    accepted, filled = AccountEvent.objects.filter(order_id=order.pk).order_by("id")
    event_positions.record([(accepted.pk, 2, 40)])
    page = desk.get(f"/support/orders/{order.pk}/").content.decode()
    trade = order.fills.get().trade
    for shown in (
        f'href="/support/customers/{alice.pk}/"',
        order.client_order_id,
        str(filled.data["causation_id"]),
        str(filled.data["correlation_id"]),
        f">{filled.epoch}-{filled.pk}<",
        f">{trade.pk}<",
        f"sim {trade.quote_epoch}-{trade.quote_sequence}",
        "orders.events-2-40",
        "on its way",
        order.created_at.strftime("%Y-%m-%d %H:%M:%S.%f UTC"),
        "2026-11-20 20:00:00.274000 Asia/Kolkata",
    ):
        assert shown in page, shown
    for posting in Posting.objects.filter(ledger_account__account=alice, transfer__trade_id=trade.pk):
        assert f"Transfer {posting.transfer_id}" in page
    own = client_of(alice).get(f"/orders/{order.pk}/").context["story"]
    assert desk.get(f"/support/orders/{order.pk}/").context["story"] == own


def test_nothing_can_be_done_from_it(venue: Venue, alice: Account, desk: Client) -> None:
    order = venue.order(alice, "AAPL-USD", Side.BUY, "1", "100")
    page = desk.get(f"/support/orders/{order.pk}/").content.decode()
    assert "/cancel/" not in page
    assert "your order" not in page
    assert client_of(alice).get(f"/orders/{order.pk}/").content.decode().count("/cancel/") > 0


def test_a_refusal_says_why(venue: Venue, alice: Account, desk: Client) -> None:
    order = venue.order(alice, "AAPL-USD", Side.SELL, "5", "90", refused=OrderStatus.DENIED, reason="INSUFFICIENT_POSITION")
    page = desk.get(f"/support/orders/{order.pk}/").content.decode()
    assert "There is not enough of this instrument available to sell." in page


def test_a_customer_in_utc_is_not_told_of_twice(venue: Venue, alice: Account, desk: Client) -> None:
    order = venue.bought(alice, "AAPL-USD", "10", "187.13")
    User.objects.filter(pk=alice.user_id).update(time_zone="UTC")
    page = desk.get(f"/support/orders/{order.pk}/").content.decode()
    assert "Instants in UTC, to the microsecond" in page
    User.objects.filter(pk=alice.user_id).update(time_zone="Europe/Zurich")
    page = desk.get(f"/support/orders/{order.pk}/").content.decode()
    assert "Instants in UTC and in Europe/Zurich, to the microsecond" in page


def test_a_zone_that_nobody_knows_is_utc(venue: Venue, alice: Account, desk: Client) -> None:
    order = venue.order(alice, "AAPL-USD", Side.BUY, "1", "100")
    for zone in ("Mars/Olympus", "../etc/passwd", ""):
        User.objects.filter(pk=alice.user_id).update(time_zone=zone)
        assert desk.get(f"/support/orders/{order.pk}/").context["customer_zone"] == "UTC"


@pytest.mark.parametrize("order_id", ["1", "999999999", "9223372036854775808", "9" * 40])
def test_an_order_that_is_not_there_is_a_404(alice: Account, desk: Client, order_id: str) -> None:
    assert desk.get(f"/support/orders/{order_id}/").status_code == 404


def test_a_long_timeline_is_read_in_pages_with_a_fixed_number_of_queries(venue: Venue, alice: Account, desk: Client) -> None:
    order = venue.order(alice, "AAPL-USD", Side.BUY, "200", "100")
    venue.fill(order, "1", "100")
    url = f"/support/orders/{order.pk}/"
    desk.get(url)
    with counted_queries() as few:
        desk.get(url, headers=PARTIAL)
    for _ in range(119):
        venue.fill(order, "1", "100")
    with counted_queries() as many:
        first = desk.get(url, headers=PARTIAL)
    assert len(few) == len(many) <= 35, [query["sql"][:100] for query in many.captured_queries]
    rest = desk.get(f"{url}?after={first.context['story'].next_after}", headers=PARTIAL)
    assert len(first.context["story"].steps) + len(rest.context["story"].steps) == 121
    assert f"{url}?after=" in first.content.decode()


def test_the_staff_see_the_receipt_to_the_microsecond(desk: Client, venue: Venue, alice: Account) -> None:
    order = venue.order(alice, "AAPL-USD", Side.BUY, "5", "90")
    line, at = ReceiptLine(), order.created_at - timedelta(microseconds=3456)
    line.note(received(order.pk, at=at, account_id=alice.pk))
    line.flush()
    page = desk.get(f"/support/orders/{order.pk}/").content.decode()
    assert "Decided and committed within 3.5 ms." in page
    assert f"{at:%H:%M:%S.%f} UTC" in page

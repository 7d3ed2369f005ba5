"""The console cannot write: PostgreSQL refuses it, on every page, and the trail is safe before."""

import pytest
from django.db import InternalError, connection, transaction
from django.test import Client

from apps.accounts.models import Account, User
from apps.accounts.services import update_profile
from apps.backoffice.models import TrailEntry
from apps.core.enums import Role, Side
from apps.orders.models import Order
from apps.support.access import read_only
from tests.builders import Venue
from tests.pages import client_of
from tests.staff import make_staff

REFUSED = "read-only transaction"
READERS = {
    "": "apps.support.views.customer.get_portfolio",
    "orders/": "apps.support.views.customer.orders.list_orders",
    "ledger/": "apps.support.views.customer.ledger.list_statement",
    "statements/": "apps.support.views.customer.list_daily_statements",
    "trail/": "apps.support.views.customer.list_trail_of_account",
}


def test_a_write_is_refused_and_writing_goes_on_afterwards(alice: Account) -> None:
    with pytest.raises(InternalError, match=REFUSED), read_only():
        update_profile(user_id=alice.user_id or 0, name="changed", time_zone="UTC")
    with pytest.raises(InternalError, match=REFUSED), read_only(), connection.cursor() as cursor:
        cursor.execute("SELECT nextval('accounts_account_id_seq')")
    with read_only():
        assert User.objects.get(pk=alice.user_id).name == "Alice O'Brien"
    update_profile(user_id=alice.user_id or 0, name="changed", time_zone="UTC")
    assert User.objects.get(pk=alice.user_id).name == "changed"


@pytest.mark.parametrize(("part", "reader"), READERS.items())
def test_every_part_of_a_customer_is_read_where_nothing_can_be_written(
    alice: Account, desk: Client, monkeypatch: pytest.MonkeyPatch, part: str, reader: str
) -> None:
    def writes(*args: object, **kwargs: object) -> None:
        update_profile(user_id=alice.user_id or 0, name="changed", time_zone="UTC")

    monkeypatch.setattr(reader, writes)
    with pytest.raises(InternalError, match=REFUSED):
        desk.get(f"/support/customers/{alice.pk}/{part}")
    assert TrailEntry.objects.filter(account_id=alice.pk).count() == 1
    assert User.objects.get(pk=alice.user_id).name == "Alice O'Brien"


@pytest.mark.parametrize(("reader", "page"), [("views.order.tell_story", "order"), ("views.search.find", "search")])
def test_an_order_and_a_search_are_read_there_too(
    venue: Venue, alice: Account, desk: Client, monkeypatch: pytest.MonkeyPatch, reader: str, page: str
) -> None:
    order = venue.order(alice, "AAPL-USD", Side.BUY, "1", "100")
    monkeypatch.setattr(f"apps.support.{reader}", lambda *args: Order.objects.filter(pk=order.pk).update(reason="changed"))
    with pytest.raises(InternalError, match=REFUSED):
        if page == "order":
            desk.get(f"/support/orders/{order.pk}/")
        else:
            desk.post("/support/", {"q": "alice"}, follow=True)
    assert TrailEntry.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_trail_is_committed_before_the_data_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    alice = Venue().customer("alice@example.com")
    client = client_of(make_staff("sam@example.com", Role.SUPPORT))
    client.post("/support/case/", {"reason": "asks by phone"})
    seen: list[tuple[bool, str, int]] = []

    def reads(account_id: int) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SHOW transaction_read_only")
            read_only_now = cursor.fetchone()[0]
        other = connection.copy()  # what another connection sees has been committed
        try:
            with other.cursor() as cursor:
                cursor.execute("SELECT count(*) FROM backoffice_trailentry WHERE account_id = %s", [account_id])
                seen.append((transaction.get_connection().in_atomic_block, read_only_now, cursor.fetchone()[0]))
        finally:
            other.close()
        raise RuntimeError("seen enough")

    monkeypatch.setattr("apps.support.views.customer.get_portfolio", reads)
    with pytest.raises(RuntimeError, match="seen enough"):
        client.get(f"/support/customers/{alice.pk}/")
    assert seen == [(True, "on", 1)]
    with connection.cursor() as cursor:
        cursor.execute("SHOW transaction_read_only")
        assert cursor.fetchone() == ("off",)

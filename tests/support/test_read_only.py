"""The console cannot write: PostgreSQL refuses it, on every page, and the trail is safe before."""

import pytest
from django.db import InternalError, ProgrammingError, connection
from django.test import Client

from apps.accounts.models import Account, User
from apps.accounts.services import update_profile
from apps.backoffice.models import TrailEntry
from apps.core.enums import Side
from apps.orders.models import Order
from apps.support.access import read_only
from tests.builders import Venue
from tests.pages import counted_queries

REFUSED = "read-only transaction"
NOT_ALLOWED = "permission denied"
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
    with pytest.raises(ProgrammingError, match=NOT_ALLOWED), read_only(), connection.cursor() as cursor:
        cursor.execute("SELECT nextval('accounts_account_id_seq')")  # by the login, before the transaction is asked
    with read_only():
        assert User.objects.defer("password").get(pk=alice.user_id).name == "Alice O'Brien"
    with pytest.raises(ProgrammingError, match=NOT_ALLOWED), read_only():
        User.objects.get(pk=alice.user_id)  # with the password
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


def test_the_look_is_written_and_done_with_before_anything_of_the_customer_is_read(
    venue: Venue, alice: Account, desk: Client
) -> None:
    order = venue.bought(alice, "AAPL-USD", "1", "100")
    for page in (f"/support/customers/{alice.pk}/", f"/support/customers/{alice.pk}/orders/", f"/support/orders/{order.pk}/"):
        with counted_queries() as queries:
            desk.get(page)
        texts = [query["sql"] for query in queries.captured_queries]
        written = position_of(texts, 'INSERT INTO "backoffice_trailentry"')
        done = position_of(texts, "RELEASE SAVEPOINT", written)  # a COMMIT, where no test is around it
        reads = position_of(texts, "SET TRANSACTION READ ONLY", done)
        own = texts.index(next(text for text in texts if "FROM django_session" in text))  # who asks, which is no customer
        customers = [(n, text) for n, text in enumerate(texts) if n != own and "LOOK" not in text]
        personal = [n for n, text in customers if "email" in text and "accounts_account" in text]
        assert personal and min(personal) > reads, page
        for table in ("ledger_", "orders_accountevent", "portfolio_", "filled_quantity"):
            assert all(n > reads for n, text in enumerate(texts) if table in text), (page, table)


def position_of(texts: list[str], start: str, after: int = -1) -> int:
    return next(n for n, text in enumerate(texts) if n > after and text.startswith(start))

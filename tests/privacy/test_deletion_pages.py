"""Asking for a deletion, what is in its way, and taking it back: as the customer, support and admins see it."""

from datetime import date
from typing import Any

import pytest
from django.core import mail
from django.test import Client

from apps.accounts.models import Account
from apps.core.enums import AccountStatus, Role, Side
from apps.privacy.deletion_job import carry_out
from apps.privacy.models import GRACE, Deletion
from apps.privacy.obstacles import list_obstacles
from tests.builders import Venue
from tests.pages import client_of
from tests.privacy.canaries import ask
from tests.staff import make_staff

DELETE, KEEP, DATA = "/settings/data/delete/", "/settings/data/keep/", "/settings/data/"
BANNER = "Your data is to be deleted after"


@pytest.fixture
def venue(db: None) -> Venue:
    return Venue()


@pytest.fixture
def alice(venue: Venue) -> Account:
    return venue.customer("alice@example.com", name="Alice O'Brien")


@pytest.fixture
def client(alice: Account) -> Client:
    return client_of(alice)


def text_of(client: Client, address: str) -> str:
    return str(client.get(address).content.decode())


def run() -> None:
    carry_out(date(2026, 11, 21), lambda text: None)


def test_it_is_asked_for_by_whoever_has_just_shown_who_they_are_and_types_it(alice: Account, client: Client) -> None:
    late = client_of(alice, seconds_ago=3600)
    for asked in (late.get(DELETE), late.post(DELETE, {"confirmation": "delete"})):
        assert (asked.status_code, asked["Location"].partition("?")[0]) == (302, "/settings/security/confirm/")
    assert "Your e-mail address, or the word delete" in text_of(client, DELETE)
    for wrong in ("", "bob@example.com", "yes"):
        assert client.post(DELETE, {"confirmation": wrong}).status_code == 422
    assert not Deletion.objects.exists() and not mail.outbox
    answer = client.post(DELETE, {"confirmation": " Alice@Example.com "})
    assert (answer.status_code, answer["Location"]) == (302, DATA)
    row = Deletion.objects.get()
    assert (row.user_id, row.account_id) == (alice.user_id, alice.pk) and row.due_at - row.asked_at == GRACE
    assert [(sent.subject, sent.to) for sent in mail.outbox] == [("Your data is to be deleted", ["alice@example.com"])]
    assert f"{row.due_at:%Y-%m-%d %H:%M}" in mail.outbox[0].body and DATA in mail.outbox[0].body
    assert client.post(DELETE, {"confirmation": "delete"}).status_code == 302
    assert Deletion.objects.count() == 1 and len(mail.outbox) == 1, "asked twice, it is one"


def test_every_page_of_the_settings_says_so_and_one_click_takes_it_back(alice: Account, client: Client) -> None:
    pages = [DATA, "/settings/profile/", "/settings/trading/", "/settings/security/", "/settings/api-keys/", "/settings/looks/"]
    assert all(BANNER not in text_of(client, page) for page in pages)
    ask(alice, is_due=False)
    again = client_of(alice, seconds_ago=3600)  # another log-in, of some time ago
    for page in pages:
        text = text_of(again, page)
        assert BANNER in text and f'action="{KEEP}"' in text, page
    answer = again.post(KEEP)
    assert (answer.status_code, answer["Location"]) == (302, DATA)
    assert all(BANNER not in text_of(again, page) for page in pages)
    assert Deletion.objects.get().undone_at is not None
    assert [sent.subject for sent in mail.outbox] == ["Your data is not deleted"]
    assert again.post(KEEP).status_code == 302 and len(mail.outbox) == 1, "nothing is left to take back"
    ask(alice, is_due=False)
    assert Deletion.objects.count() == 2, "and it may be asked for anew"


def test_what_is_carried_out_cannot_be_taken_back_any_more(alice: Account, client: Client) -> None:
    ask(alice)
    Deletion.objects.update(shut_at="2026-11-21T00:20:00Z")
    client.post(KEEP)
    assert Deletion.objects.get().undone_at is None and not mail.outbox


def test_everything_in_the_way_is_named_with_its_way_out_and_nothing_can_be_asked_for(
    venue: Venue, alice: Account, client: Client
) -> None:
    venue.deposit(alice, "USD", "1000.509")
    venue.bought(alice, "AAPL-USD", "2", "100")
    order = venue.order(alice, "AAPL-USD", Side.BUY, "1", "90")
    Account.objects.filter(pk=alice.pk).update(status=AccountStatus.SUSPENDED)
    text = text_of(client, DELETE)
    for told in ("The account is suspended.", "1 order is open.", "You hold 2 AAPL.", "USD in the account."):
        assert told in text
    for address in ("/orders/cancel-all/", "/orders/close/AAPL-USD/", "/ledger/withdraw/?asset=USD"):
        assert f'href="{address}"' in text
        assert client.get(address).status_code == 200
    assert client.post(DELETE, {"confirmation": "delete"}).status_code == 422 and not Deletion.objects.exists()
    venue.order(alice, "AAPL-USD", Side.BUY, "1", "91")
    assert "2 orders are open." in text_of(client, DELETE)
    assert order.pk


def test_dust_is_in_nobody_s_way(venue: Venue, alice: Account) -> None:
    """Less than can be paid out (a cent), less than can be sold (a lot), and what nothing trades."""
    venue.instrument("AAPL-USD")
    for asset, amount in (("USD", "0.00999999"), ("AAPL", "0.00009999"), ("XYZ", "5")):
        venue.deposit(alice, asset, amount)
    assert list_obstacles(alice.pk) == ()
    for asset, amount in (("USD", "0.00000001"), ("AAPL", "0.00000001")):
        venue.deposit(alice, asset, amount)
    assert [obstacle.what for obstacle in list_obstacles(alice.pk)] == [
        "You hold 0.0001 AAPL.", "There are 0.01 USD in the account.",
    ]  # fmt: skip


def test_an_account_without_its_first_money_may_go(venue: Venue, alice: Account) -> None:
    Account.objects.filter(pk=alice.pk).update(status=AccountStatus.PENDING_FUNDING)
    assert list_obstacles(alice.pk) == ()


def test_who_waits_sees_what_would_be_in_the_way(venue: Venue, alice: Account, client: Client) -> None:
    ask(alice, is_due=False)
    assert "In the way, if it were today" not in text_of(client, DATA)
    venue.deposit(alice, "USD", "10")
    venue.instrument("AAPL-USD")
    assert "There are 10 USD in the account." in text_of(client, DATA)
    Deletion.objects.update(put_off_at="2026-11-21T00:20:00Z")
    assert "Something is in the way" in text_of(client, "/settings/profile/")


def test_support_sees_that_it_was_asked_for_and_what_became_of_it(venue: Venue, alice: Account) -> None:
    desk = client_of(make_staff("sam@example.com", Role.SUPPORT))
    desk.post("/support/case/", {"reason": "asks by phone"})
    page = f"/support/customers/{alice.pk}/"
    assert "all data be deleted" not in text_of(desk, page)
    ask(alice)
    assert "all data be deleted" in text_of(desk, page) and "alice@example.com" in text_of(desk, page)
    run()
    for part in ("", "orders/", "ledger/", "statements/", "trail/"):
        text = text_of(desk, page + part)
        assert "Deleted on" in text and "alice@example.com" not in text, part
    assert "Name deleted" in text_of(desk, page)
    for searched in ("alice@example.com", "alice", "O'Brien"):
        answer = desk.post("/support/", {"q": searched}, follow=True)
        assert answer.status_code == 200 and f"/support/customers/{alice.pk}/" not in answer.content.decode()


def test_admins_see_who_asked_and_what_is_in_the_way(venue: Venue, alice: Account) -> None:
    admin = client_of(make_staff("root@example.com", Role.ADMIN))
    venue.deposit(alice, "USD", "10")
    venue.instrument("AAPL-USD")
    row = ask(alice)
    page = f"/admin/privacy/deletion/{row.pk}/change/"
    assert "There are 10 USD in the account." in text_of(admin, page)
    listed = text_of(admin, "/admin/privacy/deletion/")
    assert f"/admin/accounts/account/{alice.pk}/change/" in listed and "alice@example.com" not in listed
    assert f"/admin/privacy/deletion/?q={alice.user_id}" in text_of(admin, f"/admin/accounts/user/{alice.user_id}/change/")
    venue.adjust(alice, "USD", "-10", "taken out")
    run()
    assert "In the way now" not in text_of(admin, page)
    assert f"deleted-{alice.user_id}@deleted.invalid" in text_of(admin, f"/admin/accounts/user/{alice.user_id}/change/")


def test_a_mail_server_that_is_away_keeps_nobody_from_asking(alice: Account, client: Client, settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", 1, 2
    assert client.post(DELETE, {"confirmation": "delete"}).status_code == 302
    assert Deletion.objects.count() == 1

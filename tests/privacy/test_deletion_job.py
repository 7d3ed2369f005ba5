"""The job that deletes: when it does, when it waits, what it is when it dies, and what is so afterwards."""

from io import StringIO
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress
from django.conf import settings
from django.core import mail
from django.db import connection
from django.test import Client
from django.utils import timezone

from apps.accounts.models import Account, ApiKey, User
from apps.backups.management.commands.restore import Command as Restore
from apps.core import failpoint
from apps.core.enums import AccountStatus, Side
from apps.privacy import deletion_job, kept_list
from apps.privacy.deletion_job import carry_out
from apps.privacy.models import Deletion
from tests.builders import PASSWORD, Venue, make_user
from tests.pages import client_of
from tests.privacy.canaries import (
    DAY,
    EMAIL,
    IP,
    NAME,
    WORD,
    ask,
    browse,
    make_due,
    person_of,
    plant,
    rows_by_part,
    run,
    where_it_is_found,
)


@pytest.fixture
def venue(db: None) -> Venue:
    return Venue()


@pytest.fixture
def alice(venue: Venue) -> Account:
    return venue.customer("alice@example.com", name="Alice O'Brien")


# --- the job --------------------------------------------------------------------------------------------------------------


def test_nothing_is_done_before_its_time_or_after_it_was_taken_back(alice: Account) -> None:
    ask(alice, is_due=False)
    assert run() == {"done": 0, "put_off": 0, "again": 0}
    Deletion.objects.update(undone_at="2026-11-22T00:00:00Z")
    make_due()
    assert run() == {"done": 0, "put_off": 0, "again": 0}
    assert person_of(alice).email == "alice@example.com"


@pytest.mark.parametrize(
    "step", ["privacy.between_tables:1:raise", "privacy.between_tables:9:raise", "privacy.between_tables:20:raise"]
)
def test_whoever_dies_at_any_step_leaves_everything_or_nothing_and_the_next_one_ends_it(db: None, step: str) -> None:
    shown = plant()
    ask(shown.customer)
    log_ins = {"django_session", "usersessions_usersession"}  # have ended by then, whatever becomes of the rest
    there = where_it_is_found() - log_ins
    failpoint.arm(step)
    try:
        with pytest.raises(failpoint.FailpointError):
            run()
    finally:
        failpoint.arm("")
    assert where_it_is_found() - log_ins == there and Deletion.objects.get().done_at is None
    assert run() == {"done": 1, "put_off": 0, "again": 0}
    assert where_it_is_found() == set()
    after = person_of(shown.customer).email
    assert run() == {"done": 0, "put_off": 0, "again": 0}
    assert person_of(shown.customer).email == after


def test_what_is_in_the_way_puts_it_off_is_told_once_and_is_looked_at_again(venue: Venue, alice: Account) -> None:
    venue.deposit(alice, "USD", "200")
    order = venue.order(alice, "AAPL-USD", Side.BUY, "1", "100")
    ask(alice)
    assert run() == {"done": 0, "put_off": 1, "again": 0} == run()
    assert [sent.subject for sent in mail.outbox] == ["Something is in the way of deleting your data"]
    assert "1 order is open." in mail.outbox[0].body and mail.outbox[0].to == ["alice@example.com"]
    assert person_of(alice).is_active, "who must cancel can log in"
    venue.cancel(order)
    venue.adjust(alice, "USD", "-200", "taken out")
    assert run() == {"done": 1, "put_off": 0, "again": 0}
    assert mail.outbox[-1].subject == "Your data is deleted now" and mail.outbox[-1].to == ["alice@example.com"]


def test_what_comes_while_the_log_in_is_closed_opens_it_again(
    venue: Venue, alice: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An order that was under way when the log-in was closed."""
    ask(alice)

    def arrives(_progress: object) -> None:
        assert not person_of(alice).is_active
        venue.deposit(alice, "USD", "200")
        venue.order(alice, "AAPL-USD", Side.BUY, "1", "100")

    monkeypatch.setattr(deletion_job, "_wait", arrives)
    assert carry_out(DAY, lambda text: None) == {"done": 0, "put_off": 1, "again": 0}
    row = Deletion.objects.get()
    assert row.shut_at is None and row.done_at is None and person_of(alice).is_active
    assert [sent.subject for sent in mail.outbox] == ["Something is in the way of deleting your data"]


def test_who_dies_after_the_log_in_was_closed_leaves_nobody_locked_out(
    venue: Venue, alice: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask(alice)

    def dies(_progress: object) -> None:
        raise RuntimeError("killed")

    with monkeypatch.context() as patched, pytest.raises(RuntimeError, match="killed"):
        patched.setattr(deletion_job, "_wait", dies)
        run()
    assert not person_of(alice).is_active
    venue.deposit(alice, "USD", "200")
    venue.order(alice, "AAPL-USD", Side.BUY, "1", "100")
    assert run() == {"done": 0, "put_off": 1, "again": 0}
    assert person_of(alice).is_active and Deletion.objects.get().shut_at is None


def test_a_log_in_that_the_house_has_closed_is_not_opened_by_it(alice: Account) -> None:
    User.objects.filter(pk=alice.user_id).update(is_active=False)
    ask(alice)
    assert run() == {"done": 0, "put_off": 1, "again": 0}
    assert not person_of(alice).is_active


def test_a_suspended_account_waits(alice: Account) -> None:
    Account.objects.filter(pk=alice.pk).update(status=AccountStatus.SUSPENDED)
    ask(alice)
    assert run() == {"done": 0, "put_off": 1, "again": 0}


# --- afterwards -----------------------------------------------------------------------------------------------------------


def test_nobody_gets_in_any_more_and_the_address_is_free(db: None) -> None:
    shown = plant()
    client = browse(shown.customer)
    ask(shown.customer)
    run()
    assert client.get("/settings/profile/").status_code == 302
    assert ApiKey.objects.filter(account=shown.customer).count() == 0
    for address in (EMAIL, f"deleted-{shown.customer.user_id}@deleted.invalid"):
        answer = Client().post("/login/", {"login": address, "password": PASSWORD})
        assert answer.status_code == 200 and b"do not fit" in answer.content
    again = make_user(EMAIL, name=NAME)
    assert again.pk != shown.customer.user_id and EmailAddress.objects.get(user=again).email == EMAIL


def test_the_list_beside_the_backups_has_numbers_alone_and_is_there_before_the_commit(db: None) -> None:
    shown = plant()
    user = person_of(shown.customer)
    ask(shown.customer)
    run()
    shelf = Path(settings.BACKUP_DIR)
    text = (shelf / kept_list.NAME).read_text()
    assert WORD not in text and IP not in text and "Zephyrine" not in text
    [kept] = kept_list.read(shelf)
    assert (kept.user_id, kept.account_id, kept.joined_at) == (user.pk, shown.customer.pk, user.date_joined)
    with (shelf / kept_list.NAME).open("a") as file:
        file.write('{"user_id": 1')  # of a process that died
    assert list(kept_list.read(shelf)) == [kept]


def test_the_former_owner_s_pages_of_others_are_as_they_were(venue: Venue, alice: Account) -> None:
    bob = venue.customer("bob@example.com", funded="100000")
    venue.deposit(alice, "AAPL", "5")
    sell = venue.order(alice, "AAPL-USD", Side.SELL, "5", "100")
    buy = venue.order(bob, "AAPL-USD", Side.BUY, "5", "100")
    venue.fill(buy, "5", "100", against=sell)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE ledger_ledgeraccount SET total = 0 WHERE account_id = %s", [alice.pk])
    owner = {"user_id": bob.user_id or 0, "account_id": bob.pk}
    client = client_of(bob)
    assert client.get(f"/orders/{buy.pk}/").status_code == 200
    before = rows_by_part(**owner)
    ask(alice)
    assert run() == {"done": 1, "put_off": 0, "again": 0}
    after = rows_by_part(**owner)
    assert {name: rows for name, rows in after.items() if name != "file"} == {
        name: rows for name, rows in before.items() if name != "file"
    }
    assert client.get(f"/orders/{buy.pk}/").status_code == 200


def test_who_was_deleted_and_came_back_with_a_backup_is_deleted_again_without_a_word(venue: Venue, alice: Account) -> None:
    """The books of before: the person as it was, with an open order that nobody can cancel now, and no request."""
    user = person_of(alice)
    bob = venue.customer("bob@example.com")
    for person in (alice, bob):
        ask(person)
    assert run() == {"done": 2, "put_off": 0, "again": 0}
    Deletion.objects.all().delete()
    User.objects.filter(pk=user.pk).update(email="alice@example.com", name="Alice O'Brien", is_active=True)
    # Bob's number was given out anew, after the restoration.
    User.objects.filter(pk=bob.user_id).update(email="carol@example.com", is_active=True, date_joined=timezone.now())
    venue.deposit(alice, "USD", "200")
    venue.order(alice, "AAPL-USD", Side.BUY, "1", "100")
    mail.outbox.clear()
    assert run() == {"done": 1, "put_off": 0, "again": 1}
    assert not mail.outbox
    assert User.objects.get(pk=user.pk).email == f"deleted-{user.pk}@deleted.invalid"
    assert person_of(bob).email == "carol@example.com"
    assert run() == {"done": 0, "put_off": 0, "again": 0}


def test_a_restoration_deletes_again_at_once_and_carries_out_nothing_else(venue: Venue, alice: Account) -> None:
    """Also where the request is in the backup, not carried out yet."""
    bob = venue.customer("bob@example.com")
    ask(alice)
    run()
    Deletion.objects.all().delete()
    User.objects.filter(pk=alice.user_id).update(email="alice@example.com", is_active=True)
    for person in (alice, bob):
        ask(person)
    mail.outbox.clear()
    told = StringIO()
    restore = Restore(stdout=told, stderr=StringIO())
    for shelf in (Path(settings.BACKUP_DIR) / "elsewhere", Path(settings.BACKUP_DIR)):
        restore._delete_again(shelf)
    assert told.getvalue().splitlines() == [
        "deleted since and in the backup again: 1 customers, who were deleted again",
        "deleted since and in the backup again: 0 customers, who were deleted again",
    ]
    assert person_of(alice).email.endswith("@deleted.invalid")
    assert person_of(bob).email == "bob@example.com" and not mail.outbox

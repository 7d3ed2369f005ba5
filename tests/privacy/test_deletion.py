"""A deletion leaves nothing of a person in any text of the database, and all of the books."""

from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from apps.accounts.models import Account, User
from apps.backoffice.models import StaffRequest, TrailEntry, TrailLink
from apps.backoffice.trail_chain import link_new_entries
from apps.engine.checks import ask_each
from apps.engine.invariants import CHECKS
from apps.privacy.catalogue import LEFT_OUT, PARTS, Fate
from apps.privacy.erasing import OVERWRITE, statements
from apps.privacy.texts import STAY
from tests.builders import Venue, make_user
from tests.privacy.canaries import WORD, ask, columns_of_text, make_due, person_of, plant, rows_by_part, run, where_it_is_found

OF_THE_CHAIN = tuple(check for check in CHECKS if check.name == "I22" and "chain" in check.meaning)


@pytest.fixture
def venue(db: None) -> Venue:
    return Venue()


@pytest.fixture
def alice(venue: Venue) -> Account:
    return venue.customer("alice@example.com", name="Alice O'Brien")


# --- the catalogue --------------------------------------------------------------------------------------------------------


def test_every_column_of_text_is_removed_overwritten_or_stays_for_a_reason(db: None) -> None:
    fates = {part.table: part.fate for part in PARTS} | {name: left.fate for name, left in LEFT_OUT.items()}
    fates |= {child.table: child.fate for part in PARTS for child in part.children}
    removed = {table for table, fate in fates.items() if fate is Fate.REMOVED}
    overwritten = {
        ("accounts_user", "email"), ("accounts_user", "password"), ("accounts_user", "name"), ("accounts_user", "time_zone"),
        ("backoffice_trailentry", "reason"), ("backoffice_staffrequest", "reason"), ("backoffice_staffrequest", "note"),
    }  # fmt: skip
    staying = {(table, column) for table, (columns, _) in STAY.items() for column in columns.split()}
    found = {(table, column) for table, column, _ in columns_of_text() if table not in removed}
    assert found - staying - overwritten == set(), (
        "say what a deletion does with it, in the catalogue, or why it may stay, in texts"
    )
    assert staying - found == set(), "a column that is gone, or goes with its rows"
    assert {table for table, fate in fates.items() if fate is Fate.OVERWRITTEN} == set(OVERWRITE)


def test_what_is_removed_names_its_owner(db: None) -> None:
    """No statement without a condition that is the person's own."""
    for statement in statements():
        assert "%(user_id)s" in statement or "%(account_id)s" in statement, statement


# --- what goes, and what stays --------------------------------------------------------------------------------------------


def test_no_sign_of_the_person_is_left_in_any_text_of_the_database_or_in_redis(db: None) -> None:
    shown = plant()
    before = where_it_is_found()
    assert before >= {
        *("accounts_user", "account_emailaddress", "usersessions_usersession", "accounts_apikey", "watchlists_watchlist"),
        *("alerts_pricealert", "alerts_firing", "alerts_notice", "alerts_mail", "backoffice_trailentry"),
        *("backoffice_staffrequest", "django_session"),
    }, "it was planted there"
    ask(shown.customer)
    assert run() == {"done": 1, "put_off": 0, "again": 0}
    assert where_it_is_found() == set()
    user = person_of(shown.customer)
    assert (user.email, user.name, user.time_zone) == (f"deleted-{user.pk}@deleted.invalid", "", "UTC")
    assert not user.is_active and not user.has_usable_password() and user.last_login is None


def test_what_the_catalogue_removes_is_gone_and_what_stays_is_untouched(db: None) -> None:
    shown = plant()
    owner = {"user_id": shown.customer.user_id or 0, "account_id": shown.customer.pk}
    before = rows_by_part(**owner)
    assert all(before[part.name] for part in PARTS if part.name not in ("deletion", "default_size", "trading_preferences"))
    ask(shown.customer)
    run()
    after = rows_by_part(**owner)
    for part in PARTS:
        if part.fate is Fate.REMOVED:
            assert after[part.name] == [], part.name
        elif part.fate is Fate.STAYS and part.name != "deletion":
            assert after[part.name] == before[part.name], part.name
        for child in part.children:
            assert after[child.name] == ([] if child.fate is Fate.REMOVED else before[child.name]), child.name


def test_who_of_the_staff_looked_and_when_stays_and_why_does_not(db: None) -> None:
    shown = plant()
    looks = TrailEntry.objects.filter(kind="LOOK").order_by("id")
    kept = list(looks.values_list("id", "at", "actor_id", "action", "account_id"))
    commands = list(TrailEntry.objects.filter(kind="COMMAND").values())
    requests = list(StaffRequest.objects.values_list("id", "made_at", "made_by_id", "kind", "account_id", "order_id", "form_id"))
    ask(shown.customer)
    run()
    assert list(looks.values_list("id", "at", "actor_id", "action", "account_id")) == kept
    assert list(TrailEntry.objects.filter(kind="COMMAND").values()) == commands
    made = StaffRequest.objects.values_list("id", "made_at", "made_by_id", "kind", "account_id", "order_id", "form_id")
    assert list(made) == requests
    assert set(looks.values_list("reason", flat=True)) == {"[deleted]"}
    subjects = looks.values_list("subject", flat=True)
    assert set(subjects) == {f"account {shown.customer.pk}", "account 99", "[deleted]"}


def test_the_chain_over_the_trail_goes_on_and_says_nothing_of_what_is_overwritten(db: None) -> None:
    shown = plant()
    link_new_entries()
    hashes = list(TrailLink.objects.order_by("number").values_list("hash", flat=True))
    ask(shown.customer)
    run()
    kept = list(TrailLink.objects.order_by("number").values_list("hash", flat=True))
    assert list(map(bytes, kept)) == list(map(bytes, hashes))
    erased = TrailLink.objects.filter(entry__reason="[deleted]", of_outcome=False)
    assert erased.exists() and not erased.filter(salt__isnull=False).exists()
    assert TrailLink.objects.filter(salt__isnull=False).count() == len(hashes) - erased.count()
    with connection.cursor():
        results = ask_each(connection.connection, OF_THE_CHAIN, each_s=10, all_s=30)
    assert [result.error or result.rows for result in results] == [[] for _ in OF_THE_CHAIN]


def test_a_search_for_somebody_else_keeps_its_words(db: None) -> None:
    """Also when the customer chose a name that many reasons have in them."""
    shown = plant()
    User.objects.filter(pk=shown.customer.user_id).update(name="phone")
    staff: dict[str, Any] = {"actor_id": shown.staff.pk, "kind": "LOOK"}
    other = TrailEntry.objects.create(action="SEARCH", subject="bob@example.com", reason="asks by phone", **staff)
    looked = TrailEntry.objects.create(action="CUSTOMER_PAGE", subject="account 99", account_id=99, reason="by phone", **staff)
    short = TrailEntry.objects.create(action="SEARCH", subject=WORD[:4], reason="asks by phone", **staff)
    ask(shown.customer)
    run()
    for entry in (other, looked, short):
        before = (entry.subject, entry.reason)
        entry.refresh_from_db()
        assert (entry.subject, entry.reason) == before


# --- the doors ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE backoffice_trailentry SET reason = '[deleted]'",
        "UPDATE backoffice_staffrequest SET reason = '[deleted]'",
        "SELECT privacy_overwrite_user({user})",
        "SELECT privacy_shut_user({user}, true)",
    ],
)
def test_no_door_is_open_without_a_deletion_that_ends_now(db: None, statement: str) -> None:
    shown = plant()
    for state in ("nobody asked", "asked", "done before"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement.format(user=shown.customer.user_id))
        if state == "nobody asked":
            ask(shown.customer, is_due=False)
        elif state == "asked":
            make_due()
            run()
            with connection.cursor() as cursor:  # the instant of another transaction
                cursor.execute("UPDATE privacy_deletion SET done_at = done_at - interval '1 second'")


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE backoffice_trailentry SET reason = 'something else' WHERE kind = 'LOOK'",
        "UPDATE backoffice_trailentry SET reason = '[deleted]', actor_id = {user} WHERE kind = 'LOOK'",
        "UPDATE backoffice_trailentry SET reason = '[deleted]', at = now() WHERE kind = 'LOOK'",
        "UPDATE backoffice_trailentry SET reason = '[deleted]' WHERE kind = 'COMMAND'",
        "DELETE FROM backoffice_trailentry",
        "UPDATE backoffice_staffrequest SET reason = '[deleted]', kind = 'OTHER'",
        "UPDATE backoffice_staffrequest SET note = 'something else'",
        "DELETE FROM backoffice_staffrequest",
        "SELECT privacy_overwrite_user({other})",
    ],
)
def test_through_a_door_goes_one_word_and_nothing_else(db: None, change: str) -> None:
    shown = plant()
    other = make_user("bob@example.com")
    ask(shown.customer)
    run()
    with connection.cursor() as cursor:
        cursor.execute("SELECT privacy_ends_a_deletion()")  # the test is one transaction: the door is open still
        assert cursor.fetchone() == (True,)
    TrailEntry.objects.create(
        kind="LOOK", actor_id=shown.staff.pk, action="ORDER_PAGE", subject="order 1", reason="asked by phone"
    )
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(change.format(user=shown.customer.user_id, other=other.pk))


@pytest.mark.parametrize(
    "values",
    [
        {"due_at": "asked_at + interval '13 days'"},
        {"undone_at": "now()", "shut_at": "now()"},
        {"undone_at": "now()", "done_at": "due_at", "shut_at": "now()"},
        {"done_at": "due_at"},
        {"done_at": "due_at - interval '1 second'", "shut_at": "now()"},
    ],
)
def test_the_database_refuses_a_deletion_that_cannot_be(alice: Account, values: dict[str, str]) -> None:
    ask(alice, is_due=False)
    changes = ", ".join(f"{name} = {value}" for name, value in values.items())
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE privacy_deletion SET {changes}")
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO privacy_deletion (user_id, account_id, due_at) SELECT user_id, account_id, due_at FROM privacy_deletion"
        )

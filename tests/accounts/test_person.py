"""Who asks: one query says it with the session, and whatever stands against it is looked at by Django's own rules."""

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.test import Client

from apps.accounts.models import Account, User
from apps.core.enums import AccountStatus, Role
from tests.builders import Venue
from tests.pages import client_of, counted_queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice() -> Account:
    return Venue().customer("alice@example.com")


@pytest.fixture
def here(alice: Account) -> Client:
    client = client_of(alice)
    assert is_in(client)  # the first page notes the log-in
    return client


def is_in(client: Client) -> bool:
    return client.get("/account/value/").status_code == 200


def test_session_person_and_account_are_one_query(here: Client) -> None:
    with counted_queries() as queries:
        assert is_in(here)
    assert len([query for query in queries if "accounts_user" in query["sql"] or "accounts_account" in query["sql"]]) == 1


def test_without_its_note_a_log_in_is_what_it_was(here: Client) -> None:
    UserSession.objects.all().delete()
    with counted_queries() as queries:
        assert is_in(here)
    assert len([query for query in queries if 'FROM "accounts_user"' in query["sql"]]) == 1  # asked for by itself


def test_a_note_of_somebody_else_is_not_believed(here: Client, alice: Account) -> None:
    mallory = Venue().customer("mallory@example.com")
    UserSession.objects.update(user=mallory.user)
    response = here.get("/account/value/")
    assert response.wsgi_request.user == alice.user
    assert here.get("/markets/").context["shell"].account.id == alice.pk


def test_a_person_who_was_deactivated_is_out_at_once(here: Client) -> None:
    User.objects.update(is_active=False)
    assert not is_in(here)


def test_a_changed_password_ends_the_log_in_and_its_row(here: Client, alice: Account) -> None:
    assert alice.user is not None
    alice.user.set_password("another correct horse")
    alice.user.save()
    log_in = here.session.session_key
    assert not is_in(here)
    assert not Session.objects.filter(session_key=log_in).exists()


def test_a_session_that_was_ended_or_has_expired_is_nobodys(here: Client) -> None:
    Session.objects.update(expire_date="2020-01-01T00:00:00Z")
    assert not is_in(here)
    Session.objects.all().delete()
    assert not is_in(here)


def test_a_log_in_under_a_former_key_holds_and_is_signed_anew(here: Client, settings: object) -> None:
    former = settings.SECRET_KEY  # type: ignore[attr-defined]
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "n" * 50, [former]  # type: ignore[attr-defined]
    assert is_in(here)
    settings.SECRET_KEY_FALLBACKS = []  # type: ignore[attr-defined]
    assert is_in(here)


def test_the_account_is_read_with_every_request(here: Client, alice: Account) -> None:
    assert here.get("/markets/").context["shell"].account.status is AccountStatus.ACTIVE
    Account.objects.filter(pk=alice.pk).update(status=AccountStatus.SUSPENDED)
    assert here.get("/markets/").context["shell"].account.status is AccountStatus.SUSPENDED


def test_a_customer_who_became_one_of_the_staff_has_no_account_any_more(here: Client, alice: Account) -> None:
    User.objects.filter(pk=alice.user_id).update(role=Role.SUPPORT)
    assert here.get("/account/value/").status_code == 404
    UserSession.objects.all().delete()  # so that the person does not come with the session
    assert here.get("/account/value/").status_code == 404

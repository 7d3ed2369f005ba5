"""The pages about API keys: made by whoever has just shown who they are, shown once, revoked for good."""

import re
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from apps.accounts import api_keys
from apps.accounts.models import Account, ApiKey, KeyScope
from apps.backoffice.models import TrailEntry
from apps.core.enums import Role
from tests.builders import Venue
from tests.pages import client_of
from tests.staff import make_staff
from tests.web.corpus import XSS
from tests.web.test_hostile_input import Structure

LIST, NEW = "/settings/api-keys/", "/settings/api-keys/new/"
TEXT = re.compile(r"tredye_[a-z2-7]{12}_[A-Za-z0-9_-]{43}")


@pytest.fixture
def alice(db: None) -> Account:
    return Venue().customer("alice@example.com")


@pytest.fixture
def client(alice: Account) -> Client:
    return client_of(alice)


def form(**changes: str) -> dict[str, str]:
    return {"name": "bot", "scope": "TRADE", "life": "90", "networks": "", "form_id": uuid.uuid4().hex} | changes


def make(account: Account, name: str = "bot", **changes: Any) -> api_keys.NewKey:
    values = {"scope": KeyScope.READ, "networks": (), "expires_at": None, "form_id": uuid.uuid4().hex}
    return api_keys.create_key(account_id=account.pk, name=name, **(values | changes))


def test_a_key_is_shown_once_and_kept_as_a_digest(alice: Account, client: Client) -> None:
    page = client.post(NEW, form(networks="192.0.2.7, 198.51.100.0/24"))
    found = TEXT.search(page.content.decode())
    assert page.status_code == 200
    assert found is not None
    assert page["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"
    row = ApiKey.objects.get(account=alice)
    assert api_keys.split_key(found[0]) == (row.prefix, row.digest)
    assert (row.name, row.scope, row.networks) == ("bot", "TRADE", "192.0.2.7/32 198.51.100.0/24")
    assert timedelta(days=89) < row.expires_at - timezone.now() < timedelta(days=90)
    secret = found[0].split("_", 2)[2]
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(key)::text FROM accounts_apikey AS key")
        assert secret not in str(cursor.fetchall())
    listed = client.get(LIST).content.decode()
    assert f"tredye_{row.prefix}_…" in listed
    assert secret not in listed
    assert row.digest not in listed
    (told,) = mail.outbox
    assert told.subject == "An API key was made"
    assert f"tredye_{row.prefix}_" in str(told.body)
    assert secret not in str(told.body)


def test_the_same_form_twice_makes_one_key(alice: Account, client: Client) -> None:
    data = form()
    client.post(NEW, data)
    again = client.post(NEW, data, follow=True)
    assert "has made its key already" in again.content.decode()
    assert TEXT.search(again.content.decode()) is None
    assert ApiKey.objects.count() == 1


def test_whoever_logged_in_long_ago_shows_first_who_they_are(alice: Account) -> None:
    late = client_of(alice, seconds_ago=3600)
    for response in (late.get(NEW), late.post(NEW, form())):
        assert (response.status_code, response["Location"].partition("?")[0]) == (302, "/settings/security/confirm/")
    assert ApiKey.objects.count() == 0
    assert late.get(LIST).status_code == 200
    key = make(alice)
    assert late.post(f"{LIST}{key.view.id}/revoke/").status_code == 302, "an end is never kept waiting"
    assert not api_keys.list_keys(alice.pk)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("name", ""),
        ("name", "x" * 41),
        ("name", "a\x00b"),
        ("name", "a\u202eb"),
        ("scope", "ADMIN"),
        ("scope", ""),
        ("life", "0"),
        ("life", "36500"),
        ("networks", "localhost"),
        ("networks", "192.0.2.7/24"),
        ("networks", "192.0.2.0/33"),
        ("networks", ",".join(f"192.0.2.{n}" for n in range(11))),
        ("form_id", "x"),
        ("form_id", ""),
    ],
)
def test_what_is_no_key_s_is_refused(client: Client, field: str, value: str) -> None:
    assert client.post(NEW, form(**{field: value})).status_code == 422
    assert ApiKey.objects.count() == 0


def test_a_name_stays_text_wherever_it_stands(alice: Account, client: Client) -> None:
    key = make(alice, "harmless").view
    api_keys.revoke_key(alice.pk, make(alice, "harmless").view.id)
    pages = (LIST, f"{LIST}{key.id}/revoke/")

    def elements(url: str) -> list[tuple[str, tuple[str, ...]]]:
        structure = Structure()
        structure.feed(client.get(url).content.decode())
        return structure.elements

    expected = [elements(url) for url in pages]
    for text in (text[:40] for text in XSS if text[:40].isprintable()):
        ApiKey.objects.filter(account=alice).update(name=text)
        assert [elements(url) for url in pages] == expected, text


def test_an_account_has_twenty_keys_at_most(alice: Account, client: Client) -> None:
    for number in range(api_keys.KEYS_MAX):
        make(alice, f"bot {number}")
    page = client.post(NEW, form())
    assert page.status_code == 422
    assert "Revoke one first" in page.content.decode()
    assert "Make a key" not in client.get(LIST).content.decode()
    first = ApiKey.objects.order_by("pk")[0]
    client.post(f"{LIST}{first.pk}/revoke/")
    assert client.post(NEW, form()).status_code == 200


def test_a_revoked_key_is_gone_for_good_and_remembered(alice: Account, client: Client) -> None:
    key = make(alice, "old bot").view
    asked = client.get(f"{LIST}{key.id}/revoke/")
    assert "cannot be brought back" in asked.content.decode()
    assert ApiKey.objects.get().revoked_at is None, "asking is not doing"
    done = client.post(f"{LIST}{key.id}/revoke/", follow=True).content.decode()
    assert "“old bot” is revoked." in done
    assert ApiKey.objects.get().revoked_at is not None
    assert client.get(f"{LIST}{key.id}/revoke/").status_code == 404
    assert client.post(f"{LIST}{key.id}/revoke/").status_code == 404
    assert not api_keys.revoke_key(alice.pk, key.id)


def test_somebody_else_s_key_is_nobody_s_to_revoke(alice: Account, client: Client) -> None:
    theirs = make(Venue().customer("bob@example.com")).view
    assert client.post(f"{LIST}{theirs.id}/revoke/").status_code == 404
    assert not api_keys.revoke_key(alice.pk, theirs.id)
    assert ApiKey.objects.get().revoked_at is None


def test_only_so_many_revoked_keys_are_remembered(alice: Account) -> None:
    for number in range(api_keys.REVOKED_KEPT_MAX + 5):
        api_keys.revoke_key(alice.pk, make(alice, f"bot {number}").view.id)
    names = {key.name for key in api_keys.list_revoked(alice.pk)}
    assert names == {f"bot {number}" for number in range(5, api_keys.REVOKED_KEPT_MAX + 5)}
    assert ApiKey.objects.count() == api_keys.REVOKED_KEPT_MAX


@pytest.mark.parametrize(
    "changes",
    [{"digest": "secret"}, {"prefix": "ABCDEFGHIJKL"}, {"scope": "ADMIN"}, {"name": ""}, {"name": "a\nb"}],
    ids=lambda changes: next(iter(changes)),
)
def test_the_database_knows_the_laws_as_well(alice: Account, changes: dict[str, str]) -> None:
    key = make(alice).view
    with pytest.raises(IntegrityError), transaction.atomic():
        ApiKey.objects.filter(pk=key.id).update(**changes)


def test_a_use_is_noted_a_minute_exact(alice: Account) -> None:
    key = make(alice).view
    first = datetime(2026, 11, 21, 12, 0, 0, tzinfo=UTC)
    for at, noted in (
        (first, first),
        (first + timedelta(seconds=30), first),
        (first - timedelta(hours=1), first),
        (first + timedelta(seconds=61), first + timedelta(seconds=61)),
    ):
        api_keys.note_uses({key.id: at, 999_999_999: at})
        assert ApiKey.objects.get().last_used_at == noted


def test_a_new_key_hides_itself(alice: Account) -> None:
    made = make(alice)
    assert made.text.split("_", 2)[2] not in repr(made)


A12, A43 = "a" * 12, "a" * 43


@pytest.mark.parametrize(
    "text",
    [
        "",
        "tredye",
        "tredye_abc_def",
        f"TREDYE_{A12}_{A43}",
        f" tredye_{A12}_{A43}",
        f"tredye_{A12}_{A43}a",
        f"tredye_{A12}_{A43[1:]}",
        f"tredye_{A12}_{A43[1:]}\u00e4",
        f"tredye_{A12[1:]}1_{A43}",
    ],
)
def test_what_is_no_key_is_not_looked_up(text: str) -> None:
    assert api_keys.split_key(text) is None


def test_an_admin_revokes_with_a_reason_and_sees_no_secret(alice: Account) -> None:
    made = make(alice)
    admin = client_of(make_staff("admin@example.com", Role.ADMIN))
    row = ApiKey.objects.get()
    page = admin.get(f"/admin/accounts/apikey/{row.pk}/change/").content.decode()
    assert row.prefix in page
    assert row.digest not in page
    assert row.form_id not in page
    data = {"command_id": uuid.uuid4().hex, "reason": "the owner called"}
    done = admin.post(f"/admin/accounts/apikey/{row.pk}/revoke/", data, follow=True)
    assert "The key is revoked." in done.content.decode()
    assert api_keys.list_keys(alice.pk) == ()
    entry = TrailEntry.objects.get()
    assert (entry.action, entry.account_id, entry.reason) == ("REVOKE_API_KEY", alice.pk, "the owner called")
    assert made.text.split("_", 2)[2] not in done.content.decode()
    assert "Owner" not in client_of(alice).get("/settings/looks/").content.decode()


@pytest.fixture
def committed(django_db_setup: None, django_db_blocker: Any) -> Iterator[Account]:
    """An account that other connections see as well, removed afterwards."""
    with django_db_blocker.unblock():
        account = Venue().customer(f"{uuid.uuid4().hex}@example.com")
        yield account
        ApiKey.objects.filter(account=account).delete()
        user = account.user
        account.delete()
        EmailAddress.objects.filter(user=user).delete()
        user.delete()


def test_one_too_many_at_once_is_still_one_too_many(committed: Account) -> None:
    for number in range(api_keys.KEYS_MAX - 1):
        make(committed, f"bot {number}")

    def one_more(_: int) -> str:
        try:
            make(committed, "late")
        except api_keys.TooManyKeysError:
            return "too many"
        finally:
            connection.close()
        return "made"

    with ThreadPoolExecutor(6) as pool:
        assert sorted(pool.map(one_more, range(6))) == ["made", *["too many"] * 5]

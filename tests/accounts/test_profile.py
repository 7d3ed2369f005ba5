"""A person's own settings: name and time zone, and who of the staff looked."""

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from apps.accounts.models import Account, User
from apps.backoffice import services
from apps.core.enums import Role
from tests.builders import Venue
from tests.pages import client_of
from tests.staff import make_staff
from tests.web.corpus import XSS
from tests.web.test_hostile_input import Structure

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice() -> Account:
    return Venue().customer("alice@example.com")


@pytest.fixture
def client(alice: Account) -> Client:
    return client_of(alice)


def profile_of(account: Account) -> tuple[str, str]:
    user = User.objects.get(pk=account.user_id)
    return user.name, user.time_zone


def test_name_and_zone_are_saved(alice: Account, client: Client) -> None:
    assert 'value="UTC" selected' in client.get("/settings/profile/").content.decode()
    response = client.post("/settings/profile/", {"name": "  Zoë   Müller ", "time_zone": "Europe/Berlin"}, follow=True)
    assert "Your profile was saved." in response.content.decode()
    assert profile_of(alice) == ("Zoë Müller", "Europe/Berlin")


def test_a_name_may_be_taken_back(alice: Account, client: Client) -> None:
    client.post("/settings/profile/", {"name": "Alice", "time_zone": "UTC"})
    client.post("/settings/profile/", {"name": "", "time_zone": "UTC"})
    assert profile_of(alice) == ("", "UTC")


@pytest.mark.parametrize(
    "data",
    [
        {"name": "x" * 81, "time_zone": "UTC"},
        {"name": "a\x00b", "time_zone": "UTC"},
        {"name": "a\u202eb", "time_zone": "UTC"},
        {"name": "a\u200bb", "time_zone": "UTC"},
        {"name": "Alice", "time_zone": "Mars/Olympus"},
        {"name": "Alice", "time_zone": "../../etc/passwd"},
        {"name": "Alice"},
    ],
)
def test_what_is_no_name_and_no_zone_is_refused(alice: Account, client: Client, data: dict[str, str]) -> None:
    response = client.post("/settings/profile/", data)
    assert response.status_code == 422
    assert "field-error" in response.content.decode()
    assert profile_of(alice) == ("", "UTC")


def test_it_changes_nothing_that_it_does_not_show(alice: Account, client: Client) -> None:
    hidden = {"email": "other@example.com", "role": "ADMIN", "is_staff": "on", "user_id": "1"}
    client.post("/settings/profile/", {"name": "Alice", "time_zone": "UTC", **hidden})
    user = User.objects.get(pk=alice.user_id)
    assert (user.email, user.role, user.is_staff) == ("alice@example.com", "CUSTOMER", False)


def test_a_zone_with_an_old_name_can_be_kept(alice: Account, client: Client) -> None:
    User.objects.filter(pk=alice.user_id).update(time_zone="EST5EDT")
    assert client.post("/settings/profile/", {"name": "Alice", "time_zone": "EST5EDT"}).status_code == 302


def test_a_name_is_text(alice: Account, client: Client) -> None:
    def elements() -> list[tuple[str, tuple[str, ...]]]:
        structure = Structure()
        structure.feed(client.get("/settings/profile/").content.decode())
        return structure.elements

    User.objects.filter(pk=alice.user_id).update(name="harmless")
    expected = elements()
    for text in (text for text in XSS if "\x00" not in text):
        User.objects.filter(pk=alice.user_id).update(name=text)
        assert elements() == expected, text


@pytest.mark.parametrize("name", ["a\nb", "a\tb", "\x1b[31m", "a\x7f"])
def test_the_database_refuses_a_name_that_cannot_be_printed(alice: Account, name: str) -> None:
    with pytest.raises(IntegrityError, match="user_name_printable"), transaction.atomic():
        User.objects.filter(pk=alice.user_id).update(name=name)


def test_a_customer_reads_who_looked_and_why_but_no_name(alice: Account, client: Client) -> None:
    assert "Nobody looked" in client.get("/settings/looks/").content.decode()
    staff = (("sam@example.com", Role.SUPPORT, "ORDER_PAGE"), ("kim@example.com", Role.ADMIN, "CUSTOMER_PAGE"))
    for email, role, action in staff:
        actor_id, other_id = make_staff(email, role).pk, alice.pk + 1
        services.record_look(actor_id=actor_id, action=action, subject="order 7", reason="asks by phone", account_id=alice.pk)
        services.record_look(actor_id=actor_id, action=action, subject="order 8", reason="somebody else's", account_id=other_id)
    page = client.get("/settings/looks/").content.decode()
    for shown in ("Tredye support", "Tredye administration", "asks by phone", "order 7", "Overview"):
        assert shown in page
    for hidden in ("sam@example.com", "kim@example.com", "somebody else"):
        assert hidden not in page


def test_looks_go_back_by_keyset(alice: Account, client: Client) -> None:
    staff = make_staff("sam@example.com", Role.SUPPORT)
    for n in range(60):
        services.record_look(
            actor_id=staff.pk, action="ORDER_PAGE", subject=f"order {n}", reason="a question", account_id=alice.pk
        )
    first = client.get("/settings/looks/").context
    rest = client.get(first["older"]).context
    subjects = [entry.subject for context in (first, rest) for entry in context["entries"]]
    assert subjects == [f"order {n}" for n in range(59, -1, -1)]
    assert rest["older"] == ""
    assert client.get("/settings/looks/?before=nonsense").status_code == 200

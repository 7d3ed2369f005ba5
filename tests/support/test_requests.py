"""Support asks, admins end it: once each, with words, in the trail; the customer reads nothing of it but the looks."""

import re
from typing import Any

import pytest
from django.db import IntegrityError, InternalError, connection, transaction
from django.test import Client

from apps.accounts.api_keys import create_key
from apps.accounts.models import Account, ApiKey, KeyScope, User
from apps.backoffice import requests as backoffice
from apps.backoffice.models import StaffRequest, TrailEntry
from apps.core.enums import Role, Side
from apps.engine.invariants import CHECKS, find_violations
from tests.builders import Venue
from tests.pages import client_of
from tests.staff import make_staff

OF_THE_TRAIL = tuple(check for check in CHECKS if check.name == "I22")


@pytest.fixture
def admin(db: None) -> Client:
    return client_of(make_staff("ada@example.com", Role.ADMIN))


def form_id(page: Any) -> str:
    found = re.search(r'name="form_id" value="([^"]+)"', page.content.decode())
    assert found, "there is no form"
    return found[1]


def ask(desk: Client, address: str, kind: str, reason: str = "asked for by phone, ticket 7") -> Any:
    return desk.post(address, {"kind": kind, "reason": reason, "form_id": form_id(desk.get(address))})


def press(admin: Client, button: str, note: str) -> Any:
    address = f"/admin/backoffice/staffrequest/{StaffRequest.objects.get().pk}/{button}/"
    command_id = re.search(r'name="command_id" value="([^"]+)"', admin.get(address).content.decode())
    assert command_id
    return admin.post(address, {"command_id": command_id[1], "reason": note}, follow=True)


def test_a_request_is_raised_ended_and_told_and_each_is_in_the_trail(
    venue: Venue, alice: Account, desk: Client, admin: Client, sam: User
) -> None:
    order = venue.order(alice, "AAPL-USD", Side.BUY, "1", "100")
    address = f"/support/orders/{order.pk}/request/"
    assert f'href="{address}"' in desk.get(f"/support/orders/{order.pk}/").content.decode()
    done = ask(desk, address, "FORCE_CANCEL")
    assert done.status_code == 302 and done["Location"] == "/support/requests/"
    listed = desk.get("/support/requests/").content.decode()
    assert "Cancel the order" in listed and "asked for by phone, ticket 7" in listed and "sam@example.com" in listed
    assert "Cancel the order" in desk.get(f"/support/customers/{alice.pk}/").content.decode()
    told = press(admin, "done", "canceled with its button").content.decode()
    assert "is ended: done." in told
    made = StaffRequest.objects.get()
    assert (made.outcome, made.note, made.made_by_id) == ("DONE", "canceled with its button", sam.pk)
    assert "canceled with its button" in desk.get("/support/requests/").content.decode()
    trail = list(TrailEntry.objects.filter(kind="COMMAND").order_by("id").values_list("action", "reason", "account_id"))
    assert trail == [
        ("ASK_FORCE_CANCEL", "asked for by phone, ticket 7", None),
        ("REQUEST_DONE", "canceled with its button", None),
    ]


def test_what_staff_did_without_the_engine_is_no_violation_of_the_trail(alice: Account, desk: Client, admin: Client) -> None:
    create_key(account_id=alice.pk, name="bot", scope=KeyScope.READ, networks=(), expires_at=None, form_id="f-1")
    address = f"/admin/accounts/apikey/{ApiKey.objects.get().pk}/revoke/"
    command_id = re.search(r'name="command_id" value="([^"]+)"', admin.get(address).content.decode())
    assert command_id
    admin.post(address, {"command_id": command_id[1], "reason": "leaked in a log"})
    ask(desk, f"/support/customers/{alice.pk}/request/", "SUSPEND_ACCOUNT")
    press(admin, "refuse", "there is no reason to")
    assert TrailEntry.objects.filter(outcome__startswith="DONE:").count() == 2
    assert [str(each) for each in find_violations(connection.connection, OF_THE_TRAIL)] == []


def test_the_customer_reads_nothing_of_it(alice: Account, desk: Client, admin: Client) -> None:
    own = client_of(alice)
    assert desk.get(f"/support/customers/{alice.pk}/").status_code == 200
    ask(desk, f"/support/customers/{alice.pk}/request/", "SUSPEND_ACCOUNT", "seems to be a robot")
    press(admin, "refuse", "no robot at all")
    page = own.get("/settings/looks/").content.decode()
    assert page.count("Overview") == 1, "the look is there"
    assert "robot" not in page and "equest" not in page.partition("<main")[2].partition("</main>")[0]


def test_a_form_sent_twice_is_one_request_and_somebody_elses_is_refused(alice: Account, desk: Client, sam: User) -> None:
    address = f"/support/customers/{alice.pk}/request/"
    sent = {"kind": "SUSPEND_ACCOUNT", "reason": "as they asked", "form_id": "form-1"}
    assert [desk.post(address, sent).status_code for _ in range(2)] == [302, 302]
    assert StaffRequest.objects.count() == 1 and TrailEntry.objects.filter(kind="COMMAND").count() == 1
    other = make_staff("olga@example.com", Role.SUPPORT)
    with pytest.raises(backoffice.RequestRefusedError, match="somebody else"):
        backoffice.raise_request(actor_id=other.pk, account_id=alice.pk, order_id=None, **sent)


@pytest.mark.parametrize(
    ("kind", "reason", "says"),
    [
        ("SUSPEND_ACCOUNT", "x", "A reason must be 3 to 200 printable characters."),
        ("SUSPEND_ACCOUNT", "a\x00bc", "A reason must be 3 to 200 printable characters."),
        ("FORCE_CANCEL", "as they asked", "Choose what is asked for."),
        ("DROP_TABLE", "as they asked", "Choose what is asked for."),
    ],
)
def test_what_cannot_be_asked_for_is_said(alice: Account, desk: Client, kind: str, reason: str, says: str) -> None:
    answer = ask(desk, f"/support/customers/{alice.pk}/request/", kind, reason)
    assert answer.status_code == 422 and says in answer.content.decode()
    assert not StaffRequest.objects.exists()


def test_the_same_is_not_asked_for_twice_while_it_is_open(alice: Account, desk: Client, admin: Client) -> None:
    address = f"/support/customers/{alice.pk}/request/"
    ask(desk, address, "SUSPEND_ACCOUNT")
    again = ask(desk, address, "SUSPEND_ACCOUNT")
    assert again.status_code == 422 and "The same is asked for already" in again.content.decode()
    press(admin, "refuse", "there is no reason to")
    assert ask(desk, address, "SUSPEND_ACCOUNT").status_code == 302


def test_a_person_has_so_many_open_and_so_many_a_day(
    alice: Account, bob: Account, sam: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backoffice, "OPEN_MAX", 2)
    monkeypatch.setattr(backoffice, "PER_DAY_MAX", 3)

    def raise_one(number: int, kind: str, account: Account) -> int:
        asked = {"kind": kind, "reason": "as they asked", "form_id": f"form-{number}"}
        return backoffice.raise_request(actor_id=sam.pk, account_id=account.pk, order_id=None, **asked)

    first, second = raise_one(1, "SET_LIMITS", alice), raise_one(2, "SET_LIMITS", bob)
    with pytest.raises(backoffice.RequestRefusedError, match="2 open requests"):
        raise_one(3, "OTHER", alice)
    for request_id in (first, second):
        assert backoffice.end_request(
            request_id=request_id, actor_id=sam.pk, outcome=backoffice.RequestOutcome.DONE, note="it is done"
        )
    raise_one(4, "OTHER", alice)
    with pytest.raises(backoffice.RequestRefusedError, match="3 times within a day"):
        raise_one(5, "OTHER", bob)


def test_it_is_ended_once(alice: Account, desk: Client, admin: Client, sam: User) -> None:
    ask(desk, f"/support/customers/{alice.pk}/request/", "SET_LIMITS")
    press(admin, "done", "set to ten orders")
    made = StaffRequest.objects.get()
    assert not backoffice.end_request(
        request_id=made.pk, actor_id=sam.pk, outcome=backoffice.RequestOutcome.REFUSED, note="no, not at all"
    )
    page = admin.get(f"/admin/backoffice/staffrequest/{made.pk}/change/").content.decode()
    assert "It was ended: done." in page and "set to ten orders" in page


def test_the_database_keeps_what_was_asked_and_how_it_ended(alice: Account, sam: User) -> None:
    asked: dict[str, Any] = {"kind": "SET_LIMITS", "reason": "as they asked", "form_id": "form-1"}
    made = backoffice.raise_request(actor_id=sam.pk, account_id=alice.pk, order_id=None, **asked)
    rows = StaffRequest.objects.filter(pk=made)
    kept = (
        {"reason": "another"},
        {"outcome": "DONE"},
        {"outcome": "DONE", "note": "x", "ended_by": sam, "ended_at": "2026-01-01T00:00Z"},
        {"outcome": "DONE", "note": "done so", "ended_by": sam, "ended_at": "2026-01-01T00:00Z", "account_id": 7},
    )
    for change in kept:
        with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
            rows.update(**change)
    with pytest.raises((IntegrityError, InternalError)), transaction.atomic():
        rows.delete()
    with pytest.raises(IntegrityError, match="request_names_its_order"), transaction.atomic():
        StaffRequest.objects.create(made_by=sam, kind="FORCE_CANCEL", account_id=alice.pk, reason="as they asked", form_id="f-2")
    assert rows.get().outcome == ""


def test_what_never_was_cannot_be_asked_about(desk: Client) -> None:
    for address in ("/support/customers/999999/request/", "/support/orders/999999/request/"):
        assert desk.get(address).status_code == desk.post(address, {"kind": "OTHER"}).status_code == 404

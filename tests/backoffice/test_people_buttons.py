"""What admins change about a person: by two people what gives a right, at once what takes one away."""

from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core import mail
from django.test import Client

from apps.accounts import people
from apps.accounts.models import Account, User
from apps.backoffice import approving, proposals
from apps.backoffice.models import Proposal, TrailEntry
from apps.core.enums import Role
from tests.backoffice.pressing import approve_newest, of_proposal, press, press_with_two
from tests.builders import Venue
from tests.pages import client_of
from tests.staff import make_staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def sam(db: None) -> User:
    return make_staff("sam@example.com", Role.SUPPORT)


def of_person(user: User, button: str) -> str:
    return f"/admin/accounts/user/{user.pk}/{button}/"


def test_a_role_is_changed_by_two_and_every_log_in_ends(proposer: Client, approver: Client, sam: User) -> None:
    his = client_of(sam)
    assert (his.get("/support/case/").status_code, his.get("/admin/").status_code) == (200, 404)
    assert press(proposer, of_person(sam, "role"), role="ADMIN").status_code == 302
    assert User.objects.get(pk=sam.pk).role == Role.SUPPORT, "proposed is not done"
    assert approve_newest(approver).status_code == 302
    sam.refresh_from_db()
    assert (sam.role, sam.is_staff, sam.is_superuser) == (Role.ADMIN, True, True)
    assert his.get("/support/case/")["Location"].startswith("/login/")
    assert Proposal.objects.get().outcome.startswith(f"DONE: User {sam.pk} is ADMIN now")
    assert [entry.action for entry in TrailEntry.objects.exclude(action="CUSTOMER_PAGE").order_by("pk")][-2:] == [
        "PROPOSE_CHANGE_ROLE", "APPROVE_CHANGE_ROLE",
    ]  # fmt: skip
    assert press_with_two(proposer, approver, of_person(sam, "role"), role="SUPPORT").status_code == 302
    sam.refresh_from_db()
    assert (sam.role, sam.is_staff, sam.is_superuser) == (Role.SUPPORT, False, False)


def test_staff_who_become_customers_get_an_account_and_customers_stay_customers(
    proposer: Client, approver: Client, sam: User
) -> None:
    assert press_with_two(proposer, approver, of_person(sam, "role"), role="CUSTOMER").status_code == 302
    assert Account.objects.get(user=sam).status == "PENDING_FUNDING"
    page = proposer.get(of_person(sam, "role")).content.decode()
    assert "Who has a trading account is a customer" in page
    body = {"command_id": "form-1", "reason": "hired", "role": "ADMIN"}
    assert proposer.post(of_person(sam, "role"), body).status_code == 409
    assert people.change_role(user_id=sam.pk, role=Role.ADMIN).reason == "HAS_ACCOUNT"
    assert User.objects.get(pk=sam.pk).role == Role.CUSTOMER


@pytest.mark.parametrize("role", ["", "SYSTEM", "admin", "ADMIN ADMIN"])
def test_a_role_is_one_of_three(proposer: Client, sam: User, role: str) -> None:
    response = press(proposer, of_person(sam, "role"), role=role)
    assert response.status_code == 422 and not Proposal.objects.exists()


def test_the_effect_and_its_outcome_are_one_transaction(
    proposer: Client, approver: Client, sam: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    press(proposer, of_person(sam, "role"), role="ADMIN")

    def fails(*_: Any) -> None:
        raise RuntimeError("the machine stops here")

    monkeypatch.setattr(approving, "write_outcome", fails)
    approver.raise_request_exception = False
    assert approve_newest(approver).status_code == 500
    assert User.objects.get(pk=sam.pk).role == Role.SUPPORT
    assert (Proposal.objects.get().decision, Proposal.objects.get().outcome) == ("", "")


def test_the_last_admin_stays(ann: User, ben: User) -> None:
    assert people.deactivate(user_id=ben.pk).done
    assert people.deactivate(user_id=ann.pk).reason == "LAST_ADMIN"
    assert people.change_role(user_id=ann.pk, role=Role.SUPPORT).reason == "LAST_ADMIN"
    ann.refresh_from_db()
    assert ann.is_active and ann.role == Role.ADMIN
    assert people.reactivate(user_id=ben.pk).done
    assert people.change_role(user_id=ann.pk, role=Role.SUPPORT).done


def test_nobody_approves_what_is_about_themselves(proposer: Client, approver: Client, ben: User) -> None:
    assert press(proposer, of_person(ben, "reset-factor")).status_code == 302
    proposal = Proposal.objects.get()
    assert "It is about you: somebody else decides." in approver.get(of_proposal("approve")).content.decode()
    with pytest.raises(proposals.ProposalRefusedError, match="It is about you"):
        proposals.approve(proposal.pk, approver_id=ben.pk, seen=proposal.payload_sha256, note="it is me")
    assert Authenticator.objects.filter(user=ben).exists()


def test_a_second_factor_is_reset_by_two_and_its_owner_is_told(
    proposer: Client, approver: Client, sam: User, django_capture_on_commit_callbacks: Any
) -> None:
    his = client_of(sam)
    assert his.get("/support/case/").status_code == 200
    with django_capture_on_commit_callbacks(execute=True):
        assert press_with_two(proposer, approver, of_person(sam, "reset-factor")).status_code == 302
    assert not Authenticator.objects.filter(user=sam).exists()
    assert his.get("/support/case/")["Location"].startswith("/login/")
    assert [message.to for message in mail.outbox] == [["sam@example.com"]]
    assert "There is no second factor." in proposer.get(of_person(sam, "reset-factor")).content.decode()


def test_one_admin_deactivates_at_once_and_two_let_in_again(proposer: Client, approver: Client, ann: User) -> None:
    customer = Venue().customer("customer@example.com", funded="10")
    user = customer.user
    assert user is not None
    theirs = client_of(user)
    assert theirs.get("/portfolio/").status_code == 200
    assert press(proposer, of_person(user, "deactivate")).status_code == 302
    user.refresh_from_db()
    assert not user.is_active and theirs.get("/portfolio/").status_code == 302
    assert TrailEntry.objects.latest("pk").account_id == customer.pk
    assert press(proposer, of_person(user, "reactivate")).status_code == 302
    assert not User.objects.get(pk=user.pk).is_active
    assert approve_newest(approver).status_code == 302
    assert User.objects.get(pk=user.pk).is_active
    itself = proposer.post(of_person(ann, "deactivate"), {"command_id": "form-1", "reason": "tired of it"})
    assert itself.status_code == 409 and "Somebody else does that." in itself.content.decode()


def test_the_front_page_says_what_waits_and_what_is_one_s_own(
    proposer: Client, approver: Client, sam: User, settings: Any, tmp_path: Any
) -> None:
    settings.ENGINE_URL = f"unix://{tmp_path}/nobody.sock"
    assert "none wait" in approver.get("/admin/").content.decode()
    press(proposer, of_person(sam, "role"), role="ADMIN")
    assert "1 wait, the oldest for" in approver.get("/admin/").content.decode()
    assert "1 wait (1 of them yours), the oldest for" in proposer.get("/admin/").content.decode()
    press(proposer, of_proposal("withdraw"))
    assert "none wait" in approver.get("/admin/").content.decode()

"""What one admin proposes another approves, as it was proposed, within a day, once; what else is refused by code and database."""

import json
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import Client

from apps.accounts.models import Account, User
from apps.backoffice import approving, proposals
from apps.backoffice.models import Proposal, TrailEntry
from apps.commands.client import EngineUnavailableError
from apps.commands.types import AdjustBalance
from apps.core.enums import Role
from apps.engine.models import Approval
from apps.instruments.models import Instrument
from apps.ledger.models import LedgerAccount, Transfer
from tests.backoffice.pressing import REASON, approve_newest, body_of, of_proposal, press, press_with_two
from tests.ddl import patient
from tests.engine.day import plant
from tests.engine.world import SYMBOL, World
from tests.inprocess import InProcessEngine
from tests.pages import client_of
from tests.staff import make_staff

pytestmark = pytest.mark.django_db


def bucket(world: World) -> LedgerAccount:
    return LedgerAccount.objects.get(account=world.alice, asset__code="USD")


def propose_adjustment(client: Client, world: World, amount: str = "25") -> Proposal:
    address = f"/admin/ledger/ledgeraccount/{bucket(world).pk}/adjust/"
    assert press(client, address, amount=amount).status_code == 302
    return Proposal.objects.latest("pk")


def nothing_was_done(engine: InProcessEngine, proposal: Proposal) -> bool:
    proposal.refresh_from_db()
    moved = Transfer.objects.filter(kind="ADJUSTMENT").exists() or Approval.objects.exists()
    return not engine.sent and not moved and proposal.outcome == ""


def test_a_proposal_says_what_was_and_what_will_be_and_another_admin_has_it_done(
    proposer: Client, approver: Client, engine: InProcessEngine, world: World, ann: User, ben: User
) -> None:
    before = bucket(world).total
    form = proposer.get(f"/admin/ledger/ledgeraccount/{bucket(world).pk}/adjust/").content.decode()
    assert "another admin has to approve it within 24 hours" in form
    proposal = propose_adjustment(proposer, world)
    assert not engine.sent
    page = approver.get(of_proposal("approve")).content.decode()
    for text in ("Approve: Adjust balance, USD of account", "When proposed", "+25", "ann@example.com", REASON):
        assert text in page, text
    assert "+25" in approver.get(of_proposal("change")).content.decode()
    response = approve_newest(approver)
    assert response["Location"] == of_proposal("change")
    (sent,) = engine.sent
    assert isinstance(sent, AdjustBalance)
    assert (sent.command_id, sent.actor.user_id, sent.approver_id) == (proposal.command_id, ann.pk, ben.pk)
    proposal.refresh_from_db()
    assert (proposal.decision, proposal.decided_by, proposal.note) == ("APPROVED", ben, "looked at it")
    assert proposal.outcome == "DONE: The balance was adjusted by +25 USD."
    assert bucket(world).total == before + 25
    kept = Approval.objects.get()
    assert (kept.command_id, kept.kind, kept.proposed_by, kept.approved_by) == (
        proposal.command_id, "ADJUST_BALANCE", ann.pk, ben.pk,
    )  # fmt: skip
    assert kept.reference == Transfer.objects.get(kind="ADJUSTMENT").pk
    assert [(entry.actor, entry.action, entry.account_id) for entry in TrailEntry.objects.order_by("pk")] == [
        (ann, "PROPOSE_ADJUST_BALANCE", world.alice.pk), (ben, "APPROVE_ADJUST_BALANCE", world.alice.pk),
    ]  # fmt: skip
    assert world.violations() == [] and world.replay() == []


def test_nobody_approves_what_they_proposed(proposer: Client, engine: InProcessEngine, world: World, ben: User) -> None:
    proposal = propose_adjustment(proposer, world)
    assert of_proposal("approve") not in proposer.get(of_proposal("change")).content.decode()
    body = body_of(proposer, of_proposal("approve"))
    response = proposer.post(of_proposal("approve"), body)
    assert response.status_code == 409 and "You proposed it: somebody else decides." in response.content.decode()
    with pytest.raises(proposals.ProposalRefusedError, match="You proposed this yourself"):
        proposals.approve(proposal.pk, approver_id=proposal.proposed_by_id, seen=proposal.payload_sha256, note="I say so")
    with pytest.raises(IntegrityError, match="approved by an admin"), transaction.atomic():
        Proposal.objects.update(decision="APPROVED", decided_by=proposal.proposed_by, decided_at=proposal.proposed_at, note="yes")
    assert nothing_was_done(engine, proposal)


def test_the_database_alone_refuses_one_person_for_two(
    proposer: Client, engine: InProcessEngine, world: World, ben: User
) -> None:
    """Without the trigger the CHECK remains; and the engine's own table has one too."""
    proposal = propose_adjustment(proposer, world)
    decided = "decision = 'APPROVED', decided_at = proposed_at, note = 'yes'"
    with connection.cursor() as cursor, patient(connection.connection):
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE backoffice_proposal DISABLE TRIGGER USER")
        with pytest.raises(IntegrityError, match="proposal_decided_by_somebody_else"), transaction.atomic():
            cursor.execute(f"UPDATE backoffice_proposal SET {decided}, decided_by_id = proposed_by_id")
        cursor.execute(f"UPDATE backoffice_proposal SET {decided}, decided_by_id = %s", [ben.pk])
    with pytest.raises(IntegrityError, match="approval_by_somebody_else"), transaction.atomic():
        Approval.objects.create(
            command_id="c", kind="ADJUST_BALANCE", reference=1, proposed_by=7, approved_by=7, at=proposal.proposed_at
        )


@pytest.mark.parametrize("again", ["the values", "the values and the digest", "what the list shows"])
def test_what_was_changed_after_it_was_proposed_is_not_done(
    proposer: Client, approver: Client, engine: InProcessEngine, world: World, again: str
) -> None:
    """As somebody could who owns the database: checks and triggers are gone."""
    proposal = propose_adjustment(proposer, world)
    body = body_of(approver, of_proposal("approve"))
    changed = proposal.payload.replace('"25"', '"2500"')
    assert changed != proposal.payload
    statements = {
        "the values": f"UPDATE backoffice_proposal SET payload = '{changed}'",
        "the values and the digest": f"UPDATE backoffice_proposal SET payload = '{changed}', "
        f"payload_sha256 = '{proposals.digest(changed)}'",
        "what the list shows": "UPDATE backoffice_proposal SET subject = 'USD of account 999'",
    }
    plant(statements[again].replace("{", "{{").replace("}", "}}"), {})
    response = approver.post(of_proposal("approve"), body)
    assert response.status_code == 409 if again == "the values" else response.status_code in (409, 422)
    assert nothing_was_done(engine, proposal) and proposal.decision == ""


def test_the_database_refuses_every_change_but_one_decision_and_one_outcome(
    proposer: Client, approver: Client, engine: InProcessEngine, world: World
) -> None:
    propose_adjustment(proposer, world)
    changes = [
        "UPDATE backoffice_proposal SET payload = '{}', payload_sha256 = encode(sha256('{}'), 'hex')",
        "UPDATE backoffice_proposal SET expires_at = proposed_at + interval '23 hours'",
        "UPDATE backoffice_proposal SET outcome = 'DONE: by magic'",
        "DELETE FROM backoffice_proposal",
    ]

    def refused(change: str) -> None:
        with pytest.raises(IntegrityError, match="decided once"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)

    for change in changes:
        refused(change)
    assert approve_newest(approver).status_code == 302
    for change in [
        *changes,
        "UPDATE backoffice_proposal SET decision = 'REFUSED'",
        "UPDATE backoffice_proposal SET note = 'other'",
    ]:
        refused(change)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        with patient(connection.connection):
            cursor.execute("TRUNCATE backoffice_proposal")
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        Approval.objects.update(approved_by=1)


def test_an_approval_that_is_sent_again_does_nothing_more(
    proposer: Client, approver: Client, engine: InProcessEngine, world: World
) -> None:
    proposal = propose_adjustment(proposer, world)
    body = body_of(approver, of_proposal("approve"))
    third = client_of(make_staff("cleo@example.com", Role.ADMIN))
    others = body_of(third, of_proposal("approve"))
    assert approver.post(of_proposal("approve"), body).status_code == 302
    assert approver.post(of_proposal("approve"), body).status_code == 302  # the same form, as by a second click
    assert third.post(of_proposal("approve"), others).status_code == 409
    assert third.post(of_proposal("refuse"), {**others, "command_id": "other-1"}).status_code == 409
    with pytest.raises(proposals.ProposalRefusedError, match="decided before: approved"):
        proposals.approve(proposal.pk, approver_id=proposal.decided_by_id or 0, seen=proposal.payload_sha256, note="again")
    assert len(engine.sent) == 1 and Transfer.objects.filter(kind="ADJUSTMENT").count() == 1


def test_a_proposal_expires(
    proposer: Client, approver: Client, engine: InProcessEngine, world: World, ben: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proposals, "PROPOSAL_HOURS_MAX", 1e-8)  # over before the next statement
    proposal = propose_adjustment(proposer, world)
    assert "It has expired." in approver.get(of_proposal("change")).content.decode()
    response = approver.post(of_proposal("approve"), body_of(approver, of_proposal("approve")))
    assert response.status_code == 409 and "It has expired." in response.content.decode()
    with pytest.raises(proposals.ProposalRefusedError, match="It has expired"):
        proposals.approve(proposal.pk, approver_id=ben.pk, seen=proposal.payload_sha256, note="too late")
    late = "UPDATE backoffice_proposal SET decision = 'APPROVED', decided_by_id = %s, decided_at = now(), note = 'yes'"
    with pytest.raises(IntegrityError, match="decided once"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(late, [ben.pk])
    assert nothing_was_done(engine, proposal)
    listed = "/admin/backoffice/proposal/"
    assert f"/{proposal.pk}/change/" in approver.get(f"{listed}?state=EXPIRED").content.decode()
    assert f"/{proposal.pk}/change/" not in approver.get(f"{listed}?state=OPEN").content.decode()


def test_none_may_wait_longer_than_a_day(
    proposer: Client, engine: InProcessEngine, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(proposals, "PROPOSAL_HOURS_MAX", 24.001)
    with pytest.raises(IntegrityError, match="proposal_expires_within_a_day"), transaction.atomic():
        propose_adjustment(proposer, world)


@pytest.mark.parametrize("change", [{"is_active": False}, {"role": Role.SUPPORT}])
def test_who_has_lost_the_right_neither_approves_nor_is_approved(
    proposer: Client, approver: Client, engine: InProcessEngine, world: World, ann: User, ben: User, change: dict[str, Any]
) -> None:
    proposal = propose_adjustment(proposer, world)
    body = body_of(approver, of_proposal("approve"))
    User.objects.filter(pk=ben.pk).update(**change)
    assert approver.post(of_proposal("approve"), body).status_code in (302, 404)  # to the log-in, or to nobody's page
    with pytest.raises(proposals.ProposalRefusedError, match="You may not approve this any more"):
        proposals.approve(proposal.pk, approver_id=ben.pk, seen=proposal.payload_sha256, note="I could")
    decided = "UPDATE backoffice_proposal SET decision = 'APPROVED', decided_by_id = %s, decided_at = now(), note = 'yes'"
    with pytest.raises(IntegrityError, match="approved by an admin"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(decided, [ben.pk])
    User.objects.filter(pk=ben.pk).update(is_active=True, role=Role.ADMIN)
    User.objects.filter(pk=ann.pk).update(**change)
    response = client_of(User.objects.get(pk=ben.pk)).post(of_proposal("approve"), {**body, "command_id": "another-1"})
    assert response.status_code == 422 and "Who proposed it may not do so any more" in response.content.decode()
    assert nothing_was_done(engine, proposal) and proposal.decision == ""


def test_what_is_other_than_it_was_is_proposed_anew(
    proposer: Client, approver: Client, engine: InProcessEngine, world: World
) -> None:
    """Limits were set by others meanwhile: what the two agreed on was a change from what is no more."""
    address = f"/admin/accounts/account/{world.alice.pk}/limits/"
    press(proposer, address, max_open_orders="3")
    first = Proposal.objects.latest("pk")
    assert press_with_two(approver, proposer, address, max_open_orders="7").status_code == 302
    page = approver.get(of_proposal("approve", first)).content.decode()
    assert "Since it was proposed this has changed: Open orders at once. Propose it anew." in page
    body = {"command_id": "late-1", "reason": REASON, "seen": first.payload_sha256}
    assert approver.post(of_proposal("approve", first), body).status_code == 409
    assert Account.objects.get(pk=world.alice.pk).max_open_orders == 7


def test_a_later_halt_is_not_lifted_by_who_approved_the_end_of_a_former_one(
    proposer: Client, approver: Client, engine: InProcessEngine, world: World
) -> None:
    base = f"/admin/instruments/instrument/{Instrument.objects.get(symbol=SYMBOL).pk}"
    press(proposer, f"{base}/halt/")
    press(proposer, f"{base}/resume/")
    first = Proposal.objects.latest("pk")
    assert press_with_two(approver, proposer, f"{base}/resume/").status_code == 302
    world.clock.advance_ns(10**9)
    press(proposer, f"{base}/halt/", "something worse")
    assert "Since it was proposed this has changed" in approver.get(of_proposal("approve", first)).content.decode()
    assert Instrument.objects.get(symbol=SYMBOL).trading_state == "HALTED"


def test_an_adjustment_does_not_depend_on_what_the_account_traded_meanwhile(
    proposer: Client, approver: Client, engine: InProcessEngine, world: World
) -> None:
    propose_adjustment(proposer, world)
    world.deposit(world.alice, "USD", "5")
    page = approver.get(of_proposal("approve")).content.decode()
    assert "100,005" in page or "100005" in page
    assert approve_newest(approver).status_code == 302


def test_an_answer_that_was_lost_is_asked_for_again_and_it_is_done_once(
    proposer: Client, approver: Client, engine: InProcessEngine, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    send = InProcessEngine.send

    def lost(self: InProcessEngine, command: Any, *, deadline_s: float = 2.0) -> Any:
        send(self, command, deadline_s=deadline_s)
        raise EngineUnavailableError(command.command_id, deadline_s)

    proposal = propose_adjustment(proposer, world)
    monkeypatch.setattr(InProcessEngine, "send", lost)
    body = body_of(approver, of_proposal("approve"))
    response = approver.post(of_proposal("approve"), body)
    assert response.status_code == 503 and "not known" in response.content.decode()
    proposal.refresh_from_db()
    assert (proposal.decision, proposal.outcome) == ("APPROVED", "")
    monkeypatch.setattr(InProcessEngine, "send", send)
    third = client_of(make_staff("cleo@example.com", Role.ADMIN))
    assert approve_newest(third).status_code == 302  # somebody else may ask: who approved it stays who did
    assert approver.post(of_proposal("approve"), body).status_code in (302, 422)
    proposal.refresh_from_db()
    assert proposal.outcome.startswith("DONE: ") and proposal.decided_by == User.objects.get(email="ben@example.com")
    assert Transfer.objects.filter(kind="ADJUSTMENT").count() == 1
    assert {command.command_id for command in engine.sent} == {proposal.command_id}


def test_a_proposal_is_refused_by_another_or_withdrawn_by_who_made_it(
    proposer: Client, approver: Client, engine: InProcessEngine, world: World
) -> None:
    first = propose_adjustment(proposer, world)
    body = {"command_id": "form-1", "reason": "this is not right"}
    assert proposer.post(of_proposal("refuse"), body).status_code == 409
    assert approver.post(of_proposal("withdraw"), body).status_code == 409
    assert press(approver, of_proposal("refuse"), "this is not right").status_code == 302
    second = propose_adjustment(proposer, world)
    assert press(proposer, of_proposal("withdraw"), "typed a wrong amount").status_code == 302
    for proposal, decision in ((first, "REFUSED"), (second, "WITHDRAWN")):
        assert nothing_was_done(engine, proposal) and proposal.decision == decision
        told = TrailEntry.objects.get(command_id=proposal.command_id).outcome
        assert told == f"{decision}: {proposal.note}"
        assert approver.post(of_proposal("approve", proposal), body | {"command_id": f"x-{decision}"}).status_code == 409


def test_a_proposal_about_what_is_gone_is_not_done(
    proposer: Client, approver: Client, engine: InProcessEngine, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    propose_adjustment(proposer, world)
    draft = proposals.read_draft(Proposal.objects.get())
    for change in (
        {"page": "nobodys.table"},
        {"page": "auth.group"},
        {"button": "halt"},
        {"row": "0"},
        {"row": "x"},
        {"texts": {}},
    ):
        changed = proposals.Draft(**{**json.loads(draft.payload()), **change})
        with pytest.raises(proposals.ProposalRefusedError, match="Refuse it"):
            approving.find_target(changed)


def test_the_customer_reads_that_it_was_proposed_and_approved_and_by_whom_of_the_staff_by_role_alone(
    proposer: Client, approver: Client, engine: InProcessEngine, world: World
) -> None:
    propose_adjustment(proposer, world)
    approve_newest(approver)
    page = client_of(world.alice.user).get("/settings/looks/").content.decode()
    assert "Proposed: adjust balance" in page and "Approved: adjust balance" in page
    assert "ann@" not in page and "ben@" not in page

"""The trail is written once, with a reason, and nobody changes it."""

import pytest
from django.db import IntegrityError, connection, transaction

from apps.backoffice import selectors, services
from apps.backoffice.models import TrailEntry
from apps.core.enums import Role
from tests.ddl import patient
from tests.staff import make_staff

pytestmark = pytest.mark.django_db


def look(reason: str = "asked by phone") -> int:
    staff = make_staff("support@example.com", Role.SUPPORT)
    return services.record_look(actor_id=staff.pk, action="CUSTOMER_PAGE", subject="account 7", reason=reason, account_id=7)


def command(**changes: str) -> int:
    staff = make_staff("admin@example.com", Role.ADMIN)
    fields = {"action": "HALT_INSTRUMENT", "subject": "AAPL-USD", "reason": "news pending", "command_id": "halt-1"} | changes
    return services.record_command(actor_id=staff.pk, **fields)


def test_a_look_names_who_and_why() -> None:
    look("  asked   by phone ")
    (entry,) = selectors.list_trail_of_account(7)
    assert (entry.actor, entry.action, entry.subject, entry.reason) == (
        "support@example.com",
        "CUSTOMER_PAGE",
        "account 7",
        "asked by phone",
    )


@pytest.mark.parametrize("reason", ["", "  ", "no", "x" * 201, "a\x00b c"])
def test_a_reason_is_needed(reason: str) -> None:
    with pytest.raises(services.ReasonError, match="3 to 200 printable"):
        look(reason)
    assert not TrailEntry.objects.exists()


def test_the_database_needs_a_reason_too() -> None:
    entry_id = look()
    with pytest.raises(IntegrityError, match="trail_has_a_reason"), transaction.atomic():
        TrailEntry.objects.create(kind="LOOK", actor_id=TrailEntry.objects.get(pk=entry_id).actor_id, action="X", reason="no")


def test_an_outcome_is_written_once() -> None:
    entry_id = command()
    services.record_outcome(entry_id, "DONE")
    services.record_outcome(entry_id, "DENIED")
    assert TrailEntry.objects.get(pk=entry_id).outcome == "DONE"


def test_the_same_command_is_the_same_entry() -> None:
    entry_id = command()
    again = services.record_command(
        actor_id=TrailEntry.objects.get(pk=entry_id).actor_id,
        action="HALT_INSTRUMENT",
        subject="AAPL-USD",
        reason="asked again",
        command_id="halt-1",
    )
    assert again == entry_id


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE backoffice_trailentry SET reason = 'another reason'",
        "UPDATE backoffice_trailentry SET outcome = 'DONE', actor_id = NULL",
        "DELETE FROM backoffice_trailentry",
        "TRUNCATE backoffice_trailentry, backoffice_traillink",
    ],
)
def test_the_database_refuses_to_change_the_trail(change: str) -> None:
    command()
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what waits for the end of the transaction bars a TRUNCATE
        with patient(connection.connection):
            cursor.execute(change)


def test_the_trail_of_an_account_goes_back_by_keyset() -> None:
    staff = make_staff("support@example.com", Role.SUPPORT)
    ids = [
        services.record_look(actor_id=staff.pk, action="ORDER", subject=f"order {n}", reason="a question", account_id=7)
        for n in range(5)
    ]
    first = selectors.list_trail_of_account(7, limit=3)
    rest = selectors.list_trail_of_account(7, before=first[-1].id, limit=3)
    assert [entry.id for entry in (*first, *rest)] == ids[::-1]

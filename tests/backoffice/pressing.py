"""Pressing the buttons of the admin: alone, and with a second person who approves."""

from typing import Any

from django.test import Client

from apps.backoffice.models import Proposal

REASON = "asked by the exchange"


def body_of(client: Client, address: str, reason: str = REASON, **values: str) -> dict[str, str]:
    """What the form at ``address`` would send, opened by ``client``."""
    response = client.get(address)
    assert response.status_code == 200, response.status_code
    form = response.context["form"]
    return {**form.texts, "command_id": form.command_id, "reason": reason, **values}


def press(client: Client, address: str, reason: str = REASON, **values: str) -> Any:
    return client.post(address, body_of(client, address, reason, **values))


def of_proposal(button: str, proposal: Proposal | None = None) -> str:
    """The address of a button of a proposal; of the newest, unless told otherwise."""
    key = (proposal or Proposal.objects.latest("pk")).pk
    return f"/admin/backoffice/proposal/{key}/{button}/"


def approve_newest(client: Client, **values: str) -> Any:
    return press(client, of_proposal("approve"), "looked at it", **values)


def press_with_two(proposer: Client, approver: Client, address: str, **values: str) -> Any:
    """Propose and approve; the answer is the approver's."""
    response = press(proposer, address, **values)
    assert response.status_code == 302, response.content.decode()[-3000:]
    assert response["Location"].startswith("/admin/backoffice/proposal/")
    return approve_newest(approver)

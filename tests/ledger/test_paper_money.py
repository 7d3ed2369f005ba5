"""Deposits and withdrawals: one id a form, bad input named, an unknown outcome never called a refusal."""

import re

import pytest

from apps.commands import outcomes
from apps.commands.answers import ConflictAnswer, DoneAnswer
from apps.commands.types import Deposit, Withdraw
from apps.core.enums import Side
from apps.ledger import services
from tests.builders import Venue
from tests.pages import client_of


class Door:
    """Stands where the engine's socket is: keeps what was sent and answers what the test says."""

    def __init__(self) -> None:
        self.sent: list[Deposit | Withdraw] = []
        self.answer = lambda command: DoneAnswer(command_id=command.command_id, reference=7)

    def send(self, command, *, deadline_s: float = 2.0):
        self.sent.append(command)
        return self.answer(command)


@pytest.fixture
def door(monkeypatch: pytest.MonkeyPatch) -> Door:
    door = Door()
    monkeypatch.setattr(outcomes, "get_client", lambda: door)
    return door


@pytest.fixture
def alice(venue: Venue):
    venue.instrument("AAPL-USD")
    return venue.customer("alice@example.com", funded="100")


def form_id(page: bytes) -> str:
    found = re.search(r'name="command_id" value="([^"]+)"', page.decode())
    assert found
    return found[1]


@pytest.mark.parametrize(("path", "kind"), [("/ledger/deposit/", Deposit), ("/ledger/withdraw/", Withdraw)])
def test_the_form_sends_one_command_with_the_id_it_was_opened_with(door: Door, alice, path: str, kind: type) -> None:
    client = client_of(alice)
    command_id = form_id(client.get(path).content)
    answer = client.post(path, {"asset": "USD", "amount": "25.50", "command_id": command_id})
    assert answer.status_code == 302 and answer["Location"] == "/ledger/"
    (command,) = door.sent
    assert isinstance(command, kind)
    assert (command.command_id, command.account_id, command.asset, command.amount) == (command_id, alice.pk, "USD", "25.5")
    assert command.actor.user_id == alice.user_id


def test_each_opening_has_an_id_of_its_own(door: Door, alice) -> None:
    client = client_of(alice)
    assert form_id(client.get("/ledger/deposit/").content) != form_id(client.get("/ledger/deposit/").content)


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ({"amount": "1e3"}, "amount must be a plain number such as 12.5, was &#x27;1e3&#x27;"),
        ({"amount": "-5"}, "amount must be a plain number"),
        ({"amount": "0"}, "amount must be greater than zero"),
        ({"amount": ""}, "amount must be a plain number"),
        ({"amount": "1.001"}, "amount must have at most 2 decimals"),
        ({"asset": "BTC"}, "asset must be one of USD, was &#x27;BTC&#x27;"),
        ({"asset": "<b>"}, "asset must be one of USD, was &#x27;&lt;b&gt;&#x27;"),
        ({"command_id": "has space"}, "This form is not complete"),
        ({"command_id": "x" * 49}, "This form is not complete"),
    ],
)
def test_bad_input_is_named_and_nothing_is_sent(door: Door, alice, fields: dict[str, str], complaint: str) -> None:
    answer = client_of(alice).post("/ledger/deposit/", {"asset": "USD", "amount": "5", "command_id": "form-1"} | fields)
    assert answer.status_code == 422
    assert complaint in answer.content.decode()
    assert door.sent == []


def test_a_denial_is_shown_in_a_sentence_and_the_form_gets_a_new_id(door: Door, alice) -> None:
    door.answer = lambda command: DoneAnswer(command_id=command.command_id, reason="INSUFFICIENT_FUNDS")
    answer = client_of(alice).post("/ledger/withdraw/", {"asset": "USD", "amount": "500", "command_id": "form-1"})
    assert answer.status_code == 422
    assert "amount must be at most 100 USD, which is available, was 500." in answer.content.decode()
    assert form_id(answer.content) != "form-1"
    assert 'value="500"' in answer.content.decode()


def test_what_orders_hold_is_told_with_the_way_to_free_it(door: Door, alice, venue: Venue) -> None:
    venue.order(alice, "AAPL-USD", Side.BUY, "1", "40")
    door.answer = lambda command: DoneAnswer(command_id=command.command_id, reason="INSUFFICIENT_FUNDS")
    page = client_of(alice).post("/ledger/withdraw/", {"asset": "USD", "amount": "80", "command_id": "form-1"}).content.decode()
    assert "amount must be at most 59.96" in page and "Cancel open orders to free the 40.04" in page
    assert 'href="/orders/held/?asset=USD"' in page


def test_more_than_may_be_deposited_is_named_with_the_limit(door: Door, alice) -> None:
    client = client_of(alice)
    assert "At most 1,000,000 at once" in " ".join(client.get("/ledger/deposit/").content.decode().split())
    door.answer = lambda command: DoneAnswer(command_id=command.command_id, reason="DEPOSIT_LIMIT")
    page = client.post("/ledger/deposit/", {"asset": "USD", "amount": "1000001", "command_id": "form-1"}).content.decode()
    assert "amount must be at most 1,000,000 USD at once, was 1,000,001. Deposit it in parts." in page


def test_the_transfer_is_named_when_it_is_done(door: Door, alice) -> None:
    form = {"asset": "USD", "amount": "1234.5", "command_id": "form-1"}
    page = client_of(alice).post("/ledger/deposit/", form, follow=True).content.decode()
    assert "Deposited 1,234.5 USD: transfer 7." in page


def test_an_id_that_was_used_with_another_amount_is_told(door: Door, alice) -> None:
    door.answer = lambda command: ConflictAnswer(command_id=command.command_id)
    answer = client_of(alice).post("/ledger/deposit/", {"asset": "USD", "amount": "5", "command_id": "form-1"})
    assert answer.status_code == 422
    assert "sent before with another amount" in answer.content.decode()


def test_without_an_engine_the_outcome_is_unknown_and_the_id_is_kept(alice, settings, tmp_path) -> None:
    """No stand-in here: the real client finds nobody at the socket."""
    settings.ENGINE_URL = f"unix://{tmp_path}/nobody.sock"
    services.DEADLINE_S, deadline = 0.2, services.DEADLINE_S
    try:
        answer = client_of(alice).post("/ledger/deposit/", {"asset": "USD", "amount": "5", "command_id": "form-1"})
    finally:
        services.DEADLINE_S = deadline
    assert answer.status_code == 503
    assert "it is not known yet whether this was done" in answer.content.decode()
    assert form_id(answer.content) == "form-1"


def test_too_many_movements_in_a_second_are_not_sent_and_keep_their_id(door: Door, alice) -> None:
    client = client_of(alice)
    forms = [{"asset": "USD", "amount": "5", "command_id": f"form-{i}"} for i in range(15)]
    answers = [client.post("/ledger/deposit/", form) for form in forms]
    refused = [(form, answer) for form, answer in zip(forms, answers, strict=True) if answer.status_code == 429]
    assert refused
    assert len(door.sent) == len(forms) - len(refused) <= 10
    form, answer = refused[0]
    assert "Nothing was sent" in answer.content.decode()
    assert form_id(answer.content) == form["command_id"]

"""The engine did it, or did not, and its answer was lost: every page says so, looks it up, and is never wrong about it."""

import re
from typing import Any

import pytest
from django.test import Client

from apps.commands.client import EngineUnavailableError
from apps.commands.types import Withdraw
from apps.orders.models import Order
from tests.engine.world import SYMBOL, SYSTEM, World
from tests.inprocess import CALLERS, InProcessEngine
from tests.prices import seen
from tests.web.test_changing_orders import command_id_of, placed, text_of
from tests.web.test_ticket import HTMX, submit

UNKNOWN = "Not known yet: checking"


class Deaf:
    """The engine behind a line that loses the answer, or the command itself."""

    def __init__(self, engine: InProcessEngine, *, arrives: bool) -> None:
        self._engine, self._arrives = engine, arrives

    def send(self, command: Any, *, deadline_s: float = 2.0) -> Any:
        if self._arrives:
            self._engine.send(command)
        raise EngineUnavailableError(command.command_id, deadline_s)


@pytest.fixture
def cut(engine: InProcessEngine, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Cut the line until it is mended: ``cut(arrives=...)``, ``cut(mended=True)``."""

    def set_to(*, arrives: bool = False, mended: bool = False) -> None:
        client = engine if mended else Deaf(engine, arrives=arrives)
        for caller in CALLERS:
            monkeypatch.setattr(f"{caller}.get_client", lambda: client)

    return set_to


def close(client: Client, command_id: str) -> Any:
    return client.post(f"/orders/close/{SYMBOL}/", {"command_id": command_id, "confirms": seen("99.00", "101.00")})


def cancel_all(client: Client, command_id: str) -> Any:
    return client.post("/orders/cancel-all/", {"command_id": command_id})


def amend(client: Client, command_id: str) -> Any:
    return client.post(
        f"/orders/{Order.objects.latest('id').pk}/amend/", {"command_id": command_id, "quantity": "1", "price": "90.00"}
    )


CHANGES = {
    "close": (close, "Sold"),
    "cancel_all": (cancel_all, "One order was canceled."),
    "amend": (amend, "The order was amended."),
}


@pytest.fixture(params=CHANGES, ids=str)
def change(request: pytest.FixtureRequest, alice: Client) -> Any:
    placed(alice)
    return CHANGES[request.param]


def test_what_was_done_is_found_without_asking_the_engine(alice: Client, engine: InProcessEngine, change: Any, cut: Any) -> None:
    send, told = change
    cut(arrives=True)
    unknown = send(alice, "lost-1")
    assert unknown.status_code == 503 and UNKNOWN in text_of(unknown)
    assert 'hx-get="/orders/asked/lost-1/?asked=' in unknown.content.decode()
    sent = len(engine.sent)
    found = alice.get("/orders/asked/lost-1/", follow=True)
    assert found.redirect_chain and told in text_of(found)
    part = alice.get("/orders/asked/lost-1/", headers=HTMX)
    assert part.status_code == 200 and part["HX-Redirect"] == found.redirect_chain[-1][0]
    assert len(engine.sent) == sent, "it was looked up, not asked for again"


def test_what_was_not_done_stays_unknown_until_the_same_form_is_sent_again(
    alice: Client, engine: InProcessEngine, change: Any, cut: Any
) -> None:
    send, told = change
    cut(arrives=False)
    unknown = send(alice, "lost-2")
    assert command_id_of(unknown) == "lost-2", "the form keeps its id"
    for _ in range(2):
        page = alice.get("/orders/asked/lost-2/")
        assert page.status_code == 200 and UNKNOWN in text_of(page)
    part = alice.get("/orders/asked/lost-2/", headers=HTMX).content.decode()
    assert "<html" not in part and 'hx-trigger="load delay:1s, every 5s"' in part
    cut(mended=True)
    again = send(alice, "lost-2")
    assert again.status_code == 302
    assert told in text_of(alice.get(again["Location"]))
    before = Order.objects.count()
    send(alice, "lost-2")
    assert Order.objects.count() == before, "sent twice, done once"


def test_a_denied_closing_is_a_definite_answer(bob: Client, world: World, cut: Any) -> None:
    world.do(Withdraw(command_id="all", actor=SYSTEM, account_id=world.bob.pk, asset="BTC", amount="100"))
    cut(arrives=True)
    assert UNKNOWN in text_of(close(bob, "lost-3"))
    assert "There is nothing of this instrument that could be sold." in text_of(bob.get("/orders/asked/lost-3/", follow=True))


def test_a_lost_pair_is_found_by_the_ticket_s_id(alice: Client, engine: InProcessEngine, cut: Any) -> None:
    pair = {"side": "SELL", "order_type": "PAIR", "price": "105.00", "trigger_price": "95.00", "client_order_id": "both"}
    cut(arrives=True)
    unknown = submit(alice, **pair)
    assert unknown.status_code == 200 and UNKNOWN in text_of(unknown)
    assert "send it again" not in text_of(unknown).lower()
    found = text_of(alice.get("/orders/by-client-id/both/", headers=HTMX))
    assert "The other order of the pair" in found and Order.objects.count() == 2
    assert re.match(r"/orders/\d+/", alice.get("/orders/by-client-id/both/")["Location"])


def test_a_pair_that_never_arrived_is_placed_by_the_same_ticket(alice: Client, cut: Any) -> None:
    pair = {"side": "SELL", "order_type": "PAIR", "price": "105.00", "trigger_price": "95.00", "client_order_id": "both"}
    cut(arrives=False)
    assert UNKNOWN in text_of(submit(alice, **pair))
    assert UNKNOWN in text_of(alice.get("/orders/by-client-id/both/", headers=HTMX))
    cut(mended=True)
    assert "The other order of the pair" in text_of(submit(alice, **pair))
    assert Order.objects.count() == 2


def test_what_somebody_else_asked_is_not_told(alice: Client, bob: Client, cut: Any) -> None:
    placed(alice)
    cut(arrives=True)
    cancel_all(alice, "mine")
    assert UNKNOWN in text_of(bob.get("/orders/asked/mine/"))

"""What pages say and refuse while something is away: one banner, buttons that are off, and the same words from every door."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from apps import degraded
from apps.accounts.models import Account
from apps.commands import client as commands
from apps.degraded import Dependency, Witness
from apps.instruments.models import Instrument
from apps.orders.models import Order
from tests.engine.world import SYMBOL, World
from tests.pages import PARTIAL, client_of, counted_queries

PAGE = f"/markets/{SYMBOL}/"
BUY = f"Buy {SYMBOL[:3]}"


def goes(*dependencies: Dependency) -> None:
    for dependency in dependencies:
        for _ in range(2):
            degraded.failed(dependency, "secret-host is away", Witness.WATCH, waited_s=60)


def button(page: str, words: str) -> str:
    """The opening tag of the first button that says ``words``."""
    found = re.search(rf"<button[^>]*>(?=(?:(?!</button>).)*{words})", page, re.DOTALL)
    assert found, words
    return found[0]


def test_a_page_without_a_fault_says_nothing_and_its_buttons_work(alice: Client) -> None:
    page = alice.get(PAGE).content.decode()
    assert 'data-modes=""' in page and "data-mode=" not in page
    for words in ("Preview", BUY):
        assert " disabled" not in button(page, words) and 'data-asks="limit_order"' in button(page, words)


def test_every_page_says_it_once_in_the_person_s_time_and_costs_no_query(alice: Client, world: World) -> None:
    user = world.alice.user
    assert user is not None
    user.time_zone = "Asia/Kolkata"
    user.save()
    with counted_queries() as before:
        alice.get("/orders/")
    goes(Dependency.ENGINE)
    with counted_queries() as after:
        page = alice.get("/orders/").content.decode()
    assert len(after) <= len(before)
    since = degraded.standing(Dependency.ENGINE).since
    assert since is not None
    assert re.search(f"Since <time [^>]*>{since.astimezone(ZoneInfo('Asia/Kolkata')):%H:%M:%S}</time>", page)
    assert page.count("Trading is paused.") == 2, "in the banner, and in what its script reads"
    assert "Works as ever: prices, balances, history, alerts, logging in." in page
    assert 'aria-live="polite"' in page and 'data-zone="Asia/Kolkata"' in page and "secret-host" not in page
    degraded.forget()
    assert "data-mode=" not in alice.get("/orders/").content.decode()


@pytest.mark.parametrize(
    ("path", "words"),
    [(PAGE, BUY), (PAGE, "Preview"), ("/ledger/deposit/", "Deposit"), ("/orders/dead-mans-switch/", "Switch it on")],
)
def test_what_would_be_refused_is_off_with_the_reason_beside_it(alice: Client, path: str, words: str) -> None:
    goes(Dependency.ENGINE)
    page = alice.get(path).content.decode()
    assert " disabled" in button(page, words) and "data-refused" in button(page, words)
    assert re.search(r'data-asks-note="\w+">Trading is paused: this cannot be taken for a moment. Since \d\d:\d\d:\d\d;', page)


def test_without_room_for_new_orders_a_ticket_is_off_and_a_cancel_and_money_are_not(alice: Client, world: World) -> None:
    world.submit(world.alice, "BUY", "0.5", "90.00")
    goes(Dependency.ROOM)
    page = alice.get(PAGE).content.decode()
    assert " disabled" in button(page, BUY) and " disabled" in button(page, "Preview")
    assert "New orders are not taken for a moment: there is no room to record them. Open orders can be canceled." in page
    assert "Works as ever: prices, cancels, deposits and withdrawals, balances, history, alerts, logging in." in page
    assert " disabled" not in button(alice.get("/orders/").content.decode(), "Cancel")
    assert " disabled" not in button(alice.get("/ledger/deposit/").content.decode(), "Deposit")
    refused = alice.get(f"/markets/quotes?symbols={SYMBOL}").json()["m"]["refused"]
    assert set(refused) == {"market_order", "limit_order", "amend"}


def test_a_log_in_is_off_without_redis_and_a_ticket_is_not(alice: Client) -> None:
    goes(Dependency.REDIS, Dependency.LOG)
    login = Client().get("/login/").content.decode()
    assert " disabled" in button(login, "Log in")
    assert " disabled" not in button(alice.get(PAGE).content.decode(), BUY)


def test_an_instrument_that_is_closed_stays_off_when_trading_is_back(alice: Client) -> None:
    Instrument.objects.update(trading_state="HALTED", state_reason="A test")
    assert "data-blocked" in button(alice.get(PAGE).content.decode(), BUY)


def test_a_poll_tells_what_is_reduced(alice: Client) -> None:
    address = f"/markets/quotes?symbols={SYMBOL}"
    assert alice.get(address).json()["m"] is None
    goes(Dependency.REDIS)
    told = alice.get(address).json()["m"]
    assert [mode["name"] for mode in told["modes"]] == ["redis"] and set(told["refused"]) == {"log_in"}


@pytest.fixture
def nobody(world: World, settings: Any, tmp_path: Path) -> Iterator[Client]:
    """Alice, and no engine behind the client that the pages really use."""
    settings.ENGINE_URL = f"unix://{tmp_path}/nobody.sock"
    goes(Dependency.ENGINE)
    yield client_of(world.alice)
    commands._clients.clear()


def ticket(client_order_id: str) -> dict[str, str]:
    return {
        "symbol": SYMBOL, "client_order_id": client_order_id, "side": "BUY", "order_type": "LIMIT", "quantity": "0.5",
        "price": "100.00", "time_in_force": "GTC",
    }  # fmt: skip


def test_what_is_sent_even_so_is_refused_at_once_and_for_certain(nobody: Client) -> None:
    answer = nobody.post("/orders/submit/", ticket("paused"))
    text = answer.content.decode()
    assert (answer.status_code, answer["Retry-After"]) == (503, "2")
    assert "Trading is paused: this cannot be taken for a moment. Nothing was sent." in text and "Not known yet" not in text
    assert 'value="paused"' in text, "the same ticket may be sent again"
    assert not Order.objects.exists()
    part = nobody.post("/orders/submit/", ticket("paused"), headers=PARTIAL)
    assert part.status_code == 422 and "TRADING_PAUSED" in part.content.decode()


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/orders/cancel-all/", {"command_id": "all"}),
        ("/ledger/deposit/", {"command_id": "dep", "asset": "USD", "amount": "10"}),
        ("/orders/dead-mans-switch/", {"do": "set", "minutes": "5"}),
    ],
)
def test_every_door_to_the_engine_says_the_same(nobody: Client, path: str, form: dict[str, str]) -> None:
    answer = nobody.post(path, form)
    assert answer.status_code == 503 and answer["Retry-After"]
    assert "Trading is paused: this cannot be taken for a moment. Nothing was sent." in answer.content.decode()


def test_an_account_that_waits_for_its_money_is_told_in_the_same_banner(alice: Client, world: World) -> None:
    Account.objects.filter(pk=world.alice.pk).update(paper_deposit_at=None)
    page = alice.get("/orders/").content.decode()
    assert page.count("data-stream-banner") == 1 and "data-modes-own" in page and "data-mode=" not in page

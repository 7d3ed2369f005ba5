"""What an instrument takes now: told on its page, at the ticket's buttons, and again to a page that stayed open."""

import re
from typing import Any

import pytest
from django.test import Client

from apps.commands.types import HaltInstrument, KillVenue, PauseInstrument, ResumeInstrument, SetTradingState
from apps.core.enums import TradingState
from tests.engine.world import SYMBOL, SYSTEM, World
from tests.web.test_ticket import HTMX, text_of

PAGE, STATE = f"/markets/{SYMBOL}/", f"/markets/{SYMBOL}/state/"
REASON = "Erroneous prices are looked into"


def halt(world: World) -> None:
    world.do(HaltInstrument(command_id=world.new_id(), actor=SYSTEM, symbol=SYMBOL, reason=REASON))


def mark_in(response: Any) -> str:
    found = re.search(r'data-mark="([^"]+)"', response.content.decode())
    assert found is not None
    return found[1]


def submit_is_off(response: Any) -> bool:
    button = re.search(r"<button[^>]*data-ticket-submit[^>]*>", response.content.decode())
    assert button is not None
    return " disabled" in button[0]


def test_a_halt_is_another_mark_and_switches_the_button_off_until_it_is_lifted(alice: Client, world: World) -> None:
    before = alice.get(PAGE)
    assert not submit_is_off(before) and "ticket-blocked" not in before.content.decode()
    halt(world)
    halted = alice.get(STATE, headers=HTMX)
    assert mark_in(halted) != mark_in(before) and submit_is_off(halted)
    text = text_of(halted)
    assert f"{REASON}." in text and "is halted since" in text
    assert (
        'id="ticket-actions" class="ticket-actions" hx-swap-oob="true"' in text
        and 'id="trading-badge" hx-swap-oob="true"' in text
    )
    assert submit_is_off(alice.get(PAGE)) and mark_in(alice.get(PAGE)) == mark_in(halted), (
        "a page that is loaded now says the same"
    )
    world.do(ResumeInstrument(command_id=world.new_id(), actor=SYSTEM, symbol=SYMBOL, reason="They were right"))
    resumed = alice.get(STATE, headers=HTMX)
    assert not submit_is_off(resumed) and "banner-warn" not in resumed.content.decode()
    assert mark_in(resumed) not in (mark_in(halted), mark_in(before))


@pytest.mark.parametrize(("state", "off"), [(TradingState.CLOSED, True), (TradingState.PRE_OPEN, False)])
def test_the_button_is_off_where_no_order_is_taken(alice: Client, world: World, state: TradingState, off: bool) -> None:
    for each in (TradingState.CLOSED, state):
        world.do(SetTradingState(command_id=world.new_id(), actor=SYSTEM, symbol=SYMBOL, state=each, reason="By the calendar"))
    assert submit_is_off(alice.get(PAGE)) is off


def test_a_venue_that_was_stopped_is_told_to_a_page_that_stayed_open(alice: Client, world: World) -> None:
    before = mark_in(alice.get(PAGE))
    world.do(KillVenue(command_id=world.new_id(), actor=SYSTEM, reason="A drill"))
    stopped = alice.get(STATE, headers=HTMX)
    assert mark_in(stopped) != before and submit_is_off(stopped)
    assert "All trading is stopped." in text_of(stopped) and 'id="kill-banner" hx-swap-oob="true"' in text_of(stopped)
    assert "A drill. New orders are refused" in text_of(stopped) and ">Stopped</span>" in text_of(stopped)


def test_a_pause_is_called_one_wherever_it_is_told(alice: Client, world: World) -> None:
    world.do(PauseInstrument(command_id=world.new_id(), actor=SYSTEM, symbol=SYMBOL, seconds=60, reason="A jump"))
    text = text_of(alice.get(STATE, headers=HTMX))
    assert "is paused until" in text and ">Paused</span>" in text and "<strong>Paused:</strong> A jump." in text
    assert "Halted" not in text


def test_a_visitor_is_told_as_well(client: Client, world: World) -> None:
    halt(world)
    text = text_of(client.get(STATE))
    assert "is halted since" in text and "ticket-actions" not in text
    assert client.get("/markets/NO-SUCH/state/").status_code == 404

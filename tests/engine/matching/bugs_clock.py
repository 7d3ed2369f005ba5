"""Bugs of what happens by time and of the switches, to be planted: expiries, pauses, the dead man's switch, the kill switch."""

from collections.abc import Callable
from typing import Any

import pytest

from apps.core.enums import TradingState
from apps.engine.matching import clock, killing, risk, sessions, timers, trading_states, venue
from tests.engine.matching.planting import rewrite

Patch = pytest.MonkeyPatch
Plant = Callable[[Patch], None]
CLOCK: dict[str, Plant] = {}


def bug(plant: Plant) -> Plant:
    CLOCK[plant.__name__] = plant
    return plant


@bug
def expiry_a_second_late(patch: Patch) -> None:
    right = venue.pass_time
    patch.setattr(venue, "pass_time", lambda memory, now_ns: right(memory, now_ns - 1_000_000_000))


@bug
def expired_order_stays_in_the_book(patch: Patch) -> None:
    rewrite(patch, "_expire", "    end_open(", "    0 and end_open(", clock)
    patch.setitem(clock._ENDINGS, timers.Timer.EXPIRY, clock._expire)


@bug
def day_orders_of_another_instrument_expire(patch: Patch) -> None:
    rewrite(patch, "_expire_older", " and order.instrument is instrument", "", sessions)


@bug
def dead_mans_switch_fires_again_and_again(patch: Patch) -> None:
    rewrite(patch, "_fire_dead_man", "    account.dead_man_ns = 0\n", "    memory.arm_dead_man(account)\n", clock)
    patch.setitem(clock._ENDINGS, timers.Timer.DEAD_MAN, clock._fire_dead_man)


@bug
def renewed_switch_fires_all_the_same(patch: Patch) -> None:
    patch.setattr(clock, "_was_put_off", lambda *_: False)


@bug
def renewed_switch_fires_before_what_is_due_earlier(patch: Patch) -> None:
    """The entry of the first arming stands for the last one, as soon as that is due."""
    right = clock._was_put_off

    def was_put_off(memory: Any, at_ns: int, timer: timers.Timer, key: int) -> bool:
        due = timer is timers.Timer.DEAD_MAN and memory.accounts[key].dead_man_ns <= memory.timers.seen_ns
        return not due and right(memory, at_ns, timer, key)

    patch.setattr(clock, "_was_put_off", was_put_off)


@bug
def kill_switch_cancels_nothing(patch: Patch) -> None:
    patch.setitem(clock._ENDINGS, timers.Timer.KILL_SWEEP, lambda *_: 0)


@bug
def pause_never_ends(patch: Patch) -> None:
    patch.setitem(clock._MOVES, timers.Timer.PAUSE, lambda *_: None)


@bug
def pre_open_orders_trade_at_once(patch: Patch) -> None:
    patch.setattr(risk, "would_trade", lambda *_: False)


@bug
def opening_is_missed(patch: Patch) -> None:
    patch.setattr(sessions, "_follow_calendar", lambda *_: None)


@bug
def calendar_lifts_a_halt(patch: Patch) -> None:
    rewrite(patch, "_follow_calendar", "before is not TradingState.HALTED and ", "", sessions)


@bug
def boundary_comes_once(patch: Patch) -> None:
    """The next one is not waited for."""
    rewrite(patch, "_arm", "if boundary_ns is not None:", "if instrument.sessions[0].pre_open_ns > now_ns:", sessions)


@bug
def halt_is_lifted_to_open_whatever_the_calendar_says(patch: Patch) -> None:
    patch.setattr(trading_states, "state_by_calendar", lambda *_: TradingState.OPEN)


@bug
def market_around_the_clock_closes(patch: Patch) -> None:
    right, wrong = "    if not instrument.around_the_clock:\n        ", "    instrument.around_the_clock = False\n    "
    rewrite(patch, "pass_boundary", right, wrong, sessions)
    patch.setitem(clock._MOVES, timers.Timer.SESSION, sessions.pass_boundary)


@bug
def sweep_ends_after_its_first_piece(patch: Patch) -> None:
    rewrite(patch, "sweep_venue", "    if found == most:\n        memory", "    if found < 0:\n        memory", killing)
    patch.setitem(clock._ENDINGS, timers.Timer.KILL_SWEEP, killing.sweep_venue)


@bug
def switch_is_lifted_while_orders_are_open(patch: Patch) -> None:
    rewrite(patch, "restore_venue", "if any(", "if False and any(", killing)


@bug
def the_rest_of_what_is_due_is_forgotten(patch: Patch) -> None:
    rewrite(patch, "expire_day_orders", "        if expired == most:\n", "        if expired > most:\n", sessions)
    patch.setitem(clock._ENDINGS, timers.Timer.DAY_END, sessions.expire_day_orders)

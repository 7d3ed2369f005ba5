"""Bugs of what happens by time and of the switches, to be planted: expiries, pauses, the dead man's switch, the kill switch."""

from collections.abc import Callable

import pytest

from apps.engine.matching import clock, risk, sessions, timers, venue
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
    rewrite(patch, "_fire_dead_man", "if account.dead_man_ns > cause.now_ns:", "if not account.dead_man_ns:", clock)
    patch.setitem(clock._ENDINGS, timers.Timer.DEAD_MAN, clock._fire_dead_man)


@bug
def kill_switch_cancels_nothing(patch: Patch) -> None:
    patch.setitem(clock._ENDINGS, timers.Timer.KILL_SWEEP, lambda *_: 0)


@bug
def pause_never_ends(patch: Patch) -> None:
    patch.setitem(clock._MOVES, timers.Timer.PAUSE, lambda *_: None)


@bug
def pre_open_orders_trade_at_once(patch: Patch) -> None:
    patch.setattr(risk, "would_trade", lambda *_: False)

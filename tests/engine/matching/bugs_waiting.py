"""Bugs of orders that wait, to be planted: triggers, trailing stops, links and their shared hold."""

from collections.abc import Callable
from typing import Any

import pytest

from apps.engine.matching import brackets, ending, links, money, orders, risk, triggers, watch
from tests.engine.matching.planting import rewrite

Patch = pytest.MonkeyPatch
Plant = Callable[[Patch], None]
WAITING: dict[str, Plant] = {}


def bug(plant: Plant) -> Plant:
    WAITING[plant.__name__] = plant
    return plant


@bug
def trigger_a_tick_late(patch: Patch) -> None:
    right = watch.is_reached

    def reached(order_type: Any, side: Any, trigger_ticks: int, reference: int) -> bool:
        late = 2 if watch.falls(order_type, side) else -2
        return right(order_type, side, trigger_ticks, reference + late)

    for module in (risk, triggers):
        patch.setattr(module, "is_reached", reached)


@bug
def take_profit_is_a_stop(patch: Patch) -> None:
    patch.setattr(watch, "falls", lambda order_type, side: side is watch.SELL)


@bug
def trigger_reached_already_is_taken(patch: Patch) -> None:
    patch.setattr(risk, "is_reached", lambda *_: False)


@bug
def quote_sets_nothing_off(patch: Patch) -> None:
    patch.setattr(watch.Watch, "concerns", lambda *_: False)


@bug
def trailing_stop_follows_back(patch: Patch) -> None:
    """Any move of the reference moves the trigger, whichever way."""
    patch.setattr(watch, "step_ticks", lambda *_: -1000)


@bug
def trailing_stop_stands_still(patch: Patch) -> None:
    patch.setattr(triggers, "_follow", lambda *_: None)


@bug
def trail_rounded_down(patch: Patch) -> None:
    right = watch.trail_trigger

    def trigger(terms: Any, side: Any, reference: int) -> int:
        return right(terms, side, reference) + (1 if side is watch.SELL else -1)

    for module in (risk, triggers):
        patch.setattr(module, "trail_trigger", trigger)


@bug
def linked_order_keeps_its_size_when_the_other_is_filled(patch: Patch) -> None:
    patch.setattr(links, "shrink", lambda *_, **__: None)


@bug
def linked_order_lives_on_when_the_other_is_full(patch: Patch) -> None:
    patch.setattr(links, "end_each", lambda *_: None)


@bug
def linked_order_lives_on_when_the_other_ends(patch: Patch) -> None:
    patch.setattr(ending, "end_each", lambda *_: None)


@bug
def linked_order_lives_on_when_the_other_is_set_off(patch: Patch) -> None:
    patch.setattr(triggers, "end_open", lambda *_, **__: None)


@bug
def linked_orders_hold_twice(patch: Patch) -> None:
    right = money.change_hold

    def change(memory: Any, account: Any, order: Any, amount: int) -> int:
        siblings, memory.siblings = memory.siblings, lambda _: []
        try:
            return right(memory, account, order, amount)
        finally:
            memory.siblings = siblings

    patch.setattr(money, "change_hold", change)


@bug
def waiting_order_does_not_count_as_open(patch: Patch) -> None:
    right = orders.wait

    def wait(memory: Any, account: Any, order: Any) -> None:
        right(memory, account, order)
        account.open_orders -= 1

    patch.setattr(orders, "wait", wait)


@bug
def triggered_buy_pays_more_than_it_holds(patch: Patch) -> None:
    rewrite(patch, "_market_limit", "    if order.side is BUY:\n", "    if order.lots < 0:\n", triggers)


@bug
def order_that_was_set_off_keeps_its_old_place(patch: Patch) -> None:
    rewrite(patch, "set_off", "    terms.priority = memory.sequence\n", "", triggers)
    patch.setattr(brackets, "set_off", triggers.set_off)


@bug
def more_than_one_batch_of_triggers_is_forgotten(patch: Patch) -> None:
    rewrite(patch, "pull", "    if len(due) > TRIGGERS_MAX:\n", "    if len(due) < 0:\n", triggers)

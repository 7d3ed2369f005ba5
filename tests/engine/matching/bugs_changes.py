"""Bugs of what owners change, to be planted: amendments, post-only, self-trade prevention, cancel all."""

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from apps.commands.types import CancelAll
from apps.core.enums import SelfTradePrevention
from apps.engine.matching import amending, placing, risk, trading, venue
from apps.engine.matching.state import Terms
from tests.engine.matching.planting import rewrite

Patch = pytest.MonkeyPatch
Plant = Callable[[Patch], None]
CHANGES: dict[str, Plant] = {}


def bug(plant: Plant) -> Plant:
    CHANGES[plant.__name__] = plant
    return plant


@bug
def amended_order_keeps_its_place(patch: Patch) -> None:
    def keep(memory: Any, order: Any, *_: Any) -> None:
        memory.next_sequence()
        order.terms = order.terms or Terms(priority=order.order_id)
        memory.mark_terms(order)

    patch.setattr(amending, "_take_new_priority", keep)


@bug
def smaller_order_loses_its_place(patch: Patch) -> None:
    right = placing.shrink

    def shrink(memory: Any, order: Any, lots: int, *rest: Any, **more: Any) -> None:
        right(memory, order, lots, *rest, **more)
        if more["rests"]:
            side = memory.books[order.instrument.instrument_id].side(order.side)
            side.level(order.ticks).orders.move_to_end(order.order_id)

    patch.setattr(amending, "shrink", shrink)


@bug
def amended_order_holds_what_it_held(patch: Patch) -> None:
    patch.setattr(amending, "change_hold", lambda *_: None)


@bug
def amendment_without_money(patch: Patch) -> None:
    patch.setattr(amending, "_more_held", lambda *_: 0)


@bug
def amended_order_does_not_trade(patch: Patch) -> None:
    patch.setattr(amending, "match_order", lambda *_: ([], None))


@bug
def amendment_beyond_the_collar(patch: Patch) -> None:
    patch.setattr(amending, "check_reference", lambda *_: None)


@bug
def amended_trigger_stays_where_it_was(patch: Patch) -> None:
    rewrite(patch, "_take_new_priority", "        order.terms.trigger_ticks = trigger_ticks\n", "", amending)


@bug
def amended_trigger_may_be_reached_already(patch: Patch) -> None:
    patch.setattr(amending, "check_trigger", lambda *_: None)


@bug
def linked_orders_are_made_smaller_alone(patch: Patch) -> None:
    patch.setattr(amending, "_shrink_too", lambda *_: None)


@bug
def linked_orders_are_made_larger_alone(patch: Patch) -> None:
    patch.setattr(amending, "_placed_anew", lambda memory, order, wanted: [(order, wanted)])


@bug
def linked_orders_pay_twice_for_being_larger(patch: Patch) -> None:
    def more(memory: Any, order: Any, wanted: Any) -> int:
        present = [each.held for each in memory.siblings(order)]
        return int(amending._hold(order, wanted) - order.held + sum(present))

    patch.setattr(amending, "_more_held", more)


@bug
def exits_amended_beyond_what_was_bought(patch: Patch) -> None:
    patch.setattr(amending, "_exceeds_entry", lambda *_: False)


@bug
def entry_amended_beyond_its_exits(patch: Patch) -> None:
    patch.setattr(amending, "check_around", lambda *_: None)
    patch.setattr(amending, "check_exits", lambda *_: None)


@bug
def amendment_trades_before_the_opening(patch: Patch) -> None:
    patch.setattr(amending, "_opens_later", lambda *_: False)


@bug
def post_only_amendment_trades(patch: Patch) -> None:
    patch.setattr(amending, "_check_meeting", lambda *_: None)


@bug
def quantity_below_what_is_filled(patch: Patch) -> None:
    right = amending._read

    def read(order: Any, *rest: Any) -> Any:
        wanted = right(order, *rest)
        return wanted if wanted.lots >= order.filled_lots else amending.Wanted(order.lots, wanted.ticks, wanted.trigger_ticks)

    patch.setattr(amending, "_read", read)


@bug
def post_only_order_trades(patch: Patch) -> None:
    patch.setattr(risk, "would_trade", lambda *_: False)


@bug
def self_trade_prevention_of_the_first_choice_only(patch: Patch) -> None:
    right = trading._prevent_self_trade

    def prevent(memory: Any, order: Any, *rest: Any) -> bool:
        account = memory.accounts[order.account_id]
        chosen, account.self_trade_prevention = account.self_trade_prevention, SelfTradePrevention.CANCEL_NEWEST
        try:
            return right(memory, order, *rest)
        finally:
            account.self_trade_prevention = chosen

    patch.setattr(trading, "_prevent_self_trade", prevent)


@bug
def decrement_takes_from_one_only(patch: Patch) -> None:
    right = trading.shrink

    def shrink(memory: Any, order: Any, lots: int, *rest: Any, rests: bool) -> None:
        if rests:
            right(memory, order, lots, *rest, rests=rests)

    patch.setattr(trading, "shrink", shrink)


@bug
def cancel_both_goes_on(patch: Patch) -> None:
    right = trading._prevent_self_trade
    both = SelfTradePrevention.CANCEL_BOTH

    def prevent(memory: Any, order: Any, *rest: Any) -> bool:
        goes_on = right(memory, order, *rest)
        return goes_on or memory.accounts[order.account_id].self_trade_prevention is both

    patch.setattr(trading, "_prevent_self_trade", prevent)


@bug
def cancel_all_cancels_both_sides(patch: Patch) -> None:
    right = venue._HANDLERS[CancelAll]

    def cancel_all(memory: Any, command: CancelAll, cause: Any) -> Any:
        return right(memory, msgspec.structs.replace(command, side=None), cause)

    patch.setitem(venue._HANDLERS, CancelAll, cancel_all)

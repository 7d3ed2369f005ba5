"""Bugs of entries and their exits, of what makes a position smaller, and of previews, to be planted."""

from collections.abc import Callable
from typing import Any

import pytest

from apps.engine.matching import brackets, orders, pairs, preview, risk, triggers
from apps.engine.matching.book import BookSide
from apps.engine.matching.house import House
from apps.engine.matching.state import Order
from tests.engine.matching.planting import rewrite

Patch = pytest.MonkeyPatch
Plant = Callable[[Patch], None]
BRACKETS: dict[str, Plant] = {}


def bug(plant: Plant) -> Plant:
    BRACKETS[plant.__name__] = plant
    return plant


@bug
def exits_as_large_as_their_entry_wanted_to_be(patch: Patch) -> None:
    right = brackets._make
    patch.setattr(brackets, "_make", lambda memory, entry, lots, cause: right(memory, entry, entry.lots, cause))


@bug
def exits_do_not_grow(patch: Patch) -> None:
    patch.setattr(brackets, "_grow", lambda *_: None)


@bug
def exits_are_made_anew_instead_of_growing(patch: Patch) -> None:
    rewrite(patch, "follow_up", "        if exits:\n", "        if exits and lots < 0:\n", brackets)


@bug
def exit_that_rests_keeps_its_place_when_it_grows(patch: Patch) -> None:
    rewrite(patch, "_grow", "    rests = order.status in RESTING\n", "    rests = False\n", brackets)


@bug
def exit_that_is_reached_already_waits(patch: Patch) -> None:
    patch.setattr(brackets, "_set_off_if_reached", lambda *_: None)


@bug
def entry_buys_again_what_its_exit_sells(patch: Patch) -> None:
    rewrite(patch, "set_off", "entry is not None and entry.status in OPEN", "False", triggers)
    patch.setattr(brackets, "set_off", triggers.set_off)


@bug
def exits_of_one_entry_are_strangers(patch: Patch) -> None:
    rewrite(patch, "_accept", "    memory.join_link(order, terms)\n", "    terms.link_id = 0\n", brackets)


@bug
def exits_on_the_wrong_sides_of_the_market(patch: Patch) -> None:
    patch.setattr(risk, "check_exits", lambda *_: None)


@bug
def exits_need_no_places_among_the_open_orders(patch: Patch) -> None:
    rewrite(patch, "_check_terms", "    if exits and ", "    if exits < 0 and ", risk)


@bug
def trailing_exit_begins_at_what_the_entry_paid(patch: Patch) -> None:
    right = brackets._reference

    def reference(memory: Any, entry: Order) -> int:
        right(memory, entry)
        return int(2 * entry.notional // (entry.filled_lots * entry.instrument.grid.tick_lot_value))

    patch.setattr(brackets, "_reference", reference)


@bug
def reduce_only_is_not_cut_to_the_position(patch: Patch) -> None:
    patch.setattr(orders, "available_lots", lambda *_: 0)


@bug
def reduce_only_buys(patch: Patch) -> None:
    rewrite(patch, "_check_terms", "if request.side is not SELL:", "if False:", risk)


@bug
def reduce_only_with_nothing_to_sell_is_short_of_it(patch: Patch) -> None:
    patch.setattr(risk, "available_lots", lambda *_: 1)


@bug
def closing_leaves_the_other_sells(patch: Patch) -> None:
    patch.setattr(pairs, "end_each", lambda *_: None)


@bug
def closing_forgets_what_the_other_sells_hold(patch: Patch) -> None:
    patch.setattr(pairs, "_held_by", lambda _: 0)


@bug
def closing_counts_a_shared_hold_twice(patch: Patch) -> None:
    patch.setattr(pairs, "_held_by", lambda found: sum(order.held for order in found))


@bug
def closing_that_is_denied_cancels_all_the_same(patch: Patch) -> None:
    right = "    if verdict.reason is None:\n"
    early = f"    end_each(memory, sells, Reason.POSITION_CLOSED, cause)\n{right}"
    rewrite(patch, "close_position", right, early, pairs)


@bug
def closing_cancels_what_protects_though_nobody_buys(patch: Patch) -> None:
    patch.setattr(pairs, "fillable_lots", lambda *_: 1)


@bug
def preview_uses_up_the_house(patch: Patch) -> None:
    patch.setattr(House, "copy", lambda house: house)


@bug
def preview_with_all_that_the_house_began_with(patch: Patch) -> None:
    def copy(house: House) -> House:
        twin = House()
        twin.quote = house.quote
        return twin

    patch.setattr(House, "copy", copy)


@bug
def preview_without_the_book(patch: Patch) -> None:
    patch.setattr(preview, "_add_book", lambda *_: True)


@bug
def preview_forgets_the_other_open_orders(patch: Patch) -> None:
    rewrite(patch, "_copy", "= venue.accounts[each.account_id].open_orders  #", "= 0  #", preview)


@bug
def preview_does_not_know_who_buys_from_an_exit(patch: Patch) -> None:
    right = preview._add_reach

    def add(part: Any, venue: Any, resting: BookSide, *rest: Any, everyone: bool = False) -> bool:
        return everyone or right(part, venue, resting, *rest)

    patch.setattr(preview, "_add_reach", add)


@bug
def preview_with_the_accounts_own_money(patch: Patch) -> None:
    """What the copy spends is spent."""
    rewrite(patch, "_add_account", "replace(balance)", "balance", preview)


@bug
def preview_in_a_venue_that_was_never_killed(patch: Patch) -> None:
    rewrite(patch, "_copy", "= venue.is_killed, venue.kill_reason", "= False, ''", preview)

"""The checks bite: each bug, planted in the core, is found by the laws or by the oracle within a few hundred steps."""

from collections.abc import Callable
from typing import Any

import msgspec
import pytest

from apps.commands.reasons import Reason
from apps.core.checks import InvariantError
from apps.core.enums import Side
from apps.engine.matching import (
    accounts,
    answers,
    ending,
    entering,
    house,
    instruments,
    memory,
    money,
    orders,
    placing,
    risk,
    trading,
)
from apps.engine.matching.book import BookSide, Level
from apps.engine.matching.house import House, Rung
from apps.engine.matching.memory import Memory
from apps.engine.matching.state import Account, Order
from tests.engine.matching.bugs_brackets import BRACKETS
from tests.engine.matching.bugs_changes import CHANGES
from tests.engine.matching.bugs_clock import CLOCK
from tests.engine.matching.bugs_waiting import WAITING
from tests.engine.matching.driver import drive
from tests.engine.matching.pair_whole import WholePair
from tests.engine.matching.planting import rewrite

SEEDS, STEPS = range(16), 400
Patch = pytest.MonkeyPatch
BUGS: dict[str, Callable[[Patch], None]] = {}


def bug(plant: Callable[[Patch], None]) -> Callable[[Patch], None]:
    BUGS[plant.__name__] = plant
    return plant


def changed_meeting(patch: Patch, change: Callable[[trading.Meeting], trading.Meeting]) -> None:
    right = trading.execute
    patch.setattr(trading, "execute", lambda memory, meeting, cause: right(memory, change(meeting), cause))


@bug
def newest_first_at_a_price(patch: Patch) -> None:
    patch.setattr(Level, "first", lambda level: next(reversed(level.orders.values())))


@bug
def trade_at_the_incoming_price(patch: Patch) -> None:
    changed_meeting(patch, lambda m: msgspec.structs.replace(m, ticks=m.taker.ticks if m.taker and m.taker.ticks else m.ticks))


@bug
def resting_order_filled_at_the_house_price(patch: Patch) -> None:
    def change(m: trading.Meeting) -> trading.Meeting:
        if m.taker is not None or m.quote is None:
            return m
        return msgspec.structs.replace(m, ticks=m.quote.ask_ticks if m.aggressor_side is Side.SELL else m.quote.bid_ticks)

    changed_meeting(patch, change)


@bug
def hold_not_released_by_a_fill(patch: Patch) -> None:
    patch.setattr(trading, "release_hold", lambda *_: 0)


@bug
def hold_not_released_by_a_cancel(patch: Patch) -> None:
    patch.setattr(ending, "release_hold", lambda *_: 0)


@bug
def hold_released_from_the_order_only(patch: Patch) -> None:
    def release(memory: Memory, account: Account, order: Order, lots: int) -> int:
        released = order.held * lots // order.leaves_lots
        order.held -= released
        return released

    patch.setattr(trading, "release_hold", release)


@bug
def hold_without_the_fee(patch: Patch) -> None:
    def hold(instrument: Any, side: Side, ticks: int) -> int:
        return instrument.grid.lot if side is Side.SELL else ticks * instrument.grid.tick_lot_value

    patch.setattr(risk, "hold_per_lot", hold)


@bug
def fee_rounded_down(patch: Patch) -> None:
    for module in (money, trading, answers):
        patch.setattr(module, "fee_of", lambda notional, ppm: notional * ppm // 1_000_000)


@bug
def fee_not_credited(patch: Patch) -> None:
    right = money._post

    def post(memory: Memory, transfer_id: int, legs: list[Any]) -> None:
        right(memory, transfer_id, [leg for leg in legs if leg[0].account_id != memory.fees.account_id])

    patch.setattr(money, "_post", post)


@bug
def fees_of_buyer_and_seller_exchanged(patch: Patch) -> None:
    right = money.settle_trade
    patch.setattr(trading, "settle_trade", lambda m, t, b, s, bf, sf, c: right(m, t, b, s, sf, bf, c))


@bug
def house_not_used_up(patch: Patch) -> None:
    patch.setattr(trading, "use_up", lambda ladder, lots: None)


@bug
def house_used_up_from_the_worst_price(patch: Patch) -> None:
    def use_up(ladder: list[Rung], lots: int) -> None:
        ladder.reverse()
        house.use_up(ladder, lots)
        ladder.reverse()

    patch.setattr(trading, "use_up", use_up)


@bug
def house_with_a_stale_quote(patch: Patch) -> None:
    patch.setattr(memory, "is_fresh", lambda *_: True)


@bug
def reference_never_stale(patch: Patch) -> None:
    patch.setattr(risk, "is_fresh", lambda *_: True)


@bug
def house_takes_old_quotes(patch: Patch) -> None:
    right = House.offer

    def offer(house: House, quote: Any) -> bool:
        if quote.bid_ticks < quote.ask_ticks:
            house.quote = None
        return right(house, quote)

    patch.setattr(House, "offer", offer)


@bug
def resting_orders_not_matched_by_a_quote(patch: Patch) -> None:
    patch.setattr(trading, "is_crossed_by_house", lambda *_: False)


@bug
def account_sequence_off_by_one(patch: Patch) -> None:
    right = Memory.tell_account

    def tell(memory: Memory, account: Account, kind: str, *rest: Any) -> None:
        account.sequence += kind == "ORDER_CANCELED"
        right(memory, account, kind, *rest)

    patch.setattr(Memory, "tell_account", tell)


@bug
def trade_sequence_repeats(patch: Patch) -> None:
    right = trading.execute

    def execute(memory: Memory, meeting: trading.Meeting, cause: Any) -> Any:
        trade = right(memory, meeting, cause)
        meeting.instrument.trade_sequence -= meeting.lots % 7 == 0
        return trade

    patch.setattr(trading, "execute", execute)


@bug
def canceled_order_stays_in_the_book(patch: Patch) -> None:
    patch.setattr(BookSide, "remove", lambda side, order: None)


@bug
def level_total_not_reduced(patch: Patch) -> None:
    right = BookSide.reduce

    def reduce(side: BookSide, level: Level, order: Order, lots: int) -> None:
        right(side, level, order, lots)
        level.lots += lots

    patch.setattr(BookSide, "reduce", reduce)


@bug
def fill_or_kill_not_checked(patch: Patch) -> None:
    patch.setattr(risk, "fillable_lots", lambda *_: 10**9)


@bug
def fill_or_kill_blind_to_own_orders(patch: Patch) -> None:
    right = trading.fillable_lots
    nobody = Account(0, None, "ACTIVE")  # type: ignore[arg-type]
    patch.setattr(risk, "fillable_lots", lambda m, account, *rest: right(m, nobody, *rest))


@bug
def self_trade_goes_on_to_rest(patch: Patch) -> None:
    right = trading.match_order
    patch.setattr(entering, "match_order", lambda *args: (right(*args)[0], None))


@bug
def market_order_stops_at_the_mid(patch: Patch) -> None:
    right = risk.edge_ticks
    patch.setattr(risk, "edge_ticks", lambda side, quote, bps: right(side, quote, 0))


@bug
def house_before_customers_at_one_price(patch: Patch) -> None:
    rewrite(patch, "match_order", "sign * level.ticks >= sign * ladder[0].ticks", "sign * level.ticks > sign * ladder[0].ticks")


@bug
def meets_its_own_orders(patch: Patch) -> None:
    rewrite(patch, "match_order", "if maker.account_id == order.account_id:", "if maker is order:")


@bug
def trades_one_tick_beyond_its_limit(patch: Patch) -> None:
    rewrite(patch, "match_order", "limit = sign * limit_ticks", "limit = sign * limit_ticks - 1")


@bug
def quote_fills_more_than_the_house_offers(patch: Patch) -> None:
    rewrite(
        patch, "_match_house_side", "lots = min(order.lots - order.filled_lots, offered)", "lots = order.lots - order.filled_lots"
    )
    patch.setattr(trading, "use_up", lambda ladder, lots: ladder.clear())


@bug
def shares_sold_that_nobody_has(patch: Patch) -> None:
    right = risk._check_means

    def means(memory: Memory, request: Any, limit_ticks: int, now_ns: int, freed: int) -> Any:
        verdict = right(memory, request, limit_ticks, now_ns, freed)
        if verdict.reason in (None, Reason.INSUFFICIENT_POSITION):
            hold = request.lots * money.hold_per_lot(request.instrument, request.side, limit_ticks)
            return risk.Verdict(None, limit_ticks, hold)
        return verdict

    patch.setattr(risk, "_check_means", means)


@bug
def limit_of_open_orders_ignored(patch: Patch) -> None:
    patch.setattr(risk, "open_orders_max", lambda account: risk.OPEN_ORDERS_MAX)


@bug
def limit_of_open_orders_off_by_one(patch: Patch) -> None:
    rewrite(patch, "_check_standing", "open_orders >= open_orders_max", "open_orders > open_orders_max", risk)


@bug
def limit_of_value_ignored(patch: Patch) -> None:
    rewrite(patch, "exceeds_value", "notional > most", "False", risk)


@bug
def limit_never_lifted(patch: Patch) -> None:
    rewrite(patch, "set_account_limits", "    if limits != (", "    if limits != (None, None, None) and limits != (", accounts)


@bug
def adjustment_takes_what_is_held(patch: Patch) -> None:
    rewrite(patch, "adjust_balance", "balance.available < -amount", "balance.total < -amount", accounts)


@bug
def adjustment_out_of_nothing(patch: Patch) -> None:
    rewrite(
        patch,
        "adjust",
        "((memory.external, asset.asset_id, -amount), (account, asset.asset_id, amount))",
        "((account, asset.asset_id, amount),)",
        money,
    )
    patch.setattr(accounts, "adjust", money.adjust)


@bug
def adjustment_without_its_sign(patch: Patch) -> None:
    rewrite(
        patch,
        "adjust_balance",
        "= adjust(memory, account, asset, amount,",
        "= adjust(memory, account, asset, abs(amount),",
        accounts,
    )


@bug
def suspension_never_lifted(patch: Patch) -> None:
    rewrite(patch, "reinstate_account", "        _set_status(memory, account, AccountStatus.ACTIVE)\n", "", accounts)


@bug
def canceled_by_the_venue_in_the_customers_name(patch: Patch) -> None:
    rewrite(patch, "force_cancel", "Reason.CANCELED_BY_ADMIN", "Reason.CANCELED_BY_CUSTOMER", orders)


@bug
def canceled_order_still_counts_as_open(patch: Patch) -> None:
    rewrite(patch, "leave", "    account.open_orders -= 1\n", "", placing)


@bug
def limits_of_an_instrument_half_set(patch: Patch) -> None:
    rewrite(
        patch, "set_limits",
        "instrument.max_lots, instrument.max_notional, instrument.collar_bps = limits",
        "instrument.max_lots = limits[0]",
        instruments,
    )  # fmt: skip


BUGS |= CHANGES | WAITING | BRACKETS | CLOCK


def meet_a_smaller_order_of_ones_own() -> None:
    """Rare among random steps: both shrink, and the incoming order lives on."""
    pair = WholePair()
    for asset in ("USD", "ACME"):
        pair.fund(11, asset, 10**8)
    pair.quote("ACME", 9_995, 10_005, 8, 8)
    pair.prevent(11, "DECREMENT")
    pair.submit(11, "ACME", "SELL", 2, 10_000, "GTC")
    pair.submit(11, "ACME", "BUY", 5, 10_000, "GTC")


def run_all_seeds() -> None:
    meet_a_smaller_order_of_ones_own()
    for seed in SEEDS:
        drive(WholePair(), seed, STEPS)


def test_without_a_bug_the_driver_finds_nothing() -> None:
    run_all_seeds()


#: It takes hundreds of steps before these show, so they are planted in `make prove` and `make mutants` alone.
LATE = frozenset(
    {
        "amended_trigger_may_be_reached_already",
        "closing_cancels_what_protects_though_nobody_buys",
        "day_orders_of_another_instrument_expire",
        "exit_that_rests_keeps_its_place_when_it_grows",
        "exits_amended_beyond_what_was_bought",
        "exits_are_made_anew_instead_of_growing",
        "exits_as_large_as_their_entry_wanted_to_be",
        "linked_order_lives_on_when_the_other_is_full",
        "more_than_one_batch_of_triggers_is_forgotten",
        "post_only_amendment_trades",
        "reduce_only_buys",
        "reduce_only_with_nothing_to_sell_is_short_of_it",
        "renewed_switch_fires_before_what_is_due_earlier",
        "switch_is_lifted_while_orders_are_open",
    }
)
assert BUGS.keys() >= LATE


@pytest.mark.parametrize("name", [pytest.param(name, marks=pytest.mark.long if name in LATE else ()) for name in BUGS])
def test_planted_bug_is_found(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    BUGS[name](monkeypatch)
    with pytest.raises((InvariantError, AssertionError)):
        run_all_seeds()

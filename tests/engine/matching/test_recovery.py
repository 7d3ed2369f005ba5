"""A venue loaded from what was stored goes on as the one that stored it."""

from copy import copy

import pytest

from apps.core.checks import ConditionFailedError
from apps.core.enums import OrderStatus
from apps.engine.matching.venue import Venue
from apps.orders.status import OPEN
from tests.engine.matching.driver import drive
from tests.engine.matching.kit import ALICE, EXTERNAL, FEES, HOUSE, Market
from tests.engine.matching.pair import Pair


def reload(old: Venue) -> Venue:
    """What recovery does: assets, instruments, accounts, balances, and open orders by id; every id is stored."""
    new = Venue(house_id=HOUSE, fees_id=FEES, external_id=EXTERNAL, epoch=old.epoch + 1, sequence=old.sequence)
    for asset in old.assets.values():
        new.load_asset(copy(asset))
    for instrument in old.instruments.values():
        new.load_instrument(copy(instrument))
    for account in old.accounts.values():
        loaded = copy(account)
        loaded.balances = {}
        loaded.open_orders = 0
        new.load_account(loaded)
        for balance in account.balances.values():
            new.load_balance(copy(balance))
    for _, order in sorted(old.orders.items()):
        loaded_order = copy(order)
        loaded_order.instrument = new.instruments[order.instrument.instrument_id]
        new.load_order(loaded_order)
    return new


def test_after_a_reload_everything_goes_on_and_agrees_with_the_oracle() -> None:
    for seed in range(4):
        pair = Pair()
        drive(pair, seed, 120)
        pair.market.venue = reload(pair.market.venue)
        pair.market.venue.check_invariants(complete=True)
        pair.oracle.quotes.clear()  # the house's quotes are not stored: it is back with the next one
        drive(pair, seed + 100, 120)
        assert pair.trades


def test_loading_is_no_change() -> None:
    pair = Pair()
    drive(pair, 3, 200)
    changes = reload(pair.market.venue).take_changes()
    assert not any((changes.new_orders, changes.new_balances, changes.new_instruments, changes.events, changes.levels))


def test_only_open_orders_are_loaded_and_accounts_once() -> None:
    market = Market()
    market.fund(ALICE, "1000")
    market.quote(9_990, 10_010)
    order = market.submit(ALICE, "BUY", "1", "100")
    ended = copy(market.venue.orders[order.order_id])
    ended.status = OrderStatus.CANCELED
    assert ended.status not in OPEN
    with pytest.raises(ConditionFailedError):
        market.venue.load_order(ended)
    with pytest.raises(ConditionFailedError):
        market.venue.load_account(market.venue.accounts[ALICE])

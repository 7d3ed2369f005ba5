"""A venue loaded from what was stored goes on as the one that stored it."""

from copy import copy

import pytest

from apps.core.checks import ConditionFailedError
from apps.core.enums import OrderStatus
from apps.orders.status import OPEN
from tests.engine.matching.driver import drive
from tests.engine.matching.kit import ALICE, Market
from tests.engine.matching.pair_whole import WholePair
from tests.engine.matching.recorder import reloaded


def test_after_a_reload_everything_goes_on_and_agrees_with_the_oracle() -> None:
    for seed in range(4):
        pair = WholePair()
        drive(pair, seed, 120)
        pair.take_over()
        pair.market.check()
        drive(pair, seed + 100, 120)
        assert pair.trades


def test_loading_is_no_change() -> None:
    pair = WholePair()
    drive(pair, 3, 200)
    changes = reloaded(pair.market.venue, 8).take_changes()
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

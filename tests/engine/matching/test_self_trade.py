"""Two orders of one account meet: what each choice of the account does with them.

Alice has one resting sell at 100.00; the house asks 100.10. Bob's orders stand before or behind hers.
"""

import pytest

from apps.commands.answers import OrderAnswer
from apps.commands.types import SetSelfTradePrevention
from apps.core.enums import SelfTradePrevention
from tests.engine.matching.kit import ADMIN, ALICE, BOB, CHARLIE, ONE, SUPPORT, SYSTEM, Market, actor

MODES = list(SelfTradePrevention)


@pytest.fixture
def market() -> Market:
    """Everybody has 100,000 USD and 500 ACME."""
    market = Market()
    for account in (ALICE, BOB, CHARLIE):
        market.fund(account, "100000")
        market.fund(account, "500", "ACME")
    market.quote(9_990, 10_010)
    market.take()
    return market


def choose(market: Market, mode: SelfTradePrevention, account: int = ALICE) -> None:
    command = SetSelfTradePrevention(command_id=market.next_id(), actor=actor(account), account_id=account, mode=mode)
    assert not market.apply(command).reason


def meet(
    market: Market, mode: str, resting: str, incoming: str, price: str = "100.00", tif: str = "GTC"
) -> tuple[int, OrderAnswer]:
    """The id of Alice's resting sell at 100.00, and the answer to her buy."""
    choose(market, SelfTradePrevention(mode))
    order_id = market.submit(ALICE, "SELL", resting, "100.00").order_id
    market.take()
    return order_id, market.submit(ALICE, "BUY", incoming, price, tif)


def standing(market: Market, order_id: int) -> tuple[str, str, int]:
    """(status, reason, lots left) of an order of this batch."""
    order = market.venue.orders[order_id]
    return order.status, order.reason, order.leaves_lots


def told(market: Market) -> list[tuple[str, str]]:
    return [(event.kind, str(event.fields.get("reason", ""))) for event in market.take().events]


def test_newest_is_canceled_unless_the_account_chose_otherwise(market: Market) -> None:
    assert market.venue.accounts[ALICE].self_trade_prevention is SelfTradePrevention.CANCEL_NEWEST
    resting, answer = meet(market, "CANCEL_NEWEST", "10", "4")
    assert (answer.status, answer.reason, answer.held) == ("CANCELED", "SELF_TRADE", "0")
    assert standing(market, resting) == ("ACCEPTED", "", 10)


def test_oldest_is_canceled_and_the_newest_goes_on(market: Market) -> None:
    behind = market.submit(BOB, "SELL", "3", "100.02").order_id
    resting, answer = meet(market, "CANCEL_OLDEST", "10", "4", "100.02")
    assert (answer.status, answer.filled_quantity, answer.leaves_quantity) == ("PARTIALLY_FILLED", "3", "1")
    assert standing(market, resting) == ("CANCELED", "SELF_TRADE_PREVENTED", 10)
    assert market.venue.orders[behind].status == "FILLED"
    assert market.money(ALICE, "ACME") == (503 * ONE, 0)  # the hold of the canceled one is back
    assert market.venue.best(1) == (10_002, None)
    assert told(market) == [
        ("ORDER_ACCEPTED", ""),
        ("ORDER_CANCELED", "SELF_TRADE_PREVENTED"),
        ("ORDER_FILLED", ""),
        ("ORDER_FILLED", ""),
    ]


def test_both_are_canceled(market: Market) -> None:
    resting, answer = meet(market, "CANCEL_BOTH", "10", "4")
    assert (answer.status, answer.reason) == ("CANCELED", "SELF_TRADE")
    assert standing(market, resting) == ("CANCELED", "SELF_TRADE_PREVENTED", 10)
    assert market.venue.best(1) == (None, None)
    assert market.money(ALICE) == (100_000 * ONE, 0)


def test_both_become_smaller_and_the_larger_lives_on_when_it_rests(market: Market) -> None:
    resting, answer = meet(market, "DECREMENT", "10", "4")
    assert (answer.status, answer.reason, answer.quantity, answer.filled_quantity) == ("CANCELED", "SELF_TRADE", "4", "0")
    assert standing(market, resting) == ("ACCEPTED", "", 6)
    assert market.money(ALICE, "ACME") == (500 * ONE, 6 * ONE)
    assert market.venue.level_lots(1, market.venue.orders[resting].side, 10_000) == 6
    assert told(market) == [
        ("ORDER_ACCEPTED", ""),
        ("ORDER_AMENDED", "SELF_TRADE_PREVENTED"),
        ("ORDER_CANCELED", "SELF_TRADE"),
    ]


def test_both_become_smaller_and_the_larger_lives_on_when_it_comes_in(market: Market) -> None:
    resting, answer = meet(market, "DECREMENT", "4", "10")
    assert (answer.status, answer.quantity, answer.leaves_quantity, answer.held) == ("ACCEPTED", "6", "6", "601.2")
    assert standing(market, resting) == ("CANCELED", "SELF_TRADE_PREVENTED", 4)
    assert market.venue.best(1) == (10_000, None)


def test_equal_orders_end_both(market: Market) -> None:
    resting, answer = meet(market, "DECREMENT", "4", "4")
    assert (answer.status, answer.reason, answer.quantity) == ("CANCELED", "SELF_TRADE", "4")
    assert standing(market, resting) == ("CANCELED", "SELF_TRADE_PREVENTED", 4)


def test_shrunken_order_keeps_its_place(market: Market) -> None:
    first, _ = meet(market, "DECREMENT", "10", "4")
    market.submit(BOB, "SELL", "5", "100.00")
    market.submit(CHARLIE, "BUY", "6", "100.00")
    assert market.venue.orders[first].status == "FILLED"


@pytest.mark.parametrize("mode", MODES)
def test_what_was_traded_before_the_meeting_stays(market: Market, mode: SelfTradePrevention) -> None:
    market.submit(BOB, "SELL", "2", "99.99")
    _, answer = meet(market, mode.value, "3", "4")
    assert (answer.filled_quantity, answer.average_price) == ("2", "99.99")
    rests = mode is SelfTradePrevention.CANCEL_OLDEST
    assert (answer.status, answer.reason) == (("PARTIALLY_FILLED", "") if rests else ("CANCELED", "SELF_TRADE"))


@pytest.mark.parametrize("mode", MODES)
def test_fill_or_kill_is_filled_whole_or_not_at_all(market: Market, mode: SelfTradePrevention) -> None:
    market.submit(BOB, "SELL", "3", "100.00")
    market.submit(BOB, "SELL", "3", "100.01")
    resting, answer = meet(market, mode.value, "5", "4", "100.01", "FOK")
    if mode is SelfTradePrevention.CANCEL_OLDEST:
        assert (answer.status, answer.filled_quantity) == ("FILLED", "4")
        assert standing(market, resting)[0] == "CANCELED"
    else:
        assert (answer.status, answer.reason) == ("REJECTED", "FOK_NOT_FILLABLE")
        assert standing(market, resting) == ("ACCEPTED", "", 5)


@pytest.mark.parametrize("mode", MODES)
def test_strangers_never_notice(market: Market, mode: SelfTradePrevention) -> None:
    choose(market, mode)
    market.submit(BOB, "SELL", "4", "100.00")
    assert market.submit(ALICE, "BUY", "4", "100.00").status == "FILLED"


def test_choice_is_the_owners_and_told_once(market: Market) -> None:
    choose(market, SelfTradePrevention.DECREMENT)
    assert told(market) == [("SELF_TRADE_PREVENTION_SET", "")]
    choose(market, SelfTradePrevention.DECREMENT)
    assert told(market) == []
    for who, account in ((actor(BOB), ALICE), (SUPPORT, ALICE), (ADMIN, ALICE)):
        command = SetSelfTradePrevention(
            command_id=market.next_id(), actor=who, account_id=account, mode=SelfTradePrevention.CANCEL_BOTH
        )
        assert market.apply(command).reason in ("UNKNOWN_ACCOUNT", "NOT_ALLOWED")
    command = SetSelfTradePrevention(
        command_id=market.next_id(), actor=SYSTEM, account_id=ALICE, mode=SelfTradePrevention.CANCEL_BOTH
    )
    assert not market.apply(command).reason

"""What becomes of an order, with numbers that can be checked in the head.

ACME in USD, whole shares and cents. The taker pays 0.2 %, the maker 0.1 %; the house quotes 99.90 to 100.10 for 100 shares, one
cent and a quarter more a level.
"""

import pytest

from apps.core.enums import OrderStatus
from tests.engine.matching.kit import ADMIN, ALICE, BOB, CHARLIE, FEES, HOUSE, ONE, SYSTEM, Market


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


def usd(amount: str) -> int:
    whole, _, rest = amount.partition(".")
    return int(whole) * ONE + int(rest.ljust(8, "0"))


def test_buy_at_market_against_the_house_pays_the_ask_and_the_takers_fee(market: Market) -> None:
    answer = market.submit(ALICE, "BUY", "10")

    assert (answer.status, answer.reason, answer.time_in_force) == ("FILLED", "", "IOC")
    assert (answer.average_price, answer.fee, answer.held, answer.price) == ("100.1", "2.002", "0", None)
    assert (answer.filled_quantity, answer.leaves_quantity) == ("10", "0")
    assert [(f.price, f.quantity, f.fee, f.liquidity_side) for f in answer.fills] == [("100.1", "10", "2.002", "TAKER")]
    assert market.money(ALICE) == (usd("98996.998"), 0)  # 100000 - 1001 - 2.002
    assert market.money(ALICE, "ACME") == (510 * ONE, 0)
    assert market.money(HOUSE) == (1001 * ONE, 0)
    assert market.money(HOUSE, "ACME") == (-10 * ONE, 0)
    assert market.money(FEES) == (usd("2.002"), 0)


def test_trade_with_the_house_records_the_quote_and_gives_it_no_event(market: Market) -> None:
    market.submit(ALICE, "BUY", "10")
    changes = market.take()

    [trade] = changes.trades
    assert trade.quote is not None and trade.quote.sequence == 1
    assert (trade.ticks, trade.lots, trade.aggressor_side, trade.instrument_sequence) == (10_010, 10, "BUY", 1)
    assert [(f.account_id, f.side, f.liquidity_side, f.fee, f.order is None) for f in changes.fills] == [
        (ALICE, "BUY", "TAKER", 200_200_000, False),
        (HOUSE, "SELL", "MAKER", 0, True),
    ]
    assert [(e.account_id, e.kind) for e in changes.events] == [(ALICE, "ORDER_ACCEPTED"), (ALICE, "ORDER_FILLED")]
    assert list(changes.quotes_read.values()) == [trade.quote]


def test_postings_of_a_trade_in_order_with_the_balance_that_each_left(market: Market) -> None:
    market.submit(ALICE, "SELL", "10", "100.00")
    market.take()
    market.submit(BOB, "BUY", "10", "100.00")
    changes = market.take()

    [transfer] = changes.transfers
    assert (transfer.kind, transfer.trade_id, transfer.command_id) == ("TRADE", changes.trades[0].trade_id, "c-8")
    legs = [(p.leg, p.balance.account_id, p.amount, p.balance_after) for p in changes.postings]
    assert legs == [
        (0, BOB, -1000 * ONE, 99_000 * ONE),
        (1, ALICE, 1000 * ONE, 101_000 * ONE),
        (2, ALICE, -10 * ONE, 490 * ONE),
        (3, BOB, 10 * ONE, 510 * ONE),
        (4, BOB, -2 * ONE, 98_998 * ONE),
        (5, ALICE, -1 * ONE, 100_999 * ONE),
        (6, FEES, 3 * ONE, 3 * ONE),
    ]
    assert [b.account_id for b in changes.new_balances] == [FEES]


def test_limit_buy_holds_its_price_and_the_higher_fee(market: Market) -> None:
    answer = market.submit(ALICE, "BUY", "10", "100.00")

    assert (answer.status, answer.held, answer.leaves_quantity, answer.average_price) == ("ACCEPTED", "1002", "10", None)
    assert market.money(ALICE) == (100_000 * ONE, 1002 * ONE)
    assert market.venue.best(1) == (10_000, None)


def test_sell_holds_the_shares(market: Market) -> None:
    assert market.submit(ALICE, "SELL", "10", "100.05").held == "10"
    assert market.money(ALICE, "ACME") == (500 * ONE, 10 * ONE)
    assert market.money(ALICE) == (100_000 * ONE, 0)


def test_better_price_and_lower_fee_are_given_back_at_once(market: Market) -> None:
    market.submit(BOB, "SELL", "4", "100.00")
    answer = market.submit(ALICE, "BUY", "10", "100.05")  # holds 10 x 100.05 x 1.002 = 1002.501

    assert (answer.status, answer.filled_quantity, answer.average_price, answer.fee) == ("PARTIALLY_FILLED", "4", "100", "0.8")
    assert answer.held == "601.5006"  # what the remaining six could cost
    assert market.money(ALICE) == (usd("99599.2"), usd("601.5006"))


def test_maker_pays_the_makers_fee_out_of_a_hold_at_the_takers(market: Market) -> None:
    market.submit(ALICE, "BUY", "10", "100.00")
    market.submit(BOB, "SELL", "4", "99.95")

    assert market.money(ALICE) == (usd("99599.6"), usd("601.2"))  # 100000 - 400 - 0.4; six left at 100.20 each


def test_makers_events_do_not_name_the_takers_command(market: Market) -> None:
    market.submit(ALICE, "BUY", "10", "100.00", correlation_id="alices")
    market.take()
    taken = market.submit(BOB, "SELL", "4", "99.95", correlation_id="bobs")

    fills = {event.account_id: event for event in market.take().events if event.kind == "ORDER_FILLED"}
    assert (fills[BOB].command_id, fills[BOB].correlation_id) == (taken.command_id, "bobs")
    assert (fills[ALICE].command_id, fills[ALICE].correlation_id) == ("", "")


def test_price_is_the_resting_sides_and_the_oldest_is_first(market: Market) -> None:
    first = market.submit(ALICE, "SELL", "5", "100.05")
    market.submit(BOB, "SELL", "5", "100.05")
    market.submit(BOB, "SELL", "5", "100.04")
    answer = market.submit(CHARLIE, "BUY", "7", "100.09")

    assert [(f.price, f.quantity) for f in answer.fills] == [("100.04", "5"), ("100.05", "2")]
    assert market.venue.orders[first.order_id].filled_lots == 2
    assert market.venue.level_lots(1, market.venue.orders[first.order_id].side, 10_005) == 8


def test_customers_come_before_the_house_at_one_price(market: Market) -> None:
    market.submit(BOB, "SELL", "5", "100.10")
    market.submit(ALICE, "BUY", "8")

    sellers = [f.account_id for f in market.take().fills if f.side == "SELL"]
    assert sellers == [BOB, HOUSE]


def test_house_ladder_is_used_up_until_the_next_quote(market: Market) -> None:
    assert market.submit(ALICE, "BUY", "150").average_price == "100.10333333"  # 100 at 100.10, 50 of 125 at 100.11
    assert [f.quantity for f in market.submit(BOB, "BUY", "100").fills] == ["75", "25"]  # the rest of 100.11, then 100.12
    market.quote(9_990, 10_010)
    assert market.submit(CHARLIE, "BUY", "100").average_price == "100.1"


def test_resting_order_is_filled_by_the_quote_at_its_own_price_as_maker(market: Market) -> None:
    market.submit(ALICE, "SELL", "10", "101.00")
    assert market.quote(10_120, 10_140)  # the house bids 101.20

    changes = market.take()
    [trade] = changes.trades
    assert (trade.ticks, trade.lots, trade.aggressor_side) == (10_100, 10, "BUY")
    assert trade.quote is not None and trade.quote.sequence == 2
    assert {f.account_id: (f.liquidity_side, f.fee) for f in changes.fills} == {
        ALICE: ("MAKER", usd("1.01")),
        HOUSE: ("TAKER", 0),
    }
    assert market.money(ALICE) == (usd("101008.99"), 0)
    assert changes.events[-1].command_id == ""


def test_quote_fills_best_price_first_and_no_more_than_the_house_offers(market: Market) -> None:
    low = market.submit(ALICE, "BUY", "30", "99.95")
    high = market.submit(BOB, "BUY", "20", "99.97")
    market.quote(9_980, 9_994, lots=16)  # asks 16 at 99.94, 20 at 99.95, 24 at 99.96, 28 at 99.97

    orders = market.venue.orders
    assert orders[high.order_id].status is OrderStatus.FILLED
    assert orders[high.order_id].notional == 20 * 9_997 * 10**6
    # Bob's twenty took 16 at 99.94 and 4 at 99.95: sixteen are left for Alice at 99.95 or better.
    assert orders[low.order_id].filled_lots == 16


def test_quote_that_touches_a_resting_order_reaches_it_and_one_that_does_not_leaves_it(market: Market) -> None:
    market.submit(ALICE, "BUY", "10", "99.95")
    assert not market.quote(9_980, 9_996)
    assert market.quote(9_980, 9_995)
    assert market.money(ALICE, "ACME") == (510 * ONE, 0)


def test_stale_house_does_not_match_and_does_not_trade(market: Market) -> None:
    market.submit(ALICE, "BUY", "10", "99.95")
    market.quote(9_980, 9_990, match=False)
    market.pass_seconds(4)
    market.venue.match_quote(1, market.now_ns)
    assert market.submit(BOB, "BUY", "5", "99.90", "IOC").reason == "NO_LIQUIDITY"
    assert not market.take().trades


@pytest.mark.parametrize("bid,ask", [(10_010, 10_010), (10_011, 10_010), (0, 10_010), (-5, 10_010)])
def test_locked_crossed_or_empty_quote_is_dropped(market: Market, bid: int, ask: int) -> None:
    assert not market.quote(bid, ask)
    quote = market.venue.houses[1].quote
    assert quote is not None and quote.sequence == 1


def test_older_quotes_are_dropped(market: Market) -> None:
    market.quote(9_000, 9_001, sequence=1)
    market.quote(9_000, 9_001, sequence=99, epoch=0)
    assert market.submit(ALICE, "BUY", "1").average_price == "100.1"
    market.quote(9_980, 9_981, sequence=1, epoch=2)
    assert market.submit(ALICE, "BUY", "1").average_price == "99.81"


def test_quote_of_an_unknown_symbol_is_dropped(market: Market) -> None:
    assert not market.quote(1, 2, symbol="NOBODY")


def test_ioc_cancels_its_remainder(market: Market) -> None:
    market.submit(BOB, "SELL", "4", "100.00")
    answer = market.submit(ALICE, "BUY", "10", "100.05", "IOC")

    assert (answer.status, answer.reason, answer.filled_quantity) == ("CANCELED", "UNFILLED_REMAINDER", "4")
    assert (answer.held, answer.leaves_quantity) == ("0", "0")
    assert market.money(ALICE) == (usd("99599.2"), 0)
    kinds = [e.kind for e in market.take().events if e.account_id == ALICE]
    assert kinds == ["ORDER_ACCEPTED", "ORDER_FILLED", "ORDER_CANCELED"]


def test_order_that_finds_nobody_is_accepted_then_canceled(market: Market) -> None:
    answer = market.submit(ALICE, "BUY", "10", "100.05", "IOC")

    assert (answer.status, answer.reason, answer.fills) == ("CANCELED", "NO_LIQUIDITY", [])
    assert [e.kind for e in market.take().events] == ["ORDER_ACCEPTED", "ORDER_CANCELED"]
    assert market.money(ALICE) == (100_000 * ONE, 0)


def test_market_order_stops_at_the_collars_edge(market: Market) -> None:
    market.quote(9_990, 10_010, lots=0)
    market.submit(BOB, "SELL", "1", "110.00")  # ten per cent above the mid of 100.00: the edge itself
    assert market.submit(ALICE, "BUY", "1").average_price == "110"
    market.submit(BOB, "BUY", "1", "90.00")
    assert market.submit(ALICE, "SELL", "1").average_price == "90"
    market.submit(BOB, "SELL", "1", "110.00")
    market.quote(9_989, 10_009, lots=0)  # a cent lower: the edge is at 109.98
    assert market.submit(ALICE, "BUY", "1").reason == "NO_LIQUIDITY"


def test_fok_fills_whole_over_customers_and_house(market: Market) -> None:
    market.submit(BOB, "SELL", "5", "100.05")
    answer = market.submit(ALICE, "BUY", "105", "100.10", "FOK")
    assert (answer.status, len(answer.fills)) == ("FILLED", 2)


def test_fok_that_cannot_be_filled_whole_touches_nothing(market: Market) -> None:
    market.submit(BOB, "SELL", "5", "100.05")
    before = market.money(ALICE)
    market.take()
    answer = market.submit(ALICE, "BUY", "106", "100.10", "FOK")

    assert (answer.status, answer.reason, answer.fills) == ("REJECTED", "FOK_NOT_FILLABLE", [])
    changes = market.take()
    assert [e.kind for e in changes.events] == ["ORDER_REJECTED"]
    assert not changes.trades and not changes.postings and not changes.levels and market.money(ALICE) == before


def test_fok_does_not_count_what_lies_behind_its_own_order(market: Market) -> None:
    market.submit(ALICE, "SELL", "5", "100.05")
    assert market.submit(ALICE, "BUY", "6", "100.10", "FOK").reason == "FOK_NOT_FILLABLE"


def test_order_that_would_meet_its_own_is_stopped_there(market: Market) -> None:
    market.submit(BOB, "SELL", "3", "100.04")
    own = market.submit(ALICE, "SELL", "5", "100.05")
    answer = market.submit(ALICE, "BUY", "10", "100.10")

    assert (answer.status, answer.reason, answer.filled_quantity) == ("CANCELED", "SELF_TRADE", "3")
    assert market.venue.orders[own.order_id].filled_lots == 0
    assert market.money(ALICE)[1] == 0


def test_cancel_gives_the_hold_back(market: Market) -> None:
    order = market.submit(ALICE, "BUY", "10", "100.00")
    answer = market.canceled(ALICE, order.order_id)

    assert (answer.status, answer.reason, answer.filled_quantity) == ("CANCELED", "", "0")
    assert market.money(ALICE) == (100_000 * ONE, 0)
    event = market.take().events[-1]
    assert (event.kind, event.fields["reason"], event.fields["released"]) == (
        "ORDER_CANCELED",
        "CANCELED_BY_CUSTOMER",
        1002 * ONE,
    )


def test_cancel_by_the_house_says_so(market: Market) -> None:
    order = market.submit(ALICE, "BUY", "10", "100.00")
    assert market.cancel(ALICE, order.order_id, by=ADMIN).reason == "NOT_ALLOWED", "an admin's way is by force, with a reason"
    market.canceled(ALICE, order.order_id, by=SYSTEM)
    assert market.venue.orders[order.order_id].reason == "CANCELED_BY_ADMIN"


def test_cancel_of_an_ended_order_says_where_it_stands_until_the_batch_is_taken(market: Market) -> None:
    order = market.submit(ALICE, "BUY", "10")
    answer = market.canceled(ALICE, order.order_id)
    assert (answer.status, answer.reason, answer.filled_quantity) == ("FILLED", "ORDER_NOT_OPEN", "10")
    assert market.venue.knows_order(order.order_id)
    market.take()
    assert not market.venue.knows_order(order.order_id)
    assert market.cancel(ALICE, order.order_id).reason == "UNKNOWN_ORDER"


def test_levels_name_every_price_that_changed(market: Market) -> None:
    sell = market.submit(BOB, "SELL", "5", "100.05")
    assert list(market.take().levels) == [(1, "SELL", 10_005)]
    market.submit(ALICE, "BUY", "2", "100.05")
    assert list(market.take().levels) == [(1, "SELL", 10_005)]
    market.canceled(BOB, sell.order_id)
    changes = market.take()
    assert list(changes.levels) == [(1, "SELL", 10_005)]
    assert list(changes.changed_orders) == [sell.order_id] and not changes.new_orders


def test_order_that_rests_and_goes_in_one_batch_is_a_new_order_only(market: Market) -> None:
    order = market.submit(ALICE, "BUY", "2", "100.00")
    market.canceled(ALICE, order.order_id)
    changes = market.take()
    assert [o.order_id for o in changes.new_orders] == [order.order_id] and not changes.changed_orders

"""Why an order is denied, rejected or refused, and that a no changes nothing but the record of the no."""

from typing import Any

import pytest

from apps.commands.answers import OrderAnswer, RefusedAnswer
from apps.commands.types import Actor, CancelOrder, Deposit, SubmitOrder, SuspendAccount
from apps.core.enums import AccountStatus, OrderType, Role, Side, TimeInForce, TradingState
from apps.engine.matching.risk import OPEN_ORDERS_MAX
from apps.engine.matching.state import Account
from tests.engine.matching.kit import ALICE, BOB, HOUSE, ONE, SUPPORT, SYSTEM, Market, actor


@pytest.fixture
def market() -> Market:
    market = Market()
    market.fund(ALICE, "100000")
    market.fund(ALICE, "500", "ACME")
    market.quote(9_990, 10_010)
    market.take()
    return market


def no(market: Market, answer: object, status: str, reason: str) -> None:
    """The answer is a stored no, and the record holds that order and that event alone."""
    assert isinstance(answer, OrderAnswer), answer
    assert (answer.status, answer.reason, answer.held, answer.fills) == (status, reason, "0", [])
    changes = market.take()
    [order] = changes.new_orders
    [event] = changes.events
    assert (order.status, order.reason, order.order_id) == (status, reason, answer.order_id)
    assert (event.kind, event.fields["reason"]) == (f"ORDER_{status}", reason)
    assert not changes.postings and not changes.new_balances and not changes.changed_balances and not changes.levels


def test_suspended_account(market: Market) -> None:
    market.venue.accounts[ALICE].status = AccountStatus.SUSPENDED
    no(market, market.order(ALICE, "BUY", "1", "100"), "DENIED", "ACCOUNT_NOT_ACTIVE")


def test_halted_instrument_and_after_it_resumed(market: Market) -> None:
    market.halt()
    market.take()
    no(market, market.order(ALICE, "BUY", "1", "100"), "REJECTED", "INSTRUMENT_HALTED")
    market.resume()
    assert market.submit(ALICE, "BUY", "1", "100").status == "ACCEPTED"


def test_closed_instrument(market: Market) -> None:
    market.venue.instruments[1].trading_state = TradingState.CLOSED
    no(market, market.order(ALICE, "BUY", "1", "100"), "REJECTED", "INSTRUMENT_CLOSED")


def test_largest_quantity(market: Market) -> None:
    no(market, market.order(ALICE, "BUY", "10001", "91"), "DENIED", "MAX_QUANTITY")


def test_largest_value(market: Market) -> None:
    market.fund(ALICE, "900000")
    market.take()
    no(market, market.order(ALICE, "BUY", "5001", "100.00"), "DENIED", "MAX_NOTIONAL")
    assert market.submit(ALICE, "BUY", "5000", "100.00").status == "ACCEPTED"


def test_two_hundred_orders_may_be_open(market: Market) -> None:
    for _ in range(OPEN_ORDERS_MAX):
        last = market.submit(ALICE, "BUY", "1", "95")
    market.take()
    no(market, market.order(ALICE, "BUY", "1", "95"), "DENIED", "TOO_MANY_OPEN_ORDERS")
    assert market.submit(ALICE, "SELL", "1").status == "FILLED"  # one that cannot rest is not counted
    market.canceled(ALICE, last.order_id)
    assert market.submit(ALICE, "BUY", "1", "95").status == "ACCEPTED"


def test_no_reference_at_all(market: Market) -> None:
    market.fund(ALICE, "5", "BETA")
    market.take()
    no(market, market.order(ALICE, "BUY", "1", "100", symbol="BETA"), "DENIED", "STALE_PRICE")
    no(market, market.order(ALICE, "SELL", "1", symbol="BETA"), "DENIED", "STALE_PRICE")


def test_market_orders_need_a_quote_of_three_seconds_and_limits_one_of_thirty(market: Market) -> None:
    market.pass_seconds(3)
    assert market.submit(ALICE, "BUY", "1").status == "FILLED"
    market.take()
    market.now_ns += 1
    no(market, market.order(ALICE, "BUY", "1"), "DENIED", "STALE_PRICE")
    market.pass_seconds(27)
    market.now_ns -= 1
    order = market.submit(ALICE, "BUY", "1", "100")
    assert order.status == "ACCEPTED"
    market.take()
    market.now_ns += 1
    no(market, market.order(ALICE, "BUY", "1", "100"), "DENIED", "STALE_PRICE")
    assert market.canceled(ALICE, order.order_id).status == "CANCELED"  # cancels always


def test_quote_from_the_future_is_no_reference(market: Market) -> None:
    market.pass_seconds(-31)
    no(market, market.order(ALICE, "BUY", "1", "100"), "DENIED", "STALE_PRICE")


@pytest.mark.parametrize("price,allowed", [("110", True), ("110.01", False), ("90", True), ("89.99", False)])
def test_collar_is_ten_per_cent_around_the_mid(market: Market, price: str, allowed: bool) -> None:
    answer = market.order(ALICE, "SELL", "1", price, "IOC")
    if allowed:
        assert isinstance(answer, OrderAnswer) and answer.status in ("FILLED", "CANCELED")
    else:
        no(market, answer, "DENIED", "PRICE_COLLAR")


def test_money_must_cover_the_value_and_the_fee_to_the_last_unit(market: Market) -> None:
    market.withdraw(ALICE, "99800")
    market.take()
    no(market, market.order(ALICE, "BUY", "2", "100.00"), "DENIED", "INSUFFICIENT_FUNDS")  # 200.40 needed
    market.fund(ALICE, "0.39999999")
    market.take()
    no(market, market.order(ALICE, "BUY", "2", "100.00"), "DENIED", "INSUFFICIENT_FUNDS")
    market.fund(ALICE, "0.00000001")
    assert market.submit(ALICE, "BUY", "2", "100.00").status == "ACCEPTED"
    market.take()
    no(market, market.order(ALICE, "BUY", "1", "100.00"), "DENIED", "INSUFFICIENT_FUNDS")  # all of it is held


def test_shares_must_be_there(market: Market) -> None:
    no(market, market.order(ALICE, "SELL", "501", "100"), "DENIED", "INSUFFICIENT_POSITION")
    no(market, market.order(BOB, "SELL", "1", "100"), "DENIED", "INSUFFICIENT_POSITION")


def test_denial_is_stored_with_what_was_asked(market: Market) -> None:
    market.order(BOB, "SELL", "3", "100.05", "IOC")
    [order] = market.take().new_orders
    assert (order.side, order.lots, order.ticks, order.time_in_force, order.held) == ("SELL", 3, 10_005, "IOC", 0)


# Refused: nothing is stored.


def refused(market: Market, answer: object, reason: str, field: str) -> RefusedAnswer:
    assert isinstance(answer, RefusedAnswer), answer
    assert (answer.reason, answer.field) == (reason, field)
    assert answer.message
    changes = market.take()
    assert not any((changes.new_orders, changes.events, changes.transfers, changes.postings, changes.new_balances))
    assert market.venue.sequence == market.sequence_before
    return answer


def test_unknown_names(market: Market) -> None:
    refused(market, market.order(ALICE, "BUY", "1", "100", symbol="NOPE"), "UNKNOWN_SYMBOL", "symbol")
    refused(market, market.order(77, "BUY", "1", "100"), "UNKNOWN_ACCOUNT", "account_id")
    refused(market, market.cancel(ALICE, 123456), "UNKNOWN_ORDER", "order_id")
    deposit = Deposit(command_id="d", actor=actor(ALICE), account_id=ALICE, asset="EUR", amount="1")
    refused(market, market.apply(deposit), "UNKNOWN_ASSET", "asset")


def test_somebody_elses_account_and_order_do_not_exist(market: Market) -> None:
    order = market.submit(ALICE, "BUY", "1", "100")
    market.take()
    refused(market, market.order(ALICE, "BUY", "1", "100", actor=actor(BOB)), "UNKNOWN_ACCOUNT", "account_id")
    refused(market, market.cancel(ALICE, order.order_id, by=actor(BOB)), "UNKNOWN_ACCOUNT", "account_id")
    refused(market, market.cancel(BOB, order.order_id), "UNKNOWN_ORDER", "order_id")
    deposit = Deposit(command_id="d", actor=actor(BOB), account_id=ALICE, asset="USD", amount="1")
    refused(market, market.apply(deposit), "UNKNOWN_ACCOUNT", "account_id")


@pytest.mark.parametrize("by", [SYSTEM, actor(ALICE)])
def test_system_accounts_take_no_commands(market: Market, by: object) -> None:
    refused(market, market.order(HOUSE, "BUY", "1", "100", actor=by), "UNKNOWN_ACCOUNT", "account_id")


def test_account_without_a_user_is_not_that_of_an_actor_without_one(market: Market) -> None:
    market.venue.load_account(Account(50, None, AccountStatus.ACTIVE))
    refused(market, market.order(50, "BUY", "1", "100", actor=Actor(None, Role.CUSTOMER)), "UNKNOWN_ACCOUNT", "account_id")


def test_price_fits_the_type(market: Market) -> None:
    refused(market, market.order(ALICE, "BUY", "1", None, order_type=OrderType.LIMIT), "INVALID_FIELD", "price")
    refused(market, market.order(ALICE, "BUY", "1", "100", order_type=OrderType.MARKET), "INVALID_FIELD", "price")


@pytest.mark.parametrize("field,value", [("side", "BUY"), ("order_type", "LIMIT"), ("time_in_force", "GTC"), ("side", None)])
def test_text_in_place_of_an_enums_member_is_refused_rather_than_misread(market: Market, field: str, value: object) -> None:
    fields: dict[str, Any] = {"side": Side.BUY, "order_type": OrderType.LIMIT, "time_in_force": TimeInForce.GTC} | {field: value}
    who = {"command_id": "c", "actor": actor(ALICE), "account_id": ALICE}
    command = SubmitOrder(**who, **fields, symbol="ACME", quantity="1", price="100")  # type: ignore[arg-type]
    refused(market, market.apply(command), "INVALID_FIELD", "side")


def test_support_and_customers_may_not_do_what_admins_do(market: Market) -> None:
    suspend = SuspendAccount(command_id="s", actor=actor(ALICE), account_id=BOB, reason="no")
    refused(market, market.apply(suspend), "NOT_ALLOWED", "actor")
    cancel = CancelOrder(command_id="c", actor=SUPPORT, account_id=ALICE, order_id=1)
    refused(market, market.apply(cancel), "NOT_ALLOWED", "actor")
    refused(market, market.order(ALICE, "BUY", "1", "100", actor=SUPPORT), "NOT_ALLOWED", "actor")


@pytest.mark.parametrize("command_id", ["", "x" * 49, "a b", "ä", "a\x00", "a/b", None])
def test_command_id_that_no_column_would_take(market: Market, command_id: object) -> None:
    answer = market.order(ALICE, "BUY", "1", "100", command_id=command_id)
    assert isinstance(answer, RefusedAnswer) and answer.field == "command_id"


@pytest.mark.parametrize("command_id", ["a", "-", "__", "A-z_9" * 9])
def test_command_id_of_letters_digits_dash_and_underline(market: Market, command_id: str) -> None:
    assert isinstance(market.order(ALICE, "BUY", "1", "100", command_id=command_id), OrderAnswer)


BAD_NUMBERS = [
    "1_0", "１２", "1e3", "NaN", "-1", "+1", " 1", "1 ", "1.", ".5", "0", "0.0", "-0", "00", "01", "1e1000000", "9" * 30, "",
    "1,5", "0x10", "Infinity", "-Infinity", "sNaN", "1\n", "1\x00", "٣", "1.123456789",
    "1234567890123", None, 5, 1.5, True, b"1", ["1"],
]  # fmt: skip


@pytest.mark.parametrize("number", BAD_NUMBERS, ids=repr)
@pytest.mark.fault("F27")
def test_bad_number_is_refused_at_every_door(market: Market, number: object) -> None:
    market.take()
    answer = refused(market, market.order(ALICE, "BUY", number, "100"), "INVALID_NUMBER", "quantity")
    assert len(answer.value) < 50 and answer.value.isascii()
    if number is not None:  # a limit without a price at all is another fault
        refused(market, market.order(ALICE, "BUY", "1", number, order_type=OrderType.LIMIT), "INVALID_NUMBER", "price")
    deposit = Deposit(command_id="d", actor=SYSTEM, account_id=ALICE, asset="USD", amount=number)  # type: ignore[arg-type]
    refused(market, market.apply(deposit), "INVALID_NUMBER", "amount")
    refused(market, market.withdraw(ALICE, number), "INVALID_NUMBER", "amount")  # type: ignore[arg-type]
    assert market.money(ALICE) == (100_000 * ONE, 0)


@pytest.mark.parametrize("quantity,price,field", [("1.5", "100", "quantity"), ("1", "100.001", "price")])
@pytest.mark.fault("F27")
def test_number_off_the_grid_is_refused(market: Market, quantity: str, price: str, field: str) -> None:
    refused(market, market.order(ALICE, "BUY", quantity, price), "INVALID_NUMBER", field)


@pytest.mark.parametrize("quantity", ["1", "1.0", "1.00000000"])
def test_same_number_written_otherwise_is_the_same_order(market: Market, quantity: str) -> None:
    assert market.submit(ALICE, "BUY", quantity, "100.0").quantity == "1"
    assert market.venue.level_lots(1, Side.BUY, 10_000) == 1

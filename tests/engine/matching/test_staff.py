"""What staff may do: reinstate, limit, adjust, cancel for the venue; with a reason, and nobody else."""

from collections.abc import Callable

import pytest

from apps.commands.answers import AnyAnswer, DoneAnswer, RefusedAnswer
from apps.core.enums import AccountStatus, TradingState
from apps.engine.matching.risk import OPEN_ORDERS_MAX
from apps.engine.matching.state import Account
from tests.engine.matching.kit import ADMIN, ALICE, BOB, EXTERNAL, HOUSE, ONE, SUPPORT, SYSTEM, Market, actor

NEWCOMER = 40

#: Every command that is for staff alone, with what makes it another's or a bad one.
STAFF: dict[str, Callable[..., AnyAnswer]] = {
    "suspend": lambda market, **more: market.suspend(ALICE, **more),
    "reinstate": lambda market, **more: market.reinstate(ALICE, **more),
    "limit an account": lambda market, **more: market.limit(ALICE, 5, "100", **more),
    "adjust": lambda market, **more: market.adjust(ALICE, "5", **more),
    "cancel": lambda market, **more: market.force_cancel(ALICE, market.open_order, **more),
    "limit an instrument": lambda market, **more: market.limit_instrument(max_quantity="5", **more),
    "halt": lambda market, **more: market.halt(**more),
    "resume": lambda market, **more: market.resume(**more),
}


@pytest.fixture
def market() -> Market:
    market = Market()
    market.venue.load_account(Account(NEWCOMER, NEWCOMER * 10, AccountStatus.PENDING_FUNDING))
    market.fund(ALICE, "1000")
    market.quote(9_990, 10_010)
    market.open_order = market.submit(ALICE, "BUY", "1", "100").order_id
    market.take()
    return market


def refused(market: Market, answer: AnyAnswer, reason: str, field: str) -> None:
    assert isinstance(answer, RefusedAnswer), answer
    assert (answer.reason, answer.field) == (reason, field)
    changes = market.take()
    assert not any((changes.events, changes.transfers, changes.changed_accounts, changes.changed_instruments))
    assert market.venue.sequence == market.sequence_before


@pytest.mark.parametrize("who", [actor(ALICE), actor(BOB), SUPPORT], ids=["the customer", "another customer", "support"])
@pytest.mark.parametrize("name", STAFF)
def test_only_admins_and_the_system_may(market: Market, name: str, who: object) -> None:
    refused(market, STAFF[name](market, by=who), "NOT_ALLOWED", "actor")


@pytest.mark.parametrize("who", [ADMIN, SYSTEM], ids=["admin", "system"])
@pytest.mark.parametrize("name", STAFF)
def test_admins_and_the_system_may(market: Market, name: str, who: object) -> None:
    assert STAFF[name](market, by=who).reason == ""


@pytest.mark.parametrize("reason", ["", "ab", "   ", " a ", "x" * 201, "a\x00bc", "line\nline", "\ud800abc", None, 5, ["abc"]])
@pytest.mark.parametrize("name", STAFF)
def test_a_reason_is_three_to_two_hundred_printable_characters(market: Market, name: str, reason: object) -> None:
    refused(market, STAFF[name](market, reason=reason), "INVALID_FIELD", "reason")


@pytest.mark.parametrize("reason", ["abc", "x" * 200, "Entschädigung für die Störung: 3 × 5 $", 'a "quote" \\ {NULL}'])
@pytest.mark.parametrize("name", STAFF)
def test_any_other_words_are_a_reason(market: Market, name: str, reason: str) -> None:
    assert STAFF[name](market, reason=reason).reason == ""


@pytest.mark.parametrize("account_id", [77, HOUSE])
def test_an_account_that_is_nobodys_is_unknown(market: Market, account_id: int) -> None:
    answers: list[Callable[[], AnyAnswer]] = [
        lambda: market.reinstate(account_id),
        lambda: market.limit(account_id, 5),
        lambda: market.adjust(account_id, "5"),
        lambda: market.force_cancel(account_id, market.open_order),
    ]
    for ask in answers:
        refused(market, ask(), "UNKNOWN_ACCOUNT", "account_id")


# Reinstate


def test_a_reinstated_account_trades_again(market: Market) -> None:
    market.suspend(ALICE)
    assert market.submit(ALICE, "BUY", "1", "100").reason == "ACCOUNT_NOT_ACTIVE"
    market.take()
    assert market.reinstate(ALICE, reason="cleared by compliance").reason == ""
    changes = market.take()
    assert [account.status for account in changes.changed_accounts.values()] == [AccountStatus.ACTIVE]
    assert [(event.kind, event.fields) for event in changes.events] == [
        ("ACCOUNT_REINSTATED", {"reason": "cleared by compliance"})
    ]
    assert market.submit(ALICE, "BUY", "1", "100").status == "ACCEPTED"


def test_reinstating_an_active_account_is_done_again_without_an_event(market: Market) -> None:
    answer = market.reinstate(ALICE)
    assert isinstance(answer, DoneAnswer) and (answer.reason, answer.reference) == ("", ALICE)
    assert not market.take().events


def test_an_account_that_was_never_opened_is_not_reinstated(market: Market) -> None:
    assert market.reinstate(NEWCOMER).reason == "ACCOUNT_NOT_ACTIVE"
    assert market.venue.accounts[NEWCOMER].status is AccountStatus.PENDING_FUNDING
    assert not market.take().events


# Limits of an account


def test_limits_are_an_event_and_set_again_they_are_not(market: Market) -> None:
    for _ in range(2):
        assert market.limit(ALICE, 7, "250.5").reason == ""
    changes = market.take()
    assert [(event.kind, event.fields) for event in changes.events] == [
        (
            "ACCOUNT_LIMITS_SET",
            {"max_open_orders": 7, "max_order_notional": 25_050_000_000, "orders_per_second": None, "reason": "risk"},
        )
    ]
    assert list(changes.changed_accounts) == [ALICE]


def test_open_orders_up_to_the_accounts_own_limit(market: Market) -> None:
    market.limit(ALICE, 2)
    assert market.submit(ALICE, "BUY", "1", "100").status == "ACCEPTED"
    assert market.submit(ALICE, "BUY", "1", "100").reason == "TOO_MANY_OPEN_ORDERS"
    assert market.submit(ALICE, "BUY", "1").status == "FILLED"  # one that cannot rest is not counted
    market.limit(ALICE, 0)
    assert len(market.venue.orders) > 0 and market.venue.accounts[ALICE].open_orders == 2  # they stay
    market.limit(ALICE)
    assert market.submit(ALICE, "BUY", "1", "100").status == "ACCEPTED"


def test_an_orders_value_up_to_the_accounts_own_limit(market: Market) -> None:
    market.limit(ALICE, None, "200")
    assert market.submit(ALICE, "BUY", "2", "100.00", "IOC").reason == "NO_LIQUIDITY"
    assert market.submit(ALICE, "BUY", "2", "100.01").reason == "MAX_NOTIONAL"
    assert market.submit(ALICE, "BUY", "2").reason == "MAX_NOTIONAL"  # at market it may cost what the collar's edge says
    assert market.submit(ALICE, "BUY", "1").status == "FILLED"
    market.limit(ALICE, None, "199.99999999")
    assert market.submit(ALICE, "BUY", "2", "100.00", "IOC").reason == "MAX_NOTIONAL"


def test_an_accounts_limits_are_its_own(market: Market) -> None:
    market.fund(BOB, "1000")
    market.limit(ALICE, 0, "1")
    assert market.submit(BOB, "BUY", "5", "100").status == "ACCEPTED"


def test_the_instruments_limit_holds_beside_the_accounts(market: Market) -> None:
    market.fund(ALICE, "2000000")
    market.limit(ALICE, OPEN_ORDERS_MAX, "900000")
    assert market.submit(ALICE, "BUY", "5001", "100.00").reason == "MAX_NOTIONAL"


@pytest.mark.parametrize("orders", [-1, OPEN_ORDERS_MAX + 1])
def test_a_limit_of_open_orders_above_the_venues_or_below_none_is_refused(market: Market, orders: int) -> None:
    refused(market, market.limit(ALICE, orders), "INVALID_FIELD", "max_open_orders")


@pytest.mark.parametrize("notional", ["0", "-5", "1e3", "NaN", "1.123456789", "1_0", 5, ""])
def test_a_limit_of_value_that_is_no_positive_number_is_refused(market: Market, notional: object) -> None:
    refused(market, market.limit(ALICE, 5, notional), "INVALID_NUMBER", "max_order_notional")
    assert market.venue.accounts[ALICE].max_open_orders is None  # both or neither


# Adjust


def test_an_adjustment_is_a_transfer_with_the_outside_world_and_its_memo_the_reason(market: Market) -> None:
    answer = market.adjust(BOB, "12.5", reason="refund of a fee")
    changes = market.take()
    [transfer] = changes.transfers
    assert isinstance(answer, DoneAnswer) and answer.reference == transfer.transfer_id
    assert (transfer.kind, transfer.memo, transfer.trade_id) == ("ADJUSTMENT", "refund of a fee", None)
    assert {posting.balance.account_id: posting.amount for posting in changes.postings} == {
        EXTERNAL: -1_250_000_000,
        BOB: 1_250_000_000,
    }
    [event] = changes.events
    assert (event.kind, event.account_id) == ("FUNDS_ADJUSTED", BOB)
    assert event.fields == {
        "transfer_id": transfer.transfer_id, "asset": "USD", "amount": 1_250_000_000, "reason": "refund of a fee"
    }  # fmt: skip


def test_an_adjustment_below_zero_takes_what_is_available_and_never_a_hold(market: Market) -> None:
    assert market.money(ALICE) == (1000 * ONE, 10_020_000_000)  # the open order holds 100.20
    assert market.adjust(ALICE, "-899.80000001").reason == "INSUFFICIENT_FUNDS"
    assert not market.take().transfers
    assert market.adjust(ALICE, "-899.8").reason == ""
    assert market.money(ALICE) == (10_020_000_000, 10_020_000_000)
    assert market.canceled(ALICE, market.open_order).status == "CANCELED"
    assert market.take().events[0].fields["amount"] == -89_980_000_000


def test_nothing_is_taken_from_who_never_had_the_asset(market: Market) -> None:
    assert market.adjust(BOB, "-0.00000001").reason == "INSUFFICIENT_FUNDS"
    assert not market.take().new_balances


def test_an_account_in_any_status_may_be_adjusted(market: Market) -> None:
    market.suspend(ALICE)
    assert market.adjust(ALICE, "-1").reason == ""
    assert market.adjust(NEWCOMER, "1").reason == ""


def test_up_and_down_again_leaves_everything_as_it_was(market: Market) -> None:
    before = market.money(ALICE), market.money(EXTERNAL)
    for amount in ("0.00000001", "123456.789", "-123456.789", "-0.00000001"):
        assert market.adjust(ALICE, amount).reason == ""
    assert (market.money(ALICE), market.money(EXTERNAL)) == before


@pytest.mark.parametrize(
    "amount",
    ["0", "-0", "0.00", "--1", "+1", "-", "", "- 1", "1e3", "-1e3", "NaN", "-NaN", "1.123456789", "-1_0", "−1", 5, -5, None],
)
def test_an_amount_that_is_no_signed_number_is_refused(market: Market, amount: object) -> None:
    refused(market, market.adjust(ALICE, amount), "INVALID_NUMBER", "amount")


def test_an_unknown_asset_is_refused(market: Market) -> None:
    refused(market, market.adjust(ALICE, "5", "EUR"), "UNKNOWN_ASSET", "asset")


# Cancel for the venue


def test_a_forced_cancel_gives_the_hold_back_and_keeps_the_words(market: Market) -> None:
    order_id = market.open_order
    answer = market.force_cancel(ALICE, order_id, reason="price was a typing error")
    assert (answer.status, answer.reason, answer.filled_quantity) == ("CANCELED", "", "0")  # type: ignore[union-attr]
    assert market.money(ALICE) == (1000 * ONE, 0)
    assert market.venue.orders[order_id].reason == "CANCELED_BY_ADMIN"
    [event] = market.take().events
    assert (event.kind, event.fields) == (
        "ORDER_FORCE_CANCELED",
        {"reason": "CANCELED_BY_ADMIN", "explanation": "price was a typing error", "filled_lots": 0, "released": 10_020_000_000},
    )


def test_a_forced_cancel_of_an_ended_order_says_where_it_stands(market: Market) -> None:
    filled = market.submit(ALICE, "BUY", "1")
    answer = market.force_cancel(ALICE, filled.order_id)
    assert (answer.status, answer.reason) == ("FILLED", "ORDER_NOT_OPEN")  # type: ignore[union-attr]


def test_a_forced_cancel_of_no_order_of_this_account_is_refused(market: Market) -> None:
    refused(market, market.force_cancel(ALICE, 123_456), "UNKNOWN_ORDER", "order_id")
    refused(market, market.force_cancel(BOB, market.open_order), "UNKNOWN_ORDER", "order_id")


def test_both_cancels_do_the_same_to_the_book_and_the_money() -> None:
    """What differs is who is named, and the words."""
    outcomes = []
    for cancel in (Market.canceled, Market.force_cancel):
        market = Market()
        market.fund(ALICE, "1000")
        market.quote(9_990, 10_010)
        orders = [market.submit(ALICE, "BUY", "3", price) for price in ("99.95", "100.00", "100.00")]
        market.quote(9_960, 9_999, lots=1)
        for order in orders[1:]:
            cancel(market, ALICE, order.order_id)
        venue = market.venue
        levels = [level.ticks for level in venue.books[1].bids.levels()]
        outcomes.append((market.money(ALICE), levels, venue.accounts[ALICE].open_orders, venue.sequence))
    assert outcomes[0] == outcomes[1]


# Limits of an instrument


def test_limits_of_an_instrument_hold_for_orders_from_now_on(market: Market) -> None:
    resting = market.submit(ALICE, "BUY", "5", "100.00")
    market.take()
    answer = market.limit_instrument(max_quantity="4", max_notional="399", collar_bps=50, reason="volatile")
    assert isinstance(answer, DoneAnswer) and (answer.reason, answer.reference) == ("", 1)
    changes = market.take()
    [changed] = changes.changed_instruments.values()
    assert (changed.max_lots, changed.max_notional, changed.collar_bps, changed.trading_state) == (4, 399 * ONE, 50, "OPEN")
    [event] = changes.events
    assert (event.kind, event.fields) == (
        "INSTRUMENT_LIMITS_SET",
        {"max_quantity": 4 * ONE, "max_notional": 399 * ONE, "collar_bps": 50, "band_bps": 1000, "reason": "volatile"},
    )
    assert market.venue.orders[resting.order_id].status == "ACCEPTED"
    assert market.submit(ALICE, "BUY", "5", "99.95").reason == "MAX_QUANTITY"
    assert market.submit(ALICE, "BUY", "4", "99.95").reason == "MAX_NOTIONAL"
    assert market.submit(ALICE, "BUY", "1", "99.49").reason == "PRICE_COLLAR"
    assert market.submit(ALICE, "BUY", "1", "99.50").status == "ACCEPTED"


def test_setting_the_limits_that_are_set_is_done_again_without_an_event(market: Market) -> None:
    assert market.limit_instrument().reason == ""
    changes = market.take()
    assert not changes.events and not changes.changed_instruments


@pytest.mark.parametrize("state", list(TradingState))
def test_limits_may_be_set_in_every_trading_state_and_leave_it(market: Market, state: TradingState) -> None:
    market.venue.instruments[1].trading_state = state
    assert market.limit_instrument(max_quantity="5").reason == ""
    assert market.venue.instruments[1].trading_state is state


@pytest.mark.parametrize(
    ("change", "reason", "field"),
    [
        ({"symbol": "NOPE"}, "UNKNOWN_SYMBOL", "symbol"),
        ({"max_quantity": "1.5"}, "INVALID_NUMBER", "max_quantity"),
        ({"max_quantity": "0"}, "INVALID_NUMBER", "max_quantity"),
        ({"max_notional": "-1"}, "INVALID_NUMBER", "max_notional"),
        ({"max_notional": "NaN"}, "INVALID_NUMBER", "max_notional"),
        ({"collar_bps": 0}, "INVALID_FIELD", "collar_bps"),
        ({"collar_bps": 10_000}, "INVALID_FIELD", "collar_bps"),
    ],
)
def test_bad_limits_of_an_instrument_are_refused(market: Market, change: dict[str, object], reason: str, field: str) -> None:
    refused(market, market.limit_instrument(**change), reason, field)  # type: ignore[arg-type]

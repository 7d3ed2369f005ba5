"""Opening, suspending, and moving money in and out."""

import pytest

from apps.commands.answers import DoneAnswer, RefusedAnswer
from apps.commands.types import Deposit, OpenAccount, SuspendAccount
from apps.core.enums import AccountStatus
from apps.engine.matching.state import Account
from tests.engine.matching.kit import ADMIN, ALICE, BOB, EXTERNAL, ONE, SYSTEM, Market, actor

NEWCOMER = 40


@pytest.fixture
def market() -> Market:
    market = Market()
    market.venue.load_account(Account(NEWCOMER, NEWCOMER * 10, AccountStatus.PENDING_FUNDING))
    market.take()
    return market


def suspend(market: Market, account_id: int) -> DoneAnswer:
    answer = market.apply(SuspendAccount(command_id=market.next_id(), actor=ADMIN, account_id=account_id, reason="fraud"))
    assert isinstance(answer, DoneAnswer)
    return answer


def opened(market: Market, account_id: int) -> DoneAnswer:
    answer = market.apply(OpenAccount(command_id=market.next_id(), actor=SYSTEM, account_id=account_id))
    assert isinstance(answer, DoneAnswer)
    return answer


def test_open_makes_an_account_active_once(market: Market) -> None:
    assert opened(market, NEWCOMER).reason == ""
    changes = market.take()
    assert [account.status for account in changes.changed_accounts.values()] == [AccountStatus.ACTIVE]
    assert [(e.kind, e.account_sequence) for e in changes.events] == [("ACCOUNT_OPENED", 1)]
    assert opened(market, NEWCOMER).reason == ""
    assert not market.take().events


def test_suspended_account_is_not_opened_again_by_open(market: Market) -> None:
    suspend(market, ALICE)
    assert opened(market, ALICE).reason == "ACCOUNT_NOT_ACTIVE"
    assert market.venue.accounts[ALICE].status is AccountStatus.SUSPENDED


def test_suspending_leaves_open_orders_which_may_be_canceled(market: Market) -> None:
    market.fund(ALICE, "1000")
    market.quote(9_990, 10_010)
    order = market.submit(ALICE, "BUY", "1", "100")
    market.take()
    suspend(market, ALICE)
    assert [e.fields for e in market.take().events] == [{"reason": "fraud"}]
    suspend(market, ALICE)
    assert not market.take().events
    assert market.submit(ALICE, "BUY", "1", "100").reason == "ACCOUNT_NOT_ACTIVE"
    assert market.canceled(ALICE, order.order_id).status == "CANCELED"


def test_deposit_is_a_transfer_from_the_outside_world(market: Market) -> None:
    answer = market.fund(ALICE, "250.5", by=actor(ALICE))
    changes = market.take()
    [transfer] = changes.transfers
    assert (transfer.transfer_id, transfer.kind, transfer.command_id) == (answer.reference, "DEPOSIT", "c-1")
    assert [(p.balance.account_id, p.amount, p.balance_after) for p in changes.postings] == [
        (EXTERNAL, -25_050_000_000, -25_050_000_000),
        (ALICE, 25_050_000_000, 25_050_000_000),
    ]
    assert [balance.account_id for balance in changes.new_balances] == [EXTERNAL, ALICE]
    [event] = changes.events
    assert event.kind == "FUNDS_DEPOSITED"
    assert event.fields == {"transfer_id": answer.reference, "asset": "USD", "amount": 25_050_000_000}
    market.fund(ALICE, "1")
    changes = market.take()
    assert not changes.new_balances and len(changes.changed_balances) == 2


def test_customer_deposits_up_to_a_million_at_a_time(market: Market) -> None:
    assert market.fund(ALICE, "1000000", by=actor(ALICE)).reason == ""
    market.take()
    assert market.fund(ALICE, "1000000.00000001", by=actor(ALICE)).reason == "DEPOSIT_LIMIT"
    assert not market.take().transfers
    assert market.fund(ALICE, "2000000").reason == ""  # an admin may


def test_pending_account_may_be_funded_but_not_traded(market: Market) -> None:
    market.quote(9_990, 10_010)
    assert market.fund(NEWCOMER, "1000", by=actor(NEWCOMER)).reason == ""
    assert market.submit(NEWCOMER, "BUY", "1", "100").reason == "ACCOUNT_NOT_ACTIVE"
    assert market.withdraw(NEWCOMER, "1").reason == "ACCOUNT_NOT_ACTIVE"


def test_suspended_customer_moves_no_money(market: Market) -> None:
    market.fund(ALICE, "10")
    suspend(market, ALICE)
    assert market.fund(ALICE, "1", by=actor(ALICE)).reason == "ACCOUNT_NOT_ACTIVE"
    assert market.withdraw(ALICE, "1").reason == "ACCOUNT_NOT_ACTIVE"
    assert market.money(ALICE) == (10 * ONE, 0)


def test_withdrawal_takes_only_what_is_available(market: Market) -> None:
    market.fund(ALICE, "1000")
    market.quote(9_990, 10_010)
    market.submit(ALICE, "BUY", "5", "100")  # holds 501
    assert market.withdraw(ALICE, "499.00000001").reason == "INSUFFICIENT_FUNDS"
    assert market.withdraw(ALICE, "499").reason == ""
    assert market.money(ALICE) == (501 * ONE, 501 * ONE)
    assert market.take().events[-1].kind == "FUNDS_WITHDRAWN"
    assert market.withdraw(BOB, "1").reason == "INSUFFICIENT_FUNDS"


@pytest.mark.parametrize("memo", ["x" * 201, "a\x00b", "line\nline", "\ud800"])
def test_memo_that_no_column_would_take_is_refused(market: Market, memo: str) -> None:
    answer = market.apply(Deposit(command_id="d", actor=SYSTEM, account_id=ALICE, asset="USD", amount="1", memo=memo))
    assert isinstance(answer, RefusedAnswer) and (answer.reason, answer.field) == ("INVALID_FIELD", "memo")
    assert not market.take().transfers

"""Commands of an account other than orders: open, suspend, reinstate, limit; deposit, withdraw, adjust; close an id."""

from apps.commands.answers import DoneAnswer
from apps.commands.reasons import Reason
from apps.commands.types import (
    CUSTOMER_DEPOSIT_MAX,
    DEAD_MAN_SECONDS_MAX,
    DEAD_MAN_SECONDS_MIN,
    ORDERS_PER_SECOND_MAX,
    AdjustBalance,
    CloseId,
    Deposit,
    OpenAccount,
    ReinstateAccount,
    SetAccountLimits,
    SetDeadMansSwitch,
    SetSelfTradePrevention,
    SuspendAccount,
    Withdraw,
)
from apps.core.enums import AccountStatus, Role, SelfTradePrevention
from apps.core.numbers import UNITS_PER_ONE, parse_positive, parse_signed, shown, to_units
from apps.engine.matching.answers import check_between, check_reason, check_text, denied, done, known_asset, own_account
from apps.engine.matching.ending import end_all_of
from apps.engine.matching.memory import Cause, Memory, Refusal
from apps.engine.matching.money import adjust, move_in, move_out
from apps.engine.matching.risk import OPEN_ORDERS_MAX
from apps.engine.matching.state import SECOND_NS, Account, Asset, whole_microseconds

#: What a customer may deposit with one command, in units of the asset.
DEPOSIT_UNITS_MAX = CUSTOMER_DEPOSIT_MAX * UNITS_PER_ONE


def open_account(memory: Memory, command: OpenAccount, cause: Cause) -> DoneAnswer:
    """PENDING_FUNDING becomes ACTIVE; an ACTIVE one is done again; a SUSPENDED one stays suspended."""
    account = own_account(memory, command.actor, command.account_id)
    if account.status is AccountStatus.SUSPENDED:
        return denied(cause, Reason.ACCOUNT_NOT_ACTIVE, account.account_id)
    if account.status is AccountStatus.PENDING_FUNDING:
        _set_status(memory, account, AccountStatus.ACTIVE)
        memory.tell_account(account, "ACCOUNT_OPENED", cause, None, {})
    return done(cause, account.account_id)


def suspend_account(memory: Memory, command: SuspendAccount, cause: Cause) -> DoneAnswer:
    """New orders are denied from now on. Open ones stay and may be canceled; with ``cancel_orders`` all are, in this step.

    A suspended one is done again.
    """
    check_reason(command.reason)
    account = own_account(memory, command.actor, command.account_id)
    if account.status is not AccountStatus.SUSPENDED:
        _set_status(memory, account, AccountStatus.SUSPENDED)
        memory.tell_account(account, "ACCOUNT_SUSPENDED", cause, None, {"reason": command.reason})
    if command.cancel_orders:
        end_all_of(memory, account, Reason.CANCELED_BY_KILL_SWITCH, cause)
    return done(cause, account.account_id)


def reinstate_account(memory: Memory, command: ReinstateAccount, cause: Cause) -> DoneAnswer:
    """SUSPENDED becomes ACTIVE; an ACTIVE one is done again; one that was never opened has nothing to go back to."""
    check_reason(command.reason)
    account = own_account(memory, command.actor, command.account_id)
    if account.status is AccountStatus.PENDING_FUNDING:
        return denied(cause, Reason.ACCOUNT_NOT_ACTIVE, account.account_id)
    if account.status is AccountStatus.SUSPENDED:
        _set_status(memory, account, AccountStatus.ACTIVE)
        memory.tell_account(account, "ACCOUNT_REINSTATED", cause, None, {"reason": command.reason})
    return done(cause, account.account_id)


def set_account_limits(memory: Memory, command: SetAccountLimits, cause: Cause) -> DoneAnswer:
    """All limits, for orders from now on: open ones stay, however many they are. Setting what is set is done again."""
    check_reason(command.reason)
    account = own_account(memory, command.actor, command.account_id)
    open_orders, notional, per_second = command.max_open_orders, command.max_order_notional, command.orders_per_second
    if open_orders is not None:
        check_between(open_orders, "max_open_orders", 0, OPEN_ORDERS_MAX)
    if per_second is not None:
        check_between(per_second, "orders_per_second", 1, ORDERS_PER_SECOND_MAX)
    field = "max_order_notional"
    limits = (open_orders, None if notional is None else to_units(parse_positive(notional, field), field), per_second)
    if limits != (account.max_open_orders, account.max_order_notional, account.orders_per_second):
        account.max_open_orders, account.max_order_notional, account.orders_per_second = limits
        memory.changes.changed_accounts[account.account_id] = account
        names = ("max_open_orders", "max_order_notional", "orders_per_second")
        fields: dict[str, object] = dict(zip(names, limits, strict=True))
        memory.tell_account(account, "ACCOUNT_LIMITS_SET", cause, None, fields | {"reason": command.reason})
    return done(cause, account.account_id)


def set_self_trade_prevention(memory: Memory, command: SetSelfTradePrevention, cause: Cause) -> DoneAnswer:
    """What happens from now on when two orders of the account meet. Setting what is set is done again."""
    account = own_account(memory, command.actor, command.account_id)
    if type(command.mode) is not SelfTradePrevention:  # it is compared by identity
        raise Refusal(Reason.INVALID_FIELD, "mode must be a member of its enum", "mode", shown(str(command.mode)))
    if command.mode is not account.self_trade_prevention:
        account.self_trade_prevention = command.mode
        memory.changes.changed_accounts[account.account_id] = account
        memory.tell_account(account, "SELF_TRADE_PREVENTION_SET", cause, None, {"mode": command.mode})
    return done(cause, account.account_id)


def set_dead_mans_switch(memory: Memory, command: SetDeadMansSwitch, cause: Cause) -> DoneAnswer:
    """Arm it, renew it, or with 0 seconds switch it off. Whatever the account's status is: all that it can do is cancel."""
    account = own_account(memory, command.actor, command.account_id)
    at_ns = 0
    if command.seconds:
        check_between(command.seconds, "seconds", DEAD_MAN_SECONDS_MIN, DEAD_MAN_SECONDS_MAX)
        at_ns = whole_microseconds(cause.now_ns) + command.seconds * SECOND_NS
    if at_ns != account.dead_man_ns:
        account.dead_man_ns = at_ns
        memory.changes.changed_accounts[account.account_id] = account
        memory.arm_dead_man(account)
        memory.next_sequence()  # no event tells of it, and what has no sequence is not journaled
    return done(cause, account.account_id)


def close_id(memory: Memory, command: CloseId, cause: Cause) -> DoneAnswer:
    """Nothing happens: the answer, kept under the id, is all. So whatever else comes with it later is a conflict."""
    account = own_account(memory, command.actor, command.account_id)
    return denied(cause, Reason.NEVER_RECEIVED, account.account_id)


def _set_status(memory: Memory, account: Account, status: AccountStatus) -> None:
    account.status = status
    memory.changes.changed_accounts[account.account_id] = account


def deposit(memory: Memory, command: Deposit, cause: Cause) -> DoneAnswer:
    """Money from the outside world. A customer's deposit is limited, and is denied while the account is SUSPENDED."""
    account, asset, amount = _read_movement(memory, command)
    if command.actor.role is Role.CUSTOMER:
        if account.status is AccountStatus.SUSPENDED:
            return denied(cause, Reason.ACCOUNT_NOT_ACTIVE)
        if amount > DEPOSIT_UNITS_MAX:
            return denied(cause, Reason.DEPOSIT_LIMIT)
    transfer_id = move_in(memory, account, asset, amount, command.memo, cause)
    _tell_movement(memory, account, "FUNDS_DEPOSITED", transfer_id, asset, amount, cause)
    return done(cause, transfer_id)


def withdraw(memory: Memory, command: Withdraw, cause: Cause) -> DoneAnswer:
    """Money to the outside world: no more than is available. A customer's account must be ACTIVE."""
    account, asset, amount = _read_movement(memory, command)
    if command.actor.role is Role.CUSTOMER and account.status is not AccountStatus.ACTIVE:
        return denied(cause, Reason.ACCOUNT_NOT_ACTIVE)
    balance = account.balances.get(asset.asset_id)
    if balance is None or balance.available < amount:
        return denied(cause, Reason.INSUFFICIENT_FUNDS)
    transfer_id = move_out(memory, account, asset, amount, command.memo, cause)
    _tell_movement(memory, account, "FUNDS_WITHDRAWN", transfer_id, asset, amount, cause)
    return done(cause, transfer_id)


def adjust_balance(memory: Memory, command: AdjustBalance, cause: Cause) -> DoneAnswer:
    """Correct a balance, whatever the account's status is. What is taken is available: a hold is an open order's."""
    check_reason(command.reason)
    account = own_account(memory, command.actor, command.account_id)
    asset = known_asset(memory, command.asset)
    amount = to_units(parse_signed(command.amount, "amount"), "amount")
    balance = account.balances.get(asset.asset_id)
    if amount < 0 and (balance is None or balance.available < -amount):
        return denied(cause, Reason.INSUFFICIENT_FUNDS)
    transfer_id = adjust(memory, account, asset, amount, command.reason, cause)
    _tell_movement(memory, account, "FUNDS_ADJUSTED", transfer_id, asset, amount, cause, reason=command.reason)
    return done(cause, transfer_id)


def _read_movement(memory: Memory, command: Deposit | Withdraw) -> tuple[Account, Asset, int]:
    account = own_account(memory, command.actor, command.account_id)
    asset = known_asset(memory, command.asset)
    amount = to_units(parse_positive(command.amount, "amount"), "amount")
    check_text(command.memo, "memo", 200)
    return account, asset, amount


def _tell_movement(
    memory: Memory, account: Account, kind: str, transfer_id: int, asset: Asset, amount: int, cause: Cause, **more: object
) -> None:
    fields: dict[str, object] = {"transfer_id": transfer_id, "asset": asset.code, "amount": amount, **more}
    memory.tell_account(account, kind, cause, None, fields)

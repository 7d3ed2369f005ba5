"""Asking the engine to move money. The ledger itself is the engine's to write."""

from decimal import Decimal
from enum import StrEnum

from apps.commands.outcomes import DEADLINE_S, CommandOutcome, send_command, staff
from apps.commands.rate import RateLimit
from apps.commands.reasons import Reason
from apps.commands.types import Actor, AdjustBalance, Deposit, Withdraw
from apps.core.enums import Role
from apps.core.numbers import plain
from apps.observability.logs import correlation_id

#: Deposits and withdrawals of one account together.
MONEY_RATE = RateLimit("money", per_second=5)


class Direction(StrEnum):
    DEPOSIT = "deposit"
    WITHDRAW = "withdraw"


def move_paper_money(
    *, direction: Direction, account_id: int, user_id: int, asset: str, amount: Decimal, command_id: str, memo: str = ""
) -> CommandOutcome:
    """Deposit or withdraw ``amount`` of ``asset``; the same ``command_id`` moves money once, however often it is sent.

    The outcome's reference is the transfer. Raises ``NotSentError`` when the account asks too often, or trading is paused.
    """
    MONEY_RATE.check(account_id)
    kind = Deposit if direction is Direction.DEPOSIT else Withdraw
    command = kind(
        command_id=command_id,
        actor=Actor(user_id=user_id, role=Role.CUSTOMER),
        correlation_id=correlation_id(),
        account_id=account_id,
        asset=asset,
        amount=plain(amount),
        memo=memo,
    )
    return send_command(command, DEADLINE_S).when(
        Reason.ID_REUSED, "This form was sent before with another amount. Look at the statement, then try again."
    )


def adjust_balance(
    *, account_id: int, actor_id: int, approver_id: int, asset: str, amount: Decimal, reason: str, command_id: str
) -> CommandOutcome:
    """Correct a balance by ``amount``, which is signed: below zero takes what is available. The customer reads the reason.

    ``actor_id`` is the member of staff who asks, whose right to do so the caller has checked. The reference is the transfer.
    """
    command = AdjustBalance(
        command_id=command_id,
        actor=staff(actor_id),
        approver_id=approver_id,
        correlation_id=correlation_id(),
        account_id=account_id,
        asset=asset,
        amount=plain(amount),
        reason=reason,
    )
    return (
        send_command(command)
        .when_done(f"The balance was adjusted by {amount:+,f} {asset}.")
        .when(Reason.INSUFFICIENT_FUNDS, f"There is not that much {asset} available; what open orders hold is not touched.")
    )

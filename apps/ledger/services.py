"""Asking the engine to move paper money. The ledger itself is the engine's to write."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from apps.commands.client import EngineUnavailableError, get_client
from apps.commands.rate import RateLimit
from apps.commands.reasons import SENTENCES, Reason
from apps.commands.types import Actor, AnyAnswer, ConflictAnswer, Deposit, DoneAnswer, RefusedAnswer, Withdraw
from apps.core.enums import Role
from apps.core.numbers import plain
from apps.observability.logs import correlation_id

#: A person waits for this page; the engine answers within milliseconds or is away.
DEADLINE_S = 3.0
#: Deposits and withdrawals of one account together.
MONEY_RATE = RateLimit("money", per_second=5)


class Direction(StrEnum):
    DEPOSIT = "deposit"
    WITHDRAW = "withdraw"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a movement. ``done`` is None while nobody knows: only then may the same id be sent again."""

    done: bool | None
    sentence: str = ""
    transfer_id: int = 0


def move_paper_money(
    *, direction: Direction, account_id: int, user_id: int, asset: str, amount: Decimal, command_id: str, memo: str = ""
) -> Outcome:
    """Deposit or withdraw ``amount`` of ``asset``; the same ``command_id`` moves money once, however often it is sent.

    Raises ``TooFastError`` when the account asks too often: nothing was sent.
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
    try:
        return _outcome(get_client().send(command, deadline_s=DEADLINE_S))
    except EngineUnavailableError:
        return Outcome(None, f"{SENTENCES[Reason.UNAVAILABLE]} Send the form again: it moves the money once.")


def _outcome(answer: AnyAnswer) -> Outcome:
    if isinstance(answer, DoneAnswer):
        return Outcome(not answer.reason, SENTENCES[Reason(answer.reason)] if answer.reason else "", answer.reference)
    if isinstance(answer, ConflictAnswer):
        return Outcome(False, "This form was sent before with another amount. Look at the statement, then try again.")
    if isinstance(answer, RefusedAnswer):
        return Outcome(False, answer.message)
    raise TypeError(f"a movement of money cannot be answered by {type(answer).__name__}")

"""Opening a trading account, giving it its paper money, and what staff may change about it.

The row is made with its user, in one transaction. The money is the engine's to give: it is asked with ids that are made from the
account's own, so that asking again, from any process and at any time, can never pay twice.
"""

import logging
from decimal import Decimal

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from apps.accounts.models import Account, AccountKind, User
from apps.commands.client import EngineUnavailableError, get_client
from apps.commands.outcomes import CommandOutcome, send_command, staff
from apps.commands.reasons import Reason
from apps.commands.types import (
    Actor,
    AnyAnswer,
    AnyCommand,
    Deposit,
    DoneAnswer,
    OpenAccount,
    ReinstateAccount,
    SetAccountLimits,
    SuspendAccount,
)
from apps.core.enums import Role
from apps.core.numbers import plain
from apps.observability.logs import correlation_id

log = logging.getLogger(__name__)

SYSTEM = Actor(user_id=None, role=Role.SYSTEM)


def open_paper_account(user: User) -> int:
    """Make the user's trading account, PENDING_FUNDING, and return its id. Call it in the transaction that makes the user."""
    with transaction.atomic():
        return Account.objects.create(user=user, kind=AccountKind.CUSTOMER).pk


def update_profile(*, user_id: int, name: str, time_zone: str) -> None:
    """Write what a person says about themselves, checked by the form; the database refuses a name that cannot be printed."""
    User.objects.filter(pk=user_id).update(name=name, time_zone=time_zone)


def ensure_funded(account_id: int, *, deadline_s: float = 2.0) -> bool:
    """Ask the engine to open the account and to pay its paper deposit; True once both are done.

    1. ``open-<id>`` makes the account ACTIVE.
    2. ``paper-<id>`` deposits ``settings.PAPER_DEPOSIT``.
    3. The answer is written down, so that nobody asks again.

    False means that the engine was away or not ready: the account stays as it is, and the caller may ask again.
    """
    deposit = settings.PAPER_DEPOSIT
    commands: list[AnyCommand] = [
        OpenAccount(command_id=f"open-{account_id}", actor=SYSTEM, correlation_id=correlation_id(), account_id=account_id),
        Deposit(
            command_id=f"paper-{account_id}",
            actor=SYSTEM,
            correlation_id=correlation_id(),
            account_id=account_id,
            asset=deposit["asset"],
            amount=deposit["amount"],
            memo="Paper money to start with",
        ),
    ]
    for command in commands:
        try:
            answer = get_client().send(command, deadline_s=deadline_s)
        except EngineUnavailableError:
            return False
        if not _is_done(answer):
            log.warning("account %s is not funded: %s answered %s", account_id, command.command_id, answer)
            return False
    Account.objects.filter(pk=account_id, paper_deposit_at__isnull=True).update(paper_deposit_at=timezone.now())
    return True


def _is_done(answer: AnyAnswer) -> bool:
    return isinstance(answer, DoneAnswer) and not answer.reason


# What staff may change. ``actor_id`` is the member of staff who asks, whose right to do so the caller has checked; the customer
# reads the reason. Nothing is raised: an outcome says what became of it.


def suspend_account(*, account_id: int, actor_id: int, reason: str, command_id: str) -> CommandOutcome:
    """New orders and movements of money by the customer are denied from now on; open orders stay and may be canceled."""
    command = SuspendAccount(
        command_id=command_id, actor=staff(actor_id), correlation_id=correlation_id(), account_id=account_id, reason=reason
    )
    return send_command(command).when_done("The account is suspended.")


def reinstate_account(*, account_id: int, actor_id: int, reason: str, command_id: str) -> CommandOutcome:
    command = ReinstateAccount(
        command_id=command_id, actor=staff(actor_id), correlation_id=correlation_id(), account_id=account_id, reason=reason
    )
    return (
        send_command(command)
        .when_done("The account is active.")
        .when(Reason.ACCOUNT_NOT_ACTIVE, "This account was never opened: it becomes active with its paper deposit.")
    )


def set_account_limits(
    *,
    account_id: int,
    actor_id: int,
    max_open_orders: int | None,
    max_order_notional: Decimal | None,
    reason: str,
    command_id: str,
) -> CommandOutcome:
    """Limits below the venue's own, for orders from now on; None is the venue's. Both are set, whatever they were before."""
    command = SetAccountLimits(
        command_id=command_id,
        actor=staff(actor_id),
        correlation_id=correlation_id(),
        account_id=account_id,
        max_open_orders=max_open_orders,
        max_order_notional=None if max_order_notional is None else plain(max_order_notional),
        reason=reason,
    )
    return send_command(command).when_done("The account's limits are set, for orders from now on.")

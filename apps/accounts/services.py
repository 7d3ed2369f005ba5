"""Opening a trading account, giving it its paper money, and what staff may change about it.

The row is made with its user, in one transaction. The money is the engine's to give: it is asked with ids that are made from the
account's own, so that asking again, from any process and at any time, can never pay twice.
"""

import logging
from decimal import Decimal
from smtplib import SMTPException

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone

from apps.accounts.log_ins import end_log_ins
from apps.accounts.models import Account, AccountKind, User
from apps.commands.answers import AnyAnswer, DoneAnswer
from apps.commands.client import EngineUnavailableError, get_client
from apps.commands.outcomes import CommandOutcome, send_command, staff
from apps.commands.reasons import Reason
from apps.commands.types import (
    Actor,
    AnyCommand,
    Deposit,
    OpenAccount,
    ReinstateAccount,
    SetAccountLimits,
    SetSelfTradePrevention,
    SuspendAccount,
)
from apps.core.enums import AccountStatus, Role, SelfTradePrevention
from apps.core.numbers import plain
from apps.observability.logs import correlation_id

log = logging.getLogger(__name__)

SYSTEM = Actor(user_id=None, role=Role.SYSTEM)


def open_paper_account(user: User) -> int:
    """Make the user's trading account, PENDING_FUNDING, and return its id. Call it in the transaction that makes the user."""
    with transaction.atomic():
        return Account.objects.create(user=user, kind=AccountKind.CUSTOMER).pk


def discard_unconfirmed(user_id: int) -> bool:
    """Remove a sign-up that was never confirmed, with its account that never had money; False when it is more than that."""
    with transaction.atomic():
        user = User.objects.select_for_update().filter(pk=user_id, role=Role.CUSTOMER, last_login__isnull=True).first()
        # Locked, so that a confirmation under way is waited for: it may not be confirmed and gone.
        addresses = EmailAddress.objects.select_for_update().filter(user_id=user_id)
        if user is None or any(address.verified for address in addresses):
            return False
        accounts = Account.objects.select_for_update().filter(user=user)
        if any(account.status != AccountStatus.PENDING_FUNDING for account in accounts):
            return False
        accounts.delete()
        user.delete()
        return True


def discard_unconfirmed_address(email: str) -> bool:
    """As :func:`discard_unconfirmed`, by the address."""
    user_id = User.objects.filter(email=email).values_list("pk", flat=True).first()
    return user_id is not None and discard_unconfirmed(user_id)


def has_confirmed_address(user_id: int) -> bool:
    return EmailAddress.objects.filter(user_id=user_id, verified=True).exists()


def confirm_address(user: User) -> None:
    """The user's address is proved: a mail to it was read."""
    EmailAddress.objects.update_or_create(user=user, email=user.email, defaults={"verified": True, "primary": True})


def make_staff(email: str, role: Role, password: str | None) -> User:
    """Make a person of the staff; without ``password`` nobody can log in until one is set. Raises ValidationError."""
    if role is Role.ADMIN:
        return User.objects.create_superuser(email, password)
    return User.objects.create_user(email, password, role=role)


def remove_second_factors(user: User, reason: str) -> tuple[int, int, bool]:
    """Remove every second factor of the user, end every log-in, and tell the owner by mail.

    Returns how many factors and log-ins there were, and whether the mail went out.
    """
    removed, ended = drop_second_factors(user, reason)
    return removed, ended, tell_factors_are_gone(user)


def drop_second_factors(user: User, reason: str) -> tuple[int, int]:
    """Remove every second factor of the user, and end every log-in; return how many there were of both."""
    with transaction.atomic():
        removed, _ = Authenticator.objects.filter(user=user).delete()
        ended = end_log_ins(user.pk)
    log.warning("second factors of user %s were removed: %s", user.pk, reason)
    return removed, ended


def tell_factors_are_gone(user: User) -> bool:
    """Tell the owner by mail; False when it did not go out, which is in the log."""
    try:
        send_mail(
            "Your second factor was removed",
            render_to_string("account/email/second_factor_removed.txt", {"origin": settings.PUBLIC_ORIGINS[0]}),
            settings.DEFAULT_FROM_EMAIL,
            [user.email],
        )
    except (SMTPException, OSError) as error:
        log.error("user %s was not told by mail: %s", user.pk, error)
        return False
    return True


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


def choose_self_trade_prevention(*, account_id: int, user_id: int, mode: SelfTradePrevention, command_id: str) -> CommandOutcome:
    """Choose what happens when two orders of the account would trade with each other; its owner's own business."""
    command = SetSelfTradePrevention(
        command_id=command_id,
        actor=Actor(user_id=user_id, role=Role.CUSTOMER),
        correlation_id=correlation_id(),
        account_id=account_id,
        mode=mode,
    )
    return send_command(command).when_done("Your choice was saved. It holds for orders from now on.")


def suspend_account(
    *, account_id: int, actor_id: int, reason: str, command_id: str, cancel_orders: bool = False
) -> CommandOutcome:
    """New orders and movements of money by the customer are denied from now on; open orders stay and may be canceled, or are all
    canceled in the same step."""
    command = SuspendAccount(
        command_id=command_id, actor=staff(actor_id), correlation_id=correlation_id(), account_id=account_id, reason=reason,
        cancel_orders=cancel_orders,
    )  # fmt: skip
    what = ", and its open orders are canceled" if cancel_orders else ""
    return send_command(command).when_done(f"The account is suspended{what}.")


def reinstate_account(*, account_id: int, actor_id: int, approver_id: int, reason: str, command_id: str) -> CommandOutcome:
    command = ReinstateAccount(
        command_id=command_id,
        actor=staff(actor_id),
        approver_id=approver_id,
        correlation_id=correlation_id(),
        account_id=account_id,
        reason=reason,
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
    approver_id: int,
    max_open_orders: int | None,
    max_order_notional: Decimal | None,
    orders_per_second: int | None,
    reason: str,
    command_id: str,
) -> CommandOutcome:
    """Limits below the venue's own, for orders from now on; None is the venue's. All are set, whatever they were before."""
    command = SetAccountLimits(
        command_id=command_id,
        actor=staff(actor_id),
        approver_id=approver_id,
        correlation_id=correlation_id(),
        account_id=account_id,
        max_open_orders=max_open_orders,
        max_order_notional=None if max_order_notional is None else plain(max_order_notional),
        orders_per_second=orders_per_second,
        reason=reason,
    )
    return send_command(command).when_done("The account's limits are set, for orders from now on.")

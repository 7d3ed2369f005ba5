"""What admins change about a person: the role, the second factor, whether they may log in. Rows of accounts, no engine is asked.

Whoever changes a person's rights holds the rows of all admins, in one order, so that of two who would each leave the other one as
the last admin only one gets through. Each returns what became of it, in a sentence; nothing is raised.
"""

from django.db import transaction

from apps.accounts.log_ins import end_log_ins
from apps.accounts.models import Account, User
from apps.accounts.second_factor import list_factor_types
from apps.accounts.services import drop_second_factors, open_paper_account, tell_factors_are_gone
from apps.commands.outcomes import CommandOutcome
from apps.core.enums import Role

STAFF = (Role.SUPPORT, Role.ADMIN)
LAST_ADMIN = "This is the last admin who may log in."
HAS_ACCOUNT = "Who has a trading account is a customer: staff are people of their own."


def change_role(*, user_id: int, role: Role) -> CommandOutcome:
    """Give a person another role, and end their log-ins: pages of the staff want a second factor of each. Who becomes a customer
    gets a trading account, which is paid its paper money at the first log-in."""
    with transaction.atomic():
        person, others = _held(user_id)
        if role in STAFF and Account.objects.filter(user_id=user_id).exists():
            return CommandOutcome(False, HAS_ACCOUNT, reason="HAS_ACCOUNT")
        if not others and person.role == Role.ADMIN:
            return CommandOutcome(False, LAST_ADMIN, reason="LAST_ADMIN")
        is_admin = role is Role.ADMIN
        person.role, person.is_staff, person.is_superuser = role.value, is_admin, is_admin
        person.save(update_fields=["role", "is_staff", "is_superuser"])
        if role is Role.CUSTOMER and not Account.objects.filter(user_id=user_id).exists():
            open_paper_account(person)
        ended = end_log_ins(user_id)
    return CommandOutcome(True, f"User {user_id} is {role.value} now; {ended} log-ins are ended.", reference=user_id)


def reset_second_factor(*, user_id: int, reason: str) -> CommandOutcome:
    """Remove all second factors and end all log-ins; the owner is told by mail once that is committed.

    The password stays."""
    with transaction.atomic():
        person, _ = _held(user_id)
        removed, ended = drop_second_factors(person, reason)
        transaction.on_commit(lambda: tell_factors_are_gone(person))
    return CommandOutcome(True, f"{removed} second factors are removed, {ended} log-ins are ended.", reference=user_id)


def deactivate(*, user_id: int) -> CommandOutcome:
    """Nobody logs in with it from now on, and no program; what is logged in ends. Orders and money stay as they are."""
    with transaction.atomic():
        person, others = _held(user_id)
        if not others and person.role == Role.ADMIN:
            return CommandOutcome(False, LAST_ADMIN, reason="LAST_ADMIN")
        User.objects.filter(pk=user_id).update(is_active=False)
        ended = end_log_ins(user_id)
    return CommandOutcome(True, f"User {user_id} is deactivated; {ended} log-ins are ended.", reference=user_id)


def reactivate(*, user_id: int) -> CommandOutcome:
    """The person may log in again, in the role that they have."""
    User.objects.filter(pk=user_id).update(is_active=True)
    return CommandOutcome(True, "The person may log in again.", reference=user_id)


def factors_in_words(user_id: int) -> str:
    return ", ".join(sorted(list_factor_types(user_id))) or "none"


def _held(user_id: int) -> tuple[User, int]:
    """The person, and how many other admins may log in; all of them are held until the end of the transaction."""
    admins = User.objects.select_for_update(no_key=True).filter(role=Role.ADMIN, is_active=True).order_by("pk")
    others = sum(admin.pk != user_id for admin in admins)
    return User.objects.select_for_update(no_key=True).get(pk=user_id), others

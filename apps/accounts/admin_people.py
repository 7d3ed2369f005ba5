"""The buttons of a person in the Django admin: the role, the second factor, and whether they may log in."""

from collections.abc import Callable
from typing import Any

from apps.accounts import people
from apps.accounts.models import User
from apps.backoffice.buttons import CommandButton, Sending
from apps.backoffice.forms import Ask, one_of
from apps.commands.outcomes import CommandOutcome
from apps.core.enums import Role

ROLES = (Role.CUSTOMER.value, Role.SUPPORT.value, Role.ADMIN.value)


def account_of(user: User) -> int | None:
    account = getattr(user, "account", None)
    return account.pk if account is not None else None


def named(user: User) -> str:
    """By the number alone: the trail outlives the address."""
    return f"user {user.pk}"


def itself(user: User) -> int:
    return user.pk


def somebody_else(user: User, actor_id: int) -> str:
    return "Somebody else does that." if user.pk == actor_id else ""


def _change_role(user: User, values: dict[str, Any], sending: Sending) -> CommandOutcome:
    return people.change_role(user_id=user.pk, role=Role(values["role"]))


def change_of_role(user: User, values: dict[str, Any]) -> tuple[dict[str, str], dict[str, str]]:
    return {"Role": user.role}, {"Role": values["role"]} if values else {}


def has_no_account(user: User) -> str:
    return "" if account_of(user) is None else people.HAS_ACCOUNT


def _reset(user: User, values: dict[str, Any], sending: Sending) -> CommandOutcome:
    return people.reset_second_factor(user_id=user.pk, reason=sending.reason)


def change_of_factors(user: User, values: dict[str, Any]) -> tuple[dict[str, str], dict[str, str]]:
    return {"Second factors": people.factors_in_words(user.pk)}, {"Second factors": "none"}


def has_a_factor(user: User) -> str:
    return "There is no second factor." if people.factors_in_words(user.pk) == "none" else ""


def _deactivate(user: User, values: dict[str, Any], sending: Sending) -> CommandOutcome:
    return people.deactivate(user_id=user.pk)


def _reactivate(user: User, values: dict[str, Any], sending: Sending) -> CommandOutcome:
    return people.reactivate(user_id=user.pk)


def change_of_activity(is_active: bool) -> Callable[[User, dict[str, Any]], tuple[dict[str, str], dict[str, str]]]:
    words = {True: "may log in", False: "may not log in"}
    return lambda user, values: ({"Person": words[user.is_active]}, {"Person": words[is_active]})


BUTTONS = (
    CommandButton(
        "role", "Change the role", "CHANGE_ROLE",
        "Every log-in of the person ends. Staff need a second factor; who becomes a customer gets a trading account.",
        _change_role, change_of_role, named, refuse=has_no_account, person=itself, four_eyes=True, by_rows=True,
        asks=(Ask("role", "Role", one_of(*ROLES), lambda user: user.role, choices=ROLES),),
    ),
    CommandButton(
        "reset-factor", "Reset the second factor", "RESET_SECOND_FACTOR",
        "For somebody who has lost the app, the passkeys and the recovery codes, once you know that it is the owner who asks: "
        "all of them are removed, every log-in ends, and the owner is told by mail. The password stays.",
        _reset, change_of_factors, named, refuse=has_a_factor, account_id=account_of, person=itself, four_eyes=True, by_rows=True,
    ),
    CommandButton(
        "deactivate", "Deactivate", "DEACTIVATE_PERSON",
        "Nobody logs in with it from now on, also no program, and what is logged in ends. Orders and money stay as they are.",
        _deactivate, change_of_activity(False), named, bars=somebody_else, account_id=account_of, grave=True, by_rows=True,
        refuse=lambda user: "" if user.is_active else "The person is deactivated already.",
    ),
    CommandButton(
        "reactivate", "Reactivate", "REACTIVATE_PERSON", "The person may log in again, in the role that they have.",
        _reactivate, change_of_activity(True), named, account_id=account_of, person=itself, four_eyes=True, by_rows=True,
        refuse=lambda user: "The person is active." if user.is_active else "",
    ),
)  # fmt: skip

"""The one way from a request to the account it may act on, or to the person of the staff who asks.

An order, a balance or a statement is always looked up from here.
"""

import time
from dataclasses import dataclass

from django.conf import settings
from django.http import Http404, HttpRequest

from apps.accounts.second_factor import list_factor_types, proved_at
from apps.accounts.selectors import AccountView, get_account_of_user
from apps.core.enums import Role

_UNSET = object()


class LoginRequiredError(Exception):
    """Nobody is logged in. ``AccessMiddleware`` turns it into the way to the log-in page."""


class SecondFactorRequiredError(Exception):
    """This log-in of the staff has not shown a second factor, or too long ago.

    ``AccessMiddleware`` turns it into the way to show one of ``factor_types``, or to set one up where there is none.
    """

    def __init__(self, factor_types: frozenset[str]) -> None:
        super().__init__("second factor required")
        self.factor_types = factor_types


@dataclass(frozen=True, slots=True)
class StaffView:
    """A person of the staff who has logged in with a second factor."""

    user_id: int
    email: str
    role: Role


def find_account(request: HttpRequest) -> AccountView | None:
    """The account of the person who is logged in; None for visitors and for staff, also for one of the staff who was a customer
    before. Read once a request."""
    user = getattr(request, "user", None)
    # Asked first: the account may come with the person.
    is_customer = user is not None and user.is_authenticated and user.role == Role.CUSTOMER
    found = getattr(request, "_tredye_account", _UNSET)
    if found is _UNSET:
        found = get_account_of_user(user.pk) if user is not None and is_customer else None
        remember_account(request, found)
    return found if is_customer else None  # type: ignore[return-value]


def remember_account(request: HttpRequest, account: AccountView | None) -> None:
    """It was read for this request already."""
    request._tredye_account = account  # type: ignore[attr-defined]


def access_account(request: HttpRequest) -> AccountView:
    """Return the account of the person who is logged in.

    Raises :class:`LoginRequiredError` for a visitor, and Http404 for staff, who have no account: to them the page does not exist.
    """
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        raise LoginRequiredError
    account = find_account(request)
    if account is None:
        raise Http404("no trading account")
    return account


def access_staff(request: HttpRequest, *roles: Role) -> StaffView:
    """Return the person of the staff who is logged in, if the role is one of ``roles``.

    Raises :class:`LoginRequiredError` for a visitor, Http404 for everybody else who may not be there: to them the page does not
    exist. Raises :class:`SecondFactorRequiredError` when the role is right and this session has not shown a second factor
    within ``settings.STAFF_SESSION_MAX_S``, or the person has none any more.
    """
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        raise LoginRequiredError
    if user.role not in roles:
        raise Http404("not for this role")
    factor_types, shown_at = list_factor_types(user.pk), proved_at(request)
    if not factor_types or shown_at is None or time.time() - shown_at > settings.STAFF_SESSION_MAX_S:
        raise SecondFactorRequiredError(factor_types)
    return StaffView(user.pk, user.email, Role(user.role))


def forget_account(request: HttpRequest) -> None:
    """The account was changed while this request runs: the next look reads it anew."""
    if hasattr(request, "_tredye_account"):
        del request._tredye_account

"""The one way from a request to the account it may act on, or to the person of the staff who asks.

An order, a balance or a statement is always looked up from here.
"""

from dataclasses import dataclass

from allauth.mfa.utils import is_mfa_enabled
from django.http import Http404, HttpRequest

from apps.accounts.selectors import AccountView, get_account_of_user
from apps.core.enums import Role

_UNSET = object()


class LoginRequiredError(Exception):
    """Nobody is logged in. ``AccessMiddleware`` turns it into the way to the log-in page."""


class SecondFactorRequiredError(Exception):
    """Somebody of the staff has no second factor yet. ``AccessMiddleware`` turns it into the way to set one up."""


@dataclass(frozen=True, slots=True)
class StaffView:
    """A person of the staff who has logged in with a second factor."""

    user_id: int
    email: str
    role: Role


def find_account(request: HttpRequest) -> AccountView | None:
    """The account of the person who is logged in; None for visitors and for staff. Read once a request."""
    found = getattr(request, "_tredye_account", _UNSET)
    if found is _UNSET:
        user = getattr(request, "user", None)
        found = get_account_of_user(user.pk) if user is not None and user.is_authenticated else None
        request._tredye_account = found  # type: ignore[attr-defined]
    return found  # type: ignore[return-value]


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
    exist. Raises :class:`SecondFactorRequiredError` when the role is right and the second factor is missing.
    """
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        raise LoginRequiredError
    if user.role not in roles:
        raise Http404("not for this role")
    if not is_mfa_enabled(user):
        raise SecondFactorRequiredError
    return StaffView(user.pk, user.email, Role(user.role))


def forget_account(request: HttpRequest) -> None:
    """The account was changed while this request runs: the next look reads it anew."""
    if hasattr(request, "_tredye_account"):
        del request._tredye_account

"""The one way from a request to the account it may act on. An order, a balance or a statement is always looked up from here."""

from django.http import Http404, HttpRequest

from apps.accounts.selectors import AccountView, get_account_of_user

_UNSET = object()


class LoginRequiredError(Exception):
    """Nobody is logged in. ``AccessMiddleware`` turns it into the way to the log-in page."""


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


def forget_account(request: HttpRequest) -> None:
    """The account was changed while this request runs: the next look reads it anew."""
    if hasattr(request, "_tredye_account"):
        del request._tredye_account

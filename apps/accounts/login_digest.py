"""What names a log-in to the browser without giving it away: tabs of one log-in share a socket, and no others."""

from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from apps.accounts.access import find_account

_SALT = "tredye.login"
_LENGTH = 20


def digest_of(account_id: int, session_key: str) -> str:
    """``account.log-in``, each a digest that says nothing of what it is made of."""
    values = (f"account {account_id}", f"session {session_key}")
    return ".".join(salted_hmac(_SALT, value).hexdigest()[:_LENGTH] for value in values)


def login_digest(request: HttpRequest) -> str:
    """The one of who asks; empty for a visitor and for staff, who have no account to hear of."""
    account, session_key = find_account(request), request.session.session_key
    return "" if account is None or session_key is None else digest_of(account.id, session_key)

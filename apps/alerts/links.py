"""The link that turns mails off, for whoever reads them without being logged in. It can do that one thing, and never expires."""

from django.conf import settings
from django.core.signing import BadSignature, Signer
from django.urls import reverse

_SALT = "tredye.alerts.mail-off"


class BadLinkError(ValueError):
    """Nobody of ours made this link."""


def mail_off_token(account_id: int) -> str:
    return Signer(salt=_SALT).sign_object(account_id)


def mail_off_address(account_id: int) -> str:
    return settings.PUBLIC_ORIGINS[0] + reverse("alerts:mail_off", args=[mail_off_token(account_id)])


def read_mail_off(token: str) -> int:
    """Whose mails the link turns off; raises :class:`BadLinkError`."""
    try:
        account_id = Signer(salt=_SALT).unsign_object(token)
    except (BadSignature, ValueError) as error:
        raise BadLinkError("this link is not one of ours") from error
    if not isinstance(account_id, int):
        raise BadLinkError("this link is of another kind")
    return account_id

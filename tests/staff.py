"""People of the staff, as the second factor leaves them."""

from typing import Any

from allauth.account.utils import user_pk_to_url_str
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.mfa.webauthn.internal.auth import WebAuthn
from fido2.utils import websafe_encode

from apps.accounts.models import User
from apps.core.enums import Role
from tests.builders import make_user
from tests.passkeys import Passkey


def make_staff(email: str, role: Role, *, second_factor: bool = True) -> User:
    """Somebody with ``role``; without a second factor only the way to set one up is open."""
    extra: dict[str, Any] = {"is_staff": True, "is_superuser": True} if role is Role.ADMIN else {}
    user = make_user(email, role=role, **extra)
    if second_factor:
        TOTP.activate(user, generate_totp_secret())
    return user


def make_passkey(user: User, passkey: Passkey | None = None) -> Authenticator:
    """Register ``passkey`` with the user, as the page does."""
    handle = websafe_encode(user_pk_to_url_str(user).encode())
    credential = (passkey or Passkey()).create({"publicKey": {"user": {"id": handle}, "challenge": "AAAA"}})
    row: Authenticator = WebAuthn.add(user, "Key", credential).instance
    return row

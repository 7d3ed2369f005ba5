"""People of the staff, as the second factor leaves them."""

from typing import Any

from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

from apps.accounts.models import User
from apps.core.enums import Role
from tests.builders import make_user


def make_staff(email: str, role: Role, *, second_factor: bool = True) -> User:
    """Somebody with ``role``; without a second factor only the way to set one up is open."""
    extra: dict[str, Any] = {"is_staff": True, "is_superuser": True} if role is Role.ADMIN else {}
    user = make_user(email, role=role, **extra)
    if second_factor:
        TOTP.activate(user, generate_totp_secret())
    return user

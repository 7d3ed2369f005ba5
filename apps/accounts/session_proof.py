"""Who a stored session says is logged in, and whether that still holds. No query is made here."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.utils.crypto import constant_time_compare

from apps.accounts.models import User
from apps.accounts.sessions import SessionStore


class Claim(NamedTuple):
    """What a session says; :func:`is_proved` tells whether it still holds."""

    user_id: int
    password_proof: str


def is_session_key(key: str) -> bool:
    """Whether ``key`` can be one at all: a cookie may hold anything."""
    return SessionStore()._validate_session_key(key)


def read_claim(session_data: str) -> Claim | None:
    """Who is logged in by ``session_data``, a stored session; None when nobody is, or it was not signed by us."""
    return claim_of(SessionStore().decode(session_data))


def claim_of(session: Mapping[str, Any] | SessionStore) -> Claim | None:
    """The same of a session that was read."""
    if session.get(BACKEND_SESSION_KEY) not in settings.AUTHENTICATION_BACKENDS:
        return None
    user_id, proof = str(session.get(SESSION_KEY, "")), session.get(HASH_SESSION_KEY)
    if not user_id.isascii() or not user_id.isdigit() or len(user_id) > 18 or not isinstance(proof, str):
        return None
    return Claim(int(user_id), proof)


def is_proved(claim: Claim, password: str) -> bool:
    """Whether the session was made with the password hash that the user has now: a changed password ends the others."""
    user = User(password=password)
    proofs = (user.get_session_auth_hash(), *user.get_session_auth_fallback_hash())
    return any(constant_time_compare(claim.password_proof, proof) for proof in proofs)

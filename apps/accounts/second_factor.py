"""Second factors: what a session has proved, and how their secrets rest in the database.

allauth keeps the factors; every secret of theirs passes through :class:`SecondFactorAdapter` on its way in and out.
"""

import base64
import functools
import logging
import time
from collections.abc import Collection
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import HttpRequest

log = logging.getLogger(__name__)

TOTP = str(Authenticator.Type.TOTP)
PASSKEY = str(Authenticator.Type.WEBAUTHN)
RECOVERY_CODES = str(Authenticator.Type.RECOVERY_CODES)
#: Recovery codes stand in for a factor; alone they are none.
FACTORS = (TOTP, PASSKEY)
_PURPOSE = b"tredye: second factors at rest"
_SECRET_FIELDS = {TOTP: "secret", RECOVERY_CODES: "seed"}
_CHUNK = 500


class UnreadableSecretError(ValidationError):
    """The secret of a factor was encrypted with a key that this installation no longer knows."""


class SecondFactorAdapter(DefaultMFAAdapter):
    """Secrets of apps and recovery codes are encrypted with a key made of SECRET_KEY: a copy of the database opens nothing."""

    error_messages = DefaultMFAAdapter.error_messages | {
        "incorrect_code": "This code does not fit, or was used already.",
        "cannot_generate_recovery_codes": "Recovery codes stand in for a second factor. Set up an app or a passkey first.",
    }

    def encrypt(self, text: str) -> str:
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Raises :class:`UnreadableSecretError`, which a form shows as its error; never a guess, which somebody could know."""
        try:
            return _box().decrypt(encrypted_text.encode()).decode()
        except InvalidToken:
            log.error("a second factor cannot be read: its SECRET_KEY is neither the key nor among SECRET_KEY_FALLBACKS")
            raise UnreadableSecretError("This second factor cannot be read any more. Use another one.") from None

    def is_mfa_enabled(self, user: Any, types: Collection[str] | None = None) -> bool:
        """As allauth has it, but not one query for each type that it asks about."""
        if user.is_anonymous:
            return False
        found = _list_types(user.pk)
        return bool(found if types is None else found & {str(each) for each in types})

    def generate_authenticator_name(self, user: object, type: object) -> str:
        return "Passkey"


def _box() -> MultiFernet:
    return _box_of((settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS))


@functools.lru_cache(maxsize=4)
def _box_of(keys: tuple[str, ...]) -> MultiFernet:
    def key_of(secret: str) -> bytes:
        derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=_PURPOSE).derive(secret.encode())
        return base64.urlsafe_b64encode(derived)

    return MultiFernet([Fernet(key_of(secret)) for secret in keys])


def encrypt_anew() -> int:
    """Encrypt every secret with the newest key, so that a former one can be forgotten; return how many there are.

    A row is locked for its own change alone, and may be used meanwhile. Raises ``InvalidToken`` at a secret that no key reads.
    """
    done, last = 0, 0
    while ids := list(
        Authenticator.objects.filter(type__in=_SECRET_FIELDS, pk__gt=last).order_by("pk").values_list("pk", flat=True)[:_CHUNK]
    ):
        for pk in ids:
            with transaction.atomic():
                row = Authenticator.objects.select_for_update().filter(pk=pk).first()
                if row is not None:
                    field = _SECRET_FIELDS[row.type]
                    row.data[field] = _box().rotate(row.data[field].encode()).decode()
                    row.save(update_fields=["data"])
                    done += 1
        last = ids[-1]
    return done


def list_factor_types(user_id: int) -> frozenset[str]:
    """Which of :data:`FACTORS` the user has."""
    return _list_types(user_id) & frozenset(FACTORS)


def _list_types(user_id: int) -> frozenset[str]:
    """Every type that the user has, recovery codes among them. Read once in a request that changes nothing."""
    request = context.request
    if request is None or request.method not in ("GET", "HEAD"):
        return _read_types(user_id)
    known: dict[int, frozenset[str]] = request.__dict__.setdefault("_tredye_factor_types", {})
    if user_id not in known:
        known[user_id] = _read_types(user_id)
    return known[user_id]


def _read_types(user_id: int) -> frozenset[str]:
    return frozenset(Authenticator.objects.filter(user_id=user_id).values_list("type", flat=True))


def proved_at(request: HttpRequest) -> float | None:
    """When this session last showed a second factor, in seconds of the epoch; None: never."""
    return max((record["at"] for record in _records(request) if record["method"] == "mfa"), default=None)


def confirmed_recently(request: HttpRequest) -> bool:
    """Whether the person behind this session has just shown who they are: by a factor where they have one, else by password."""
    records = _records(request)
    if list_factor_types(request.user.pk):  # type: ignore[arg-type]
        records = [record for record in records if record["method"] == "mfa"]
    since = time.time() - settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
    return any(record["at"] > since for record in records)


def _records(request: HttpRequest) -> list[dict]:
    return get_authentication_records(request, request.user)

"""API keys of an account: made once, shown once, known again by a digest, and ended for good.

A key is ``tredye_<prefix>_<secret>``. The prefix finds the row and may be shown; the secret is 32 random bytes. Its SHA-256 is
kept: what is that random cannot be guessed from a digest, however fast the digest is, and a slow one would cost every request.
"""

import base64
import hashlib
import ipaddress
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from apps.accounts.models import ApiKey, KeyScope

#: Keys of one account that have neither been revoked nor removed. Expired ones count until they are revoked.
KEYS_MAX = 20
#: Revoked keys that an account's list still remembers.
REVOKED_KEPT_MAX = 50
NETWORKS_MAX = 10
#: How long a key may be made to live, in days; or for ever.
LIVES_DAYS = (30, 90, 365)
MARK = "tredye"
_SECRET_BYTES = 32
_KEY = re.compile(rf"{MARK}_([a-z2-7]{{12}})_([A-Za-z0-9_-]{{43}})", re.ASCII)

#: "Last used" is a minute exact, and costs no write more often.
_NOTE_USES = """
UPDATE accounts_apikey AS key SET last_used_at = noted.at
  FROM unnest(%(ids)s::bigint[], %(instants)s::timestamptz[]) AS noted(id, at)
 WHERE key.id = noted.id AND (key.last_used_at IS NULL OR key.last_used_at < noted.at - interval '1 minute')
"""


class TooManyKeysError(RuntimeError):
    """The account has :data:`KEYS_MAX` keys."""


class MadeBeforeError(RuntimeError):
    """The form was sent before and has made its key, whose secret cannot be shown again."""


class NetworksError(ValueError):
    """What was typed is no list of addresses and networks; the message names what is wrong."""


@dataclass(frozen=True, slots=True)
class ApiKeyView:
    id: int
    name: str
    scope: KeyScope
    prefix: str
    networks: tuple[str, ...]
    created_at: datetime
    last_used_at: datetime | None
    expires_at: datetime | None
    revoked_at: datetime | None

    @property
    def is_expired(self) -> bool:
        return self.expires_at is not None and self.expires_at <= timezone.now()


@dataclass(frozen=True, slots=True)
class NewKey:
    """``text`` is the whole key, which is shown once and kept nowhere; it hides itself from ``repr``."""

    view: ApiKeyView
    text: str = field(repr=False)


def split_key(text: str) -> tuple[str, str] | None:
    """The prefix of a key and the digest of its secret; None when ``text`` does not have the form of a key."""
    found = _KEY.fullmatch(text)
    return (found[1], digest_of(found[2])) if found else None


def digest_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def make_text() -> tuple[str, str, str]:
    """A new key: its prefix, the digest of its secret, and the whole text."""
    prefix = base64.b32encode(secrets.token_bytes(8)).decode().lower()[:12]
    secret = secrets.token_urlsafe(_SECRET_BYTES)
    return prefix, digest_of(secret), f"{MARK}_{prefix}_{secret}"


def read_networks(text: str) -> tuple[str, ...]:
    """Addresses and networks as a person separates them, each in its one spelling; raises :class:`NetworksError`."""
    words = text.replace(",", " ").split()
    if len(words) > NETWORKS_MAX:
        raise NetworksError(f"At most {NETWORKS_MAX} addresses or networks.")
    found = []
    for word in words:
        try:
            found.append(str(ipaddress.ip_network(word)))
        except ValueError:
            raise NetworksError(f"{word[:50]!a} is no IP address and no network such as 192.0.2.0/24.") from None
    return tuple(dict.fromkeys(found))


def list_keys(account_id: int) -> tuple[ApiKeyView, ...]:
    """The account's keys that were not revoked, newest first; there are few."""
    rows = ApiKey.objects.filter(account_id=account_id, revoked_at=None).order_by("-pk")[:KEYS_MAX]
    return tuple(_view(row) for row in rows)


def list_revoked(account_id: int) -> tuple[ApiKeyView, ...]:
    rows = ApiKey.objects.filter(account_id=account_id, revoked_at__isnull=False).order_by("-revoked_at", "-pk")
    return tuple(_view(row) for row in rows[:REVOKED_KEPT_MAX])


def find_key(account_id: int, key_id: int) -> ApiKeyView | None:
    """The account's own key that still holds; None for anybody else's, as for one that never was."""
    row = ApiKey.objects.filter(account_id=account_id, pk=key_id, revoked_at=None).first()
    return _view(row) if row else None


def create_key(
    *, account_id: int, name: str, scope: KeyScope, networks: tuple[str, ...], expires_at: datetime | None, form_id: str
) -> NewKey:
    """Make a key. Raises :class:`TooManyKeysError`, and :class:`MadeBeforeError` when ``form_id`` made one already."""
    prefix, digest, text = make_text()
    try:
        with transaction.atomic():
            # Not a lock of the account's row, which the engine writes: nobody may make it wait.
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(hashtext('accounts.api_key'), %s)", [account_id % 2**31])
            if ApiKey.objects.filter(account_id=account_id, form_id=form_id).exists():
                raise MadeBeforeError
            if ApiKey.objects.filter(account_id=account_id, revoked_at=None).count() >= KEYS_MAX:
                raise TooManyKeysError
            row = ApiKey.objects.create(
                account_id=account_id,
                name=name,
                scope=scope.value,
                prefix=prefix,
                digest=digest,
                networks=" ".join(networks),
                form_id=form_id,
                expires_at=expires_at,
            )
    except IntegrityError as error:
        raise MadeBeforeError from error
    return NewKey(_view(row), text)


def revoke_key(account_id: int, key_id: int) -> bool:
    """End a key of the account for good; False when it has none such that still holds.

    Of the revoked ones the newest :data:`REVOKED_KEPT_MAX` are remembered.
    """
    with transaction.atomic():
        ended = ApiKey.objects.filter(account_id=account_id, pk=key_id, revoked_at=None).update(revoked_at=timezone.now())
        revoked = ApiKey.objects.filter(account_id=account_id, revoked_at__isnull=False).order_by("-revoked_at", "-pk")
        oldest = list(revoked.values_list("pk", flat=True)[REVOKED_KEPT_MAX : REVOKED_KEPT_MAX + KEYS_MAX])
        if oldest:
            ApiKey.objects.filter(pk__in=oldest).delete()
    return ended == 1


def note_uses(uses: Mapping[int, datetime]) -> None:
    """Write when keys were last used, by id; what is written already to the minute is left as it is."""
    ids = sorted(uses)
    with connection.cursor() as cursor:
        cursor.execute(_NOTE_USES, {"ids": ids, "instants": [uses[key_id] for key_id in ids]})


def _view(row: ApiKey) -> ApiKeyView:
    return ApiKeyView(
        id=row.pk,
        name=row.name,
        scope=KeyScope(row.scope),
        prefix=row.prefix,
        networks=tuple(row.networks.split()),
        created_at=row.created_at,
        last_used_at=row.last_used_at,
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
    )

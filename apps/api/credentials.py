"""Who asks: by an API key or by the session of a log-in. Looked up once, then believed as long as it keeps being looked up.

What is in use is read again twice a second, all of it with one query or two, so that no request waits for the database and a key
that was revoked, a log-in that was ended, a user who was deactivated are refused within that time. While Postgres is away nothing
is believed for longer than :data:`limits.BELIEVED_FOR`: nobody is let in for want of a look.
"""

import asyncio
import hmac
import ipaddress
from dataclasses import dataclass, field

import structlog

from apps.accounts.session_proof import is_proved, read_claim
from apps.api import limits
from apps.api.reader import ApiReader, KeyRow, UserRow
from apps.asyncreads.pool import ReaderUnavailableError
from apps.commands.types import Actor
from apps.core.enums import Role
from apps.observability import metrics

log = structlog.get_logger(__name__)

Network = ipaddress.IPv4Network | ipaddress.IPv6Network


@dataclass(frozen=True, slots=True)
class Key:
    """What a program sent: ``digest`` is of the secret, which is kept nowhere."""

    prefix: str
    digest: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Session:
    session_key: str = field(repr=False)


Credential = Key | Session


@dataclass(frozen=True, slots=True)
class Principal:
    """Who may act on ``account_id``, None for the staff, who have none. ``key_id`` is 0 for a log-in."""

    user_id: int
    account_id: int | None
    may_trade: bool
    key_id: int = 0
    networks: tuple[Network, ...] = ()

    @property
    def actor(self) -> Actor:
        return Actor(self.user_id, Role.CUSTOMER)

    def may_come_from(self, address: str) -> bool:
        if not self.networks:
            return True
        try:
            found = ipaddress.ip_address(address)
        except ValueError:
            return False
        return any(found in network for network in self.networks)


@dataclass(slots=True)
class _Known:
    """``rows`` is what ``principal`` was made of: the same again needs no second proof."""

    principal: Principal
    rows: tuple[object, ...]
    read_at: float
    used_at: float


class Credentials:
    """For one event loop. :meth:`keep_fresh` runs as long as the process does."""

    def __init__(self, loop: asyncio.AbstractEventLoop, reader: ApiReader) -> None:
        self._loop = loop
        self._reader = reader
        self._known: dict[Credential, _Known] = {}
        self._asked: dict[Credential, asyncio.Task[Principal | None]] = {}

    def recall(self, credential: Credential) -> Principal | None:
        """The principal, when it is known well enough to be believed."""
        known = self._known.get(credential)
        if known is None:
            return None
        now = self._loop.time()
        known.used_at = now
        return known.principal if now - known.read_at < limits.BELIEVED_FOR else None

    async def find(self, credential: Credential) -> Principal | None:
        """Look it up now; None when it does not hold. Raises :class:`ReaderUnavailableError`."""
        task = self._asked.get(credential)
        if task is None:
            task = self._asked[credential] = self._loop.create_task(self._read_one(credential))
            task.add_done_callback(lambda _: self._asked.pop(credential, None))
        try:
            found = await asyncio.shield(task)
        except ReaderUnavailableError:
            metrics.API_CREDENTIALS.labels("away").inc()
            raise
        metrics.API_CREDENTIALS.labels("known" if found else "unknown").inc()
        return found

    async def _read_one(self, credential: Credential) -> Principal | None:
        await self._read([credential])
        known = self._known.get(credential)
        return known.principal if known else None

    async def keep_fresh(self) -> None:
        while True:
            await asyncio.sleep(limits.RECHECK_EVERY)
            try:
                await self.read_again()
            except ReaderUnavailableError as error:
                log.warning("api_credentials_not_read", error=str(error))

    async def read_again(self) -> None:
        """Look up all that is in use; forget what is not, and what no longer holds."""
        limit = self._loop.time() - limits.KEPT_FOR
        for credential in [credential for credential, known in self._known.items() if known.used_at < limit]:
            del self._known[credential]
        if self._known:
            await self._read(list(self._known))

    async def _read(self, credentials: list[Credential]) -> None:
        """Bring what is known of ``credentials`` up to now; what does not hold is forgotten."""
        now = self._loop.time()  # before the read: an answer is as old as its question
        keys = [credential for credential in credentials if isinstance(credential, Key)]
        sessions = [credential for credential in credentials if isinstance(credential, Session)]
        if keys:
            rows = await self._reader.keys([key.prefix for key in keys])
            for key in keys:
                self._judge_key(key, rows.get(key.prefix), now)
        if sessions:
            await self._read_sessions(sessions, now)

    def _judge_key(self, key: Key, row: KeyRow | None, now: float) -> None:
        if row is None or not hmac.compare_digest(row.digest, key.digest):
            self._known.pop(key, None)
        elif not self._is_unchanged(key, row, now=now):
            networks = tuple(ipaddress.ip_network(network) for network in row.networks.split())
            principal = Principal(row.user_id, row.account_id, row.scope == "TRADE", row.key_id, networks)
            self._remember(key, principal, (row,), now)

    async def _read_sessions(self, sessions: list[Session], now: float) -> None:
        stored = await self._reader.sessions([session.session_key for session in sessions])
        claims = {key: claim for key, data in stored.items() if (claim := read_claim(data)) is not None}
        users = await self._reader.users(sorted({claim.user_id for claim in claims.values()})) if claims else {}
        for session in sessions:
            claim = claims.get(session.session_key)
            user: UserRow | None = users.get(claim.user_id) if claim else None
            if claim is None or user is None:
                self._known.pop(session, None)
            elif self._is_unchanged(session, claim, user, now=now):
                continue
            elif is_proved(claim, user.password):
                self._remember(session, Principal(user.user_id, user.account_id, may_trade=True), (claim, user), now)
            else:
                self._known.pop(session, None)

    def _is_unchanged(self, credential: Credential, *rows: object, now: float) -> bool:
        known = self._known.get(credential)
        if known is None or known.rows != rows:
            return False
        known.read_at = now
        return True

    def _remember(self, credential: Credential, principal: Principal, rows: tuple[object, ...], now: float) -> None:
        if credential not in self._known and len(self._known) >= limits.CREDENTIALS_MAX:
            del self._known[min(self._known, key=lambda each: self._known[each].used_at)]
        known = self._known.get(credential)
        self._known[credential] = _Known(principal, rows, now, known.used_at if known else now)

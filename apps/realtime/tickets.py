"""Who opens a socket: a signed ticket, 30 s long, for one use, bound to user, account, log-in and password.

The socket may live on another host than the pages, where the session cookie is not sent; and a cookie alone would let any page
that passes the origin check speak for the user. The ticket carries no secret: the session key goes in as a digest.
"""

import hashlib
import secrets
import time

import msgspec
import structlog
from django.core import signing
from django.utils.crypto import salted_hmac
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import RedisError

from apps.breakers.redis import ANSWER_S, REDIS, note_failure
from apps.realtime import limits

_SALT = "tredye.stream.ticket"
log = structlog.get_logger(__name__)


class Ticket(msgspec.Struct, frozen=True, forbid_unknown_fields=True, array_like=True):
    user_id: int
    account_id: int | None
    session: str
    password: str
    use: str


class TicketRefusedError(Exception):
    """The ticket is forged, expired, or was used before."""


def session_digest(session_key: str) -> str:
    """What a ticket says of a session key. MD5 because Postgres can index it; a key of 160 random bits has no preimage attack."""
    return hashlib.md5(session_key.encode(), usedforsecurity=False).hexdigest()


def password_fingerprint(password: str) -> str:
    """Changes with the stored password hash, so that a changed password ends the sockets."""
    return salted_hmac(_SALT, password).hexdigest()[:16]


def issue_ticket(*, user_id: int, account_id: int | None, session_key: str, password: str) -> str:
    ticket = Ticket(user_id, account_id, session_digest(session_key), password_fingerprint(password), secrets.token_urlsafe(12))
    return signing.dumps(msgspec.to_builtins(ticket), salt=_SALT)


def read_ticket(text: str) -> Ticket:
    """Return the ticket that ``text`` carries; raises :class:`TicketRefusedError` when it is forged or older than 30 s."""
    try:
        return msgspec.convert(signing.loads(text, salt=_SALT, max_age=limits.TICKET_LIFE), Ticket)
    except (signing.BadSignature, msgspec.ValidationError, ValueError) as error:
        raise TicketRefusedError(type(error).__name__) from None


class UsedTickets:
    """Remembers uses: surely in this process, and in Redis for the others as long as Redis is there."""

    def __init__(self, redis_url: str, prefix: str) -> None:
        self._prefix = prefix
        self._until: dict[str, float] = {}
        # Never a second try: the first may have been taken and only its answer late, and the ticket would look used.
        self._redis: Redis = Redis.from_url(
            redis_url,
            socket_timeout=ANSWER_S,
            socket_connect_timeout=ANSWER_S,
            max_connections=limits.DATABASE_CONNECTIONS_MAX,
            retry=Retry(NoBackoff(), 0),
        )

    async def use(self, ticket: Ticket) -> None:
        """Mark ``ticket`` used; raises :class:`TicketRefusedError` when it was."""
        now = time.monotonic()
        if ticket.use in self._until or len(self._until) >= limits.TICKETS_REMEMBERED_MAX:
            self._forget(now)
        if ticket.use in self._until or len(self._until) >= limits.TICKETS_REMEMBERED_MAX:
            raise TicketRefusedError("used")
        self._until[ticket.use] = now + 2 * limits.TICKET_LIFE
        if REDIS.is_open:
            return
        try:
            fresh = await self._redis.set(f"{self._prefix}:ticket:{ticket.use}", 1, nx=True, ex=2 * limits.TICKET_LIFE)
        except (RedisError, OSError) as error:
            note_failure(error)
            log.warning("ticket_use_not_shared", error=str(error))
        else:
            if not fresh:
                raise TicketRefusedError("used")

    def _forget(self, now: float) -> None:
        self._until = {use: until for use, until in self._until.items() if until > now}

    async def aclose(self) -> None:
        await self._redis.aclose()

"""Whether the log-in of a socket still holds: asked of Postgres when it says hello, and of all of them again and again.

What is asked is the truth itself and no note of it, so it does not matter who ended a log-in, by which way, or whether a message
of it was lost: a log-out, the end from another place, a changed password, a person who was deactivated or has another role.
"""

import asyncio
import hashlib
from collections.abc import Sequence

import structlog

from apps.realtime import limits
from apps.realtime.reader import LogIn, Reader, ReaderUnavailableError
from apps.realtime.socket import Socket
from apps.realtime.tickets import Ticket, password_fingerprint

log = structlog.get_logger(__name__)


class LogIns:
    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    async def holds(self, socket: Socket) -> bool:
        """Whether the socket's log-in holds now. Where nobody knows within a second it does, and is asked for again soon: while
        Postgres is away no log-in can end."""
        try:
            async with asyncio.timeout(limits.RECOVER_WITHIN):
                return not await self.ended([socket])
        except (TimeoutError, ReaderUnavailableError) as error:
            log.warning("stream_log_in_not_known", error=str(error) or "no answer in time")
            return True

    async def ended(self, sockets: Sequence[Socket]) -> list[Socket]:
        """Those of ``sockets`` whose log-in has ended. Raises :class:`ReaderUnavailableError`.

        Some hundred are asked for at once: between two questions the loop serves the others.
        """
        held = [(socket, socket.ticket) for socket in sockets if socket.ticket is not None and socket.closing is None]
        found: list[Socket] = []
        for start in range(0, len(held), limits.LOG_INS_AT_ONCE):
            found += await self._ended(held[start : start + limits.LOG_INS_AT_ONCE])
        return found

    async def _ended(self, held: list[tuple[Socket, Ticket]]) -> list[Socket]:
        log_ins = [
            LogIn(ticket.session, ticket.user_id, ticket.account_id is not None, socket.proved_password)
            for socket, ticket in held
        ]
        found: list[Socket] = []
        for number, password in (await self._reader.doubtful_log_ins(log_ins)).items():
            socket, ticket = held[number]
            if password is None or password_fingerprint(password) != ticket.password:
                found.append(socket)
            else:
                socket.proved_password = hashlib.md5(password.encode(), usedforsecurity=False).hexdigest()
        return found

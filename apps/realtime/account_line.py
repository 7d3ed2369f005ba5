"""Must-arrive events: from Postgres to the sockets of an account, in order and without a gap.

The layer only rings a bell. What is new is read by the account's sequence from where the socket stands, so a lost bell, a
doubled bell or a reconnect changes nothing; a poll every few seconds finds what nobody rang for.
"""

import asyncio
from collections import defaultdict
from collections.abc import Iterable

import structlog

from apps.realtime import limits, protocol
from apps.realtime.outlet import TooSlowError
from apps.realtime.reader import Reader, ReaderUnavailableError, StoredEvent
from apps.realtime.socket import Socket

log = structlog.get_logger(__name__)


class AccountLine:
    def __init__(self, loop: asyncio.AbstractEventLoop, reader: Reader) -> None:
        self._loop = loop
        self._reader = reader
        self._sockets: dict[int, set[Socket]] = defaultdict(set)

    def join(self, socket: Socket) -> None:
        if socket.account_id is not None:
            self._sockets[socket.account_id].add(socket)
            self._deliver_soon(socket)

    def leave(self, socket: Socket) -> None:
        account_id = socket.account_id
        if account_id is not None and account_id in self._sockets:
            self._sockets[account_id].discard(socket)
            if not self._sockets[account_id]:
                del self._sockets[account_id]
        if socket.delivery is not None:
            socket.delivery.cancel()

    def ring(self, bells: Iterable[tuple[int, int]]) -> None:
        """Take ``(account id, newest sequence)`` and begin to deliver where a socket is behind."""
        for account_id, sequence in bells:
            for socket in self._sockets.get(account_id, ()):
                if socket.account_cursor is None or socket.account_cursor < sequence:
                    self._deliver_soon(socket)

    async def poll(self) -> None:
        """Ask Postgres for ever how far each account is: the belt to the bell's braces."""
        while True:
            await asyncio.sleep(limits.ACCOUNT_POLL_EVERY)
            if not self._sockets:
                continue
            try:
                heads = await self._reader.account_heads(list(self._sockets))
            except ReaderUnavailableError as error:
                log.warning("stream_account_poll_failed", error=str(error))
            else:
                self.ring(heads.items())

    def _deliver_soon(self, socket: Socket) -> None:
        socket.rung = True
        if socket.delivery is None or socket.delivery.done():
            socket.delivery = self._loop.create_task(self._deliver(socket))

    async def _deliver(self, socket: Socket) -> None:
        try:
            while socket.rung and socket.closing is None:
                socket.rung = False
                await self._catch_up(socket)
        except ReaderUnavailableError as error:
            log.warning("stream_account_read_failed", account_id=socket.account_id, error=str(error))
        except TooSlowError:
            socket.close(protocol.TOO_SLOW, "too slow for its account's events")
        except Exception:
            log.exception("stream_delivery_failed", account_id=socket.account_id)
            socket.close(protocol.RESYNC)

    async def _catch_up(self, socket: Socket) -> None:
        account_id = socket.account_id
        if account_id is None:
            return
        if socket.account_cursor is None:
            socket.account_cursor = (await self._reader.account_heads([account_id]))[account_id]
            return
        after = socket.account_cursor
        events = await self._reader.account_events(account_id, after, limits.REPLAY_MAX + 1)
        if len(events) > limits.REPLAY_MAX or not _without_gap(events, after) or (not events and after > 0):
            await self._skip_to_head(socket, account_id, provably_behind=bool(events))
            return
        for start in range(0, len(events), limits.EVENTS_PER_FRAME):
            part = events[start : start + limits.EVENTS_PER_FRAME]
            await socket.outlet.deliver(protocol.frame("a", [event.data for event in part]))
            socket.account_cursor = part[-1].account_sequence

    async def _skip_to_head(self, socket: Socket, account_id: int, *, provably_behind: bool) -> None:
        """Too much was missed, or the page is ahead of the truth (a restored database): the page has to load anew."""
        head = (await self._reader.account_heads([account_id]))[account_id]
        if provably_behind or head < (socket.account_cursor or 0):
            await socket.outlet.deliver(protocol.gap(head))
            socket.account_cursor = head
        elif head > (socket.account_cursor or 0):
            socket.rung = True  # committed between the two reads


def _without_gap(events: list[StoredEvent], after: int) -> bool:
    return all(event.account_sequence == after + place for place, event in enumerate(events, start=1))

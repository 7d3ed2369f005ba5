"""Must-arrive events: from Postgres to the sockets of an account, in order and without a gap.

The layer only rings a bell. What is new is read by the account's sequence from where the socket stands, so a lost bell, a
doubled bell or a reconnect changes nothing; a poll every few seconds finds what nobody rang for, and every second while the
event log is away, which the bells come over.
"""

import asyncio
import time
from collections import defaultdict
from collections.abc import Callable, Iterable

import structlog

from apps.observability import metrics
from apps.observability.accesslog import AccessLog
from apps.observability.lines import PER_SECOND_MAX
from apps.realtime import limits, protocol
from apps.realtime.outlet import TooSlowError
from apps.realtime.pushes import note_pushes
from apps.realtime.reader import Reader, ReaderUnavailableError, StoredEvent
from apps.realtime.socket import Socket

log = structlog.get_logger(__name__)
_SENT = metrics.REALTIME_FRAMES.labels(frame="account", fate="sent")


class AccountLine:
    def __init__(self, loop: asyncio.AbstractEventLoop, reader: Reader) -> None:
        self._loop = loop
        self._reader = reader
        self._sockets: dict[int, set[Socket]] = defaultdict(set)
        self._pushed = AccessLog(loop, "event_pushed", __name__, per_second=PER_SECOND_MAX)
        #: How a control message is sent: the hub's.
        self.say: Callable[[Socket, str], None] = lambda _socket, _text: None
        #: Whether bells can be trusted to ring: the hub's.
        self.bells_ring: Callable[[], bool] = lambda: True

    async def recover(self, socket: Socket) -> bool:
        """Find out, within a second, whether the events after the socket's cursor can be replayed; keep them for it.

        False where they cannot, or nobody knows: then :meth:`join` begins with a gap. Without a cursor events begin now.
        """
        if socket.account_id is None:
            return True
        try:
            async with asyncio.timeout(limits.RECOVER_WITHIN):
                socket.must_reload = not await self._read_missed(socket, socket.account_id)
        except TimeoutError:
            socket.must_reload = True
            log.warning("stream_recovery_not_known", account_id=socket.account_id)
        return not socket.must_reload

    async def _read_missed(self, socket: Socket, account_id: int) -> bool:
        after = socket.account_cursor
        try:
            if after is None:
                socket.account_cursor = (await self._reader.account_heads([account_id]))[account_id]
                return True
            # The one that the page has is among them, or the page is ahead of the truth (a restored database).
            rows = await self._reader.account_events(account_id, max(after - 1, 0), limits.REPLAY_MAX + 2)
        except ReaderUnavailableError as error:
            log.warning("stream_account_read_failed", account_id=account_id, error=str(error))
            return False
        except Exception:
            log.exception("stream_recovery_failed", account_id=account_id)
            return False
        if after > 0 and (not rows or rows[0].account_sequence != after):
            return False
        events = rows[1:] if after > 0 else rows
        if not _can_be_replayed(events, after):
            return False
        socket.replay = events
        return True

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
                # Who must load anew and could not be told is told now, however far its page believes to be.
                if socket.must_reload or socket.account_cursor is None or socket.account_cursor < sequence:
                    self._deliver_soon(socket)

    def ring_for_notices(self, bells: Iterable[tuple[int, int]]) -> None:
        """Tell the sockets of ``(account id, newest notice)`` of it: the number alone, which the page compares with its own."""
        for account_id, sequence in bells:
            for socket in self._sockets.get(account_id, ()):
                if socket.notice_sequence < sequence:
                    socket.notice_sequence = sequence
                    self.say(socket, protocol.notices(sequence))

    async def poll(self) -> None:
        """Ask Postgres for ever how far each account is: the belt to the bell's braces."""
        polled_at = self._loop.time()
        while True:
            await asyncio.sleep(limits.ACCOUNT_POLL_EVERY_MUTE)
            is_due = self._loop.time() - polled_at >= limits.ACCOUNT_POLL_EVERY or not self.bells_ring()
            if not self._sockets or not is_due:
                continue
            polled_at = self._loop.time()
            try:
                heads = await self._reader.account_heads(list(self._sockets))
                notices = await self._reader.notice_heads(list(self._sockets))
            except ReaderUnavailableError as error:
                log.warning("stream_account_poll_failed", error=str(error))
            else:
                self.ring(heads.items())
                self.ring_for_notices(notices.items())

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
            socket.close(protocol.RESYNC, "load anew")

    async def _catch_up(self, socket: Socket) -> None:
        account_id, after = socket.account_id, socket.account_cursor
        if account_id is None:
            return
        if socket.must_reload or after is None:
            await self._skip_to_head(socket, account_id)
            return
        began_ns = time.time_ns()
        events, socket.replay = socket.replay, None
        is_live = events is None
        if events is None:
            events = await self._reader.account_events(account_id, after, limits.REPLAY_MAX + 1)
        else:
            socket.rung = True  # a bell that rang before the socket joined was not heard
        if not _can_be_replayed(events, after):
            await self._skip_to_head(socket, account_id)
            return
        for start in range(0, len(events), limits.EVENTS_PER_FRAME):
            part = events[start : start + limits.EVENTS_PER_FRAME]
            await socket.outlet.deliver(protocol.frame("a", [event.data for event in part]))
            _SENT.inc()
            socket.account_cursor = part[-1].account_sequence
            note_pushes(account_id, part, began_ns, self._pushed, is_live=is_live)

    async def _skip_to_head(self, socket: Socket, account_id: int) -> None:
        """What was missed cannot be replayed: the page has to load anew."""
        head = (await self._reader.account_heads([account_id]))[account_id]
        await socket.outlet.deliver(protocol.gap(head))
        _SENT.inc()
        socket.account_cursor, socket.must_reload = head, False


def _can_be_replayed(events: list[StoredEvent], after: int) -> bool:
    """Not too many, and none is missing."""
    is_whole = all(event.account_sequence == after + place for place, event in enumerate(events, start=1))
    return is_whole and len(events) <= limits.REPLAY_MAX

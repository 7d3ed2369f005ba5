"""The socket's door: origin, limits, and the messages that a browser may send. Decisions are the hub's."""

import asyncio
import random
import time
from collections import deque
from typing import Any

import structlog
from channels.generic.websocket import AsyncWebsocketConsumer
from django.conf import settings

from apps.observability import metrics
from apps.realtime import limits, protocol
from apps.realtime.process import StreamProcess, stream_process
from apps.realtime.protocol import Ack, BadMessageError, Hello, Inbound, Resync, Watch, read_message
from apps.realtime.rate import TokenBucket
from apps.realtime.socket import Socket, new_socket
from apps.realtime.tickets import TicketRefusedError, read_ticket

log = structlog.get_logger(__name__)


class StreamConsumer(AsyncWebsocketConsumer):
    """One socket. Channels gives the shape; its per-socket layer channel and its thread hop per message are left out.

    ``AsyncConsumer.__call__`` subscribes every socket to the layer, and ``dispatch`` closes old ORM connections in a shared
    thread before each message, so that one slow query anywhere would stall all sockets. There is neither here: the hub listens,
    and nothing uses the ORM.
    """

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.scope, self.base_send = scope, send
        message = await receive()
        if message["type"] != "websocket.connect" or not await self._admitted(send):
            return
        try:
            await self._converse(receive)
        finally:
            # Also when the server cancels us at shutdown without a disconnect message, as Daphne does.
            self._hello_timer.cancel()
            self._process.hub.leave(self._socket)

    async def dispatch(self, message: dict[str, Any]) -> None:
        if self._socket.closing is not None:
            return
        text = message.get("text")
        if text is not None and len(text.encode()) > limits.MESSAGE_BYTES_MAX:
            self._end(protocol.POLICY, "message too large")
        elif not self._bucket.take(self._loop.time()):
            self._process.door.ban(self._who(), self._loop.time())
            self._end(protocol.POLICY, "too many messages")
        else:
            try:
                if text is None:
                    raise BadMessageError("binary messages are not understood")
                await self._obey(read_message(text))
            except BadMessageError as error:
                self._refuse_message(str(error))

    # --- The door --------------------------------------------------------------------------------------------------------

    async def _admitted(self, send: Any) -> bool:
        """Accept the socket, or deny it: before the handshake by its origin, after it (so that the page learns why) for room."""
        self._process: StreamProcess = stream_process()
        hub = self._process.hub
        origin = _origin(self.scope)
        if origin not in settings.PUBLIC_ORIGINS:
            metrics.REALTIME_DENIED.labels(reason="origin").inc()
            log.warning("stream_origin_denied", origin=ascii(origin)[:200])
            await send({"type": "websocket.close", "code": protocol.FORBIDDEN})
            return False
        self._loop = asyncio.get_running_loop()
        is_admitted = self._process.door.admits(self._loop.time())
        if is_admitted:
            await self._process.ready()
        await send({"type": "websocket.accept"})
        ip = (self.scope.get("client") or ["unknown"])[0]
        self._socket: Socket = new_socket(send, self._loop, ip, hub.take_slot(), hub.drained)
        if not is_admitted:
            retry_ms = self._process.door.retry_ms(self._loop.time(), random.random())
            return await self._turn_away("handshakes", f"retry {retry_ms}")
        if not hub.has_room(ip, settings.STREAM_SOCKETS_PER_IP, settings.STREAM_SOCKETS_MAX):
            return await self._turn_away("room", "too many connections")
        self._bucket = TokenBucket(limits.MESSAGES_PER_SECOND, limits.MESSAGE_BURST, self._loop.time())
        self._bad_at: deque[float] = deque(maxlen=limits.BAD_MESSAGES_MAX)
        self._greeted = False
        self._hello_timer = self._loop.call_later(limits.HELLO_WITHIN, self._end, protocol.POLICY, "no hello")
        hub.join(self._socket)
        return True

    async def _turn_away(self, why: str, reason: str) -> bool:
        metrics.REALTIME_DENIED.labels(reason=why).inc()
        await self._socket.close(protocol.TRY_LATER, reason)
        return False

    async def _converse(self, receive: Any) -> None:
        while True:
            message = await receive()
            if message["type"] == "websocket.disconnect":
                return
            await self.dispatch(message)

    # --- What a browser may say ------------------------------------------------------------------------------------------

    async def _obey(self, message: Inbound) -> None:
        if isinstance(message, Hello):
            await self._hello(message)
        elif not self._greeted:
            raise BadMessageError("hello comes first")
        elif isinstance(message, Watch):
            self._process.hub.watch(self._socket, frozenset(message.symbols), frozenset(message.depth), frozenset(message.bars))
        elif isinstance(message, Resync):
            self._process.hub.resync(self._socket, frozenset(message.depth), message.why)
        elif isinstance(message, Ack) and not self._process.hub.acknowledge(self._socket, message.n):
            raise BadMessageError("that heartbeat was not sent")

    async def _hello(self, hello: Hello) -> None:
        if self._greeted:
            raise BadMessageError("hello was said before")
        self._greeted = True
        self._hello_timer.cancel()
        socket, hub = self._socket, self._process.hub
        if hello.after:
            metrics.REALTIME_RECONNECTS.labels(after=hello.after if hello.after in protocol.AFTER else "other").inc()
        if hello.ticket and not await self._take_ticket(hello.ticket):
            return
        if self._process.door.is_banned(self._who(), self._loop.time()):
            metrics.REALTIME_DENIED.labels(reason="ban").inc()
            self._end(protocol.POLICY, "too many messages")
            return
        socket.account_cursor = hello.account_sequence
        recovered, holds = await asyncio.gather(self._process.accounts.recover(socket), self._process.log_ins.holds(socket))
        if not holds:
            metrics.REALTIME_DENIED.labels(reason="ticket").inc()
            self._end(protocol.LOGGED_OUT, "logged out")
            return
        now_ms = time.time_ns() // 1_000_000
        hub.say(socket, protocol.welcome(now_ms, socket.account_id, socket.account_cursor, recovered=recovered))
        allowed = settings.STREAM_SOCKETS_PER_USER
        if not hub.identify(socket, allowed) or not await self._admitted_elsewhere(allowed):
            metrics.REALTIME_DENIED.labels(reason="room").inc()
            self._end(protocol.TRY_LATER, "too many connections")

    async def _admitted_elsewhere(self, allowed: int) -> bool:
        """Whether the user has no more sockets than ``allowed``, those in other processes counted too."""
        ticket = self._socket.ticket
        return ticket is None or await self._process.presence.admits(ticket.user_id, allowed)

    async def _take_ticket(self, text: str) -> bool:
        try:
            ticket = read_ticket(text)
            await self._process.used_tickets.use(ticket)
        except TicketRefusedError as error:
            log.info("stream_ticket_refused", reason=str(error))
            metrics.REALTIME_DENIED.labels(reason="ticket").inc()
            self._end(protocol.LOGGED_OUT, "ticket not valid")
            return False
        self._socket.ticket = ticket
        return True

    def _who(self) -> str:
        """Whom a limit is held against: the log-in, or the address where there is none."""
        ticket = self._socket.ticket
        return f"session:{ticket.session}" if ticket is not None else f"ip:{self._socket.ip}"

    def _refuse_message(self, reason: str) -> None:
        now = self._loop.time()
        self._bad_at.append(now)
        metrics.REALTIME_DENIED.labels(reason="message").inc()
        if len(self._bad_at) == limits.BAD_MESSAGES_MAX and now - self._bad_at[0] < limits.BAD_MESSAGES_WINDOW:
            self._end(protocol.POLICY, "too many bad messages")
        else:
            self._process.hub.say(self._socket, protocol.bad_message(reason))

    def _end(self, code: int, reason: str) -> None:
        self._socket.close(code, reason)


def _origin(scope: dict[str, Any]) -> str | None:
    """The one Origin header, exactly as sent; None when there is none or more than one."""
    values = [value for name, value in scope["headers"] if name.lower() == b"origin"]
    return values[0].decode("latin-1") if len(values) == 1 else None

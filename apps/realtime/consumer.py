"""The socket's door: origin, limits, and the three messages a browser may send. Decisions are the hub's."""

import asyncio
import time
from collections import deque
from typing import Any

import structlog
from channels.generic.websocket import AsyncWebsocketConsumer
from django.conf import settings

from apps.observability import metrics
from apps.realtime import limits, protocol
from apps.realtime.process import StreamProcess, stream_process
from apps.realtime.protocol import Ack, BadMessageError, Hello, Inbound, Watch, read_message
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
        await self._process.ready()
        await send({"type": "websocket.accept"})
        ip = (self.scope.get("client") or ["unknown"])[0]
        self._loop = asyncio.get_running_loop()
        self._socket: Socket = new_socket(send, self._loop, ip, hub.take_slot(), hub.drained)
        if not hub.has_room(ip, settings.STREAM_SOCKETS_PER_IP, settings.STREAM_SOCKETS_MAX):
            metrics.REALTIME_DENIED.labels(reason="room").inc()
            await self._socket.close(protocol.TRY_LATER, "too many connections")
            return False
        self._bucket = TokenBucket(limits.MESSAGES_PER_SECOND, limits.MESSAGE_BURST, self._loop.time())
        self._bad_at: deque[float] = deque(maxlen=limits.BAD_MESSAGES_MAX)
        self._greeted = False
        self._hello_timer = self._loop.call_later(limits.HELLO_WITHIN, self._end, protocol.POLICY, "no hello")
        hub.join(self._socket)
        return True

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
            self._process.hub.watch(self._socket, frozenset(message.symbols), frozenset(message.depth))
        elif isinstance(message, Ack) and not self._process.hub.acknowledge(self._socket, message.n):
            raise BadMessageError("that heartbeat was not sent")

    async def _hello(self, hello: Hello) -> None:
        if self._greeted:
            raise BadMessageError("hello was said before")
        self._greeted = True
        self._hello_timer.cancel()
        socket, hub = self._socket, self._process.hub
        if hello.ticket:
            try:
                ticket = read_ticket(hello.ticket)
                await self._process.used_tickets.use(ticket)
            except TicketRefusedError as error:
                log.info("stream_ticket_refused", reason=str(error))
                metrics.REALTIME_DENIED.labels(reason="ticket").inc()
                self._end(protocol.LOGGED_OUT, "ticket not valid")
                return
            socket.ticket, socket.account_cursor = ticket, hello.account_sequence
        hub.say(socket, protocol.welcome(time.time_ns() // 1_000_000, socket.account_id, socket.account_cursor))
        if not hub.identify(socket, settings.STREAM_SOCKETS_PER_USER):
            self._end(protocol.TRY_LATER, "too many connections")

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

"""The orderly end of a server process: what was asked for is answered before it goes.

uvicorn does so by itself: it takes no new connection, and waits for the requests under way. Daphne cuts them off at once, so here
it is given time first: the port is closed, each answer says that its connection ends, what is idle is closed, and Daphne is told
to stop when nothing is left, or after :data:`DRAIN_S`. Sockets were told before (``apps.realtime.process``).
"""

import asyncio
import select
import signal
import sys
import threading
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any

import structlog

log = structlog.get_logger(__name__)

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Message, Receive, Send], Awaitable[None]]

#: Less than the ten seconds that a supervisor waits, more than any page may take.
DRAIN_S = 8.0
#: A connection over which nothing is asked is left alone for this long: a request may be on its way over it, and is, where it was
#: just made.
_IDLE_FOR_S = 1.0
_LOOK_EVERY_S = 0.02
_WAITING_MAX = 1_000


class Draining:
    """``application``, drained when the process is told to end."""

    def __init__(self, application: Application) -> None:
        self._application = application
        self._is_ready = False
        self._is_ending = False
        self._task: asyncio.Task[None] | None = None

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if not self._is_ready:
            self._is_ready = True
            self._listen_to_signals(asyncio.get_running_loop())
        if scope["type"] != "http":
            await self._application(scope, receive, send)
            return

        async def say(message: Message) -> None:
            if self._is_ending and message["type"] == "http.response.start":
                message = {**message, "headers": [*message.get("headers", ()), (b"connection", b"close")]}
            await send(message)

        await self._application(scope, receive, say)

    def _listen_to_signals(self, loop: asyncio.AbstractEventLoop) -> None:
        """Stand before the server's own handlers, which are there when the first request is."""
        if threading.current_thread() is not threading.main_thread():
            return
        for number in (signal.SIGTERM, signal.SIGINT):
            servers = signal.getsignal(number)
            if callable(servers):
                signal.signal(number, self._handler(loop, servers))

    def _handler(self, loop: asyncio.AbstractEventLoop, servers: Callable[[int, Any], Any]) -> Callable[[int, Any], None]:
        def handle(number: int, frame: Any) -> None:
            if self._is_ending:  # once more: somebody is in a hurry
                servers(number, frame)
                return
            self._is_ending = True
            if uvicorn := _uvicorn_of(servers):
                # Its handler would do the same, and in the end raise the signal once more, as if the process had been killed.
                uvicorn.should_exit = True
            elif doors := _Doors.of_daphne():
                loop.call_soon_threadsafe(self._begin, loop, doors, lambda: servers(number, None))
            else:
                servers(number, frame)

        return handle

    def _begin(self, loop: asyncio.AbstractEventLoop, doors: "_Doors", end: Callable[[], None]) -> None:
        self._task = loop.create_task(_drain(doors, end))


def _uvicorn_of(handler: Callable[[int, Any], Any]) -> Any:
    """The server whose method ``handler`` is; None under another."""
    server, module = getattr(handler, "__self__", None), sys.modules.get("uvicorn")
    return server if module is not None and isinstance(server, module.Server) else None


async def _drain(doors: "_Doors", end: Callable[[], None]) -> None:
    try:
        loop = asyncio.get_running_loop()
        began = loop.time()
        doors.shut()
        while left := doors.connections():
            passed_s = loop.time() - began
            if passed_s > DRAIN_S:
                log.warning("requests_cut_off", connections=left, after_s=DRAIN_S)
                break
            if passed_s > _IDLE_FOR_S:
                doors.close_idle()
            await asyncio.sleep(_LOOK_EVERY_S)
    finally:
        end()


class _Doors:
    """The listening ports of Daphne in this process, and the connections that came through them."""

    def __init__(self, reactor: Any, ports: list[Any]) -> None:
        self._reactor = reactor
        self._ports = ports

    @classmethod
    def of_daphne(cls) -> "_Doors | None":
        """None under another server."""
        if not (reactor := sys.modules.get("twisted.internet.reactor")):
            return None
        from twisted.internet.tcp import Port

        ports = [reader for reader in reactor.getReaders() if isinstance(reader, Port)]
        return cls(reactor, ports) if ports else None

    def shut(self) -> None:
        """Take in who stands before the door already, then no more: the kernel would turn away whom it has let in."""
        for port in self._ports:
            waiting = select.poll()
            waiting.register(port.fileno(), select.POLLIN)
            for _ in range(_WAITING_MAX):
                if not waiting.poll(0):
                    break
                port.doRead()
            port.stopListening()

    def connections(self) -> int:
        """How many there are, busy or idle or with something to send."""
        return len(list(self._connections()))

    def close_idle(self) -> None:
        """Close the connections over which nothing is asked."""
        busy = {id(request.transport) for request in self._requests()}
        for connection in self._connections():
            if id(connection) not in busy:
                connection.loseConnection()  # when what was written has gone

    def _connections(self) -> Iterable[Any]:
        """Those that speak HTTP. One that waits for its answer is not read from, and so is known by its request alone."""
        from twisted.internet.tcp import Server

        found = {id(request.transport): request.transport for request in self._requests()}
        for each in (*self._reactor.getReaders(), *self._reactor.getWriters()):
            if isinstance(each, Server) and hasattr(each.protocol, "requestFactory"):
                found[id(each)] = each
        return found.values()

    def _requests(self) -> list[Any]:
        """Those that were begun and are not answered."""
        from daphne.http_protocol import WebRequest

        return [
            protocol
            for port in self._ports
            for protocol, details in port.factory.server.connections.items()
            if isinstance(protocol, WebRequest) and "disconnected" not in details
        ]

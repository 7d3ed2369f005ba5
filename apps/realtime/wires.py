"""What a server holds behind ASGI's ``send``: how much of what was sent has not left yet, and a way past it.

ASGI says nothing about either, and Daphne's ``send`` never waits at all. So the server's transport is found behind ``send``
(uvicorn: a bound method of its protocol; Daphne: a partial over its protocol) and asked. A server that is not known is driven by
``send`` alone.
"""

import asyncio
import functools
import socket
from collections.abc import Awaitable, Callable
from typing import Any

from apps.realtime import limits

Send = Callable[[dict[str, Any]], Awaitable[None]]


class AsyncioWire:
    """uvicorn: an asyncio or uvloop transport."""

    def __init__(self, transport: Any) -> None:
        self.transport = transport
        # With a high-water mark of zero uvicorn's send waits until the buffer is empty, not until it is 64 KiB deep, and uvloop
        # writes at once, not at the end of its iteration.
        transport.set_write_buffer_limits(high=0)
        _limit_kernel_buffer(transport.get_extra_info("socket"))

    def unsent(self) -> int:
        return 0 if self.transport.is_closing() else self.transport.get_write_buffer_size()

    def write(self, data: bytes) -> bool:
        """Write whole WebSocket frames past the server, which keeps no account of what it has sent.

        False, and nothing is written, while something is on its way or the connection is closing. No frame is torn by another:
        the server, too, writes whole ones, to the same transport.
        """
        if self.transport.get_write_buffer_size() or self.transport.is_closing():
            return False
        self.transport.write(data)
        return True

    def close(self, code: int, reason: str) -> bool:
        return False

    def abort(self) -> None:
        self.transport.abort()


class TwistedWire:
    """Daphne: a Twisted TCP connection."""

    def __init__(self, protocol: Any) -> None:
        self._protocol = protocol
        self._transport = protocol.transport
        _limit_kernel_buffer(self._transport.getHandle())

    def unsent(self) -> int:
        transport = self._transport
        if transport.disconnected:
            return 0
        return len(transport.dataBuffer) - transport.offset + transport._tempDataLen

    def is_over(self) -> bool:
        """Whether the other side is gone, its disconnect perhaps not read yet: Daphne's ``send`` raises an error of its own then,
        where uvicorn's is an OSError."""
        return bool(self._protocol.state != self._protocol.STATE_OPEN)

    def close(self, code: int, reason: str) -> bool:
        """Send the close frame past ``send``, which lets an application use none of the codes below 3000 but 1000."""
        self._protocol.sendCloseFrame(code=code, reasonUtf8=reason.encode())
        return True

    def abort(self) -> None:
        self._transport.abortConnection()


def _limit_kernel_buffer(sock: Any) -> None:
    """Keep what the kernel holds unsent small, or a stalled reader would be megabytes behind before anyone notices."""
    if sock is not None and sock.family in (socket.AF_INET, socket.AF_INET6):
        sock.setsockopt(socket.IPPROTO_TCP, getattr(socket, "TCP_NOTSENT_LOWAT", 25), limits.NOTSENT_LOWAT)


def wire_behind(send: Send) -> AsyncioWire | TwistedWire | None:
    transport = getattr(getattr(send, "__self__", None), "transport", None)
    if isinstance(transport, asyncio.BaseTransport) or hasattr(transport, "get_write_buffer_size"):
        return AsyncioWire(transport)
    if isinstance(send, functools.partial) and send.args and hasattr(send.args[0], "transport"):
        return TwistedWire(send.args[0])
    return None

"""The way out to one socket: at most one batch in flight, a known backlog, and an end to those who do not read.

ASGI's ``send`` says nothing about what the server still holds, and Daphne's never waits at all. So the outlet finds the server's
transport behind ``send`` (uvicorn: a bound method of its protocol; Daphne: a partial over its protocol) and asks it. A server
that it does not know is driven by ``send`` alone.
"""

import asyncio
import functools
import socket
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Generator, Sequence
from types import coroutine
from typing import Any

import structlog

from apps.realtime import limits

Send = Callable[[dict[str, Any]], Awaitable[None]]
log = structlog.get_logger(__name__)


class TooSlowError(Exception):
    """The socket did not take what must arrive in time."""


class _AsyncioWire:
    """uvicorn: an asyncio or uvloop transport."""

    def __init__(self, transport: Any) -> None:
        self._transport = transport
        # With a high-water mark of zero, uvicorn's send waits until the buffer is empty, not until it is 64 KiB deep.
        transport.set_write_buffer_limits(high=0)
        _limit_kernel_buffer(transport.get_extra_info("socket"))

    def unsent(self) -> int:
        return 0 if self._transport.is_closing() else self._transport.get_write_buffer_size()

    def close(self, code: int, reason: str) -> bool:
        return False

    def abort(self) -> None:
        self._transport.abort()


class _TwistedWire:
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


def _wire_behind(send: Send) -> _AsyncioWire | _TwistedWire | None:
    transport = getattr(getattr(send, "__self__", None), "transport", None)
    if isinstance(transport, asyncio.BaseTransport) or hasattr(transport, "get_write_buffer_size"):
        return _AsyncioWire(transport)
    if isinstance(send, functools.partial) and send.args and hasattr(send.args[0], "transport"):
        return _TwistedWire(send.args[0])
    return None


@coroutine
def _carry_on(begun: Coroutine[Any, Any, None], waiting_for: Any) -> Generator[Any, Any, None]:
    """Go on, inside a task, with a coroutine that was started by hand and waits for ``waiting_for``."""
    while True:
        try:
            value = yield waiting_for
        except BaseException as error:
            try:
                waiting_for = begun.throw(error)
            except StopIteration:
                return
        else:
            try:
                waiting_for = begun.send(value)
            except StopIteration:
                return


class Outlet:
    def __init__(self, send: Send, loop: asyncio.AbstractEventLoop, on_drained: Callable[[], None]) -> None:
        self._send = send
        self._loop = loop
        self._on_drained = on_drained
        self._wire = _wire_behind(send)
        self._task: asyncio.Task[None] | None = None
        self._waiting: deque[str] = deque()
        self._clear_at = loop.time()
        self.lost = False

    def busy(self) -> bool:
        """Is anything still on its way? Then new values wait: they are merged, not queued."""
        if self._task is not None or (self._wire is not None and self._wire.unsent()):
            return True
        self._clear_at = self._loop.time()
        return False

    def stalled_for(self) -> float:
        """Seconds for which the socket has not taken what it was given; 0 when it is clear."""
        return self._loop.time() - self._clear_at if self.busy() else 0.0

    def push(self, frames: Sequence[str]) -> None:
        """Send ``frames`` in order. The caller has asked :meth:`busy` first.

        Started by hand because almost every send ends without waiting, and a task per frame would cost more than the frame.
        """
        if self.lost:
            return
        begun = self._write(frames)
        try:
            waiting_for = begun.send(None)
        except StopIteration:
            return
        self._task = self._loop.create_task(_as_coroutine(begun, waiting_for))
        self._task.add_done_callback(self._drained)

    def say(self, text: str) -> bool:
        """Send a control message now or right after what is in flight; False when too many wait already."""
        if not self.busy() and not self._waiting:
            self.push((text,))
            return True
        if len(self._waiting) >= limits.CONTROL_FRAMES_MAX:
            return False
        self._waiting.append(text)
        return True

    def release(self) -> bool:
        """Send the control messages that wait; True when the way is clear afterwards."""
        if self.busy():
            return False
        if self._waiting:
            waiting, self._waiting = tuple(self._waiting), deque()
            self.push(waiting)
            return not self.busy()
        return True

    async def deliver(self, text: str) -> None:
        """Send what must arrive, after what is in flight; raises :class:`TooSlowError` when the socket does not take it."""
        deadline = self._loop.time() + limits.SLOW_AFTER
        while not self.release():
            if self.lost or self._loop.time() > deadline:
                raise TooSlowError
            await asyncio.sleep(limits.RETRY_SLOW_AFTER)
        self.push((text,))

    async def close(self, code: int, reason: str = "") -> None:
        """End the socket with ``code``; the connection is cut when the other side does not take even that."""
        self._waiting.clear()
        if self._task is not None:
            self._task.cancel()
        try:
            if self._wire is None or not self._wire.close(code, reason):
                async with asyncio.timeout(1.0):
                    await self._send({"type": "websocket.close", "code": code, "reason": reason})
        except (TimeoutError, OSError):
            self.abort()
        except Exception:
            log.exception("stream_close_failed", code=code)
            self.abort()
        else:
            self._loop.call_later(2.0, self.abort)
        self.lost = True

    def abort(self) -> None:
        if self._wire is not None:
            self._wire.abort()

    async def _write(self, frames: Sequence[str]) -> None:
        try:
            for text in frames:
                await self._send({"type": "websocket.send", "text": text})
        except OSError:  # the other side is gone; its disconnect message is on its way to the consumer
            self.lost = True
        except Exception:
            self.lost = True
            log.exception("stream_send_failed")

    def _drained(self, task: "asyncio.Task[None]") -> None:
        self._task = None
        self._clear_at = self._loop.time()
        if not task.cancelled():
            self._on_drained()


async def _as_coroutine(begun: Coroutine[Any, Any, None], waiting_for: Any) -> None:
    await _carry_on(begun, waiting_for)

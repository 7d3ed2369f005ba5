"""The way out to one socket: at most one batch in flight, a known backlog, and an end to those who do not read.

Under uvicorn a frame is written as it is to be on the wire, made once for all the sockets that get it: its ``send`` would make
it anew for each, which takes longer than the kernel's own part. Other servers, and whatever finds the way not clear, go by ASGI.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Coroutine, Generator, Sequence
from types import coroutine
from typing import Any

import structlog

from apps.realtime import limits
from apps.realtime.frames import on_the_wire
from apps.realtime.wires import AsyncioWire, Send, TwistedWire, wire_behind

log = structlog.get_logger(__name__)


class TooSlowError(Exception):
    """The socket did not take what must arrive in time."""


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
        self._wire = wire_behind(send)
        self._raw = self._wire if isinstance(self._wire, AsyncioWire) else None
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

    @property
    def transport(self) -> Any:
        """Where frames may be written as they are on the wire, while nothing of this socket is on its way; None where not."""
        return self._raw and self._raw.transport

    def was_clear(self, at: float) -> None:
        """Somebody else saw the way clear at ``at`` (the loop's time)."""
        self._clear_at = max(self._clear_at, at)

    def push(self, frames: Sequence[str]) -> None:
        """Send ``frames`` in order. The caller has asked :meth:`busy` first."""
        if self.lost:
            return
        if self._raw is not None and self._task is None and self._raw.write(on_the_wire(frames)):
            return
        # Started by hand because almost every send ends without waiting, and a task per frame would cost more than the frame.
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
        """End the socket with ``code`` after the control messages that wait, which often say why.

        The connection is cut when the other side does not take even that.
        """
        self.lost = True  # nothing may follow the close frame
        waiting, self._waiting = tuple(self._waiting), deque()
        if self._task is not None:
            self._task.cancel()
        try:
            async with asyncio.timeout(limits.CLOSE_WITHIN):
                for text in waiting:
                    await self._send({"type": "websocket.send", "text": text})
                if self._wire is None or not self._wire.close(code, reason):
                    await self._send({"type": "websocket.close", "code": code, "reason": reason})
        except TimeoutError:
            self.abort()
        except Exception as error:
            self._tell("stream_close_failed", error, code=code)
            self.abort()
        else:
            self._loop.call_later(limits.GONE_WITHIN, self.abort)

    def abort(self) -> None:
        if self._wire is not None:
            self._wire.abort()

    async def _write(self, frames: Sequence[str]) -> None:
        try:
            for text in frames:
                await self._send({"type": "websocket.send", "text": text})
        except Exception as error:
            self.lost = True
            self._tell("stream_send_failed", error)

    def _tell(self, what: str, error: Exception, **more: Any) -> None:
        """Log ``error``, unless it says only that the other side is gone: its disconnect message is on its way to us."""
        is_gone = isinstance(error, OSError) or (isinstance(self._wire, TwistedWire) and self._wire.is_over())
        if not is_gone:
            log.error(what, exc_info=error, **more)

    def _drained(self, task: "asyncio.Task[None]") -> None:
        self._task = None
        self._clear_at = self._loop.time()
        if not task.cancelled():
            self._on_drained()


async def _as_coroutine(begun: Coroutine[Any, Any, None], waiting_for: Any) -> None:
    await _carry_on(begun, waiting_for)

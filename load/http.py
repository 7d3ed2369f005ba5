"""A lean HTTP client: keep-alive connections with one request each, and honest times.

Open loop: a request that is due takes an idle connection, or a new one, or waits in line when there are as many as there may be.
Its latency begins when it was due, so a server that stands still for two seconds shows in every request that was due meanwhile,
and not only in the few that were on their way.
"""

import asyncio
import time
from collections import Counter, deque
from collections.abc import Callable
from typing import NamedTuple

_HEAD_BYTES_MAX = 64 * 1024


class Reply(NamedTuple):
    """``status`` 0: no answer, and ``error`` says why (timeout, lost, refused). ``waited_s``: how long it stood in line."""

    status: int
    body: bytes
    error: str
    sent_at: float
    at: float


Told = Callable[[Reply], None]


class _Request(NamedTuple):
    data: bytes
    told: Told
    gives_up_at: float


class _Connection(asyncio.Protocol):
    def __init__(self, pool: "Pool") -> None:
        self._pool = pool
        self._buffer = b""
        self._length = -1
        self._status = 0
        self.request: _Request | None = None
        self.sent_at = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: asyncio.WriteTransport = transport  # type: ignore[assignment]  # a stream's

    def send(self, request: _Request) -> None:
        self.request = request
        self.sent_at = time.monotonic()
        self._transport.write(request.data)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        if self._length < 0 and not self._read_head():
            return
        if len(self._buffer) >= self._length:
            body, self._buffer = self._buffer[: self._length], self._buffer[self._length :]
            self._length = -1
            self._tell(self._status, body, "")
            self._pool.is_free(self)

    def _read_head(self) -> bool:
        head, found, rest = self._buffer.partition(b"\r\n\r\n")
        if not found:
            if len(self._buffer) > _HEAD_BYTES_MAX:
                self.abort("unreadable")
            return False
        lowered = head.lower()
        at = lowered.find(b"\r\ncontent-length:")
        if at < 0:
            self.abort("unreadable")  # nothing that this client asks for is sent in chunks
            return False
        self._length = int(lowered[at + 17 :].partition(b"\r\n")[0])
        self._status = int(head[9:12])
        self._buffer = rest
        return True

    def connection_lost(self, _error: Exception | None) -> None:
        self._tell(0, b"", "lost")
        self._pool.is_gone(self)

    def abort(self, error: str) -> None:
        self._tell(0, b"", error)
        self._transport.abort()

    def _tell(self, status: int, body: bytes, error: str) -> None:
        if self.request is not None:
            told, self.request = self.request.told, None
            told(Reply(status, body, error, self.sent_at, time.monotonic()))


class Pool:
    """Connections to one server, ``limit`` at most. ``told`` of each request is called once, whatever happens."""

    def __init__(self, host: str, port: int, *, limit: int, timeout_s: float) -> None:
        self._host, self._port = host, port
        self._limit = limit
        self._timeout_s = timeout_s
        self._idle: list[_Connection] = []
        self._all: set[_Connection] = set()
        self._opening = 0
        self._line: deque[_Request] = deque()
        self._tasks: set[asyncio.Task[None]] = set()
        self.errors: Counter[str] = Counter()

    def send(self, data: bytes, told: Told) -> None:
        request = _Request(data, told, time.monotonic() + self._timeout_s)
        if self._idle:
            self._idle.pop().send(request)
            return
        self._line.append(request)
        if len(self._all) + self._opening < self._limit:
            self._opening += 1
            task = asyncio.create_task(self._open())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    @property
    def waiting(self) -> int:
        """Requests that stand in line or have no answer yet."""
        return len(self._line) + sum(connection.request is not None for connection in self._all)

    async def _open(self) -> None:
        try:
            async with asyncio.timeout(self._timeout_s):
                _, connection = await asyncio.get_running_loop().create_connection(
                    lambda: _Connection(self), self._host, self._port
                )
        except (OSError, TimeoutError):
            if self._line and not self._all:
                self._fail(self._line.popleft(), "refused")
            return
        finally:
            self._opening -= 1
        self._all.add(connection)
        self.is_free(connection)

    def is_free(self, connection: _Connection) -> None:
        if self._line:
            connection.send(self._line.popleft())
        else:
            self._idle.append(connection)

    def is_gone(self, connection: _Connection) -> None:
        self._all.discard(connection)
        if connection in self._idle:
            self._idle.remove(connection)

    def give_up_late(self) -> None:
        """End what has had no answer for too long. A client calls this several times a second."""
        now = time.monotonic()
        for connection in list(self._all):
            if connection.request is not None and connection.request.gives_up_at < now:
                connection.abort("timeout")
        while self._line and self._line[0].gives_up_at < now:
            self._fail(self._line.popleft(), "not sent")

    def _fail(self, request: _Request, error: str) -> None:
        now = time.monotonic()
        request.told(Reply(0, b"", error, now, now))

    def close(self) -> None:
        for connection in list(self._all):
            connection.abort("closed")


def request(method: str, path: str, host: str, headers: tuple[str, ...] = (), body: bytes = b"") -> bytes:
    """The bytes of one request."""
    lines = [f"{method} {path} HTTP/1.1", f"Host: {host}", *headers]
    if body or method == "POST":
        lines.append(f"Content-Length: {len(body)}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body

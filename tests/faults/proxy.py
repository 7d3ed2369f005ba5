"""A TCP proxy that is the network between two processes, and fails as networks do.

    with Proxy(("127.0.0.1", 5432)) as line:
        ... reach the server at line.port ...
        line.blackhole(TO_CLIENT)   # the server is heard no more, and hears
        line.heal()                 # what was under way arrives, late, as TCP would have it

What it does holds for the connections that there are and for those to come, from the moment that the call returns.
"""

import asyncio
import contextlib
import os
import socket
import struct
import threading
from collections.abc import Callable, Coroutine
from enum import Enum
from types import TracebackType
from typing import Any, TypeVar

T = TypeVar("T")
#: A port of this machine, or the path of a Unix socket.
Address = tuple[str, int] | str

_PIECE_BYTES = 64 * 1024
_PIECES_UNDER_WAY_MAX = 64
_ANSWER_S = 10.0
_LINGER_NOT = struct.pack("ii", 1, 0)  # close() is then a reset
_RESET = None  # in the place of bytes: the sender's connection was reset


class Way(Enum):
    TO_SERVER = "to the server"
    TO_CLIENT = "to the client"


TO_SERVER, TO_CLIENT = Way.TO_SERVER, Way.TO_CLIENT
BOTH = (TO_SERVER, TO_CLIENT)


class Cut:
    """A connection that is to end once so many bytes have gone one way; ``fired`` when one has."""

    def __init__(self, after: int, holding: bytes, is_reset: bool) -> None:
        self.after, self.holding, self.is_reset = after, holding, is_reset
        self.fired = threading.Event()


class _Direction:
    """How bytes go one way."""

    def __init__(self) -> None:
        self.open = asyncio.Event()
        self.carried = 0
        self.heal()

    def heal(self) -> None:
        self.delay_s = 0.0
        self.bytes_per_s: int | None = None
        self.cut: Cut | None = None
        self.open.set()


class Proxy:
    """Listens at ``listen``, by default at a port that the kernel picks, and carries to ``target``."""

    def __init__(self, target: Address, listen: Address = ("127.0.0.1", 0)) -> None:
        self.target = target
        self._ways = {way: _Direction() for way in BOTH}
        self._links: set[_Link] = set()
        self._refuses = False
        self._listener = _bound(listen)
        self.address: Address = listen if isinstance(listen, str) else self._listener.getsockname()[:2]
        self._accepting: asyncio.Task[None] | None = None
        self.accepted = 0
        _call(self._listen)

    @property
    def port(self) -> int:
        assert not isinstance(self.address, str)
        return self.address[1]

    def __enter__(self) -> "Proxy":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    # --- what the network does

    def delay(self, seconds: float, *ways: Way) -> None:
        """Whatever is sent from now on arrives so much later, in its order, as fast as before."""
        self._set(ways, lambda way: setattr(way, "delay_s", seconds))

    def bandwidth(self, bytes_per_s: int, *ways: Way) -> None:
        """Each connection carries no more."""
        self._set(ways, lambda way: setattr(way, "bytes_per_s", bytes_per_s))

    def blackhole(self, *ways: Way) -> None:
        """Nothing arrives, not even that somebody has hung up. Who connects is let in by our own kernel, and hears nothing."""
        self._set(ways, lambda way: way.open.clear())

    def cut(self, way: Way, after: int = 0, *, holding: bytes = b"", reset: bool = False) -> Cut:
        """End the first connection that, from now on, carries ``after`` bytes this way; the rest of them never arrive.

        With ``holding`` the bytes are counted from that text on, and only a connection that carries it is meant.
        """
        cut = Cut(after, holding, reset)
        self._set((way,), lambda direction: setattr(direction, "cut", cut))
        return cut

    def reset(self) -> None:
        """Every connection ends with a reset on both sides, as by a machine that has lost its memory."""
        _call(self._reset)

    def refuse(self) -> None:
        """Nobody is let in any more, and connections are reset: nothing listens."""
        _call(self._refuse)

    def heal(self) -> None:
        """As if nothing had been."""
        self._set((), _Direction.heal)
        if self._refuses:
            _call(self._listen)

    # --- what may be asked

    def connections(self) -> int:
        return len(self._links)

    def carried(self, way: Way) -> int:
        """Bytes that have arrived this way, over all connections."""
        return self._ways[way].carried

    def close(self) -> None:
        _call(self._close)

    # --- in the loop's thread

    def _set(self, ways: tuple[Way, ...], change: Callable[[_Direction], Any]) -> None:
        _call(lambda: [change(self._ways[way]) for way in ways or BOTH])

    def _listen(self) -> None:
        self._refuses = False
        self._listener.listen(512)
        self._accepting = asyncio.create_task(self._accept())

    def _refuse(self) -> None:
        """A socket that is bound and does not listen keeps the port for later, and its kernel refuses."""
        self._stop_accepting()
        self._listener = _bound(self.address)
        self._refuses = True
        self._reset()

    def _reset(self) -> None:
        for link in list(self._links):
            link.end(is_reset=True)

    def _stop_accepting(self) -> None:
        if self._accepting:
            self._accepting.cancel()
        self._accepting = None
        self._listener.close()

    def _close(self) -> None:
        self._stop_accepting()
        for link in list(self._links):
            link.end(is_reset=False)
        if isinstance(self.address, str):
            with contextlib.suppress(FileNotFoundError):
                os.unlink(self.address)

    async def _accept(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            client, _ = await loop.sock_accept(self._listener)
            self.accepted += 1
            link = _Link(client, self.target, self._ways, self._links.discard)
            self._links.add(link)


class _Link:
    """One connection through the proxy."""

    def __init__(
        self, client: socket.socket, target: Address, ways: dict[Way, _Direction], gone: "Callable[[_Link], None]"
    ) -> None:
        self._ways, self._gone = ways, gone
        self._client, self._server = client, _socket_of(target)
        for each in (self._client, self._server):
            each.setblocking(False)
        self._is_over = False
        self._running = asyncio.create_task(self._carry(target))

    def end(self, *, is_reset: bool) -> None:
        if self._is_over:
            return
        self._is_over = True
        self._running.cancel()
        for each in (self._client, self._server):
            if is_reset and each.family == socket.AF_INET:
                with contextlib.suppress(OSError):
                    each.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_NOT)
            each.close()
        self._gone(self)

    async def _carry(self, target: Address) -> None:
        is_reset = True
        try:
            await self._ways[TO_SERVER].open.wait()
            await asyncio.get_running_loop().sock_connect(self._server, target)
            async with asyncio.TaskGroup() as both:
                both.create_task(self._pump(self._client, self._server, self._ways[TO_SERVER]))
                both.create_task(self._pump(self._server, self._client, self._ways[TO_CLIENT]))
            is_reset = False
        except (OSError, ExceptionGroup):
            pass  # the network's end: both sides are told below
        finally:
            self.end(is_reset=is_reset)

    async def _pump(self, source: socket.socket, sink: socket.socket, way: _Direction) -> None:
        """Carry one way until its sender hangs up."""
        loop = asyncio.get_running_loop()
        under_way: asyncio.Queue[tuple[float, bytes | None]] = asyncio.Queue(_PIECES_UNDER_WAY_MAX)
        counted = _Counter()
        async with asyncio.TaskGroup() as both:
            both.create_task(_take(source, under_way, way))
            while True:
                due, piece = await under_way.get()
                await asyncio.sleep(max(0.0, due - loop.time()))
                await way.open.wait()
                if piece is _RESET:
                    raise ConnectionResetError
                if not piece:
                    with contextlib.suppress(OSError):
                        sink.shutdown(socket.SHUT_WR)
                    return
                await self._deliver(sink, piece, way, counted)

    async def _deliver(self, sink: socket.socket, piece: bytes, way: _Direction, counted: "_Counter") -> None:
        cut = way.cut
        allowed = counted.allowed(cut, piece)
        for part in _parts(piece[:allowed], way.bytes_per_s):
            await asyncio.get_running_loop().sock_sendall(sink, part)
            way.carried += len(part)
            if way.bytes_per_s:
                await asyncio.sleep(len(part) / way.bytes_per_s)
        if cut is not None and allowed is not None and way.cut is cut:
            way.cut = None
            cut.fired.set()
            self.end(is_reset=cut.is_reset)


class _Counter:
    """How far one direction of one connection is towards a cut."""

    def __init__(self) -> None:
        self._cut: Cut | None = None
        self._left: int | None = None
        self._seen = b""

    def allowed(self, cut: Cut | None, piece: bytes) -> int | None:
        """How many bytes of ``piece`` arrive before the connection ends; None while it goes on."""
        if cut is None:
            return None
        begin = 0
        if self._cut is not cut:
            self._cut, self._left, self._seen = cut, None if cut.holding else cut.after, b""
        if self._left is None:
            text = self._seen + piece
            found = text.find(cut.holding)
            if found < 0:
                self._seen = text[-len(cut.holding) + 1 :] if len(cut.holding) > 1 else b""
                return None
            begin = max(0, found + len(cut.holding) - len(self._seen))
            self._left = cut.after
        if len(piece) - begin < self._left:
            self._left -= len(piece) - begin
            return None
        return begin + self._left


async def _take(source: socket.socket, under_way: "asyncio.Queue[tuple[float, bytes | None]]", way: _Direction) -> None:
    loop = asyncio.get_running_loop()
    piece: bytes | None = b"-"
    while piece:
        try:
            piece = await loop.sock_recv(source, _PIECE_BYTES)
        except OSError:
            piece = _RESET
        await under_way.put((loop.time() + way.delay_s, piece))


def _parts(piece: bytes, bytes_per_s: int | None) -> list[bytes]:
    size = max(1, bytes_per_s // 20) if bytes_per_s else len(piece) or 1
    return [piece[begin : begin + size] for begin in range(0, len(piece), size)]


def _socket_of(address: Address) -> socket.socket:
    made = socket.socket(socket.AF_UNIX if isinstance(address, str) else socket.AF_INET)
    if made.family == socket.AF_INET:
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return made


def _bound(address: Address) -> socket.socket:
    made = _socket_of(address)
    made.setblocking(False)
    if isinstance(address, str):
        with contextlib.suppress(FileNotFoundError):
            os.unlink(address)
    else:
        made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    made.bind(address)
    return made


class _Thread:
    """One loop for all proxies of a process, begun by the first."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        threading.Thread(target=self.loop.run_forever, name="proxies", daemon=True).start()


_lock = threading.Lock()
_thread: _Thread | None = None


def _call(work: Callable[[], T]) -> T:
    """Do ``work`` in the loop's thread and return what it returns."""
    global _thread
    with _lock:
        _thread = _thread or _Thread()

    async def do() -> T:
        return work()

    task: Coroutine[Any, Any, T] = do()
    return asyncio.run_coroutine_threadsafe(task, _thread.loop).result(_ANSWER_S)

"""One connection of a caller or a feed: bytes in, bytes out, and a bound on both."""

import hmac
import os
import socket

import msgspec

from apps.commands import framing

#: A caller that does not read its answers is cut off rather than remembered.
WRITE_BYTES_MAX = 1024 * 1024
READ_BYTES = 64 * 1024

_hellos = msgspec.msgpack.Decoder(framing.Hello)


class Connection:
    __slots__ = ("_out", "_reader", "closed", "greeted", "socket", "waiting", "wants_write")

    def __init__(self, accepted: socket.socket) -> None:
        self.socket = accepted
        self.greeted = False
        self.closed = False
        self.waiting = 0  # commands of this connection that have no answer yet
        self.wants_write = False
        self._reader = framing.FrameReader(framing.CALLER_LIMITS)
        self._out = bytearray()

    def read(self) -> list[tuple[int, bytes]] | None:
        """The frames that are complete now; None when the other end is gone or sends what is no frame."""
        try:
            data = self.socket.recv(READ_BYTES)
        except BlockingIOError:
            return []
        except OSError:
            return None
        if not data:
            return None
        try:
            return list(self._reader.feed(data))
        except framing.FrameError:
            return None

    def queue(self, data: bytes) -> None:
        self._out += data

    def flush(self) -> bool:
        """Send what can be sent now; False when the connection is lost or the other end reads too slowly."""
        try:
            while self._out:
                del self._out[: self.socket.send(self._out)]
        except BlockingIOError:
            pass
        except OSError:
            return False
        self.wants_write = bool(self._out)
        return len(self._out) <= WRITE_BYTES_MAX

    def greet(self, body: bytes, token: str, epoch: int) -> bool:
        """Answer the hello; False when its version or token is not ours."""
        try:
            hello = _hellos.decode(body)
        except framing.UNREADABLE:
            return False
        if hello.version != framing.PROTOCOL_VERSION or not hmac.compare_digest(hello.token.encode(), token.encode()):
            return False
        self.greeted = True
        welcome = framing.Welcome(version=framing.PROTOCOL_VERSION, epoch=epoch)
        self.queue(framing.frame(framing.HELLO, msgspec.msgpack.encode(welcome)))
        return True

    def close(self) -> None:
        self.closed = True
        self.socket.close()


def listen(url: str) -> socket.socket:
    """Bind the engine's address. A unix socket's stale file is replaced: the lease says that its owner is gone."""
    family, address = framing.parse_url(url)
    listener = socket.socket(family, socket.SOCK_STREAM)
    if isinstance(address, str):
        os.makedirs(os.path.dirname(address), exist_ok=True)
        try:
            os.unlink(address)
        except FileNotFoundError:
            pass
        listener.bind(address)
        os.chmod(address, 0o660)
    else:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
    listener.listen(1024)
    listener.setblocking(False)
    return listener

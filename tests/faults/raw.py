"""A socket by hand, for what no browser does: to read nothing, to say far too much, to come from another address."""

import json
import select
import socket
import time

from load import frames

_TIMEOUT_S = 30.0


class RawSocket:
    """Blocking until it is open. ``address`` is the one that it comes from: limits and bans count by address.

    With ``buffer_bytes`` the kernel takes no more than about that for who does not read.
    """

    def __init__(self, port: int, origin: str, *, address: str = "127.0.0.1", buffer_bytes: int | None = None) -> None:
        self._socket = socket.socket()
        self._socket.settimeout(_TIMEOUT_S)
        if buffer_bytes is not None:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, buffer_bytes)
        self._socket.bind((address, 0))
        self._socket.connect(("127.0.0.1", port))
        self._socket.sendall(frames.handshake("127.0.0.1", port, origin))
        answer = b""
        while b"\r\n\r\n" not in answer:
            answer += self._socket.recv(1)
        assert answer.startswith(b"HTTP/1.1 101"), answer
        self._unread = b""
        self._socket.setblocking(False)

    def say(self, **message: object) -> None:
        """As far as the other side takes it; raises OSError when it has hung up."""
        try:
            self._socket.sendall(frames.said(json.dumps(message)))
        except BlockingIOError:
            pass

    def greet(self, *symbols: str) -> None:
        self.say(op="hello", v=1)
        self.say(op="watch", symbols=symbols)

    def read(self) -> tuple[int, int | None, bool]:
        """What is there, without waiting: how many bytes, the close code if it came, and whether it is over."""
        try:
            received = self._socket.recv(65536)
        except BlockingIOError:
            return 0, None, False
        except ConnectionError:
            return 0, None, True
        found, self._unread = frames.split(self._unread + received)
        codes = [frames.close_code(payload) for opcode, payload in found if opcode == frames.CLOSE]
        return len(received), (codes or [None])[0], bool(codes) or not received

    def read_to_the_end(self, within_s: float = _TIMEOUT_S) -> tuple[int, int | None]:
        """Everything that is still on its way: how many bytes, and the close code, None when the connection was cut."""
        deadline, count = time.monotonic() + within_s, 0
        readable = select.poll()  # select() knows no descriptor beyond 1,023, and a crowd has as many
        readable.register(self._socket, select.POLLIN)
        while True:
            assert time.monotonic() < deadline, "the server does not end it"
            readable.poll(1000)
            received, code, is_over = self.read()
            count += received
            if is_over:
                return count, code

    def close(self) -> None:
        self._socket.close()

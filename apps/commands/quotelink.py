"""A feed's link to the engine: quotes go out at once or not at all. The next quote replaces a lost one, so nothing waits."""

import errno
import random
import select
import socket
import time

from apps.commands import framing

BUFFER_BYTES_MAX = framing.QUOTES_BYTES_MAX
#: An engine that has not said welcome, or not read for this long, is frozen: the link looks for another.
SILENT_S_MAX = 1.0
PAUSE_S_MIN = 0.1
PAUSE_S_MAX = 2.0


class QuoteLink:
    """Best effort, never blocking. Not thread-safe: one feed, one link."""

    def __init__(self, url: str, token: str = "") -> None:
        framing.check_token(url, token)
        self._family, self._address = framing.parse_url(url)
        self._token = token
        self._socket: socket.socket | None = None
        self._connected = False
        self._welcomed = False
        self._waiting_since = 0.0  # for the welcome, or for the engine to read on
        self._buffer = bytearray()
        self._pause_s = PAUSE_S_MIN
        self._next_try = 0.0
        self.dropped = 0

    def send(self, quotes: bytes) -> bool:
        """Send encoded QuoteTicks; False when they were dropped (engine away, or too far behind), which ``dropped`` counts."""
        if self._ready():
            self._flush()
        if self._socket is None or len(self._buffer) + len(quotes) > BUFFER_BYTES_MAX or len(quotes) > framing.QUOTES_BYTES_MAX:
            self.dropped += 1
            return False
        self._buffer += framing.frame(framing.QUOTES, quotes)
        if self._connected:
            self._flush()
        return self._socket is not None

    def close(self) -> None:
        if self._socket is not None:
            self._socket.close()
        self._socket = None
        self._connected = False
        self._welcomed = False
        self._buffer.clear()

    def _ready(self) -> bool:
        """Whether there is a connection to write to now; begins or finishes one when it is time to."""
        if self._socket is None:
            if time.monotonic() < self._next_try:
                return False
            self._connect()
        elif not self._connected and select.select([], [self._socket], [], 0)[1]:
            self._finish(self._socket.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR))
        return self._connected

    def _connect(self) -> None:
        self._socket = socket.socket(self._family, socket.SOCK_STREAM)
        self._socket.setblocking(False)
        self._buffer += framing.hello_frame(self._token)
        error = self._socket.connect_ex(self._address)
        if error != errno.EINPROGRESS:
            self._finish(error)

    def _finish(self, error: int) -> None:
        if error:
            self._lose()
            return
        self._connected = True
        self._waiting_since = time.monotonic()

    def _lose(self) -> None:
        """Give up the connection and try again after a pause that doubles, with jitter."""
        self.close()
        self._next_try = time.monotonic() + self._pause_s * random.uniform(0.5, 1.0)
        self._pause_s = min(self._pause_s * 2, PAUSE_S_MAX)

    def _flush(self) -> None:
        if self._socket is None:
            return
        try:
            if self._is_gone(self._socket) or self._is_frozen():
                self._lose()
                return
            while self._buffer:
                del self._buffer[: self._socket.send(self._buffer)]
                if self._welcomed:
                    self._waiting_since = time.monotonic()
        except BlockingIOError:
            return
        except OSError:
            self._lose()

    def _is_frozen(self) -> bool:
        return (bool(self._buffer) or not self._welcomed) and time.monotonic() - self._waiting_since > SILENT_S_MAX

    def _is_gone(self, connection: socket.socket) -> bool:
        """Read away what the engine says (its welcome); nothing more to read means that it is gone."""
        try:
            if connection.recv(4096) == b"":
                return True
        except BlockingIOError:
            return False
        self._welcomed = True
        self._waiting_since = time.monotonic()
        self._pause_s = PAUSE_S_MIN
        return False

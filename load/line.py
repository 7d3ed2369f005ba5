"""One socket of the stream, as a page has it: the protocol of the line, and the page's rules of coming back."""

import asyncio
import json
import random
import time
from collections.abc import Callable
from typing import Any

from load import frames

#: As static/realtime/rules.js has them.
BACKOFF_BASE_S = 0.5
BACKOFF_CAP_S = 15.0
GOOD_AFTER_S = 30.0
DEADLINE_S = 5.0
#: Until the server has said anything at all.
GREETED_WITHIN_S = 10.0


def backoff_s(attempt: int) -> float:
    wait: float = random.random() * min(BACKOFF_CAP_S, BACKOFF_BASE_S * 2 ** min(attempt, 10))
    return wait


def wait_s(code: int, retry_s: float, attempt: int) -> float:
    """How long a page waits after a socket that ended with ``code``; ``retry_s`` is what the server asked for, 0 for nothing."""
    if code == 1012 and retry_s:
        return retry_s * (0.5 + random.random())
    if code == 1013:
        return retry_s or 5 + backoff_s(attempt + 3)
    return 60.0 if code == 1008 else backoff_s(attempt)


def asked_back_s(code: int, reason: str) -> float | None:
    """The wait that a server at its limit names in its reason, in seconds."""
    return int(reason.removeprefix("retry ")) / 1000 if code == 1013 and reason.startswith("retry ") else None


class Line(asyncio.Protocol):
    """One connection: ``opened`` is called once, texts go to ``heard``, ``ended`` is the close code and reason.

    Cheap, because a thousand share a core with what they test.
    """

    def __init__(self, opened: Callable[["Line"], None], heard: Callable[[bytes], None]) -> None:
        self._opened = opened
        self._heard = heard
        self._unread = b""
        self.is_open = False
        self.heard_at = time.monotonic()
        self.bytes_in = 0
        self.ended: asyncio.Future[tuple[int, str]] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: Any) -> None:
        self._transport = transport

    def write(self, data: bytes) -> None:
        self._transport.write(data)

    def say(self, **message: object) -> None:
        self.write(frames.said(json.dumps(message)))

    def data_received(self, data: bytes) -> None:
        self.heard_at = time.monotonic()
        self.bytes_in += len(data)
        self._unread += data
        if self.is_open or self._opens():
            self._take_frames()

    def _opens(self) -> bool:
        answer, found, rest = self._unread.partition(b"\r\n\r\n")
        if not found:
            return False
        if not answer.startswith(b"HTTP/1.1 101"):
            self.cut()
            return False
        self.is_open, self._unread = True, rest
        self._opened(self)
        return True

    def _take_frames(self) -> None:
        whole, self._unread = frames.split(self._unread)
        for opcode, payload in whole:
            if opcode == frames.TEXT:
                self._heard(payload)
            elif opcode == frames.PING:  # a browser answers by itself, and a server closes who does not
                self.write(frames.frame(payload, frames.PONG))
            elif opcode == frames.CLOSE:
                self._end(frames.close_code(payload), payload[2:].decode())

    def connection_lost(self, _error: Exception | None) -> None:
        self._end(1006, "")

    def cut(self) -> None:
        self._transport.abort()

    def _end(self, code: int, reason: str) -> None:
        if not self.ended.done():
            self.ended.set_result((code, reason))

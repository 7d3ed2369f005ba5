"""Frames on the engine's socket, and its address.

A frame is the length of its body (4 bytes, big-endian), one byte that says what it is, and the body. The first frame of a
connection is HELLO, both ways; after it a caller sends commands, a feed sends quotes, and the engine answers each command.
"""

import socket
import struct
from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

import msgspec

HELLO = 0x48  # "H": MessagePack of Hello, answered with Welcome
COMMAND = 0x43  # "C": MessagePack of a command
ANSWER = 0x41  # "A": MessagePack of an answer
QUOTES = 0x51  # "Q": JSON of eventlog.schemas.marketdata.QuoteTicks, as it is on the topic

PROTOCOL_VERSION = 1
COMMAND_BYTES_MAX = 64 * 1024
QUOTES_BYTES_MAX = 1024 * 1024
ANSWER_BYTES_MAX = 4 * 1024 * 1024

#: What a caller may send, and what an engine may send back: the most bytes of a body, by kind.
CALLER_LIMITS: dict[int, int] = {HELLO: 1024, COMMAND: COMMAND_BYTES_MAX, QUOTES: QUOTES_BYTES_MAX}
ENGINE_LIMITS: dict[int, int] = {HELLO: 1024, ANSWER: ANSWER_BYTES_MAX}

#: What decoding hostile bytes raises: msgspec lets a bad string's own UnicodeDecodeError (a ValueError) through.
UNREADABLE = (msgspec.MsgspecError, ValueError, RecursionError)

_HEADER = struct.Struct(">IB")


class FrameError(ValueError):
    """What arrived is not a frame: an unknown kind, or a body longer than its kind may be."""


class AddressError(ValueError):
    """ENGINE_URL is neither ``unix:///path`` nor ``tcp://host:port``."""


class Hello(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """First frame of a connection. ``token`` is ENGINE_TOKEN, empty where there is none."""

    version: int
    token: str


class Welcome(msgspec.Struct, frozen=True):
    """The engine's reply to a hello that it accepts; it closes the connection on any other. A later engine may say more."""

    version: int
    epoch: int


def frame(kind: int, body: bytes) -> bytes:
    return _HEADER.pack(len(body), kind) + body


def hello_frame(token: str) -> bytes:
    """A caller's first frame. The token may be a kind of text that hides itself, which msgpack would not take."""
    return frame(HELLO, msgspec.msgpack.encode(Hello(version=PROTOCOL_VERSION, token=str(token))))


class FrameReader:
    """Cuts what arrives into frames. ``limits`` are the kinds that may come and the longest body of each."""

    __slots__ = ("_buffer", "_limits")

    def __init__(self, limits: Mapping[int, int]) -> None:
        self._limits = limits
        self._buffer = bytearray()

    def feed(self, data: bytes) -> Iterator[tuple[int, bytes]]:
        """Yield ``(kind, body)`` of every frame that is complete now; raise :class:`FrameError` at one that is none.

        The header is judged before its body is waited for, so a caller cannot make the reader hold more than a limit.
        """
        buffer = self._buffer
        buffer += data
        start, end = 0, len(buffer)
        try:
            while end - start >= _HEADER.size:
                length, kind = _HEADER.unpack_from(buffer, start)
                if length > self._limits.get(kind, -1):
                    raise FrameError(f"a frame of kind {kind} may not have {length} bytes")
                body_start = start + _HEADER.size
                if end - body_start < length:
                    break
                start = body_start + length
                yield kind, bytes(buffer[body_start:start])
        finally:
            del buffer[:start]


Address = str | tuple[str, int]


def parse_url(url: str) -> tuple[socket.AddressFamily, Address]:
    """Return the family and the address that ``unix:///path`` or ``tcp://host:port`` names."""
    parts = urlsplit(url)
    if parts.scheme == "unix" and parts.path:
        return socket.AF_UNIX, parts.path
    if parts.scheme == "tcp" and parts.hostname and parts.port:
        return (socket.AF_INET6 if ":" in parts.hostname else socket.AF_INET), (parts.hostname, parts.port)
    raise AddressError(f"ENGINE_URL must be unix:///path or tcp://host:port, was {url}")


def check_token(url: str, token: str) -> None:
    """A unix socket is guarded by its file's mode; a TCP port needs a token."""
    if parse_url(url)[0] != socket.AF_UNIX and not token:
        raise AddressError(f"ENGINE_TOKEN must be set when ENGINE_URL is {url}")

"""As much of the WebSocket protocol as a client needs that speaks to our own servers: bytes in, bytes out."""

import base64
import os

TEXT, CLOSE, PING, PONG = 1, 8, 9, 10
_MASK = bytes(4)  # of zeros: the masked text is the text


def handshake(host: str, port: int, origin: str) -> bytes:
    key = base64.b64encode(os.urandom(16)).decode()
    return (
        f"GET /stream HTTP/1.1\r\nHost: {host}:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nOrigin: {origin}\r\n"
        f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n"
    ).encode()


def said(text: str) -> bytes:
    return frame(text.encode(), TEXT)


def frame(data: bytes, opcode: int) -> bytes:
    """One frame of a client."""
    length = bytes([0x80 | len(data)]) if len(data) < 126 else bytes([0x80 | 126]) + len(data).to_bytes(2, "big")
    return bytes([0x80 | opcode]) + length + _MASK + data


def split(data: bytes) -> tuple[list[tuple[int, bytes]], bytes]:
    """The whole frames of a server in ``data``, as opcode and payload, and what is left."""
    found, at = [], 0
    while len(data) - at >= 2:
        length, begin = data[at + 1] & 0x7F, at + 2
        if length > 125:
            size = 2 if length == 126 else 8
            length, begin = int.from_bytes(data[begin : begin + size], "big"), begin + size
        if len(data) < begin + length:
            break
        found.append((data[at] & 0x0F, data[begin : begin + length]))
        at = begin + length
    return found, data[at:]


def close_code(payload: bytes) -> int:
    return int.from_bytes(payload[:2], "big")

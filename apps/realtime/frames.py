"""What goes out: texts for a server's ``send``, and the same as bytes of the WebSocket, made once for all who get them. Pure."""

from collections.abc import Iterable

from django.utils.functional import cached_property

_TEXT = 0x81  # a whole message (RFC 6455, section 5.2); what a server sends is not masked


def on_the_wire(texts: Iterable[str]) -> bytes:
    """Return ``texts`` as unmasked WebSocket frames, one after the other."""
    parts: list[bytes] = []
    for text in texts:
        payload = text.encode()
        size = len(payload)
        if size < 126:
            parts.append(bytes((_TEXT, size)))
        elif size < 65_536:
            parts.append(bytes((_TEXT, 126)) + size.to_bytes(2, "big"))
        else:
            parts.append(bytes((_TEXT, 127)) + size.to_bytes(8, "big"))
        parts.append(payload)
    return b"".join(parts)


class Frames(tuple[str, ...]):
    """Frames that many sockets get, in order."""

    @cached_property
    def wire(self) -> bytes:
        return on_the_wire(self)

"""What one or many sockets watch, and the sockets. Equal sets are one object, so that their frames are built once.

Nearly all sockets of a set stand level: all have taken the last frame whole, and get the next one together. They are the
hub's hottest loop, so it looks at nothing of them but the server's transports. Who falls behind, or has something of its own to
get, steps out and is served apart until it has caught up.
"""

from typing import Any

from apps.realtime.bars import BarKey
from apps.realtime.frames import Frames

NEVER = -1


class WatchSet:
    """``frames`` are those of the cut ``frames_cut`` by the cursor that they begin with. ``level`` has the sockets that stand at
    ``level_cursor`` by their transport, ``apart`` the others, each with a cursor of its own."""

    __slots__ = ("apart", "bars", "depth", "frames", "frames_cut", "level", "level_cursor", "symbols")

    def __init__(self, symbols: frozenset[str], depth: frozenset[str], bars: frozenset[BarKey] = frozenset()) -> None:
        self.symbols = symbols
        self.depth = depth
        self.bars = bars
        self.apart: set[Any] = set()
        self.level: dict[Any, Any] = {}
        self.level_cursor = NEVER
        self.frames: dict[int, Frames] = {}
        self.frames_cut = NEVER

    def __bool__(self) -> bool:
        return bool(self.apart or self.level)

    def all_symbols(self) -> frozenset[str]:
        return self.symbols | self.depth | {symbol for symbol, _ in self.bars}

    def step_in(self, socket: Any, transport: Any) -> None:
        """``socket`` stands at ``level_cursor`` from now on, until it steps out."""
        self.apart.discard(socket)
        self.level[transport] = socket

    def step_out(self, socket: Any, transport: Any) -> bool:
        """Serve ``socket`` apart from now on; False when it was not level."""
        if self.level.pop(transport, None) is None:
            return False
        self.apart.add(socket)
        return True

    def write(self, data: bytes) -> list[Any]:
        """Write ``data`` to every level socket whose way is clear. Returns the sockets whose way is not."""
        behind = []
        for transport, socket in self.level.items():
            if transport.get_write_buffer_size() or transport.is_closing():
                behind.append(socket)
            else:
                transport.write(data)
        return behind

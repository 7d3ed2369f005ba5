"""The hub's newest values, and what a socket has not seen of them yet. Pure: no loop, no clock, no socket.

Each value carries the generation in which it came. A socket carries the generation up to which it was served, its cursor, so a
socket that was busy gets the merged newest state and costs no memory of its own. A generation ends with :meth:`Table.cut`.
"""

from collections import deque
from collections.abc import Iterable
from typing import Any

from apps.realtime.limits import PRINTS_KEPT
from apps.realtime.protocol import frame

NEVER = -1


class WatchSet:
    """What one or many sockets watch. Equal sets are one object, so that their frames are built once."""

    __slots__ = ("depth", "frames", "frames_cut", "sockets", "symbols")

    def __init__(self, symbols: frozenset[str], depth: frozenset[str]) -> None:
        self.symbols = symbols
        self.depth = depth
        self.sockets: set[Any] = set()
        self.frames: dict[int, tuple[str, ...]] = {}
        self.frames_cut = NEVER


class Table:
    def __init__(self) -> None:
        self.generation = 0
        self._quotes: dict[str, tuple[int, str]] = {}
        self._depths: dict[str, tuple[int, str]] = {}
        self._prints: dict[str, deque[tuple[int, str]]] = {}

    def put_quote(self, symbol: str, fragment: str) -> None:
        self._quotes[symbol] = (self.generation, fragment)

    def seed_quote(self, symbol: str, fragment: str) -> bool:
        """Keep ``fragment`` unless a value is there; a stored price never replaces a streamed one."""
        if symbol in self._quotes:
            return False
        self.put_quote(symbol, fragment)
        return True

    def put_depth(self, symbol: str, fragment: str) -> None:
        self._depths[symbol] = (self.generation, fragment)

    def put_prints(self, symbol: str, fragments: Iterable[str]) -> None:
        kept = self._prints.get(symbol)
        if kept is None:
            kept = self._prints[symbol] = deque(maxlen=PRINTS_KEPT)
        generation = self.generation
        kept.extend((generation, fragment) for fragment in fragments)

    def replace_prints(self, symbol: str, fragments: list[str]) -> None:
        """Take a full list from the publisher: only what is not known yet counts as new."""
        known = {fragment for _, fragment in self._prints.get(symbol, ())}
        self.put_prints(symbol, [fragment for fragment in fragments if fragment not in known])

    def cut(self) -> int:
        """End the generation and return it: values from now on are newer than every cursor set to it."""
        generation = self.generation
        self.generation += 1
        return generation

    def frames(self, watch: WatchSet, cursor: int, cut: int, dirty: frozenset[str] | None = None) -> tuple[str, ...]:
        """Return the frames that bring a socket at ``cursor`` to ``cut``; the snapshot when it was never served.

        ``dirty`` may name the only symbols that changed since ``cursor``; equal questions are answered once.
        """
        if watch.frames_cut != cut:
            watch.frames = {}
            watch.frames_cut = cut
        frames = watch.frames.get(cursor)
        if frames is None:
            frames = watch.frames[cursor] = tuple(self._build(watch, cursor, dirty))
        return frames

    def _build(self, watch: WatchSet, cursor: int, dirty: frozenset[str] | None) -> Iterable[str]:
        symbols = watch.symbols if dirty is None else watch.symbols & dirty
        depth = watch.depth if dirty is None else watch.depth & dirty
        quotes = [value[1] for symbol in symbols if (value := self._quotes.get(symbol)) and value[0] > cursor]
        if quotes or cursor == NEVER:
            yield frame("q", quotes)
        if prints := [text for symbol in symbols for text in self._prints_after(symbol, cursor, symbol in watch.depth)]:
            yield frame("p", prints)
        if depths := [value[1] for symbol in depth if (value := self._depths.get(symbol)) and value[0] > cursor]:
            yield frame("d", depths)

    def _prints_after(self, symbol: str, cursor: int, whole: bool) -> list[str]:
        """A first look gets the newest print, or all that are kept where the page also shows the depth."""
        kept = self._prints.get(symbol)
        if not kept:
            return []
        if cursor == NEVER and not whole:
            return [kept[-1][1]]
        return [text for generation, text in kept if generation > cursor]

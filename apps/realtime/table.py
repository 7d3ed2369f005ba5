"""The hub's newest values, and what a socket has not seen of them yet. Pure: no loop, no clock, no socket.

Each value carries the generation in which it came. A socket carries the generation up to which it was served, its cursor, so a
socket that was busy gets the merged newest state and costs no memory of its own. A generation ends with :meth:`Table.cut`.
"""

from collections import deque
from collections.abc import Iterable
from typing import NamedTuple

from apps.eventlog.schemas.marketdata import INTERVALS
from apps.observability import metrics
from apps.realtime.bars import BarKey, Running
from apps.realtime.frames import Frames
from apps.realtime.limits import PRINTS_KEPT, PRINTS_PER_FRAME, SYMBOLS_KEPT_MAX
from apps.realtime.protocol import frame, quotes_frame
from apps.realtime.watchset import NEVER, WatchSet

_NO_ROOM = metrics.REALTIME_DROPPED.labels(what="symbol")


class _Book(NamedTuple):
    """``delta`` is for the sockets that were served in ``since`` or later, before ``generation``: they have the book it begins
    with. ``since`` is None where nobody can have it."""

    generation: int
    version: str
    snapshot: str
    since: int | None
    delta: str


class Table:
    """``at_ms`` is the server's clock at the last cut, in milliseconds since 1970: when the frames of that cut are built."""

    def __init__(self) -> None:
        self.generation = 0
        self.at_ms = 0
        self._quotes: dict[str, tuple[int, str]] = {}
        self._books: dict[str, _Book] = {}
        self._bars: dict[BarKey, Running[tuple[int, str]]] = {}
        self._prints: dict[str, deque[tuple[int, str]]] = {}
        self._states: dict[str, tuple[int, str]] = {}
        self._states_changed = NEVER  # the newest generation of them all: nearly always older than every cursor

    def put_quote(self, symbol: str, fragment: str) -> None:
        if len(self._quotes) >= SYMBOLS_KEPT_MAX and symbol not in self._quotes:
            _NO_ROOM.inc()
            return
        self._quotes[symbol] = (self.generation, fragment)

    def renew_quote(self, symbol: str, fragment: str) -> bool:
        """Take a quote that the publisher sends again with all others; whether it was not known yet."""
        known = self._quotes.get(symbol)
        if known is not None and known[1] == fragment:
            return False
        self.put_quote(symbol, fragment)
        return True

    def seed_quote(self, symbol: str, fragment: str) -> bool:
        """Keep ``fragment`` unless a value is there; a stored price never replaces a streamed one."""
        if symbol in self._quotes:
            return False
        self.put_quote(symbol, fragment)
        return True

    def put_book(self, symbol: str, version: str, snapshot: str, base: str, delta: str) -> bool:
        """Keep a book, and the delta to it from ``base``; False when it is the one that is known."""
        known = self._books.get(symbol)
        if known is not None and known.version == version:
            return False
        if known is None and len(self._books) >= SYMBOLS_KEPT_MAX:
            _NO_ROOM.inc()
            return False
        # A book that came and went within one generation was seen by nobody.
        follows = known is not None and known.version == base and known.generation < self.generation
        since = known.generation if follows and known is not None else None
        self._books[symbol] = _Book(self.generation, version, snapshot, since, delta)
        return True

    def put_bar(self, key: BarKey, start: int, fragment: str) -> bool:
        """Keep the bar of ``key`` that began at ``start`` (ms since 1970); False when it is known or older than what is kept."""
        running = self._bars.get(key)
        if running is None:
            if len(self._bars) >= SYMBOLS_KEPT_MAX * len(INTERVALS):
                _NO_ROOM.inc()
                return False
            self._bars[key] = Running(start, (self.generation, fragment))
            return True
        known = running.at(start)
        if known is not None and known[1] == fragment:
            return False
        return running.put(start, (self.generation, fragment))

    def seed_bar(self, key: BarKey, start: int, fragment: str) -> bool:
        """Keep a stored bar unless one is there: what is streamed is newer."""
        return key not in self._bars and self.put_bar(key, start, fragment)

    def put_prints(self, symbol: str, fragments: list[str]) -> int:
        """Keep new prints; returns how many of this generation have had no room, so that nobody will see them."""
        kept = self._prints.get(symbol)
        if kept is None:
            if len(self._prints) >= SYMBOLS_KEPT_MAX:
                _NO_ROOM.inc()
                return 0
            kept = self._prints[symbol] = deque(maxlen=PRINTS_KEPT)
        generation = self.generation
        unseen = sum(each == generation for each, _ in kept)
        kept.extend((generation, fragment) for fragment in fragments)
        return max(0, unseen + len(fragments) - PRINTS_KEPT)

    def replace_prints(self, symbol: str, fragments: list[str]) -> int:
        """Take a full list from the publisher: only what is not known yet counts as new."""
        known = {fragment for _, fragment in self._prints.get(symbol, ())}
        return self.put_prints(symbol, [fragment for fragment in fragments if fragment not in known])

    # --- What is known, for who must tell old from new -----------------------------------------------------------------------

    def quote(self, symbol: str) -> str | None:
        known = self._quotes.get(symbol)
        return known[1] if known is not None else None

    def book_version(self, symbol: str) -> str | None:
        known = self._books.get(symbol)
        return known.version if known is not None else None

    def kept_prints(self, symbol: str) -> list[str]:
        """Oldest first."""
        return [fragment for _, fragment in self._prints.get(symbol, ())]

    def bar(self, key: BarKey, start: int) -> str | None:
        running = self._bars.get(key)
        known = running.at(start) if running is not None else None
        return known[1] if known is not None else None

    def put_state(self, symbol: str, fragment: str) -> bool:
        """Whether it is another one than before."""
        known = self._states.get(symbol)
        if known is not None and known[1] == fragment:
            return False
        self._states[symbol] = (self.generation, fragment)
        self._states_changed = self.generation
        return True

    def cut(self, at_ms: int) -> int:
        """End the generation and return it: values from now on are newer than every cursor set to it."""
        generation = self.generation
        self.generation += 1
        self.at_ms = at_ms
        return generation

    def frames(self, watch: WatchSet, cursor: int, cut: int, dirty: frozenset[str] | None = None) -> Frames:
        """Return the frames that bring a socket at ``cursor`` to ``cut``; the snapshot when it was never served.

        ``dirty`` may name the only symbols that changed since ``cursor``; equal questions are answered once.
        """
        if watch.frames_cut != cut:
            watch.frames = {}
            watch.frames_cut = cut
        frames = watch.frames.get(cursor)
        if frames is None:
            frames = watch.frames[cursor] = Frames(self._build(watch, cursor, dirty))
        return frames

    def _build(self, watch: WatchSet, cursor: int, dirty: frozenset[str] | None) -> Iterable[str]:
        symbols = watch.symbols if dirty is None else watch.symbols & dirty
        depth = watch.depth if dirty is None else watch.depth & dirty
        quotes = [value[1] for symbol in symbols if (value := self._quotes.get(symbol)) and value[0] > cursor]
        if quotes or cursor == NEVER:
            yield quotes_frame(self.at_ms, quotes, full=cursor == NEVER)
        if prints := [text for symbol in symbols for text in self._prints_after(symbol, cursor, symbol in watch.depth)]:
            for first in range(0, len(prints), PRINTS_PER_FRAME):
                yield frame("p", prints[first : first + PRINTS_PER_FRAME])
        if self._states_changed > cursor and (states := self._states_after(symbols, cursor)):
            yield frame("s", states)
        if bars := [text for key in watch.bars if dirty is None or key[0] in dirty for text in self._bars_after(key, cursor)]:
            yield frame("b", bars)
        if depth:
            yield from self._books_after(depth, cursor)

    def snapshots(self, depth: Iterable[str]) -> tuple[str, ...]:
        """Return the frame of the whole books of ``depth``, as far as they are known."""
        found = [book.snapshot for symbol in depth if (book := self._books.get(symbol))]
        return (frame("d", found),) if found else ()

    def _bars_after(self, key: BarKey, cursor: int) -> Iterable[str]:
        """The end of the bar before, if the socket has not seen it, then the running one. A first look gets the running one."""
        running = self._bars.get(key)
        if running is None:
            return
        for value in (running.before, running.value) if cursor != NEVER else (running.value,):
            if value is not None and value[0] > cursor:
                yield value[1]

    def _books_after(self, depth: Iterable[str], cursor: int) -> Iterable[str]:
        """A delta for who has what it begins with, the whole book for all others."""
        snapshots, deltas = [], []
        for symbol in depth:
            book = self._books.get(symbol)
            if book is None or book.generation <= cursor:
                continue
            if book.since is not None and book.since <= cursor:
                deltas.append(book.delta)
            else:
                snapshots.append(book.snapshot)
        if snapshots:
            yield frame("d", snapshots)
        if deltas:
            yield frame("dd", deltas)

    def _states_after(self, symbols: Iterable[str], cursor: int) -> list[str]:
        return [value[1] for symbol in symbols if (value := self._states.get(symbol)) and value[0] > cursor]

    def _prints_after(self, symbol: str, cursor: int, whole: bool) -> list[str]:
        """A first look gets the newest print, or all that are kept where the page also shows the depth."""
        kept = self._prints.get(symbol)
        if not kept:
            return []
        if cursor == NEVER and not whole:
            return [kept[-1][1]]
        return [text for generation, text in kept if generation > cursor]

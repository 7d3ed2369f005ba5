"""Whose word counts when several publishers speak: each tells of its own partitions, and those move when a publisher comes, dies,
or is frozen. The one that takes over begins some seconds back, and the one before may still say what is old by then.

Who spoke last of a symbol is believed at once, so one publisher costs nothing here. Another one's word is held against what the
table has, until it is newer.

A feed that speaks for itself is ahead of the log for as long as that is away. What the log brings then, prints of our own book
among it, is late by minutes and may be more than the table keeps: so from its first word on every print is held against the
highest number that was shown of each epoch.
"""

from collections.abc import Callable, Iterable
from typing import Any

from apps.realtime.bars import BarKey
from apps.realtime.limits import PRINTS_KEPT, SYMBOLS_KEPT_MAX
from apps.realtime.shards import ShardMessage
from apps.realtime.table import Table

_Spoke = dict[Any, str]
#: Feeds that spoke straight to the hubs, by source.
_FEEDS_MAX = 100
#: Messages after a feed's last own word until publishers are believed at once again: minutes of the busiest market.
_WARY_FOR = 200_000
#: Epochs of one symbol's prints whose numbers are remembered: our own book's, and feeds'.
_EPOCHS_MAX = 8


class Speakers:
    def __init__(self, table: Table) -> None:
        self._table = table
        self._quotes: _Spoke = {}
        self._books: _Spoke = {}
        self._prints: _Spoke = {}
        self._bars: dict[BarKey, str] = {}
        self._leases: dict[str, int] = {}
        self._wary = 0
        self._marks: dict[str, dict[int, int]] = {}  # by symbol and epoch: the highest number of a print that was shown

    def is_replaced(self, message: ShardMessage) -> bool:
        """Whether ``message`` is a feed's own word, and another process publishes as its source by now: one that was frozen and
        wakes up. What comes by the log has been asked for that already."""
        if (direct := message.get("direct")) is None:
            return False
        source, epoch = direct
        known = self._leases.get(source, 0)
        if epoch > known and (known or len(self._leases) < _FEEDS_MAX):
            self._leases[source] = epoch
        return bool(epoch < known)

    def sift(self, message: ShardMessage) -> None:
        """Take out of ``message`` what the table has in a newer version, or has shown already."""
        boot = message["boot"]
        _sift(message["q"], self._quotes, boot, self._is_new_quote)
        _sift(message["d"], self._books, boot, self._is_new_book)
        if "direct" in message:
            self._wary = _WARY_FOR
        if self._wary:
            self._sift_by_marks(message["p"])
        else:
            strangers = _strangers(message["p"], self._prints, boot)
            if message["full"]:
                self._leave_out_the_oldest(message["p"], message["p"].keys() - set(strangers))
            if strangers:
                self._sift_prints(message["p"], strangers, boot)
        if message["c"]:
            self._sift_bars(message["c"], boot)

    def _is_new_quote(self, symbol: str, fragment: str) -> bool:
        known = self._table.quote(symbol)
        return known is None or _supersedes(place_of(fragment), place_of(known))

    def _is_new_book(self, symbol: str, update: Any) -> bool:
        known = self._table.book_version(symbol)
        return known is None or _version(update[0]) > _version(known)

    def _sift_by_marks(self, prints: dict[str, list[str]]) -> None:
        self._wary -= 1
        for symbol in tuple(prints):
            kept = self._table.kept_prints(symbol)
            marks = self._marks.get(symbol)
            if marks is None:
                marks = self._marks[symbol] = marks_of(kept)
            if fresh := _beyond(marks, prints[symbol], _oldest(kept)):
                prints[symbol] = fresh
            else:
                del prints[symbol]
            self._prints.pop(symbol, None)
        if not self._wary:
            self._marks.clear()

    def _sift_prints(self, prints: dict[str, list[str]], strangers: Iterable[str], boot: str) -> None:
        for symbol in strangers:
            given = prints[symbol]
            fresh = new_prints(given, self._table.kept_prints(symbol))
            if len(fresh) == len(given):
                _note(self._prints, symbol, boot)
            elif fresh:
                prints[symbol] = fresh
                self._prints.pop(symbol, None)  # it still catches up: nobody is believed at once
            else:
                del prints[symbol]

    def _leave_out_the_oldest(self, prints: dict[str, list[str]], symbols: Iterable[str]) -> None:
        """Of all that the publisher has kept, what the table has kept no more. What was missed in between stays."""
        for symbol in symbols:
            oldest = _oldest(self._table.kept_prints(symbol))
            prints[symbol] = [each for each in prints[symbol] if place_of(each)[2] >= oldest]

    def _sift_bars(self, bars: list[Any], boot: str) -> None:
        fresh = []
        for bar in bars:
            key = (bar[0], bar[1])
            if self._bars.get(key) != boot:
                known = self._table.bar(key, bar[2])
                if known is not None and _bar_sequence(bar[3]) <= _bar_sequence(known):
                    continue
                _note(self._bars, key, boot)
            fresh.append(bar)
        bars[:] = fresh


def new_prints(given: list[str], kept: list[str]) -> list[str]:
    """Those of ``given`` that were not shown, ``kept`` being the newest that were: the numbers of an epoch rise, and what is
    older than all that are kept was shown before them."""
    marks, oldest = marks_of(kept), _oldest(kept)
    fresh = []
    for fragment in given:
        epoch, sequence, at = place_of(fragment)
        if sequence > marks.get(epoch, -1) and (epoch in marks or at >= oldest):
            fresh.append(fragment)
    return fresh


def marks_of(kept: list[str]) -> dict[int, int]:
    """The highest number of each epoch."""
    marks: dict[int, int] = {}
    for epoch, sequence, _ in map(place_of, kept):
        marks[epoch] = max(sequence, marks.get(epoch, -1))
    return marks


def _beyond(marks: dict[int, int], given: list[str], oldest: int) -> list[str]:
    """Those of ``given`` that were not shown, by ``marks``, which are moved on to them."""
    fresh = []
    for fragment in given:
        epoch, sequence, at = place_of(fragment)
        mark = marks.pop(epoch, None)
        if mark is not None and sequence <= mark:
            marks[epoch] = mark
            continue
        if mark is None and at < oldest:
            continue
        marks[epoch] = sequence  # as the newest: what is not heard of any more is forgotten first
        if len(marks) > _EPOCHS_MAX:
            del marks[next(iter(marks))]
        fresh.append(fragment)
    return fresh


def _oldest(kept: list[str]) -> int:
    """The instant before which a print was shown and is forgotten; as long as there is room, none was."""
    return min(place_of(each)[2] for each in kept) if len(kept) == PRINTS_KEPT else -1


def _sift(values: dict[str, Any], spoke: _Spoke, boot: str, is_new: Callable[[str, Any], bool]) -> None:
    for symbol in _strangers(values, spoke, boot):
        if is_new(symbol, values[symbol]):
            _note(spoke, symbol, boot)
        else:
            del values[symbol]


def _strangers(values: Iterable[str], spoke: _Spoke, boot: str) -> list[str]:
    """The symbols of which somebody else than ``boot`` spoke last, or nobody yet."""
    return [symbol for symbol in values if spoke.get(symbol) != boot]


def _note(spoke: dict[Any, str], symbol: Any, boot: str) -> None:
    """Whom there is no room to remember is held against the table each time."""
    if symbol in spoke or len(spoke) < SYMBOLS_KEPT_MAX:
        spoke[symbol] = boot


def _supersedes(now: tuple[int, int, int], before: tuple[int, int, int]) -> bool:
    """Each (epoch, sequence, at). A feed's epochs rise; another source's may be lower, and then the instant says it."""
    if now[0] == before[0]:
        return now[1] > before[1]
    return now[0] > before[0] or now[2] > before[2]


def place_of(fragment: str) -> tuple[int, int, int]:
    """(epoch, sequence, at) of a quote or a print as docs/stream.md has them."""
    _, epoch, sequence, at, _ = fragment.split(",", 4)
    return int(epoch), int(sequence), int(at)


def _version(text: str) -> tuple[int, int]:
    epoch, _, sequence = text.partition(":")
    return int(epoch), int(sequence)


def _bar_sequence(fragment: str) -> int:
    return int(fragment.rsplit(",", 1)[1].removesuffix("]"))

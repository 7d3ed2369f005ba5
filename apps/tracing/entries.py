"""One line of a story, whoever says it, and the order of lines."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

#: At one instant the cause comes before what it caused.
_RANKS = ("browser", "web", "engine", "database", "ledger", "topic", "log", "stream")


@dataclass(frozen=True, slots=True)
class Entry:
    """``source`` says where it is from: one of a few words, and after a colon which of them. ``facts`` are for machines."""

    at: datetime
    source: str
    what: str
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Told:
    """What one source had to say, and what it could not."""

    entries: tuple[Entry, ...] = ()
    notes: tuple[str, ...] = ()


def in_order(entries: Iterable[Entry]) -> list[Entry]:
    return sorted(entries, key=lambda entry: (entry.at, _rank(entry.source)))


def _rank(source: str) -> int:
    word = source.partition(":")[0]
    return _RANKS.index(word) if word in _RANKS else len(_RANKS)

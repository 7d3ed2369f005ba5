"""Bad days on demand: what a source can do wrong, done by the simulated one at a time that is written down. PURE.

``KIND:SYMBOL:AT_S[:LENGTH_S]``: AT_S seconds after the feed's start, for LENGTH_S seconds. Without a length, or with 0, it is one
tick that is wrong, and of a silence or a frozen value five seconds.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import Enum

import msgspec

from apps.core.numbers import parse_decimal, plain, shown
from apps.core.units import Grid
from apps.eventlog.schemas.marketdata import QuoteTick

INCIDENTS_MAX = 1_000
_LASTING_S = 5.0
_LOST = 3  # ticks of a gap


class Kind(Enum):
    """Each member says what it does to the quotes of its symbol."""

    SILENCE = "silence"  # none at all
    SPIKE = "spike"  # 30 % too high; for a while: the market seems to be there
    CROSSED = "crossed"  # bid and ask changed places
    ZERO = "zero"  # a bid of nothing
    NAN = "nan"  # a bid that is no number
    FROZEN = "frozen"  # the same value and time, again and again
    OUT_OF_ORDER = "out-of-order"  # each comes after the one that follows it
    GAP = "gap"  # the source lost some of its own
    RESET = "reset"  # the source counts from one again


class IncidentError(ValueError):
    """The line is no incident; the message says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Incident:
    kind: Kind
    symbol: str
    at_s: float
    length_s: float

    @classmethod
    def parse(cls, text: str) -> "Incident":
        """Read ``KIND:SYMBOL:AT_S[:LENGTH_S]``; raises :class:`IncidentError`."""
        parts = text.strip().split(":")
        if not 3 <= len(parts) <= 4 or not parts[1]:
            raise IncidentError(f"an incident must be KIND:SYMBOL:AT_S[:LENGTH_S], was {shown(text)}")
        kinds = {kind.value: kind for kind in Kind}
        if parts[0] not in kinds:
            raise IncidentError(f"the kind must be one of {', '.join(kinds)}, was {shown(parts[0])}")
        try:
            at_s, length_s = (float(parse_decimal(part, "seconds")) for part in (parts[2], (parts[3:] or ["0"])[0]))
        except ValueError as error:
            raise IncidentError(f"{error}, in {shown(text)}") from None
        kind = kinds[parts[0]]
        return cls(kind, parts[1], at_s, length_s or (_LASTING_S if kind in (Kind.SILENCE, Kind.FROZEN) else 0.0))


def read_incidents(lines: Iterable[str]) -> list[Incident]:
    """One incident a line; empty lines and what follows a ``#`` are left out. Raises :class:`IncidentError` naming the line."""
    found: list[Incident] = []
    for number, line in enumerate(lines, 1):
        text = line.partition("#")[0].strip()
        if not text:
            continue
        if len(found) == INCIDENTS_MAX:
            raise IncidentError(f"line {number}: there may be at most {INCIDENTS_MAX} incidents")
        try:
            found.append(Incident.parse(text))
        except IncidentError as error:
            raise IncidentError(f"line {number}: {error}") from None
    return found


class Script:
    """Does to a simulated source what the incidents say. One of a symbol at a time: the one that began last."""

    def __init__(self, incidents: Iterable[Incident]) -> None:
        self._waiting = sorted(incidents, key=lambda each: each.at_s, reverse=True)
        self._under_way: dict[str, Incident] = {}
        self._kept: dict[str, QuoteTick] = {}
        self._shift: dict[str, int] = {}

    def advance(self, elapsed_s: float) -> list[Incident]:
        """Begin and end what is due ``elapsed_s`` after the start; returns what began."""
        began: list[Incident] = []
        while self._waiting and self._waiting[-1].at_s <= elapsed_s:
            incident = self._waiting.pop()
            self._under_way[incident.symbol] = incident
            self._kept.pop(incident.symbol, None)
            began.append(incident)
        over = [
            symbol
            for symbol, each in self._under_way.items()
            if each.length_s and elapsed_s >= each.at_s + each.length_s
        ]
        for symbol in over:
            del self._under_way[symbol]
            self._kept.pop(symbol, None)
        return began

    def forget(self) -> None:
        """The source counts from one again in all it says: what was added to its numbers goes."""
        self._shift.clear()
        self._kept.clear()

    @property
    def is_over(self) -> bool:
        return not self._waiting and not self._under_way and not self._shift

    def is_silent(self, symbol: str) -> bool:
        incident = self._under_way.get(symbol)
        return incident is not None and incident.kind is Kind.SILENCE

    def play(self, tick: QuoteTick, grid: Grid) -> list[QuoteTick]:
        """What the source says in the place of ``tick``, which is sound."""
        shift = self._shift.get(tick.symbol)
        if shift is not None:
            tick = msgspec.structs.replace(tick, sequence=max(1, tick.sequence + shift))
        incident = self._under_way.get(tick.symbol)
        if incident is None:
            return [tick]
        played = self._played(incident, tick, grid)
        if not incident.length_s and self._under_way.get(tick.symbol) is incident and not self._is_pending(incident):
            del self._under_way[tick.symbol]
        return played

    def _is_pending(self, incident: Incident) -> bool:
        return incident.kind is Kind.OUT_OF_ORDER and incident.symbol in self._kept

    def _played(self, incident: Incident, tick: QuoteTick, grid: Grid) -> list[QuoteTick]:
        match incident.kind:
            case Kind.SILENCE:
                return []
            case Kind.FROZEN:
                kept = self._kept.setdefault(tick.symbol, tick)
                return [msgspec.structs.replace(kept, sequence=tick.sequence)]
            case Kind.OUT_OF_ORDER:
                before = self._kept.pop(tick.symbol, None)
                if before is None:
                    self._kept[tick.symbol] = tick
                return [] if before is None else [tick, before]
            case Kind.GAP | Kind.RESET:
                number = tick.sequence + _LOST if incident.kind is Kind.GAP else 1
                self._shift[tick.symbol] = self._shift.get(tick.symbol, 0) + number - tick.sequence
                return [msgspec.structs.replace(tick, sequence=number)]
            case _:
                return [_wrong(incident.kind, tick, grid)]


def _wrong(kind: Kind, tick: QuoteTick, grid: Grid) -> QuoteTick:
    """The tick with numbers that no market has."""
    match kind:
        case Kind.SPIKE:
            return msgspec.structs.replace(tick, bid=_higher(tick.bid, grid), ask=_higher(tick.ask, grid))
        case Kind.CROSSED:
            return msgspec.structs.replace(tick, bid=tick.ask, ask=tick.bid)
        case Kind.ZERO:
            return msgspec.structs.replace(tick, bid="0")
        case _:
            return msgspec.structs.replace(tick, bid="NaN")


def _higher(price: str, grid: Grid) -> str:
    """30 % more, in whole ticks."""
    return plain(grid.price(grid.ticks(Decimal(price)) * 13 // 10))

"""What every feed goes through before anybody sees its ticks. PURE: time is passed in, what is kept back is handed out.

1. Order. A tick whose number the source has used, or has gone beyond, is dropped. A number that was skipped is a gap: the
   instrument is flagged and nothing of it is published until a snapshot came, for which the source is asked where it can be;
   else the next quote is the snapshot, since each is whole. A number that falls while the source's own time goes on, twice
   running, is a source that counts anew: a new epoch begins.
2. Sense. What is no number, zero, crossed, off the grid, from the future, or far from the mean of five minutes (``band``) is put
   in quarantine: not published, counted by reason, and kept for somebody to look at.
3. What is published is numbered anew, 1, 2, 3 … for each symbol, kind and epoch: a hole in what consumers read is none of it.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import TypeVar

from apps.core.numbers import NumberFormatError, parse_units
from apps.core.units import Grid
from apps.eventlog.schemas.marketdata import QuoteTick, TradeTick
from apps.marketdata.feeds.band import Band

SECOND_NS = 1_000_000_000
#: How far ahead of ours a source's clock may be; what is less far ahead is taken as of now.
FUTURE_NS_MAX = 60 * SECOND_NS
#: The engine takes no older tick for a price of now, and neither do the screens.
LATE_NS_MAX = 3 * SECOND_NS
#: A snapshot that does not come within this long is not waited for: the newest quote, which is whole, takes its place.
SNAPSHOT_NS_MAX = SECOND_NS


class Reason(Enum):
    """Why a tick is in quarantine. The values are labels of a metric, and kept."""

    NUMBER = "number"
    ZERO = "zero"
    CROSSED = "crossed"
    GRID = "grid"
    FUTURE = "future"
    BAND = "band"


@dataclass(frozen=True, slots=True)
class Quarantined:
    """``reference`` is the mean that the tick was measured against, in units of 10**-8; 0 when there was none."""

    tick: QuoteTick | TradeTick
    reason: Reason
    reference: int
    seen_ns: int


@dataclass(slots=True)
class Figures:
    """What happened since the gate was made."""

    old: int = 0
    late: int = 0
    unknown: int = 0
    gaps: int = 0
    missed: int = 0
    resnapshots: int = 0
    resets: int = 0


class _Line:
    """The ticks of one kind of one symbol."""

    __slots__ = ("at_ns", "band", "fallen", "flagged_ns", "held", "number", "sequence")

    def __init__(self) -> None:
        self.band = Band()
        self.number = 0  # the source's highest
        self.at_ns = 0  # the source's time at it
        self.fallen = 0  # a lower number that came later, and may be the first of a new count
        self.sequence = 0  # ours
        self.flagged_ns = 0
        self.held: QuoteTick | None = None


Tick = TypeVar("Tick", QuoteTick, TradeTick)
Groups = list[tuple[int, list[QuoteTick]]]
Prints = list[tuple[int, list[TradeTick]]]


class Gate:
    """``quarantine`` is told what is kept back. A tick with the number 0 has none: its order is that of its arrival."""

    def __init__(self, epoch: int, quarantine: Callable[[Quarantined], None]) -> None:
        self.epoch = epoch
        self.figures = Figures()
        self._quarantine = quarantine
        self._dense = False
        self._resnapshot: Callable[[str], None] | None = None
        self._grids: Mapping[str, Grid] = {}
        self._quotes: dict[str, _Line] = {}
        self._trades: dict[str, _Line] = {}
        self._flagged: dict[str, _Line] = {}

    # --- What the feed says ---------------------------------------------------------------------------------------------

    def describe_source(self, *, dense: bool, resnapshot: Callable[[str], None] | None = None) -> None:
        """``dense``: its numbers follow each other without holes. ``resnapshot`` asks it for the whole state of a symbol, which
        comes to :meth:`snapshot`; None where it cannot be asked."""
        self._dense, self._resnapshot = dense, resnapshot

    def know(self, grids: Mapping[str, Grid]) -> None:
        """These are the instruments there are; ticks of others are dropped."""
        self._grids = grids
        for lines in (self._quotes, self._trades, self._flagged):
            for symbol in [each for each in lines if each not in grids]:
                del lines[symbol]

    def seed(self, mids: Mapping[str, int], now_ns: int) -> None:
        """Where prices (in units) were a moment ago, for a feed that begins: its first tick may be the mistake."""
        for symbol, mid in mids.items():
            if symbol in self._grids and symbol not in self._quotes:
                line = self._quotes[symbol] = _Line()
                line.band.restart(2 * mid, now_ns // SECOND_NS)

    def begin_epoch(self, epoch: int) -> None:
        """The source counts anew in all it says, as it does when it is connected anew. Prices stay where they are."""
        self._renumber(epoch)
        for lines in (self._quotes, self._trades):
            for line in lines.values():
                line.number = line.at_ns = line.fallen = 0

    def flag(self, symbol: str, now_ns: int) -> None:
        """The source lost track of ``symbol`` by its own account: nothing of it is published until a snapshot came."""
        if symbol not in self._grids:
            return
        self.figures.gaps += 1
        line = self._quotes.setdefault(symbol, _Line())
        line.flagged_ns = line.flagged_ns or now_ns
        self._flagged[symbol] = line

    @property
    def flagged(self) -> int:
        """Instruments whose snapshot is awaited."""
        return len(self._flagged)

    # --- Ticks ----------------------------------------------------------------------------------------------------------

    def quotes(self, ticks: Iterable[QuoteTick], now_ns: int) -> Groups:
        """What of ``ticks`` is to be published, numbered anew, by epoch; an epoch ends where a source began to count anew."""
        groups: Groups = []
        for tick in ticks:
            if (taken := self._quote(tick, now_ns)) is not None:
                _add(groups, self.epoch, taken)
        return groups

    def snapshot(self, ticks: Iterable[QuoteTick], now_ns: int) -> Groups:
        """Quotes that the source gave as the whole state of their symbols: they end a flag."""
        groups: Groups = []
        for tick in ticks:
            self._clear(tick.symbol)
            if (taken := self._quote(tick, now_ns)) is not None:
                _add(groups, self.epoch, taken)
        return groups

    def overdue(self, now_ns: int) -> Groups:
        """What was held back for a snapshot that did not come. Call it ten times a second."""
        if not self._flagged:
            return []
        late = [symbol for symbol, line in self._flagged.items() if line.held and now_ns - line.flagged_ns >= SNAPSHOT_NS_MAX]
        groups: Groups = []
        for symbol in late:
            line, held = self._flagged[symbol], self._flagged[symbol].held
            self._clear(symbol)
            if held is not None and (taken := self._numbered(line, held, now_ns)) is not None:
                _add(groups, self.epoch, taken)
        return groups

    def trades(self, ticks: Iterable[TradeTick], now_ns: int) -> Prints:
        """What of the prints is to be published. They have no snapshot: one that is missing stays missing, and is counted."""
        groups: Prints = []
        for tick in ticks:
            line = self._line(self._trades, tick)
            if line is None or not self._is_in_order(line, tick, now_ns) or not self._is_timely(tick, now_ns):
                continue
            reason, price = self._read_print(tick)
            quotes = self._quotes.get(tick.symbol)
            mid = quotes.band.reference(now_ns // SECOND_NS) // 2 if quotes is not None else 0
            if reason is None and not line.band.takes(price, now_ns // SECOND_NS, mid):
                reason = Reason.BAND
            if reason is not None:
                self._put_away(tick, reason, now_ns, line.band.reference(now_ns // SECOND_NS) or mid)
                continue
            line.sequence += 1
            at_ns = min(tick.at_ns, now_ns)
            taken = TradeTick(tick.symbol, line.sequence, at_ns, tick.price, tick.quantity, tick.aggressor_side)
            _add(groups, self.epoch, taken)
        return groups

    # --- The steps ------------------------------------------------------------------------------------------------------

    def _line(self, lines: dict[str, _Line], tick: QuoteTick | TradeTick) -> _Line | None:
        line = lines.get(tick.symbol)
        if line is None:
            if tick.symbol not in self._grids:
                self.figures.unknown += 1
                return None
            line = lines[tick.symbol] = _Line()
        return line

    def _quote(self, tick: QuoteTick, now_ns: int) -> QuoteTick | None:
        line = self._line(self._quotes, tick)
        if line is None or not self._is_in_order(line, tick, now_ns):
            return None
        if line.flagged_ns:
            line.held = tick
            return None
        return self._numbered(line, tick, now_ns)

    def _numbered(self, line: _Line, tick: QuoteTick, now_ns: int) -> QuoteTick | None:
        if not self._is_timely(tick, now_ns):
            return None
        reason, mid = self._read_quote(tick)
        if reason is None and not line.band.takes(mid, now_ns // SECOND_NS):
            reason = Reason.BAND
        if reason is not None:
            self._put_away(tick, reason, now_ns, line.band.reference(now_ns // SECOND_NS) // 2)
            return None
        line.sequence += 1
        return QuoteTick(
            tick.symbol, line.sequence, min(tick.at_ns, now_ns), tick.bid, tick.ask, tick.bid_quantity, tick.ask_quantity
        )

    def _is_in_order(self, line: _Line, tick: QuoteTick | TradeTick, now_ns: int) -> bool:
        number = tick.sequence
        if not number:
            return True
        if number <= line.number:
            if not self._counts_anew(line, tick, now_ns):
                self.figures.old += 1
                return False
        elif self._dense and line.number and number > line.number + 1:
            self._gap(line, tick, number - line.number - 1, now_ns)
        line.number, line.fallen = number, 0
        line.at_ns = max(line.at_ns, min(tick.at_ns, now_ns))
        return True

    def _counts_anew(self, line: _Line, tick: QuoteTick | TradeTick, now_ns: int) -> bool:
        """Whether a number that is not news is the second of a new count. One alone may be a stray with a wrong clock."""
        if min(tick.at_ns, now_ns) <= line.at_ns:
            return False
        if not line.fallen or tick.sequence <= line.fallen:
            line.fallen = tick.sequence
            return False
        self.figures.resets += 1
        self._renumber(now_ns)
        return True

    def _renumber(self, epoch: int) -> None:
        self.epoch = max(epoch, self.epoch + 1)
        for lines in (self._quotes, self._trades):
            for line in lines.values():
                line.sequence = 0

    def _gap(self, line: _Line, tick: QuoteTick | TradeTick, missed: int, now_ns: int) -> None:
        self.figures.gaps += 1
        self.figures.missed += missed
        if isinstance(tick, TradeTick):
            return
        if self._resnapshot is None:
            self.figures.resnapshots += 1  # this very quote
        elif not line.flagged_ns:
            line.flagged_ns = now_ns
            self._flagged[tick.symbol] = line
            self._resnapshot(tick.symbol)

    def _clear(self, symbol: str) -> None:
        line = self._flagged.pop(symbol, None)
        if line is not None:
            self.figures.resnapshots += 1
            line.flagged_ns, line.held = 0, None

    def _is_timely(self, tick: QuoteTick | TradeTick, now_ns: int) -> bool:
        if tick.at_ns > now_ns + FUTURE_NS_MAX or tick.at_ns <= 0:
            self._put_away(tick, Reason.FUTURE, now_ns, 0)
            return False
        if now_ns - tick.at_ns > LATE_NS_MAX and isinstance(tick, QuoteTick):
            self.figures.late += 1
            return False
        return True

    def _read_quote(self, tick: QuoteTick) -> tuple[Reason | None, int]:
        """What is wrong with the quote's numbers, and twice its mid in units."""
        grid = self._grids[tick.symbol]
        try:
            bid, ask = parse_units(tick.bid, "bid"), parse_units(tick.ask, "ask")
            bid_quantity, ask_quantity = parse_units(tick.bid_quantity, "quantity"), parse_units(tick.ask_quantity, "quantity")
        except NumberFormatError:
            return Reason.NUMBER, 0
        if not (bid and ask and bid_quantity and ask_quantity):
            return Reason.ZERO, 0
        if bid >= ask:
            return Reason.CROSSED, 0
        if bid % grid.tick or ask % grid.tick or bid_quantity % grid.lot or ask_quantity % grid.lot:
            return Reason.GRID, 0
        return None, bid + ask

    def _read_print(self, tick: TradeTick) -> tuple[Reason | None, int]:
        try:
            price, quantity = parse_units(tick.price, "price"), parse_units(tick.quantity, "quantity")
        except NumberFormatError:
            return Reason.NUMBER, 0
        if not (price and quantity):
            return Reason.ZERO, 0
        grid = self._grids[tick.symbol]
        return (Reason.GRID, 0) if price % grid.tick or quantity % grid.lot else (None, price)

    def _put_away(self, tick: QuoteTick | TradeTick, reason: Reason, now_ns: int, reference: int) -> None:
        self._quarantine(Quarantined(tick, reason, reference, now_ns))


def _add(groups: list[tuple[int, list[Tick]]], epoch: int, tick: Tick) -> None:
    if groups and groups[-1][0] == epoch:
        groups[-1][1].append(tick)
    else:
        groups.append((epoch, [tick]))

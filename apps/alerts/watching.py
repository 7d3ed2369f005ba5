"""Which alerts a tick fires. PURE: sorted lists by symbol and kind of price, two comparisons a tick while nothing is near.

An alert waits in one of two lists of its line: those that a rising price reaches, and those that a falling one does. One that has
fired and will fire again waits on the other side first, strictly beyond its price, until it is armed. What rests, or was made
later than the ticks that are read, waits in a heap by the instant from which it watches.
"""

from bisect import bisect_left, insort
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from heapq import heappop, heappush

from apps.alerts.kinds import Basis, Direction
from apps.eventlog.schemas.marketdata import QuoteTick, TradeTick
from apps.marketdata.precedence import supersedes

FOREVER_NS = 2**63 - 1
_TOP, _FLOOR = Decimal("Infinity"), Decimal(-1)
_NOTHING: "Sequence[Hit]" = ()

Place = tuple[Decimal, int, int]


@dataclass(frozen=True, slots=True)
class Watched:
    """One alert as it is watched: from ``from_ns`` on and before ``until_ns``."""

    alert_id: int
    version: int
    symbol: str
    basis: Basis
    direction: Direction
    price: Decimal
    from_ns: int
    until_ns: int = FOREVER_NS
    pause_ns: int | None = None
    is_armed: bool = True

    @property
    def rises(self) -> bool:
        """Whether a rising price reaches it: the alert itself, or, while it is not armed, its other side."""
        return (self.direction is Direction.ABOVE) is self.is_armed

    def fired(self, at_ns: int) -> "Watched | None":
        """What is left of it after it fired: nothing, or one that rests and then waits for the other side."""
        if self.pause_ns is None:
            return None
        return replace(self, version=self.version + 1, from_ns=at_ns + self.pause_ns, is_armed=False)

    def armed(self, at_ns: int) -> "Watched":
        return replace(self, version=self.version + 1, from_ns=at_ns, is_armed=True)


@dataclass(frozen=True, slots=True)
class Hit:
    """``alert`` as it was when ``value`` reached it: it fires if it was armed, else it is armed now."""

    alert: Watched
    value: Decimal
    at_ns: int
    source: str
    epoch: int
    sequence: int


@dataclass(slots=True)
class Line:
    """The alerts on one kind of price of one symbol. ``top`` and ``floor`` are the nearest on either side."""

    rising: list[Place] = field(default_factory=list)
    falling: list[Place] = field(default_factory=list)
    top: Decimal = _TOP
    floor: Decimal = _FLOOR

    def add(self, alert: Watched) -> None:
        insort(self.rising if alert.rises else self.falling, _place(alert))
        self._look()

    def remove(self, alert: Watched) -> None:
        places, place = (self.rising if alert.rises else self.falling), _place(alert)
        index = bisect_left(places, place)
        if index < len(places) and places[index] == place:
            del places[index]
            self._look()

    def reached(self, value: Decimal) -> Iterator[int]:
        """The ids that ``value`` reaches: rank 0 of the rising ones and rank 1 of the falling ones at the price itself."""
        for price, rank, alert_id in self.rising:
            if (price, rank) > (value, 0):
                break
            yield alert_id
        for price, rank, alert_id in reversed(self.falling):
            if (price, rank) < (value, 1):
                break
            yield alert_id

    def _look(self) -> None:
        self.top = self.rising[0][0] if self.rising else _TOP
        self.floor = self.falling[-1][0] if self.falling else _FLOOR


@dataclass(slots=True)
class Market:
    """One symbol: its lines, what waits for its instant, and the quote that stands.

    ``quiet`` are bounds of bid and ask between which no quote reaches anything: most ticks are done after comparing with these.
    """

    lines: dict[Basis, Line] = field(default_factory=dict)
    waiting: list[tuple[int, int]] = field(default_factory=list)
    next_ns: int = FOREVER_NS
    quote: tuple[str, int, int, int] | None = None
    bid: str = ""
    ask: str = ""
    quiet: tuple[Decimal, Decimal] | None = None

    def look(self) -> None:
        """Set the quiet bounds anew. A mid lies between bid and ask: what holds both holds it."""
        lines = [line for basis, line in self.lines.items() if basis is not Basis.LAST]
        self.quiet = (max((line.floor for line in lines), default=_FLOOR), min((line.top for line in lines), default=_TOP))


class Watch:
    """All alerts that are watched. ``put`` takes the newest version of one, ``discard`` forgets it."""

    def __init__(self) -> None:
        self._alerts: dict[int, Watched] = {}
        self._markets: dict[str, Market] = {}

    def __len__(self) -> int:
        return len(self._alerts)

    def get(self, alert_id: int) -> Watched | None:
        return self._alerts.get(alert_id)

    def put(self, alert: Watched) -> None:
        self.discard(alert.alert_id)
        self._alerts[alert.alert_id] = alert
        market = self._markets.setdefault(alert.symbol, Market())
        heappush(market.waiting, (alert.from_ns, alert.alert_id))
        market.next_ns = market.waiting[0][0]

    def discard(self, alert_id: int) -> None:
        alert = self._alerts.pop(alert_id, None)
        if alert is None:
            return
        market = self._markets[alert.symbol]
        if line := market.lines.get(alert.basis):
            line.remove(alert)
            market.quiet = None

    def absorb(self, other: "Watch") -> None:
        """Take over what ``other`` watches, and of symbols that are new here the quote that stands."""
        for alert in list(other._alerts.values()):
            self.put(alert)
            market = self._markets[alert.symbol]
            market.quote = market.quote or other._markets[alert.symbol].quote

    def clear(self) -> None:
        """Forget the alerts; which quote stands is a matter of the log, and stays."""
        self._alerts.clear()
        for market in self._markets.values():
            market.lines.clear()
            market.quiet = None
            market.waiting.clear()
            market.next_ns = FOREVER_NS

    def take_quote(self, source: str, epoch: int, tick: QuoteTick) -> Sequence[Hit]:
        """What the quote fires or arms; nothing for one that does not stand: of a source or an epoch that is over, or older."""
        market = self._markets.get(tick.symbol)
        if market is None:
            return _NOTHING
        identity = (source, epoch, tick.sequence, tick.at_ns)
        if market.quote is not None and not supersedes(identity, market.quote):
            return _NOTHING
        market.quote = identity
        if tick.at_ns >= market.next_ns:
            self._begin(market, tick.at_ns)
        elif market.quiet is not None and tick.bid == market.bid and tick.ask == market.ask:
            return _NOTHING  # the prices of before, which reached nothing
        if market.quiet is None:
            market.look()
        bid, ask = Decimal(tick.bid), Decimal(tick.ask)
        if bid > ask:
            return _NOTHING  # no feed's gate lets such a quote pass: it is no price
        if market.quiet and market.quiet[0] < bid and ask < market.quiet[1]:
            market.bid, market.ask = tick.bid, tick.ask
            return _NOTHING
        market.bid = market.ask = ""
        return self._reach_lines(market, bid, ask, tick.at_ns, (source, epoch, tick.sequence))

    def _reach_lines(self, market: Market, bid: Decimal, ask: Decimal, at_ns: int, identity: tuple[str, int, int]) -> list[Hit]:
        hits: list[Hit] = []
        for basis, line in market.lines.items():
            if basis is Basis.LAST:
                continue
            value = bid if basis is Basis.BID else ask if basis is Basis.ASK else (bid + ask) / 2
            if not line.floor < value < line.top:
                hits += self._reach(line, value, at_ns, identity)
        return hits

    def take_print(self, source: str, epoch: int, tick: TradeTick) -> Sequence[Hit]:
        market = self._markets.get(tick.symbol)
        if market is None:
            return _NOTHING
        if tick.at_ns >= market.next_ns:
            self._begin(market, tick.at_ns)
        line = market.lines.get(Basis.LAST)
        if line is None:
            return _NOTHING
        value = Decimal(tick.price)
        if line.floor < value < line.top:
            return _NOTHING
        return self._reach(line, value, tick.at_ns, (source, epoch, tick.sequence))

    def _begin(self, market: Market, at_ns: int) -> None:
        """Alerts whose instant has come take their places; what was changed since it was put there is passed over."""
        waiting = market.waiting
        while waiting and waiting[0][0] <= at_ns:
            from_ns, alert_id = heappop(waiting)
            alert = self._alerts.get(alert_id)
            if alert is None or alert.from_ns != from_ns or self._markets[alert.symbol] is not market:
                continue
            line = market.lines.setdefault(alert.basis, Line())
            line.remove(alert)
            line.add(alert)
            market.quiet = None
        market.next_ns = waiting[0][0] if waiting else FOREVER_NS

    def _reach(self, line: Line, value: Decimal, at_ns: int, identity: tuple[str, int, int]) -> list[Hit]:
        hits = []
        for alert in [self._alerts[alert_id] for alert_id in line.reached(value)]:
            if at_ns < alert.from_ns:
                continue  # made since: prints of two sources are not in the order of their instants
            self.discard(alert.alert_id)
            if at_ns >= alert.until_ns:
                continue
            hits.append(Hit(alert, value, at_ns, *identity))
            rest = alert.fired(at_ns) if alert.is_armed else alert.armed(at_ns)
            if rest is not None:
                self.put(rest)
        return hits


def _place(alert: Watched) -> Place:
    """Armed: reached at its price; not armed: only beyond it. So at one price the ranks of both lists are told apart."""
    return (alert.price, 0 if alert.rises is alert.is_armed else 1, alert.alert_id)

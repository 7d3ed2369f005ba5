"""The simulated feed as a process: paced by the clock, following the instruments that there are."""

import logging
import time
from collections.abc import Iterable, Mapping
from decimal import Decimal
from threading import Event

from apps.core.clock import Clock, process_clock
from apps.core.units import Grid
from apps.eventlog.schemas.marketdata import QuoteTick, TradeTick
from apps.marketdata import demo
from apps.marketdata.feeds.incidents import Incident, Script
from apps.marketdata.feeds.instruments import Found, InstrumentWatch
from apps.marketdata.feeds.pacing import Pacer
from apps.marketdata.feeds.profile import Profile, demo_profile, plain_profile
from apps.marketdata.feeds.publisher import Publisher
from apps.marketdata.feeds.sim import Simulator

log = logging.getLogger(__name__)

RATE_MAX = 20_000
#: Every instrument is quoted at least this often: the house withdraws from a quote that is three seconds old.
REFRESH_S = 0.8
_FLUSH_S = 0.004
_IDLE_S = 0.1
_QUEUED_TICKS_MAX = 2_000


class SimFeed:
    """Makes ticks at ``rate`` a second over all instruments until told to stop. ``incidents`` are what goes wrong, and when."""

    def __init__(
        self,
        publisher: Publisher,
        watch: InstrumentWatch,
        *,
        rate: float,
        seed: int,
        incidents: Iterable[Incident] = (),
        clock: Clock | None = None,
    ) -> None:
        self._publisher = publisher
        self._watch = watch
        self._rate = rate
        self._seed = seed
        self._clock = clock or process_clock()
        self._known: Found | None = None
        self._grids: dict[str, Grid] = {}
        self._simulator: Simulator | None = None
        self._script = Script(incidents)
        self._began_s = 0.0
        self._wanted: set[str] = set()
        self._quoted_s: dict[str, float] = {}
        self._refreshed_s = 0.0
        publisher.gate.describe_source(dense=True, resnapshot=self.resnapshot)

    def resnapshot(self, symbol: str) -> None:
        """The gate asks for the whole state of ``symbol``: its next quote is that."""
        self._wanted.add(symbol)

    def run(self, stopping: Event) -> None:
        if self._watch.wait(stopping) is None:
            return
        self._began_s = time.monotonic()
        pacer = Pacer(self._rate, self._began_s)
        while not stopping.is_set():
            self._follow_instruments()
            now_s = time.monotonic()
            self._step(pacer.due(now_s), now_s)
            spent_s = time.monotonic() - now_s
            stopping.wait(max(_FLUSH_S - spent_s, min(pacer.wait_s(time.monotonic()), _IDLE_S), 0.0))
        if pacer.given_up:
            log.warning("%d ticks were given up: the machine was too slow for the rate", pacer.given_up)

    def _step(self, count: int, now_s: float) -> None:
        """Make ``count`` ticks, and the quotes of instruments that have been silent too long, and send them."""
        simulator = self._simulator
        if simulator is None:
            return
        for incident in self._script.advance(now_s - self._began_s):
            log.warning("incident: %s of %s for %g s", incident.kind.value, incident.symbol, incident.length_s)
        quotes: list[QuoteTick] = []
        trades: list[TradeTick] = []
        now_ns = self._clock.now_ns()
        apart_ns = int(1e9 / self._rate)
        for left in range(count - 1, -1, -1):
            tick = simulator.next(now_ns - left * apart_ns)
            if isinstance(tick, QuoteTick):
                quotes.append(tick)
                self._quoted_s[tick.symbol] = now_s
            elif not self._script.is_silent(tick.symbol):
                trades.append(tick)
            if len(quotes) + len(trades) >= _QUEUED_TICKS_MAX:
                self._publisher.publish(self._played(quotes), trades, now_s)
                quotes, trades = [], []
        quotes += self._refresh(simulator, now_s, now_ns)
        self._publisher.publish(self._played(quotes), trades, now_s)
        if self._wanted:
            self._answer(simulator, now_ns, now_s)

    def _answer(self, simulator: Simulator, now_ns: int, now_s: float) -> None:
        wanted = [simulator.markets[symbol].quote(now_ns) for symbol in self._wanted if symbol in simulator.markets]
        self._wanted.clear()
        self._publisher.publish(self._played(wanted), [], now_s, whole=True)

    def _played(self, quotes: list[QuoteTick]) -> list[QuoteTick]:
        """The quotes as a source with incidents sends them."""
        if self._script.is_over:
            return quotes
        return [said for tick in quotes for said in self._script.play(tick, self._grids[tick.symbol])]

    def _refresh(self, simulator: Simulator, now_s: float, now_ns: int) -> list[QuoteTick]:
        if now_s - self._refreshed_s < _IDLE_S:
            return []
        self._refreshed_s = now_s
        silent = [symbol for symbol in simulator.markets if now_s - self._quoted_s.get(symbol, 0.0) > REFRESH_S]
        self._quoted_s.update(dict.fromkeys(silent, now_s))
        return [simulator.markets[symbol].quote(now_ns) for symbol in silent]

    def _follow_instruments(self) -> None:
        """Begin anew, under a new epoch and from present prices, when instruments came, went, or changed their steps."""
        found = self._watch.newest()
        if found is None or found is self._known:
            return
        self._known = found
        if found.grids == self._grids:
            return
        profiles = [
            profile for symbol, grid in found.grids.items() if (profile := self._profile(symbol, grid, found.mids)) is not None
        ]
        self._grids = dict(found.grids)
        self._publisher.gate.know(found.grids)
        self._publisher.gate.seed(found.recent, self._clock.now_ns())
        # Above every epoch that was ever stored: a clock that was set back may not make all new quotes look old.
        epoch = self._publisher.begin_epoch(found.epoch + 1)
        self._simulator = Simulator(profiles, self._seed) if profiles else None
        self._quoted_s.clear()
        self._script.forget()
        log.info("%d instruments, epoch %d", len(profiles), epoch)

    def _profile(self, symbol: str, grid: Grid, stored: Mapping[str, Decimal]) -> Profile | None:
        start = self._current(symbol) or stored.get(symbol)
        definition = demo.BY_SYMBOL.get(symbol)
        if definition is not None:
            return demo_profile(definition, grid, start)
        if start is None:
            log.warning("%s has never had a price: nothing to simulate around", symbol)
            return None
        return plain_profile(symbol, grid, start)

    def _current(self, symbol: str) -> Decimal | None:
        if self._simulator is None or symbol not in self._simulator.markets:
            return None
        bid, ask = self._simulator.markets[symbol].touch
        grid = self._grids[symbol]
        return (grid.price(bid) + grid.price(ask)) / 2

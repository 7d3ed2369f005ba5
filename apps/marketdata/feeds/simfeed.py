"""The simulated feed as a process: paced by the clock, following the instruments that there are."""

import logging
import threading
import time
from collections.abc import Collection
from decimal import Decimal
from threading import Event

from django.db import Error as DatabaseError
from django.db import connection

from apps.core.clock import Clock, SystemClock
from apps.core.units import Grid
from apps.eventlog.schemas.marketdata import QuoteTick, TradeTick
from apps.instruments.selectors import list_instruments
from apps.marketdata import demo
from apps.marketdata.feeds.pacing import Pacer
from apps.marketdata.feeds.profile import Profile, demo_profile, plain_profile
from apps.marketdata.feeds.publisher import Publisher
from apps.marketdata.feeds.sim import SOURCE, Simulator
from apps.marketdata.selectors import latest_prices

log = logging.getLogger(__name__)

RATE_MAX = 20_000
#: Every instrument is quoted at least this often: the house withdraws from a quote that is three seconds old.
REFRESH_S = 0.8
_FLUSH_S = 0.004
_IDLE_S = 0.1
_LOOK_S = 2.0
_QUEUED_TICKS_MAX = 2_000


class InstrumentWatch:
    """The instruments to quote, looked up by a thread of its own: Postgres may stall, prices may not."""

    def __init__(self, symbols: Collection[str]) -> None:
        self._symbols = frozenset(symbols)
        self._found: tuple[dict[str, Grid], dict[str, Decimal], int] | None = None
        self._stopping = Event()
        self._thread = threading.Thread(target=self._run, name="instruments", daemon=True)
        self._thread.start()

    def newest(self) -> tuple[dict[str, Grid], dict[str, Decimal], int] | None:
        """(grid by symbol, newest stored mid price by symbol, highest stored epoch of this source), or None before the first."""
        return self._found

    def close(self) -> None:
        self._stopping.set()
        self._thread.join(timeout=5)

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._found = self._look()
            except DatabaseError as error:
                log.warning("instruments cannot be read now: %s", str(error).strip().splitlines()[0])
            finally:
                connection.close()
            self._stopping.wait(_LOOK_S if self._found and self._found[0] else 0.5)

    def _look(self) -> tuple[dict[str, Grid], dict[str, Decimal], int]:
        known = [each for each in list_instruments() if not self._symbols or each.symbol in self._symbols]
        prices = latest_prices(each.id for each in known)
        mids = {each.symbol: prices[each.id].mid for each in known if each.id in prices}
        epoch = max((price.epoch for price in prices.values() if price.source == SOURCE), default=0)
        return {each.symbol: each.grid for each in known}, mids, epoch


class SimFeed:
    """Makes ticks at ``rate`` a second over all instruments until told to stop."""

    def __init__(
        self, publisher: Publisher, watch: InstrumentWatch, *, rate: float, seed: int, clock: Clock | None = None
    ) -> None:
        self._publisher = publisher
        self._watch = watch
        self._rate = rate
        self._seed = seed
        self._clock = clock or SystemClock()
        self._grids: dict[str, Grid] = {}
        self._simulator: Simulator | None = None
        self._epoch = 0
        self._quoted_s: dict[str, float] = {}
        self._refreshed_s = 0.0

    def run(self, stopping: Event) -> None:
        if not self._wait_for_instruments(stopping):
            return
        pacer = Pacer(self._rate, time.monotonic())
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
        quotes: list[QuoteTick] = []
        trades: list[TradeTick] = []
        now_ns = self._clock.now_ns()
        apart_ns = int(1e9 / self._rate)
        for left in range(count - 1, -1, -1):
            tick = simulator.next(now_ns - left * apart_ns)
            if isinstance(tick, TradeTick):
                trades.append(tick)
            else:
                quotes.append(tick)
                self._quoted_s[tick.symbol] = now_s
            if len(quotes) + len(trades) >= _QUEUED_TICKS_MAX:
                self._publisher.publish(self._epoch, quotes, trades, now_s)
                quotes, trades = [], []
        quotes += self._refresh(simulator, now_s, now_ns)
        self._publisher.publish(self._epoch, quotes, trades, now_s)

    def _refresh(self, simulator: Simulator, now_s: float, now_ns: int) -> list[QuoteTick]:
        if now_s - self._refreshed_s < _IDLE_S:
            return []
        self._refreshed_s = now_s
        silent = [symbol for symbol in simulator.markets if now_s - self._quoted_s.get(symbol, 0.0) > REFRESH_S]
        self._quoted_s.update(dict.fromkeys(silent, now_s))
        return [simulator.markets[symbol].quote(now_ns) for symbol in silent]

    def _wait_for_instruments(self, stopping: Event) -> bool:
        told = False
        while not stopping.is_set():
            self._follow_instruments()
            if self._simulator is not None:
                return True
            if not told:
                log.info("waiting for instruments")
                told = True
            stopping.wait(0.1)
        return False

    def _follow_instruments(self) -> None:
        """Begin anew, under a new epoch and from present prices, when instruments came, went, or changed their steps."""
        found = self._watch.newest()
        if found is None or found[0] == self._grids:
            return
        grids, stored, epoch = found
        profiles = [profile for symbol, grid in grids.items() if (profile := self._profile(symbol, grid, stored))]
        self._grids = grids
        # Above every epoch that was ever stored: a clock that was set back may not make all new quotes look old.
        self._epoch = max(self._clock.now_ns(), epoch + 1, self._epoch + 1)
        self._simulator = Simulator(profiles, self._seed) if profiles else None
        self._quoted_s.clear()
        log.info("%d instruments, epoch %d", len(profiles), self._epoch)

    def _profile(self, symbol: str, grid: Grid, stored: dict[str, Decimal]) -> Profile | None:
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

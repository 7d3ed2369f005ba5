"""Which instruments there are, for a feed: looked up by a thread of its own, because Postgres may stall and prices may not."""

import logging
import threading
import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from threading import Event

from django.db import Error as DatabaseError
from django.db import connection
from django.utils import timezone

from apps.core.numbers import to_units
from apps.core.units import Grid
from apps.instruments.selectors import list_instruments
from apps.marketdata.feeds.band import MEAN_S
from apps.marketdata.selectors import latest_prices

log = logging.getLogger(__name__)

_LOOK_S = 2.0


@dataclass(frozen=True, slots=True)
class Found:
    """By symbol: the steps of each instrument, the mid of its newest stored price, and, in units, of those that are recent.

    ``epoch`` is the highest that is stored of the source.
    """

    grids: Mapping[str, Grid] = field(default_factory=dict)
    mids: Mapping[str, Decimal] = field(default_factory=dict)
    recent: Mapping[str, int] = field(default_factory=dict)
    epoch: int = 0


class InstrumentWatch:
    """``symbols`` narrows what is found; empty: every instrument."""

    def __init__(self, symbols: Collection[str], source: str = "sim") -> None:
        self._symbols = frozenset(symbols)
        self._source = source
        self._found: Found | None = None
        self._stopping = Event()
        self._thread = threading.Thread(target=self._run, name="instruments", daemon=True)
        self._thread.start()

    def newest(self) -> Found | None:
        """What was found at the last look; None before the first."""
        return self._found

    def wait(self, stopping: Event, timeout_s: float | None = None) -> Found | None:
        """The instruments, once there are any; None when ``stopping`` was set, or the time was over, before that."""
        deadline_s = None if timeout_s is None else time.monotonic() + timeout_s
        told = False
        while not stopping.is_set():
            found = self._found
            if found is not None and found.grids:
                return found
            if deadline_s is not None and time.monotonic() > deadline_s:
                return None
            if not told:
                log.info("waiting for instruments")
                told = True
            stopping.wait(0.1)
        return None

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
            self._stopping.wait(_LOOK_S if self._found and self._found.grids else 0.5)

    def _look(self) -> Found:
        known = [each for each in list_instruments() if not self._symbols or each.symbol in self._symbols]
        prices = latest_prices(each.id for each in known)
        since = timezone.now() - timedelta(seconds=MEAN_S)
        return Found(
            grids={each.symbol: each.grid for each in known},
            mids={each.symbol: prices[each.id].mid for each in known if each.id in prices},
            recent={
                each.symbol: to_units(prices[each.id].bid + prices[each.id].ask) // 2
                for each in known
                if each.id in prices and prices[each.id].quoted_at >= since
            },
            epoch=max((price.epoch for price in prices.values() if price.source == self._source), default=0),
        )

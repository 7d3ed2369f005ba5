"""What the publisher knows: the newest of every symbol, and what of it has changed since it was last taken.

Filled by the log handler's thread, emptied by the publisher's: one short lock, encoding outside of it.
"""

import threading
from collections import defaultdict, deque
from collections.abc import Iterable, Sized
from typing import Any

from apps.eventlog.schemas.marketdata import INTERVALS, BarTick, BarTicks, Depth, QuoteTick, QuoteTicks, TradeTicks
from apps.marketdata.precedence import supersedes
from apps.observability import metrics
from apps.realtime import limits
from apps.realtime.bars import BarKey, Running
from apps.realtime.books import book_update
from apps.realtime.fragments import bar_fragment, print_fragment, quote_fragment
from apps.realtime.shards import shard_of, shard_of_account

Parts = dict[str, Any]
#: Of a symbol's prints: our own book and a feed, and as many that they replaced.
WRITERS_MAX = 8

_CONFLATED = metrics.REALTIME_CONFLATED.labels(where="consumer")
_DROPPED = {what: metrics.REALTIME_DROPPED.labels(what) for what in ("quote", "depth", "bar", "print", "symbol", "bell")}


class Newest:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._quotes: dict[str, tuple[str, int, QuoteTick]] = {}
        self._depths: dict[str, Depth] = {}
        self._pushed_depths: dict[str, Depth] = {}  # what the next delta begins with; touched by the publisher's thread alone
        self._prints: defaultdict[str, deque[str]] = defaultdict(lambda: deque(maxlen=limits.PRINTS_KEPT))
        self._told: defaultdict[str, dict[tuple[str, int], int]] = defaultdict(dict)  # the newest print's sequence of each writer
        self._bars: dict[BarKey, Running[BarTick]] = {}
        self._changed_quotes: set[str] = set()
        self._changed_depths: set[str] = set()
        self._changed_bars: set[tuple[BarKey, int]] = set()
        self._new_prints: defaultdict[str, deque[str]] = defaultdict(lambda: deque(maxlen=limits.PRINTS_KEPT))
        self._bells: dict[int, int] = {}
        self._notice_bells: dict[int, int] = {}

    def put_quotes(self, message: QuoteTicks) -> None:
        old = conflated = 0
        with self._lock:
            for tick in message.ticks:
                known = self._quotes.get(tick.symbol)
                if known is None:
                    if _is_full(self._quotes):
                        continue
                elif not _is_newer(message.source, message.epoch, tick, known):
                    old += 1
                    continue
                self._quotes[tick.symbol] = (message.source, message.epoch, tick)
                conflated += tick.symbol in self._changed_quotes
                self._changed_quotes.add(tick.symbol)
        if conflated:
            _CONFLATED.inc(conflated)
        if old:
            _DROPPED["quote"].inc(old)

    def put_trades(self, message: TradeTicks) -> None:
        """A print that the log holds twice, or that is read again after a share came back, is told once."""
        source, epoch = message.source, message.epoch
        encoded = [(tick.symbol, tick.sequence, print_fragment(source, epoch, tick)) for tick in message.ticks]
        with self._lock:
            for symbol, sequence, fragment in encoded:
                if symbol not in self._prints and _is_full(self._prints):
                    continue
                told = self._told[symbol]
                if sequence <= told.get((source, epoch), -1):
                    _DROPPED["print"].inc()
                    continue
                if len(told) == WRITERS_MAX and (source, epoch) not in told:
                    del told[next(iter(told))]
                told[source, epoch] = sequence
                self._prints[symbol].append(fragment)
                new = self._new_prints[symbol]
                if len(new) == limits.PRINTS_KEPT:
                    _DROPPED["print"].inc()
                new.append(fragment)

    def put_depth(self, message: Depth) -> None:
        with self._lock:
            known = self._depths.get(message.symbol)
            if known is None:
                if _is_full(self._depths):
                    return
            elif (message.epoch, message.sequence) <= (known.epoch, known.sequence):
                _DROPPED["depth"].inc()
                return
            self._depths[message.symbol] = message
            self._changed_depths.add(message.symbol)

    def put_bars(self, message: BarTicks) -> None:
        with self._lock:
            for bar in message.bars:
                key = (bar.symbol, bar.interval)
                running = self._bars.get(key)
                if running is None:
                    if _is_full(self._bars, len(INTERVALS)):
                        continue
                    self._bars[key] = Running(bar.start_s, bar)
                elif _is_told(running.at(bar.start_s), bar) or not running.put(bar.start_s, bar):
                    _DROPPED["bar"].inc()
                    continue
                self._changed_bars.add((key, bar.start_s))

    def ring(self, account_id: int, account_sequence: int) -> None:
        self._ring(self._bells, account_id, account_sequence)

    def ring_for_notices(self, account_id: int, sequence: int) -> None:
        self._ring(self._notice_bells, account_id, sequence)

    def _ring(self, bells: dict[int, int], account_id: int, sequence: int) -> None:
        with self._lock:
            if len(bells) >= limits.BELLS_MAX:
                _DROPPED["bell"].inc(len(bells))
                bells.clear()  # the hubs' own poll of Postgres finds what nobody rang for
            bells[account_id] = max(sequence, bells.get(account_id, 0))

    def take(self, *, full: bool) -> dict[int, Parts]:
        """Return by shard what changed since the last call, or all there is, as the parts of a shard message."""
        with self._lock:
            quotes = [self._quotes[symbol] for symbol in (self._quotes if full else self._changed_quotes)]
            depths = [self._depths[symbol] for symbol in (self._depths if full else self._changed_depths)]
            prints = {symbol: list(kept) for symbol, kept in (self._prints if full else self._new_prints).items()}
            bars = list(self._bars_to_push(full=full))
            bells, notice_bells = list(self._bells.items()), list(self._notice_bells.items())
            self._changed_quotes.clear()
            self._changed_depths.clear()
            self._changed_bars.clear()
            self._new_prints.clear()
            self._bells.clear()
            self._notice_bells.clear()
        shards: defaultdict[int, Parts] = defaultdict(empty_parts)
        for _, epoch, tick in quotes:
            shards[shard_of(tick.symbol)]["q"][tick.symbol] = quote_fragment(epoch, tick)
        for depth in depths:
            shards[shard_of(depth.symbol)]["d"][depth.symbol] = book_update(self._pushed_depths.get(depth.symbol), depth)
            self._pushed_depths[depth.symbol] = depth
        for bar in bars:
            shards[shard_of(bar.symbol)]["c"].append((bar.symbol, bar.interval, bar.start_s * 1000, bar_fragment(bar)))
        for symbol, fragments in prints.items():
            shards[shard_of(symbol)]["p"][symbol] = fragments
        for account_id, sequence in bells:
            shards[shard_of_account(account_id)]["b"].append((account_id, sequence))
        for account_id, sequence in notice_bells:
            shards[shard_of_account(account_id)]["a"].append((account_id, sequence))
        return shards

    def _bars_to_push(self, *, full: bool) -> Iterable[BarTick]:
        """What changed, or each running bar and the one before it; the older of an interval first."""
        if full:
            both = (bar for running in self._bars.values() for bar in (running.before, running.value))
            return [bar for bar in both if bar is not None]
        changed = sorted(self._changed_bars, key=lambda change: change[1])
        return [bar for key, start in changed if (bar := self._bars[key].at(start)) is not None]


def _is_told(known: BarTick | None, bar: BarTick) -> bool:
    """Its sequence is the number of its prints. A marketdata consumer that has just lost its share may tell an older one."""
    return known is not None and bar.sequence <= known.sequence


def empty_parts() -> Parts:
    return {"q": {}, "p": {}, "d": {}, "c": [], "b": [], "a": []}


def _is_full(kept: Sized, each: int = 1) -> bool:
    """Whether no further symbol has room; who asks leaves it out, which is counted here."""
    if len(kept) < limits.SYMBOLS_KEPT_MAX * each:
        return False
    _DROPPED["symbol"].inc()
    return True


def _is_newer(source: str, epoch: int, tick: QuoteTick, known: tuple[str, int, QuoteTick]) -> bool:
    known_source, known_epoch, known_tick = known
    return supersedes(
        (source, epoch, tick.sequence, tick.at_ns), (known_source, known_epoch, known_tick.sequence, known_tick.at_ns)
    )

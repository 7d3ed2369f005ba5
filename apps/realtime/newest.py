"""What the publisher knows: the newest of every symbol, and what of it has changed since it was last taken.

Filled by the log handler's thread, emptied by the publisher's: one short lock, encoding outside of it.
"""

import threading
from collections import defaultdict, deque
from typing import Any

from apps.eventlog.schemas.marketdata import Depth, QuoteTick, QuoteTicks, TradeTicks
from apps.realtime import limits
from apps.realtime.fragments import depth_fragment, print_fragment, quote_fragment
from apps.realtime.shards import shard_of, shard_of_account

Parts = dict[str, Any]


class Newest:
    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._quotes: dict[str, tuple[str, int, QuoteTick]] = {}
        self._depths: dict[str, Depth] = {}
        self._prints: defaultdict[str, deque[str]] = defaultdict(lambda: deque(maxlen=limits.PRINTS_KEPT))
        self._changed_quotes: set[str] = set()
        self._changed_depths: set[str] = set()
        self._new_prints: defaultdict[str, deque[str]] = defaultdict(lambda: deque(maxlen=limits.PRINTS_KEPT))
        self._bells: dict[int, int] = {}

    def put_quotes(self, message: QuoteTicks) -> None:
        with self._lock:
            for tick in message.ticks:
                known = self._quotes.get(tick.symbol)
                if known is None or _is_newer(message.source, message.epoch, tick, known):
                    self._quotes[tick.symbol] = (message.source, message.epoch, tick)
                    self._changed_quotes.add(tick.symbol)

    def put_trades(self, message: TradeTicks) -> None:
        encoded = [(tick.symbol, print_fragment(message.source, message.epoch, tick)) for tick in message.ticks]
        with self._lock:
            for symbol, fragment in encoded:
                self._prints[symbol].append(fragment)
                self._new_prints[symbol].append(fragment)

    def put_depth(self, message: Depth) -> None:
        with self._lock:
            known = self._depths.get(message.symbol)
            if known is None or (message.epoch, message.sequence) > (known.epoch, known.sequence):
                self._depths[message.symbol] = message
                self._changed_depths.add(message.symbol)

    def ring(self, account_id: int, account_sequence: int) -> None:
        with self._lock:
            if len(self._bells) >= limits.BELLS_MAX:
                self._bells.clear()  # the hubs' own poll of Postgres finds what nobody rang for
            self._bells[account_id] = max(account_sequence, self._bells.get(account_id, 0))

    def take(self, *, full: bool) -> dict[int, Parts]:
        """Return by shard what changed since the last call, or all there is, as the parts of a shard message."""
        with self._lock:
            quotes = [self._quotes[symbol] for symbol in (self._quotes if full else self._changed_quotes)]
            depths = [self._depths[symbol] for symbol in (self._depths if full else self._changed_depths)]
            prints = {symbol: list(kept) for symbol, kept in (self._prints if full else self._new_prints).items()}
            bells = list(self._bells.items())
            self._changed_quotes.clear()
            self._changed_depths.clear()
            self._new_prints.clear()
            self._bells.clear()
        shards: defaultdict[int, Parts] = defaultdict(empty_parts)
        for _, epoch, tick in quotes:
            shards[shard_of(tick.symbol)]["q"][tick.symbol] = quote_fragment(epoch, tick)
        for depth in depths:
            shards[shard_of(depth.symbol)]["d"][depth.symbol] = depth_fragment(depth)
        for symbol, fragments in prints.items():
            shards[shard_of(symbol)]["p"][symbol] = fragments
        for account_id, sequence in bells:
            shards[shard_of_account(account_id)]["b"].append((account_id, sequence))
        return shards


def empty_parts() -> Parts:
    return {"q": {}, "p": {}, "d": {}, "b": []}


def _is_newer(source: str, epoch: int, tick: QuoteTick, known: tuple[str, int, QuoteTick]) -> bool:
    """By epoch and sequence within a source; two sources have nothing in common but the time."""
    known_source, known_epoch, known_tick = known
    if source == known_source:
        return (epoch, tick.sequence) > (known_epoch, known_tick.sequence)
    return tick.at_ns >= known_tick.at_ns

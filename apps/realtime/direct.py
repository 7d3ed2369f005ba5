"""From a feed straight to the hubs, for as long as the event log is away: the line that ``marketdata.feeds.direct`` opens.

It is one publisher more beside those of the realtime consumers, and the hubs hold its word against theirs as they do among those
(``speakers``). It also listens to what the others say, because that is how a feed learns that the log's own way works again.
"""

import threading
import time
from collections.abc import Mapping
from typing import Any, NamedTuple

from apps.eventlog.schemas.marketdata import QuoteTicks, TradeTicks
from apps.realtime.newest import Newest
from apps.realtime.publisher import Publisher
from apps.realtime.shards import shard_of
from apps.realtime.speakers import place_of

#: A quote that nobody says in so long is not waited for: another source may have its symbol. The next one is.
_MARK_S_MAX = 10.0


class _Mark(NamedTuple):
    """A quote that should come by the log as well, and when it was put here."""

    symbol: str
    place: tuple[int, int]
    put_s: float


class DirectLine:
    """For ``source`` under the ``epoch`` of its lease: hubs hear no feed that was replaced by another of its source."""

    def __init__(self, source: str, epoch: int) -> None:
        self._newest = Newest()
        self._publisher = Publisher(self._newest, direct=(source, epoch), on_others=self._hear)
        self._lock = threading.Lock()
        self._marks: dict[int, _Mark] = {}
        self._publisher.start(within_s=0)

    def put_quotes(self, message: QuoteTicks) -> None:
        self._newest.put_quotes(message)
        self._publisher.wake(quotes=True)
        now_s = time.monotonic()
        with self._lock:
            for tick in message.ticks:
                shard = shard_of(tick.symbol)
                mark = self._marks.get(shard)
                if mark is None or now_s - mark.put_s > _MARK_S_MAX:
                    self._marks[shard] = _Mark(tick.symbol, (message.epoch, tick.sequence), now_s)

    def put_trades(self, message: TradeTicks) -> None:
        self._newest.put_trades(message)
        self._publisher.wake(quotes=False)

    def unheard_s(self) -> float:
        now_s = time.monotonic()
        with self._lock:
            return max((now_s - mark.put_s for mark in self._marks.values()), default=0.0)

    def check(self) -> None:
        self._publisher.check()

    def close(self) -> None:
        self._publisher.stop()

    def _hear(self, message: Mapping[str, Any]) -> None:
        """In the publisher's thread: what a publisher says that has it from the log."""
        if "direct" in message:
            return
        with self._lock:
            mark = self._marks.get(message["shard"])
            if mark is None or (fragment := message["q"].get(mark.symbol)) is None:
                return
            if place_of(fragment)[:2] >= mark.place:
                del self._marks[message["shard"]]

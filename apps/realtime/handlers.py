"""From the event log to the shard groups: the consumer ``run_consumer realtime``."""

import time
from collections.abc import Sequence

from apps.eventlog.handler import Handler, Record
from apps.eventlog.schemas.accounts import AccountEvent
from apps.eventlog.schemas.marketdata import BarTicks, Depth, QuoteTicks, TradeTicks
from apps.eventlog.schemas.notices import NoticeBell
from apps.observability import metrics
from apps.realtime import limits
from apps.realtime.newest import Newest
from apps.realtime.publisher import Publisher


class RealtimeHandler(Handler):
    """Keeps the newest of what is shown and has it pushed. It stores nothing: an old price is worth nothing, and account
    events are read from Postgres, so what it carries of them is a bell. Several share the partitions; see ``speakers``."""

    name = "realtime"
    topics = (
        *("marketdata.quotes", "marketdata.trades", "marketdata.depth", "marketdata.bars"),
        *("orders.events", "accounts.events", "accounts.notices"),
    )
    positions = "latest"
    look_back_s = limits.LOOK_BACK
    poison = "park"

    def __init__(self) -> None:
        self._newest = Newest()
        self._publisher = Publisher(self._newest)
        self._share_since_ms = 0
        self._share_until_s = 0.0

    def start(self) -> None:
        self._publisher.start()

    def forget(self) -> None:
        """Partitions came or went: of those that came the last seconds are read, which may have been told by another."""
        # By the clock that the log's records have; soon they are all of now, however that clock is set meanwhile.
        self._share_since_ms = time.time_ns() // 1_000_000
        self._share_until_s = time.monotonic() + limits.LOOK_BACK

    def handle(self, records: Sequence[Record]) -> None:
        quoted: Record | None = None
        since_ms = self._share_since_ms if time.monotonic() < self._share_until_s else 0
        for record in records:
            message = record.message
            if isinstance(message, QuoteTicks):
                self._newest.put_quotes(message)
                quoted = record if record.timestamp_ms >= since_ms else quoted
            elif isinstance(message, TradeTicks):
                self._newest.put_trades(message)
            elif isinstance(message, Depth):
                self._newest.put_depth(message)
            elif isinstance(message, BarTicks):
                self._newest.put_bars(message)
            elif isinstance(message, AccountEvent):
                self._newest.ring(message.account_id, message.account_sequence)
            elif isinstance(message, NoticeBell):
                self._newest.ring_for_notices(message.account_id, message.sequence)
        if records:
            self._publisher.wake(quotes=quoted is not None)
        if quoted is not None and quoted.message.ticks:
            _observe_hops(quoted, quoted.message.ticks[-1].at_ns)

    def tick(self, now_ns: int) -> None:
        self._publisher.check()

    def stop(self) -> None:
        self._publisher.stop()


def _observe_hops(record: Record, made_ns: int) -> None:
    """The newest tick of a batch stands for all of them. Clocks of two machines may disagree: less than nothing is nothing."""
    logged_ns = record.timestamp_ms * 1_000_000
    metrics.HOP_FEED_LOG.observe(max(0, logged_ns - made_ns) / 1e9)
    metrics.HOP_LOG_CONSUMER.observe(max(0, time.time_ns() - logged_ns) / 1e9)

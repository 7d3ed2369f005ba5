"""From the event log to the shard groups: the consumer ``run_consumer realtime``."""

import time
from collections.abc import Sequence

from apps.eventlog.handler import Handler, Record
from apps.eventlog.schemas.accounts import AccountEvent
from apps.eventlog.schemas.marketdata import Depth, QuoteTicks, TradeTicks
from apps.observability import metrics
from apps.realtime.newest import Newest
from apps.realtime.publisher import Publisher


class RealtimeHandler(Handler):
    """Keeps the newest of what is shown and has it pushed. It stores nothing: an old price is worth nothing, and account
    events are read from Postgres, so what it carries of them is a bell."""

    name = "realtime"
    topics = ("marketdata.quotes", "marketdata.trades", "marketdata.depth", "orders.events", "accounts.events")
    positions = "latest"
    poison = "park"

    def __init__(self) -> None:
        self._newest = Newest()
        self._publisher = Publisher(self._newest)
        self._price_age = metrics.REALTIME_PRICE_AGE_SECONDS.labels(hop="consumer")

    def start(self) -> None:
        self._publisher.start()

    def handle(self, records: Sequence[Record]) -> None:
        quotes = False
        for record in records:
            message = record.message
            if isinstance(message, QuoteTicks):
                self._newest.put_quotes(message)
                quotes = True
                if message.ticks:
                    self._price_age.observe(max(0.0, (time.time_ns() - message.ticks[-1].at_ns) / 1e9))
            elif isinstance(message, TradeTicks):
                self._newest.put_trades(message)
            elif isinstance(message, Depth):
                self._newest.put_depth(message)
            elif isinstance(message, AccountEvent):
                self._newest.ring(message.account_id, message.account_sequence)
        if records:
            self._publisher.wake(quotes=quotes)

    def tick(self, now_ns: int) -> None:
        self._publisher.check()

    def stop(self) -> None:
        self._publisher.stop()

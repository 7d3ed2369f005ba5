"""From ticks and order events to notices: the consumer ``run_consumer alerts``.

Positions are stored with what was fired, so what was crossed while this process was away fires when the log is read, with the
instant of its tick. Which ticks count is decided by instants alone, never by when they are read: those made from the alert's
beginning on and before its expiry, and not old already when they were put on the log.
"""

import logging
from collections import deque
from collections.abc import Sequence

import msgspec
from django.db import transaction

from apps.alerts.loading import Change, all_watched, changes_since, now_mark
from apps.alerts.telling import fire, tell_orders
from apps.alerts.watching import Hit, Watch, Watched
from apps.core.clock import Clock, process_clock
from apps.core.enums import Source
from apps.eventlog.handler import Handler, Record
from apps.eventlog.schemas.accounts import OrderEvent
from apps.eventlog.schemas.marketdata import QuoteTicks, TradeTicks
from apps.eventlog.schemas.notices import NoticeBell
from apps.eventlog.topics import partition_of
from apps.marketdata.logline import LogLine
from apps.observability import metrics

log = logging.getLogger(__name__)

BELLS = "accounts.notices"
#: How often changes of the alerts are looked for.
LOOK_APART_NS = 400_000_000
#: A tick that was this old when it was put on the log is no price of its time: the house withdraws from it as well.
STALE_NS = 3_000_000_000
#: How far ahead a feed's clock may be.
FUTURE_NS_MAX = 60_000_000_000
#: So long what was read is kept for alerts that were made meanwhile: several times as long as it takes to learn of one.
KEPT_NS = 3_000_000_000
RECORDS_KEPT_MAX = 20_000

_encode = msgspec.json.Encoder().encode


class AlertsHandler(Handler):
    name = "alerts"
    topics = ("marketdata.quotes", "marketdata.trades", "orders.events")
    positions = "database"
    poison = "park"

    def __init__(self, *, clock: Clock | None = None, log_line: LogLine | None = None) -> None:
        self._clock = clock or process_clock()
        self._log_line = log_line
        self._watch = Watch()
        self._is_loaded = False
        self._mark = 0
        self._looked_ns = -LOOK_APART_NS
        self._kept: deque[tuple[int, Record]] = deque(maxlen=RECORDS_KEPT_MAX)
        self._bells: dict[int, int] = {}
        self._fired_log_ns = 0

    def start(self) -> None:
        if self._log_line is None:
            self._log_line = LogLine("alerts", (BELLS,))

    def stop(self) -> None:
        if self._log_line is not None:
            self._log_line.close()

    def forget(self) -> None:
        """Alerts are read anew: what was fired in memory may not have been committed. So are their bells."""
        self._is_loaded = False
        self._bells.clear()
        self._fired_log_ns = 0

    def handle(self, records: Sequence[Record]) -> None:
        """Runs inside the runner's transaction: firings, notices and position are kept or lost together."""
        self._load()
        hits: list[Hit] = []
        events: list[OrderEvent] = []
        for record in records:
            if isinstance(record.message, OrderEvent):
                events.append(record.message)
            else:
                hits += self._take(record)
        if hits:
            self._fired_log_ns = self._fired_log_ns or records[0].timestamp_ms * 1_000_000
            self._bells |= fire(hits)
        if events:
            self._bells |= tell_orders(events)

    def tick(self, now_ns: int) -> None:
        if self._fired_log_ns:
            metrics.ALERTS_DELAY_SECONDS.observe(max(0, self._clock.now_ns() - self._fired_log_ns) / 1e9)
            self._fired_log_ns = 0
        if now_ns - self._looked_ns >= LOOK_APART_NS:
            self._looked_ns = now_ns
            with transaction.atomic():
                self._load()
                self._look()
            metrics.ALERTS_WATCHED.set(len(self._watch))
        self._ring()
        if self._log_line is not None:
            self._log_line.check(now_ns / 1e9)

    # --- Which alerts there are -------------------------------------------------------------------------------------------

    def _load(self) -> None:
        """Read all alerts, at the start and after anything was lost."""
        if self._is_loaded:
            return
        self._mark = now_mark()
        self._watch.clear()
        self._bells |= self._begin(list(all_watched()))
        self._is_loaded = True

    def _look(self) -> None:
        """Take what was changed since the last look."""
        mark = now_mark()
        fresh = [change for change in changes_since(self._mark) if self._is_news(change)]
        self._mark = mark
        for change in fresh:
            self._watch.discard(change.alert_id)
        self._bells |= self._begin([change.watched for change in fresh if change.watched is not None])

    def _is_news(self, change: Change) -> bool:
        known = self._watch.get(change.alert_id)
        if known is None or change.watched is None:
            return known is not change.watched
        return change.watched.version > known.version

    def _begin(self, alerts: list[Watched]) -> dict[int, int]:
        """Watch ``alerts``; those that were made while the newest records were read are held against these first."""
        oldest_ns = self._kept[0][0] if self._kept else self._clock.now_ns()
        young = Watch()
        for alert in alerts:
            (young if alert.from_ns >= oldest_ns - STALE_NS else self._watch).put(alert)
        if not len(young):
            return {}
        hits = [hit for _, record in self._kept for hit in _hits(young, record)]
        self._watch.absorb(young)
        return fire(hits) if hits else {}

    # --- What comes in ------------------------------------------------------------------------------------------------------

    def _take(self, record: Record) -> list[Hit]:
        logged_ns = record.timestamp_ms * 1_000_000
        now_ns = self._clock.now_ns()
        if now_ns - logged_ns < KEPT_NS:
            self._kept.append((logged_ns, record))
        while self._kept and now_ns - self._kept[0][0] >= KEPT_NS:
            self._kept.popleft()
        metrics.ALERTS_TICKS.inc(len(record.message.ticks))
        return _hits(self._watch, record)

    def _ring(self) -> None:
        """Tell the stream, after the commit, and without waiting: who missed a bell looks within seconds."""
        bells, self._bells = self._bells, {}
        if self._log_line is None:
            return
        for account_id, sequence in bells.items():
            key = str(account_id)
            self._log_line.send(BELLS, key, _encode(NoticeBell(account_id, sequence)), partition_of(key, BELLS))


def _hits(watch: Watch, record: Record) -> list[Hit]:
    message = record.message
    hits: list[Hit] = []
    logged_ns = record.timestamp_ms * 1_000_000
    oldest_ns, newest_ns = logged_ns - STALE_NS, logged_ns + FUTURE_NS_MAX
    if isinstance(message, QuoteTicks):
        for quote in message.ticks:
            if oldest_ns <= quote.at_ns <= newest_ns:
                hits += watch.take_quote(message.source, message.epoch, quote)
            else:
                metrics.ALERTS_STALE.inc()
    elif isinstance(message, TradeTicks):
        # A trade of Tredye's own book is a fact however late the relay told it; a feed's print may be a stale price.
        is_own = message.source == Source.BOOK
        for trade in message.ticks:
            if (is_own or oldest_ns <= trade.at_ns) and trade.at_ns <= newest_ns:
                hits += watch.take_print(message.source, message.epoch, trade)
            else:
                metrics.ALERTS_STALE.inc()
    return hits

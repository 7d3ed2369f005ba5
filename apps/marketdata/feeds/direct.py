"""The direct path: a feed's ticks go straight to the screens while the event log does not take them.

The log is judged by what this feed's own producer saw, never by a ping: how long the oldest message has waited for its
acknowledgement. It is away, frozen or slow alike when that is more than ``BEGIN_AFTER_S``, so that no screen waits for two
seconds. The path ends when the log has acknowledged in time for a while *and* what it took came to the screens by its own way: a
broker that is back has no reader yet. For that while both ways speak. A screen takes each tick once and never an older one after
it, by epoch and sequence, so it does not matter which of them was first.

While the log is well nothing of this runs: no connection, no thread, and of the ticks only those of the last seconds are kept,
because they may be what the log did not take.
"""

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from apps.eventlog.database import Connection
from apps.eventlog.schemas.marketdata import QuoteTick, QuoteTicks, TradeTicks
from apps.marketdata.logline import Silence
from apps.marketdata.services import store_newest_of_source
from apps.observability import metrics

log = logging.getLogger(__name__)

BEGIN_AFTER_S = 0.75
#: What a well log owes an answer for at most, and how late what it took may be on the screens.
WELL_S = 0.5
HEARD_S = 1.0
#: How long it must have been well. Doubled each time that it was not well for long, so that a log which comes and goes every few
#: seconds is left alone.
WELL_FOR_S = 5.0
WELL_FOR_S_MAX = 60.0
#: A path that begins again so soon after it ended is the same trouble.
SAME_TROUBLE_S = 300.0
#: Acknowledged, and perhaps not read by anybody before the log went away.
_MARGIN_S = 2.0
_LOOK_APART_S = 0.05
_KEPT_S_MAX = 15.0
_KEPT_MAX = 50_000
_AGAIN_AFTER_S = 1.0


class Line(Protocol):
    """The way to the screens. Each call but ``close`` returns at once."""

    def put_quotes(self, message: QuoteTicks) -> None: ...

    def put_trades(self, message: TradeTicks) -> None: ...

    def unheard_s(self) -> float:
        """For how long a quote that was put here has not come to the screens by the log's way as well; 0 when all did."""

    def check(self) -> None:
        """Raise what ended it, if it ended."""

    def close(self) -> None: ...


class Witness(Protocol):
    """Who knows how the log does."""

    def silence(self) -> Silence: ...


@dataclass(slots=True)
class Judge:
    """Whether the direct path is needed. PURE: time is passed in, and what was seen."""

    is_on: bool = False
    well_for_s: float = WELL_FOR_S
    _well_since_s: float | None = None
    _ended_s: float = float("-inf")

    def look(self, now_s: float, silent_s: float, unheard_s: float) -> bool:
        """``silent_s``: since when the log owes an answer; ``unheard_s``: as the line's. Returns whether the path is to be on."""
        if not self.is_on:
            if silent_s > BEGIN_AFTER_S:
                is_same = now_s - self._ended_s < SAME_TROUBLE_S
                self.well_for_s = min(2 * self.well_for_s, WELL_FOR_S_MAX) if is_same else WELL_FOR_S
                self.is_on, self._well_since_s = True, None
        elif silent_s > WELL_S or unheard_s > HEARD_S:
            self._well_since_s = None
        elif self._well_since_s is None:
            self._well_since_s = now_s
        elif now_s - self._well_since_s >= self.well_for_s:
            self.is_on, self._ended_s = False, now_s
        return self.is_on


class DirectPath:
    """``put`` and ``look`` are called by the feed's thread, ``store`` by the one that looks after its lease.

    ``open_line`` begins a line for a source and the epoch of its lease.
    """

    def __init__(self, source: str, epoch: int, witness: Witness, open_line: Callable[[str, int], Line]) -> None:
        self._source = source
        self._epoch = epoch
        self._witness = witness
        self._open_line = open_line
        self._judge = Judge()
        self._line: Line | None = None
        self._recent: deque[tuple[float, QuoteTicks | TradeTicks]] = deque(maxlen=_KEPT_MAX)
        self._unstored: dict[str, tuple[int, QuoteTick]] = {}
        self._looked_s = self._failed_s = float("-inf")
        self._began_s = 0.0
        self._sent = 0
        self._ticks = metrics.FEED_DIRECT_TICKS.labels(source)
        self._tell(is_on=False)

    @property
    def is_on(self) -> bool:
        return self._line is not None

    def put(self, message: QuoteTicks | TradeTicks) -> None:
        """Take what was published just now."""
        self._recent.append((time.monotonic(), message))
        if self._line is not None:
            self._hand_over(self._line, message)

    def look(self, now_s: float) -> None:
        """Begin or end the path when it is time to; ``now_s`` is monotonic. Call it often."""
        if now_s - self._looked_s < _LOOK_APART_S:
            return
        self._looked_s = now_s
        silence = self._witness.silence()
        metrics.FEED_LOG_SILENT_SECONDS.labels(self._source).set(silence.seconds)
        wanted = self._judge.look(now_s, silence.seconds, self._line.unheard_s() if self._line is not None else 0.0)
        if self._line is not None:
            self._end_if_broken(self._line, now_s)
        if wanted and self._line is None and now_s - self._failed_s > _AGAIN_AFTER_S:
            self._begin(now_s, silence)
        elif not wanted and self._line is not None:
            self._end(self._line, now_s)
        self._forget_delivered(now_s, silence.seconds)

    def store(self, database: Connection) -> None:
        """Keep the newest prices for pages that have no stream, as the consumer of the log does when it hears them."""
        if not self._unstored:
            return
        unstored, self._unstored = self._unstored, {}
        store_newest_of_source(database, self._source, list(unstored.values()))

    def close(self) -> None:
        if self._line is not None:
            self._line.close()
            self._line = None
            self._tell(is_on=False)

    def _hand_over(self, line: Line, message: QuoteTicks | TradeTicks) -> None:
        if isinstance(message, QuoteTicks):
            line.put_quotes(message)
            self._unstored.update((tick.symbol, (message.epoch, tick)) for tick in message.ticks)
        else:
            line.put_trades(message)
        self._sent += len(message.ticks)
        self._ticks.inc(len(message.ticks))

    def _begin(self, now_s: float, silence: Silence) -> None:
        log.warning(
            "the event log owes an answer for %.1f s (%s): prices of %s go straight to the pages",
            silence.seconds, silence.why, self._source,
        )  # fmt: skip
        metrics.FEED_DIRECT_BEGUN.labels(self._source, silence.why).inc()
        self._line = self._open_line(self._source, self._epoch)
        self._began_s, self._sent = now_s, 0
        for _, message in self._recent:
            self._hand_over(self._line, message)
        self._tell(is_on=True)

    def _end(self, line: Line, now_s: float) -> None:
        log.info(
            "the event log is well again: prices of %s no longer go straight to the pages, after %.0f s and %d ticks",
            self._source, now_s - self._began_s, self._sent,
        )  # fmt: skip
        self._let_go(line)

    def _end_if_broken(self, line: Line, now_s: float) -> None:
        try:
            line.check()
        except Exception:
            log.exception("the direct path of %s broke, and is made anew", self._source)
            self._failed_s = now_s
            self._let_go(line)

    def _let_go(self, line: Line) -> None:
        # It may wait for a server that does not answer; the ticks may not.
        threading.Thread(target=line.close, name="direct-close", daemon=True).start()
        self._line = None
        self._tell(is_on=False)

    def _forget_delivered(self, now_s: float, silent_s: float) -> None:
        before_s = now_s - min(silent_s + _MARGIN_S, _KEPT_S_MAX)
        while self._recent and self._recent[0][0] < before_s:
            self._recent.popleft()

    def _tell(self, *, is_on: bool) -> None:
        metrics.FEED_DIRECT.labels(self._source).set(is_on)
        metrics.FEED_DIRECT_SINCE_SECONDS.labels(self._source).set(time.time() if is_on else 0)

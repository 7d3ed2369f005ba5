"""The bars that prints have changed, on their way to what shows them: at most four times a second each, whole and no difference.

What is told here is what the transaction stored, and only after it was committed. A bar's number of prints is its sequence: it
rises with every change, and a replay of the log cannot raise it twice.
"""

from collections.abc import Iterable
from typing import Final, Protocol

import msgspec

from apps.eventlog.schemas.marketdata import BarTick, BarTicks
from apps.eventlog.topics import partition_of
from apps.observability import metrics

BARS: Final = "marketdata.bars"
APART_NS: Final = 250_000_000
#: Bars that wait while the log takes none.
PENDING_MAX: Final = 50_000
#: Some 25 KB.
RECORD_BARS_MAX: Final = 200

_encode = msgspec.json.Encoder().encode
_Key = tuple[str, str, int]


class Line(Protocol):
    def send(self, topic: str, key: str, value: bytes, partition: int) -> bool: ...


class RunningBars:
    """``take`` inside the transaction, ``forget`` when it was rolled back, ``publish`` after it."""

    def __init__(self) -> None:
        self._uncommitted: dict[_Key, BarTick] = {}
        self._pending: dict[_Key, BarTick] = {}
        self._published_ns = -APART_NS

    def take(self, bars: Iterable[BarTick]) -> None:
        self._uncommitted.update(((bar.symbol, bar.interval, bar.start_s), bar) for bar in bars)

    def forget(self) -> None:
        self._uncommitted.clear()

    def publish(self, now_ns: int, line: Line) -> None:
        """Hand over what changed, if it is time (``now_ns`` is monotonic); what the log does not take is tried again."""
        self._pending.update(self._uncommitted)
        self._uncommitted.clear()
        if not self._pending or now_ns - self._published_ns < APART_NS:
            return
        self._published_ns = now_ns
        for partition, keys in self._by_partition().items():
            for first in range(0, len(keys), RECORD_BARS_MAX):
                part = keys[first : first + RECORD_BARS_MAX]
                record = BarTicks([self._pending[key] for key in part])
                if not line.send(BARS, part[0][0], _encode(record), partition):
                    break
                for key in part:
                    del self._pending[key]
        self._drop_oldest()

    def _by_partition(self) -> dict[int, list[_Key]]:
        """In the order of their starts: who reads may then keep the newest two of an interval."""
        found: dict[int, list[_Key]] = {}
        for key in sorted(self._pending, key=lambda key: key[2]):
            found.setdefault(partition_of(key[0], BARS), []).append(key)
        return found

    def _drop_oldest(self) -> None:
        surplus = len(self._pending) - PENDING_MAX
        if surplus > 0:
            for key in sorted(self._pending, key=lambda key: key[2])[:surplus]:
                del self._pending[key]
            metrics.MARKETDATA_BARS_DROPPED.inc(surplus)

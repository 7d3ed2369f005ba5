"""Bars from prints. PURE: values in, values out; prices in any exact number type."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

#: Interval code -> seconds. Each divides the next, so a bar of any interval is made of whole bars of the shorter ones.
SECONDS: dict[str, int] = {"1s": 1, "1m": 60, "5m": 300, "1h": 3600, "1d": 86_400}
#: How long bars of one second are kept; the others are for ever.
SECOND_BARS_KEPT_S = 86_400


@dataclass(slots=True)
class BarChange:
    """What some prints do to one bar. ``start_s`` is in seconds since 1970 UTC, a multiple of the interval."""

    instrument_id: int
    interval: str
    start_s: int
    open: Decimal
    high: Decimal
    low: Decimal
    close: Decimal
    volume: Decimal
    trades: int

    def add(self, high: Decimal, low: Decimal, close: Decimal, volume: Decimal, trades: int) -> None:
        """Extend the bar by something later."""
        self.high = max(self.high, high)
        self.low = min(self.low, low)
        self.close = close
        self.volume += volume
        self.trades += trades


@dataclass(frozen=True, slots=True)
class Print:
    """A trade print of an instrument, at ``at_ns`` since 1970."""

    instrument_id: int
    at_ns: int
    price: Decimal
    quantity: Decimal


def bars_of_prints(prints: Iterable[Print]) -> list[BarChange]:
    """Return the bars of every interval that ``prints``, in the order of their arrival, change: one entry a bar."""
    seconds: dict[tuple[int, int], BarChange] = {}
    for each in prints:
        key = (each.instrument_id, each.at_ns // 1_000_000_000)
        known = seconds.get(key)
        if known is None:
            seconds[key] = BarChange(
                each.instrument_id, "1s", key[1], each.price, each.price, each.price, each.price, each.quantity, 1
            )
        else:
            known.add(each.price, each.price, each.price, each.quantity, 1)
    return [bar for interval in SECONDS for bar in roll_up(seconds.values(), interval)]


def roll_up(bars: Iterable[BarChange], interval: str) -> list[BarChange]:
    """Return the bars of ``interval`` that shorter ``bars``, each instrument's in order, make up."""
    width = SECONDS[interval]
    longer: dict[tuple[int, int], BarChange] = {}
    for bar in bars:
        start = bar.start_s - bar.start_s % width
        known = longer.get((bar.instrument_id, start))
        if known is None:
            longer[bar.instrument_id, start] = BarChange(
                bar.instrument_id, interval, start, bar.open, bar.high, bar.low, bar.close, bar.volume, bar.trades
            )
        else:
            known.add(bar.high, bar.low, bar.close, bar.volume, bar.trades)
    return list(longer.values())

"""Latencies: every one is counted, none is kept. Histograms of HdrHistogram, exact to two digits from a microsecond to a
minute."""

from typing import Any

from hdrh.histogram import HdrHistogram

_LOWEST_US = 1
_HIGHEST_US = 60_000_000
_DIGITS = 2
SHARES = (50.0, 90.0, 95.0, 99.0, 99.9)


class Recorder:
    """One kind of request: since the last look, and in all."""

    def __init__(self) -> None:
        self._window = HdrHistogram(_LOWEST_US, _HIGHEST_US, _DIGITS)
        self._total = HdrHistogram(_LOWEST_US, _HIGHEST_US, _DIGITS)

    def record(self, seconds: float) -> None:
        """Beyond a minute counts as a minute, below a microsecond as one."""
        value = min(max(int(seconds * 1_000_000), _LOWEST_US), _HIGHEST_US)
        self._window.record_value(value)
        self._total.record_value(value)

    def take_window(self) -> dict[str, Any]:
        """What came since the last call."""
        found = figures(self._window)
        if found["count"]:
            self._window.reset()
        return found

    def total(self) -> dict[str, Any]:
        return figures(self._total)


def figures(histogram: HdrHistogram) -> dict[str, Any]:
    """``count`` alone when there is nothing; else percentiles and the largest, in milliseconds."""
    count = histogram.get_total_count()
    if not count:
        return {"count": 0}
    found: dict[str, Any] = {"count": count, "max_ms": histogram.get_max_value() / 1000}
    for share, value in histogram.get_percentile_to_value_dict(SHARES).items():
        found[f"p{share:g}_ms"] = value / 1000
    return found

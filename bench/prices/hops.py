"""Where a quote's time goes, as the product's own metrics tell it."""

import re
import urllib.request
from collections import defaultdict
from collections.abc import Sequence

_BUCKET = re.compile(r'^tredye_realtime_hop_seconds_bucket\{hop="(\w+)",le="([^"]+)"\} (\S+)$', re.MULTILINE)


class Hops:
    """The hops that processes count, by the ports of their metrics."""

    def __init__(self, ports: Sequence[int]) -> None:
        self._ports = ports
        self._before: dict[tuple[str, float], float] = {}

    def begin(self) -> None:
        self._before = self._counts()

    def medians_ms(self) -> dict[str, float]:
        """By hop, since :meth:`begin`: the lowest bound of a bucket, in milliseconds, that half of the quotes kept."""
        buckets: defaultdict[str, dict[float, float]] = defaultdict(dict)
        for (hop, bound_s), count in self._counts().items():
            buckets[hop][bound_s] = count - self._before.get((hop, bound_s), 0.0)
        return {hop: _median_s(counts) * 1000 for hop, counts in buckets.items() if max(counts.values())}

    def _counts(self) -> dict[tuple[str, float], float]:
        found: dict[tuple[str, float], float] = {}
        for port in self._ports:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
                for hop, bound, count in _BUCKET.findall(answer.read().decode()):
                    found[hop, float(bound)] = found.get((hop, float(bound)), 0.0) + float(count)
        return found


def _median_s(counts: dict[float, float]) -> float:
    half = max(counts.values()) / 2
    return min(bound_s for bound_s, count in counts.items() if count >= half)

"""How many commands an account may send in a second, counted over all processes while Redis is there, and in each without it.

A limit is there to protect, not to forbid: when the shared count cannot be read, this process's own bucket decides.
"""

import logging
import threading
import time
from collections import OrderedDict

from redis.exceptions import RedisError

from apps.commands.notsent import NotSentError
from apps.commands.reasons import SENTENCES, Reason
from apps.core.clock import process_clock
from apps.stores.redis_cache import shared_cache

log = logging.getLogger(__name__)

BUCKETS_MAX = 10_000
#: After a failure Redis is left alone for this long, so that its absence costs one time-out and not one for each order.
REDIS_PAUSE_S = 5.0


class TooFastError(NotSentError):
    """More than the limit in a second. Nothing was sent, nothing was stored: the same request may be made again."""

    reason = Reason.TOO_FAST.value
    sentence = SENTENCES[Reason.TOO_FAST]
    status = 429

    def __init__(self, per_second: int) -> None:
        self.per_second = per_second
        super().__init__(f"at most {per_second} requests a second")


class LocalBuckets:
    """Token buckets in this process: ``per_second`` tokens come each second, and those of ``burst_s`` seconds fit. Counted in
    millionths."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._buckets: OrderedDict[str, tuple[int, int]] = OrderedDict()

    def take(self, key: str, per_second: int, now_us: int, *, count: int = 1, burst_s: int = 1) -> bool:
        """True when there were ``count`` tokens; otherwise none is taken. ``now_us`` is monotonic, in microseconds."""
        full, wanted = per_second * burst_s * 1_000_000, count * 1_000_000
        with self._lock:
            tokens, at_us = self._buckets.pop(key, (full, now_us))
            tokens = min(full, tokens + (now_us - at_us) * per_second)
            allowed = tokens >= wanted
            self._buckets[key] = (tokens - wanted if allowed else tokens, now_us)
            if len(self._buckets) > BUCKETS_MAX:
                self._buckets.popitem(last=False)
        return allowed


class RateLimit:
    """At most ``per_second`` requests a second for each key."""

    def __init__(self, name: str, per_second: int) -> None:
        self.name = name
        self.per_second = per_second
        self._local = LocalBuckets()
        self._redis_away_until_s = 0.0

    def check(self, key: object) -> None:
        """Count one request of ``key``; raises :class:`TooFastError` when it is one too many."""
        allowed = self._count_shared(f"rate:{self.name}:{key}")
        if allowed is None:
            allowed = self._local.take(str(key), self.per_second, time.monotonic_ns() // 1000)
        if not allowed:
            raise TooFastError(self.per_second)

    def _count_shared(self, key: str) -> bool | None:
        """A sliding second, from the counts of this one and the one before; None when Redis does not answer."""
        if time.monotonic() < self._redis_away_until_s:
            return None
        second, into_us = divmod(process_clock().now_ns() // 1000, 1_000_000)
        try:
            count, before = shared_cache().count(f"{key}:{second}", f"{key}:{second - 1}", lasts_s=3)
        except RedisError as error:
            log.warning("the rate limit %s counts in this process alone: %s", self.name, error)
            self._redis_away_until_s = time.monotonic() + REDIS_PAUSE_S
            return None
        return count * 1_000_000 + before * (1_000_000 - into_us) <= self.per_second * 1_000_000

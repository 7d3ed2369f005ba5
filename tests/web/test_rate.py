"""The rate limit counts over all processes, and in this one alone while Redis is away."""

from typing import Any

import pytest

from apps.commands.rate import BUCKETS_MAX, LocalBuckets, RateLimit, TooFastError
from tests.cached import clear_cache

SECOND_US = 1_000_000


def test_a_bucket_gives_what_fits_then_as_many_as_come() -> None:
    buckets = LocalBuckets()
    assert [buckets.take("a", 10, 0) for _ in range(12)] == [True] * 10 + [False] * 2
    assert not buckets.take("a", 10, SECOND_US // 10 - 1)
    assert buckets.take("a", 10, SECOND_US // 10)
    assert not buckets.take("a", 10, SECOND_US // 10)
    assert sum(buckets.take("a", 10, 100 * SECOND_US) for _ in range(20)) == 10


def test_accounts_do_not_share_a_bucket_and_buckets_are_bounded() -> None:
    buckets = LocalBuckets()
    for i in range(BUCKETS_MAX + 5):
        assert buckets.take(str(i), 1, 0)
    assert len(buckets._buckets) == BUCKETS_MAX
    assert not buckets.take(str(BUCKETS_MAX), 1, 0)


def allowed(limit: RateLimit, key: str, times: int) -> int:
    count = 0
    for _ in range(times):
        try:
            limit.check(key)
            count += 1
        except TooFastError:
            continue
    return count


def test_two_processes_share_one_limit() -> None:
    clear_cache()
    first, second = RateLimit("shared", 5), RateLimit("shared", 5)
    total = allowed(first, "a", 10) + allowed(second, "a", 10)
    assert 5 <= total <= 10  # ten, had the second of the clock just turned
    assert allowed(first, "b", 3) == 3


def test_without_redis_the_limit_still_holds(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}}
    from django.core.cache import caches

    away = caches.create_connection("default")
    monkeypatch.setattr("apps.commands.rate.shared_cache", lambda: away)
    limit = RateLimit("alone", 5)
    assert allowed(limit, "a", 10) == 5

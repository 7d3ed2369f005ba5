"""A Redis that is frozen, away or full costs one short wait, not one for each question; what must be counted there is refused."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import redis
from django.core.cache import caches

from apps.breakers.redis import ANSWER_S, REDIS, RedisAwayError
from apps.commands.rate import RateLimit, TooFastError
from apps.degraded import Dependency, standing
from apps.stores.redis_cache import RedisCache, shared_cache
from tests.faults.conftest import OwnRedis
from tests.faults.figures import note, recovered
from tests.waiting import wait_until

pytestmark = pytest.mark.processes
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def cache(own_redis: OwnRedis, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[RedisCache]:
    """The product's cache, on a Redis that may be broken, in a process that is armed."""
    own_redis.wait_until_usable()
    settings.REDIS_URL = own_redis.url
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": own_redis.url}}
    saved = caches["default"]
    caches["default"] = caches.create_connection("default")
    monkeypatch.setattr(REDIS, "is_armed", True)
    yield shared_cache()
    wait_until(lambda: not REDIS.is_open and not REDIS._asking, what="the breaker closes")
    caches["default"] = saved


@pytest.mark.fault("F11")
def test_only_the_first_waits_for_a_redis_that_is_frozen(cache: RedisCache, own_redis: OwnRedis) -> None:
    cache.set("known", 1)
    with own_redis.frozen():
        began_s = time.monotonic()
        with pytest.raises(redis.TimeoutError):
            cache.get("known")
        first_s = time.monotonic() - began_s
        began_s = time.monotonic()
        for _ in range(100):
            with pytest.raises(RedisAwayError):
                cache.get("known")
        hundred_s = time.monotonic() - began_s
    thawed_s = time.monotonic()
    wait_until(lambda: not REDIS.is_open, what="the breaker closes")
    assert cache.get("known") == 1
    recovered(time.monotonic() - thawed_s)
    note("F11", f"frozen: the first question waits {1000 * first_s:.0f} ms, each of the next hundred {10_000 * hundred_s:.0f} µs")
    assert first_s >= ANSWER_S
    assert hundred_s < 100 * ANSWER_S / 10, "nobody waits for it any more"


@pytest.mark.fault("F9")
def test_a_redis_that_takes_no_connections_is_not_asked_and_comes_back_by_itself(cache: RedisCache, own_redis: OwnRedis) -> None:
    own_redis.stop()
    try:
        wait_until(lambda: _is_told(cache), what="the breaker opens")
        limit = RateLimit("breaker-test", per_second=3)
        for _ in range(3):
            limit.check("alice")
        with pytest.raises(TooFastError):
            limit.check("alice")
    finally:
        own_redis.start()
    wait_until(lambda: not REDIS.is_open, what="the breaker closes")
    cache.set("again", 1)
    assert cache.get("again") == 1


def _is_full(cache: RedisCache) -> bool:
    try:
        cache.count("now", "before", lasts_s=3)
    except redis.ResponseError:
        return True
    return False


def _is_told(cache: RedisCache) -> bool:
    try:
        cache.get("known")
    except RedisAwayError:
        return True
    except redis.RedisError:
        pass
    return False


@pytest.mark.fault("F11")
def test_a_redis_that_is_full_is_read_and_refuses_to_count(cache: RedisCache, own_redis: OwnRedis) -> None:
    """``noeviction``: what is there stays, nothing is added. A log-in's limits cannot be counted then; an order's can, here."""
    cache.set("known", 1)
    control = redis.Redis.from_url(own_redis.url)
    policy = control.config_get("maxmemory-policy")["maxmemory-policy"]
    control.config_set("maxmemory-policy", "noeviction")
    control.config_set("maxmemory", "1")
    try:
        assert cache.get("known") == 1
        with pytest.raises(redis.OutOfMemoryError):
            cache.set("more", "x")
        with pytest.raises(redis.ResponseError, match="OOM"):
            cache.count("now", "before", lasts_s=3)
        assert not REDIS.is_open, "it answers"
        wait_until(lambda: _is_full(cache) and standing(Dependency.REDIS).is_away, what="it is told of all the same")
        RateLimit("breaker-test", per_second=3).check("bob")
    finally:
        control.config_set("maxmemory", "0")
        control.config_set("maxmemory-policy", policy)
        control.close()
    cache.set("more", "x")

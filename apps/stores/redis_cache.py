"""Django's Redis cache, with one client for the whole process.

Django keeps a cache for each context, and under ASGI every request has a context of its own: each request that counted something
would open a connection to Redis and close it again, and each operation would make a client.
"""

import functools
import time
from typing import Any

import redis
from django.core.cache import DEFAULT_CACHE_ALIAS, caches
from django.core.cache.backends.redis import RedisCache as DjangoRedisCache
from django.core.cache.backends.redis import RedisCacheClient
from django.core.exceptions import ImproperlyConfigured
from django.utils.functional import cached_property

from apps.breakers import redis as breaker
from apps.degraded import Dependency, failed, saw

_COUNT = """
local count = redis.call('INCR', KEYS[1])
if count == 1 then redis.call('EXPIRE', KEYS[1], ARGV[1]) end
return {count, redis.call('GET', KEYS[2])}
"""


def _is_of_no_use(error: redis.RedisError) -> bool:
    """Whether Redis is away by ``error``, or full: what a script is refused for that comes as an error of the script."""
    is_away = isinstance(error, redis.ConnectionError | redis.TimeoutError | redis.OutOfMemoryError)
    return is_away or "OOM command not allowed" in str(error)


class _Reporting(redis.Redis):
    """A client that asks nothing of a Redis that is away, and whose every operation is evidence.

    To be refused because Redis is full is as much of an absence as silence, but no reason to ask no more.
    """

    def execute_command(self, *args: Any, **options: Any) -> Any:
        breaker.check()
        began_s = time.monotonic()
        try:
            answer = super().execute_command(*args, **options)
        except redis.RedisError as error:
            if _is_of_no_use(error):
                why = f"{type(error).__name__}: {error}"[:200]
                failed(Dependency.REDIS, why, waited_s=time.monotonic() - began_s)
                breaker.note_failure(error)
            raise
        breaker.REDIS.answered()
        saw(Dependency.REDIS)
        return answer


class _Client(RedisCacheClient):
    def __init__(self, servers: list[str], **options: Any) -> None:
        super().__init__(servers, **options)
        self._client = _Reporting

    @cached_property
    def client(self) -> redis.Redis:
        found: redis.Redis = super().get_client(write=True)
        return found

    def get_client(self, key: Any = None, *, write: bool = False) -> redis.Redis:
        return self.client

    @cached_property
    def count(self) -> Any:
        return self.client.register_script(_COUNT)


@functools.cache
def _client(server: str, options: tuple[tuple[str, Any], ...]) -> _Client:
    return _Client([server], **dict(options))


class RedisCache(DjangoRedisCache):
    """One server. Thread-safe: the client takes a connection of its pool for each operation."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._shared = _client(server, tuple(sorted(params.get("OPTIONS", {}).items())))

    @property
    def _cache(self) -> _Client:
        """What Django's own operations go through."""
        return self._shared

    def length(self, key: str) -> int:
        """How many entries the list has whose whole key is ``key``; none without it."""
        found: Any = self._shared.client.llen(key)
        return int(found)

    def count(self, key: str, before: str, *, lasts_s: int) -> tuple[int, int]:
        """Add one to ``key``, which is forgotten ``lasts_s`` seconds after its first; return it, and what ``before`` stands at.

        One round trip, and nothing comes between its steps.
        """
        count, earlier = self._shared.count(keys=[self.make_key(key), self.make_key(before)], args=[lasts_s])
        return int(count), int(earlier or 0)


def shared_cache() -> RedisCache:
    """The one that the settings name."""
    cache = caches[DEFAULT_CACHE_ALIAS]
    if not isinstance(cache, RedisCache):
        raise ImproperlyConfigured(f"the cache must be apps.stores.redis_cache.RedisCache, was {type(cache).__name__}")
    return cache

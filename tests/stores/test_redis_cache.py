"""The cache has one client a process, and a count is one round trip."""

import contextvars
import threading
from typing import Any

import pytest
import redis
from django.core.cache import cache

from apps.stores.redis_cache import RedisCache, shared_cache
from tests.cached import clear_cache


@pytest.fixture(autouse=True)
def _empty_cache() -> Any:
    clear_cache()
    yield
    clear_cache()


def clients_of(times: int) -> set[int]:
    """The pools of connections that as many requests would use, each in a context and a thread of its own."""
    found: list[RedisCache] = []
    for _ in range(times):
        thread = threading.Thread(target=contextvars.copy_context().run, args=[lambda: found.append(shared_cache())])
        thread.start()
        thread.join()
    assert len({id(each) for each in found}) == times  # Django makes a cache for each
    return {id(each._cache.get_client().connection_pool) for each in found}


def test_requests_share_the_connections_to_redis() -> None:
    assert len(clients_of(5)) == 1


def test_many_requests_one_after_the_other_need_one_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    pool = shared_cache()._cache.get_client().connection_pool
    pool.disconnect()
    connects: list[int] = []
    connect = redis.Connection.connect
    monkeypatch.setattr(redis.Connection, "connect", lambda self: (self._sock or connects.append(1), connect(self)))
    for n in range(20):
        thread = threading.Thread(target=contextvars.copy_context().run, args=[lambda n=n: cache.set(f"a{n}", n)])
        thread.start()
        thread.join()
    assert connects == [1]


def test_a_count_says_where_this_and_the_one_before_stand() -> None:
    counter = shared_cache()
    assert counter.count("now", "before", lasts_s=30) == (1, 0)
    assert counter.count("now", "before", lasts_s=30) == (2, 0)
    assert counter.count("before", "earlier", lasts_s=30) == (1, 0)
    assert counter.count("now", "before", lasts_s=30) == (3, 1)


def test_a_count_is_forgotten_as_long_after_its_first() -> None:
    counter = shared_cache()
    client = counter._cache.get_client()
    counter.count("now", "before", lasts_s=30)
    client.expire(counter.make_key("now"), 7)
    counter.count("now", "before", lasts_s=30)
    assert 0 < client.ttl(counter.make_key("now")) <= 7


def test_the_script_is_sent_again_to_a_redis_that_forgot_it() -> None:
    counter = shared_cache()
    counter.count("now", "before", lasts_s=30)
    counter._cache.get_client().script_flush()
    assert counter.count("now", "before", lasts_s=30) == (2, 0)


def test_another_server_has_another_client(settings: Any) -> None:
    here = shared_cache()._cache.get_client()
    settings.CACHES = {"default": {**settings.CACHES["default"], "LOCATION": "redis://127.0.0.1:1/0"}}
    assert shared_cache()._cache.get_client() is not here

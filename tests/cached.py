"""Emptying the cache, which holds the limits on guessing."""

from django.conf import settings
from django.core.cache import cache


def clear_cache() -> None:
    """Remove this test process's keys. ``cache.clear()`` empties the whole Redis, and the processes beside this one share it."""
    client = cache._cache.get_client()  # type: ignore[attr-defined] - the redis client of Django's own backend
    keys = list(client.scan_iter(match=f"{settings.CACHES['default']['KEY_PREFIX']}:*", count=1_000))
    if keys:
        client.delete(*keys)

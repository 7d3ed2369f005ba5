"""A read that is cancelled in its last moment gives its connection back: else four of them leave a process without any."""

import asyncio

import pytest
from django.conf import settings

from apps.asyncreads.pool import PooledReader

pytestmark = pytest.mark.asyncio


async def test_a_read_cancelled_while_its_connection_goes_back_loses_none(db: None) -> None:
    reader = PooledReader(settings.DATABASES["default"], "cancelled", connections_max=1, wait_s=5.0)
    await reader.open()
    try:
        await reader._pool.wait()
        lock = reader._pool._lock
        for _ in range(3):
            reading = asyncio.create_task(reader._read("SELECT pg_sleep(0.05)", ()))
            async with asyncio.timeout(20):
                while reader._pool.get_stats().get("pool_available", 0):
                    await asyncio.sleep(0.005)
                async with lock:  # as somebody who is being given a connection holds it
                    while not lock._waiters:
                        await asyncio.sleep(0.005)
                    reading.cancel()
                    await asyncio.wait({reading})
            assert reading.cancelled()
        assert await reader._rows("SELECT 1", ()) == [(1,)]
        assert reader._pool.get_stats()["pool_size"] == 1
    finally:
        await reader.aclose()

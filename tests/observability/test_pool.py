"""Under ASGI every request has a thread of its own, and without a pool a connection of its own."""

import asyncio
import os
import socket
import subprocess
import sys
import urllib.request
import uuid
from collections.abc import Iterator

import psycopg
import pytest
from django.db import connection

from tests.waiting import wait_until

REQUESTS = 200
POOL_MAX = 6


@pytest.fixture
def server(db: None) -> Iterator[tuple[int, str]]:
    """A Daphne of the product on the test's database; its port and its name in pg_stat_activity."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    name = f"pool-{uuid.uuid4().hex[:8]}"
    database = connection.settings_dict
    password = f":{database['PASSWORD']}" if database["PASSWORD"] else ""
    environment = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "tests.observability.pool_settings",
        "DATABASE_URL": f"postgres://{database['USER']}{password}@{database['HOST']}:{database['PORT']}/{database['NAME']}",
        "DATABASE_POOL_MAX": str(POOL_MAX),
        "DATABASE_POOL_TIMEOUT_S": "20",
        "PROCESS_NAME": name,
        "PYTHONPATH": os.pathsep.join(sys.path),
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "daphne", "-b", "127.0.0.1", "-p", str(port), "tredye.asgi:application"],
        env=environment,
        stdout=subprocess.DEVNULL,
    )
    try:
        wait_until(lambda: process.poll() is not None or _answers(port), 30, "the server")
        yield port, name
    finally:
        process.terminate()
        process.wait(60)


def _answers(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/hold", timeout=5) as response:
            return bool(response.status == 200)
    except OSError:
        return False


async def _get(port: int) -> tuple[int, bytes]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET /hold HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    await writer.drain()
    answer = await reader.read()
    writer.close()
    head, _, body = answer.partition(b"\r\n\r\n")
    return int(head.split()[1]), body


async def _storm(port: int, name: str) -> tuple[list[tuple[int, bytes]], int]:
    """All requests at once; returns their answers and the most connections seen at any time."""
    params = {**connection.get_connection_params(), "autocommit": True, "application_name": "watch"}
    params.pop("cursor_factory")
    most = 0
    async with await psycopg.AsyncConnection.connect(**params) as watch:
        storm = asyncio.gather(*[_get(port) for _ in range(REQUESTS)])
        while not storm.done():
            counted = await watch.execute("SELECT count(*) FROM pg_stat_activity WHERE application_name = %s", [name])
            row = await counted.fetchone()
            most = max(most, row[0] if row else 0)
            await asyncio.sleep(0.005)
        return await storm, most


@pytest.mark.processes
def test_two_hundred_requests_at_once_need_no_more_than_the_pool(server: tuple[int, str]) -> None:
    port, name = server
    answers, most = asyncio.run(asyncio.wait_for(_storm(port, name), 60))
    assert {status for status, _ in answers} == {200}
    assert len({body for _, body in answers}) <= POOL_MAX  # backends that served them
    assert 1 < most <= POOL_MAX  # more than one: they did run at the same time

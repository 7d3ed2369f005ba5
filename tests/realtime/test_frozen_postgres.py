"""A Postgres that takes questions and never answers: reads end within seconds, and go on when it wakes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import psycopg
import pytest
from django.conf import settings

from apps.asyncreads import pool
from apps.realtime.account_line import AccountLine
from apps.realtime.reader import Reader, ReaderUnavailableError
from tests.realtime.test_recover import page

pytestmark = pytest.mark.asyncio


class Freezer:
    """Stands between the pool and Postgres: while frozen it takes everything and passes nothing on, in either direction."""

    def __init__(self, database: dict[str, Any]) -> None:
        self._database = database
        self._thawed = asyncio.Event()
        self._thawed.set()
        self._pumps: set[asyncio.Task[None]] = set()

    def freeze(self) -> None:
        self._thawed.clear()

    def thaw(self) -> None:
        self._thawed.set()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        host, port = self._database["HOST"], int(self._database["PORT"] or 5432)
        where = {"path": f"{host}/.s.PGSQL.{port}"} if host.startswith("/") else {"host": host, "port": port}
        connect = asyncio.open_unix_connection if host.startswith("/") else asyncio.open_connection
        behind_reader, behind_writer = await connect(**where)  # type: ignore[operator]
        for source, target in ((reader, behind_writer), (behind_reader, writer)):
            pump = asyncio.create_task(self._pump(source, target))
            self._pumps.add(pump)
            pump.add_done_callback(self._pumps.discard)

    async def _pump(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        try:
            while data := await source.read(65_536):
                await self._thawed.wait()
                target.write(data)
                await target.drain()
        except ConnectionError:
            pass  # the other end is gone, and so is this one
        finally:
            target.close()


@asynccontextmanager
async def frozen_reader(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[tuple[Freezer, Reader]]:
    monkeypatch.setattr(pool, "ANSWER_S", 0.5)
    freezer = Freezer(settings.DATABASES["default"])
    server = await asyncio.start_server(freezer.serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    reader = Reader(settings.DATABASES["default"] | {"HOST": "127.0.0.1", "PORT": port})
    await reader.open()
    try:
        yield freezer, reader
    finally:
        freezer.thaw()
        await reader.aclose()
        server.close()


async def test_reads_end_within_seconds_and_go_on_when_the_server_wakes(
    database: psycopg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with frozen_reader(monkeypatch) as (freezer, reader), asyncio.timeout(60):
        assert await reader.account_heads([-1]) == {-1: 0}
        freezer.freeze()
        asked = [reader.account_heads([-1]) for _ in range(6)]  # more than there are connections
        answers = await asyncio.gather(*asked, return_exceptions=True)
        assert {type(answer) for answer in answers} == {ReaderUnavailableError}
        socket = await page(7)
        assert await AccountLine(asyncio.get_running_loop(), reader).recover(socket) is False
        freezer.thaw()
        while True:
            try:
                assert await reader.account_heads([-1]) == {-1: 0}
                break
            except ReaderUnavailableError:
                await asyncio.sleep(0.05)
        while reader._reading:
            await asyncio.sleep(0.05)

"""Sockets of a user are counted over all processes, and by each alone while Redis is away."""

import asyncio
import contextlib
import secrets
from collections import Counter
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from django.conf import settings

from apps.realtime import limits
from apps.realtime.presence import Presence

pytestmark = pytest.mark.asyncio


class Server:
    """A process with its own count of sockets."""

    def __init__(self, prefix: str, url: str = "") -> None:
        self.sockets: Counter[int] = Counter()
        self.presence = Presence(url or settings.REDIS_URL, prefix, lambda user_id: self.sockets[user_id])
        self.keeping = asyncio.create_task(self.presence.keep())

    async def enter(self, user_id: int, allowed: int = 3) -> bool:
        self.sockets[user_id] += 1
        if await self.presence.admits(user_id, allowed):
            return True
        self.leave(user_id)
        return False

    def leave(self, user_id: int) -> None:
        self.sockets[user_id] -= 1
        self.presence.left(user_id)

    async def end(self) -> None:
        self.keeping.cancel()
        await asyncio.wait({self.keeping})
        await self.presence.close()


@pytest.fixture
def prefix(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(limits, "PRESENCE_EVERY", 0.02)
    return f"{settings.REDIS_PREFIX}:{secrets.token_hex(4)}"


@pytest_asyncio.fixture
async def pair(prefix: str) -> AsyncIterator[tuple[Server, Server]]:
    servers = (Server(prefix), Server(prefix))
    for server in servers:
        await until(lambda server=server: alive(server), "it says that it lives")
    yield servers
    for server in servers:
        await server.end()


async def alive(server: Server) -> bool:
    presence = server.presence
    return bool(await presence._redis.exists(f"{presence._living}{presence._here}"))


async def until(condition: object, what: str) -> None:
    async with asyncio.timeout(30):
        while not await condition():  # type: ignore[operator]
            await asyncio.sleep(0.01)


async def test_a_user_s_sockets_are_counted_over_all_processes(pair: tuple[Server, Server]) -> None:
    here, there = pair
    assert [await here.enter(1), await there.enter(1), await here.enter(1)] == [True, True, True]
    assert not await there.enter(1) and not await here.enter(1)
    assert await there.enter(2), "another user's are another user's"
    here.leave(1)
    await until(lambda: there.enter(1), "the one that left made room")


async def test_a_process_that_died_holds_nobody_out(pair: tuple[Server, Server], monkeypatch: pytest.MonkeyPatch) -> None:
    here, there = pair
    for _ in range(3):
        assert await here.enter(1)
    assert not await there.enter(1)
    here.keeping.cancel()
    await asyncio.wait({here.keeping})
    await here.presence._redis.pexpire(f"{here.presence._living}{here.presence._here}", 1)
    await until(lambda: there.enter(1), "its number counts no more")


async def test_it_ends_though_the_client_of_redis_swallows_the_word(prefix: str, monkeypatch: pytest.MonkeyPatch) -> None:
    presence = Presence(settings.REDIS_URL, prefix, lambda user_id: 0)
    asked = asyncio.Event()

    async def swallow() -> None:
        asked.set()
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.Event().wait()

    monkeypatch.setattr(presence, "_tell", swallow)
    keeping = asyncio.create_task(presence.keep())
    await asked.wait()
    keeping.cancel()
    await asyncio.wait({keeping}, timeout=30)
    assert keeping.cancelled()
    await presence.close()


async def test_a_redis_that_does_not_answer_does_not_end_it(prefix: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its client gives an answer up by canceling the task, and takes that back."""
    monkeypatch.setattr(limits, "PRESENCE_PAUSE", 0.02)
    failures: list[Exception] = []
    monkeypatch.setattr("apps.realtime.presence.note_failure", failures.append)

    async def be_silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    silent = await asyncio.start_server(be_silent, "127.0.0.1", 0)
    server = Server(prefix, f"redis://127.0.0.1:{silent.sockets[0].getsockname()[1]}/0")

    async def failed_again() -> bool:
        return len(failures) >= 3

    await until(failed_again, "it is given up three times")
    assert not server.keeping.done()
    await server.end()
    silent.close()


async def test_one_that_ends_says_so(pair: tuple[Server, Server]) -> None:
    here, there = pair
    for _ in range(3):
        assert await here.enter(1)
    await here.end()
    assert await there.enter(1)


async def test_without_redis_each_process_counts_alone_and_tells_later(prefix: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "PRESENCE_PAUSE", 0.02)
    away = Server(prefix, "redis://127.0.0.1:1/0")
    assert [await away.enter(1) for _ in range(5)] == [True] * 5
    there = Server(prefix)
    away.presence._redis = there.presence._redis
    await until(lambda: alive(away), "Redis is there again")

    async def is_told() -> bool:
        return await there.presence._redis.hget(f"{prefix}:sockets:1", away.presence._here) == b"5"

    await until(is_told, "what was not told before is told")
    assert not await there.enter(1)
    await away.end()
    await there.end()

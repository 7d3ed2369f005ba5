"""The line to the channel layer comes back: after its connections are cut, and after it fell silent without an error."""

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import redis
from channels.layers import channel_layers
from django.conf import settings

from apps.realtime.layer_line import LayerLine, LineDownError
from tests.realtime.conftest import Market, Process, Server, open_browser


class Ear:
    def __init__(self) -> None:
        self.heard: list[Any] = []
        self.ups = 0
        self.line = LayerLine(asyncio.get_running_loop(), ("test.line",), self._take, self._up)

    def _take(self, message: Mapping[str, Any]) -> None:
        self.heard.append(message["n"])

    def _up(self) -> None:
        self.ups += 1

    async def hears(self, number: int) -> bool:
        """Send until it is heard, for at most thirty seconds: what is sent while the line is down is lost."""
        async with asyncio.timeout(30):
            while number not in self.heard:
                try:
                    await self.line.send("test.line", {"type": "x", "n": number})
                except LineDownError:
                    pass
                await asyncio.sleep(0.02)
        return True


@pytest.mark.asyncio
async def test_a_line_that_fell_silent_without_an_error_is_built_anew() -> None:
    ear = Ear()
    running = asyncio.create_task(ear.line.run())
    assert await ear.hears(1)
    # As after a restart of the layer that nobody reported: the connection stands, the subscription is gone.
    await ear.line._ear._connection.send_command("UNSUBSCRIBE")
    assert await ear.hears(2)
    assert ear.ups == 2
    running.cancel()


@pytest.mark.asyncio
async def test_a_line_waits_for_a_redis_that_is_away(monkeypatch: pytest.MonkeyPatch) -> None:
    there = settings.CHANNEL_LAYERS["default"]["CONFIG"]
    away = {"hosts": [{"address": "redis://127.0.0.1:1/0"}]}
    monkeypatch.setitem(channel_layers.configs["default"], "CONFIG", away)
    ear = Ear()
    running = asyncio.create_task(ear.line.run())
    await asyncio.sleep(0.3)
    with pytest.raises(LineDownError):
        await ear.line.send("test.line", {"type": "x", "n": 1})
    monkeypatch.setitem(channel_layers.configs["default"], "CONFIG", there)
    assert await ear.hears(2)
    running.cancel()


def redis_connections_of(pid: int) -> list[str]:
    """The local addresses of the process's TCP sockets, as Redis lists them."""
    inodes = set()
    for link in Path(f"/proc/{pid}/fd").iterdir():
        try:
            target = str(link.readlink())
        except FileNotFoundError:
            continue
        if target.startswith("socket:["):
            inodes.add(target[8:-1])
    rows = [row.split() for row in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    return [f"127.0.0.1:{int(row[1].split(':')[1], 16)}" for row in rows if row[9] in inodes]


@pytest.mark.processes
@pytest.mark.asyncio
async def test_sockets_live_on_when_all_connections_to_redis_are_cut(uvicorn: Server, consumer: Process, market: Market) -> None:
    client = redis.Redis.from_url(settings.REDIS_URL)
    async with open_browser(uvicorn.url) as browser:
        await browser.hello()
        await browser.say(op="watch", symbols=["CUT"])
        for process in (uvicorn, consumer):
            listed = {entry["addr"] for entry in client.client_list()}
            mine = [address for address in redis_connections_of(process.pid) if address in listed]
            assert mine
            for address in mine:
                client.client_kill_filter(addr=address, skipme=True)
        sequence = market.quote("CUT")  # one tick only: a lost one has to be asked for, not waited for
        market.flush()
        await browser.first("q", lambda message: any(part[2] == sequence for part in message["d"]))

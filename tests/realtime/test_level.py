"""Sockets that are written to past the server: level with each other, apart when they fall behind, silent after a close frame.

Real TCP connections; the server behind ``send`` is as uvicorn is seen from here: a protocol with a transport.
"""

import asyncio
import json
import socket as sockets
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from websockets.client import ClientProtocol
from websockets.exceptions import ConnectionClosed
from websockets.frames import Frame
from websockets.protocol import State
from websockets.server import ServerProtocol
from websockets.uri import parse_uri

from apps.realtime.hub import Hub
from apps.realtime.socket import Socket, new_socket
from tests.realtime.test_hub import tick, until

pytestmark = pytest.mark.asyncio


class Server(asyncio.Protocol):
    """What the hub sees of uvicorn: a bound ``send``, and the transport behind it."""

    def __init__(self) -> None:
        self.by_asgi: list[str] = []
        self.connection = ServerProtocol(state=State.OPEN)
        self._writable = asyncio.Event()
        self._writable.set()

    def connection_made(self, transport: Any) -> None:
        self.transport = transport

    def pause_writing(self) -> None:
        self._writable.clear()

    def resume_writing(self) -> None:
        self._writable.set()

    async def send(self, message: dict[str, Any]) -> None:
        await self._writable.wait()
        if message["type"] == "websocket.close":
            self.connection.send_close(message["code"], message["reason"])
        else:
            self.by_asgi.append(message["text"])
            self.connection.send_text(message["text"].encode())
        self.transport.write(b"".join(self.connection.data_to_send()))


class Client:
    def __init__(self, connection: sockets.socket) -> None:
        self._connection = connection
        self._parser = ClientProtocol(parse_uri("ws://localhost/"), state=State.OPEN, max_size=None)
        self._messages: list[dict[str, Any]] = []

    def read(self) -> list[dict[str, Any]]:
        """All text messages until now. Bytes that are no frames, and anything after a close frame, raise."""
        while True:
            try:
                data = self._connection.recv(1 << 16)
            except BlockingIOError:
                break
            if not data:
                break
            if self._parser.close_rcvd is not None:
                raise ConnectionClosed(self._parser.close_rcvd, None)
            self._parser.receive_data(data)
            assert self._parser.parser_exc is None
        frames = [event for event in self._parser.events_received() if isinstance(event, Frame)]
        self._messages += [json.loads(frame.data) for frame in frames if frame.opcode == 1]
        return self._messages

    def values(self) -> list[int]:
        return [part[1] for message in self.read() if message["t"] == "q" for part in message["d"]]

    @property
    def close_code(self) -> int | None:
        self.read()
        return self._parser.close_rcvd and self._parser.close_rcvd.code


@asynccontextmanager
async def joined(hub: Hub, count: int) -> AsyncIterator[list[tuple[Socket, Client, Server]]]:
    loop = asyncio.get_running_loop()
    servers: list[Server] = []

    def make() -> Server:
        servers.append(Server())
        return servers[-1]

    listening = await loop.create_server(make, "127.0.0.1", 0)
    found = []
    connections = []
    for number in range(count):
        connection = sockets.create_connection(listening.sockets[0].getsockname())
        connection.setblocking(False)
        connections.append(connection)
        await until(lambda number=number: len(servers) > number and hasattr(servers[number], "transport"))
        socket = new_socket(servers[number].send, loop, "127.0.0.1", hub.take_slot(), hub.drained)
        hub.join(socket)
        assert hub.identify(socket, per_user=8)
        hub.watch(socket, frozenset({"A", "B"}), frozenset())
        found.append((socket, Client(connection), servers[number]))
    try:
        yield found
    finally:
        for connection in connections:
            connection.close()
        for server in servers:
            server.transport.abort()
        listening.close()


def level(socket: Socket) -> bool:
    return socket.watch is not None and socket in socket.watch.level.values()


async def ticked(hub: Hub, value: int, of: Callable[[], list[int]], **more: Any) -> None:
    hub.ingest(tick("A", value, **more))
    await until(lambda: value in of())


async def test_they_get_the_same_bytes_without_the_servers_send() -> None:
    hub = Hub(asyncio.get_running_loop())
    async with joined(hub, 3) as all_of_them:
        for value in range(1, 6):
            await ticked(hub, value, all_of_them[0][1].values)
        assert all(level(socket) for socket, _, _ in all_of_them)
        for _, client, server in all_of_them:
            await until(lambda client=client: client.values() == [1, 2, 3, 4, 5])
            assert server.by_asgi == []


async def test_who_does_not_read_steps_out_delays_nobody_and_is_level_again_with_the_newest() -> None:
    hub = Hub(asyncio.get_running_loop())
    async with joined(hub, 2) as ((slow, stalled, _), (quick, reading, _)):
        value = 0
        filler = "x" * 50_000
        async with asyncio.timeout(30):
            while not slow.outlet.busy():  # until the kernel's buffers are full
                value += 1
                await ticked(hub, value, reading.values, q={"A": json.dumps(["A", value, filler])})
        for _ in range(20):
            value += 1
            await ticked(hub, value, reading.values)
        assert not level(slow) and level(quick)
        assert slow.outlet.stalled_for() > 0 and quick.outlet.stalled_for() == 0
        await until(lambda: value in stalled.values())
        seen = stalled.values()
        assert seen == sorted(set(seen)), "nothing twice, nothing old after new"
        assert len(seen) < value, "what it missed was merged"
        await ticked(hub, value + 1, stalled.values)
        await ticked(hub, value + 2, stalled.values)
        assert level(slow)


async def test_nothing_follows_the_close_frame() -> None:
    hub = Hub(asyncio.get_running_loop())
    async with joined(hub, 2) as ((ending, told, server), (_, reading, _)):
        await ticked(hub, 1, reading.values)
        ending.close(4001, "logged out")
        assert not level(ending)
        for value in range(2, 6):
            await ticked(hub, value, reading.values)
        hub.say(ending, '{"t":"err"}')
        await until(lambda: told.close_code)
        assert told.close_code == 4001 and told.values() == [1]
        await asyncio.wait_for(ending.closing or asyncio.sleep(0), 5)
        assert told.values() == [1] and server.by_asgi == []


async def test_a_connection_that_the_server_is_closing_is_left_alone() -> None:
    hub = Hub(asyncio.get_running_loop())
    async with joined(hub, 2) as ((gone, left, server), (_, reading, _)):
        await ticked(hub, 1, left.values)
        await ticked(hub, 2, left.values)
        assert level(gone)
        server.transport.close()
        await ticked(hub, 3, reading.values)
        assert left.values() == [1, 2]
        hub.leave(gone)
        await ticked(hub, 4, reading.values)


async def test_control_messages_keep_their_order_among_prices() -> None:
    hub = Hub(asyncio.get_running_loop())
    async with joined(hub, 1) as ((socket, client, _),):
        for number in range(30):
            hub.ingest(tick("A", number))
            hub.say(socket, json.dumps({"t": "err", "n": number}))
            await asyncio.sleep(0)
        await until(lambda: 29 in client.values())
        assert [message["n"] for message in client.read() if message["t"] == "err"] == list(range(30))
        assert client.values() == sorted(client.values())


async def test_another_watch_set_begins_with_its_snapshot_and_leaves_the_old_one() -> None:
    hub = Hub(asyncio.get_running_loop())
    async with joined(hub, 2) as ((moving, moved, _), (_, stays, _)):
        await ticked(hub, 1, stays.values)
        await ticked(hub, 2, moved.values)
        hub.watch(moving, frozenset({"C"}), frozenset())
        hub.ingest(tick("C", 100))
        await ticked(hub, 3, stays.values)
        await until(lambda: 100 in moved.values())
        assert moved.values() == [1, 2, 100]

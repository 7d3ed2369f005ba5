"""The hub alone, on a real loop, with sends that the test holds back."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest

from apps.realtime import limits
from apps.realtime.hub import Hub
from apps.realtime.shards import shard_of
from apps.realtime.socket import Socket, new_socket

pytestmark = pytest.mark.asyncio


class Wire:
    """What a server does with ``send``: takes it, unless the test has stopped it."""

    def __init__(self) -> None:
        self.sent: list[dict[str, Any]] = []
        self.close_code: int | None = None
        self.open = asyncio.Event()
        self.open.set()

    async def send(self, message: dict[str, Any]) -> None:
        await self.open.wait()
        if message["type"] == "websocket.close":
            self.close_code = message["code"]
        else:
            self.sent.append(json.loads(message["text"]))

    def quotes(self) -> list[Any]:
        return [part for message in self.sent if message["t"] == "q" for part in message["d"]]


def make(hub: Hub, *symbols: str) -> tuple[Socket, Wire]:
    wire = Wire()
    socket = new_socket(wire.send, asyncio.get_running_loop(), "127.0.0.1", hub.take_slot(), hub.drained)
    hub.join(socket)
    assert hub.identify(socket, per_user=8)
    hub.watch(socket, frozenset(symbols), frozenset())
    return socket, wire


def tick(symbol: str, value: int, **more: Any) -> dict[str, Any]:
    message = {"shard": shard_of(symbol), "boot": "x", "n": 1, "full": False, "age_ms": 0, "p": {}, "d": {}, "b": []}
    return message | {"q": {symbol: json.dumps([symbol, value])}} | more


async def until(condition: Callable[[], Any]) -> None:
    async with asyncio.timeout(3):
        while not condition():
            await asyncio.sleep(0.001)


async def test_ingest_never_sends_and_what_was_waiting_leaves_together() -> None:
    hub = Hub(asyncio.get_running_loop())
    _, wire = make(hub, "A", "B")
    wire.sent.clear()
    for number in range(100):
        hub.ingest(tick("A", number))
    hub.ingest(tick("B", 1))
    assert wire.sent == []
    await until(lambda: wire.sent)
    assert len(wire.sent) == 1 and sorted(wire.quotes()) == [["A", 99], ["B", 1]]


async def test_a_tick_that_finds_the_hub_idle_leaves_at_once() -> None:
    loop = asyncio.get_running_loop()
    hub = Hub(loop)
    _, wire = make(hub, "A")
    delays = []
    for number in range(50):
        await asyncio.sleep(0.005)
        started, seen = loop.time(), len(wire.sent)
        hub.ingest(tick("A", number))
        await asyncio.sleep(0)
        assert len(wire.sent) == seen + 1, "the flush is the next thing the loop does"
        delays.append(loop.time() - started)
    assert sorted(delays)[25] < 0.002


async def test_a_socket_gets_only_what_it_watches() -> None:
    hub = Hub(asyncio.get_running_loop())
    _, one = make(hub, "A")
    _, other = make(hub, "B")
    hub.ingest(tick("A", 1))
    await until(one.quotes)
    assert other.quotes() == []


async def test_a_stalled_socket_delays_nobody_and_gets_the_newest_when_it_is_back() -> None:
    hub = Hub(asyncio.get_running_loop())
    socket, slow = make(hub, "A")
    _, quick = make(hub, "A")
    slow.open.clear()
    for number in range(50):
        hub.ingest(tick("A", number))
        await until(lambda number=number: ["A", number] in quick.quotes())
    assert slow.quotes() == []
    slow.open.set()
    await until(lambda: ["A", 49] in slow.quotes())
    # One frame was on its way when it stalled; all the others are one.
    assert slow.quotes() == [["A", 0], ["A", 49]]
    assert not socket.outlet.busy()


async def test_a_new_watch_set_replaces_the_old_one_with_its_snapshot() -> None:
    hub = Hub(asyncio.get_running_loop())
    hub.ingest(tick("B", 7))
    socket, wire = make(hub, "A")
    hub.watch(socket, frozenset({"B"}), frozenset())
    assert wire.quotes() == [["B", 7]]
    hub.ingest(tick("A", 1))
    hub.ingest(tick("B", 8))
    await until(lambda: ["B", 8] in wire.quotes())
    assert ["A", 1] not in wire.quotes()


async def test_too_many_control_messages_for_a_stalled_socket_close_it() -> None:
    hub = Hub(asyncio.get_running_loop())
    socket, wire = make(hub, "A")
    wire.open.clear()
    for _ in range(limits.CONTROL_FRAMES_MAX + 2):
        hub.say(socket, '{"t":"err"}')
    assert socket.closing is not None
    wire.open.set()
    await until(lambda: wire.close_code)
    assert wire.close_code == 4008


async def test_heartbeats_without_answer_close_and_answered_ones_do_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "HEARTBEAT_EVERY", 0.1)
    monkeypatch.setattr(limits, "ACK_WITHIN", 0.5)
    hub = Hub(asyncio.get_running_loop())
    silent, silent_wire = make(hub, "A")
    lively, lively_wire = make(hub, "A")
    beating = asyncio.create_task(hub.beat())
    async with asyncio.timeout(5):
        while silent_wire.close_code is None:
            await asyncio.sleep(0.02)
            hub.acknowledge(lively, lively.heartbeats)
    beating.cancel()
    assert silent_wire.close_code == 4008
    assert silent.heartbeats == 5
    assert lively_wire.close_code is None and lively.heartbeats >= 5


async def test_an_answer_to_a_heartbeat_that_was_never_sent_is_refused() -> None:
    hub = Hub(asyncio.get_running_loop())
    socket, _ = make(hub, "A")
    assert not hub.acknowledge(socket, 1)


async def test_room_is_counted_by_address_and_given_back() -> None:
    hub = Hub(asyncio.get_running_loop())
    first, _ = make(hub, "A")
    make(hub, "A")
    assert not hub.has_room("127.0.0.1", per_ip=2, in_all=100)
    assert hub.has_room("127.0.0.2", per_ip=2, in_all=100)
    assert not hub.has_room("127.0.0.2", per_ip=2, in_all=2)
    hub.leave(first)
    hub.leave(first)
    assert hub.has_room("127.0.0.1", per_ip=2, in_all=100)
    assert hub._by_ip["127.0.0.1"] == 1


async def test_nothing_is_kept_of_sockets_that_left() -> None:
    hub = Hub(asyncio.get_running_loop())
    for number in range(50):
        socket, _ = make(hub, f"S{number}", "A")
        hub.leave(socket)
    assert not hub.sockets and not hub._watch_sets and not hub._watchers and not hub._by_ip and not hub._late
    assert not any(hub._slots)


async def test_goodbye_tells_and_closes_every_socket() -> None:
    hub = Hub(asyncio.get_running_loop())
    _, wire = make(hub, "A")
    hub.say_bye()
    await until(lambda: wire.close_code)
    assert wire.sent[-1] == {"t": "bye", "retry_ms": 3000}
    assert wire.close_code == 1012
    assert not hub.has_room("127.0.0.2", per_ip=2, in_all=100)

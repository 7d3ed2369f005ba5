"""The hub alone, on a real loop, with sends that the test holds back."""

import asyncio
import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from prometheus_client import REGISTRY

from apps.realtime import limits
from apps.realtime.hub import Hub
from apps.realtime.newest import empty_parts
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

    def parts(self, kind: str) -> list[Any]:
        return [part for message in self.sent if message["t"] == kind for part in message["d"]]

    def quotes(self) -> list[Any]:
        return self.parts("q")


def make(hub: Hub, *symbols: str, depth: str = "") -> tuple[Socket, Wire]:
    wire = Wire()
    socket = new_socket(wire.send, asyncio.get_running_loop(), "127.0.0.1", hub.take_slot(), hub.drained)
    hub.join(socket)
    assert hub.identify(socket, per_user=8)
    hub.watch(socket, frozenset(symbols), frozenset({depth} if depth else ()))
    return socket, wire


def tick(symbol: str, value: int, **more: Any) -> dict[str, Any]:
    message = {"shard": shard_of(symbol), "boot": "x", "n": 1, "full": False, "age_ms": 0, "at_ns": 0}
    return message | empty_parts() | {"q": {symbol: json.dumps([symbol, value])}} | more


def printed(symbol: str, number: int) -> str:
    return json.dumps([symbol, 1, number, number, "1", "1", "BUY", "FEED"])


async def until(condition: Callable[[], Any]) -> None:
    async with asyncio.timeout(30):
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


async def test_a_state_goes_to_who_watches_when_it_is_another_one_and_with_the_snapshot() -> None:
    hub = Hub(asyncio.get_running_loop())
    (_, near), (_, far) = make(hub, "A"), make(hub, "B")
    hub.put_states({"A": '["A","OPEN","1"]', "C": '["C","OPEN","1"]'})
    await until(lambda: len(near.sent) > 1)
    near.sent.clear()
    far.sent.clear()
    hub.put_states({"A": '["A","OPEN","1"]', "C": '["C","OPEN","1"]'})
    hub.put_states({"A": '["A","HALTED","2"]', "C": '["C","OPEN","1"]'})
    await until(lambda: near.sent)
    halted = {"t": "s", "d": [["A", "HALTED", "2"]]}
    assert near.sent == [halted] and far.sent == []
    _, late = make(hub, "A")
    await until(lambda: late.sent)
    assert halted in late.sent


async def test_a_tick_that_finds_the_hub_idle_leaves_at_once() -> None:
    hub = Hub(asyncio.get_running_loop())
    _, wire = make(hub, "A")
    for number in range(20):
        await asyncio.sleep(limits.WINDOW_MAX + 0.001)  # longer than any flush before keeps it waiting
        seen = len(wire.sent)
        hub.ingest(tick("A", number))
        await asyncio.sleep(0)
        assert len(wire.sent) == seen + 1, "the flush is the next thing the loop does"


async def test_a_socket_that_is_a_day_old_is_told_to_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "HEARTBEAT_EVERY", 3600.0)  # each heartbeat counts as an hour, none of them is late
    monkeypatch.setattr(limits, "ACK_WITHIN", 1e9)
    hub = Hub(asyncio.get_running_loop())
    socket, wire = make(hub, "A")
    for _ in range(22):
        assert socket.closing is None
        hub._heartbeat(socket, 0, True)
    while socket.closing is None and socket.heartbeats < 30:
        hub._heartbeat(socket, 0, True)
    assert 22 <= socket.heartbeats <= 26
    await until(lambda: wire.close_code)
    assert wire.close_code == 1012


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


async def test_what_was_said_arrives_before_the_close_and_nothing_that_came_later_does() -> None:
    hub = Hub(asyncio.get_running_loop())
    socket, wire = make(hub, "A")
    wire.open.clear()
    hub.say(socket, '{"t":"err","code":"in flight"}')
    hub.say(socket, '{"t":"err","code":"waits"}')
    socket.close(1008, "too many bad messages")
    await asyncio.sleep(0)
    hub.say(socket, '{"t":"err","code":"late"}')
    wire.open.set()
    await until(lambda: wire.close_code)
    assert wire.sent[-1] == {"t": "err", "code": "waits"}


def book(sequence: int, base: int | None = None) -> dict[str, Any]:
    """The shard message of a book of A, with a delta from ``base``."""
    delta = ("", "") if base is None else (f"1:{base}", json.dumps(["A", 1, base, sequence]))
    return tick("A", sequence, d={"A": [f"1:{sequence}", json.dumps(["A", 1, sequence]), *delta]})


def counted(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(f"tredye_realtime_{name}", labels) or 0.0


async def test_what_nobody_will_see_is_counted_where_somebody_watches() -> None:
    hub = Hub(asyncio.get_running_loop())
    _, wire = make(hub, "A")
    conflated, dropped = counted("conflated_total", where="hub"), counted("dropped_total", what="print")
    for number in range(limits.PRINTS_KEPT + 5):
        hub.ingest(tick("A", number, p={"A": [printed("A", number)], "Z": [printed("Z", number)]}))
        hub.ingest(tick("Z", number))
    await until(lambda: len(wire.parts("p")) >= limits.PRINTS_KEPT)
    assert counted("conflated_total", where="hub") - conflated == limits.PRINTS_KEPT + 4
    assert counted("dropped_total", what="print") - dropped == 5


async def test_the_hops_to_the_hub_and_to_the_sockets_are_measured() -> None:
    hub = Hub(asyncio.get_running_loop())
    _, wire = make(hub, "A")
    before = [counted("hop_seconds_count", hop=hop) for hop in ("consumer_hub", "hub_socket")]
    hub.ingest(tick("A", 1, at_ns=time.time_ns() - 30_000_000))
    await until(wire.quotes)
    hub.ingest(tick("Z", 1))
    await until(lambda: hub._waiting_since is None)
    after = [counted("hop_seconds_count", hop=hop) for hop in ("consumer_hub", "hub_socket")]
    assert [now - then for now, then in zip(after, before, strict=True)] == [1, 1]
    assert counted("hop_seconds_sum", hop="consumer_hub") >= 0.03


async def test_a_book_asked_for_anew_comes_whole_at_once_also_to_a_socket_that_was_busy() -> None:
    hub = Hub(asyncio.get_running_loop())
    socket, wire = make(hub, "A", depth="A")
    hub.ingest(book(1))
    await until(lambda: ["A", 1, 1] in wire.parts("d"))
    hub.ingest(book(2, base=1))
    await until(lambda: ["A", 1, 1, 2] in wire.parts("dd"))
    hub.resync(socket, frozenset({"A", "B"}), "checksum")
    assert wire.sent[-1] == {"t": "d", "d": [["A", 1, 2]]}
    hub.ingest(book(3, base=2))
    await until(lambda: ["A", 1, 2, 3] in wire.parts("dd"))
    wire.open.clear()
    hub.ingest(tick("A", 9))
    await until(socket.outlet.busy)
    hub.resync(socket, frozenset({"A"}), "gap")
    assert ["A", 1, 3] not in wire.parts("d")
    wire.open.set()
    await until(lambda: ["A", 1, 3] in wire.parts("d"))


async def test_what_is_not_watched_cannot_be_asked_for() -> None:
    hub = Hub(asyncio.get_running_loop())
    hub.ingest(book(1))
    socket, wire = make(hub, "A")
    hub.resync(socket, frozenset({"A"}), "gap")
    assert wire.parts("d") == [] and not socket.anew


async def test_a_heartbeat_tells_how_long_the_answered_one_took(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "HEARTBEAT_EVERY", 0.1)
    hub = Hub(asyncio.get_running_loop())
    socket, wire = make(hub, "A")
    beating = asyncio.create_task(hub.beat())
    await until(lambda: socket.heartbeats >= 2)
    assert hub.acknowledge(socket, 2) and hub.acknowledge(socket, 1), "an old answer changes nothing"
    await until(lambda: "rtt" in wire.sent[-1])
    beating.cancel()
    beats = [message for message in wire.sent if message["t"] == "h"]
    assert ["rtt" in message for message in beats[:2]] == [False, False]
    assert 0 <= beats[-1]["rtt"] < 3000
    assert len(socket._beats) == socket.heartbeats - 2


async def test_heartbeats_without_answer_close_and_answered_ones_do_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "HEARTBEAT_EVERY", 0.1)
    monkeypatch.setattr(limits, "ACK_WITHIN", 0.5)
    hub = Hub(asyncio.get_running_loop())
    silent, silent_wire = make(hub, "A")
    lively, lively_wire = make(hub, "A")
    beating = asyncio.create_task(hub.beat())
    async with asyncio.timeout(30):
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


async def test_goodbye_is_told_also_to_a_socket_that_has_not_taken_the_last_batch() -> None:
    hub = Hub(asyncio.get_running_loop())
    socket, wire = make(hub, "A")
    wire.open.clear()
    hub.ingest(tick("A", 1))
    await until(socket.outlet.busy)
    hub.say_bye()
    wire.open.set()
    await until(lambda: wire.close_code)
    assert wire.sent[-1] == {"t": "bye", "retry_ms": 3000}

"""The socket loop, step by step, on the test's connection: batches, bounds, quotes, and who may connect."""

import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest

from apps.commands import framing
from apps.commands.client import EngineClient
from apps.commands.quotelink import QuoteLink
from apps.commands.types import SubmitOrder
from apps.engine import connections as connections_module
from apps.engine import server as server_module
from apps.engine.models import Journal
from apps.engine.server import Server
from apps.engine.watchdog import Watchdog
from apps.eventlog.schemas.marketdata import QuoteTick, QuoteTicks
from apps.observability import metrics
from apps.orders.models import Order
from tests.engine.world import SYMBOL, World


@pytest.fixture
def server(world: World, tmp_path: Path) -> Iterator[Server]:
    made = Server(world.session, f"unix://{tmp_path}/engine.sock", "", world.epoch, world.clock, Watchdog())
    yield made
    made._stopping = True
    made.run()


class Caller:
    """One connection whose other end the test itself steps."""

    def __init__(self, server: Server, path: Path) -> None:
        self.server = server
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(5)
        self.socket.connect(str(path / "engine.sock"))
        self.reader = framing.FrameReader(framing.ENGINE_LIMITS)
        self.socket.sendall(framing.hello_frame(""))
        step_until(server, lambda: bool(self.frames()))

    def frames(self) -> list[tuple[int, bytes]]:
        self.socket.setblocking(False)
        try:
            return list(self.reader.feed(self.socket.recv(1 << 20)))
        except BlockingIOError:
            return []

    def send(self, *orders: SubmitOrder) -> None:
        self.socket.setblocking(True)
        self.socket.sendall(b"".join(framing.frame(framing.COMMAND, msgspec.msgpack.encode(order)) for order in orders))

    def answers(self, count: int) -> list[dict[str, object]]:
        found: list[dict[str, object]] = []

        def enough() -> bool:
            found.extend(msgspec.msgpack.decode(body) for _, body in self.frames())
            return len(found) >= count

        step_until(self.server, enough)
        return found


def step_until(server: Server, condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline
        server.step(0.01)


def test_what_came_together_is_one_commit(world: World, server: Server, tmp_path: Path) -> None:
    callers = [Caller(server, tmp_path) for _ in range(3)]
    before = Journal.objects.count()
    for caller in callers:
        caller.send(*(world.order(world.bob, "BUY", "0.01", "90.00") for _ in range(4)))
    assert [len(caller.answers(4)) for caller in callers] == [4, 4, 4]
    assert Journal.objects.count() == before + 1


def test_a_backlog_that_is_full_says_come_back(
    world: World, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_module, "BACKLOG_MAX", 5)
    caller = Caller(server, tmp_path)
    orders = [world.order(world.bob, "BUY", "0.01", "90.00") for _ in range(8)]
    caller.send(*orders)
    answers = caller.answers(8)
    assert sorted(str(answer["type"]) for answer in answers) == ["ORDER"] * 5 + ["RETRY"] * 3
    assert {answer["reason"] for answer in answers if answer["type"] == "RETRY"} == {"TOO_FAST"}
    assert Order.objects.count() == 5
    caller.send(*orders)
    assert len({answer["order_id"] for answer in caller.answers(8) if answer["type"] == "ORDER"}) == 5


def test_a_reader_that_does_not_read_is_cut_off(
    world: World, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections_module, "WRITE_BYTES_MAX", 20_000)
    healthy, slow = Caller(server, tmp_path), Caller(server, tmp_path)
    garbage = framing.frame(framing.COMMAND, b"\xc1") * 400
    slow.socket.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)

    def flood_until_cut() -> bool:
        slow.socket.setblocking(False)
        try:
            slow.socket.send(garbage)
        except BlockingIOError:
            return False
        except (BrokenPipeError, ConnectionResetError):
            return True
        return False

    step_until(server, flood_until_cut)
    healthy.send(world.order(world.bob, "BUY", "0.01", "90.00"))
    assert healthy.answers(1)[0]["status"] == "ACCEPTED"


def test_connections_beyond_the_bound_are_closed(
    world: World, server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_module, "CONNECTIONS_MAX", 2)
    kept = [Caller(server, tmp_path) for _ in range(2)]
    extra = socket.socket(socket.AF_UNIX)
    extra.connect(str(tmp_path / "engine.sock"))
    server.step(0.1)
    assert extra.recv(10) == b""
    kept[0].send(world.order(world.bob, "BUY", "0.01", "90.00"))
    assert kept[0].answers(1)[0]["status"] == "ACCEPTED"


def quotes(world: World, *ticks: tuple[str, int, str, str], age_ns: int = 0) -> bytes:
    at_ns = world.clock.now_ns() - age_ns
    made = [QuoteTick(symbol, sequence, at_ns, bid, ask, "2", "2") for symbol, sequence, bid, ask in ticks]
    return msgspec.json.encode(QuoteTicks(source="test", epoch=world.epoch, ticks=made))


def test_a_quote_from_a_feed_fills_what_it_moves_through(world: World, server: Server, tmp_path: Path) -> None:
    resting = world.submit(world.bob, "BUY", "0.5", "100.00")
    link = QuoteLink(f"unix://{tmp_path}/engine.sock")
    link.send(quotes(world, (SYMBOL, 50, "97.00", "98.00"), ("NOPE", 1, "1", "2")))
    step_until(server, lambda: Order.objects.get(pk=resting.order_id).status == "FILLED")
    link.close()
    assert world.violations() == []
    assert world.replay() == []


@pytest.mark.parametrize(
    "tick",
    [
        (SYMBOL, 60, "98.00", "98.00"),
        (SYMBOL, 60, "99.00", "98.00"),
        (SYMBOL, 60, "0", "98.00"),
        (SYMBOL, 60, "97.001", "98.00"),
        (SYMBOL, 60, "999999999999.80", "999999999999.90"),  # the last step of the house's ladder could not be stored
        (SYMBOL, 60, "1e2", "98.00"),
        (SYMBOL, 60, "NaN", "98.00"),
        (SYMBOL, 1, "97.00", "98.00"),
    ],
    ids=["locked", "crossed", "zero", "off the grid", "beyond what is stored", "an exponent", "NaN", "older than the last"],
)
def test_a_quote_that_is_none_is_dropped(world: World, server: Server, tmp_path: Path, tick: tuple[str, int, str, str]) -> None:
    caller = Caller(server, tmp_path)
    caller.socket.sendall(framing.frame(framing.QUOTES, quotes(world, tick)))
    caller.send(world.order(world.bob, "BUY", "0.1", None))
    fill = caller.answers(1)[0]["fills"][0]  # type: ignore[index]
    assert fill["price"] == "101"  # the ask of the world's own quote: the house did not move


@pytest.mark.parametrize(("age_ns", "price"), [(3_000_000_000, "98"), (3_000_000_001, "101")])
def test_a_quote_that_was_held_up_is_no_price_of_now(
    world: World, server: Server, tmp_path: Path, age_ns: int, price: str
) -> None:
    """After a stall the socket holds quotes of before it: the engine reads them now, but they are not of now."""
    caller = Caller(server, tmp_path)
    dropped = metrics.ENGINE_QUOTES_DROPPED._value.get()
    caller.socket.sendall(framing.frame(framing.QUOTES, quotes(world, (SYMBOL, 60, "97.00", "98.00"), age_ns=age_ns)))
    caller.send(world.order(world.bob, "BUY", "0.1", None))
    assert caller.answers(1)[0]["fills"][0]["price"] == price  # type: ignore[index]
    assert metrics.ENGINE_QUOTES_DROPPED._value.get() == dropped + (price == "101")


def test_a_tcp_engine_needs_a_token(world: World) -> None:
    with pytest.raises(framing.AddressError):
        Server(world.session, "tcp://127.0.0.1:0", "", world.epoch, world.clock, Watchdog())
    with pytest.raises(framing.AddressError):
        EngineClient("tcp://127.0.0.1:9")
    with pytest.raises(framing.AddressError):
        framing.parse_url("http://127.0.0.1:9")


def test_a_link_without_an_engine_drops_and_counts(tmp_path: Path) -> None:
    link = QuoteLink(f"unix://{tmp_path}/nobody.sock")
    assert [link.send(b"{}") for _ in range(3)] == [False, False, False]
    assert link.dropped == 3

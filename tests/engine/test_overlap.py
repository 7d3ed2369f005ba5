"""A batch is decided while the one before it is being written: what it may know, and when its answers may leave."""

from pathlib import Path

import msgspec
import pytest

from apps.commands.types import AnyCommand
from apps.engine import server as server_module
from apps.engine.models import Journal
from apps.engine.repeats import decode_answer
from apps.engine.server import Server
from apps.engine.session import Session
from apps.engine.settlement import STALE_EPOCH, SettlementError
from apps.engine.steps import Request
from apps.engine.store import Store
from apps.engine.watchdog import Watchdog
from apps.orders.models import Order
from tests.ddl import change_tables
from tests.engine.test_server import Caller
from tests.engine.world import World

SLOW_WRITES = """
CREATE FUNCTION write_slowly() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(0.1); RETURN NULL; END $$;
CREATE TRIGGER slow AFTER INSERT ON engine_journal FOR EACH STATEMENT EXECUTE FUNCTION write_slowly();
"""


def start(world: World, *commands: AnyCommand) -> None:
    world.clock.advance_ns(1_000_001)
    requests = [Request(command, msgspec.msgpack.encode(command)) for command in commands]
    world.session.start(requests, world.clock.now_ns())


def finish(world: World) -> list[object]:
    return [decode_answer(answer) for answer in world.session.finish()]


def test_two_batches_under_way_are_written_and_answered_in_their_order(world: World) -> None:
    before = Journal.objects.count()
    start(world, world.order(world.alice, "SELL", "0.2", "100.00"))
    start(world, world.order(world.bob, "BUY", "0.1", "100.00"))
    [sold], [bought] = finish(world), finish(world)
    assert (sold.status, sold.filled_quantity) == ("ACCEPTED", "0")  # type: ignore[attr-defined]
    assert (bought.status, bought.filled_quantity) == ("FILLED", "0.1")  # type: ignore[attr-defined]
    assert Journal.objects.count() == before + 2
    assert world.violations() == []
    assert world.replay() == []


def test_a_repeat_of_what_is_being_written_is_answered_when_that_is_durable(world: World) -> None:
    order = world.order(world.bob, "BUY", "0.1", "90.00")
    start(world, order)
    start(world, order)
    first, again = finish(world), finish(world)
    assert first == again
    assert Order.objects.filter(client_order_id=order.command_id).count() == 1


def test_an_order_that_ends_in_the_batch_being_written_is_known_to_the_next(world: World) -> None:
    resting = world.submit(world.alice, "SELL", "0.1", "100.00")
    start(world, world.order(world.bob, "BUY", "0.1", "100.00"))
    start(world, world.cancel_command(world.alice, resting.order_id))
    [bought], [canceled] = finish(world), finish(world)
    assert bought.status == "FILLED"  # type: ignore[attr-defined]
    assert (canceled.status, canceled.reason) == ("FILLED", "ORDER_NOT_OPEN")  # type: ignore[attr-defined]
    assert world.violations() == []


def test_with_a_connection_apart_nothing_is_waited_for_to_look_things_up(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the other connection cannot see yet, of the batch that is being written, is in memory: here it sees nothing at all."""
    resting = [world.submit(world.alice, "SELL", "0.1", price) for price in ("100.00", "100.50")]
    asked: list[tuple[str, bool]] = []

    class Blind(Store):
        def records(self, keys):
            asked.append(("records", world.session._settlement._under_way))
            return {}

        def orders_by_id(self, order_ids):
            asked.append((f"orders {order_ids}", world.session._settlement._under_way))
            return {}

    monkeypatch.setattr(world.session, "_store", Blind(world.raw))
    monkeypatch.setattr(world.session, "_apart", True)
    commands = [world.cancel_command(world.alice, order.order_id) for order in resting]
    start(world, commands[0])
    late = world.cancel_command(world.alice, resting[0].order_id)
    start(world, commands[1], commands[0], late)
    [first], (second, again, too_late) = finish(world), finish(world)
    assert asked == [("records", False), ("records", True)]
    assert first == again
    assert second.status == "CANCELED"  # type: ignore[attr-defined]
    assert (too_late.status, too_late.reason) == ("CANCELED", "ORDER_NOT_OPEN")  # type: ignore[attr-defined]
    assert world.replay() == []


def test_the_batch_after_a_refused_one_is_never_sent(world: World) -> None:
    before = Journal.objects.count()
    world.raw.execute("SAVEPOINT fenced")
    world.raw.execute("UPDATE engine_lease SET epoch = epoch + 1")
    start(world, world.order(world.bob, "BUY", "0.1", "90.00"))
    with pytest.raises(SettlementError) as raised:
        start(world, world.order(world.bob, "BUY", "0.1", "91.00"))
    assert raised.value.sqlstate == STALE_EPOCH
    world.raw.execute("ROLLBACK TO SAVEPOINT fenced")
    assert Journal.objects.count() == before


def test_a_batch_with_nothing_to_write_waits_for_what_it_answers_from(world: World) -> None:
    start(world, world.order(world.bob, "BUY", "0.1", "90.00"))
    start(world, world.order(world.bob, "BUY", "0.1", "nothing"))
    assert world.session._settlement._under_way is False
    assert [type(answer).__name__ for answer in finish(world) + finish(world)] == ["OrderAnswer", "RefusedAnswer"]


def test_under_load_the_server_decides_ahead_and_answers_everybody(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_module, "BATCH_MAX", 4)
    monkeypatch.setattr(server_module, "OVERLAP_MIN", 2)
    # A batch that is written before anybody looks is answered, and there is nothing to overlap.
    change_tables(world.raw, SLOW_WRITES)
    depth: list[int] = []
    decide = Session.start

    def watched(session: Session, *arguments: object) -> None:
        depth.append(len(session._under_way))
        decide(session, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(Session, "start", watched)
    server = Server(world.session, f"unix://{tmp_path}/engine.sock", "", world.epoch, world.clock, Watchdog())
    callers = [Caller(server, tmp_path) for _ in range(3)]
    sent = [[world.order(world.bob, "BUY", "0.01", f"9{k}.00") for k in range(5)] for _ in callers]
    for caller, orders in zip(callers, sent, strict=True):
        caller.send(*orders)
    for caller, orders in zip(callers, sent, strict=True):
        assert [answer["command_id"] for answer in caller.answers(5)] == [order.command_id for order in orders]
    server._stopping = True
    server.run()
    assert max(depth) == 1
    assert Order.objects.count() == 15
    assert world.violations() == []
    assert world.replay() == []


def test_a_server_that_is_stopped_answers_what_it_decided_ahead(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(server_module, "BATCH_MAX", 2)
    monkeypatch.setattr(server_module, "OVERLAP_MIN", 1)
    server = Server(world.session, f"unix://{tmp_path}/engine.sock", "", world.epoch, world.clock, Watchdog())
    is_writing = Session.is_writing  # never done before the backlog is empty, however fast it was
    monkeypatch.setattr(Session, "is_writing", lambda session: bool(server._backlog) or is_writing(session))
    caller = Caller(server, tmp_path)
    caller.send(*(world.order(world.bob, "BUY", "0.01", "90.00") for _ in range(5)))
    while not server._under_way:
        server.step(1)
    server._stopping = True
    server.run()
    caller.socket.setblocking(True)
    received = bytearray()
    while part := caller.socket.recv(1 << 16):
        received += part
    assert len(list(caller.reader.feed(bytes(received)))) == 5
    assert Order.objects.count() == 5

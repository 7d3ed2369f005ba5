"""Races at the engine's door, in pairs: with the guard taken away each happens, so a test would see it; with it, none does.

A guard is taken away here, by a patch of the test's own; no switch for it exists in the product.
"""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from apps.core.enums import Side
from apps.engine.matching import risk
from apps.engine.matching.money import hold_per_lot
from apps.engine.server import Server
from apps.engine.session import Session
from apps.engine.settlement import STALE_EPOCH, SettlementError
from apps.engine.watchdog import Watchdog
from apps.orders.models import Order
from tests.ddl import change_tables
from tests.engine.test_server import Caller
from tests.engine.world import World
from tests.faults.figures import note

UNIQUE_VIOLATION, CHECK_VIOLATION = "23505", "23514"
CALLERS = 8

with_and_without = pytest.mark.parametrize("guarded", [False, True], ids=["guard off", "guard on"])


@pytest.fixture
def connect(world: World, tmp_path: Path) -> Iterator[Callable[[int], list[Caller]]]:
    server = Server(world.session, f"unix://{tmp_path}/engine.sock", "", world.epoch, world.clock, Watchdog())
    callers: list[Caller] = []

    def make(count: int) -> list[Caller]:
        callers.extend(Caller(server, tmp_path) for _ in range(count))
        return callers

    yield make
    for caller in callers:
        caller.socket.close()
    server._stopping = True
    server.run()


def without_the_fence(world: World) -> None:
    """The settlement no longer asks whose epoch it is."""
    for name in ("engine_settle_chained", "engine_settle_one_chained"):
        [[text]] = world.raw.execute("SELECT pg_get_functiondef(oid) FROM pg_proc WHERE proname = %s", [name]).fetchall()
        assert text.count("AND epoch = p_epoch FOR UPDATE") == 1
        world.raw.execute(text.replace("AND epoch = p_epoch FOR UPDATE", "FOR UPDATE"))


@pytest.mark.fault("F13")
@with_and_without
def test_two_engines_write_at_once(world: World, guarded: bool) -> None:
    """The former engine, frozen in the middle of its work, wakes when another has taken over."""
    if not guarded:
        without_the_fence(world)
    former, epoch = world.session, world.epoch
    world.restart()
    world.quote("99.00", "101.00")
    mine = world.order(world.alice, "BUY", "1", "100.00", command_id="former")
    if guarded:
        world.raw.execute("SAVEPOINT wakes")
        with pytest.raises(SettlementError) as caught:
            former.process([mine], world.clock.now_ns())
        assert caught.value.sqlstate == STALE_EPOCH
        world.raw.execute("ROLLBACK TO wakes")
        assert world.submit(world.bob, "BUY", "1", "100.00").status == "ACCEPTED"
        assert not Order.objects.filter(client_order_id="former").exists()
        assert world.violations() == []
        return
    [answer] = former.process([mine], world.clock.now_ns())
    assert answer.status == "ACCEPTED"  # type: ignore[union-attr]
    [[written]] = world.raw.execute("SELECT max(epoch) FROM engine_journal").fetchall()
    assert written == epoch < world.epoch  # a row of an epoch that was over
    note("control", "the fence off: the former engine's order is in the books, and the present one can write no more")
    with pytest.raises(SettlementError):  # and the engine that is the engine can write nothing more
        world.submit(world.bob, "BUY", "1", "100.00")


@pytest.mark.fault("F24")
@with_and_without
def test_one_intention_becomes_many_orders(
    world: World, connect: Callable[[int], list[Caller]], monkeypatch: pytest.MonkeyPatch, guarded: bool
) -> None:
    """The same request over eight connections at once, as a browser with three tabs and a retrying proxy would send it."""
    if not guarded:
        monkeypatch.setattr(Session, "_repeated_order", lambda *_: None)
        change_tables(world.raw, "ALTER TABLE orders_order DROP CONSTRAINT order_client_order_id_once")
    callers = connect(CALLERS)
    order = world.order(world.bob, "BUY", "0.01", "90.00", command_id="once")
    for caller in callers:
        caller.send(order)
    answers = [caller.answers(1)[0] for caller in callers]
    assert Order.objects.filter(client_order_id="once").count() == (1 if guarded else CALLERS)
    assert len({str(answer) for answer in answers}) == (1 if guarded else CALLERS)
    assert any(violation.startswith("I13") for violation in world.violations()) != guarded


def test_the_database_alone_refuses_a_second_order_of_one_intention(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The second guard, with the first one off."""
    monkeypatch.setattr(Session, "_repeated_order", lambda *_: None)
    order = world.order(world.bob, "BUY", "0.01", "90.00", command_id="once")
    with pytest.raises(SettlementError) as caught:
        world.batch(order, order)
    assert caught.value.sqlstate == UNIQUE_VIOLATION


def blind_to_money(patch: pytest.MonkeyPatch) -> None:
    """Every order is judged as if it were the only one: the money that others of the same moment have taken is not looked at."""
    right = risk._check_means

    def means(memory: Any, request: Any, limit_ticks: int, *rest: Any) -> Any:
        verdict = right(memory, request, limit_ticks, *rest)
        if verdict.reason != "INSUFFICIENT_FUNDS":
            return verdict
        hold = request.lots * hold_per_lot(request.instrument, Side(request.side), limit_ticks)
        return risk.Verdict(None, limit_ticks, hold)

    patch.setattr(risk, "_check_means", means)


def spend(world: World, callers: list[Caller]) -> list[dict[str, object]]:
    """A hundred orders for a tenth of the money each, spread over the connections and sent before anything is read."""
    quantity = "110"  # with the fee a little less than a tenth of 100,000
    for caller in callers:
        caller.send(*(world.order(world.alice, "BUY", quantity, "90.00") for _ in range(100 // len(callers))))
    return [answer for caller in callers for answer in caller.answers(100 // len(callers))]


def test_money_for_ten_orders_buys_ten_of_a_hundred(world: World, connect: Callable[[int], list[Caller]]) -> None:
    answers = spend(world, connect(10))
    assert sum(answer["status"] == "ACCEPTED" for answer in answers) == 10
    assert {answer["reason"] for answer in answers if answer["status"] == "DENIED"} == {"INSUFFICIENT_FUNDS"}
    assert world.violations() == []


def test_without_the_check_the_database_refuses_to_spend_money_twice(
    world: World, connect: Callable[[int], list[Caller]], monkeypatch: pytest.MonkeyPatch
) -> None:
    blind_to_money(monkeypatch)
    with pytest.raises(SettlementError) as caught:
        spend(world, connect(10))
    assert caught.value.sqlstate == CHECK_VIOLATION


def test_without_both_the_same_money_is_spent_ten_times(
    world: World, connect: Callable[[int], list[Caller]], monkeypatch: pytest.MonkeyPatch
) -> None:
    blind_to_money(monkeypatch)
    world.raw.execute("SET CONSTRAINTS ALL IMMEDIATE")
    change_tables(world.raw, "ALTER TABLE ledger_ledgeraccount DROP CONSTRAINT ledger_account_available_not_negative")
    answers = spend(world, connect(10))
    assert {answer["status"] for answer in answers} == {"ACCEPTED"}
    assert any(violation.startswith("I3") for violation in world.violations())

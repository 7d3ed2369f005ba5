"""What happens by time, settled: stored, gone on with by the next engine in the middle of it, and replayed to the same."""

from datetime import UTC, datetime
from itertools import pairwise
from typing import Any

import msgspec
import pytest

from apps.accounts.models import Account
from apps.commands.types import (
    Actor,
    HaltInstrument,
    KillVenue,
    PauseInstrument,
    RestoreVenue,
    ResumeInstrument,
    Session,
    SetDeadMansSwitch,
    SetSessions,
    SetTradingState,
    SuspendAccount,
)
from apps.core.enums import Role, TimeInForce, TradingState
from apps.engine.journal import decode_inputs
from apps.engine.matching import clock
from apps.engine.models import CommandRecord, Journal, Lease
from apps.instruments.models import Instrument, TradingSession
from apps.orders.models import AccountEvent, Order, OrderTerms
from tests.engine.world import SYMBOL, SYSTEM, World, configure

SECOND = 1_000_000_000
HOUR = 3600 * SECOND


@pytest.fixture(params=[False, True], ids=["one engine", "restarted in between"])
def between(request: pytest.FixtureRequest) -> Any:
    """What happens between two steps of a test: nothing, or the end of the engine and a new one on what it left."""
    return lambda world: world.restart() if request.param else None


def ask(world: World, kind: type[Any], **fields: Any) -> Any:
    if "reason" in kind.__struct_fields__:
        fields = {"reason": "as agreed"} | fields
    return world.do(kind(command_id=world.new_id(), actor=fields.pop("actor", SYSTEM), **fields))


def wait(world: World, seconds: int) -> None:
    world.clock.advance_ns(seconds * SECOND)
    world.batch()


def sessions(world: World, *hours: tuple[int, int, int], around_the_clock: bool = False) -> Any:
    now_ns = world.clock.now_ns() // 1000 * 1000
    asked = [Session(*(now_ns + hour * HOUR for hour in each)) for each in hours]
    return ask(world, SetSessions, symbol=SYMBOL, sessions=asked, around_the_clock=around_the_clock)


def rest(world: World, count: int) -> list[int]:
    commands = [world.order((world.alice, world.bob)[i % 2], "BUY", "0.001", f"9{i % 9}.00") for i in range(count)]
    return [answer.order_id for answer in world.batch(*commands)]


def all_is_well(world: World) -> None:
    assert world.violations() == []
    assert world.replay() == []
    world.session.venue.check_invariants()


def instrument() -> Instrument:
    return Instrument.objects.get(symbol=SYMBOL)


def test_a_gtd_order_expires_also_in_the_next_engine(world: World, between: Any) -> None:
    at_ns = world.clock.now_ns() + 60 * SECOND + 123
    order = world.submit(world.alice, "BUY", "1", "99.00", time_in_force=TimeInForce.GTD, expires_at_ns=at_ns)
    stored = OrderTerms.objects.get(order_id=order.order_id).expires_at
    assert int(stored.timestamp()) == at_ns // SECOND and stored.microsecond == at_ns % SECOND // 1000
    between(world)
    wait(world, 30)
    assert Order.objects.get(pk=order.order_id).status == "ACCEPTED"
    between(world)
    wait(world, 31)
    row = Order.objects.get(pk=order.order_id)
    assert (row.status, row.reason, row.held) == ("EXPIRED", "EXPIRED_AT_ITS_TIME", 0)
    event = AccountEvent.objects.filter(order_id=order.order_id).order_by("-id")[0]
    assert (event.type, event.data["reason"], event.data["released"]) == ("ORDER_EXPIRED", row.reason, order.held)
    assert event.data["causation_id"] == ""
    all_is_well(world)


def test_a_batch_in_which_nothing_is_due_writes_nothing(world: World) -> None:
    at_ns = world.clock.now_ns() + 60 * SECOND
    world.submit(world.alice, "BUY", "1", "99.00", time_in_force=TimeInForce.GTD, expires_at_ns=at_ns)
    before = Journal.objects.count()
    wait(world, 30)
    assert Journal.objects.count() == before


def test_day_orders_end_with_the_session_a_share_a_batch(world: World, between: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "ENDINGS_MAX", 3)
    sessions(world, (-1, -1, 1), (1, 1, 25), around_the_clock=True)
    day = [world.submit(world.alice, "BUY", "0.001", "99.00", time_in_force=TimeInForce.DAY).order_id for _ in range(7)]
    stays = world.submit(world.alice, "BUY", "0.001", "98.00").order_id
    between(world)
    wait(world, 3600)
    for left in (4, 1, 0):
        assert Order.objects.filter(pk__in=day, status="ACCEPTED").count() == left
        assert TradingSession.objects.count() == (2 if left else 1)
        between(world)
        wait(world, 0)
    assert set(Order.objects.filter(pk__in=day).values_list("status", "reason")) == {("EXPIRED", "EXPIRED_WITH_THE_SESSION")}
    assert Order.objects.get(pk=stays).status == "ACCEPTED"
    assert instrument().trading_state == "OPEN"
    all_is_well(world)


def test_the_sessions_are_stored_and_move_the_instrument(world: World, between: Any) -> None:
    sessions(world, (1, 2, 10), (25, 26, 34))
    rows = TradingSession.objects.order_by("closes_at").values_list("pre_open_at", "opens_at", "closes_at")
    assert [[(after - before).total_seconds() / 3600 for before, after in pairwise(row)] for row in rows] == [
        [1.0, 8.0],
        [1.0, 8.0],
    ]
    seen = [instrument().trading_state]
    for seconds in (3600, 3600, 8 * 3600, 15 * 3600):
        between(world)
        wait(world, seconds)
        seen.append(instrument().trading_state)
    assert seen == ["CLOSED", "PRE_OPEN", "OPEN", "CLOSED", "PRE_OPEN"]
    assert not instrument().around_the_clock
    all_is_well(world)


def test_what_staff_decided_within_a_session_is_not_undone_by_a_restart(world: World, between: Any) -> None:
    sessions(world, (-2, -1, 10))
    ask(world, SetTradingState, symbol=SYMBOL, state=TradingState.CLOSED, reason="fire in the hall")
    between(world)
    wait(world, 60)
    assert (instrument().trading_state, instrument().state_reason) == ("CLOSED", "fire in the hall")
    all_is_well(world)


def test_a_pause_ends_also_in_the_next_engine(world: World, between: Any) -> None:
    ask(world, PauseInstrument, symbol=SYMBOL, seconds=60)
    row = instrument()
    assert row.trading_state == "HALTED" and row.paused_until is not None
    between(world)
    wait(world, 59)
    assert instrument().trading_state == "HALTED"
    between(world)
    wait(world, 1)
    assert (instrument().trading_state, instrument().paused_until) == ("OPEN", None)
    all_is_well(world)


def test_the_dead_mans_switch_fires_also_in_the_next_engine_and_leaves_no_record(world: World, between: Any) -> None:
    who = Actor(world.alice.user_id, Role.CUSTOMER)
    order = world.submit(world.alice, "BUY", "1", "99.00")
    records = CommandRecord.objects.count()
    for _ in range(3):
        ask(world, SetDeadMansSwitch, actor=who, account_id=world.alice.pk, seconds=10)
        between(world)
        wait(world, 5)
    assert CommandRecord.objects.count() == records
    assert Account.objects.get(pk=world.alice.pk).dead_man_at is not None
    assert Order.objects.get(pk=order.order_id).status == "ACCEPTED"
    wait(world, 5)
    assert Order.objects.get(pk=order.order_id).reason == "CANCELED_BY_DEAD_MANS_SWITCH"
    assert Account.objects.get(pk=world.alice.pk).dead_man_at is None
    event = AccountEvent.objects.filter(account=world.alice).order_by("-id")[0]
    assert (event.type, event.data["canceled"]) == ("DEAD_MANS_SWITCH_FIRED", 1)
    all_is_well(world)


def test_a_switch_without_an_open_order_is_there_for_the_next_engine_too(world: World) -> None:
    ask(world, SetDeadMansSwitch, account_id=world.alice.pk, seconds=10)
    world.restart()
    wait(world, 11)
    assert Account.objects.get(pk=world.alice.pk).dead_man_at is None
    all_is_well(world)


def test_sweep_of_another_version_is_replayed_as_it_was(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """How many orders a batch ends is in the journal: it may be another number tomorrow."""
    monkeypatch.setattr(clock, "ENDINGS_MAX", 4)
    rest(world, 10)
    ask(world, KillVenue, reason="a wrong price")
    wait(world, 0)
    monkeypatch.setattr(clock, "ENDINGS_MAX", 3)
    wait(world, 0)
    assert Order.objects.filter(status="ACCEPTED").count() == 3
    all_is_well(world)
    monkeypatch.setattr(clock, "ENDINGS_MAX", 100)
    assert world.replay() == []
    newest = Journal.objects.order_by("last_sequence").last()
    assert newest is not None and decode_inputs(bytes(newest.inputs)).endings_max == 3
    before_it_was_journaled = msgspec.msgpack.encode([[], [], []])
    assert decode_inputs(before_it_was_journaled).endings_max == 200


def test_the_venue_is_killed_and_swept_by_whichever_engine_is_there(
    world: World, between: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "ENDINGS_MAX", 4)
    orders = rest(world, 10)
    ask(world, KillVenue, reason="a wrong price")
    lease = Lease.objects.get()
    assert (lease.is_killed, lease.kill_reason) == (True, "a wrong price")
    for left in (10, 6, 2, 0):
        assert Order.objects.filter(pk__in=orders, status="ACCEPTED").count() == left
        between(world)
        wait(world, 0)
    assert set(Order.objects.filter(pk__in=orders).values_list("status", "reason")) == {("CANCELED", "CANCELED_BY_KILL_SWITCH")}
    between(world)
    world.quote("99.00", "101.00")
    assert world.submit(world.alice, "BUY", "1", "99.00").reason == "VENUE_KILLED"
    ask(world, RestoreVenue)
    between(world)
    world.quote("99.00", "101.00")
    assert world.submit(world.alice, "BUY", "1", "99.00").status == "ACCEPTED"
    assert not Lease.objects.get().is_killed
    all_is_well(world)


def test_an_instrument_is_swept_by_whichever_engine_is_there(world: World, between: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "ENDINGS_MAX", 4)
    world.do(configure("ETH-USD"))
    orders = rest(world, 10)
    ask(world, HaltInstrument, symbol=SYMBOL, cancel_orders=True)
    for left in (10, 6, 2):
        assert Order.objects.filter(pk__in=orders, status="ACCEPTED").count() == left
        assert instrument().is_sweeping
        between(world)
        wait(world, 0)
    assert not instrument().is_sweeping and not Order.objects.filter(status="ACCEPTED").exists()
    ask(world, ResumeInstrument, symbol=SYMBOL)
    assert instrument().trading_state == "OPEN"
    all_is_well(world)


def test_a_suspension_with_the_switch_is_one_batch(world: World) -> None:
    orders = rest(world, 6)
    before = Journal.objects.count()
    ask(world, SuspendAccount, account_id=world.alice.pk, cancel_orders=True)
    assert Journal.objects.count() == before + 1
    assert Order.objects.filter(pk__in=orders, status="CANCELED").count() == 3
    all_is_well(world)


def test_a_calendar_is_stored_with_its_instrument(world: World) -> None:
    assert instrument().calendar == "24x7"
    world.do(configure(command_id="configure-2", calendar="XNYS"))
    assert instrument().calendar == "XNYS"
    world.restart()
    assert world.session.venue.instruments_by_symbol[SYMBOL].calendar == "XNYS"
    world.do(configure("ETH-USD", calendar="XLON"))
    assert Instrument.objects.get(symbol="ETH-USD").calendar == "XLON"


@pytest.mark.parametrize("calendar", ["", "x" * 13, "a\x00b"])
def test_a_calendar_is_a_short_word(world: World, calendar: str) -> None:
    answer = world.do(configure(command_id="configure-2", calendar=calendar))
    assert (answer.reason, answer.field) == ("INVALID_FIELD", "calendar")


def test_everything_at_once_replays_to_the_same(world: World, between: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Expiries, a session's end, a switch, a pause and the kill switch, falling due together and shared out over batches."""
    monkeypatch.setattr(clock, "ENDINGS_MAX", 2)
    sessions(world, (-1, -1, 1), (2, 3, 25))
    at_ns = world.clock.now_ns() + 3599 * SECOND
    for account in (world.alice, world.bob):
        for tif, more in (("DAY", {}), ("GTD", {"expires_at_ns": at_ns}), ("GTC", {})):
            world.submit(account, "BUY", "0.001", "99.00", time_in_force=TimeInForce(tif), **more)
    ask(world, SetDeadMansSwitch, account_id=world.bob.pk, seconds=3600)
    world.clock.advance_ns(3590 * SECOND)
    ask(world, PauseInstrument, symbol=SYMBOL, seconds=5)
    wait(world, 9)
    for _ in range(6):
        between(world)
        wait(world, 1)
    assert Order.objects.filter(status="ACCEPTED").count() == 1
    ask(world, KillVenue)
    between(world)
    wait(world, 3600)
    assert not Order.objects.filter(status="ACCEPTED").exists()
    assert instrument().trading_state == "PRE_OPEN"
    assert datetime.fromtimestamp(world.clock.now_ns() // SECOND, UTC) > TradingSession.objects.get().pre_open_at
    all_is_well(world)

"""The journal alone leads to the same events, trades and balances again."""

import random
from typing import Any

import pytest
from django.core.management.base import CommandError
from django.db import connection

from apps.accounts.models import Account
from apps.commands.types import (
    AdjustBalance,
    AnyCommand,
    ForceCancelOrder,
    ReinstateAccount,
    SetAccountLimits,
    SetInstrumentLimits,
    SuspendAccount,
)
from apps.core.enums import TimeInForce
from apps.engine import replay as replay_module
from apps.engine.management.commands.replay_engine import Command
from apps.engine.recorded import Line, Rows, in_words_of_then, no_rows
from apps.engine.replay import Replay
from apps.orders.models import AccountEvent
from tests.engine.world import SYMBOL, SYSTEM, World, configure

OF_STAFF = {"FUNDS_ADJUSTED", "ACCOUNT_LIMITS_SET", "ACCOUNT_SUSPENDED", "ACCOUNT_REINSTATED", "ORDER_FORCE_CANCELED"}


def live(world: World, seed: int, steps: int) -> None:
    """Orders, cancels, quotes and restarts, as a seed would have it."""
    chance = random.Random(seed)
    open_orders: list[tuple[Account, int]] = []
    for _ in range(steps):
        commands = []
        for _ in range(chance.randint(1, 6)):
            account = chance.choice((world.alice, world.bob))
            price = None if chance.random() < 0.2 else f"{chance.randint(9700, 10300) / 100:.2f}"
            side = chance.choice(("BUY", "SELL"))
            commands.append(world.order(account, side, f"0.{chance.randint(1, 999):03d}", price))
        for command, answer in zip(commands, world.batch(*commands), strict=True):
            if answer.status in ("ACCEPTED", "PARTIALLY_FILLED"):
                account = world.alice if command.account_id == world.alice.pk else world.bob
                open_orders.append((account, answer.order_id))
        if open_orders and chance.random() < 0.3:
            world.cancel(*open_orders.pop(chance.randrange(len(open_orders))))
        if chance.random() < 0.5:
            mid = chance.randint(9800, 10200)
            crossed = world.quote(f"{(mid - 20) / 100:.2f}", f"{(mid + 20) / 100:.2f}", chance.randint(1, 900))
            if crossed is not None:
                world.clock.advance_ns(1000)
                world.session.process_raw([], world.clock.now_ns(), [crossed])
        if chance.random() < 0.1:
            world.clock.advance_ns(4_000_000_000)
        if chance.random() < 0.35:
            account, order_id = chance.choice(open_orders) if open_orders else (world.bob, 1)
            world.batch(*of_staff(world, chance, account, order_id))
        if chance.random() < 0.08:
            world.restart()
            if chance.random() < 0.5:
                world.quote("99.00", "101.00")


def of_staff(world: World, chance: random.Random, account: Account, order_id: int) -> list[AnyCommand]:
    """One command of staff, and half of the time all limits lifted and everybody reinstated."""
    asset, amount = chance.choice(("USD", "BTC")), f"{chance.choice(('', '-'))}0.{chance.randint(1, 99_999_999):08d}"
    who: dict[str, Any] = {"actor": SYSTEM, "reason": "as a seed would have it"}
    named = who | {"account_id": account.pk}
    commands: list[AnyCommand] = [
        AdjustBalance(command_id=world.new_id(), asset=asset, amount=amount, **named),
        SetAccountLimits(command_id=world.new_id(), max_open_orders=chance.randint(0, 9), max_order_notional="50", **named),
        ForceCancelOrder(command_id=world.new_id(), order_id=order_id, **named),
        SuspendAccount(command_id=world.new_id(), **named),
        SetInstrumentLimits(
            command_id=world.new_id(), symbol=SYMBOL, max_quantity=f"{chance.randint(1, 9)}", max_notional="10000",
            collar_bps=chance.randint(100, 1000), **who,
        ),
    ]  # fmt: skip
    asked = [chance.choice(commands)]
    for each in (world.alice, world.bob) if chance.random() < 0.5 else ():
        both = who | {"account_id": each.pk}
        asked.append(ReinstateAccount(command_id=world.new_id(), **both))
        asked.append(SetAccountLimits(command_id=world.new_id(), max_open_orders=None, max_order_notional=None, **both))
    return asked


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_replay_is_equal_to_what_was_lived(world: World, seed: int) -> None:
    live(world, seed, 60)
    replay = Replay(world.raw)
    assert replay.run() == []
    assert replay.trades > 20
    kinds = set(AccountEvent.objects.values_list("type", flat=True))
    assert len(kinds & OF_STAFF) >= 3
    assert world.violations() == []


BITES = {
    "trade": ("orders_trade", "price = price + 0.01", "id > 0"),
    "fill": ("orders_fill", "fee = fee + 0.01", "order_id IS NOT NULL"),
    "posting": ("ledger_posting", "balance_after = balance_after + 1", "leg = 0"),
    "event": ("orders_accountevent", "data = replace(data, 'BTC-USD', 'ETH-USD')", "type = 'ORDER_ACCEPTED'"),
    "ledger": ("ledger_ledgeraccount", "held = held + 0.01", "NOT may_be_negative AND total > held + 1"),
    "open": ("orders_order", "held = held + 1", "status = 'ACCEPTED'"),
}


@pytest.mark.parametrize("what", BITES)
def test_the_replay_bites(world: World, what: str) -> None:
    world.submit(world.bob, "BUY", "0.5", None)
    world.submit(world.alice, "BUY", "0.5", "98.00")
    assert world.replay() == []
    table, change, where = BITES[what]
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")  # no trigger, as a bug below them would have none
        cursor.execute(f"UPDATE {table} SET {change} WHERE {where}")
        assert cursor.rowcount
        cursor.execute("SET LOCAL session_replication_role = origin")
    differences = {difference.what.split()[0] for difference in world.replay()}
    assert what in differences
    assert differences <= {what, "total"}, "and nothing else is blamed"


def test_each_epoch_is_told_with_its_digests_and_may_be_compared_alone(world: World) -> None:
    told: dict[str, list[Line]] = {}
    live(world, 1, 20)
    first = world.epoch
    world.restart()
    world.quote("99.00", "101.00")
    live(world, 2, 20)
    whole = Replay(world.raw, report=lambda title, lines: told.update({title.split(":")[0]: lines}))
    assert whole.run() == []
    assert set(told) >= {f"epoch {first}", f"epoch {world.epoch}", "now"}
    assert all(line.stored == line.replayed for lines in told.values() for line in lines)
    assert [line.what for line in told["now"]] == ["balances", "open orders"]
    alone: dict[str, list[Line]] = {}
    part = Replay(world.raw, (first, first), report=lambda title, lines: alone.update({title.split(":")[0]: lines}))
    assert part.run() == []
    assert alone == {f"epoch {first}": told[f"epoch {first}"]}
    assert 0 < part.events < whole.events


def test_the_book_of_an_epoch_that_is_over_is_held_against_what_its_events_left(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Regression: the line told one digest twice."""
    world.submit(world.alice, "BUY", "0.5", "98.00")
    over = world.epoch
    world.restart()
    told: dict[str, list[Line]] = {}
    monkeypatch.setattr(replay_module, "told_book", lambda orders: {})  # a replay that lost its book
    differences = Replay(world.raw, report=lambda title, lines: told.update({title.split(":")[0]: lines})).run()
    assert any(str(each).startswith(f"open order at the end of epoch {over}") for each in differences)
    [line] = [line for line in told[f"epoch {over}"] if line.what == "open orders"]
    assert line.stored != line.replayed


def test_the_command_says_it_and_its_exit_code_too(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    """What it prints, of the test's own transaction."""
    world.submit(world.bob, "BUY", "0.5", None)
    command = Command()
    Replay(world.raw, report=command._print_epoch).run()
    said = capsys.readouterr().out
    assert "fills" in said and "equal" in said and "DIFFERENT" not in said
    command._print_epoch("now", [Line("balances", 1, "a", "b")])
    assert "stored a, replayed b: DIFFERENT" in capsys.readouterr().out
    for wrong in ("0", "3-", "x", "1-2-3"):
        with pytest.raises(CommandError):
            command.handle(epoch=wrong)


def test_a_configured_instrument_is_replayed(world: World) -> None:
    world.do(configure("ETH-USD"))
    world.do(configure("ETH-USD", command_id="again", collar_bps=500))
    assert world.replay() == []


def test_an_event_of_an_earlier_version_is_compared_in_the_words_of_then() -> None:
    now = {"version": 2, "type": "ORDER_ACCEPTED", "price": "9", "terms": None}
    stored: Rows = no_rows() | {"event": {1: {"version": 1, "type": "ORDER_ACCEPTED", "price": "9"}}}
    replayed: Rows = no_rows() | {"event": {1: dict(now), 2: dict(now)}}
    in_words_of_then(stored, replayed)
    assert replayed["event"] == {**stored["event"], 2: now}
    changed: Rows = no_rows() | {"event": {1: now | {"price": "8"}}}
    in_words_of_then(stored, changed)
    assert changed["event"] != stored["event"]


def test_a_ladder_that_only_a_denied_amendment_looked_at_is_not_of_another_step_than_the_replays(world: World) -> None:
    """Regression: what is denied is not journaled, but the ladder that it looked at stayed, with the step of before."""
    order = world.submit(world.alice, "BUY", "0.1", "95.00", post_only=True)
    world.quote("99.00", "101.00", 10)
    assert world.amend(world.alice, order.order_id, price="101.50").reason == "POST_ONLY_WOULD_TRADE"
    world.do(configure(command_id="other-step", ladder_step_ticks=50))
    world.submit(world.bob, "BUY", "0.015", "103.00", time_in_force=TimeInForce.IOC)
    assert world.replay() == []
    world.quote("99.00", "101.00", 10)
    bought = world.submit(world.bob, "BUY", "0.015", "103.00", time_in_force=TimeInForce.IOC)
    assert [fill.price for fill in bought.fills] == ["101", "101.5"]
    assert world.replay() == []
